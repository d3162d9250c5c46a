//! Operations of OEMs: their lines in chunks, applied one transaction each.

mod codec;

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::{OperationId, OrganizationId};
use registration::operation::{LineResult, Operation, OperationLine};
use registration::upload::RowResult;

use crate::jobs::NewJob;
use crate::people::Member;
use crate::submissions::RequestKey;
use crate::{Page, Result};

pub(crate) use codec::{by_customer, with_results};
pub use codec::{lines_from_bytes, lines_to_bytes};

/// Lines that belong together: the unit of one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChunk {
    /// 0 for the first.
    pub number: u64,
    /// The lines, whose numbers follow each other.
    pub lines: Vec<OperationLine>,
}

impl LineChunk {
    /// The number of its first line.
    pub fn first_line(&self) -> u64 {
        self.lines.first().map_or(1, |line| line.number)
    }
}

/// What is to become of lines that come in one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Register those that can be.
    Each,
    /// Register all, or none if one can't be.
    AllOrNothing,
    /// Say what would happen, and do nothing.
    Validate,
}

/// What an operation became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// It is there now.
    Now(Operation),
    /// The same request was sent before, and became this operation. Nothing changed.
    Before(OperationId),
}

/// What became of lines that came in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinesDone {
    /// They have their results now.
    Now {
        /// The operation that they are kept as; with [`Intent::Validate`] nothing is kept.
        operation: Operation,
        /// One result per line, in order.
        results: Vec<RowResult>,
    },
    /// The same request was sent before, and became this operation. Nothing changed.
    Before(OperationId),
}

/// What applying or voiding did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// One chunk more is done; there are others.
    More(Operation),
    /// There is none left to do.
    Ended(Operation),
}

/// What voiding would release for one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WouldRelease {
    /// Whose devices.
    pub customer_id: OrganizationId,
    /// How many.
    pub devices: u64,
}

/// Operations. An OEM sees its own and nobody else sees them.
#[async_trait]
pub trait Operations: Send + Sync {
    /// Keeps an operation whose lines are still coming. Nothing of it ever runs unless
    /// [`Self::queue_operation`] follows.
    async fn receive_operation(&self, scope: &Scope, operation: Operation) -> Result<()>;

    /// Keeps lines of an operation that is being received.
    async fn receive_lines(&self, scope: &Scope, id: OperationId, chunk: LineChunk) -> Result<()>;

    /// All lines are there: the operation waits for its job from now on. The request's key is
    /// asked for first: known with the same digest, the operation is dropped and the earlier one
    /// answered; with another, `Refused::RequestIdReused`. Audit: `OperationQueued`.
    async fn queue_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
        key: Option<RequestKey>,
        job: NewJob,
    ) -> Result<Sent>;

    /// Drops an operation that is being received, with its lines.
    async fn drop_operation(&self, scope: &Scope, id: OperationId) -> Result<()>;

    /// Applies lines in one transaction, and keeps them as an operation with its results. The key
    /// as in [`Self::queue_operation`]. With [`Intent::AllOrNothing`] and a line that fails
    /// nothing is registered, and the operation is refused. Audit: `OperationApplied` per share,
    /// concerning its customer, and `OperationFinished`.
    async fn register_lines(
        &self,
        scope: &Scope,
        act: &Act,
        operation: Operation,
        lines: Vec<OperationLine>,
        intent: Intent,
        key: Option<RequestKey>,
    ) -> Result<LinesDone>;

    /// Applies the next chunk of a queued operation in one transaction: consent asked now, keys
    /// claimed, devices written, results kept. Bears repeating: a chunk that has its results is not
    /// touched again. Audit as in [`Self::register_lines`].
    async fn apply_next_lines(&self, act: &Act, id: OperationId) -> Result<Moved>;

    /// An operation that was received as a whole.
    async fn operation(&self, scope: &Scope, id: OperationId) -> Result<Option<Operation>>;

    /// Operations, newest first.
    async fn operations(
        &self,
        scope: &Scope,
        before: Option<uuid::Uuid>,
        limit: usize,
    ) -> Result<Page<Operation>>;

    /// Lines with numbers above `after` and their results, in order, at most `limit`; `failed`
    /// leaves only those whose outcome is a failure.
    async fn operation_lines(
        &self,
        scope: &Scope,
        id: OperationId,
        failed: bool,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LineResult>>;

    /// Cancels an operation: what is not applied yet never is. Audit: `OperationCancelled`.
    async fn cancel_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
    ) -> Result<Operation>;

    /// What voiding would release now: devices that the operation registered, that are still
    /// there, and whose customers still consent. By customer.
    async fn would_release(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
    ) -> Result<Vec<WouldRelease>>;

    /// Begins to release what an operation registered. Asked for again it changes nothing.
    /// Audit: `OperationVoided`.
    async fn void_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
        job: NewJob,
    ) -> Result<Operation>;

    /// Releases what the next chunk registered, as far as [`Self::would_release`] says, in one
    /// transaction. Audit: `OperationReleased` per customer, concerning it.
    async fn void_next_lines(&self, act: &Act, id: OperationId) -> Result<Moved>;

    /// The operation a job is about, and who sent it: for the job runner, which acts for that
    /// account.
    async fn operation_for_job(&self, id: OperationId) -> Result<Option<(Operation, Member)>>;
}
