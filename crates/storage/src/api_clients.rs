//! API clients and what they prove themselves with, as their organization manages them.

use async_trait::async_trait;
use registration::access::Scope;
use registration::api_client::{
    ApiClient, ClientCredential, ClientTerms, CredentialKind, TermChange,
};
use registration::audit::{Act, AuditAction, AuditEntry};
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId};

use crate::{Refused, Result};

/// A client with its secrets and keys, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientView {
    /// The client.
    pub client: ApiClient,
    /// Its secrets and keys.
    pub credentials: Vec<ClientCredential>,
}

/// A secret or public key to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// Its id.
    pub id: CredentialId,
    /// Which of the two.
    pub kind: CredentialKind,
    /// SHA-256 of the secret, or of the public key.
    pub digest: [u8; 32],
    /// The key's `SubjectPublicKeyInfo`; none for a secret.
    pub public_key: Option<Vec<u8>>,
    /// What people tell it from others by.
    pub hint: String,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
}

/// API clients of the scope's organization; those of others don't exist (`NotFound`).
#[async_trait]
pub trait ApiClients: Send + Sync {
    /// All of them, newest first, the revoked ones included.
    async fn clients(&self, scope: &Scope) -> Result<Vec<ClientView>>;

    /// One of them.
    async fn client(&self, scope: &Scope, id: ClientId) -> Result<Option<ClientView>>;

    /// Adds a client: its account, itself, and its first secret or key if it has one. Audit:
    /// `ClientAdded`, then as [`Self::add_credential`].
    async fn add_client(
        &self,
        scope: &Scope,
        act: &Act,
        client: ApiClient,
        credential: Option<NewCredential>,
    ) -> Result<()>;

    /// Adds a secret or key; expired ones of the same kind are dropped. Audit: `ClientSecretMade`
    /// or `ClientKeyAdded`. `Refused::TooManyCredentials`, `Refused::ClientRevoked`.
    async fn add_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: NewCredential,
    ) -> Result<()>;

    /// Removes a secret or key, and with it every token given for it. Audit:
    /// `ClientSecretRemoved` or `ClientKeyRemoved`.
    async fn remove_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: CredentialId,
    ) -> Result<()>;

    /// Changes a client from `before` to `after`. Tokens already given follow at
    /// once; where an address is gone, codes that wait to be redeemed are dropped. Audit:
    /// `ClientChanged`; the same terms change nothing. `Refused::Changed` where it is not as
    /// `before` says, `Refused::ClientRevoked`.
    async fn change_client(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        before: ClientTerms,
        after: ClientTerms,
    ) -> Result<()>;

    /// Revokes a client for good: its account is shut, its secrets, keys, codes and sign-ins are
    /// dropped. Audit: `ClientRevoked`. Revoking twice changes nothing.
    async fn revoke_client(&self, scope: &Scope, act: &Act, client: ClientId) -> Result<()>;
}

/// A client on other terms.
pub(crate) struct Changed {
    /// As it is from now on.
    pub(crate) client: ApiClient,
    /// Whether an address is gone to which a code may be on its way.
    pub(crate) drops_codes: bool,
    /// What the audit log says.
    pub(crate) entry: AuditEntry,
}

/// What becomes of a client as it is stored; `None` where nothing changes.
pub(crate) fn changed(
    client: ApiClient,
    act: &Act,
    before: &ClientTerms,
    after: ClientTerms,
) -> Result<Option<Changed>> {
    if client.revoked_at.is_some() {
        return Err(Refused::ClientRevoked.into());
    }
    if client.terms() != *before {
        return Err(Refused::Changed.into());
    }
    let changes = before.changes(&after);
    if changes.is_empty() {
        return Ok(None);
    }
    let gone = |change: &TermChange| matches!(change, TermChange::RedirectRemoved(_));
    let said: Vec<_> = changes.iter().map(ToString::to_string).collect();
    let client = client.on(after);
    let entry = act.entry(0, AuditAction::ClientChanged, client.id.0, &client.name);
    Ok(Some(Changed {
        drops_codes: changes.iter().any(gone),
        entry: entry.saying(said.join("; ")),
        client,
    }))
}
