//! `enlist merge`: one conforming list of several.

mod layout;

use std::path::{Path, PathBuf};
use std::{fs, mem, slice};

use clap::Args;
use device_list::{CheckOptions, Checker, Dialect, ListWriter, Mend, MendTarget, Mended, Mender};

use super::choices::Choices;
use super::mend::{Counted, Form, Ledger, Rest, Told, rest_beside};
use super::sample::dialects;
use super::several::{called, left, progress, read, refuse_overwriting};
use super::way::Way;
use crate::exit::{CODES, Exit, Failure};
use crate::input::folder::Lists;
use crate::input::progress::Progress;
use crate::output::{Output, is_standard};
use crate::terminal::{counted, safe};
use layout::Wanted;

/// Put several device lists together into one conforming list.
///
/// Certain repairs are made. A device that is there twice is written once, where both rows say the
/// same; rows that contradict an earlier one, and rows that would need a guess, are named and go
/// into a file of their own. Nothing is written if one of the lists can't be read.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  enlist merge may.csv june.csv -o all.csv
  enlist merge lists/ -o all.csv --rest to-mend.csv
  enlist merge all.csv all-rest.csv -o whole.csv
  enlist merge a.csv b.xlsx -o intune.csv --to intune --for intune
  enlist merge lists/ -o all.csv --sheet Devices --accept EN0411 --format json
  export-devices | enlist merge - known.csv -o all.csv --to partner-center

{CODES}"))]
pub(crate) struct Merge {
    /// Device lists, and folders of them; - is standard input, which needs --to.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The list to write, whole or not at all; - is standard output.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,

    /// Its layout. Unless given, that of the lists, or one that has all their identifiers and, if
    /// there is one, their group tags; each list is then read twice.
    #[arg(long, value_name = "DIALECT", value_parser = dialects())]
    to: Option<Dialect>,

    /// The file for the rows that are left; OUT-rest.csv unless given. Written only if there are
    /// some.
    #[arg(long, value_name = "REST")]
    rest: Option<PathBuf>,

    /// Which way of registering the list is for: its identifiers, layouts and limit.
    #[arg(long = "for", value_enum, default_value_t = Way::Enlist, value_name = "WAY")]
    way: Way,

    /// How what was done is told.
    #[arg(long, value_enum, default_value_t)]
    format: Form,

    #[command(flatten)]
    choices: Choices,
}

/// A merge under way.
struct Desk {
    list: ListWriter<Output>,
    rest: Rest,
    ledger: Ledger,
    /// The lists that were read, with their rows.
    files: Vec<Counted>,
}

impl Merge {
    /// Merges them; good when the list conforms and has every device.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let rest = self.rest_path()?;
        let lists = self.lists(&rest)?;
        let options = self.choices.onto(self.way.options());
        let times = if self.to.is_some() { 1 } else { 2 };
        let progress = progress(&lists, times, "Merging");
        let dialect = match self.to {
            Some(dialect) => dialect,
            None => Wanted::by(&lists, &options, &progress)?,
        };
        let mut desk = self.desk(rest, &options)?;
        let mended = desk.merge(&lists, options, dialect, &progress)?;
        progress.end();
        let list = desk.list.end(dialect)?.close()?;
        // The rest first: no list ever stands there with rows missing that are nowhere.
        let left = desk.rest.close()?.commit()?;
        list.commit()?;
        let output = Counted::of(&self.output, mended.rows);
        let mut told = Told {
            command: "merge",
            files: &desk.files,
            written: &self.output,
            outputs: slice::from_ref(&output),
            is_split: false,
            rest: left.as_deref(),
            mended,
            closing: String::new(),
        };
        told.closing = closing(&told, dialect);
        told.tell(desk.ledger, is_standard(&self.output))?;
        Ok(if mended.is_whole() {
            Exit::Good
        } else {
            Exit::Findings
        })
    }

    fn desk(&self, rest: PathBuf, options: &CheckOptions) -> Result<Desk, Failure> {
        let out = Some(self.output.as_path());
        let beside = out.filter(|out| out.is_file() || !out.exists() && !is_standard(out));
        Ok(Desk {
            list: ListWriter::new(Output::open(out)?),
            rest: Rest::open(Some(rest))?,
            ledger: Ledger::open(self.format, options.accept, beside)?,
            files: Vec::new(),
        })
    }

    fn rest_path(&self) -> Result<PathBuf, Failure> {
        match &self.rest {
            Some(rest) if is_standard(rest) => Err(Failure::new(
                "Rows that are left can't go to standard output.",
                "Give --rest the name of a file.",
            )),
            Some(rest) if *rest == self.output => Err(Failure::new(
                "The list and the rest would be the same file.",
                "Give --rest another name.",
            )),
            Some(rest) => Ok(rest.clone()),
            None if is_standard(&self.output) => Err(Failure::new(
                "A list on standard output has no name to call the rest after.",
                "Give --rest the name of a file.",
            )),
            None => Ok(rest_beside(&self.output)),
        }
    }

    /// The lists to read. What this command wrote into a folder the last time is none of them.
    fn lists(&self, rest: &Path) -> Result<Vec<PathBuf>, Failure> {
        let found = Lists::find(&self.files, Some(&self.output));
        if let Some(failure) = found.failures.into_iter().next() {
            return Err(failure);
        }
        let mut lists = found.paths;
        if lists.iter().any(|path| is_standard(path)) && self.to.is_none() {
            return Err(Failure::new(
                "Standard input can be read only once, and finding the layout takes a reading of \
                 its own.",
                "Say the layout with --to, or give a file.",
            ));
        }
        if let Ok(real) = fs::canonicalize(rest) {
            let named = |path: &PathBuf| self.files.contains(path);
            lists.retain(|path| named(path) || fs::canonicalize(path).ok().as_ref() != Some(&real));
        }
        refuse_overwriting(&lists, &self.output)?;
        refuse_overwriting(&lists, rest)?;
        Ok(lists)
    }
}

impl Desk {
    /// Reads the lists, one after the other.
    fn merge(
        &mut self,
        lists: &[PathBuf],
        options: CheckOptions,
        dialect: Dialect,
        progress: &Progress,
    ) -> Result<Mended, Failure> {
        let target = MendTarget {
            dialect: Some(dialect),
            ..MendTarget::default()
        };
        let mut mender = Mender::new(&options, target);
        let mut checker = Checker::new(options);
        for path in lists {
            let name = called(path);
            self.ledger.begin(&name, true);
            let mut told = Ok(());
            let (file, summary) = read(&mut checker, path, progress, &mut |event| {
                mender.take(event, &mut |mend| {
                    if told.is_ok() {
                        told = self.take(mend, &name);
                    }
                });
                mem::replace(&mut told, Ok(()))
            })?;
            mender.end_file(&summary, &mut |mend| {
                if told.is_ok() {
                    told = self.take(mend, &name);
                }
            });
            told?;
            let rows = summary.rows;
            self.files.push(Counted { file, rows });
        }
        Ok(mender.mended())
    }

    fn take(&mut self, mend: Mend<'_>, list: &str) -> Result<(), Failure> {
        match &mend {
            Mend::Row(row) => return Ok(self.list.row(row)?),
            Mend::Left(left) => self.rest.row(left, Some(list))?,
            Mend::Unread(left) => self.rest.line(left, Some(list))?,
            _ => {}
        }
        Ok(self.ledger.take(mend)?)
    }
}

/// How many devices of which lists, and what became of the others.
fn closing(told: &Told<'_>, dialect: Dialect) -> String {
    let Mended {
        rows,
        repeated,
        left_out,
        remaining,
        ..
    } = told.mended;
    let name = if is_standard(told.written) {
        "standard output".into()
    } else {
        safe(&told.written.display().to_string())
    };
    let read: u64 = told.files.iter().map(|file| file.rows).sum();
    let mut said = format!(
        "{name}: {} of {} with {}, as {}.\n{} dropped as the same device again; {} left.\n{}",
        counted(rows, "device", "devices"),
        counted(told.files.len() as u64, "list", "lists"),
        counted(read, "row", "rows"),
        dialect.title(),
        counted(repeated, "row", "rows"),
        counted(left_out, "row", "rows"),
        left(told.rest, &told.mended)
    );
    if remaining > 0 {
        said.push_str("It still has findings: see enlist check.\n");
    }
    said
}
