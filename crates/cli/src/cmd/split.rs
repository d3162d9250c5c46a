//! `enlist split`: one list in parts, each a list of its own.

mod parts;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use comfy_table::Cell;
use device_list::{CheckOptions, Checker, Listed, Mend, MendTarget, Mended, MendedRow, Mender};

use super::several::{
    Rest, Way, called, is_standard, progress, read, refuse_overwriting, rest_beside, tag,
};
use crate::exit::{CODES, Exit, Failure};
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
  enlist split devices.xlsx -o shop.csv --by tag --force
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

    /// The group tag for rows that have none.
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Option<String>,

    /// The file for the rows that are left; OUT-rest.csv unless given. Written only if there are
    /// some.
    #[arg(long, value_name = "REST")]
    rest: Option<PathBuf>,

    /// Replace parts that are there already.
    #[arg(long)]
    force: bool,
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
        let options = CheckOptions {
            // Of the parts, and not of what is split.
            row_limit: None,
            tag: self.tag.as_deref().map(Into::into),
            ..self.way.unwrap_or(Way::Enlist).options()
        };
        let channel = options.channel;
        let rows = self.rows.or_else(|| channel.row_limit());
        let mut parts = Parts::new(
            &self.output,
            [self.file.as_path(), rest.as_path()],
            self.force,
        );
        let mut rest = Rest::new(rest);
        let mut mender = Mender::new(&options, MendTarget::default());
        let name = called(&self.file);
        let mut keep = |mend: Mend<'_>| match mend {
            Mend::Row(row) => match self.by {
                Some(by) => parts.of(&by.of(&row), by.none(), &row),
                None => parts.next(rows, &row),
            },
            Mend::Left(left) => Ok(rest.row(&left, &name)?),
            Mend::Change(_) | Mend::Finding(_) => Ok(()),
        };
        let progress = progress([&self.file], 1, "Splitting");
        let mut checker = Checker::new(options);
        let (_, summary) = read(&mut checker, &self.file, &progress, &mut |event| {
            let mut told = Ok(());
            mender.take(event, &mut |mend| {
                if told.is_ok() {
                    told = keep(mend);
                }
            });
            told
        })?;
        mender.end_file(&summary, &mut |_| {});
        progress.end();
        let left = rest.end()?;
        // The rest first: no parts ever stand there with rows missing that are nowhere.
        if let Some(left) = left {
            left.commit()?;
        }
        let written = parts.commit()?;
        let result = mender.mended();
        tell(&written, summary.rows, &result, &rest, &mut io::stdout())?;
        Ok(if result.is_whole() {
            Exit::Good
        } else {
            Exit::Findings
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

/// The parts with their rows, and what became of the others.
fn tell(
    written: &[(String, u64)],
    rows: u64,
    mended: &Mended,
    rest: &Rest,
    to: &mut impl Write,
) -> io::Result<()> {
    rest.tell(to)?;
    let mut parts = table(["Part", "Rows"]);
    for (name, rows) in written {
        parts.add_row([Cell::new(safe(name)), Cell::new(count(*rows))]);
    }
    if !written.is_empty() {
        print(&parts, to)?;
    }
    writeln!(
        to,
        "{} in {} of {}; {} dropped as the same device again; {} left.",
        counted(mended.rows, "device", "devices"),
        counted(written.len() as u64, "part", "parts"),
        counted(rows, "row", "rows"),
        count(mended.repeated),
        count(mended.left_out),
    )?;
    if mended.remaining + mended.unmended > 0 {
        writeln!(
            to,
            "There are findings that nothing could be done about: see enlist check."
        )?;
    }
    to.flush()
}
