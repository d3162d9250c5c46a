//! The form of a PKID, and what people write in its place.

use super::across::differs;
use super::hash::Proven;
use super::letters::{self, Odd};
use super::row::{Notes, Row};
use super::spreadsheet::{Damage, as_number, damage};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::container::text;
use crate::identifier::Pkid;
use crate::product_key::{is_product_id, is_product_key};

/// Reads the row's PKID, and notes what it is if it is none. Returns whether the row has one then.
pub(crate) fn read(row: &mut Row<'_>, proven: Option<&Proven<'_>>, notes: &mut Notes<'_>) -> bool {
    let own = row.bytes(Column::Pkid);
    if own.is_empty() || notes.has_condemned(Column::Pkid) {
        return false;
    }
    let inside = proven.map_or(&b""[..], |proven| proven.identity.pkid);
    let is_form = Pkid::from_bytes(own).is_ok();
    if is_form && (own == inside || proven.is_none()) {
        return true;
    }
    let own = row.text(Column::Pkid);
    let inside = text(inside);
    let inside = Pkid::parse(&inside).is_ok().then_some(&*inside);
    let put_right = match inside {
        Some(inside) if !is_form => by_hash(row, &own, inside, notes),
        _ => false,
    };
    if put_right || !form(row, &own, proven.is_some(), inside, notes) {
        return put_right;
    }
    against(row, inside, proven.is_some(), notes)
}

/// A PKID of the right form against the one in the hash.
fn against(
    row: &mut Row<'_>,
    inside: Option<&str>,
    beside_hash: bool,
    notes: &mut Notes<'_>,
) -> bool {
    let own = row.text(Column::Pkid);
    let filler = Pkid::parse(&own).is_ok_and(|pkid| pkid.is_placeholder());
    if filler && beside_hash {
        let cause = "All digits of the PKID are alike: it is a filler, and the hash does without.";
        let finding = Finding::new(Code::PLACEHOLDER, cause).field(Column::Pkid);
        let right = inside.unwrap_or_default();
        notes.add(finding.found(&own).corrected(right));
        row.correct(Column::Pkid, right);
        return inside.is_some();
    }
    match inside {
        Some(inside) if inside != own => {
            if differs(Code::PKID_DIFFERS, Column::Pkid, &own, inside, "", notes) {
                row.correct(Column::Pkid, inside);
            }
            true
        }
        _ => true,
    }
}

/// A value that is no PKID, where the hash proves which one it was: then `true`.
fn by_hash(row: &mut Row<'_>, own: &str, inside: &str, notes: &mut Notes<'_>) -> bool {
    let (code, cause) = match damage(own, inside) {
        Some(Damage::Zeros) => (
            Code::PKID_LOST_ZEROS,
            "The hash has the same PKID with leading zeros.",
        ),
        Some(Damage::Number) => (
            Code::PKID_FROM_NUMBER,
            "A spreadsheet turned the PKID into a number; the hash has all its digits.",
        ),
        _ => return false,
    };
    let finding = Finding::new(code, cause).field(Column::Pkid).found(own);
    notes.add(finding.corrected(inside));
    row.correct(Column::Pkid, inside);
    true
}

/// Brings a value into the form of a PKID where that needs no guess or its guess is accepted; `inside`
/// is the PKID in the hash.
/// Returns whether it has that form then.
fn form(
    row: &mut Row<'_>,
    own: &str,
    beside_hash: bool,
    inside: Option<&str>,
    notes: &mut Notes<'_>,
) -> bool {
    if Pkid::parse(own).is_ok() {
        return true;
    }
    let Verdict {
        code,
        mut cause,
        mut repair,
    } = verdict(own, beside_hash);
    if let (Repair::Guess(guess), Some(inside)) = (&mut repair, inside) {
        // The hash knows better than any guess.
        inside.clone_into(guess);
        cause = format!("{cause} The hash has the PKID {inside}.");
    }
    let finding = Finding::new(code, cause).field(Column::Pkid).found(own);
    let (finding, right) = match repair {
        Repair::None => (finding, None),
        Repair::Certain(right) => (finding.corrected(right.as_str()), Some(right)),
        Repair::Guess(right) => (finding.guessed(right.as_str()), Some(right)),
    };
    if !notes.add(finding) {
        return false;
    }
    let right = right.unwrap_or_default();
    let is_form = Pkid::parse(&right).is_ok();
    row.correct(Column::Pkid, right);
    is_form
}

/// What a text is that is no PKID.
struct Verdict {
    code: Code,
    cause: String,
    repair: Repair,
}

/// What to write instead.
#[derive(Debug, PartialEq, Eq)]
enum Repair {
    None,
    Certain(String),
    Guess(String),
}

/// Tells what a text is that is no PKID. Beside a hash the field may as well be empty: certainly
/// where something else than a PKID stands in it, and as a guess where a PKID may be meant.
fn verdict(text: &str, beside_hash: bool) -> Verdict {
    let make = |code, cause: &str, repair| Verdict {
        code,
        cause: cause.into(),
        repair,
    };
    let beside = |repair: Repair| if beside_hash { repair } else { Repair::None };
    let dropped = || beside(Repair::Certain(String::new()));
    let perhaps_dropped = || beside(Repair::Guess(String::new()));
    if is_product_key(text) {
        let cause = "This looks like a product key. A product key is secret and must not be in a \
                     list; the PKID is another number, with 13 digits.";
        return make(Code::PKID_PRODUCT_KEY, cause, dropped());
    }
    if is_product_id(text) {
        let cause = "This looks like a Windows product ID, which names the edition and not the \
                     device; the PKID is another number, with 13 digits.";
        return make(Code::PKID_PRODUCT_ID, cause, dropped());
    }
    if let Some(plain) = plain_form(text) {
        return plain;
    }
    if let Some(number) = as_number(text) {
        let cause = "A spreadsheet turned the PKID into a number.";
        let digits = number.digits.unwrap_or_default();
        let repair = match digits.len() {
            13 => Repair::Certain(digits),
            12 => Repair::Guess(format!("0{digits}")),
            _ => perhaps_dropped(),
        };
        return make(Code::PKID_AS_NUMBER, cause, repair);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && text.len() == 12 {
        let cause = "It has 12 digits instead of 13: one is missing, perhaps a leading zero that a \
                     spreadsheet dropped.";
        return make(
            Code::PKID_TWELVE_DIGITS,
            cause,
            Repair::Guess(format!("0{text}")),
        );
    }
    if digits {
        let cause = match text.len() {
            1 => "It has one digit instead of 13.".into(),
            digits => format!("It has {digits} digits instead of 13."),
        };
        return make(Code::PKID_FORM, &cause, perhaps_dropped());
    }
    match only_run_of_13(text) {
        Some(digits) => {
            let cause = "There are 13 digits in it, and something else.";
            make(Code::PKID_FORM, cause, Repair::Guess(digits.into()))
        }
        None => make(Code::PKID_FORM, "It is not 13 digits.", perhaps_dropped()),
    }
}

/// 13 digits with blanks, hyphens or signs that only look plain: nothing else can be meant.
fn plain_form(text: &str) -> Option<Verdict> {
    let thousands = |text: &str| {
        let groups = text.split('.').skip(1);
        groups.clone().count() > 1 && groups.into_iter().all(|group| group.len() == 3)
    };
    let bare = |text: &str| match text.replace([' ', '-'], "") {
        digits if thousands(&digits) => digits.replace('.', ""),
        digits => digits,
    };
    let plain = letters::plain(text);
    let digits = bare(&plain);
    Pkid::parse(&digits).ok()?;
    let (code, cause) = match letters::first_odd(text) {
        Some(odd @ (Odd::Apostrophe | Odd::Letter)) if bare(text) != digits => (
            odd.code(),
            "These are 13 digits and signs that don't belong to them.",
        ),
        _ => (
            Code::PKID_FORM,
            "There are other signs between the 13 digits.",
        ),
    };
    Some(Verdict {
        code,
        cause: cause.into(),
        repair: Repair::Certain(digits),
    })
}

/// The 13 digits in a text that has no others.
fn only_run_of_13(text: &str) -> Option<&str> {
    let mut runs = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty());
    let run = runs.next().filter(|run| run.len() == 13)?;
    runs.next().is_none().then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_mistakes_are_told_apart() {
        // The examples that the documents themselves carry are among them (registration.md 7).
        let certain = |text: &str| Repair::Certain(text.into());
        let guess = |text: &str| Repair::Guess(text.into());
        for (text, code, alone, beside) in [
            (
                "123451234567",
                Code::PKID_TWELVE_DIGITS,
                guess("0123451234567"),
                guess("0123451234567"),
            ),
            (
                "00329-00000-0003-AA606",
                Code::PKID_PRODUCT_ID,
                Repair::None,
                certain(""),
            ),
            (
                "12345-67890-09876-54321-13579",
                Code::PKID_PRODUCT_KEY,
                Repair::None,
                certain(""),
            ),
            ("3.30561E+12", Code::PKID_AS_NUMBER, Repair::None, guess("")),
            (
                "3.305612345678E+12",
                Code::PKID_AS_NUMBER,
                certain("3305612345678"),
                certain("3305612345678"),
            ),
            (
                "3305612345678.0",
                Code::PKID_AS_NUMBER,
                certain("3305612345678"),
                certain("3305612345678"),
            ),
            (
                "330561234567.0",
                Code::PKID_AS_NUMBER,
                guess("0330561234567"),
                guess("0330561234567"),
            ),
            (
                "33056-1234 5678",
                Code::PKID_FORM,
                certain("3305612345678"),
                certain("3305612345678"),
            ),
            (
                "3.305.612.345.678",
                Code::PKID_FORM,
                certain("3305612345678"),
                certain("3305612345678"),
            ),
            (
                "'3305612345678",
                Code::APOSTROPHE,
                certain("3305612345678"),
                certain("3305612345678"),
            ),
            (
                "３３０５６１２３４５６７８",
                Code::AUTOCORRECTED,
                certain("3305612345678"),
                certain("3305612345678"),
            ),
            (
                "PKID: 3305612345678",
                Code::PKID_FORM,
                guess("3305612345678"),
                guess("3305612345678"),
            ),
            ("12345678901234", Code::PKID_FORM, Repair::None, guess("")),
            ("PF02NCT8", Code::PKID_FORM, Repair::None, guess("")),
        ] {
            for (beside_hash, repair) in [(false, alone), (true, beside)] {
                let found = verdict(text, beside_hash);
                assert_eq!((found.code, found.repair), (code, repair), "{text}");
            }
        }
    }
}
