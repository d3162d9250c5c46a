//! `enlist check`: what is wrong with a device list, and how to mend it. Needs no server.

use std::io::{self, BufWriter};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use device_list::{Channel, CheckOptions, Event, Summary, check_stream};

use super::fix;
use crate::exit::{CODES, Exit, Failure};
use crate::input::{Input, not_read};
use crate::report::{self, Format, Report};

/// Which way of registering a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum For {
    /// A partner registers for a customer: hash, PKID or tuple; 1,000 devices a list.
    PartnerCenter,
    /// A customer imports its own devices: hashes only; 500 devices a list.
    Intune,
    /// An OEM: tuple or PKID, no hashes; 1,000 devices a list.
    Oem,
    /// enlist itself: every layout and every identifier.
    Enlist,
}

impl From<For> for Channel {
    fn from(way: For) -> Self {
        match way {
            For::PartnerCenter => Self::PartnerCenter,
            For::Intune => Self::Intune,
            For::Oem => Self::Oem,
            For::Enlist => Self::Enlist,
        }
    }
}

/// Check device lists: what is wrong, where, and how to mend it.
///
/// Works without a server and without a network, on lists of any length.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  enlist check devices.csv
  enlist check --fix mended.csv devices.csv
  enlist check --for intune --format json hashes.csv | jq .files[0].summary
  powershell-export | enlist check -

{CODES}"))]
pub(crate) struct Check {
    /// Device lists; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Which way of registering the lists are for.
    #[arg(long = "for", value_enum, default_value_t = For::PartnerCenter, value_name = "WAY")]
    way: For,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// How many devices one list may have; no limit unless given.
    #[arg(long, value_name = "ROWS")]
    limit: Option<u64>,

    /// Show every finding in the table, however many there are.
    #[arg(long)]
    all: bool,

    /// Write the repaired list there (- is standard output) and list the changes. Only certain
    /// repairs are made; rows that would need a guess are left out and named.
    #[arg(long, value_name = "OUT")]
    fix: Option<PathBuf>,
}

impl Check {
    /// Checks file by file; the worst of them decides the exit code.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let options = CheckOptions {
            channel: self.way.into(),
            row_limit: self.limit,
            ..CheckOptions::default()
        };
        if let Some(out) = &self.fix {
            let [file] = &self.files[..] else {
                return Err(Failure::new(
                    "--fix takes one list at a time.",
                    "Run it once for each file.",
                ));
            };
            return fix::run(file, out, &options, self.format);
        }
        let mut report = report::to(BufWriter::new(io::stdout()), self.format, self.all);
        let mut worst = Exit::Good;
        for file in &self.files {
            let ended = check_file(file, &options, &mut *report);
            worst = worst.max(match ended {
                Err(failure @ Failure::Said { .. }) => {
                    failure.tell();
                    Exit::Unusable
                }
                Err(Failure::BrokenPipe) => return Err(Failure::BrokenPipe),
                Ok(summary) => exit_of(&summary),
            });
        }
        report.end()?;
        Ok(worst)
    }
}

fn check_file(
    file: &std::path::Path,
    options: &CheckOptions,
    report: &mut dyn Report,
) -> Result<Summary, Failure> {
    let (input, bar) = Input::open(file)?.with_bar("Checking");
    report.file(&input.name)?;
    let mut told = Ok(());
    let checked = check_stream(input.reader, options, &mut |event| {
        if let (Event::Finding(finding), Ok(())) = (event, &told) {
            told = report.finding(&finding);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    told?;
    let summary = match checked {
        Ok(summary) => summary,
        Err(error) => {
            // What was read stays reported; the document must end well even so.
            report.summary(&Summary::default())?;
            return Err(not_read(&input.name, &error));
        }
    };
    report.summary(&summary)?;
    Ok(summary)
}

fn exit_of(summary: &Summary) -> Exit {
    if !summary.is_usable() {
        Exit::Unusable
    } else if summary.is_conforming() {
        Exit::Good
    } else {
        Exit::Findings
    }
}
