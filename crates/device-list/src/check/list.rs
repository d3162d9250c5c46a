//! A checked list in memory.

use crate::cells::Cells;
use crate::dialect::{Column, Dialect};
use crate::encoding::Encoding;
use crate::finding::{Finding, Severity};
use crate::identification::Identification;

use super::options::CheckOptions;

/// A list that was checked as a whole.
#[derive(Debug, Clone, Default)]
pub struct CheckedList {
    /// How the text is encoded.
    pub encoding: Encoding,
    /// Which layout it has, or is closest to; `None` when no header was understood.
    pub dialect: Option<Dialect>,
    /// Every data row, in order.
    pub rows: Vec<CheckedRow>,
    /// How many lines are no row and can't be made one without a person: each has its finding.
    pub unread: u64,
    /// Everything found: about the file first, then in the order of the lines.
    pub findings: Vec<Finding>,
    /// What it was held against.
    pub options: CheckOptions,
}

impl CheckedList {
    /// Whether rows could be read at all.
    pub fn is_usable(&self) -> bool {
        self.dialect.is_some()
    }

    /// Whether the original takes the list as it is: no error, no warning.
    pub fn is_conforming(&self) -> bool {
        self.errors() == 0 && self.warnings() == 0
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    /// The findings about one row, by its number. Quick: findings are in the order of the lines.
    pub fn findings_of(&self, row: u32) -> impl Iterator<Item = &Finding> {
        let line = self
            .rows
            .get((row as usize).wrapping_sub(1))
            .map_or(0, |row| row.line);
        let from = self.findings.partition_point(|finding| finding.line < line);
        self.findings[from..]
            .iter()
            .take_while(move |finding| finding.line == line)
            .filter(move |finding| finding.row == Some(row))
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// One data row of a checked list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRow {
    /// Number among the data rows, from 1.
    pub number: u32,
    /// Line in the file, from 1.
    pub line: u64,
    /// The layout of its line: that of the last header above.
    pub dialect: Dialect,
    /// The texts exact as sent, without the quotes.
    pub cells: Cells,
    /// The texts after every certain repair, where that changed something.
    pub corrected: Option<Box<Cells>>,
    /// What the row identifies its device by, after certain repairs; `None` when it is invalid.
    pub identification: Option<Identification>,
    /// The row's own group tag, if the layout has one and it is filled in.
    pub group_tag: Option<String>,
    /// The first earlier row that is the same device.
    pub duplicate_of: Option<u32>,
    /// Whether something in the row needs a certain repair, so that the original would refuse it.
    pub repaired: bool,
}

impl CheckedRow {
    /// The text of a column after certain repairs.
    pub fn value(&self, column: Column) -> &str {
        self.values().get(column)
    }

    /// The texts after certain repairs.
    pub fn values(&self) -> &Cells {
        self.corrected.as_deref().unwrap_or(&self.cells)
    }
}
