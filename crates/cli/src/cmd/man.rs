//! `enlist man`: manual pages.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, CommandFactory};

use crate::exit::{Exit, Failure};

/// Write manual pages, one for each command.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist man ~/.local/share/man/man1
  man enlist-check")]
pub(crate) struct Man {
    /// The folder to write them to; it is made if it is missing.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Man {
    /// Writes the pages.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let shown = self.folder.display();
        let written = std::fs::create_dir_all(&self.folder)
            .and_then(|()| clap_mangen::generate_to(super::Enlist::command(), &self.folder));
        written.map_err(|error| {
            Failure::new(
                format!("The manual pages can't be written to {shown}: {error}."),
                "Give a folder that you may write to.",
            )
        })?;
        writeln!(io::stdout(), "The manual pages are in {shown}.")?;
        Ok(Exit::Good)
    }
}
