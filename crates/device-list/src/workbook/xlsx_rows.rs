//! The rows of an XLSX sheet, one after the other (ECMA-376 part 1, 18.3.1).

use quick_xml::events::{BytesStart, Event};

use super::cell::{CellKind, SheetCell, SheetRow};
use super::date::date_text;
use super::error::{WorkbookError, damaged};
use super::limits::WorkbookLimits;
use super::merged::Merged;
use super::number::Number;
use super::number_format::{NumberFormat, in_pattern};
use super::row::Meter;
use super::strings::{rich_text, unescaped};
use super::xlsx::Book;
use super::xml::{Xml, attributes};

/// A sheet that is being read.
pub(super) struct XlsxRows<'w> {
    xml: Xml<'w>,
    book: &'w Book,
    meter: Meter,
    /// Of the row before.
    number: u64,
    value: String,
    /// Known behind the last row.
    pub(super) merged: Merged,
}

/// What a cell's start says.
struct Head {
    column: u64,
    style: usize,
    kind: ValueKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    Number,
    Shared,
    /// Text, whether in the cell or made by a formula.
    Text,
    Boolean,
    Error,
    Date,
}

/// What stands in a cell.
enum Child {
    Value,
    Rich,
    Formula,
    Other,
}

impl<'w> XlsxRows<'w> {
    /// Goes to the cells.
    pub(super) fn open(
        mut xml: Xml<'w>,
        book: &'w Book,
        limits: &WorkbookLimits,
    ) -> Result<Self, WorkbookError> {
        loop {
            let event = xml.next()?;
            match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "sheetData" => break,
                    "worksheet" => {}
                    _ => {
                        drop(event);
                        xml.skip()?;
                    }
                },
                Event::Eof => return Err(damaged("it has no cells")),
                _ => {}
            }
        }
        Ok(Self {
            xml,
            book,
            meter: Meter::new(limits),
            number: 0,
            value: String::new(),
            merged: Merged::default(),
        })
    }

    /// The next row in which something stands.
    pub(super) fn next(&mut self) -> Result<Option<SheetRow>, WorkbookError> {
        loop {
            let event = self.xml.next()?;
            let element = match &event {
                Event::Start(element) => element,
                Event::End(_) => {
                    drop(event);
                    self.merged = Merged::behind_rows(&mut self.xml);
                    self.xml.finish()?;
                    return Ok(None);
                }
                _ => continue,
            };
            if element.local_name().as_ref() != "row" {
                drop(event);
                self.xml.skip()?;
                continue;
            }
            let mut number = self.number.saturating_add(1);
            let mut hidden = false;
            for pair in attributes(element) {
                match pair? {
                    ("r", value) => number = number_of(&value)?,
                    ("hidden", value) => hidden = is_true(&value),
                    _ => {}
                }
            }
            drop(event);
            self.meter.begin_row()?;
            self.number = number;
            let cells = self.cells()?;
            if !cells.is_empty() {
                return Ok(Some(SheetRow {
                    number: self.meter.row_number(number)?,
                    hidden,
                    cells,
                }));
            }
        }
    }

    fn cells(&mut self) -> Result<Vec<SheetCell>, WorkbookError> {
        let mut cells = Vec::new();
        let mut column = 0;
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(element) if element.local_name().as_ref() == "c" => {
                    let head = head(element, column)?;
                    drop(event);
                    column = head.column + 1;
                    let cell = self.cell(&head)?;
                    self.meter.put(&mut cells, head.column, cell)?;
                }
                Event::Start(_) => {
                    drop(event);
                    self.xml.skip()?;
                }
                Event::End(_) => return Ok(cells),
                _ => {}
            }
        }
    }

    fn cell(&mut self, head: &Head) -> Result<SheetCell, WorkbookError> {
        let (mut rich, mut formula) = (false, false);
        self.value.clear();
        loop {
            let event = self.xml.next()?;
            let child = match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" => Child::Value,
                    "is" => Child::Rich,
                    "f" => Child::Formula,
                    _ => Child::Other,
                },
                Event::End(_) => break,
                _ => continue,
            };
            drop(event);
            match child {
                Child::Value if !rich => {
                    self.value.clear();
                    self.xml.text(&mut self.value)?;
                }
                Child::Rich => {
                    rich = true;
                    self.value.clear();
                    rich_text(&mut self.xml, &mut self.value)?;
                }
                Child::Formula => {
                    formula = true;
                    self.xml.skip()?;
                }
                Child::Value | Child::Other => self.xml.skip()?,
            }
        }
        if rich {
            return Ok(SheetCell::text(self.value.as_str()));
        }
        if self.value.is_empty() && formula && head.kind == ValueKind::Number {
            return Ok(SheetCell::new("", CellKind::NotCalculated));
        }
        self.valued(head)
    }

    /// A cell with the value just read.
    fn valued(&self, head: &Head) -> Result<SheetCell, WorkbookError> {
        let value = self.value.as_str();
        if value.is_empty() {
            return Ok(SheetCell::default());
        }
        Ok(match head.kind {
            ValueKind::Shared => {
                let number = value.trim_ascii().parse().ok();
                let shared = number.and_then(|number| self.book.strings.get(number));
                SheetCell::text(shared.ok_or_else(|| damaged("a text is missing"))?)
            }
            ValueKind::Text => SheetCell::text(unescaped(value)),
            ValueKind::Boolean => SheetCell::boolean(is_true(value.trim_ascii())),
            ValueKind::Error => SheetCell::new(value, CellKind::Error),
            ValueKind::Date => SheetCell::new(value.trim_end_matches("T00:00:00"), CellKind::Date),
            ValueKind::Number => self.number(head.style),
        })
    }

    fn number(&self, style: usize) -> SheetCell {
        let Some(number) = Number::read(&self.value) else {
            return SheetCell::text(self.value.as_str());
        };
        let format = self.book.styles.format(style);
        if let NumberFormat::Date(format) = *format {
            let serial = self.value.trim_ascii().parse().unwrap_or(f64::NAN);
            if let Some(date) = date_text(serial, format, self.book.from_1904) {
                return SheetCell::new(date, CellKind::Date);
            }
        }
        let text = match (&*format, number.whole()) {
            (NumberFormat::Pattern(places), Some(whole)) => in_pattern(places, &whole),
            _ => number.text(),
        };
        let lost_digits = number.lost_digits();
        SheetCell::new(text, CellKind::Number { lost_digits })
    }
}

/// Reads a cell's start; without an address it stands behind the one before.
fn head(element: &BytesStart<'_>, mut column: u64) -> Result<Head, WorkbookError> {
    let (mut style, mut kind) = (0, ValueKind::Number);
    for pair in attributes(element) {
        match pair? {
            ("r", value) => column = column_of(&value)?,
            ("s", value) => style = value.parse().unwrap_or(0),
            ("t", value) => {
                kind = match value.as_ref() {
                    "n" => ValueKind::Number,
                    "s" => ValueKind::Shared,
                    "b" => ValueKind::Boolean,
                    "e" => ValueKind::Error,
                    "d" => ValueKind::Date,
                    _ => ValueKind::Text,
                }
            }
            _ => {}
        }
    }
    Ok(Head {
        column,
        style,
        kind,
    })
}

/// The column of an address such as `AB12`, from 0.
fn column_of(address: &str) -> Result<u64, WorkbookError> {
    let letters = address.trim_end_matches(|c: char| c.is_ascii_digit());
    let short = (1..=5).contains(&letters.len());
    if !short || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(damaged("a cell has no address"));
    }
    let number = letters.bytes().fold(0, |number, letter| {
        number * 26 + u64::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    Ok(number - 1)
}

fn number_of(row: &str) -> Result<u64, WorkbookError> {
    match row.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(damaged("a row has no number")),
    }
}

fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "TRUE")
}

#[cfg(test)]
mod tests {
    use super::column_of;

    #[test]
    fn columns_of_addresses() {
        for (address, column) in [("A1", 0), ("Z9", 25), ("AA1", 26), ("XFD1048576", 16_383)] {
            assert_eq!(column_of(address).unwrap(), column);
        }
        for address in ["", "1", "A1B2", "Ä1", "AAAAAAAAAAAAAAA1", "$A$1"] {
            assert!(column_of(address).is_err(), "{address}");
        }
    }
}
