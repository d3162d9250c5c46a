//! A row's own values held against those inside its hash.

use super::hash::Proven;
use super::row::{Notes, Texts};
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::finding::{Finding, Severity};
use crate::hardware_hash::container::text;
use crate::identifier::{Pkid, fold, is_placeholder};

/// How a value of the row stands to the one in the hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The row says nothing.
    Silent,
    /// Both say the same, or the row's was put right.
    Agrees,
    /// Only the row says something real.
    RowOnly,
    /// They contradict each other.
    Differs,
}

/// The row's serial number. Returns the value to write instead where the hash proves one.
pub(crate) fn serial(
    texts: &Texts<'_>,
    proven: &Proven<'_>,
    notes: &mut Notes<'_>,
) -> (Standing, Option<String>) {
    let (own, inside) = (texts.bytes(Column::Serial), proven.identity.serial);
    if own == inside {
        return (Standing::Agrees, None);
    }
    let (own, inside) = (text(own), text(inside));
    if own.is_empty() {
        return (Standing::Silent, None);
    }
    if is_placeholder(&inside) {
        return (Standing::RowOnly, None);
    }
    let (code, cause) = if fold(&own) == fold(&inside) {
        (
            Code::SERIAL_SPELLING,
            "The hash spells the serial number in another way.",
        )
    } else if lost_zeros(&own, &inside) {
        (
            Code::SERIAL_LOST_ZEROS,
            "The hash has the same serial number with leading zeros.",
        )
    } else if came_from(&own, &inside) {
        (
            Code::SERIAL_FROM_NUMBER,
            "A spreadsheet turned the serial number into a number.",
        )
    } else {
        differs(Code::SERIAL_DIFFERS, Column::Serial, &own, &inside, notes);
        return (Standing::Differs, None);
    };
    let finding = Finding::new(code, cause).field(Column::Serial).found(&own);
    notes.add(finding.corrected(inside.as_ref()));
    (Standing::Agrees, Some(inside.into_owned()))
}

/// Manufacturer and model beside a hash: the hash decides. In Managed Desktop's layout they are
/// there to be
/// read by people (MMD-SAMPLE); in the others they are no accepted combination.
pub(crate) fn maker_and_model(
    texts: &Texts<'_>,
    proven: &Proven<'_>,
    notes: &mut Notes<'_>,
) -> bool {
    let pairs = [
        (
            Column::Manufacturer,
            proven.identity.manufacturer,
            Code::MANUFACTURER_DIFFERS,
        ),
        (Column::Model, proven.identity.model, Code::MODEL_DIFFERS),
    ];
    let mut beside = false;
    for (column, inside, code) in pairs {
        let own = texts.bytes(column);
        if own.is_empty() {
            continue;
        }
        beside = true;
        if own != inside && !inside.is_empty() && fold(&text(own)) != fold(&text(inside)) {
            differs(code, column, &text(own), &text(inside), notes);
        }
    }
    let kept = notes.layout.dialect == Dialect::ManagedDesktopSelf;
    if beside && !kept {
        let cause = "The row has a hash and manufacturer or model; the hash carries both itself.";
        notes.add(Finding::new(Code::BESIDE_HASH, cause).at(0, 0).certain());
    }
    beside && !kept
}

/// The row's PKID. Returns the value to write instead where the hash proves one.
pub(crate) fn pkid(
    texts: &Texts<'_>,
    proven: &Proven<'_>,
    notes: &mut Notes<'_>,
) -> Option<String> {
    let (own, inside) = (texts.bytes(Column::Pkid), proven.identity.pkid);
    if own.is_empty() || own == inside {
        return None;
    }
    let (own, inside) = (text(own), text(inside));
    if Pkid::parse(&inside).is_err() {
        return None;
    }
    if lost_zeros(&own, &inside) {
        let cause = "The hash has the same PKID with leading zeros.";
        let finding = Finding::new(Code::PKID_LOST_ZEROS, cause)
            .field(Column::Pkid)
            .found(&own);
        notes.add(finding.corrected(inside.as_ref()));
        return Some(inside.into_owned());
    }
    if Pkid::parse(&own).is_ok() {
        differs(Code::PKID_DIFFERS, Column::Pkid, &own, &inside, notes);
    }
    None
}

/// Notes a contradiction: an error, but in Managed Desktop's layout, where the values are only for
/// people to read, a warning (except for a PKID, which that layout does not have).
fn differs(code: Code, column: Column, own: &str, inside: &str, notes: &mut Notes<'_>) {
    let name = column.name();
    let inside = crate::finding::display_safe(inside);
    let cause = format!("The row's {name} is not the one in its hash, which is \"{inside}\".");
    let finding = Finding::new(code, cause).field(column).found(own);
    let display_only = notes.layout.dialect == Dialect::ManagedDesktopSelf;
    notes.add(if display_only {
        finding.severity(Severity::Warning)
    } else {
        finding
    });
}

/// Whether `own` is `inside` without its leading zeros.
fn lost_zeros(own: &str, inside: &str) -> bool {
    own.len() < inside.len() && inside.starts_with('0') && inside.trim_start_matches('0') == own
}

/// Whether `own` is what a spreadsheet makes of the digits `inside`: `1.65208E+10`.
fn came_from(own: &str, inside: &str) -> bool {
    if !is_scientific(own) || !inside.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let decimals = own
        .split_once(['.'])
        .map_or(0, |(_, rest)| rest.find(['E', 'e']).unwrap_or(0));
    let Ok(number) = inside.parse::<f64>() else {
        return false;
    };
    let rounded = format!("{number:.decimals$E}");
    let plain = own
        .to_ascii_uppercase()
        .replace("E+", "E")
        .replace("E0", "E");
    rounded == plain
}

/// Whether a text is a number in a spreadsheet's scientific notation, such as `1.65208E+10`.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+").or_else(|| text.split_once("e+")) else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(decimals) && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_leading_zeros_can_be_lost() {
        assert!(lost_zeros("42", "0042") && lost_zeros("16520771357", "016520771357"));
        assert!(!lost_zeros("42", "42") && !lost_zeros("42", "4200") && !lost_zeros("4", "0042"));
    }

    #[test]
    fn a_spreadsheets_number_is_recognized_and_held_against_the_digits() {
        assert!(came_from("1.65208E+10", "016520771357"));
        assert!(came_from("2E+12", "1999999999999"));
        assert!(!came_from("1.65208E+10", "016520871357"));
        assert!(!came_from("1.65208E+11", "016520771357"));
        assert!(!came_from("5E10", "50000000000"));
        assert!(!is_scientific("12.5E+10") && !is_scientific("E+10") && !is_scientific("1.E+5"));
    }
}
