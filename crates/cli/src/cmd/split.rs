//! `enlist split`: one list in parts, each a list of its own.

mod parts;

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::{mem, slice};

use clap::{ArgGroup, Args, ValueEnum};
use comfy_table::Cell;
use device_list::{CheckOptions, Checker, Listed, Mend, MendTarget, MendedRow, Mender};

use super::choices::Choices;
use super::mend::{Counted, Form, Ledger, Rest, Told, rest_beside};
use super::several::{called, left, progress, read, refuse_overwriting};
use super::way::Way;
use crate::exit::{CODES, Exit, Failure};
use crate::output::is_standard;
use crate::terminal::{count, counted, print, safe, table};
use parts::Parts;

/// What a part has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// The group tag.
    Tag,
    /// The model; of a hash, the one inside.
    Model,
    /// The manufacturer; of a hash, the one inside.
    Manufacturer,
}

impl By {
    /// What a row has of it; nothing where it is not known.
    fn of(self, row: &MendedRow<'_>) -> String {
        let listed = || Listed::of(row.sent());
        let text = match self {
            Self::Tag => return row.group_tag(),
            Self::Model => listed().map(|listed| listed.model),
            Self::Manufacturer => listed().map(|listed| listed.manufacturer),
        };
        text.unwrap_or_default().into()
    }

    /// What the part is called that has none.
    fn none(self) -> &'static str {
        match self {
            Self::Tag => "no-tag",
            Self::Model => "no-model",
            Self::Manufacturer => "no-manufacturer",
        }
    }
}

/// Split a device list into conforming lists: of so many rows, or one for each group tag, model or
/// manufacturer.
///
/// Certain repairs are made, and a row that says the same as an earlier one is dropped. Rows that
/// would need a guess go into a file of their own, so that none is lost. Files that are there
/// already are not replaced without --force.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("cut").required(true).args(["rows", "way", "by"])),
    after_help = format!("\
Examples:
  enlist split devices.csv -o part.csv --for partner-center
  enlist split devices.csv -o parts/may.csv --rows 250
  enlist split devices.xlsx --sheet Shops -o shop.csv --by tag --force
  enlist split devices.csv -o part.csv --rows 250 --accept EN0411 --format json
  export-devices | enlist split - -o part.csv --rows 500

The parts are OUT-1.csv, OUT-2.csv and so on, or OUT-TAG.csv; the rest is OUT-rest.csv.

{CODES}"))]
pub(crate) struct Split {
    /// The list; - is standard input.
    #[arg(value_name = "IN")]
    file: PathBuf,

    /// What the parts are called after: OUT.csv makes OUT-1.csv and so on.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,

    /// So many rows a part.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rows: Option<u64>,

    /// As many rows a part as one list may have in that way of registering.
    #[arg(long = "for", value_enum, value_name = "WAY")]
    way: Option<Way>,

    /// A part for each group tag, model or manufacturer.
    #[arg(long, value_enum)]
    by: Option<By>,

    /// The file for the rows that are left; OUT-rest.csv unless given. Written only if there are
    /// some.
    #[arg(long, value_name = "REST")]
    rest: Option<PathBuf>,

    /// Replace parts that are there already.
    #[arg(long)]
    force: bool,

    /// How what was done is told.
    #[arg(long, value_enum, default_value_t)]
    format: Form,

    #[command(flatten)]
    choices: Choices,
}

/// A split under way.
struct Desk {
    parts: Parts,
    rest: Rest,
    ledger: Ledger,
    by: Option<By>,
    /// Most rows of a part.
    rows: Option<u64>,
    /// What the list is called.
    name: String,
}

impl Split {
    /// Splits it; good when every part conforms and no row is left.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        if is_standard(&self.output) || self.output.file_name().is_none() {
            return Err(Failure::new(
                "The parts need a name that they are called after.",
                "Give -o the name of a file, as in -o part.csv.",
            ));
        }
        let rest = self.rest_path()?;
        let options = self.options();
        let mut desk = self.desk(rest, &options)?;
        let mut mender = Mender::new(&options, MendTarget::default());
        let progress = progress([&self.file], 1, "Splitting");
        let mut checker = Checker::new(options);
        let mut told = Ok(());
        let (name, summary) = read(&mut checker, &self.file, &progress, &mut |event| {
            mender.take(event, &mut |mend| {
                if told.is_ok() {
                    told = desk.take(mend);
                }
            });
            mem::replace(&mut told, Ok(()))
        })?;
        mender.end_file(&summary, &mut |mend| {
            if told.is_ok() {
                told = desk.take(mend);
            }
        });
        told?;
        progress.end();
        // The rest first: no parts ever stand there with rows missing that are nowhere.
        let left = desk.rest.close()?.commit()?;
        let parts = desk.parts.commit()?;
        let list = Counted {
            file: name,
            rows: summary.rows,
        };
        let mut told = Told {
            command: "split",
            files: slice::from_ref(&list),
            written: &self.output,
            outputs: &parts,
            is_split: true,
            rest: left.as_deref(),
            mended: mender.mended(),
            closing: String::new(),
        };
        told.closing = closing(&told)?;
        let is_whole = told.mended.is_whole();
        told.tell(desk.ledger, false)?;
        Ok(if is_whole { Exit::Good } else { Exit::Findings })
    }

    /// What the list is read with.
    fn options(&self) -> CheckOptions {
        self.choices.onto(CheckOptions {
            // Of the parts, and not of what is split.
            row_limit: None,
            ..self.way.unwrap_or(Way::Enlist).options()
        })
    }

    fn desk(&self, rest: PathBuf, options: &CheckOptions) -> Result<Desk, Failure> {
        let name = called(&self.file);
        let mut ledger = Ledger::open(self.format, options.accept, Some(&self.output))?;
        ledger.begin(&name, false);
        let others = [self.file.as_path(), rest.as_path()];
        Ok(Desk {
            parts: Parts::new(&self.output, others, self.force),
            rest: Rest::open(Some(rest))?,
            ledger,
            by: self.by,
            rows: self.rows.or_else(|| options.channel.row_limit()),
            name,
        })
    }

    fn rest_path(&self) -> Result<PathBuf, Failure> {
        let rest = self.rest.clone();
        let rest = rest.unwrap_or_else(|| rest_beside(&self.output));
        if is_standard(&rest) {
            return Err(Failure::new(
                "Rows that are left can't go to standard output.",
                "Give --rest the name of a file.",
            ));
        }
        refuse_overwriting(std::slice::from_ref(&self.file), &rest)?;
        if !self.force {
            parts::refuse_existing(&rest)?;
        }
        Ok(rest)
    }
}

impl Desk {
    fn take(&mut self, mend: Mend<'_>) -> Result<(), Failure> {
        match &mend {
            Mend::Row(row) => {
                return match self.by {
                    Some(by) => self.parts.of(&by.of(row), by.none(), row),
                    None => self.parts.next(self.rows, row),
                };
            }
            Mend::Left(left) => self.rest.row(left, Some(&self.name))?,
            Mend::Unread(left) => self.rest.line(left, Some(&self.name))?,
            _ => {}
        }
        Ok(self.ledger.take(mend)?)
    }
}

/// The parts with their rows, and what became of the others.
fn closing(told: &Told<'_>) -> io::Result<String> {
    let mut said = Vec::new();
    let mut parts = table(["Part", "Rows"]);
    for part in told.outputs {
        parts.add_row([Cell::new(safe(&part.file)), Cell::new(count(part.rows))]);
    }
    if !told.outputs.is_empty() {
        print(&parts, &mut said)?;
    }
    let mut said = String::from_utf8_lossy(&said).into_owned();
    let mended = &told.mended;
    let rows: u64 = told.files.iter().map(|file| file.rows).sum();
    // Writing to a string can't fail.
    let _ = writeln!(
        said,
        "{} in {} of {}; {} dropped as the same device again; {} left.",
        counted(mended.rows, "device", "devices"),
        counted(told.outputs.len() as u64, "part", "parts"),
        counted(rows, "row", "rows"),
        count(mended.repeated),
        count(mended.left_out),
    );
    said.push_str(&left(told.rest, mended));
    if mended.remaining + mended.unmended > 0 {
        said.push_str("There are findings that nothing could be done about: see enlist check.\n");
    }
    Ok(said)
}
