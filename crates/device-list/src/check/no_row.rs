//! Lines below a header that are no rows: blank, separators only, or words for people.
//!
//! A line that might name a device is a row, however damaged: only what could name none is text.

mod prose;
mod total;

use prose::{is_greeting, is_prose, is_rule};
use total::{is_end, is_total};

use super::spreadsheet::is_error;
use crate::code::Code;
use crate::fields::{Field, split};
use crate::finding::{Finding, is_blank, is_harmless};
use crate::header::{DELIMITERS, is_header, looks_like_hash, separator_hint};
use crate::identifier::{Pkid, is_placeholder};

/// What a comment begins with.
const COMMENT_MARKS: [&str; 4] = ["#", "//", "--", "/*"];

/// What programs for DOS ended text files with.
const DOS_END: &str = "\u{1a}";

/// What a line would be read as, though it is meant as a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoRow {
    Comment,
    Header,
}

/// Whether a line of a strict list would be read as something else than a row.
pub(crate) fn read_as(line: &[u8]) -> Option<NoRow> {
    let line = line.trim_ascii_end();
    let fields = split(&String::from_utf8_lossy(line), b',');
    let begins = |mark: &&str| line.starts_with(mark.as_bytes());
    if is_header(&fields, None) {
        Some(NoRow::Header)
    } else if COMMENT_MARKS.iter().any(begins) && no_row(&fields).is_some() {
        Some(NoRow::Comment)
    } else {
        None
    }
}

/// A line that is no row, and why.
pub(super) fn no_row(fields: &[Field]) -> Option<Finding> {
    let texts: Vec<&str> = fields
        .iter()
        .map(|field| field.text.trim_matches(is_blank))
        .collect();
    let filled: Vec<&str> = texts
        .iter()
        .copied()
        .filter(|text| !text.is_empty())
        .collect();
    let separators = |text: &&str| {
        text.bytes()
            .all(|byte| DELIMITERS.contains(&byte) || byte == b' ')
    };
    if filled.iter().all(separators) {
        let alone = fields.len() == 1 && filled.is_empty();
        let finding = if alone {
            Finding::new(Code::BLANK_ROW, "The line is blank.")
        } else {
            Finding::new(Code::ROW_OF_COMMAS, "The row holds only separators.")
        };
        return Some(finding.certain());
    }
    let line = filled.join(" ");
    let what = what_text(&texts, &filled, &line)?;
    let finding = Finding::new(
        Code::TEXT_LINE,
        format!("The line is {what}, not a device."),
    )
    .certain();
    Some(if is_harmless(&line) {
        finding.found(&line)
    } else {
        finding
    })
}

/// What kind of text a line is; `None` where it may be a row.
fn what_text(texts: &[&str], filled: &[&str], line: &str) -> Option<&'static str> {
    let device = |text: &&str| looks_like_hash(text) || Pkid::parse(text).is_ok();
    let first = filled.first().copied().unwrap_or_default();
    if filled == [DOS_END] {
        return Some("the end mark of an old system");
    }
    if is_rule(filled) {
        return Some("a row of signs");
    }
    if filled
        .iter()
        .any(|text| device(text) || is_placeholder(text))
    {
        return None;
    }
    let on_top = !texts.first().is_none_or(|text| text.is_empty());
    // The separator that it names may be the list's own, and ends the field then.
    let hint = separator_hint(first).is_some() || first.eq_ignore_ascii_case("sep=");
    if on_top && hint && filled.len() == 1 {
        return Some("a spreadsheet's hint about separators");
    }
    if on_top && COMMENT_MARKS.iter().any(|mark| first.starts_with(mark)) && !is_error(first) {
        return Some("a comment");
    }
    // A number with "Total" in front names no device wherever they stand.
    if (on_top || filled.len() > 1) && is_total(filled) {
        return Some("a sum");
    }
    if on_top && is_end(filled) {
        return Some("the end of the list");
    }
    if on_top && (is_greeting(filled) || is_prose(filled, line)) {
        return Some("text for people");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::split;

    fn code(line: &str) -> Option<Code> {
        no_row(&split(line, b',')).map(|finding| finding.code)
    }

    #[test]
    fn lines_without_values_are_blank_or_separators() {
        for line in ["", "  ", "\u{a0}", "\u{feff}"] {
            assert_eq!(code(line), Some(Code::BLANK_ROW), "{line:?}");
        }
        for line in [",,,", " , ", ";;;;", "\t,|"] {
            assert_eq!(code(line), Some(Code::ROW_OF_COMMAS), "{line:?}");
        }
    }

    #[test]
    fn text_for_people_is_told_from_rows() {
        for line in [
            "# exported on 2024-03-01",
            "// do not edit,,,,",
            "sep=;",
            "Total,25",
            "Total: 25,,,,",
            "Number of devices = 25",
            "(25 rows affected)",
            "25 devices",
            "End of list,,",
            "Total: 25 devices",
            "Total,25,devices",
            ",,Total,2",
            "Kind regards, Max",
            "Created 2024-05-01 by John",
            "-----",
            "\u{1a}",
            "|---|---|",
            "=====,=====",
            "Delete these lines before uploading,,,,",
            "\"The hash may be left out, if manufacturer and model are there.\"",
            "Please delete these rows, and this text, before you upload the list.",
            "Diese Zeilen bitte vor dem Hochladen löschen.",
            "Supprimez ces lignes avant d'envoyer la liste.",
            "Note:the serial number is on the label,,,",
        ] {
            assert_eq!(code(line), Some(Code::TEXT_LINE), "{line}");
        }
    }

    #[test]
    fn what_may_be_a_device_is_a_row() {
        let hash = "T0FzAQEAHAAA".repeat(8);
        for line in [
            "0042,,,,",
            "#N/A,,,Contoso,Book 13",
            "0042",
            "25",
            "Total",
            "ABC-25",
            "To be filled by O.E.M.,,,,",
            "System Serial Number",
            "Contoso Ltd,Book 13 Pro",
            "Contoso,Book of the Year 13,0042",
            "Contoso,Book of the Year for the Office,ABCDEF",
            "Hewlett Packard of America, Elite Book 840 for the Office, ABCDEFG",
            ",,,,Surface Laptop for Business",
            ",3305612345678,,,",
            "Contoso",
            "Contoso,25",
            "016520771357;;;Microsoft Corporation;Surface Pro 10 for Business",
            "016520771357\t\t\tMicrosoft Corporation\tSurface Pro 10 for Business",
            "\"016520771357,,,Microsoft Corporation,Surface Pro 10 for Business\"",
            "Laptop of Anna 5CG1234ABD",
            "5CG1234ABD is for Anna",
            "5CG1234ABE HP EliteBook 840 G8, to be delivered",
            "The laptop of Anna: 16520771357",
            "* 5CG1234ABE",
            "-",
            "--,,,,",
            "Total: 5CG1234ABE",
            "Thanks 5CG1234ABE",
        ] {
            assert_eq!(code(line), None, "{line}");
        }
        assert_eq!(code(&format!("this is the hash of a device,{hash}")), None);
    }

    #[test]
    fn a_text_with_a_product_key_is_not_shown() {
        let fields = split("The key of these is ABCDE-FGHJK-MNPQR-STVWX-YZ234", b',');
        let finding = no_row(&fields).unwrap();
        assert_eq!((finding.code, finding.found), (Code::TEXT_LINE, None));
    }
}
