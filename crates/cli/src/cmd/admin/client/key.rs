//! `enlist admin client key`: public keys, with which a client proves itself in place of a secret.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use registration::api_client::{CredentialKind, SECRET_DAYS};
use registration::ids::ClientId;

use super::{Console, remove_credential};
use crate::exit::{Exit, Failure};

/// Register and remove public keys: the client signs assertions with the private one.
#[derive(Debug, Args)]
pub(super) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    Remove(Remove),
}

/// Register a public key; each client has two at most. Its thumbprint is printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client key add 01890a5d-ac96-774b-bcce-b302099a8057 certificate.pem --as ada@brightwater.example

A key and its certificate are made with:
  openssl req -x509 -newkey rsa:3072 -noenc -subj /CN=stock -keyout private.pem -out certificate.pem")]
struct Add {
    /// The client's id.
    client: ClientId,
    /// A PEM file with a certificate or a public key: RSA of 2,048 to 8,192 bits, or EC P-256.
    file: PathBuf,
    #[command(flatten)]
    console: Console,
    /// Days that the key holds, whatever a certificate says.
    #[arg(long, default_value_t = SECRET_DAYS)]
    days: i64,
}

/// Remove a public key: tokens given for it are of no use from now on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client key remove 01890a5d-ac96-774b-bcce-b302099a8057 9c41e07f8a0b6d52 --as ada@brightwater.example")]
struct Remove {
    /// The client's id.
    client: ClientId,
    /// The key's thumbprint, as the list shows it.
    thumbprint: String,
    #[command(flatten)]
    console: Console,
}

impl Key {
    /// Runs the command under it.
    pub(super) async fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::Add(add) => add.run().await,
            Command::Remove(remove) => {
                let (client, hint) = (remove.client, &remove.thumbprint);
                remove_credential(&remove.console, client, CredentialKind::Key, hint).await
            }
        }
    }
}

impl Add {
    async fn run(self) -> Result<Exit, Failure> {
        let text = std::fs::read_to_string(&self.file).map_err(|error| {
            Failure::new(
                format!("{} can't be read: {error}.", self.file.display()),
                "Give a PEM file with a certificate or a public key.",
            )
        })?;
        let (desk, caller) = self.console.open().await?;
        let added = desk.add_client_key(&caller, self.client, &text, self.days);
        writeln!(io::stdout(), "thumbprint    {}", added.await?)?;
        Ok(Exit::Good)
    }
}
