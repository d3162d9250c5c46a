//! API clients as their organization manages them: in the portal, and at the server's console.

use registration::access::Action;
use registration::api_client::{
    self, ApiClient, ApiScopes, ClientError, ClientTerms, CredentialKind, SECRET_DAYS_AT_MOST,
};
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId};
use registration::organization::parse_name;
use registration::redirect;
use registration::user::{Role, parse_email};
use sha2::{Digest, Sha256};
use storage::api_clients::{ClientView, NewCredential};

use crate::oauth::parse_pem;
use crate::secret::Secret;
use crate::{Caller, Desk, DeskError, Result};

/// What a client's secret begins with, so that scanners for lost secrets know it.
const SECRET_PREFIX: &str = "enlist_";
/// Letters of a secret that people tell it by.
const HINT_LETTERS: usize = SECRET_PREFIX.len() + 4;

/// Bytes of a key's SHA-256 that people tell it by.
const THUMBPRINT_BYTES: usize = 8;

/// What a form says about a new client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientForm {
    /// What people call it.
    pub name: String,
    /// The word of its role.
    pub role: String,
    /// The words of its scopes.
    pub scopes: Vec<String>,
    /// Its redirect addresses, one a line.
    pub redirects: String,
    /// Whether it can't keep a secret.
    pub public: bool,
    /// Days that its first secret holds.
    pub days: i64,
}

/// A secret that was just made, shown this once.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// The secret.
    pub secret: Secret,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
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

    /// Adds a client; one that can keep a secret gets its first.
    pub async fn add_api_client(
        &self,
        caller: &Caller,
        form: &ClientForm,
    ) -> Result<(ApiClient, Option<NewSecret>)> {
        let scope = caller.may(Action::ManageClients)?;
        let client = self.client_of_form(caller, form)?;
        let (secret, credential) = if client.public {
            (None, None)
        } else {
            let (secret, credential) = self.new_secret(form.days)?;
            (Some(secret), Some(credential))
        };
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
        let (secret, credential) = self.new_secret(days)?;
        self.add_client_credential(caller, client, credential)
            .await?;
        Ok(secret)
    }

    /// Registers a public key, out of a PEM file with it or its certificate: the client signs
    /// assertions with the private one. The answer is its thumbprint.
    pub async fn add_client_key(
        &self,
        caller: &Caller,
        client: ClientId,
        pem: &str,
        days: i64,
    ) -> Result<String> {
        caller.may(Action::ManageClients)?;
        let expires_at = self.end_of(days)?;
        let public_key = parse_pem(pem)?;
        let digest: [u8; 32] = Sha256::digest(&public_key).into();
        let hint = crate::secret::hex(&digest[..THUMBPRINT_BYTES]);
        let credential = NewCredential {
            id: CredentialId(self.uuid()),
            kind: CredentialKind::Key,
            digest,
            public_key: Some(public_key),
            hint: hint.clone(),
            expires_at,
        };
        self.add_client_credential(caller, client, credential)
            .await?;
        Ok(hint)
    }

    async fn add_client_credential(
        &self,
        caller: &Caller,
        client: ClientId,
        credential: NewCredential,
    ) -> Result<()> {
        let scope = caller.may(Action::ManageClients)?;
        if self.api_client(caller, client).await?.client.public {
            return Err(ClientError::Public.into());
        }
        Ok(self
            .storage
            .add_credential(&scope, &caller.act(self), client, credential)
            .await?)
    }

    /// Removes a secret or key; tokens given for it are of no use from now on.
    pub async fn remove_client_credential(
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
        let terms = terms_of(caller, form)?;
        Ok(ApiClient {
            id: ClientId(self.uuid()),
            organization_id: caller.organization.id,
            name: terms.name,
            role: terms.role,
            scopes: terms.scopes,
            redirects: terms.redirects,
            public: form.public,
            created_by: caller.user.id,
            created_at: self.now(),
            revoked_at: None,
            last_used_at: None,
        })
    }

    fn end_of(&self, days: i64) -> Result<Timestamp> {
        if (1..=SECRET_DAYS_AT_MOST).contains(&days) {
            Ok(self.now().plus_days(days))
        } else {
            Err(ClientError::Days.into())
        }
    }

    fn new_secret(&self, days: i64) -> Result<(NewSecret, NewCredential)> {
        let expires_at = self.end_of(days)?;
        let random = Secret::generate(&*self.entropy);
        let secret = Secret::from_text(&format!("{SECRET_PREFIX}{}", random.reveal()));
        let credential = NewCredential {
            id: CredentialId(self.uuid()),
            kind: CredentialKind::Secret,
            digest: secret.digest(),
            public_key: None,
            hint: format!("{}…", &secret.reveal()[..HINT_LETTERS]),
            expires_at,
        };
        Ok((NewSecret { secret, expires_at }, credential))
    }
}

/// The terms that a form asks for, if this administrator may give them.
pub(crate) fn terms_of(caller: &Caller, form: &ClientForm) -> Result<ClientTerms> {
    let name = parse_name(&form.name)?;
    let role = Role::parse(&form.role).ok_or(ClientError::Role)?;
    api_client::check_role(caller.organization.kind, caller.user.role, role)?;
    let scopes = ApiScopes::parse(&form.scopes.join(" "));
    if scopes.is_empty() {
        return Err(ClientError::Scopes.into());
    }
    Ok(ClientTerms {
        name,
        role,
        scopes,
        redirects: redirect::parse(&form.redirects)?,
    })
}
