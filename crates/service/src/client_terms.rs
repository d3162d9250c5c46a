//! Changing an API client: what would change is shown first, and nothing is changed that somebody
//! else changed meanwhile.

use registration::access::Action;
use registration::api_client::{ApiClient, ClientTerms, TermChange};
use registration::ids::ClientId;
use sha2::{Digest, Sha256};
use storage::{Refused, StorageError};

use crate::api_clients::{ClientForm, terms_of};
use crate::{Caller, Desk, Result};

/// What a form would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intended {
    /// The client as it is.
    pub client: ApiClient,
    /// What changes, one after the other; nothing where the form says what already is.
    pub changes: Vec<TermChange>,
    /// The terms it would have.
    terms: ClientTerms,
}

impl Desk {
    /// What this form would change of a client. `seen` is the [`version_of`] the client that the
    /// form was made from. Kind and days of the form are not looked at; the role is that of a
    /// client that can't act by itself where the form has none.
    pub async fn intend_change(
        &self,
        caller: &Caller,
        id: ClientId,
        seen: &str,
        form: &ClientForm,
    ) -> Result<Intended> {
        let client = self.api_client(caller, id).await?.client;
        if client.revoked_at.is_some() {
            return Err(StorageError::from(Refused::ClientRevoked).into());
        }
        if version_of(&client) != seen {
            return Err(StorageError::from(Refused::Changed).into());
        }
        let terms = if client.public && form.role.is_empty() {
            let role = client.role.as_str().to_owned();
            terms_of(
                caller,
                &ClientForm {
                    role,
                    ..form.clone()
                },
            )?
        } else {
            terms_of(caller, form)?
        };
        Ok(Intended {
            changes: client.terms().changes(&terms),
            client,
            terms,
        })
    }

    /// Changes a client as intended; tokens already given follow at once.
    pub async fn change_api_client(&self, caller: &Caller, intended: Intended) -> Result<()> {
        let scope = caller.may(Action::ManageClients)?;
        let Intended { client, terms, .. } = intended;
        let act = caller.act(self);
        let before = client.terms();
        let changed = self
            .storage
            .change_client(&scope, &act, client.id, before, terms);
        Ok(changed.await?)
    }
}

/// What tells one state of a client's terms from another.
pub fn version_of(client: &ApiClient) -> String {
    let terms = client.terms();
    let mut text = format!("{}\n{}\n{}", terms.name, terms.role.as_str(), terms.scopes);
    for address in &terms.redirects {
        text.push('\n');
        text.push_str(address);
    }
    crate::secret::hex(&Sha256::digest(text)[..16])
}
