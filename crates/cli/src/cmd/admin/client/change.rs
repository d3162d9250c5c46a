//! `enlist admin client change`: another name, role, other scopes or redirect addresses.

use std::io::{self, Write};

use clap::Args;
use registration::ids::ClientId;
use service::api_clients::ClientForm;
use service::client_terms::version_of;

use super::{Console, scope};
use crate::exit::{Exit, Failure};
use crate::terminal::safe;

/// Change a client: what is not given stays. What changed is printed.
///
/// It holds at once, for tokens already given too.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist admin client change 01890a5d-ac96-774b-bcce-b302099a8057 --as ada@brightwater.example \\
      --scope devices.read --scope customers.read
  enlist admin client change 01890a5d-ac96-774b-bcce-b302099a8057 --as ada@brightwater.example \\
      --name 'Desk script 2' --redirect http://localhost")]
pub(super) struct Change {
    /// The client's id.
    client: ClientId,
    #[command(flatten)]
    console: Console,
    /// What people call it from now on.
    #[arg(long)]
    name: Option<String>,
    /// Its role from now on, at most the administrator's own: as under People.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// What its tokens may be used for from now on, in place of what they were for; several times.
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<String>,
    /// Where it may send a browser with a code, in place of what it had; several times.
    #[arg(long = "redirect", value_name = "URL")]
    redirects: Vec<String>,
    /// Take all its redirect addresses away.
    #[arg(long, conflicts_with = "redirects")]
    no_redirects: bool,
}

impl Change {
    /// Changes it.
    pub(super) async fn run(self) -> Result<Exit, Failure> {
        let (desk, caller) = self.console.open().await?;
        let client = desk.api_client(&caller, self.client).await?.client;
        let seen = version_of(&client);
        let form = ClientForm {
            name: self.name.unwrap_or(client.name),
            role: self.role.unwrap_or_else(|| client.role.as_str().to_owned()),
            scopes: if self.scopes.is_empty() {
                vec![client.scopes.to_string()]
            } else {
                self.scopes
            },
            redirects: if self.redirects.is_empty() && !self.no_redirects {
                client.redirects.join("\n")
            } else {
                self.redirects.join("\n")
            },
            ..ClientForm::default()
        };
        let intended = desk.intend_change(&caller, self.client, &seen, &form);
        let intended = intended.await?;
        let changes: Vec<_> = intended.changes.iter().map(ToString::to_string).collect();
        desk.change_api_client(&caller, intended).await?;
        let mut out = io::stdout();
        if changes.is_empty() {
            writeln!(out, "Nothing changed: the client is like that already.")?;
        }
        for change in changes {
            writeln!(out, "{}", safe(&change))?;
        }
        Ok(Exit::Good)
    }
}
