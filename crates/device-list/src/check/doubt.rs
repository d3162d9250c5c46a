//! Values that no hash proves and that look as if something had happened to them.
//!
//! Most rows are in order, so a look at the kinds of their signs must be enough for those.

use super::date::is_shown_date;
use super::letters;
use super::maker;
use super::row::{Notes, Row};
use super::shape::{
    behind_label, inside_marks, is_address, is_call, is_imei, is_mac, may_be_imei, may_be_mac,
    several,
};
use super::spreadsheet::{as_number, is_error, zeros_at_end};
use crate::code::Code;
use crate::dialect::Column;
use crate::fields::FieldKind;
use crate::finding::{Finding, Severity};
use crate::header::Said;
use crate::identifier::is_placeholder;

/// A digit, a letter, anything else.
const DIGIT: u8 = 1;
const LETTER: u8 = 2;
const OTHER: u8 = 4;

static CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_digit() {
            classes[byte] = DIGIT;
        } else if (byte as u8).is_ascii_alphabetic() {
            classes[byte] = LETTER;
        }
        byte += 1;
    }
    classes
};

/// As many digits alone are looked at: an IMEI has 15, and a spreadsheet keeps no more.
const MANY_DIGITS: usize = 15;

/// Zeros behind the fifteenth digit from which on they are no accident.
const ZEROS: usize = 3;

/// Looks at manufacturer, model and serial number of a row that has no hash; what is accepted is put
/// right. `odd_blanks` is whether there may be other blanks in them than single ones.
pub(crate) fn tuple(row: &mut Row<'_>, odd_blanks: bool, notes: &mut Notes<'_>) {
    if odd_blanks || !notes.is_plain {
        for column in [Column::Manufacturer, Column::Model] {
            if !notes.has_condemned(column)
                && let Some(plain) = letters::guessed(&row.text(column), column, notes)
            {
                row.correct(column, plain);
            }
        }
    }
    if let Some(usual) = maker::usual_spelling(row.bytes(Column::Manufacturer)) {
        let own = row.text(Column::Manufacturer);
        let cause = format!("The maker's firmware spells it \"{usual}\".");
        let finding = Finding::new(Code::MAKER_SPELLING, cause).field(Column::Manufacturer);
        if notes.add(finding.found(&own).guessed(usual)) {
            row.correct(Column::Manufacturer, usual);
        }
    }
    serial(row, notes);
}

/// Looks at a serial number that no hash proves.
pub(crate) fn serial(row: &mut Row<'_>, notes: &mut Notes<'_>) {
    let own = row.bytes(Column::Serial);
    let classes = own
        .iter()
        .fold(0, |all, byte| all | CLASSES[usize::from(*byte)]);
    let many = classes == DIGIT && own.len() >= MANY_DIGITS;
    let said = notes.layout.serial_said;
    let plain = classes & OTHER == 0 && !many && said.is_none();
    if plain && notes.serial_kind == FieldKind::Text || notes.has_condemned(Column::Serial) {
        return;
    }
    let mut own = row.text(Column::Serial);
    if let Some(plain) = letters::guessed(&own, Column::Serial, notes) {
        row.correct(Column::Serial, plain.as_str());
        own = plain;
    }
    if let Some(rest) = behind_label(&own) {
        let cause = "The field's own name stands in front of the serial number.";
        let finding = Finding::new(Code::SERIAL_LABEL, cause).field(Column::Serial);
        if !notes.add(finding.found(&own).guessed(rest)) {
            return;
        }
        row.correct(Column::Serial, rest);
        own = rest.to_owned();
    }
    if let Some(inside) = inside_marks(&own).filter(|_| !is_call(&own)) {
        let cause = "Signs stand around the serial number.";
        let finding = Finding::new(Code::SERIAL_IN_MARKS, cause).field(Column::Serial);
        if !notes.add(finding.found(&own).guessed(inside)) {
            return;
        }
        row.correct(Column::Serial, inside);
        own = inside.to_owned();
    }
    let Some(finding) = doubt(&own, notes.serial_kind, said) else {
        return;
    };
    let right = finding.corrected.clone();
    if notes.add(finding.field(Column::Serial).found(&own))
        && let Some(right) = right
    {
        row.correct(Column::Serial, right);
    }
}

/// Notes a dot in a serial number that is right.
pub(crate) fn dot(row: &Row<'_>, notes: &mut Notes<'_>) {
    let own = row.bytes(Column::Serial);
    if own.contains(&b'.') {
        let finding = Finding::new(Code::SERIAL_DOT, DOT).field(Column::Serial);
        notes.add(finding.found(&row.text(Column::Serial)));
    }
}

const DOT: &str = "The serial number has a dot.";

/// The first doubt about a serial number. It is in a workbook's cell of `kind`, and `said` to be
/// another thing.
fn doubt(own: &str, kind: FieldKind, said: Option<Said>) -> Option<Finding> {
    let made = Finding::new;
    if is_error(own) {
        let cause = "A spreadsheet shows this where it has no value.";
        return Some(made(Code::SPREADSHEET_ERROR, cause));
    }
    if kind == FieldKind::Date || is_shown_date(own) {
        let cause = "A spreadsheet took the serial number for a date.";
        return Some(made(Code::SERIAL_AS_DATE, cause));
    }
    if let Some(number) = as_number(own) {
        let cause = match (number.scientific, &number.digits) {
            (true, None) => {
                "A spreadsheet turned the serial number into a number and dropped digits."
            }
            (true, Some(_)) => "A program turned the serial number into a number.",
            (false, _) => "A program turned the serial number into a number with decimals.",
        };
        let finding = made(Code::SERIAL_AS_NUMBER, cause);
        return Some(match number.digits {
            Some(digits) => finding.guessed(digits),
            None => finding,
        });
    }
    numbers(own, kind).or_else(|| others(own, said))
}

/// Digits that a workbook kept as a number, or that look as if one had.
fn numbers(own: &str, kind: FieldKind) -> Option<Finding> {
    let zeros = zeros_at_end(own);
    if kind == (FieldKind::Number { lost_digits: true }) {
        let cause =
            "The cell is a number of more than 15 digits; a spreadsheet has not kept the others.";
        return Some(Finding::new(Code::DIGITS_LOST, cause));
    }
    if zeros > 1 {
        let cause = format!("Behind the fifteenth digit there are only zeros, {zeros} of them.");
        let finding = Finding::new(Code::DIGITS_LOST, cause);
        return Some(match zeros {
            ZEROS.. => finding,
            _ => finding.severity(Severity::Warning),
        });
    }
    let is_number = matches!(kind, FieldKind::Number { .. });
    is_number.then(|| {
        let cause = "The cell is a number: leading zeros, if there were any, are gone.";
        Finding::new(Code::NUMBER_CELL, cause).guessed(own)
    })
}

/// Numbers of another kind, and dots.
fn others(own: &str, said: Option<Said>) -> Option<Finding> {
    let code = match said {
        Some(Said::Imei) if may_be_imei(own) => Some(Code::SERIAL_IS_IMEI),
        Some(Said::Mac) if may_be_mac(own) => Some(Code::SERIAL_IS_MAC),
        _ => None,
    };
    if let (Some(said), Some(code)) = (said, code) {
        let cause = format!(
            "The header says that {}, and it has the form of one.",
            said.as_str()
        );
        return Some(Finding::new(code, cause));
    }
    if is_address(own) {
        let cause = "This is an address of a mailbox or a page.";
        return Some(Finding::new(Code::VALUE_FORM, cause));
    }
    if is_call(own) {
        let cause = "A formula stands in place of the serial number.";
        return Some(Finding::new(Code::FORMULA_TEXT, cause));
    }
    if is_mac(own) {
        let cause = "This has the form of a network adapter's address (MAC).";
        return Some(Finding::new(Code::SERIAL_IS_MAC, cause));
    }
    if is_imei(own) {
        let cause = "This has the form of an IMEI, its check digit included.";
        return Some(Finding::new(Code::SERIAL_IS_IMEI, cause));
    }
    if let Some((count, marks)) = several(own) {
        let cause = format!("The field seems to hold {count} serial numbers.");
        let finding = Finding::new(Code::SEVERAL_SERIALS, cause);
        // Some real ones have blanks.
        let severity = if marks {
            Severity::Error
        } else {
            Severity::Warning
        };
        return Some(finding.severity(severity));
    }
    (own.contains('.') && !is_placeholder(own)).then(|| Finding::new(Code::SERIAL_DOT, DOT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::Cells;
    use crate::check::row::Texts;
    use crate::code::CodeSet;
    use crate::dialect::Dialect;
    use crate::header::Layout;

    /// What is found about a serial number in a cell of that kind, and what it is then.
    fn found(serial: &str, kind: FieldKind, accept: &[Code]) -> (Vec<Code>, String) {
        let layout = Layout::exact(Dialect::ManagedDesktopPartner);
        let mut notes = Notes::new(&layout, accept.iter().copied().collect::<CodeSet>());
        notes.serial_kind = kind;
        let cells = Cells::default()
            .with(Column::Manufacturer, "Contoso")
            .with(Column::Model, "Book 13")
            .with(Column::Serial, serial);
        let texts = Texts::of(&cells);
        let mut row = Row::new(&texts);
        tuple(&mut row, true, &mut notes);
        let codes = notes.findings.iter().map(|finding| finding.code);
        (codes.collect(), row.text(Column::Serial))
    }

    #[test]
    fn serial_numbers_that_something_happened_to_are_told_apart() {
        let number = FieldKind::Number { lost_digits: false };
        let cut = FieldKind::Number { lost_digits: true };
        for (serial, kind, code) in [
            ("12-Mar", FieldKind::Text, Code::SERIAL_AS_DATE),
            ("2024-03-12 00:00:00", FieldKind::Text, Code::SERIAL_AS_DATE),
            ("45363", FieldKind::Date, Code::SERIAL_AS_DATE),
            ("1,65208E+10", FieldKind::Text, Code::SERIAL_AS_NUMBER),
            ("16520771357.0", FieldKind::Text, Code::SERIAL_AS_NUMBER),
            ("16520771357", number, Code::NUMBER_CELL),
            ("A16520771357", number, Code::NUMBER_CELL),
            ("12345678901234500", cut, Code::DIGITS_LOST),
            ("12345678901234500000", FieldKind::Text, Code::DIGITS_LOST),
            ("490154203237518", FieldKind::Text, Code::SERIAL_IS_IMEI),
            ("00:1A:2B:3C:4D:5E", FieldKind::Text, Code::SERIAL_IS_MAC),
            ("001a.2b3c.4d5e", FieldKind::Text, Code::SERIAL_IS_MAC),
            ("AB.123", FieldKind::Text, Code::SERIAL_DOT),
            ("Err:502", FieldKind::Text, Code::SPREADSHEET_ERROR),
            ("PF–02", FieldKind::Text, Code::AUTOCORRECTED),
            ("PF  02", FieldKind::Text, Code::BLANKS_INSIDE),
            ("'0042", FieldKind::Text, Code::APOSTROPHE),
            ("S/N: PF02NCT8", FieldKind::Text, Code::SERIAL_LABEL),
            ("Service Tag #7XK2LM3", FieldKind::Text, Code::SERIAL_LABEL),
            ("SN:'SN=PF02NCT8", FieldKind::Text, Code::SERIAL_LABEL),
            ("'PF02NCT8'", FieldKind::Text, Code::SERIAL_IN_MARKS),
            ("> PF02NCT8", FieldKind::Text, Code::SERIAL_IN_MARKS),
            ("*PF02NCT8*", FieldKind::Text, Code::SERIAL_IN_MARKS),
            ("+4912345678", FieldKind::Text, Code::SERIAL_IN_MARKS),
            ("it@contoso.com", FieldKind::Text, Code::VALUE_FORM),
            ("https://contoso.com/x", FieldKind::Text, Code::VALUE_FORM),
            ("@SUM(1)", FieldKind::Text, Code::FORMULA_TEXT),
            ("PF02NCT8; PF02NCT9", FieldKind::Text, Code::SEVERAL_SERIALS),
            ("5CD12/5CD13/5CD14", FieldKind::Text, Code::SEVERAL_SERIALS),
            (
                "5CD1234ABC 5CD1234ABD",
                FieldKind::Text,
                Code::SEVERAL_SERIALS,
            ),
        ] {
            assert_eq!(found(serial, kind, &[]).0, [code], "{serial}");
        }
        for serial in [
            "PF02NCT8",
            "016520771357",
            "AB-12",
            "VMware-56 4d",
            "1234567890123456",
            "5E10",
            "SN-1234",
            "R90ABC 123456",
            "AB1234/XY",
            "VMware-56 4d 11 a1-b2 c3",
            "1234567 1234567890",
            "SN:",
        ] {
            assert_eq!(found(serial, FieldKind::Text, &[]).0, [], "{serial}");
        }
    }

    #[test]
    fn what_is_accepted_is_put_right_and_looked_at_again() {
        let text = FieldKind::Text;
        let accept = [Code::APOSTROPHE, Code::SERIAL_AS_NUMBER];
        let (codes, serial) = found("'16520771357.0", text, &accept);
        assert_eq!(codes, accept);
        assert_eq!(serial, "16520771357");
        let accept = [Code::SERIAL_LABEL, Code::SERIAL_AS_NUMBER];
        let (codes, serial) = found("SN: sn=16520771357.0", text, &accept);
        assert_eq!((&codes[..], &*serial), (&accept[..], "16520771357"));
        let number = FieldKind::Number { lost_digits: false };
        let (codes, serial) = found("42", number, &[Code::NUMBER_CELL]);
        assert_eq!((&codes[..], &*serial), (&[Code::NUMBER_CELL][..], "42"));
    }
}
