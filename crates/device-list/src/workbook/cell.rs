//! What a sheet holds, row by row.

use std::fmt;

/// One row of a sheet in which something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number as the sheet shows it, from 1. Rows in between are blank.
    pub number: u32,
    /// Whether the sheet hides it, by hand or by a filter.
    pub hidden: bool,
    /// From the first column to the last one filled.
    pub cells: Vec<SheetCell>,
}

/// One cell: its value as a person sees it, and what the spreadsheet takes it for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SheetCell {
    /// The value as text: see [`CellKind`].
    pub text: String,
    /// What the spreadsheet takes it for.
    pub kind: CellKind,
}

/// Hides the text: it may be a hash.
impl fmt::Debug for SheetCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({} bytes)", self.kind, self.text.len())
    }
}

/// What a spreadsheet takes a cell's value for. A formula counts by the value it last had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellKind {
    /// Nothing stands there.
    #[default]
    Empty,
    /// Text, exact as the file holds it.
    Text,
    /// A number. Whole ones without point or exponent (`16520771357`) up to 21 digits, with the
    /// zeros and letters that the cell's format puts around them (`00042`, `PF-0042`); others to
    /// 15 digits.
    Number {
        /// It has more than 15 digits in front of the point and the file does not hold all of
        /// them: a spreadsheet keeps 15 and shows zeros for the rest.
        lost_digits: bool,
    },
    /// A date, a time of day or a duration: `2024-05-01`, `2024-05-01T10:30:00`, `10:30:00`.
    Date,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// An error such as `#N/A`, as shown.
    Error,
    /// A formula that was never calculated: its value is not in the file. The text is empty.
    NotCalculated,
}

impl SheetCell {
    pub(super) fn new(text: impl Into<String>, kind: CellKind) -> Self {
        Self {
            text: text.into(),
            kind,
        }
    }

    /// A text; an empty one is an empty cell.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let kind = if text.is_empty() {
            CellKind::Empty
        } else {
            CellKind::Text
        };
        Self { text, kind }
    }

    pub(super) fn boolean(value: bool) -> Self {
        Self::new(if value { "TRUE" } else { "FALSE" }, CellKind::Boolean)
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.kind == CellKind::Empty
    }
}
