//! Mending a list into a file while it is read, whatever its length: for `enlist check --fix` and
//! `enlist convert`; and what `merge` and `split` tell and keep as these do.

mod closing;
mod files;
mod ledger;
mod names;
mod rest;
mod told;

use std::path::{Path, PathBuf};
use std::slice;

use clap::ValueEnum;
use device_list::{CheckOptions, Code, Mend, MendTarget, Mended, Mender, check_stream};

use crate::exit::{Exit, Failure};
use crate::input::progress::Progress;
use crate::input::{Input, not_read};
use crate::output::{is_same, is_standard};
use crate::terminal::stdout_is_terminal;
use closing::closing;
use files::{Parts, Written};

pub(super) use ledger::Ledger;
pub(super) use names::{numbered, rest_beside};
pub(super) use rest::Rest;
pub(super) use told::{Counted, Told};

/// How what was done is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Form {
    /// For people: the first changes and what is left.
    #[default]
    Table,
    /// One JSON document with all of it; its schema is docs/schema/mend-report.schema.json.
    Json,
}

/// A list to mend.
pub(super) struct Job<'a> {
    /// The list; `-` is standard input.
    pub(super) file: &'a Path,
    /// Where the mended list goes; `-` is standard output.
    pub(super) out: &'a Path,
    /// Where rows go that can't be mended; beside `out` unless given.
    pub(super) rest: Option<&'a Path>,
    /// What it is held against, and which guesses are accepted.
    pub(super) options: CheckOptions,
    /// What it is to look like.
    pub(super) target: MendTarget,
    /// Whether a list over the limit is written as several.
    pub(super) split: bool,
    /// How the changes are told.
    pub(super) form: Form,
    /// The command, as in `check --fix`.
    pub(super) command: &'static str,
    /// Its option that names `out`, for advice.
    pub(super) option: &'static str,
}

/// What came of mending.
struct Outcome {
    desk: Desk,
    /// The list, with its rows.
    list: Counted,
    mended: Mended,
}

/// Everything that is written.
struct Desk {
    parts: Parts,
    rest: Rest,
    ledger: Ledger,
    splits: bool,
}

impl Job<'_> {
    /// Mends the list and tells every change. Good when what was written conforms and has every row;
    /// fails, and leaves no file, when the list is unusable.
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let rest = self.rest_path();
        self.refuse(rest.as_deref())?;
        let Outcome { desk, list, mended } = self.mend_whole(rest)?;
        let Some(dialect) = mended.dialect else {
            let name = list.file;
            return Err(Failure::new(
                format!("{name} can't be repaired: it is not usable as a device list."),
                format!("Run enlist check {name} to see why."),
            ));
        };
        let rest = desk.rest.close()?;
        // The rest first: no list ever stands there with rows missing that are nowhere.
        let left = rest.commit()?;
        let left = left.as_deref();
        let written = desk.parts.commit(dialect, self.file)?;
        let (outputs, is_split) = match &written {
            Written::Whole(whole) => (slice::from_ref(whole), false),
            Written::Parts(parts) => (parts.as_slice(), true),
        };
        let told = Told {
            command: self.command,
            files: &[list],
            written: self.out,
            outputs,
            is_split,
            rest: left,
            mended,
            closing: closing(self.out, &written, left, &mended),
        };
        let is_aside = is_standard(self.out) || self.rest.is_some_and(is_standard);
        told.tell(desk.ledger, is_aside)?;
        let whole = mended.is_whole();
        Ok(if whole { Exit::Good } else { Exit::Findings })
    }

    /// Mends the list; again where its header changes further down and another layout would have
    /// held every row. What has gone into a pipe can't be taken back: that is told.
    fn mend_whole(&self, rest: Option<PathBuf>) -> Result<Outcome, Failure> {
        let outcome = self.mend(self.target, rest.clone())?;
        let outgrown_by = outcome.mended.outgrown_by;
        if outgrown_by.is_none() || !self.file.is_file() || self.is_stream() {
            return Ok(outcome);
        }
        drop(outcome);
        let target = MendTarget {
            dialect: outgrown_by,
            ..self.target
        };
        self.mend(target, rest)
    }

    fn desk(&self, name: &str, rest: Option<PathBuf>) -> Result<Desk, Failure> {
        let most = self.options.row_limit.filter(|_| self.split);
        let beside = (!self.is_stream()).then_some(self.out);
        let mut ledger = Ledger::open(self.form, self.options.accept, beside)?;
        ledger.begin(name, false);
        Ok(Desk {
            parts: Parts::open(self.out, most)?,
            rest: Rest::open(rest)?,
            ledger,
            splits: self.split,
        })
    }

    fn mend(&self, target: MendTarget, rest: Option<PathBuf>) -> Result<Outcome, Failure> {
        let Input { name, reader, .. } = Input::open(self.file)?;
        let mut desk = self.desk(&name, rest)?;
        let watched = !is_standard(self.out) || !stdout_is_terminal();
        let progress = Progress::over(Input::size(self.file), "Mending", watched);
        let mut mender = Mender::new(&self.mending(), target);
        let mut written = Ok(());
        let mut keep = |mend: Mend<'_>| {
            if written.is_ok() {
                written = desk.take(mend);
                // Nobody gets what would still come.
                progress.stop_on(&written);
            }
        };
        let mut rows = 0;
        let reader = progress.reader(reader);
        let summary = check_stream(reader, &self.options, &mut |event| {
            if let device_list::Event::Row(_) = event {
                rows += 1;
                progress.rows(rows);
            }
            mender.take(event, &mut keep);
        });
        progress.end();
        match summary {
            Ok(summary) => mender.end_file(&summary, &mut keep),
            Err(error) => return Err(not_read(&name, &error)),
        }
        written?;
        Ok(Outcome {
            desk,
            list: Counted { file: name, rows },
            mended: mender.mended(),
        })
    }

    /// Lists that are split are as long as they may be.
    fn mending(&self) -> CheckOptions {
        let limit = self.options.row_limit.filter(|_| !self.split);
        CheckOptions {
            row_limit: limit,
            ..self.options.clone()
        }
    }

    /// Where the rest goes; nowhere beside what is no file.
    fn rest_path(&self) -> Option<PathBuf> {
        match self.rest {
            Some(rest) => Some(rest.to_owned()),
            None if self.is_stream() => None,
            None => Some(rest_beside(self.out)),
        }
    }

    /// Whether the mended list goes to standard output, a pipe or a device.
    fn is_stream(&self) -> bool {
        let special = |path: &Path| path.exists() && !path.is_file();
        is_standard(self.out) || special(self.out)
    }

    fn refuse(&self, rest: Option<&Path>) -> Result<(), Failure> {
        if self.split && self.options.row_limit.is_none() {
            return Err(Failure::new(
                "There is no limit to split the list at.",
                "Give --limit, or leave --split out.",
            ));
        }
        if self.split && self.is_stream() && !self.out.is_dir() {
            return Err(Failure::new(
                "Only a file can be split into several.",
                format!(
                    "Give {} the name of a file, or leave --split out.",
                    self.option
                ),
            ));
        }
        let is_source = |path: &Path| !is_standard(self.file) && is_same(path, self.file);
        if is_source(self.out) {
            return Err(Failure::new(
                "The repaired list would overwrite the list it is made from.",
                format!(
                    "Give {} another name, so that the original stays.",
                    self.option
                ),
            ));
        }
        match rest {
            Some(rest) if is_source(rest) || is_same(rest, self.out) => Err(Failure::new(
                format!(
                    "The rest file {} would overwrite the list, or the repaired one.",
                    rest.display()
                ),
                "Give --rest another name.",
            )),
            _ => Ok(()),
        }
    }
}

impl Desk {
    fn take(&mut self, mend: Mend<'_>) -> Result<(), Failure> {
        match &mend {
            Mend::Row(row) => return self.parts.row(row),
            Mend::Left(left) => self.rest.row(left, None)?,
            Mend::Unread(left) => self.rest.line(left, None)?,
            // Its length is put right.
            Mend::Finding(finding) if self.splits && finding.code == Code::ROW_LIMIT => {
                return Ok(());
            }
            _ => {}
        }
        Ok(self.ledger.take(mend)?)
    }
}
