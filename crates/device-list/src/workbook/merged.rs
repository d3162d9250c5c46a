//! Cells that several rows share.

use quick_xml::events::Event;

use super::error::WorkbookError;
use super::xml::{Xml, attributes};

/// How many merged cells are kept; a list with more has enough of them.
const KEPT: usize = 10_000;

/// What a sheet says of cells that are merged over rows: their value stands in the first row only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    /// The first and the last row of each, from 1.
    rows: Vec<(u64, u64)>,
}

impl Merged {
    /// Those that end below a row: how many, and the first row of the first of them; `None` where there
    /// are none.
    pub fn below(&self, row: u64) -> Option<(usize, u64)> {
        let below = self.rows.iter().filter(|(_, last)| *last > row);
        let first = below.clone().map(|(first, _)| *first).min()?;
        Some((below.count(), first))
    }

    /// Takes in a cell that begins in a row and ends in another.
    pub(super) fn note(&mut self, first: u64, last: u64) {
        if last > first && self.rows.len() < KEPT {
            self.rows.push((first, last));
        }
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
        assert_eq!(merged.below(1), Some((2, 2)));
        assert_eq!(merged.below(5), Some((1, 7)));
        assert_eq!(merged.below(9), None);
    }
}
