//! How much a workbook may ask for.

use super::error::{Limit, WorkbookError};

/// How much a workbook may ask for. What is packed small may unpack to anything, so each of these
/// stands between a file from outside and the memory or the time of this machine.
///
/// The defaults let a list of 100,000 devices with their hashes through (each hash has 4,000
/// characters) and nothing that a spreadsheet program itself could not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkbookLimits {
    /// Entries in the package; a workbook has about ten, and one for each picture.
    pub entries: u64,
    /// Bytes unpacked in all while it is read. Parts that are gone through twice count twice.
    pub unpacked: u64,
    /// Bytes that one packed byte may become in a part that is large when unpacked. Deflate can
    /// reach 1,032. A million rows that are formatted and empty reach 30, as many that are all the
    /// same 190.
    pub ratio: u64,
    /// Rows of a sheet.
    pub rows: u64,
    /// Columns of a sheet.
    pub columns: u64,
    /// Cells of a sheet, each row counted from its first column to the last one filled.
    pub cells: u64,
    /// Bytes of one cell.
    pub cell_text: u64,
    /// Bytes of all cells of a sheet, and of the texts that cells share.
    pub text: u64,
}

impl Default for WorkbookLimits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            unpacked: 1 << 30,
            ratio: 250,
            rows: 1 << 20,
            columns: 1 << 14,
            cells: 20_000_000,
            cell_text: 1 << 20,
            text: 1 << 30,
        }
    }
}

impl WorkbookLimits {
    fn allowed(&self, limit: Limit) -> u64 {
        match limit {
            Limit::Entries => self.entries,
            Limit::Unpacked => self.unpacked,
            Limit::Part => SMALL_PART,
            Limit::Ratio => self.ratio,
            Limit::Nesting => u64::from(NESTING),
            Limit::CellText => self.cell_text,
            Limit::Text => self.text,
            Limit::Cells => self.cells,
            Limit::Columns => self.columns,
            Limit::Rows => self.rows,
            Limit::Sheets => SHEETS,
        }
    }

    pub(super) fn error(&self, limit: Limit) -> WorkbookError {
        WorkbookError::TooLarge {
            limit,
            allowed: self.allowed(limit),
        }
    }

    /// Refuses what is more than the limit.
    pub(super) fn check(&self, limit: Limit, found: u64) -> Result<(), WorkbookError> {
        if found > self.allowed(limit) {
            Err(self.error(limit))
        } else {
            Ok(())
        }
    }
}

/// Bytes of a part that lists sheets, styles or relationships: large ones have a few megabytes.
pub(super) const SMALL_PART: u64 = 32 << 20;

/// Elements within each other; an honest sheet has about ten.
pub(super) const NESTING: u32 = 200;

/// Sheets that are listed.
const SHEETS: u64 = 10_000;

/// How much a part may unpack to before the ratio says anything: small ones repeat themselves.
pub(super) const RATIO_FROM: u64 = 16 << 20;
