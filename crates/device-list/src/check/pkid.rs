//! The form of a PKID, and what people write in its place.

use std::borrow::Cow;

use super::across::is_scientific;
use super::row::{Notes, Texts};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::identifier::Pkid;

/// Reads the row's PKID; notes what it is if it is none. Blanks and hyphens between 13 digits are a
/// certain repair.
pub(crate) fn read<'a>(
    texts: &Texts<'a>,
    notes: &mut Notes<'_>,
    corrections: &mut Vec<(Column, String)>,
) -> Option<Cow<'a, str>> {
    if !texts.has(Column::Pkid) {
        return None;
    }
    let text = texts.text(Column::Pkid);
    if Pkid::parse(&text).is_ok() {
        return Some(text);
    }
    let (cause, show) = what(&text);
    let mut finding = Finding::new(Code::PKID_FORM, cause).field(Column::Pkid);
    if show {
        finding = finding.found(&text);
    }
    let bare = text.replace([' ', '-'], "");
    if Pkid::parse(&bare).is_err() {
        notes.add(finding);
        return None;
    }
    notes.add(finding.corrected(bare.as_str()));
    corrections.push((Column::Pkid, bare.clone()));
    Some(bare.into())
}

/// Says what a text is that is no PKID, and whether it may be shown: product keys are secrets.
fn what(text: &str) -> (String, bool) {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let letters = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let cause = if is_scientific(text) {
        "A spreadsheet turned the PKID into a number and dropped digits.".into()
    } else if digits && text.len() == 12 {
        "It has 12 digits instead of 13: one is missing, perhaps a leading zero that a \
         spreadsheet dropped."
            .into()
    } else if digits {
        format!("It has {} digits instead of 13.", text.len())
    } else if letters && (groups == [5; 5] || text.len() == 25) {
        let cause = "This looks like a product key. A product key is secret and must not be in a \
                     list; the PKID is another number, with 13 digits.";
        return (cause.into(), false);
    } else if letters && groups == [5; 4] {
        "This looks like a Windows product ID, which names the edition and not the device; the \
         PKID is another number, with 13 digits."
            .into()
    } else {
        "It is not 13 digits.".into()
    };
    (cause, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_mistakes_are_told_apart() {
        // The examples that the documents themselves carry (registration.md 7).
        assert!(what("123451234567").0.contains("12 digits"));
        assert!(what("00329-00000-0003-AA606").0.contains("not 13 digits"));
        assert!(what("00329-00000-00003-AA606").0.contains("product ID"));
        assert!(what("3.30561E+12").0.contains("spreadsheet"));
        assert!(what("12345678901234").0.contains("14 digits"));
    }

    #[test]
    fn a_product_key_is_never_shown() {
        for key in ["12345-67890-09876-54321-13579", "ABCDEFGHJKLMNPQRSTUVWXYZ2"] {
            let (cause, show) = what(key);
            assert!(cause.contains("product key") && !show, "{key}");
        }
    }
}
