//! What going through lines comes to, line by line and in order.

use std::sync::Arc;

use super::judge::Judged;
use super::row::Texts;
use super::seen::{Print, ShortKey};
use crate::cells::Cells;
use crate::finding::Finding;
use crate::header::Layout;
use crate::identity_key::Keys;

/// How the lines below a header are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) layout: Layout,
    /// The header line as it stands in the file; empty where there is none.
    pub(crate) header: Vec<u8>,
    /// What ends a line.
    pub(crate) eol: u8,
    /// Whether the first line ends with a CR before that.
    pub(crate) crlf: bool,
}

/// A line of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Without its end.
    pub(crate) text: &'a [u8],
    /// Length with its end, in bytes.
    pub(crate) length: usize,
    /// How many lines of the file it takes: more than one where a value goes on behind a line end.
    pub(crate) lines: u64,
    /// What separates its fields.
    pub(crate) delimiter: u8,
    /// Whether it stands in quotes as a whole, which are not part of its text.
    pub(crate) wrapped: bool,
}

impl Line<'_> {
    /// Whether the file ends with it, and not with the line's end.
    pub(crate) fn is_open(&self) -> bool {
        self.length == self.text.len() + 2 * self.lead()
    }

    /// How many bytes of it stand in front of its text.
    pub(crate) fn lead(&self) -> usize {
        usize::from(self.wrapped)
    }
}

/// Something that is said once about a whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// The line has letters outside ASCII, written as UTF-8.
    Utf8,
    /// The line has letters outside ASCII, written as Windows-1252.
    Ansi,
    /// The line has every other byte NUL: it is UTF-16 in a file that is not.
    Utf16,
    /// The line ends with a CR where others end with LF, or the other way round.
    LineEnd,
    /// The line ends with LF where the first ends with CRLF, or the other way round.
    CrLf,
}

/// A row with everything that can be said about it without knowing the others.
pub(crate) struct JudgedRow<'a> {
    pub(crate) line: Line<'a>,
    /// As sent.
    pub(crate) raw: Texts<'a>,
    /// After certain repairs, where they differ.
    pub(crate) corrected: Option<Cells>,
    pub(crate) judged: Judged<'a>,
    /// Fingerprints of what it says; empty where the row names no device.
    pub(crate) print: Print,
    /// Their columns are known, their lines are not.
    pub(crate) findings: Vec<Finding>,
}

/// Takes lines in their order.
pub(crate) trait Sink {
    /// A line that is no row, and why.
    fn skipped(&mut self, line: Line<'_>, finding: Finding);
    /// Whether it takes no more lines for now.
    fn is_full(&self) -> bool {
        false
    }
    /// A row with these keys most likely comes next: time to ask for what is known of them.
    fn expect(&self, _keys: &Keys<ShortKey>) {}
    /// A row.
    fn row(&mut self, row: JudgedRow<'_>);
    /// A header that changes how the lines below it are read.
    fn header(&mut self, line: Line<'_>, reading: Arc<Reading>, findings: Vec<Finding>);
    /// Something about the whole file, first seen in the line that comes next.
    fn sign(&mut self, line: Line<'_>, sign: Sign);
}
