//! `enlist migrate`: brings the database up to date.

use std::io::{self, Write};

use clap::Args;
use registration::clock::Clock;

use crate::console::{DatabaseArgs, block_on};
use crate::exit::{Exit, Failure};
use crate::wall::WallClock;

/// Bring the database up to date, without serving. `serve` does it at start, too.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist migrate
  enlist migrate --database postgres://enlist@db.contoso.example/enlist")]
pub(crate) struct Migrate {
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Migrate {
    /// Applies what is missing and says what that was.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let applied = block_on(async {
            let storage = storage::open(&self.database.database).await?;
            Ok(storage.migrate(WallClock.now()).await?)
        })?;
        let mut out = io::stdout();
        if applied.is_empty() {
            writeln!(out, "The database is up to date.")?;
        }
        for migration in applied {
            writeln!(out, "Applied {:04} {}.", migration.number, migration.name)?;
        }
        Ok(Exit::Good)
    }
}
