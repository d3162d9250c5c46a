//! `enlist convert`: a list in another layout.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use device_list::{Dialect, MendTarget, RowForm};

use super::choices::Choices;
use super::mend::{Form, Job};
use super::sample::dialects;
use super::way::Way;
use crate::exit::{CODES, Exit, Failure};

/// What rows are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    /// With the hardware hash.
    Hash,
    /// As the PKID alone: the row's own, or the one in its hash.
    Pkid,
    /// As manufacturer, model and serial number, taken from the hash where there is one.
    Tuple,
}

impl From<As> for RowForm {
    fn from(form: As) -> Self {
        match form {
            As::Hash => Self::Hash,
            As::Pkid => Self::Pkid,
            As::Tuple => Self::Tuple,
        }
    }
}

/// Write a device list in another layout.
///
/// Repairs what is certain on the way. Values that the layout has no column for are named; rows
/// whose identifiers it can't carry go to the rest file, and no identifier is lost.
#[derive(Debug, Args)]
#[command(after_help = format!("\
Examples:
  enlist convert hashes.csv -o partner.csv --to partner-center
  enlist convert hashes.csv -o tuples.csv --to managed-desktop-partner --as tuple
  enlist convert devices.xlsx --sheet 2 -o intune.csv --to intune --rest to-mend.csv
  enlist convert - --to intune-4 < devices.csv > intune.csv

{CODES}"))]
pub(crate) struct Convert {
    /// The list; - is standard input.
    #[arg(value_name = "IN")]
    file: PathBuf,

    /// The file to write; standard output unless given.
    #[arg(
        short,
        long,
        value_name = "OUT",
        default_value = "-",
        hide_default_value = true
    )]
    output: PathBuf,

    /// The layout to write.
    #[arg(long, value_name = "DIALECT", value_parser = dialects())]
    to: Dialect,

    /// What rows are written as; each as it was sent unless given.
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<As>,

    /// The file for the rows that don't fit, as they were sent, with codes and advice in front;
    /// beside OUT as OUT-rest.csv unless given. It is written only if there are such rows.
    #[arg(long, value_name = "REST")]
    rest: Option<PathBuf>,

    /// How what was done is told.
    #[arg(long, value_enum, default_value_t)]
    format: Form,

    #[command(flatten)]
    choices: Choices,
}

impl Convert {
    /// Converts the list. Good when what was written conforms and has every row.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        // Every layout and every identifier, and lists of any length.
        let options = self.choices.onto(Way::Enlist.options());
        let job = Job {
            file: &self.file,
            out: &self.output,
            rest: self.rest.as_deref().map(Path::new),
            options,
            target: MendTarget {
                dialect: Some(self.to),
                form: self.form.map_or_else(RowForm::default, RowForm::from),
            },
            split: false,
            form: self.format,
            command: "convert",
            option: "-o",
        };
        job.run()
    }
}
