//! The job queue: claimed by a lease, repeated until done. Every job bears repeating.

use async_trait::async_trait;
use registration::clock::Timestamp;
use registration::ids::{JobId, OperationId, UploadId};
use uuid::Uuid;

use crate::Result;

/// The text of [`Jobs::give_way`] in both dialects.
pub(crate) const GIVE_WAY: &str = "\
    UPDATE job SET turns = turns + 1, attempts = 0, last_error = NULL, lease_owner = NULL, \
    lease_until = 0 WHERE id = ?1 AND lease_owner = ?2";

/// What a job is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Apply the chunks of an upload.
    ApplyUpload(UploadId),
    /// Apply the chunks of an operation.
    ApplyOperation(OperationId),
    /// Release what an operation registered.
    VoidOperation(OperationId),
}

impl JobKind {
    /// Whether it lets other jobs go first after each piece, since it may take minutes.
    pub fn gives_way(self) -> bool {
        matches!(self, Self::ApplyOperation(_) | Self::VoidOperation(_))
    }

    /// Kind and payload as stored.
    pub fn to_columns(self) -> (&'static str, String) {
        match self {
            Self::ApplyUpload(id) => ("apply_upload", id.to_string()),
            Self::ApplyOperation(id) => ("apply_operation", id.to_string()),
            Self::VoidOperation(id) => ("void_operation", id.to_string()),
        }
    }

    /// Reads them back.
    pub fn from_columns(kind: &str, payload: &str) -> Option<Self> {
        match kind {
            "apply_upload" => payload.parse().ok().map(Self::ApplyUpload),
            "apply_operation" => payload.parse().ok().map(Self::ApplyOperation),
            "void_operation" => payload.parse().ok().map(Self::VoidOperation),
            _ => None,
        }
    }
}

/// A job to be queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What it is about.
    pub kind: JobKind,
    /// Not before this.
    pub run_at: Timestamp,
}

/// A claimed job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it is about.
    pub kind: JobKind,
    /// How often it was claimed before.
    pub attempts: u32,
}

/// Jobs.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims, of the jobs that are due and not leased at `now`, the oldest of those that had the
    /// fewest turns ([`Self::give_way`]), until `now + lease_seconds`.
    /// Two workers never get the same one. Jobs of an unknown kind are left alone.
    async fn claim_job(
        &self,
        worker: Uuid,
        now: Timestamp,
        lease_seconds: i64,
    ) -> Result<Option<Job>>;

    /// Prolongs the lease; `false` when it was lost to another worker.
    async fn keep_lease(&self, id: JobId, worker: Uuid, until: Timestamp) -> Result<bool>;

    /// One piece of a long job is done, and others may go first: its lease ends, and it has had a
    /// turn more. What failed before is forgotten.
    async fn give_way(&self, id: JobId, worker: Uuid) -> Result<()>;

    /// The job is done: removes it if `worker` still holds it.
    async fn finish_job(&self, id: JobId, worker: Uuid) -> Result<()>;

    /// The job failed: lets it run again at `run_at`, and keeps why (never a secret).
    async fn retry_job(
        &self,
        id: JobId,
        worker: Uuid,
        run_at: Timestamp,
        error: &str,
    ) -> Result<()>;
}
