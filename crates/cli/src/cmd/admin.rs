//! `enlist admin`: what is done at the server's own console.

mod client;

use std::io::{self, Write};

use clap::{Args, Subcommand};
use service::DeskError;

use crate::console::{DatabaseArgs, LinkArgs, block_on, desk, password_path, set_up_path};
use crate::exit::{Exit, Failure};

/// What is done at the server's own console.
#[derive(Debug, Args)]
pub(crate) struct Admin {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    FirstOperator(FirstOperator),
    ResetPassword(ResetPassword),
    Client(client::Client),
}

/// Print a one-time link with which the first operator sets the service up.
///
/// Earlier links are spent by it. It holds for 72 hours.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin first-operator --public-url https://enlist.contoso.example")]
struct FirstOperator {
    #[command(flatten)]
    link: LinkArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Print a one-time link with which a person sets a new password.
///
/// It holds for 72 hours; the old password works until the link is used.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin reset-password ada@contoso.example")]
struct ResetPassword {
    /// The person's e-mail address.
    email: String,
    #[command(flatten)]
    link: LinkArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Admin {
    /// Runs the command under it.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::FirstOperator(first) => first.run(),
            Command::ResetPassword(reset) => reset.run(),
            Command::Client(client) => client.run(),
        }
    }
}

impl FirstOperator {
    fn run(self) -> Result<Exit, Failure> {
        let secret = block_on(async {
            let desk = desk(&self.database).await?;
            if desk.is_set_up().await? {
                return Err(Failure::new(
                    "The service was set up already.",
                    "For a new password: enlist admin reset-password EMAIL.",
                ));
            }
            Ok(desk.offer_set_up().await?)
        })?;
        print_link(&self.link.link(&set_up_path(&secret)))
    }
}

impl ResetPassword {
    fn run(self) -> Result<Exit, Failure> {
        let secret = block_on(async {
            let desk = desk(&self.database).await?;
            desk.link_at_console(&self.email)
                .await
                .map_err(|error| match error {
                    DeskError::NotFound => Failure::new(
                        format!(
                            "Nobody has an account with the e-mail address {}.",
                            self.email
                        ),
                        "Check the spelling and --database (or ENLIST_DATABASE).",
                    ),
                    other => other.into(),
                })
        })?;
        print_link(&self.link.link(&password_path(&secret)))
    }
}

fn print_link(link: &str) -> Result<Exit, Failure> {
    writeln!(io::stdout(), "{link}")?;
    Ok(Exit::Good)
}
