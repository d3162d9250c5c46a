//! Names that are nearly those of columns: misspelt, or more or less than a name.

use super::translated::TRANSLATED;
use super::{NAMES, bare};
use crate::dialect::Column;

/// From this length on a name may have one slip, and from the next on two, in characters.
const ONE_SLIP: usize = 6;
const TWO_SLIPS: usize = 9;

/// What a header is nearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::header) enum Near {
    /// The column's name with a slip inside.
    Misspelt(Column),
    /// The name and something more, or a part of it: it may be another thing.
    Alike(Column),
}

/// Which column's name a header nearly is; `None` where it is far from all, or near those of two.
pub(in crate::header) fn near(header: &str) -> Option<Near> {
    let name = bare(header);
    let slips = match name.chars().count() {
        TWO_SLIPS.. => 2,
        ONE_SLIP.. => 1,
        _ => return None,
    };
    if name.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let known = NAMES.iter().chain(TRANSLATED);
    let known = known.flat_map(|(column, names)| names.iter().map(move |name| (*column, *name)));
    let near = known.filter_map(|(column, known)| {
        let far = known.len().abs_diff(name.len()) > 2 * slips;
        let distance = (!far).then(|| strsim::osa_distance(&name, known))?;
        (distance <= slips).then_some((distance, column, known))
    });
    let near: Vec<_> = near.collect();
    let (_, column, _) = *near.iter().min_by_key(|(distance, ..)| *distance)?;
    if near.iter().any(|(_, other, _)| *other != column) {
        return None;
    }
    let more_or_less = |known: &str| known.starts_with(&name) || name.starts_with(known);
    let is_alike = near.iter().all(|(.., known)| more_or_less(known));
    Some(if is_alike {
        Near::Alike(column)
    } else {
        Near::Misspelt(column)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_name_is_seen() {
        for (header, column) in [
            ("Hardware Hsh", Column::Hash),
            ("Device Serial Numbr", Column::Serial),
            ("Serail Number", Column::Serial),
            ("Windwos Product ID", Column::Pkid),
            ("Manufactuer name", Column::Manufacturer),
            ("Devcie model", Column::Model),
            ("Gruop Tag", Column::GroupTag),
            ("Assinged User", Column::AssignedUser),
            ("Serienummmer", Column::Serial),
        ] {
            assert_eq!(near(header), Some(Near::Misspelt(column)), "{header}");
        }
    }

    #[test]
    fn what_may_be_another_thing_is_only_alike_or_nothing() {
        for (header, column) in [
            ("Device Mode", Column::Model),
            ("Manufacturer ID", Column::Manufacturer),
            ("Hersteller-Nr.", Column::Manufacturer),
            ("Hardware Hashed", Column::Hash),
        ] {
            assert_eq!(near(header), Some(Near::Alike(column)), "{header}");
        }
        for header in [
            "Device Name",
            "Location",
            "Modem",
            "Order Number",
            "Serial Number 2",
            "User name",
            "Product Type",
            "Hostname",
            "Warranty",
            "Contoso",
            "",
        ] {
            assert_eq!(near(header), None, "{header}");
        }
    }
}
