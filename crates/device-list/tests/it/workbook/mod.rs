//! Workbooks: what stands in them, and what they must not be able to do.

mod bombs;
mod books;
mod foreign;
mod list;
mod ods;
mod oracle;
mod properties;
mod xlsx;

use std::io::Cursor;

use device_list::workbook::{CellKind, SheetRow, Workbook, WorkbookError, WorkbookLimits};

const NUMBER: CellKind = CellKind::Number { lost_digits: false };

fn open(bytes: &[u8]) -> Result<Workbook<'_>, WorkbookError> {
    Workbook::open(Cursor::new(bytes), &WorkbookLimits::default())
}

/// All rows of a sheet, or the first error.
fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Vec<SheetRow>, WorkbookError> {
    open(bytes)?.sheet(sheet)?.collect()
}

/// All rows of the first sheet.
fn rows(bytes: &[u8]) -> Vec<SheetRow> {
    read(bytes, None).unwrap()
}

/// Texts and kinds of one row.
fn cells(row: &SheetRow) -> Vec<(&str, CellKind)> {
    row.cells
        .iter()
        .map(|cell| (cell.text.as_str(), cell.kind))
        .collect()
}

/// The texts of all cells, row by row.
fn texts(rows: &[SheetRow]) -> Vec<(u32, Vec<&str>)> {
    rows.iter()
        .map(|row| {
            let texts = row.cells.iter().map(|cell| cell.text.as_str());
            (row.number, texts.collect())
        })
        .collect()
}
