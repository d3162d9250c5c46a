//! Cells that several rows share.

use quick_xml::events::Event;

use super::error::WorkbookError;
use super::xml::{Xml, attributes};

/// What a sheet says of cells that are merged over rows: their value stands in the first row only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// How many such cells there are.
    pub cells: u64,
    /// The first row that shares one with rows below it, from 1; 0 is none.
    pub first_row: u32,
}

impl Merged {
    /// Takes in a cell that begins in a row and ends in another.
    pub(super) fn note(&mut self, first: u64, last: u64) {
        if last <= first {
            return;
        }
        let row = u32::try_from(first).unwrap_or(u32::MAX);
        if self.cells == 0 || row < self.first_row {
            self.first_row = row;
        }
        self.cells += 1;
    }

    /// Reads what an XLSX sheet says of them behind its rows. Damage there takes nothing from the
    /// rows, so that it only ends the search.
    pub(super) fn behind_rows(xml: &mut Xml<'_>) -> Self {
        let mut merged = Self::default();
        // Either way it ends: with the part, or where the part can't be read.
        let _ = merged.read(xml);
        merged
    }

    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), WorkbookError> {
        loop {
            let event = xml.next()?;
            let element = match &event {
                Event::Start(element) => element,
                Event::Eof => return Ok(()),
                _ => continue,
            };
            match element.local_name().as_ref() {
                "mergeCells" => {}
                "mergeCell" => {
                    for pair in attributes(element) {
                        if let ("ref", range) = pair?
                            && let Some((first, last)) = rows_of(&range)
                        {
                            self.note(first, last);
                        }
                    }
                }
                _ => {
                    drop(event);
                    xml.skip()?;
                }
            }
        }
    }
}

/// The first and the last row of a range such as `B2:B5`.
fn rows_of(range: &str) -> Option<(u64, u64)> {
    let row = |address: &str| {
        let digits = address.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        digits.parse().ok()
    };
    let (first, last) = range.split_once(':')?;
    Some((row(first)?, row(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_over_rows_counts() {
        let mut merged = Merged::default();
        for range in ["B7:B9", "A1:F1", "B2:C5", "B2", "x:y"] {
            if let Some((first, last)) = rows_of(range) {
                merged.note(first, last);
            }
        }
        let expected = Merged {
            cells: 2,
            first_row: 2,
        };
        assert_eq!(merged, expected);
    }
}
