//! `enlist admin client`: the programs that may call the API for an organization.

mod change;
mod key;

use std::io::{self, Write};
use std::sync::Arc;

use clap::{Args, Subcommand};
use registration::api_client::{ApiScope, CredentialKind, SECRET_DAYS};
use registration::ids::ClientId;
use service::api_clients::{ClientForm, NewSecret};
use service::{Caller, Desk, DeskError};

use crate::console::{DatabaseArgs, block_on, desk};
use crate::exit::{Exit, Failure};
use crate::terminal::safe;

/// Add, list, change and revoke API clients: programs that call the API for an organization.
///
/// What is done is done in the name of an administrator of that organization, and stands in its
/// audit log.
#[derive(Debug, Args)]
pub(super) struct Client {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Change(change::Change),
    Secret(MakeSecret),
    Key(key::Key),
    RemoveSecret(RemoveSecret),
    Revoke(Revoke),
}

/// In whose name.
#[derive(Debug, Args)]
struct Console {
    /// The e-mail address of an administrator of the organization.
    #[arg(long = "as", value_name = "EMAIL")]
    administrator: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Add a client; its id and its secret are printed, the secret this once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client add --as ada@brightwater.example --name 'Stock system' --role sales_agent \\
      --scope devices.read --scope devices.register --scope customers.read
  enlist admin client add --as ada@brightwater.example --name 'Desk script' --role sales_agent --public \\
      --scope devices.read --redirect http://localhost")]
struct Add {
    #[command(flatten)]
    console: Console,
    /// What people call it.
    #[arg(long)]
    name: String,
    /// Its role, at most the administrator's own: as under People.
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// What its tokens may be used for; several times.
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope)]
    scopes: Vec<String>,
    /// It can't keep a secret: it runs on people's machines and acts in the name of whoever signs in.
    #[arg(long)]
    public: bool,
    /// Where it may send a browser with a code; several times. A public client on this machine
    /// (`http://localhost`) may use any port.
    #[arg(long = "redirect", value_name = "URL")]
    redirects: Vec<String>,
    /// Days that the secret holds.
    #[arg(long, default_value_t = SECRET_DAYS)]
    days: i64,
}

/// List the clients of the organization, the newest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client list --as ada@brightwater.example")]
struct List {
    #[command(flatten)]
    console: Console,
}

/// Make a second secret, to put in the place of the first; each client has two at most.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client secret 01890a5d-ac96-774b-bcce-b302099a8057 --as ada@brightwater.example")]
struct MakeSecret {
    /// The client's id.
    client: ClientId,
    #[command(flatten)]
    console: Console,
    /// Days that the secret holds.
    #[arg(long, default_value_t = SECRET_DAYS)]
    days: i64,
}

/// Remove a secret that was put aside: tokens given for it are of no use from now on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client remove-secret 01890a5d-ac96-774b-bcce-b302099a8057 enlist_b741 --as ada@brightwater.example")]
struct RemoveSecret {
    /// The client's id.
    client: ClientId,
    /// What the secret begins with, as the list shows it.
    hint: String,
    #[command(flatten)]
    console: Console,
}

/// Revoke a client for good: its tokens are of no use from now on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client revoke 01890a5d-ac96-774b-bcce-b302099a8057 --as ada@brightwater.example")]
struct Revoke {
    /// The client's id.
    client: ClientId,
    #[command(flatten)]
    console: Console,
}

impl Client {
    /// Runs the command under it.
    pub(super) fn run(self) -> Result<Exit, Failure> {
        block_on(async {
            match self.command {
                Command::Add(add) => add.run().await,
                Command::List(list) => list.run().await,
                Command::Change(change) => change.run().await,
                Command::Secret(secret) => secret.run().await,
                Command::Key(key) => key.run().await,
                Command::RemoveSecret(remove) => remove.run().await,
                Command::Revoke(revoke) => revoke.run().await,
            }
        })
    }
}

impl Console {
    async fn open(&self) -> Result<(Arc<Desk>, Caller), Failure> {
        let desk = desk(&self.database).await?;
        let caller = desk.caller_at_console(&self.administrator).await;
        let caller = caller.map_err(|error| match error {
            DeskError::NotFound => Failure::new(
                format!(
                    "Nobody has an account with the e-mail address {}.",
                    self.administrator
                ),
                "Check the spelling and --database (or ENLIST_DATABASE).",
            ),
            other => other.into(),
        })?;
        Ok((desk, caller))
    }
}

impl Add {
    async fn run(self) -> Result<Exit, Failure> {
        let (desk, caller) = self.console.open().await?;
        let form = ClientForm {
            name: self.name,
            role: self.role,
            scopes: self.scopes,
            redirects: self.redirects.join("\n"),
            public: self.public,
            days: self.days,
        };
        let (client, secret) = desk.add_api_client(&caller, &form).await?;
        let mut out = io::stdout();
        writeln!(out, "organization  {}", client.organization_id)?;
        writeln!(out, "client id     {}", client.id)?;
        secret.map_or(Ok(Exit::Good), |secret| print_secret(&secret))
    }
}

impl List {
    async fn run(self) -> Result<Exit, Failure> {
        let (desk, caller) = self.console.open().await?;
        let clients = desk.api_clients(&caller).await?;
        let mut out = io::stdout();
        if clients.is_empty() {
            writeln!(out, "There are no API clients yet: enlist admin client add")?;
        }
        for view in clients {
            let client = view.client;
            let state = match (client.revoked_at, client.last_used_at) {
                (Some(at), _) => format!("revoked {}", at.to_date()),
                (None, Some(at)) => format!("last used {}", at.to_date()),
                (None, None) => "never used".to_owned(),
            };
            let (role, name) = (client.role.as_str(), safe(&client.name));
            let public = if client.public { ", public" } else { "" };
            writeln!(
                out,
                "{}  {name}, {role}{public}, {state}: {}",
                client.id, client.scopes
            )?;
            for credential in view.credentials {
                let until = credential.expires_at.to_date();
                let hint = safe(&credential.hint);
                let kind = credential.kind.as_str();
                writeln!(out, "    {kind} {hint} until {until}")?;
            }
        }
        Ok(Exit::Good)
    }
}

impl MakeSecret {
    async fn run(self) -> Result<Exit, Failure> {
        let (desk, caller) = self.console.open().await?;
        let made = desk.add_client_secret(&caller, self.client, self.days);
        print_secret(&made.await?)
    }
}

impl RemoveSecret {
    async fn run(self) -> Result<Exit, Failure> {
        let (client, hint) = (self.client, &self.hint);
        remove_credential(&self.console, client, CredentialKind::Secret, hint).await
    }
}

/// Removes the secret or key that people tell by this.
async fn remove_credential(
    console: &Console,
    client: ClientId,
    kind: CredentialKind,
    hint: &str,
) -> Result<Exit, Failure> {
    let (desk, caller) = console.open().await?;
    let view = desk.api_client(&caller, client).await?;
    let hint = hint.trim_end_matches('…');
    let mut credentials = view.credentials.iter();
    let found =
        credentials.find(|known| known.kind == kind && known.hint.trim_end_matches('…') == hint);
    let credential = found.ok_or_else(|| {
        Failure::new(
            format!("The client has no {} called {}.", kind.as_str(), safe(hint)),
            "enlist admin client list shows what its secrets and keys are called.",
        )
    })?;
    desk.remove_client_credential(&caller, client, credential.id)
        .await?;
    writeln!(
        io::stdout(),
        "Removed: tokens given for it are of no use any more."
    )?;
    Ok(Exit::Good)
}

impl Revoke {
    async fn run(self) -> Result<Exit, Failure> {
        let (desk, caller) = self.console.open().await?;
        desk.revoke_api_client(&caller, self.client).await?;
        writeln!(io::stdout(), "Revoked: its tokens are of no use any more.")?;
        Ok(Exit::Good)
    }
}

fn print_secret(made: &NewSecret) -> Result<Exit, Failure> {
    let mut out = io::stdout();
    writeln!(out, "secret        {}", made.secret.reveal())?;
    writeln!(out, "valid until   {}", made.expires_at.to_date())?;
    Ok(Exit::Good)
}

fn scope(word: &str) -> Result<String, String> {
    let all = registration::api_client::ApiScopes::all();
    ApiScope::parse(word)
        .map(|scope| scope.as_str().to_owned())
        .ok_or_else(|| format!("there is no such scope; there are: {all}"))
}
