//! The registration desk: what every use case needs, handed in from outside.

use std::sync::Arc;

use registration::access::Actor;
use registration::audit::Act;
use registration::clock::{Clock, Timestamp};
use registration::ids::{Entropy, RequestId, uuid_v7};
use registration::upload::PORTAL_ROW_LIMIT;
use storage::Storage;
use tokio::sync::{Notify, Semaphore};

use crate::ask::AskState;
use crate::oauth::{OAuthState, ServerKey};

/// Published limits (design 5.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Devices in one portal upload.
    pub upload_rows: u64,
    /// Bytes of one portal upload.
    pub upload_bytes: u64,
    /// Rows applied in one transaction.
    pub chunk_rows: usize,
    /// Lines of one operation of an OEM.
    pub operation_lines: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload_rows: PORTAL_ROW_LIMIT,
            upload_bytes: 16 * 1024 * 1024,
            chunk_rows: 200,
            operation_lines: 1_000_000,
        }
    }
}

/// The desk. Cheap to share behind an [`Arc`]; stateless beside its database but for short-lived
/// copies of what rarely changes.
pub struct Desk {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) limits: Limits,
    /// Wakes the job runner when something was queued.
    pub(crate) wake: Notify,
    /// Password hashing costs memory and time: at most two at once.
    pub(crate) hashing: Semaphore,
    pub(crate) asks: AskState,
    pub(crate) oauth: OAuthState,
}

impl Desk {
    /// A desk over this storage. It signs tokens with keys that no other process can open.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        limits: Limits,
    ) -> Arc<Self> {
        let oauth = OAuthState::of_this_process(&*entropy);
        Self::of(storage, clock, entropy, limits, oauth)
    }

    /// A desk that shares its signing keys with every process that has the same server key.
    pub fn with_server_key(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        limits: Limits,
        key: ServerKey,
    ) -> Arc<Self> {
        Self::of(storage, clock, entropy, limits, OAuthState::new(key))
    }

    fn of(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        limits: Limits,
        oauth: OAuthState,
    ) -> Arc<Self> {
        Arc::new(Self {
            storage,
            clock,
            entropy,
            limits,
            wake: Notify::new(),
            hashing: Semaphore::new(2),
            asks: AskState::default(),
            oauth,
        })
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The limits in force.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// A new request id.
    pub fn request_id(&self) -> RequestId {
        RequestId(self.uuid())
    }

    /// Answers if the database does: for health checks.
    pub async fn ping(&self) -> crate::Result<()> {
        Ok(self.storage.ping().await?)
    }

    pub(crate) fn uuid(&self) -> uuid::Uuid {
        uuid_v7(self.now(), &*self.entropy)
    }

    pub(crate) fn act(&self, actor: Actor, request_id: RequestId) -> Act {
        Act {
            actor,
            at: self.now(),
            request_id,
            audit_seed: self.uuid(),
        }
    }
}
