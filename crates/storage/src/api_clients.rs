//! API clients and what they prove themselves with, as their organization manages them.

use async_trait::async_trait;
use registration::access::Scope;
use registration::api_client::{ApiClient, ClientCredential};
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId};

use crate::Result;

/// A client with its secrets, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientView {
    /// The client.
    pub client: ApiClient,
    /// Its secrets.
    pub credentials: Vec<ClientCredential>,
}

/// A secret to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// Its id.
    pub id: CredentialId,
    /// SHA-256 of the secret.
    pub digest: [u8; 32],
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

    /// Adds a client: its account, itself, and its first secret. Audit:
    /// `ClientAdded`, then as [`Self::add_credential`].
    async fn add_client(
        &self,
        scope: &Scope,
        act: &Act,
        client: ApiClient,
        credential: NewCredential,
    ) -> Result<()>;

    /// Adds a secret; expired ones are dropped. Audit: `ClientSecretMade`.
    /// `Refused::TooManyCredentials`, `Refused::ClientRevoked`.
    async fn add_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: NewCredential,
    ) -> Result<()>;

    /// Removes a secret, and with it every token given for it. Audit:
    /// `ClientSecretRemoved`.
    async fn remove_credential(
        &self,
        scope: &Scope,
        act: &Act,
        client: ClientId,
        credential: CredentialId,
    ) -> Result<()>;

    /// Revokes a client for good: its account is shut, its secrets are dropped. Audit: `ClientRevoked`. Revoking twice changes nothing.
    async fn revoke_client(&self, scope: &Scope, act: &Act, client: ClientId) -> Result<()>;
}
