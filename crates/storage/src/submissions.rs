//! What comes in through an API: devices as structured rows, saved and queued in one step.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::{BatchId, OrganizationId, PolicyId, RequestId, UploadId};
use registration::upload::{Batch, Upload, UploadRow};

use uuid::Uuid;

use crate::Result;
use crate::jobs::NewJob;

/// How a request is known again: the id that its sender gave it, and what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestKey {
    /// The id, unique among the requests of one organization.
    pub request_id: RequestId,
    /// SHA-256 of what it said.
    pub digest: [u8; 32],
}

/// The batch that rows are added to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntoBatch {
    /// The one of exactly this name, made now if there is none. `Refused::BatchNameTaken` if there
    /// is one whose name differs only by the case of its letters.
    Named {
        /// The name, to the letter.
        name: String,
        /// The group tag of its devices if it is made now: its name where that is one of the
        /// catalogue, else empty.
        group_tag: String,
        /// Its id if it is made now.
        id: BatchId,
    },
    /// One that is there, by its name whatever the case; `NotFound` if it is not.
    Existing(String),
    /// The one of this name whatever the case, made now if there is none. Its devices have this
    /// group tag, whatever that of the batch is.
    Tagged {
        /// The name.
        name: String,
        /// The group tag.
        group_tag: String,
        /// Its id if it is made now.
        id: BatchId,
    },
}

impl IntoBatch {
    /// Whether the batch with this id was made for it, and not there before.
    pub fn is_made_as(&self, batch: BatchId) -> bool {
        match self {
            Self::Named { id, .. } | Self::Tagged { id, .. } => *id == batch,
            Self::Existing(_) => false,
        }
    }
}

/// Devices to be registered.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The upload as it is to be queued; its batch and group tag come from `batch`.
    pub upload: Upload,
    /// Where its devices go.
    pub batch: IntoBatch,
    /// How it is known again; `None` if it can't be.
    pub key: Option<RequestKey>,
    /// The rows, in chunks: each is applied in one transaction, in this order.
    pub chunks: Vec<Vec<UploadRow>>,
    /// The policies that rows ask for, by their number.
    pub policies: Vec<(u64, PolicyId)>,
    /// The job that applies it.
    pub job: NewJob,
}

/// What submitting did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It is queued now.
    Now(Box<Upload>),
    /// The same request was sent before; this is what it is tracked by. Nothing changed.
    Before(UploadId),
}

/// Submissions.
#[async_trait]
pub trait Submissions: Send + Sync {
    /// Queues an upload of the scope's organization in one step: the request's id is asked for
    /// first (`Refused::RequestIdReused` if it said something else), then consent
    /// (`Refused::NoConsent`), then the batch. `NotFound` if a policy is not one that the
    /// organization made for this customer.
    /// Audit: `UploadQueued`, as with a saved draft.
    async fn submit(&self, scope: &Scope, act: &Act, submission: Submission) -> Result<Submitted>;

    /// What this request is known by, if it was sent before (`Refused::RequestIdReused` if it said
    /// something else).
    async fn known_request(&self, scope: &Scope, key: RequestKey) -> Result<Option<Uuid>>;

    /// Remembers a request by `id` before it is carried out by another method; the answer is what it
    /// is known by: `id`, or that of the same request sent before (`Refused::RequestIdReused` if it
    /// said something else).
    async fn remember_request(
        &self,
        scope: &Scope,
        act: &Act,
        key: RequestKey,
        id: Uuid,
    ) -> Result<Uuid>;

    /// A batch of this customer that the scope's organization made, by its name whatever the case.
    async fn batch_named(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        name: &str,
    ) -> Result<Option<Batch>>;
}
