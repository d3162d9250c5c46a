//! `enlist merge`: one conforming list of several.

mod layout;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use device_list::{
    CheckOptions, Checker, Code, Column, Dialect, ListWriter, Mend, MendTarget, Mended, Mender,
};

use super::sample::dialects;
use super::several::{
    Rest, Way, called, is_standard, progress, read, refuse_overwriting, rest_beside, tag,
};
use crate::exit::{CODES, Exit, Failure};
use crate::input::folder::Lists;
use crate::output::Output;
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

    /// The group tag for rows that have none, where the layout has a column for it.
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Option<String>,

    /// Which way of registering the list is for: its identifiers, layouts and limit.
    #[arg(long = "for", value_enum, default_value_t = Way::Enlist, value_name = "WAY")]
    way: Way,
}

/// What merging came to.
#[derive(Default)]
struct Sum {
    lists: u64,
    rows: u64,
    /// Tags and users that the layout has no column for.
    lost: [u64; 2],
    mended: Mended,
}

impl Merge {
    /// Merges them; good when the list conforms and has every device.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let rest = self.rest_path()?;
        let lists = self.lists(&rest)?;
        let options = CheckOptions {
            tag: self.tag.as_deref().map(Into::into),
            ..self.way.options()
        };
        let times = if self.to.is_some() { 1 } else { 2 };
        let progress = progress(&lists, times, "Merging");
        let dialect = match self.to {
            Some(dialect) => dialect,
            None => Wanted::by(&lists, &options, &progress)?,
        };
        let mut list = ListWriter::new(Output::open(Some(&self.output))?);
        let mut rest = Rest::new(rest);
        let mut sum = Sum::default();
        let target = MendTarget {
            dialect: Some(dialect),
            ..MendTarget::default()
        };
        let mut mender = Mender::new(&options, target);
        let mut checker = Checker::new(options);
        for path in &lists {
            let name = called(path);
            let mut keep = |mend: Mend<'_>| -> io::Result<()> {
                match mend {
                    Mend::Row(row) => list.row(&row),
                    Mend::Left(left) => rest.row(&left, &name),
                    Mend::Change(change) => {
                        sum.lose(change.code, change.field);
                        Ok(())
                    }
                    Mend::Finding(_) => Ok(()),
                }
            };
            let mut told = Ok(());
            let (_, summary) = read(&mut checker, path, &progress, &mut |event| {
                mender.take(event, &mut |mend| {
                    if told.is_ok() {
                        told = keep(mend);
                    }
                });
                Ok(std::mem::replace(&mut told, Ok(()))?)
            })?;
            mender.end_file(&summary, &mut |_| {});
            sum.lists += 1;
            sum.rows += summary.rows;
        }
        progress.end();
        sum.mended = mender.mended();
        let list = list.end(dialect)?;
        if let Some(left) = rest.end()? {
            left.commit()?;
        }
        list.commit()?;
        self.tell(&sum, dialect, &rest)?;
        Ok(if sum.mended.is_whole() {
            Exit::Good
        } else {
            Exit::Findings
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

    fn tell(&self, sum: &Sum, dialect: Dialect, rest: &Rest) -> io::Result<()> {
        if is_standard(&self.output) {
            sum.tell(&self.output, dialect, rest, &mut io::stderr())
        } else {
            sum.tell(&self.output, dialect, rest, &mut io::stdout())
        }
    }
}

impl Sum {
    fn lose(&mut self, code: Code, field: Option<Column>) {
        if code != Code::EXTRA_COLUMN {
            return;
        }
        match field {
            Some(Column::GroupTag | Column::OrderId) => self.lost[0] += 1,
            Some(Column::AssignedUser) => self.lost[1] += 1,
            _ => {}
        }
    }

    fn tell(
        &self,
        out: &Path,
        dialect: Dialect,
        rest: &Rest,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let Mended {
            rows,
            repeated,
            left_out,
            unmended,
            remaining,
            ..
        } = self.mended;
        rest.tell(to)?;
        let name = if is_standard(out) {
            "standard output".into()
        } else {
            safe(&out.display().to_string())
        };
        writeln!(
            to,
            "{name}: {} of {} with {}, as {}.",
            counted(rows, "device", "devices"),
            counted(self.lists, "list", "lists"),
            counted(self.rows, "row", "rows"),
            dialect.title()
        )?;
        writeln!(
            to,
            "{} dropped as the same device again; {} left.",
            counted(repeated, "row", "rows"),
            counted(left_out, "row", "rows"),
        )?;
        let [tags, users] = self.lost;
        if tags + users > 0 {
            writeln!(
                to,
                "The layout has no column for {} and {}.",
                counted(tags, "group tag", "group tags"),
                counted(users, "user", "users")
            )?;
        }
        if unmended > 0 {
            let findings = counted(unmended, "finding", "findings");
            writeln!(
                to,
                "{findings} about the lists and lines that are no rows: see enlist check."
            )?;
        }
        if remaining > 0 {
            writeln!(to, "It still has findings: see enlist check.")?;
        }
        to.flush()
    }
}
