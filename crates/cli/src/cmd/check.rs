//! `enlist check`: what is wrong with a device list, and how to mend it. Needs no server.

mod desk;

use std::path::{Path, PathBuf};

use clap::Args;
use device_list::CheckOptions;
use registration::clock::Clock as _;

use super::choices::{Choices, cores};
use super::fix::Fixing;
use super::way::Way;
use crate::exit::{CODES, Exit, Failure};
use crate::input::Input;
use crate::input::folder::Lists;
use crate::input::progress::Progress;
use crate::output::Output;
use crate::report::{self, Format, Settings};
use crate::terminal::{has_colours, stdout_is_terminal, width};
use crate::wall::WallClock;
use desk::Desk;

/// How many devices one list may have; `none` and 0 are no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit(Option<u64>);

impl std::str::FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self(None));
        }
        let rows: u64 = text.parse().map_err(|_| "not a number, and not none")?;
        Ok(Self((rows > 0).then_some(rows)))
    }
}

/// Check device lists: what is wrong, where, and how to mend it.
///
/// Works without a server and without a network, on lists of any length. Of a folder, every .csv,
/// .txt, .tsv, .xlsx and .ods in it and below is read. The same device in two of the lists is found.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  enlist check devices.csv
  enlist check --fix mended.csv devices.csv
  enlist check --fix mended.csv --accept EN0411 --rest to-mend.csv devices.xlsx
  enlist check --fix mended.csv --split --tag Microsoft365Managed_Standard --for intune hashes.csv
  enlist check lists/ --format html -o findings.html
  enlist check --for intune --format json hashes.csv | jq .files[0].summary
  powershell-export | enlist check -

{CODES}"))]
pub(crate) struct Check {
    /// Device lists, and folders of them; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Which way of registering the lists are for: its identifiers, layouts and limit.
    #[arg(long = "for", value_enum, default_value_t = Way::PartnerCenter, value_name = "WAY")]
    way: Way,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// The file to write the report to, whole or not at all; standard output unless given.
    #[arg(short, long, value_name = "REPORT", conflicts_with = "fix")]
    output: Option<PathBuf>,

    /// How many devices one list may have, or none; what the way of registering says unless given.
    #[arg(long, value_name = "ROWS")]
    limit: Option<Limit>,

    /// Show every list and every finding in the table, however many there are.
    #[arg(long)]
    all: bool,

    /// Only the summary in the table.
    #[arg(short, long, conflicts_with = "all")]
    quiet: bool,

    /// Refuse every list that does not conform to the letter, as the original does: exit code 2.
    #[arg(long)]
    strict: bool,

    /// How many threads judge rows; as many as the machine has unless given. What is found is the
    /// same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    #[command(flatten)]
    choices: Choices,

    #[command(flatten)]
    fixing: Fixing,
}

impl Check {
    /// Checks list by list; the worst of them decides the exit code.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let options = self.options();
        if let Some(out) = self.fixing.out() {
            return self.fixing.run(&self.files, out, options, self.format);
        }
        let mut out = Output::open(self.output.as_deref())?;
        let lists = Lists::find(&self.files, out.path());
        refuse_overwriting(&lists, out.path())?;
        let settings = self.settings(&options, out.is_standard());
        let desk = Desk::new(
            options,
            report::to(&mut out, self.format, settings),
            self.progress(&lists),
            self.strict,
        );
        let worst = desk.check_all(&lists)?;
        out.commit()?;
        Ok(worst)
    }

    fn options(&self) -> CheckOptions {
        let of_way = self.way.options();
        self.choices.onto(CheckOptions {
            row_limit: self.limit.map_or(of_way.row_limit, |Limit(rows)| rows),
            threads: self.threads.map_or_else(cores, usize::from),
            ..of_way
        })
    }

    fn settings(&self, options: &CheckOptions, to_standard: bool) -> Settings {
        Settings {
            way: self.way.name(),
            row_limit: options.row_limit,
            at: WallClock.now(),
            all: self.all,
            quiet: self.quiet,
            colours: to_standard && has_colours(),
            width: usize::from(width()),
        }
    }

    /// A bar over all lists, unless the report appears on the same terminal meanwhile.
    fn progress(&self, lists: &Lists) -> Progress {
        let watched = self.output.is_some() || !self.format.streams() || !stdout_is_terminal();
        // An input that is no file ends where it ends.
        let bytes = lists.paths.iter().map(|path| Input::size(path)).sum();
        Progress::over(bytes, "Checking", watched)
    }
}

/// Reports are not written over what they are about.
fn refuse_overwriting(lists: &Lists, output: Option<&Path>) -> Result<(), Failure> {
    let is_output = |path: &PathBuf| path.canonicalize().ok().as_deref() == output;
    if output.is_some() && lists.paths.iter().any(is_output) {
        return Err(Failure::new(
            "The report would overwrite a list that it is about.",
            "Give -o another name.",
        ));
    }
    Ok(())
}
