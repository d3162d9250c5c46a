//! API clients as their organization manages them: in the portal, and at the server's console.

use registration::access::Action;
use registration::api_client::{self, ApiClient, ApiScopes, ClientError, SECRET_DAYS_AT_MOST};
use registration::ids::{ClientId, CredentialId};
use registration::organization::parse_name;
use registration::user::{Role, parse_email};
use storage::api_clients::{ClientView, NewCredential};

use crate::secret::Secret;
use crate::{Caller, Desk, DeskError, Result};

/// What a client's secret begins with, so that scanners for lost secrets know it.
const SECRET_PREFIX: &str = "enlist_";
/// Letters of a secret that people tell it by.
const HINT_LETTERS: usize = SECRET_PREFIX.len() + 4;

/// What a form says about a new client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientForm {
    /// What people call it.
    pub name: String,
    /// The word of its role.
    pub role: String,
    /// The words of its scopes.
    pub scopes: Vec<String>,
    /// Days that its first secret holds.
    pub days: i64,
}

/// A secret that was just made, shown this once.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// The secret.
    pub secret: Secret,
    /// From then on it is of no use.
    pub expires_at: registration::clock::Timestamp,
}

impl Desk {
    /// The API clients of one's own organization, newest first.
    pub async fn api_clients(&self, caller: &Caller) -> Result<Vec<ClientView>> {
        let scope = caller.may(Action::ManageClients)?;
        Ok(self.storage.clients(&scope).await?)
    }

    /// One of them.
    pub async fn api_client(&self, caller: &Caller, id: ClientId) -> Result<ClientView> {
        let scope = caller.may(Action::ManageClients)?;
        let found = self.storage.client(&scope, id).await?;
        found.ok_or(DeskError::NotFound)
    }

    /// Adds a client with its first secret.
    pub async fn add_api_client(
        &self,
        caller: &Caller,
        form: &ClientForm,
    ) -> Result<(ApiClient, NewSecret)> {
        let scope = caller.may(Action::ManageClients)?;
        let client = self.client_of_form(caller, form)?;
        let (secret, credential) = self.new_secret(form.days)?;
        let added = client.clone();
        self.storage
            .add_client(&scope, &caller.act(self), client, credential)
            .await?;
        Ok((added, secret))
    }

    /// Makes another secret, for rotation: the one before holds until it is removed or expires.
    pub async fn add_client_secret(
        &self,
        caller: &Caller,
        client: ClientId,
        days: i64,
    ) -> Result<NewSecret> {
        let scope = caller.may(Action::ManageClients)?;
        let (secret, credential) = self.new_secret(days)?;
        self.storage
            .add_credential(&scope, &caller.act(self), client, credential)
            .await?;
        Ok(secret)
    }

    /// Removes a secret; tokens given for it are of no use from now on.
    pub async fn remove_client_secret(
        &self,
        caller: &Caller,
        client: ClientId,
        credential: CredentialId,
    ) -> Result<()> {
        let scope = caller.may(Action::ManageClients)?;
        Ok(self
            .storage
            .remove_credential(&scope, &caller.act(self), client, credential)
            .await?)
    }

    /// Revokes a client for good; its tokens are of no use from now on.
    pub async fn revoke_api_client(&self, caller: &Caller, client: ClientId) -> Result<()> {
        let scope = caller.may(Action::ManageClients)?;
        Ok(self
            .storage
            .revoke_client(&scope, &caller.act(self), client)
            .await?)
    }

    /// Whoever sits at the server's console acts as the person with this e-mail address.
    pub async fn caller_at_console(&self, email: &str) -> Result<Caller> {
        let credential = self.storage.credential(&parse_email(email)?).await?;
        let member = credential.ok_or(DeskError::NotFound)?.member;
        Ok(Caller::new(member, self.request_id()))
    }

    fn client_of_form(&self, caller: &Caller, form: &ClientForm) -> Result<ApiClient> {
        let name = parse_name(&form.name)?;
        let role = Role::parse(&form.role).ok_or(ClientError::Role)?;
        api_client::check_role(caller.organization.kind, caller.user.role, role)?;
        let scopes = ApiScopes::parse(&form.scopes.join(" "));
        if scopes.is_empty() {
            return Err(ClientError::Scopes.into());
        }
        Ok(ApiClient {
            id: ClientId(self.uuid()),
            organization_id: caller.organization.id,
            name,
            role,
            scopes,
            created_by: caller.user.id,
            created_at: self.now(),
            revoked_at: None,
            last_used_at: None,
        })
    }

    fn new_secret(&self, days: i64) -> Result<(NewSecret, NewCredential)> {
        if !(1..=SECRET_DAYS_AT_MOST).contains(&days) {
            return Err(ClientError::Days.into());
        }
        let random = Secret::generate(&*self.entropy);
        let secret = Secret::from_text(&format!("{SECRET_PREFIX}{}", random.reveal()));
        let expires_at = self.now().plus_days(days);
        let credential = NewCredential {
            id: CredentialId(self.uuid()),
            digest: secret.digest(),
            hint: format!("{}…", &secret.reveal()[..HINT_LETTERS]),
            expires_at,
        };
        Ok((NewSecret { secret, expires_at }, credential))
    }
}
