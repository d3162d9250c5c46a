//! Writing device lists.

use std::borrow::Borrow;
use std::io::{self, Write};

use encoding_rs::WINDOWS_1252;

use crate::cells::Cells;
use crate::check::Texts;
use crate::dialect::{Column, Dialect};
use crate::fields::quoted_field;
use crate::finding::is_blank;
use crate::repair::MendedRow;

/// Why a list can't be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The target failed.
    #[error("the list could not be written: {0}")]
    Io(#[from] io::Error),
    /// A value holds a comma, a quotation mark, a control character or one that ANSI does not have,
    /// has blanks around it, or is ANSI text that would be read as UTF-8.
    #[error("the {} in row {row} can't stand in a device list", column.name())]
    Value {
        /// Number of the row, from 1.
        row: u64,
        /// Which value.
        column: Column,
    },
}

/// Writes a conforming list: exact header, CRLF, no quotes, ASCII or Windows-1252. Columns that the
/// dialect does not have are not written.
pub fn write_list<W: Write>(
    mut w: W,
    dialect: Dialect,
    rows: impl IntoIterator<Item = impl Borrow<Cells>>,
) -> Result<(), WriteError> {
    write_header(&mut w, dialect)?;
    let mut line = Vec::new();
    for (row, cells) in (1..).zip(rows) {
        let texts = Texts::of(cells.borrow());
        strict_line(dialect, |column| texts.bytes(column), &mut line)
            .map_err(|column| WriteError::Value { row, column })?;
        w.write_all(&line)?;
    }
    Ok(())
}

/// Writes a conforming list of mended rows as they come, each list with its header.
#[derive(Debug)]
pub struct ListWriter<W> {
    w: W,
    begun: bool,
}

impl<W: Write> ListWriter<W> {
    /// A list that has nothing yet, not even a header.
    pub fn new(w: W) -> Self {
        Self { w, begun: false }
    }

    /// Writes a row, behind the header when it is the first.
    pub fn row(&mut self, row: &MendedRow<'_>) -> io::Result<()> {
        self.header(row.dialect())?;
        self.w.write_all(row.line())
    }

    /// Ends the list; one without rows gets this dialect's header.
    pub fn end(mut self, dialect: Dialect) -> io::Result<W> {
        self.header(dialect)?;
        self.w.flush()?;
        Ok(self.w)
    }

    fn header(&mut self, dialect: Dialect) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        write_header(&mut self.w, dialect)
    }
}

fn write_header(w: &mut impl Write, dialect: Dialect) -> io::Result<()> {
    w.write_all(dialect.header().as_bytes())?;
    w.write_all(b"\r\n")
}

/// Puts the line of a row, with its end, into `line`. Fails with the column whose value can't stand
/// in a strict list.
pub(crate) fn strict_line<'a>(
    dialect: Dialect,
    text: impl Fn(Column) -> &'a [u8],
    line: &mut Vec<u8>,
) -> Result<(), Column> {
    line.clear();
    for (at, column) in dialect.columns().iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        let bytes = text(*column);
        if is_plainly_strict(bytes) {
            line.extend_from_slice(bytes);
        } else {
            let value = strict(&String::from_utf8_lossy(bytes)).ok_or(*column)?;
            line.extend_from_slice(&value);
        }
    }
    line.extend_from_slice(b"\r\n");
    Ok(())
}

/// Whether a value is printable ASCII without commas, quotes and blanks around it.
fn is_plainly_strict(value: &[u8]) -> bool {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b',' && *byte != b'"';
    // No way out early: so the processor takes many bytes at once.
    let inside = value.iter().fold(true, |all, byte| all & plain(byte));
    inside && value.first() != Some(&b' ') && value.last() != Some(&b' ')
}

/// Whether a value can stand in a strict list.
pub(crate) fn can_stand(value: &str) -> bool {
    strict(value).is_some()
}

/// The bytes of a value in a strict list; `None` when it can't stand in one.
fn strict(value: &str) -> Option<Vec<u8>> {
    let stray = |c: char| c.is_control() || c == ',' || c == '"';
    if value.starts_with(is_blank) || value.ends_with(is_blank) || value.contains(stray) {
        return None;
    }
    let (bytes, _, replaced) = WINDOWS_1252.encode(value);
    // Letters that happen to be valid UTF-8 as well would be read as something else.
    let ambiguous = !bytes.is_ascii() && std::str::from_utf8(&bytes).is_ok();
    (!replaced && !ambiguous).then(|| bytes.into_owned())
}

/// Writes rows as they are, to be mended and sent again. Never fails: a value that a strict list
/// can't carry is quoted, and letters that ANSI does not have make the file UTF-8 with a mark.
pub fn write_rows(dialect: Dialect, rows: &[Cells]) -> Vec<u8> {
    let mut text = String::from(dialect.header());
    text.push_str("\r\n");
    for cells in rows {
        let values: Vec<_> = dialect
            .columns()
            .iter()
            .map(|column| quoted_field(cells.get(*column), ','))
            .collect();
        text.push_str(&values.join(","));
        text.push_str("\r\n");
    }
    match WINDOWS_1252.encode(&text) {
        (bytes, _, false) => bytes.into_owned(),
        (_, _, true) => format!("\u{feff}{text}").into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuple(manufacturer: &str) -> Cells {
        Cells::default()
            .with(Column::Manufacturer, manufacturer)
            .with(Column::Model, "Book 13")
            .with(Column::Serial, "0042")
    }

    #[test]
    fn a_strict_list_has_the_exact_header_and_keeps_its_commas() {
        let mut bytes = Vec::new();
        write_list(&mut bytes, Dialect::PartnerCenter, [tuple("Contoso")]).unwrap();
        let expected = format!(
            "{}\r\n0042,,,Contoso,Book 13\r\n",
            Dialect::PartnerCenter.header()
        );
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn ansi_letters_become_one_byte_and_others_are_refused() {
        let mut bytes = Vec::new();
        write_list(
            &mut bytes,
            Dialect::ManagedDesktopPartner,
            [tuple("Müller")],
        )
        .unwrap();
        assert!(bytes.ends_with(b"M\xfcller,Book 13,0042\r\n"));
        for refused in ["Łódź", "a,b", "a\"b", " a", "a\u{200b}", "a\tb", "Ã©"] {
            let error = write_list(Vec::new(), Dialect::PartnerCenter, [tuple(refused)]);
            assert!(
                matches!(
                    error,
                    Err(WriteError::Value {
                        row: 1,
                        column: Column::Manufacturer
                    })
                ),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn rows_to_mend_keep_everything() {
        let bytes = write_rows(Dialect::ManagedDesktopPartner, &[tuple("Łódź, \"North\"")]);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with('\u{feff}'));
        assert!(text.ends_with("\r\n\"Łódź, \"\"North\"\"\",Book 13,0042\r\n"));
    }
}
