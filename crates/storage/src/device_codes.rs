//! Sign-ins of people for programs that have no browser (RFC 8628): the program polls with one code
//! while a person types the other one in.

use async_trait::async_trait;
use registration::access::Scope;
use registration::api_client::ApiClient;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::ClientId;

use crate::Result;
use crate::grants::{NewGrant, NewRefresh};
use crate::people::Member;

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
    /// Whoever decided, while its account is open.
    pub member: Option<Member>,
    /// What the client asked for, as JSON.
    pub asked: String,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
    /// When it was polled before.
    pub polled_at: Option<Timestamp>,
}

/// Device codes.
#[async_trait]
pub trait DeviceCodes: Send + Sync {
    /// Keeps a device code; `false` if its user code is taken.
    async fn keep_device_code(&self, code: NewDeviceCode) -> Result<bool>;

    /// The client of one's own organization that waits for a decision about this user code, if it
    /// still holds.
    async fn waiting_code(
        &self,
        scope: &Scope,
        user_code: &str,
        now: Timestamp,
    ) -> Result<Option<WaitingCode>>;

    /// Decides, as the actor. `false` if nothing of one's own organization waits any more. Audit:
    /// `ClientApproved` or `ClientDeclined`.
    async fn decide_device_code(
        &self,
        scope: &Scope,
        act: &Act,
        user_code: &str,
        approved: bool,
    ) -> Result<bool>;

    /// The device code with this digest; notes that its client polled it now.
    async fn poll_device_code(
        &self,
        digest: [u8; 32],
        client: ClientId,
        now: Timestamp,
    ) -> Result<Option<PolledCode>>;

    /// Spends an approved device code for a sign-in; `false` if that was done before, or its client
    /// or person is gone.
    async fn redeem_device_code(
        &self,
        digest: [u8; 32],
        grant: NewGrant,
        refresh: Option<NewRefresh>,
        now: Timestamp,
    ) -> Result<bool>;
}
