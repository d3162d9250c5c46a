//! Uploads and batches: rows in chunks, plan and apply.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::{BatchId, OrganizationId, RequestId, UploadId};
use registration::plan::Outcome;
use registration::upload::{Batch, RowResult, Upload, UploadRow, UploadRowResult};

use crate::Result;
use crate::jobs::NewJob;

/// Which rows of an upload to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowFilter {
    /// All of them.
    #[default]
    All,
    /// Those whose outcome is a failure.
    Failed,
    /// Those with this outcome.
    Outcome(Outcome),
}

impl RowFilter {
    /// Whether a row with this result is listed.
    pub fn admits(self, result: Option<&RowResult>) -> bool {
        match self {
            Self::All => true,
            Self::Failed => result.is_some_and(|r| r.outcome.is_failure()),
            Self::Outcome(outcome) => result.is_some_and(|r| r.outcome == outcome),
        }
    }
}

/// A draft to be saved as an upload.
#[derive(Debug, Clone)]
pub struct Save {
    /// The draft.
    pub upload_id: UploadId,
    /// The version of the draft's file that the rows were read from.
    pub draft_version: u64,
    /// The request that saves it.
    pub request_id: RequestId,
    /// The group tag for all rows; also the name of the batch.
    pub group_tag: String,
    /// The id of the batch, if there is none of this name yet.
    pub batch_id: BatchId,
    /// The rows, in chunks: each is applied in one transaction, in this order.
    pub chunks: Vec<Vec<UploadRow>>,
    /// The job that applies it.
    pub job: NewJob,
}

/// What saving did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is queued now.
    Now(Upload),
    /// It was saved before: nothing changed.
    Before(Upload),
}

/// What applying did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// One chunk more has its results; there are others.
    More(Upload),
    /// The last chunk has its results.
    Finished(Upload),
}

/// Uploads.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// An upload: the party that sent it sees it; the customer sees its own and, once saved,
    /// those that parties sent for it.
    async fn upload(&self, scope: &Scope, id: UploadId) -> Result<Option<Upload>>;

    /// Saves a draft: makes or finds the batch, writes the chunks, drops the file, queues the
    /// job. `Refused::DraftChanged` if the draft has another version by now; `Refused::NoConsent` unless the customer consents now (asked in the transaction;
    /// always so when the party is the customer itself). Saving twice changes nothing and says so.
    /// Audit: `UploadQueued` (target: file name; detail: rows and tag), concerning the customer.
    async fn save_upload(&self, scope: &Scope, act: &Act, save: Save) -> Result<Saved>;

    /// A finished or running upload of the scope's organization for this customer with the same
    /// file digest: the latest one.
    async fn same_file(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        digest: [u8; 32],
    ) -> Result<Option<Upload>>;

    /// The uploads for a customer that the scope's organization may see (as [`Self::upload`]),
    /// newest first; drafts are left out.
    async fn uploads(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        before: Option<uuid::Uuid>,
        limit: usize,
    ) -> Result<crate::Page<Upload>>;

    /// Rows of an upload that `filter` admits, with numbers above `after`, at most `limit`.
    async fn upload_rows(
        &self,
        scope: &Scope,
        id: UploadId,
        filter: RowFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<UploadRowResult>>;

    /// The batches of a customer that the scope's organization may see (a party its own, the
    /// customer all), by name, with the number of registered devices in each.
    async fn batches(&self, scope: &Scope, customer: OrganizationId) -> Result<Vec<Batch>>;

    /// What would become of these rows now, if the scope's organization sent them for this
    /// customer with this tag. Nothing is written. One result per row, in order.
    async fn plan_rows(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        group_tag: &str,
        rows: &[UploadRow],
    ) -> Result<Vec<RowResult>>;

    /// Applies the next chunk of a saved upload in one transaction: consent asked now, keys
    /// claimed in sorted order, devices written, results kept, counts and status moved on.
    /// Bears repeating: a chunk that has its results is not touched again, and a finished upload
    /// answers `Finished`. Audit: `UploadApplied` per chunk (target: file name, detail: counts)
    /// and `UploadFinished` at the end, both concerning the customer.
    async fn apply_next_chunk(&self, act: &Act, id: UploadId) -> Result<Applied>;

    /// The upload a job is about, and who saved it: for the job runner, which acts for that person.
    async fn upload_for_job(&self, id: UploadId)
    -> Result<Option<(Upload, crate::people::Member)>>;
}
