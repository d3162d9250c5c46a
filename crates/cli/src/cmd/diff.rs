//! `enlist diff`: which devices are new, gone or changed from one list to another.

mod told;

use std::collections::HashMap;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use device_list::{Aspect, Checker, DiffSummary, Differ, Event, Fate, Listed, Met};

use super::several::{called, progress, read};
use super::way::Way;
use crate::exit::{CODES, Exit, Failure};
use crate::input::progress::Progress;
use crate::output::is_standard;

/// How the differences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Form {
    /// For people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// A line for each device and each thing that changed, for spreadsheets.
    Csv,
}

/// Tell which devices are new, gone or changed from one device list to another.
///
/// Devices are compared by identity, not by text: the order of the rows and the layouts may differ,
/// and two hardware hashes of one machine are the same device. Hashes are never shown.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  enlist diff may.csv june.csv
  enlist diff sent.csv registered.xlsx --format csv > differences.csv
  enlist diff may.csv june.csv --format json | jq .summary
  export-devices | enlist diff known.csv -

{CODES}"))]
pub(crate) struct Diff {
    /// The list as it was.
    #[arg(value_name = "A")]
    before: PathBuf,

    /// The list as it is; - is standard input.
    #[arg(value_name = "B")]
    after: PathBuf,

    /// How the differences are written.
    #[arg(long, value_enum, default_value_t)]
    format: Form,

    /// Which way of registering the lists are for: rows that it does not take are not compared.
    #[arg(long = "for", value_enum, default_value_t = Way::Enlist, value_name = "WAY")]
    way: Way,
}

/// How two lists differ.
#[derive(Default)]
struct Differences {
    summary: DiffSummary,
    new: Vec<Listed>,
    gone: Vec<Listed>,
    changed: Vec<Changed>,
}

/// A device that is in both lists.
struct Changed {
    before: Listed,
    after: Listed,
    aspects: Vec<Aspect>,
}

impl Diff {
    /// Compares them; good when they have the same devices.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        if is_standard(&self.before) {
            return Err(Failure::new(
                "The first list is read twice, and standard input can be read only once.",
                "Give a file first; the second list may be standard input.",
            ));
        }
        let differences = self.compare()?;
        let mut out = BufWriter::new(io::stdout());
        let names = [&self.before, &self.after].map(|path| called(path));
        match self.format {
            Form::Table => told::table(&differences, &names, &mut out)?,
            Form::Json => told::json(&differences, &names, &mut out)?,
            Form::Csv => told::csv(&differences, &mut out)?,
        }
        out.flush()?;
        Ok(if differences.summary.is_same() {
            Exit::Good
        } else {
            Exit::Findings
        })
    }

    /// Reads the first list, the second, and of the first what is to be shown.
    fn compare(&self) -> Result<Differences, Failure> {
        let lists = [&self.before, &self.after, &self.before];
        let progress = progress(lists, 1, "Comparing");
        let mut differ = Differ::default();
        self.rows(&self.before, &progress, &mut |event| {
            if let Event::Row(row) = event {
                differ.before(&row);
            }
        })?;
        differ.turn();
        let mut new = Vec::new();
        let mut changes = HashMap::new();
        self.rows(&self.after, &progress, &mut |event| {
            if let Event::Row(row) = event {
                match differ.after(&row) {
                    (Met::New, Some(listed)) => new.push((row.number(), listed)),
                    (Met::Changed { before, aspects }, Some(listed)) => {
                        changes.insert(before, (aspects, listed));
                    }
                    _ => {}
                }
            }
        })?;
        let mut differences = Differences {
            summary: differ.summary(),
            ..Differences::default()
        };
        let still = new.into_iter().filter(|(row, _)| differ.is_new(*row));
        differences.new.extend(still.map(|(_, listed)| listed));
        self.rows(&self.before, &progress, &mut |event| {
            let Event::Row(row) = event else { return };
            match (differ.fate(row.number()), Listed::of(&row)) {
                (Fate::Gone, Some(listed)) => differences.gone.push(listed),
                (Fate::Changed, Some(before)) => {
                    if let Some((aspects, after)) = changes.remove(&row.number()) {
                        differences.changed.push(Changed {
                            before,
                            after,
                            aspects,
                        });
                    }
                }
                _ => {}
            }
        })?;
        progress.end();
        Ok(differences)
    }

    fn rows(
        &self,
        path: &Path,
        progress: &Progress,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Failure> {
        let mut checker = Checker::new(self.way.options());
        read(&mut checker, path, progress, &mut |event| {
            on(event);
            Ok(())
        })?;
        Ok(())
    }
}
