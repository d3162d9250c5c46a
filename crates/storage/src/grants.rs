//! Sign-ins of people through API clients: authorization codes, device codes, and the refresh
//! tokens that follow. All are kept by the SHA-256 of their secret.

use async_trait::async_trait;
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
    /// The client it was made for.
    pub client: ClientId,
    /// Whoever signed in.
    pub person: UserId,
    /// Where it was sent.
    pub redirect: String,
    /// The PKCE challenge (S256).
    pub challenge: String,
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
    /// The account of whoever signed in, and its organization.
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
    /// When the person signed in.
    pub created_at: Timestamp,
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
    /// The account of whoever signed in, and its organization.
    pub member: Member,
    /// What the sign-in is for.
    pub scopes: ApiScopes,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
    /// Set when it was used before.
    pub used_at: Option<Timestamp>,
}

/// A device code to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeviceCode {
    /// SHA-256 of the code that the program polls with.
    pub digest: [u8; 32],
    /// The code that a person types in, folded.
    pub user_code: String,
    /// The client.
    pub client: ClientId,
    /// What the client asked for, as JSON.
    pub asked: String,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
}

/// What became of a device code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceCodeState {
    /// Nobody decided yet.
    Waiting,
    /// Somebody signed in and approved it.
    Approved,
    /// Somebody declined.
    Declined,
}

impl DeviceCodeState {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Declined => "declined",
        }
    }

    /// The state stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Approved, Self::Declined]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// A device code that waits for somebody's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingCode {
    /// The client that asks.
    pub client: ApiClient,
    /// What it asked for, as JSON.
    pub asked: String,
}

/// A device code that a program polls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolledCode {
    /// The client it was made for.
    pub client: ClientId,
    /// What became of it.
    pub state: DeviceCodeState,
    /// Whoever decided.
    pub member: Option<Member>,
    /// What the client asked for, as JSON.
    pub asked: String,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
    /// When it was polled before.
    pub polled_at: Option<Timestamp>,
}

/// Sign-ins through API clients.
#[async_trait]
pub trait Grants: Send + Sync {
    /// Keeps a code. Audit: `ClientApproved`, about the client called `client_name`.
    async fn keep_code(&self, act: &Act, client_name: &str, code: NewCode) -> Result<()>;

    /// The code with this digest, used ones included, unless the account was shut.
    async fn code(&self, digest: [u8; 32]) -> Result<Option<KnownCode>>;

    /// Spends a code for a sign-in. `false` if it was spent before: then the sign-in that came of
    /// it is ended (RFC 6749, 4.1.2). Audit: `ClientReuseFound` in that case.
    async fn redeem_code(
        &self,
        act: &Act,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<bool>;

    /// The refresh token with this digest, used ones included, unless the account was shut.
    async fn refresh_token(&self, digest: [u8; 32]) -> Result<Option<KnownRefresh>>;

    /// Spends a refresh token for its successor, with which the sign-in lasts as long. `false` if
    /// it was spent before: then the sign-in is ended (RFC 9700, 4.14). Audit: `ClientReuseFound`
    /// in that case.
    async fn rotate_refresh(
        &self,
        act: &Act,
        digest: [u8; 32],
        client: ClientId,
        next: NewRefresh,
    ) -> Result<bool>;

    /// Keeps a device code; `false` if its user code is taken.
    async fn keep_device_code(&self, code: NewDeviceCode) -> Result<bool>;

    /// The client that waits for a decision about this user code, if it still holds.
    async fn waiting_code(&self, user_code: &str, now: Timestamp) -> Result<Option<WaitingCode>>;

    /// Decides, as the actor. `false` if nothing waits any more. Audit: `ClientApproved` or
    /// `ClientDeclined`.
    async fn decide_device_code(&self, act: &Act, user_code: &str, approved: bool) -> Result<bool>;

    /// The device code with this digest, and notes that it was polled now.
    async fn poll_device_code(
        &self,
        digest: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<PolledCode>>;

    /// Spends an approved device code for a sign-in; `false` if that was done before.
    async fn redeem_device_code(
        &self,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
    ) -> Result<bool>;
}
