//! What giving and checking tokens needs. Nobody is known yet: no method takes a scope.

use async_trait::async_trait;
use registration::api_client::{ApiClient, ApiScopes, ClientCredential};
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId, OrganizationId, SigningKeyId};
use registration::organization::Organization;

use crate::Result;
use crate::people::Member;

/// How the address of a token endpoint names an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantName {
    /// By its id.
    Id(OrganizationId),
    /// By its domain, folded.
    Domain(String),
}

/// A client that wants a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownClient {
    /// The client.
    pub client: ApiClient,
    /// Its account and organization.
    pub member: Member,
    /// What it may prove itself with, expired ones included.
    pub credentials: Vec<KnownCredential>,
}

/// A secret as it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCredential {
    /// What people see of it.
    pub shown: ClientCredential,
    /// SHA-256 of the secret.
    pub digest: [u8; 32],
}

/// As whom a token's bearer acts, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The account and its organization.
    pub member: Member,
    /// What the client may be used for now.
    pub scopes: ApiScopes,
}

/// A key that tokens are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its id, `kid` in a token's header.
    pub id: SigningKeyId,
    /// The public point, uncompressed.
    pub public_key: Vec<u8>,
    /// The private key under the server's key.
    pub sealed: Vec<u8>,
    /// Which server key that is.
    pub seal: [u8; 16],
    /// When it was made.
    pub created_at: Timestamp,
    /// From then on it signs no more.
    pub signs_until: Timestamp,
    /// From then on it is not published any more.
    pub ends_at: Timestamp,
}

/// Tokens.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// The organization of this name.
    async fn tenant(&self, name: TenantName) -> Result<Option<Organization>>;

    /// The client with this id, unless it was revoked or its account shut.
    async fn known_client(&self, id: ClientId) -> Result<Option<KnownClient>>;

    /// Notes that a client got a token, and for which secret; to the minute.
    async fn note_client_use(
        &self,
        client: ClientId,
        credential: CredentialId,
        at: Timestamp,
    ) -> Result<()>;

    /// Whether what a token hangs on still stands: the secret that it was given for is there, the
    /// client is not revoked, the account not shut. One indexed read.
    async fn standing(
        &self,
        client: ClientId,
        credential: CredentialId,
    ) -> Result<Option<Standing>>;

    /// The keys that are published at `now`, newest first.
    async fn signing_keys(&self, now: Timestamp) -> Result<Vec<SigningKey>>;

    /// Keeps a new key.
    async fn add_signing_key(&self, key: SigningKey) -> Result<()>;
}
