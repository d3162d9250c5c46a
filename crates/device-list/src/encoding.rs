//! How the text of a list is encoded.

use serde::Serialize;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// ASCII only: conforming.
    #[default]
    Ascii,
    /// ANSI: conforming.
    Windows1252,
    /// UTF-8 without a byte-order mark, with letters outside ASCII.
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Mark,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// Some lines UTF-8, some Windows-1252.
    Mixed,
    /// No text: the cells of a workbook.
    Workbook,
}

impl Encoding {
    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Windows1252 => "ANSI (Windows-1252)",
            Self::Utf8 => "UTF-8",
            Self::Utf8Mark => "UTF-8 with byte-order mark",
            Self::Utf16Le => "UTF-16 little endian",
            Self::Utf16Be => "UTF-16 big endian",
            Self::Workbook => "workbook",
            Self::Mixed => "UTF-8 and Windows-1252 mixed",
        }
    }
}
