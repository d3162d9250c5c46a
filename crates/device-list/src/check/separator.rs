//! Rows with another separator than their header.

use crate::code::Code;
use crate::dialect::Column;
use crate::fields::{Field, split};
use crate::finding::{Finding, is_blank};
use crate::header::{DELIMITERS, Layout, Slot, looks_like_hash};
use crate::identifier::Pkid;

/// Splits a row by another separator than its header's; `None` where nothing speaks for one.
///
/// It is certain only where that gives exactly the header's number of fields, with values that
/// name a device.
pub(super) fn another_separator(
    text: &str,
    fields: &[Field],
    layout: &Layout,
) -> Option<(u8, Vec<Field>, Finding)> {
    let wanted = layout.slots.len();
    if fields.len() == wanted || wanted < 2 {
        return None;
    }
    let others = DELIMITERS
        .into_iter()
        .filter(|by| *by != layout.delimiter && text.contains(char::from(*by)));
    let (delimiter, others) = others
        .map(|by| (by, split(text, by)))
        .max_by_key(|(_, fields)| (fields.len() == wanted, fields.len()))?;
    let certain = others.len() == wanted && names_a_device(&others, layout);
    // A value may hold another separator: then its row is not one field alone.
    if !certain && (fields.len() > 1 || others.len() < 3) {
        return None;
    }
    let by = match delimiter {
        b',' => "commas",
        b';' => "semicolons",
        b'|' => "vertical bars",
        _ => "tabs",
    };
    let cause = format!("The row's fields are separated by {by}, unlike the header's.");
    let mut finding = Finding::new(Code::OTHER_SEPARATOR, cause);
    finding.certain = certain;
    Some((delimiter, others, finding))
}

/// Whether fields hold what their columns say, and enough to name a device.
fn names_a_device(fields: &[Field], layout: &Layout) -> bool {
    let mut filled = Vec::new();
    for (field, slot) in fields.iter().zip(&layout.slots) {
        let text = field.text.trim_matches(is_blank);
        let Slot::Holds(column) = *slot else { continue };
        if text.is_empty() {
            continue;
        }
        let digit = |c: char| c.is_ascii_digit();
        let fits = !text.contains([';', '|', '\t'])
            && match column {
                Column::Hash => looks_like_hash(text),
                Column::Pkid => Pkid::parse(text).is_ok(),
                Column::Serial => text.contains(digit) && text.len() <= 64,
                Column::AssignedUser => text.contains('@'),
                _ => text.len() <= 128,
            };
        if !fits {
            return false;
        }
        filled.push(column);
    }
    let tuple = [Column::Manufacturer, Column::Model, Column::Serial];
    filled.contains(&Column::Hash)
        || filled.contains(&Column::Pkid)
        || tuple.iter().all(|column| filled.contains(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn read(text: &str) -> Option<(u8, usize, bool)> {
        let layout = Layout::exact(Dialect::PartnerCenter);
        another_separator(text, &split(text, b','), &layout)
            .map(|(by, fields, finding)| (by, fields.len(), finding.certain))
    }

    #[test]
    fn it_is_certain_only_where_the_fields_come_out_right() {
        assert_eq!(read("0042;;;Contoso;Book 13"), Some((b';', 5, true)));
        assert_eq!(read("\t3305612345678\t\t\t"), Some((b'\t', 5, true)));
        assert_eq!(read("0042|||Contoso, Ltd|Book 13"), Some((b'|', 5, true)));
        assert_eq!(read("Contoso;Book 13;0042"), Some((b';', 3, false)));
        assert_eq!(read("0042;x;y;Contoso;Book 13"), Some((b';', 5, false)));
        for row in [
            "0042,,,Contoso;B,Book 13",
            "0042,,,Contoso,Book;13",
            "0042;1",
            "0042",
            "",
        ] {
            assert_eq!(read(row), None, "{row}");
        }
    }
}
