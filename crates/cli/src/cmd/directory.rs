//! `enlist directory`: what OEMs reported having built.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::console::{DatabaseArgs, block_on, desk};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::terminal::{counted, spinner};

/// The device directory: what OEMs reported having built.
#[derive(Debug, Args)]
pub(crate) struct Directory {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Import(Import),
}

/// Import a list of what was built, of any length and in any layout.
///
/// Rows must name their machine by hardware hash or by manufacturer, model and serial number.
/// Importing a list again changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist directory import built-2026-11.csv
  enlist directory import --source \"Contoso, November\" --database sqlite:/var/lib/enlist/enlist.db built.csv
  zcat built.csv.gz | enlist directory import -")]
struct Import {
    /// The list; - is standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Where the list comes from, for the record; the file's name unless given.
    #[arg(long)]
    source: Option<String>,

    #[command(flatten)]
    database: DatabaseArgs,
}

impl Directory {
    /// Runs the command under it.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Command::Import(import) = self.command;
        import.run()
    }
}

impl Import {
    fn run(self) -> Result<Exit, Failure> {
        let (input, bar) = Input::open(&self.file)?.with_bar("Importing");
        let source = self.source.clone().unwrap_or_else(|| input.name.clone());
        let counter = if bar.is_none() {
            Some(spinner("devices imported"))
        } else {
            None
        };
        let report = block_on(async {
            let desk = desk(&self.database).await?;
            let progress = |rows| {
                if let Some(bar) = &bar {
                    bar.rows(rows);
                }
                if let Some(counter) = &counter {
                    counter.set_position(rows);
                }
            };
            let actor = desk.console_actor();
            Ok(desk
                .import_directory(actor, &source, input.reader, progress)
                .await?)
        })?;
        if let Some(bar) = bar {
            bar.end();
        }
        if let Some(counter) = counter {
            counter.finish_and_clear();
        }
        let mut out = io::stdout();
        writeln!(
            out,
            "{} read: {} added, {} known before, {} skipped.",
            counted(report.rows, "row", "rows"),
            crate::terminal::count(report.imported.added),
            crate::terminal::count(report.imported.known),
            crate::terminal::count(report.skipped),
        )?;
        if report.skipped == 0 {
            return Ok(if report.rows == 0 {
                Exit::Unusable
            } else {
                Exit::Good
            });
        }
        let file = self.file.display();
        writeln!(
            out,
            "Why rows were skipped: enlist check --for enlist {file}"
        )?;
        Ok(Exit::Findings)
    }
}
