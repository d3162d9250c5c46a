//! Why a workbook is not read, or not further.

use std::{fmt, io};

use super::foreign::Foreign;
use crate::finding::display_safe;

/// Why a workbook is not read, or not further. Never tells what a cell holds; names of sheets and
/// parts are shown escaped.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// It is a file of another kind.
    #[error("it is {0}")]
    NotRead(Foreign),
    /// It needs a password.
    #[error("it is locked with a password")]
    Locked,
    /// Its zip, or the XML in it, is broken or ends early. Rows in front of the damage were good.
    #[error("it is damaged: {what}{}", place(part))]
    Damaged {
        /// The part of the package; empty where it is the package itself.
        part: String,
        /// What is wrong.
        what: &'static str,
    },
    /// It asks for more than it may: too large, or made to do harm.
    #[error("it holds too much: more than {allowed} {limit}")]
    TooLarge {
        /// What there is too much of.
        limit: Limit,
        /// How much is allowed.
        allowed: u64,
    },
    /// It has no sheet of cells.
    #[error("it has no sheet")]
    NoSheet,
    /// It has no sheet of this name or number.
    #[error("it has no sheet '{}'; it has {}", display_safe(asked), listed(names))]
    NoSuchSheet {
        /// What was asked for.
        asked: String,
        /// The sheets that it has, as they stand in it.
        names: Vec<String>,
    },
    /// The bytes can't be had.
    #[error("it can't be read")]
    Io(#[from] io::Error),
}

/// What a workbook can have too much of. Displayed after a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Entries in the package.
    Entries,
    /// Bytes unpacked in all.
    Unpacked,
    /// Bytes unpacked of a part that is small in any honest workbook.
    Part,
    /// Bytes unpacked for a byte of a packed part.
    Ratio,
    /// Elements within each other.
    Nesting,
    /// Bytes in one cell, or in one piece of markup.
    CellText,
    /// Bytes of text in all cells, or in the texts that cells share.
    Text,
    /// Cells, counted from the first column to the last one filled.
    Cells,
    /// Columns.
    Columns,
    /// Rows.
    Rows,
    /// Sheets.
    Sheets,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entries => "entries in its package",
            Self::Unpacked => "bytes unpacked",
            Self::Part => "bytes in a part that should be small",
            Self::Ratio => "bytes unpacked from each packed byte",
            Self::Nesting => "elements within each other",
            Self::CellText => "bytes in one cell",
            Self::Text => "bytes of text",
            Self::Cells => "cells",
            Self::Columns => "columns",
            Self::Rows => "rows",
            Self::Sheets => "sheets",
        })
    }
}

impl WorkbookError {
    /// Names the part in which the damage is, where that isn't known yet.
    pub(super) fn in_part(mut self, name: &str) -> Self {
        if let Self::Damaged { part, .. } = &mut self
            && part.is_empty()
        {
            name.clone_into(part);
        }
        self
    }
}

/// Damage in a part that the caller names.
pub(super) fn damaged(what: &'static str) -> WorkbookError {
    WorkbookError::Damaged {
        part: String::new(),
        what,
    }
}

/// Damage where the bytes say so, failure where they can't be had.
pub(super) fn from_io(error: io::Error) -> WorkbookError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it ends early"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            damaged("what is packed can't be unpacked")
        }
        _ => WorkbookError::Io(error),
    }
}

fn place(part: &str) -> String {
    if part.is_empty() {
        String::new()
    } else {
        format!(" (in {})", display_safe(part))
    }
}

fn listed(names: &[String]) -> String {
    /// More would hide the others.
    const SHOWN: usize = 20;
    let mut listed: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("'{}'", display_safe(name)))
        .collect();
    if names.len() > SHOWN {
        listed.push(format!("and {} more", names.len() - SHOWN));
    }
    listed.join(", ")
}
