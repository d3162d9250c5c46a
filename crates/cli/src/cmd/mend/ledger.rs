//! What was done to a list, as much of it as is told: the table's part is kept, and everything for
//! JSON goes into files without names, so that a list may have any length.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek as _, Write};
use std::path::Path;

use device_list::{Change, Code, CodeSet, Column, Finding, LeftRow};
use serde::Serialize;

use crate::exit::Failure;
use crate::output::scratch;
use crate::report::json_text::write_json;

/// Changes, and findings, that are shown in the table; JSON has them all.
const SHOWN: usize = 100;

/// Changes, rows that are left, and what else can't be mended.
pub(super) struct Ledger {
    pub(super) accepted: CodeSet,
    /// In how many rows a column's value was dropped, because the layout has no place for it.
    pub(super) dropped: BTreeMap<Column, u64>,
    pub(super) kept: Kept,
}

/// What is kept of them.
pub(super) enum Kept {
    Short(Short),
    Complete(Complete),
}

/// The first ones.
#[derive(Default)]
pub(super) struct Short {
    pub(super) changes: First<Change>,
    /// Why rows are left.
    pub(super) left: First<Finding>,
    pub(super) unmended: First<Finding>,
}

/// The first of many, and how many more there are.
pub(super) struct First<T> {
    pub(super) shown: Vec<T>,
    pub(super) more: u64,
}

impl<T> First<T> {
    fn add(&mut self, one: T) {
        if self.shown.len() < SHOWN {
            self.shown.push(one);
        } else {
            self.more += 1;
        }
    }
}

impl<T> Default for First<T> {
    fn default() -> Self {
        Self {
            shown: Vec::new(),
            more: 0,
        }
    }
}

/// All of them.
pub(super) struct Complete {
    pub(super) changes: Spool,
    pub(super) left_out: Spool,
    pub(super) unmended: Spool,
}

/// A change, and whether its guess was accepted.
#[derive(Serialize)]
struct ToldChange<'a> {
    #[serde(flatten)]
    change: &'a Change,
    accepted: bool,
}

/// A row that is not in the mended list, with what stands in the way.
#[derive(Serialize)]
struct LeftOut<'a> {
    line: u64,
    row: u32,
    findings: Vec<&'a Finding>,
}

impl Ledger {
    /// What fits a table.
    pub(super) fn short(accepted: CodeSet) -> Self {
        Self {
            accepted,
            dropped: BTreeMap::new(),
            kept: Kept::Short(Short::default()),
        }
    }

    /// Everything, kept in the folder of that file.
    pub(super) fn complete(accepted: CodeSet, beside: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self {
            accepted,
            dropped: BTreeMap::new(),
            kept: Kept::Complete(Complete {
                changes: Spool::new(beside)?,
                left_out: Spool::new(beside)?,
                unmended: Spool::new(beside)?,
            }),
        })
    }

    pub(super) fn change(&mut self, change: Change) -> io::Result<()> {
        if let (true, Some(column)) = (is_drop(&change), change.field) {
            *self.dropped.entry(column).or_default() += 1;
        }
        match &mut self.kept {
            Kept::Short(short) => short.changes.add(change),
            Kept::Complete(complete) => complete.changes.add(&ToldChange {
                accepted: self.accepted.has(change.code),
                change: &change,
            })?,
        }
        Ok(())
    }

    pub(super) fn left(&mut self, left: &LeftRow<'_>) -> io::Result<()> {
        match &mut self.kept {
            Kept::Short(short) => {
                for reason in left.reasons() {
                    short.left.add(reason.clone());
                }
                Ok(())
            }
            Kept::Complete(complete) => complete.left_out.add(&LeftOut {
                line: left.row.line(),
                row: left.row.number(),
                findings: left.findings.iter().filter(|f| !f.certain).collect(),
            }),
        }
    }

    pub(super) fn unmended(&mut self, finding: &Finding) -> io::Result<()> {
        match &mut self.kept {
            Kept::Short(short) => {
                short.unmended.add(finding.clone());
                Ok(())
            }
            Kept::Complete(complete) => complete.unmended.add(finding),
        }
    }
}

/// Whether a value went, because the layout has no place for it.
fn is_drop(change: &Change) -> bool {
    let codes = [Code::EXTRA_COLUMN, Code::BESIDE_HASH];
    change.after.is_empty() && codes.contains(&change.code)
}

/// The inside of a JSON array, in a file until it is written.
pub(super) struct Spool {
    to: BufWriter<File>,
    is_empty: bool,
}

impl Spool {
    fn new(beside: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self {
            to: BufWriter::new(scratch(beside)?),
            is_empty: true,
        })
    }

    fn add(&mut self, value: &impl Serialize) -> io::Result<()> {
        let before = if self.is_empty { "\n" } else { ",\n" };
        self.is_empty = false;
        self.to.write_all(before.as_bytes())?;
        write_json(&mut self.to, value)
    }

    /// Writes the array.
    pub(super) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let file = self.to.into_inner();
        let mut file = file.map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        out.write_all(b"[")?;
        io::copy(&mut BufReader::new(file), out)?;
        out.write_all(b"]")
    }
}
