//! Applies the chunks of an operation, and releases what a voided one registered: one transaction
//! a turn, so that what a million lines have to wait for never waits for a million lines.

use registration::ids::OperationId;
use storage::operations::Moved;

use super::JobRunner;
use crate::Result;
use crate::caller::actor_of;

impl JobRunner {
    /// Applies the next chunk. `true` when the operation has ended, `false` when it goes on in
    /// another turn.
    pub(super) async fn apply_operation(&self, id: OperationId) -> Result<bool> {
        let desk = self.desk();
        let Some((operation, member)) = desk.storage.operation_for_job(id).await? else {
            return Ok(true);
        };
        let actor = actor_of(&member.user, &member.organization);
        let act = desk.act(actor, operation.request_id);
        let Moved::Ended(operation) = desk.storage.apply_next_lines(&act, id).await? else {
            return Ok(false);
        };
        tracing::info!(
            operation = %id,
            lines = operation.line_count,
            failed = operation.counts.failed(),
            "operation finished"
        );
        Ok(true)
    }

    /// Releases what the next chunk registered. The answer as above.
    pub(super) async fn void_operation(&self, id: OperationId) -> Result<bool> {
        let desk = self.desk();
        let Some((operation, member)) = desk.storage.operation_for_job(id).await? else {
            return Ok(true);
        };
        let actor = actor_of(&member.user, &member.organization);
        let act = desk.act(actor, operation.request_id);
        let moved = desk.storage.void_next_lines(&act, id).await?;
        Ok(matches!(moved, Moved::Ended(_)))
    }
}
