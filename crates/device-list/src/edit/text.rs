//! A list's bytes as text that can be changed byte by byte, and back.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::EditError;
use crate::encoding::Encoding;
use crate::hardware_hash::container;
use crate::source::{BLOCK, Source, Text};

/// The bytes with which every zip begins, and so every workbook.
const ZIP: &[u8] = b"PK\x03\x04";

/// The list as text whose lines and fields can be changed where they stand: ASCII, Windows-1252 and
/// UTF-8 as they are, UTF-16 as UTF-8.
///
/// # Errors
/// [`EditError::NotText`] for a workbook.
pub fn text_of(bytes: &[u8]) -> Result<Cow<'_, [u8]>, EditError> {
    if bytes.starts_with(ZIP) {
        return Err(EditError::NotText);
    }
    let Ok(mut source) = Source::open(bytes, BLOCK) else {
        return Err(EditError::NotText);
    };
    match source.mark().encoding {
        None | Some(Encoding::Utf8Mark) => Ok(Cow::Borrowed(bytes)),
        Some(_) => Ok(Cow::Owned(decoded(&mut source)?)),
    }
}

/// The rows of a sheet (each with its number, from 1) as a list's text, in which [`super::ListText`]
/// can change them: UTF-8, commas, each row on the line of its number, so that a row that the sheet
/// leaves out is a blank line. A line break in a cell becomes a blank. What kind of cell a value had
/// is not in the text.
pub fn text_of_rows<R: AsRef<[String]>>(rows: impl IntoIterator<Item = (u64, R)>) -> Vec<u8> {
    let mut text = String::new();
    let mut next = 1;
    for (number, cells) in rows {
        for _ in next..number {
            text.push_str("\r\n");
        }
        next = number + 1;
        let cells: Vec<String> = cells.as_ref().iter().map(|cell| field_of(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// A line in ANSI, if it can be read again from that.
fn ansi(line: &str) -> Option<Cow<'_, [u8]>> {
    let (bytes, _, replaced) = WINDOWS_1252.encode(line);
    (!replaced && container::text(&bytes) == line).then_some(bytes)
}

fn field_of(cell: &str) -> String {
    let cell = cell.replace("\r\n", " ").replace(['\r', '\n'], " ");
    if cell.contains([',', '"']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

fn decoded(source: &mut Source<&[u8]>) -> Result<Vec<u8>, EditError> {
    let mut text = Text::default();
    while source.read(&mut text).map_err(|_| EditError::NotText)? {}
    Ok(text.as_bytes().to_vec())
}

/// Where the text begins: behind a byte-order mark.
pub(super) fn begin(bytes: &[u8]) -> usize {
    usize::from(bytes.starts_with(b"\xef\xbb\xbf")) * 3
}

/// A line in the encoding of its file: ANSI unless that is UTF-8 already, or ANSI does not have
/// these letters, or they would be read as others.
pub(super) fn encode(line: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Ascii | Encoding::Windows1252 => ansi(line),
        _ => None,
    }
    .unwrap_or(Cow::Borrowed(line.as_bytes()))
    .into_owned()
}
