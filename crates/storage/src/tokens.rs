//! What giving and checking tokens needs. Nobody is known yet: no method takes a scope.

use async_trait::async_trait;
use registration::api_client::{ApiClient, ApiScopes, ClientCredential};
use registration::clock::Timestamp;
use registration::ids::{ClientId, CredentialId, GrantId, OrganizationId, SigningKeyId};
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

/// A secret or key as it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCredential {
    /// What people see of it.
    pub shown: ClientCredential,
    /// SHA-256 of the secret or key.
    pub digest: [u8; 32],
    /// The key's `SubjectPublicKeyInfo`.
    pub public_key: Option<Vec<u8>>,
}

/// What a token hangs on: when that is gone, the token is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRoot {
    /// A secret or key: the client acts as itself.
    Credential(CredentialId),
    /// A sign-in: the client acts as a person.
    Grant(GrantId),
}

/// As whom a token's bearer acts, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The account and its organization.
    pub member: Member,
    /// What people call the client.
    pub client_name: String,
    /// What the client may be used for now, and, of a sign-in, what it was given for.
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

    /// Notes that a client got a token, and for which secret or key; to the minute.
    async fn note_client_use(
        &self,
        client: ClientId,
        credential: Option<CredentialId>,
        at: Timestamp,
    ) -> Result<()>;

    /// Whether what a token hangs on still stands: the secret, key or sign-in is there and has not
    /// ended, the client is not revoked, the account not shut and still one of the client's
    /// organization. One indexed read.
    async fn standing(
        &self,
        client: ClientId,
        root: TokenRoot,
        now: Timestamp,
    ) -> Result<Option<Standing>>;

    /// The keys that are published at `now`, newest first.
    async fn signing_keys(&self, now: Timestamp) -> Result<Vec<SigningKey>>;

    /// Keeps a new key.
    async fn add_signing_key(&self, key: SigningKey) -> Result<()>;

    /// Remembers an assertion until it has expired; `false` if it came before.
    async fn spend_assertion(
        &self,
        client: ClientId,
        digest: [u8; 32],
        expires_at: Timestamp,
    ) -> Result<bool>;
}
