//! Findings: what a check has to say about a cell, a row or a file.

use std::fmt;

use serde::Serialize;

use crate::code::Code;
use crate::dialect::Column;
use crate::product_key::holds_product_key;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The original refuses the file or the row.
    Error,
    /// Against the published rules, or doubtful, but taken.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that a check found.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which rule.
    pub code: Code,
    /// How bad; mostly the code's own severity.
    pub severity: Severity,
    /// Line in the file from 1; 0 is the whole file.
    pub line: u64,
    /// Field in the line from 1; 0 is the whole line.
    pub column: u32,
    /// Where that begins in the file, in bytes from 0; `None` for the whole file and in workbooks.
    pub byte: Option<u64>,
    /// How many bytes of the file the field takes from there, quotes and blanks included, or the
    /// whole line without its end; `None` where it is about nothing that stands in the file.
    pub length: Option<u64>,
    /// What the field holds, when that is known.
    pub field: Option<Column>,
    /// Number of the data row from 1, when it is about a row.
    pub row: Option<u32>,
    /// What stands there: control characters escaped, at most 80 characters, never a hash.
    pub found: Option<String>,
    /// What is wrong, as a sentence.
    pub cause: String,
    /// What to do, as a sentence.
    pub fix: String,
    /// The right value of the field where it can be computed, or guessed. For a hash this is the
    /// whole text: it may be shown to the owner of the list and never logged.
    pub corrected: Option<String>,
    /// Whether the repair needs no guess, or its guess was accepted, so that [`crate::repair()`]
    /// does it.
    pub certain: bool,
    /// Whether there is a repair that is a guess: it is done only where
    /// [`crate::CheckOptions::accept`] has the code.
    pub guess: bool,
    /// The line around the place, for the first findings of each code.
    pub excerpt: Option<Excerpt>,
}

/// A line with a mark under one of its fields: safe to show, long values shortened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The line as shown.
    pub text: String,
    /// Where the marked field begins in it, in characters from 0.
    pub start: usize,
    /// How many characters it has; 0 marks an empty field.
    pub length: usize,
}

/// Prints no corrected hash: hashes are sensitive.
impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certain = if self.certain { ", certain" } else { "" };
        write!(
            f,
            "{} {}:{} {}{certain}",
            self.code, self.line, self.column, self.cause
        )?;
        match (&self.corrected, self.field) {
            (Some(_), Some(Column::Hash)) => f.write_str(" => (a hash)"),
            (Some(corrected), _) => write!(f, " => {corrected:?}"),
            (None, _) => Ok(()),
        }
    }
}

/// The longest text in [`Finding::found`], in characters.
pub const MAX_FOUND: usize = 80;

/// Makes a text safe to show: control and invisible characters escaped, cut at [`MAX_FOUND`].
pub fn display_safe(text: &str) -> String {
    let mut shown = String::new();
    let mut length = 0;
    for c in text.chars() {
        let piece = if c.is_control() || is_invisible(c) {
            c.escape_unicode().to_string()
        } else {
            c.to_string()
        };
        length += piece.chars().count();
        if length > MAX_FOUND - 1 {
            shown.push('…');
            break;
        }
        shown.push_str(&piece);
    }
    shown
}

/// As many base64 characters in a row may be a hash, or a piece of one.
const HASH_LIKE: usize = 40;

/// Whether a text has the form of a hash or a product key, so that it must not be shown.
pub(crate) fn holds_secret(text: &str) -> bool {
    let foreign = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '-' | '_');
    let hash = text.len() >= HASH_LIKE && text.split(foreign).any(|run| run.len() >= HASH_LIKE);
    hash || holds_product_key(text)
}

/// Whether a text may be shown: it has neither the form of a hash nor that of a product key.
pub fn is_harmless(text: &str) -> bool {
    !holds_secret(text)
}

/// Characters that nobody sees: zero-width ones, marks of direction, byte-order marks, soft
/// hyphens.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// Whether a character at the edge of a value is a blank: any space, or one that nobody sees.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Building findings, step by step.
impl Finding {
    pub(crate) fn new(code: Code, cause: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            line: 0,
            column: 0,
            byte: None,
            length: None,
            field: None,
            row: None,
            found: None,
            cause: cause.into(),
            fix: code.fix_hint().into(),
            corrected: None,
            certain: false,
            guess: false,
            excerpt: None,
        }
    }

    pub(crate) fn at(mut self, line: u64, column: u32) -> Self {
        self.line = line;
        self.column = column;
        self
    }

    pub(crate) fn field(mut self, column: Column) -> Self {
        self.field = Some(column);
        self
    }

    /// Keeps what stands there, made safe to show, unless it has the form of a hash or of a product
    /// key. Never call it with a hash.
    pub(crate) fn found(mut self, text: &str) -> Self {
        self.found = (!holds_secret(text)).then(|| display_safe(text));
        self
    }

    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The repair needs no guess.
    pub(crate) fn certain(mut self) -> Self {
        self.certain = true;
        self
    }

    /// The right value is known for certain.
    pub(crate) fn corrected(mut self, value: impl Into<String>) -> Self {
        self.corrected = Some(value.into());
        self.certain()
    }

    /// There is a repair, and it is a guess.
    pub(crate) fn guess(mut self) -> Self {
        self.guess = true;
        self
    }

    /// The right value is probably this one.
    pub(crate) fn guessed(mut self, value: impl Into<String>) -> Self {
        self.corrected = Some(value.into());
        self.guess()
    }

    /// Whether its repair drops its row: an earlier row is the same device.
    pub(crate) fn drops_row(&self) -> bool {
        self.certain && self.row.is_some() && self.code.is_across_rows()
    }

    /// Whether it makes its row unusable: an error that can't be repaired without guessing.
    pub(crate) fn spoils(&self) -> bool {
        self.severity == Severity::Error && !self.certain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_hash_or_a_product_key_is_not_kept() {
        let found = |text: &str| Finding::new(Code::VALUE_FORM, "x").found(text).found;
        assert_eq!(found("00\t42").as_deref(), Some("00\\u{9}42"));
        assert_eq!(found(&format!("=\"{}\"", "T0Fs".repeat(40))), None);
        assert_eq!(found("12345-67890-09876-54321-13579"), None);
        assert!(found(&"a ".repeat(100)).is_some_and(|shown| shown.ends_with('…')));
    }
}
