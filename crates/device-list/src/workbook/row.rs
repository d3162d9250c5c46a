//! Rows in the making, held to the limits of their sheet.

use super::cell::{SheetCell, SheetRow};
use super::error::{Limit, WorkbookError, damaged};
use super::limits::WorkbookLimits;

/// What a sheet has handed out so far.
pub(super) struct Meter {
    limits: WorkbookLimits,
    rows: u64,
    cells: u64,
    text: u64,
}

impl Meter {
    pub(super) fn new(limits: &WorkbookLimits) -> Self {
        Self {
            limits: *limits,
            rows: 0,
            cells: 0,
            text: 0,
        }
    }

    /// Counts a row that begins, empty or not: a sheet can't have more of them than its last row's
    /// number.
    pub(super) fn begin_row(&mut self) -> Result<(), WorkbookError> {
        self.rows += 1;
        self.limits.check(Limit::Rows, self.rows)
    }

    /// Puts a cell into a row; nothing is done for an empty one.
    pub(super) fn put(
        &mut self,
        cells: &mut Vec<SheetCell>,
        column: u64,
        cell: SheetCell,
    ) -> Result<(), WorkbookError> {
        if cell.is_empty() {
            return Ok(());
        }
        self.limits
            .check(Limit::Columns, column.saturating_add(1))?;
        let at = column as usize;
        let more = (at + 1).saturating_sub(cells.len());
        self.count(more as u64, cell.text.len() as u64)?;
        if more > 0 {
            cells.resize_with(at, SheetCell::default);
            cells.push(cell);
        } else if cells[at].is_empty() {
            cells[at] = cell;
        } else {
            return Err(damaged("a cell stands twice in it"));
        }
        Ok(())
    }

    /// A row that is handed out once more.
    pub(super) fn again(&mut self, row: &SheetRow) -> Result<(), WorkbookError> {
        let text: usize = row.cells.iter().map(|cell| cell.text.len()).sum();
        self.count(row.cells.len() as u64, text as u64)
    }

    fn count(&mut self, cells: u64, text: u64) -> Result<(), WorkbookError> {
        self.cells += cells;
        self.text += text;
        self.limits.check(Limit::Cells, self.cells)?;
        self.limits.check(Limit::Text, self.text)
    }

    /// A row number that a sheet can have.
    pub(super) fn row_number(&self, number: u64) -> Result<u32, WorkbookError> {
        self.limits.check(Limit::Rows, number)?;
        u32::try_from(number).map_err(|_| self.limits.error(Limit::Rows))
    }
}
