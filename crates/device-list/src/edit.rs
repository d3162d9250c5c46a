//! Changing a list where it is wrong: one line, one field, and everything else as it was.
//!
//! ```
//! use device_list::{CheckOptions, edit::ListText};
//!
//! let bytes = b"Manufacturer,Model,Serial Number\r\nContoso,Book 13,1.2E+5\r\n";
//! let text = ListText::read(bytes, &CheckOptions::default())?;
//! let mended = text.replace_field(2, 3, "0042")?;
//! assert_eq!(mended, b"Manufacturer,Model,Serial Number\r\nContoso,Book 13,0042\r\n");
//! # Ok::<(), device_list::edit::EditError>(())
//! ```

mod lines;
mod sheet;
mod text;

use std::borrow::Cow;
use std::ops::Range;

use crate::check::CheckOptions;
use crate::dialect::Column;
use crate::fields::{spans, split};
use crate::finding::is_blank;
use crate::hardware_hash::container;
use crate::workbook::is_workbook;
use lines::{Columns, Lines, TextLine};
use sheet::Doubt;

pub use text::{text_of, text_of_rows};

/// The longest value that can be put into a field, in characters; a hash may be as long as a line.
pub const MAX_VALUE: usize = 128;

/// The longest text of a hash that can be put into a field, in characters.
pub const MAX_HASH: usize = 64 * 1024;

/// Why a list was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Something that has no lines of text, or a workbook that can't be read.
    #[error("This file is no text: its cells can't be changed here.")]
    NotText,
    /// A workbook that keeps other values as numbers: as text they would look as if nothing was
    /// wrong with them.
    #[error(
        "The workbook keeps other values as numbers, which can't be told any more once it is text. \
         Accept them as they are shown first, or write them as text in the workbook and send it again."
    )]
    NumberCells,
    /// The list has no such line, or it is none that can be changed.
    #[error("There is no such line in the list.")]
    NoSuchLine,
    /// The line has no such field, and the list no such column.
    #[error("There is no such field in the line.")]
    NoSuchField,
    /// The value holds something that no value of a device list can hold.
    #[error("A value can't hold commas, quotes, line breaks or other control characters.")]
    Letters,
    /// The value is longer than [`MAX_VALUE`], or [`MAX_HASH`] for a hash.
    #[error("This is too long: at most {most} characters are possible here.")]
    TooLong {
        /// How many there may be.
        most: usize,
    },
    /// Stray quotes tie this line to others.
    #[error("Other lines would change with this one: quotes go on from line to line.")]
    Entangled,
}

/// A field of a line, as it stands there.
#[derive(Clone, PartialEq, Eq)]
pub struct ListField {
    /// What the list's own header calls its column; blank where there is none.
    pub name: String,
    /// What it holds, where that is known.
    pub column: Option<Column>,
    /// Its text, without quotes around it.
    pub text: String,
}

/// Prints no hash: hashes are sensitive.
impl std::fmt::Debug for ListField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let length = self.text.chars().count();
        match self.column {
            Some(column) if column != Column::Hash => {
                write!(f, "{}: {:?}", column.name(), self.text)
            }
            _ => write!(f, "{:?}: ({length} characters)", self.name),
        }
    }
}

/// A list with its lines, as a check tells them apart: the header lines, the rows, and the skipped
/// lines that a finding names.
#[derive(Clone)]
pub struct ListText {
    text: Vec<u8>,
    options: CheckOptions,
    lines: Lines,
    /// Where a workbook shows that something is wrong and its text does not.
    doubts: Vec<Doubt>,
}

/// Prints no line: there may be hashes in it.
impl std::fmt::Debug for ListText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a list of {} bytes", self.text.len())
    }
}

impl ListText {
    /// Reads a list. One that is not in an encoding with a byte for each sign of its form becomes
    /// UTF-8 first ([`text_of`]), with the same lines and fields; so does a workbook's sheet.
    pub fn read(bytes: &[u8], options: &CheckOptions) -> Result<Self, EditError> {
        let (text, doubts) = if is_workbook(bytes) {
            sheet::text_of_sheet(bytes, options)?
        } else {
            (text_of(bytes)?.into_owned(), Vec::new())
        };
        let options = CheckOptions {
            threads: 1,
            ..options.clone()
        };
        Ok(Self {
            lines: lines::read(&text, &options),
            text,
            options,
            doubts,
        })
    }

    /// The bytes that the changes are made in: those that were read, or their UTF-8 text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The fields of a line by its number, from 1: at least as many as there are columns. Where a
    /// quote is never closed, the line's quotes are left out and the separators alone count.
    pub fn fields(&self, line: u64) -> Option<Vec<ListField>> {
        let line = self.line(line).ok()?;
        let layout = self.layout(line);
        let raw = self.raw(line);
        let parts = parts(&raw, layout.delimiter);
        let texts = parts.iter().map(|part| unquoted(part, layout.delimiter));
        let missing = layout.holds.len().saturating_sub(parts.len());
        let texts = texts.chain(std::iter::repeat_n(String::new(), missing));
        let field = |(at, text)| ListField {
            name: layout.names.get(at).cloned().unwrap_or_default(),
            column: layout.holds.get(at).copied().flatten(),
            text,
        };
        Some(texts.enumerate().map(field).collect())
    }

    /// [`ListText::replace_fields`] for one field.
    pub fn replace_field(&self, line: u64, field: u32, value: &str) -> Result<Vec<u8>, EditError> {
        self.replace_fields(line, &[(field, value)])
    }

    /// Whether there are places in which a workbook shows that something is wrong and its text does
    /// not: then [`ListText::can_change`] is not true of every field.
    pub fn has_doubts(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// Whether a field of a line (number from 1; 0 is the whole line) can be changed without hiding
    /// what is wrong with others: not where a workbook keeps those as numbers.
    pub fn can_change(&self, line: u64, field: u32) -> bool {
        let mut doubts = self.doubts.iter();
        doubts.all(|doubt| doubt.0 == line && (doubt.1 == field || field == 0 || doubt.1 == 0))
    }

    /// The list with other values in these fields (numbers from 1) of a line. Blanks around a value
    /// are left out; a value with the list's separator is put in quotes, and one that stands there already
    /// stays as it stands. Nothing else changes, but
    /// that a line with a quote that is never closed loses its quotes.
    pub fn replace_fields(&self, line: u64, values: &[(u32, &str)]) -> Result<Vec<u8>, EditError> {
        let given = |field: u32| values.iter().any(|(given, _)| *given == field);
        let left = |doubt: &&Doubt| doubt.0 != line || !(doubt.1 == 0 || given(doubt.1));
        if self.doubts.iter().any(|doubt| left(&doubt)) {
            return Err(EditError::NumberCells);
        }
        let line = self.line(line)?;
        let layout = self.layout(line);
        let raw = self.raw(line);
        let mut parts = parts(&raw, layout.delimiter);
        let most = parts.len().max(layout.holds.len());
        for (field, value) in values {
            let at = (*field as usize).wrapping_sub(1);
            if at >= most {
                return Err(EditError::NoSuchField);
            }
            let there = parts.get(at).map(|part| unquoted(part, layout.delimiter));
            if there.unwrap_or_default() == *value {
                continue;
            }
            let value = allowed(value, layout.holds.get(at).copied().flatten())?;
            if at >= parts.len() {
                parts.resize(at + 1, String::new());
            }
            parts[at] = quoted(value, layout.delimiter);
        }
        if parts.len() == 1 && parts[0].starts_with('"') {
            // Alone, it would be read as a whole row in quotes.
            parts.resize(layout.holds.len().max(1), String::new());
        }
        let joined = parts.join(&String::from(char::from(layout.delimiter)));
        let joined = text::encode(&joined, self.lines.encoding);
        let changed = self.with(line.at.clone(), &joined);
        self.held_against(&changed, line, true)?;
        Ok(changed)
    }

    /// The list without a line; the lines below move up.
    pub fn remove_line(&self, line: u64) -> Result<Vec<u8>, EditError> {
        if !self.can_change(line, 0) {
            return Err(EditError::NumberCells);
        }
        let line = self.line(line)?;
        let behind = match &self.text[line.at.end..] {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        let at = line.at.start..line.at.end + behind;
        let changed = self.with(at, b"");
        self.held_against(&changed, line, false)?;
        Ok(changed)
    }

    fn line(&self, number: u64) -> Result<&TextLine, EditError> {
        let found = self
            .lines
            .known
            .binary_search_by_key(&number, |line| line.number);
        found
            .map(|at| &self.lines.known[at])
            .map_err(|_| EditError::NoSuchLine)
    }

    fn layout(&self, line: &TextLine) -> &Columns {
        &self.lines.layouts[line.layout]
    }

    /// The line's text, without quotes around all of it where it has several fields inside them.
    fn raw(&self, line: &TextLine) -> Cow<'_, str> {
        let text = &self.text[line.at.clone()];
        let inside = match text {
            [b'"', inside @ .., b'"'] if line.wrapped => inside,
            _ => text,
        };
        container::text(inside)
    }

    fn with(&self, at: Range<usize>, bytes: &[u8]) -> Vec<u8> {
        [&self.text[..at.start], bytes, &self.text[at.end..]].concat()
    }

    /// Makes sure that every other row reads as before. Changing a header may change what rows are.
    fn held_against(&self, changed: &[u8], line: &TextLine, stays: bool) -> Result<(), EditError> {
        if !line.is_row {
            return Ok(());
        }
        let after = Self::read(changed, &self.options)?;
        let before = self.rows_but(Some(line.number));
        if before.eq(after.rows_but(stays.then_some(line.number))) {
            Ok(())
        } else {
            Err(EditError::Entangled)
        }
    }

    /// The rows as they stand, without one line.
    fn rows_but(&self, line: Option<u64>) -> impl Iterator<Item = &[u8]> {
        let rows = self.lines.known.iter().filter(|row| row.is_row);
        rows.filter(move |row| Some(row.number) != line)
            .map(|row| &self.text[row.at.clone()])
    }
}

/// Whether a value may be put into a field, and what of it.
fn allowed(value: &str, column: Option<Column>) -> Result<&str, EditError> {
    let value = value.trim_matches(is_blank);
    let most = match column {
        Some(Column::Hash) => MAX_HASH,
        _ => MAX_VALUE,
    };
    if value.chars().nth(most).is_some() {
        return Err(EditError::TooLong { most });
    }
    if value.contains(|c: char| c.is_control() || matches!(c, ',' | '"')) {
        return Err(EditError::Letters);
    }
    Ok(value)
}

/// The texts of a line between its separators, with their quotes: all of the line put together again.
/// Where a quote is never closed, the quotes are left out and every separator counts.
fn parts(line: &str, delimiter: u8) -> Vec<String> {
    let by = char::from(delimiter);
    if split(line, delimiter).iter().any(|field| field.open) {
        let whole = line.replace(['"', '\r', '\n'], "");
        return whole.split(by).map(str::to_owned).collect();
    }
    let spans = spans(line.as_bytes(), delimiter);
    spans.into_iter().map(|at| line[at].to_owned()).collect()
}

/// A field without its quotes.
fn unquoted(part: &str, delimiter: u8) -> String {
    let field = split(part, delimiter).into_iter().next();
    field.map(|field| field.text).unwrap_or_default()
}

fn quoted(value: &str, delimiter: u8) -> String {
    if value.contains(char::from(delimiter)) {
        format!("\"{value}\"")
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests;
