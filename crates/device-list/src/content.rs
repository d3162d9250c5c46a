//! What a file is that is no list, by its first bytes or words.

use crate::code::Code;
use crate::finding::Finding;

/// What the first bytes show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Content {
    /// Text, or nothing known.
    #[default]
    Text,
    /// Something else, by name.
    Other(&'static str),
}

/// Beginnings of files that are no text, and what they are.
const MAGICS: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF87a", "a picture (GIF)"),
    (b"GIF89a", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"{\\rtf", "a document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
    (b"Rar!\x1a\x07", "an archive (RAR)"),
    (b"BZh", "a compressed file (bzip2)"),
    (b"\xfd7zXZ\0", "a compressed file (xz)"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)"),
    (b"MSCF\0\0\0\0", "an archive (cabinet)"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\0\x01\0\0Standard ", "a database (Access)"),
    (
        b"\xff\xfe\0\0",
        "UTF-32 text, which hardly any program reads",
    ),
    (
        b"\0\0\xfe\xff",
        "UTF-32 text, which hardly any program reads",
    ),
];

impl Content {
    /// What the first bytes of a file show.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        // Two letters alone may begin a text as well.
        let program = bytes.starts_with(b"MZ") && bytes.iter().take(64).any(|byte| *byte == 0);
        let magic = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic));
        match bytes {
            [0, 0, 0, a, 0, 0, 0, b, ..] | [a, 0, 0, 0, b, 0, 0, 0, ..] if *a > 0 && *b > 0 => {
                Self::Other("UTF-32 text, which hardly any program reads")
            }
            _ if program => Self::Other("a program"),
            _ => magic.map_or(Self::Text, |(_, what)| Self::Other(what)),
        }
    }

    /// What there is to say about a file that is no text.
    pub(crate) fn finding(self) -> Option<Finding> {
        let what = match self {
            Self::Text => return None,
            Self::Other(what) => what,
        };
        Some(Finding::new(Code::NOT_TEXT, format!("The file is {what}.")))
    }
}

/// Whether a text is a web page: what a download leaves that asked for a sign-in.
pub(crate) fn is_web_page(text: &[u8]) -> bool {
    let start = &text[..text.len().min(2048)];
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let mut rest = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    while let Some((_, behind)) = rest
        .strip_prefix("<!--")
        .and_then(|rest| rest.split_once("-->"))
    {
        rest = behind.trim_start();
    }
    let xml = rest.starts_with("<?xml") && rest.contains("<html");
    let tags = ["<!doctype html", "<html", "<head", "<body"];
    xml || tags.iter().any(|tag| rest.starts_with(tag))
}

/// What a text is that has structure of another kind, by its first words.
pub(crate) fn other_structure(lines: &[&str]) -> Option<&'static str> {
    let first = lines
        .iter()
        .map(|line| line.trim())
        .find(|line| !line.is_empty())?;
    let first = first.trim_start_matches('\u{feff}');
    let quoted = |line: &&str| line.trim_start().starts_with(['"', '{', '[', '}', ']']);
    if first.starts_with("<?xml") || first.starts_with('<') && first.ends_with('>') {
        let report = lines.iter().any(|line| line.contains("HardwareReport"));
        return Some(if report {
            "a hardware report as oa3tool writes it, in XML; its hash can be decoded, and a list \
             of it is made of the hash and the serial number inside"
        } else {
            "XML"
        });
    }
    let json = first.starts_with(['{', '['])
        && lines
            .iter()
            .filter(|line| !line.trim().is_empty())
            .all(quoted);
    json.then_some("JSON")
}

/// Whether a text has so many control characters that it is none.
pub(crate) fn is_binary(lines: &[&str]) -> bool {
    let control = |c: &char| c.is_control() && !matches!(c, '\t' | '\r') || *c == '\u{fffd}';
    let (mut all, mut odd) = (0_usize, 0_usize);
    for line in lines {
        all += line.chars().count();
        odd += line.chars().filter(control).count();
    }
    odd > 3 && odd * 10 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_text_are_named() {
        for (bytes, what) in [
            (&b"%PDF-1.7\n"[..], "PDF"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"MZ\x90\0\x03", "program"),
            (b"\xff\xfe\0\0D\0\0\0", "UTF-32"),
            (b"D\0\0\0e\0\0\0", "UTF-32"),
            (b"\0\0\0D\0\0\0e", "UTF-32"),
        ] {
            let finding = Content::of(bytes).finding().unwrap();
            assert!(finding.cause.contains(what), "{}", finding.cause);
        }
        for text in [
            &b""[..],
            b"MZ1,,,Contoso,Book",
            b"\0\0\0\0\0\0\0\0\0",
            b"D\0e\0v\0i\0",
        ] {
            assert_eq!(Content::of(text), Content::Text, "{text:?}");
        }
    }

    #[test]
    fn web_pages_and_other_structures_are_named() {
        for page in [
            "<!DOCTYPE html>",
            "\n <HTML lang=en>",
            "<!-- a --><html>",
            "\u{feff}<html>",
        ] {
            assert!(is_web_page(page.as_bytes()), "{page}");
        }
        assert!(!is_web_page(b"Manufacturer,Model,Serial Number"));
        assert_eq!(
            other_structure(&["{\"value\":[{\"serialNumber\":\"1\"}]}"]),
            Some("JSON")
        );
        assert_eq!(
            other_structure(&["[", "  {", "  \"a\": 1", "}", "]"]),
            Some("JSON")
        );
        assert_eq!(
            other_structure(&["<?xml version=\"1.0\"?>", "<a/>"]),
            Some("XML")
        );
        assert_eq!(other_structure(&["", "[x] to do", "0042"]), None);
    }

    #[test]
    fn control_characters_make_a_file_binary() {
        assert!(is_binary(&["a\u{1}\u{2}b", "\u{0}\u{0}c"]));
        assert!(!is_binary(&["Contoso\u{0},Book 13,0042"]));
    }
}
