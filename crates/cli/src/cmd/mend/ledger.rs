//! What was done to lists, as much of it as is told: the table's part is kept, and everything for
//! JSON goes into files without names, so that a list may have any length.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use device_list::{Change, Code, CodeSet, Column, Finding, LeftRow, Mend, Severity};
use serde::Serialize;

use super::Form;
use crate::exit::Failure;
use crate::spool::Spool;

/// Changes, and findings, that are shown in the table; JSON has them all.
const SHOWN: usize = 100;

/// Changes, rows that are left, and what else can't be mended.
pub(in super::super) struct Ledger {
    pub(super) accepted: CodeSet,
    /// The list that comes now.
    list: String,
    /// Whether there are several, so that places name theirs.
    several: bool,
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

/// The first of many with their places, and how many more there are.
pub(super) struct First<T> {
    pub(super) shown: Vec<(String, T)>,
    pub(super) more: u64,
}

impl<T> First<T> {
    fn add(&mut self, place: impl FnOnce() -> String, one: impl FnOnce() -> T) {
        if self.shown.len() < SHOWN {
            self.shown.push((place(), one()));
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
    pub(super) repetitions: Spool,
    pub(super) left_out: Spool,
    pub(super) unmended: Spool,
    /// The codes that came up.
    pub(super) codes: BTreeSet<Code>,
}

/// Something about a list.
#[derive(Serialize)]
struct Of<'a, T> {
    file: &'a str,
    #[serde(flatten)]
    told: T,
}

/// A change, and whether its guess was accepted.
#[derive(Serialize)]
struct ToldChange<'a> {
    #[serde(flatten)]
    change: &'a Change,
    accepted: bool,
}

/// A row that was dropped, as it names a device that an earlier row names.
#[derive(Serialize)]
struct Repetition<'a> {
    line: u64,
    row: u32,
    code: Code,
    cause: &'a str,
}

/// A row that is not in the mended list, with what stands in the way.
#[derive(Serialize)]
struct LeftOut<'a> {
    line: u64,
    row: u32,
    findings: Vec<&'a Finding>,
}

impl Ledger {
    /// What is told in this form; all of it is kept in the folder of the file `beside`.
    pub(in super::super) fn open(
        form: Form,
        accepted: CodeSet,
        beside: Option<&Path>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            accepted,
            list: String::new(),
            several: false,
            dropped: BTreeMap::new(),
            kept: match form {
                Form::Table => Kept::Short(Short::default()),
                Form::Json => Kept::Complete(Complete {
                    changes: Spool::new(beside)?,
                    repetitions: Spool::new(beside)?,
                    left_out: Spool::new(beside)?,
                    unmended: Spool::new(beside)?,
                    codes: BTreeSet::new(),
                }),
            },
        })
    }

    /// What comes now is about this list, which is one of several or the only one.
    pub(in super::super) fn begin(&mut self, list: &str, several: bool) {
        list.clone_into(&mut self.list);
        self.several = several;
    }

    /// Writes down what mending tells.
    pub(in super::super) fn take(&mut self, mend: Mend<'_>) -> io::Result<()> {
        match mend {
            Mend::Row(_) | Mend::Unread(_) => Ok(()),
            Mend::Change(change) => self.change(change),
            Mend::Repeated(row) => self.repeated(&row),
            Mend::Left(left) => self.left(&left),
            Mend::Finding(finding) if finding.severity == Severity::Note => Ok(()),
            Mend::Finding(finding) => self.unmended(finding),
        }
    }

    fn change(&mut self, change: Change) -> io::Result<()> {
        if let (true, Some(column)) = (is_drop(&change), change.field) {
            *self.dropped.entry(column).or_default() += 1;
        }
        let several = self.several.then_some(&*self.list);
        match &mut self.kept {
            Kept::Short(short) => {
                let line = change.line;
                short.changes.add(|| place(several, line), || change);
                Ok(())
            }
            Kept::Complete(complete) => {
                complete.codes.insert(change.code);
                complete.changes.add(&Of {
                    file: &self.list,
                    told: ToldChange {
                        accepted: self.accepted.has(change.code),
                        change: &change,
                    },
                })
            }
        }
    }

    /// The table has it among the changes.
    fn repeated(&mut self, left: &LeftRow<'_>) -> io::Result<()> {
        let Kept::Complete(complete) = &mut self.kept else {
            return Ok(());
        };
        for finding in left.repetitions() {
            complete.repetitions.add(&Of {
                file: &self.list,
                told: Repetition {
                    line: left.row.line(),
                    row: left.row.number(),
                    code: finding.code,
                    cause: &finding.cause,
                },
            })?;
        }
        Ok(())
    }

    fn left(&mut self, left: &LeftRow<'_>) -> io::Result<()> {
        let several = self.several.then_some(&*self.list);
        match &mut self.kept {
            Kept::Short(short) => {
                for reason in left.reasons() {
                    let place = || place(several, reason.line);
                    short.left.add(place, || reason.clone());
                }
                Ok(())
            }
            Kept::Complete(complete) => {
                let findings: Vec<_> = left.findings.iter().filter(|f| !f.certain).collect();
                complete.codes.extend(findings.iter().map(|f| f.code));
                complete.left_out.add(&Of {
                    file: &self.list,
                    told: LeftOut {
                        line: left.row.line(),
                        row: left.row.number(),
                        findings,
                    },
                })
            }
        }
    }

    fn unmended(&mut self, finding: &Finding) -> io::Result<()> {
        let several = self.several.then_some(&*self.list);
        match &mut self.kept {
            Kept::Short(short) => {
                let place = || place(several, finding.line);
                short.unmended.add(place, || finding.clone());
                Ok(())
            }
            Kept::Complete(complete) => {
                complete.codes.insert(finding.code);
                complete.unmended.add(&Of {
                    file: &self.list,
                    told: finding,
                })
            }
        }
    }
}

/// Whether a value went, because the layout has no place for it.
fn is_drop(change: &Change) -> bool {
    let codes = [Code::EXTRA_COLUMN, Code::BESIDE_HASH];
    change.after.is_empty() && codes.contains(&change.code)
}

/// A line, or the whole file; with the list where there are several.
fn place(list: Option<&str>, line: u64) -> String {
    match (list, line) {
        (None, 0) => "file".to_owned(),
        (None, line) => line.to_string(),
        (Some(list), 0) => list.to_owned(),
        (Some(list), line) => format!("{list}:{line}"),
    }
}
