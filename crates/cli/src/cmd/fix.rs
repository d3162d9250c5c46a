//! `enlist check --fix`: the list with every certain repair.

use std::path::{Path, PathBuf};

use clap::Args;
use device_list::{CheckOptions, Dialect, MendTarget};

use super::mend::{Form, Job};
use super::sample::dialects;
use crate::exit::{Exit, Failure};
use crate::report::Format;

/// What the repaired list is to be.
#[derive(Debug, Args)]
pub(super) struct Fixing {
    /// Write the repaired list there (- is standard output) and list the changes. Only certain
    /// repairs are made, and guesses that --accept names; the other rows go to the rest file.
    #[arg(long, value_name = "OUT")]
    fix: Option<PathBuf>,

    /// The layout of the repaired list; its own, or the counterpart for the way of registering,
    /// unless given.
    #[arg(long, requires = "fix", value_parser = dialects())]
    dialect: Option<Dialect>,

    /// The file for the rows that can't be mended, as they were sent, with codes and advice in
    /// front; beside OUT as NAME-rest.csv unless given. It is written only if there are such rows.
    #[arg(long, requires = "fix", value_name = "REST")]
    rest: Option<PathBuf>,

    /// Write a list that is over the limit as several: NAME-1.csv, NAME-2.csv and so on.
    #[arg(long, requires = "fix")]
    split: bool,
}

impl Fixing {
    /// Where the repaired list goes, if there is to be one.
    pub(super) fn out(&self) -> Option<&Path> {
        self.fix.as_deref()
    }

    /// Repairs the list. Good when what was written conforms and has every row.
    pub(super) fn run(
        &self,
        files: &[PathBuf],
        out: &Path,
        options: CheckOptions,
        format: Format,
    ) -> Result<Exit, Failure> {
        let [file] = files else {
            return Err(Failure::new(
                "--fix takes one list at a time.",
                "Run it once for each file.",
            ));
        };
        let form = match format {
            Format::Table => Form::Table,
            Format::Json => Form::Json,
            Format::Sarif | Format::Csv | Format::Html => {
                return Err(Failure::new(
                    "Changes are told as a table or as JSON.",
                    "Leave --format out, or give --format json.",
                ));
            }
        };
        let job = Job {
            file,
            out,
            rest: self.rest.as_deref(),
            options,
            target: MendTarget {
                dialect: self.dialect,
                ..MendTarget::default()
            },
            split: self.split,
            form,
            command: "check --fix",
            option: "--fix",
        };
        job.run()
    }
}
