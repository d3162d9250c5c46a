//! Sign-ins of people through API clients: authorization codes, and the refresh tokens that follow.
//! All are kept by the SHA-256 of their secret.

use async_trait::async_trait;
use registration::access::Scope;
use registration::api_client::{ApiClient, ApiScopes};
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::{ClientId, GrantId, UserId};

use crate::Result;
use crate::people::Member;

/// An authorization code to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    /// SHA-256 of the code.
    pub digest: [u8; 32],
    /// The client it is made for.
    pub client: ClientId,
    /// Where it is sent.
    pub redirect: String,
    /// The PKCE challenge (S256).
    pub challenge: Option<String>,
    /// What the client asked for, as JSON.
    pub asked: String,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
}

/// A code that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCode {
    /// What it was made with.
    pub code: NewCode,
    /// Whoever signed in, and its organization.
    pub member: Member,
}

/// A sign-in to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewGrant {
    /// Its id.
    pub id: GrantId,
    /// The client.
    pub client: ClientId,
    /// The person.
    pub person: UserId,
    /// What it is for.
    pub scopes: ApiScopes,
    /// From then on nothing of it can hold any more.
    pub ends_at: Timestamp,
}

/// A refresh token to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRefresh {
    /// SHA-256 of the token.
    pub digest: [u8; 32],
    /// From then on it is of no use.
    pub expires_at: Timestamp,
}

/// A refresh token that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRefresh {
    /// The sign-in it belongs to.
    pub grant: GrantId,
    /// The client it was given to.
    pub client: ClientId,
    /// Whoever signed in, and its organization.
    pub member: Member,
    /// What the sign-in is for.
    pub scopes: ApiScopes,
}

/// How long a refresh token that was used is taken again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// As long as it holds: its client has proven itself, and nobody else can use it (RFC 9700,
    /// 4.14.2).
    WhileItHolds,
    /// So many seconds after it was first used, for answers that were lost and for processes that
    /// share a cache.
    Seconds(i64),
}

impl Reuse {
    /// A token that was first used after this moment is taken again.
    pub(crate) fn since(self, now: Timestamp) -> Timestamp {
        match self {
            Self::WhileItHolds => Timestamp(i64::MIN),
            Self::Seconds(seconds) => now.plus_seconds(-seconds),
        }
    }
}

/// What became of an attempt to spend a code or a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spending {
    /// It was good, and is spent now.
    Spent,
    /// It was spent before, too long ago: the sign-in that came of it is ended (RFC 6749, 4.1.2; RFC 9700, 4.14).
    Again,
    /// It has expired, or its client, its person or its sign-in is gone.
    Void,
}

/// A sign-in as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantView {
    /// Its id.
    pub id: GrantId,
    /// The client.
    pub client: ApiClient,
    /// What it is for.
    pub scopes: ApiScopes,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When the client last got a token.
    pub last_used_at: Timestamp,
}

/// Sign-ins through API clients. Those of another organization's clients don't exist (`NotFound`).
#[async_trait]
pub trait Grants: Send + Sync {
    /// Keeps a code of the actor for a client of its organization. Audit: `ClientApproved`.
    async fn keep_code(&self, scope: &Scope, act: &Act, code: NewCode) -> Result<()>;

    /// The code with this digest, used ones included, while whoever signed in belongs to the
    /// client's organization and its account is open.
    async fn code(&self, digest: [u8; 32]) -> Result<Option<KnownCode>>;

    /// Spends a code for a sign-in. Audit: `ClientReuseFound` where that ended one.
    async fn redeem_code(
        &self,
        act: &Act,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<Spending>;

    /// The refresh token with this digest, used ones included, as [`Self::code`].
    async fn refresh_token(&self, digest: [u8; 32]) -> Result<Option<KnownRefresh>>;

    /// Spends a refresh token for its successor, with which the sign-in lasts as long; one that was
    /// used before as `reuse` says. Audit: `ClientReuseFound` where that ended it.
    async fn rotate_refresh(
        &self,
        act: &Act,
        digest: [u8; 32],
        client: ClientId,
        next: NewRefresh,
        reuse: Reuse,
    ) -> Result<Spending>;

    /// The sign-ins of this person that go on, newest first.
    async fn grants(&self, scope: &Scope, person: UserId, now: Timestamp)
    -> Result<Vec<GrantView>>;

    /// Ends a sign-in of the actor, and with it every token. Audit: `ClientApprovalEnded`.
    async fn end_grant(&self, scope: &Scope, act: &Act, grant: GrantId) -> Result<()>;

    /// Ends every sign-in of the actor, with every token and every code that it approved and that
    /// waits to be redeemed; the answer is how many sign-ins went on till now. Audit:
    /// `ClientApprovalEnded` for each.
    async fn end_all_grants(&self, scope: &Scope, act: &Act) -> Result<usize>;
}
