//! A workbook's sheet as text that can be changed.

use std::io::Cursor;

use super::EditError;
use super::text::text_of_rows;
use crate::check::{CheckOptions, Event, check_slice};
use crate::code::Code;
use crate::workbook::{Workbook, WorkbookError, WorkbookLimits};

/// What is found about the kind of a cell, which a text does not have.
const OF_CELLS: [Code; 4] = [
    Code::NUMBER_CELL,
    Code::DIGITS_LOST,
    Code::SERIAL_AS_DATE,
    Code::SPREADSHEET_ERROR,
];

/// The sheet that a check reads, as text: each row on the line of its number.
///
/// # Errors
/// [`EditError::NumberCells`] where the text would hide what is wrong with a cell, and
/// [`EditError::NotText`] where the workbook can't be read.
pub(super) fn text_of_sheet(bytes: &[u8], options: &CheckOptions) -> Result<Vec<u8>, EditError> {
    let mut hidden = false;
    check_slice(bytes, options, &mut |event| {
        if let Event::Finding(finding) = event {
            hidden |= OF_CELLS.contains(&finding.code) && !finding.certain;
        }
    });
    if hidden {
        return Err(EditError::NumberCells);
    }
    rows(bytes, options)
        .map(text_of_rows)
        .map_err(|_| EditError::NotText)
}

fn rows(bytes: &[u8], options: &CheckOptions) -> Result<Vec<(u64, Vec<String>)>, WorkbookError> {
    let limits = WorkbookLimits {
        unpacked: options.unpacked,
        ..WorkbookLimits::default()
    };
    let mut workbook = Workbook::open(Cursor::new(bytes), &limits)?;
    let sheet = workbook.sheet(options.sheet.as_deref())?;
    sheet
        .map(|row| {
            let row = row?;
            let cells = row.cells.into_iter().map(|cell| cell.text).collect();
            Ok((u64::from(row.number), cells))
        })
        .collect()
}
