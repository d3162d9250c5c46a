//! A row's own values held against those inside its hash.

use super::hash::Proven;
use super::letters;
use super::maker;
use super::row::{Notes, Row};
use super::shape::{behind_label, inside_marks};
use super::spreadsheet::{Damage, damage};
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::finding::{Finding, Severity, display_safe};
use crate::hardware_hash::container::text;
use crate::identifier::{fold, is_placeholder};

/// How a value of the row stands to the one in the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The row's serial number; put right where the hash proves what it was.
pub(crate) fn serial(row: &mut Row<'_>, proven: &Proven<'_>, notes: &mut Notes<'_>) -> Standing {
    let (own, inside) = (row.bytes(Column::Serial), proven.identity.serial);
    if own == inside {
        return Standing::Agrees;
    }
    if own.is_empty() {
        return Standing::Silent;
    }
    let inside = text(inside);
    if is_placeholder(&inside) {
        return Standing::RowOnly;
    }
    let own = row.text(Column::Serial);
    let done = match explained(&own, &inside) {
        Some((code, cause)) => {
            let finding = Finding::new(code, cause).field(Column::Serial).found(&own);
            notes.add(finding.corrected(inside.as_ref()))
        }
        None if notes.has_condemned(Column::Serial) => false,
        None => {
            let other = [
                (Column::Model, proven.identity.model),
                (Column::Manufacturer, proven.identity.manufacturer),
                (Column::Pkid, proven.identity.pkid),
            ];
            let other = other
                .into_iter()
                .find(|(_, inside)| fold(&text(inside)) == fold(&own));
            let why = match (other, notes.layout.serial_said) {
                (Some((column, _)), _) => format!(" What stands here is its {}.", column.name()),
                (None, Some(said)) => format!(" The header says that {}.", said.as_str()),
                (None, None) => difference(&own, &inside).into(),
            };
            differs(
                Code::SERIAL_DIFFERS,
                Column::Serial,
                &own,
                &inside,
                &why,
                notes,
            )
        }
    };
    if !done {
        odd_signs(row, Column::Serial, notes);
        return Standing::Differs;
    }
    row.correct(Column::Serial, inside);
    Standing::Agrees
}

/// What became of a serial number that the hash has in another way, where that needs no guess.
fn explained(own: &str, inside: &str) -> Option<(Code, String)> {
    if is_placeholder(own) {
        let cause = "What stands here is a placeholder; the hash has the serial number.";
        return Some((Code::PLACEHOLDER, cause.into()));
    }
    if fold(own) == fold(inside) {
        let cause = "The hash spells the serial number in another way.";
        return Some((Code::SERIAL_SPELLING, cause.into()));
    }
    if let Some(odd) = letters::first_odd(own) {
        let plain = letters::plain(own);
        if fold(&plain) == fold(inside) || without_blanks(&plain) == without_blanks(inside) {
            let cause = "The hash has the same serial number with plain signs only.";
            return Some((odd.code(), cause.into()));
        }
    }
    if without_blanks(own) == without_blanks(inside) {
        let cause = "The hash has the same serial number with its blanks in other places.";
        return Some((Code::SERIAL_SPELLING, cause.into()));
    }
    let is_inside = |text: Option<&str>| text.is_some_and(|text| fold(text) == fold(inside));
    if is_inside(behind_label(own)) {
        let cause = "The hash has the same serial number without the label in front of it.";
        return Some((Code::SERIAL_LABEL, cause.into()));
    }
    if is_inside(inside_marks(own)) {
        let cause = "The hash has the same serial number without the signs around it.";
        return Some((Code::SERIAL_IN_MARKS, cause.into()));
    }
    let (code, cause) = match damage(own, inside)? {
        Damage::Zeros => (
            Code::SERIAL_LOST_ZEROS,
            "The hash has the same serial number with leading zeros.",
        ),
        Damage::Number => (
            Code::SERIAL_FROM_NUMBER,
            "A spreadsheet turned the serial number into a number.",
        ),
        Damage::Digits => (
            Code::SERIAL_ROUNDED,
            "A spreadsheet turned the serial number into a number and made zeros of its last digits.",
        ),
        Damage::Date => (
            Code::SERIAL_FROM_DATE,
            "A spreadsheet took the serial number for a date.",
        ),
    };
    Some((code, cause.into()))
}

fn without_blanks(text: &str) -> String {
    let folded = fold(text);
    folded.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How two values differ, where that may tell which of them is wrong: the end of a cause.
fn difference(own: &str, inside: &str) -> &'static str {
    let [a, b] = [own, inside].map(|text| {
        let signs = text.chars().filter(char::is_ascii_alphanumeric);
        signs.map(|c| c.to_ascii_uppercase()).collect::<String>()
    });
    let alike = |text: &str| -> String {
        let letter = |c| match c {
            'O' | 'Q' => '0',
            'I' | 'L' => '1',
            'S' => '5',
            'B' => '8',
            'Z' => '2',
            other => other,
        };
        text.chars().map(letter).collect()
    };
    let long = a.len() >= 4 && b.len() >= 4;
    if a == b {
        " They differ only in signs between the letters and digits."
    } else if alike(&a) == alike(&b) {
        " They differ only in letters and digits that look alike, such as O and 0: it was typed by hand."
    } else if long && b.starts_with(&a) {
        " The end of it is missing."
    } else if long && b.ends_with(&a) {
        " The beginning of it is missing."
    } else if long && a.contains(&b) {
        " There is more around it."
    } else if a.len() == b.len() && a.len() >= 4 && one_apart(&a, &b) {
        " They differ in one sign, or two have changed places: it was typed by hand."
    } else {
        ""
    }
}

/// Whether two texts of one length differ in one place, or in two neighbours that changed places.
fn one_apart(a: &str, b: &str) -> bool {
    let pairs: Vec<(u8, u8)> = a.bytes().zip(b.bytes()).collect();
    let Some(first) = pairs.iter().position(|(a, b)| a != b) else {
        return false;
    };
    let same_from = |at: usize| pairs.iter().skip(at).all(|(a, b)| a == b);
    let swapped = pairs
        .get(first + 1)
        .is_some_and(|(a, b)| (*b, *a) == pairs[first]);
    same_from(first + 1) || (swapped && same_from(first + 2))
}

/// Manufacturer and model beside a hash: the hash decides. In Managed Desktop's layout they are
/// there to be read by people (MMD-SAMPLE); in the others they are no accepted combination and go.
pub(crate) fn maker_and_model(row: &mut Row<'_>, proven: &Proven<'_>, notes: &mut Notes<'_>) {
    let kept = is_for_people(notes);
    let inside = [
        (Column::Manufacturer, proven.identity.manufacturer),
        (Column::Model, proven.identity.model),
    ];
    let mut beside = false;
    for (column, inside) in inside {
        let own = row.bytes(column);
        if own.is_empty() {
            continue;
        }
        beside = true;
        if own == inside || inside.is_empty() || notes.has_condemned(column) {
            continue;
        }
        let (own, inside) = (row.text(column), text(inside));
        if is_placeholder(&own) {
            placeholder(column, &own, if kept { &inside } else { "" }, notes);
            row.correct(column, if kept { inside } else { "".into() });
        } else if display_value(column, &own, &inside, kept, notes) && kept {
            row.correct(column, inside);
        } else {
            odd_signs(row, column, notes);
        }
    }
    if beside && !kept {
        let cause = "The row has a hash and manufacturer or model; the hash carries both itself.";
        notes.add(Finding::new(Code::BESIDE_HASH, cause).at(0, 0).certain());
        row.correct(Column::Manufacturer, "");
        row.correct(Column::Model, "");
    }
}

/// Notes a placeholder beside a hash that knows what should stand there.
fn placeholder(column: Column, own: &str, right: &str, notes: &mut Notes<'_>) {
    let name = column.name();
    let cause = format!("What stands here is a placeholder; the hash has the {name}.");
    let finding = Finding::new(Code::PLACEHOLDER, cause).field(column);
    notes.add(finding.found(own).corrected(right));
}

/// Notes how a manufacturer or model differs from the hash's. Returns whether the hash's is to be
/// written instead.
fn display_value(
    column: Column,
    own: &str,
    inside: &str,
    kept: bool,
    notes: &mut Notes<'_>,
) -> bool {
    let plain = letters::plain(own);
    let spelled = fold(&plain) == fold(inside);
    if spelled
        && kept
        && let Some(odd) = letters::first_odd(own)
    {
        let cause = format!(
            "The hash has the same {} with plain signs only.",
            column.name()
        );
        let finding = Finding::new(odd.code(), cause).field(column).found(own);
        return notes.add(finding.corrected(inside));
    }
    let same = spelled
        || (column == Column::Manufacturer && maker::is_same(own.as_bytes(), inside.as_bytes()));
    if same && kept {
        let inside = display_safe(inside);
        let cause = format!("The {} inside the hash reads \"{inside}\".", column.name());
        let finding = Finding::new(Code::DISPLAY_SPELLING, cause);
        notes.add(finding.field(column).found(own));
    }
    if same {
        return false;
    }
    let code = match column {
        Column::Manufacturer => Code::MANUFACTURER_DIFFERS,
        _ => Code::MODEL_DIFFERS,
    };
    let why = match damage(own, inside) {
        Some(Damage::Date) => " A spreadsheet took it for a date.",
        Some(_) => " A spreadsheet turned it into a number.",
        None => difference(own, inside),
    };
    differs(code, column, own, inside, why, notes)
}

/// Names odd signs in a value that stays in the list though it is not the hash's.
fn odd_signs(row: &mut Row<'_>, column: Column, notes: &mut Notes<'_>) {
    if !is_for_people(notes) {
        return;
    }
    let own = row.text(column);
    if let Some(plain) = letters::guessed(&own, column, notes) {
        row.correct(column, plain);
    }
    if own.contains(',') && !notes.has_condemned(column) {
        let cause = format!("The {} holds a comma.", column.name());
        let finding = Finding::new(Code::COMMA_IN_VALUE, cause).field(column);
        notes.add(finding.found(&own));
    }
}

/// Whether the row's values beside the hash are only there to be read by people.
fn is_for_people(notes: &Notes<'_>) -> bool {
    notes.layout.dialect == Dialect::ManagedDesktopSelf
}

/// Notes a contradiction, and that the hash counts where such a guess is accepted: then `true`. An
/// error, but in Managed Desktop's layout, where the values are only for people to read, a warning.
pub(crate) fn differs(
    code: Code,
    column: Column,
    own: &str,
    inside: &str,
    why: &str,
    notes: &mut Notes<'_>,
) -> bool {
    let name = column.name();
    let shown = display_safe(inside);
    let cause = format!("The row's {name} is not the one in its hash, which is \"{shown}\".{why}");
    let finding = Finding::new(code, cause).field(column).found(own);
    if is_for_people(notes) {
        return notes.add(finding.guessed(inside).severity(Severity::Warning));
    }
    notes.add(match column {
        // The other layouts leave them empty beside a hash.
        Column::Manufacturer | Column::Model => finding.guess(),
        _ => finding.guessed(inside),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(own: &str, inside: &str) -> Option<Code> {
        explained(own, inside).map(|(code, _)| code)
    }

    #[test]
    fn what_the_hash_proves_is_explained() {
        for (own, inside, wanted) in [
            ("pf02nct8", "PF02NCT8", Code::SERIAL_SPELLING),
            ("PF02 NCT8", "PF02NCT8", Code::SERIAL_SPELLING),
            ("PF02NCT8", "PF02  NCT8", Code::SERIAL_SPELLING),
            ("'0042", "0042", Code::APOSTROPHE),
            ("PF–02", "PF-02", Code::AUTOCORRECTED),
            ("PF\u{a0}02", "PF 02", Code::BLANKS_INSIDE),
            ("PF\u{a0}02", "PF02", Code::BLANKS_INSIDE),
            ("42", "0042", Code::SERIAL_LOST_ZEROS),
            ("1.65208E+10", "016520771357", Code::SERIAL_FROM_NUMBER),
            ("12-Mar", "3-12", Code::SERIAL_FROM_DATE),
            (
                "12345678901234500000",
                "12345678901234567890",
                Code::SERIAL_ROUNDED,
            ),
            ("Default string", "0042", Code::PLACEHOLDER),
            ("S/N: PF02NCT8", "PF02NCT8", Code::SERIAL_LABEL),
            ("[PF02NCT8]", "PF02NCT8", Code::SERIAL_IN_MARKS),
        ] {
            assert_eq!(code(own, inside), Some(wanted), "{own} {inside}");
        }
        for (own, inside) in [("PF-02", "PF02"), ("OTHER", "PF02"), ("43", "0042")] {
            assert_eq!(code(own, inside), None, "{own} {inside}");
        }
    }

    #[test]
    fn how_values_differ_is_told() {
        for (own, inside, word) in [
            ("PF-02N", "PF02N", "only in signs"),
            ("PFO2NCT8", "PF02NCT8", "look alike"),
            ("PF02NC", "PF02NCT8", "end"),
            ("02NCT8", "PF02NCT8", "beginning"),
            ("S/N PF02NCT8", "PF02NCT8", "around"),
            ("PF02NTC8", "PF02NCT8", "one sign"),
            ("PF03NCT8", "PF02NCT8", "one sign"),
        ] {
            assert!(difference(own, inside).contains(word), "{own} {inside}");
        }
        assert_eq!(difference("PF02NCT8", "XX12ABC9"), "");
        assert_eq!(difference("1", "12"), "");
        assert_eq!(
            difference("", ""),
            " They differ only in signs between the letters and digits."
        );
    }
}
