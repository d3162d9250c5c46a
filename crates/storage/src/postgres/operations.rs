//! Operations of OEMs: received in chunks, applied chunk by chunk, read, cancelled, voided.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::audit::{Act, AuditAction, AuditEntry};
use registration::ids::{OperationId, OrganizationId, UploadId};
use registration::operation::{LineResult, Operation, OperationLine, OperationStatus};
use uuid::Uuid;

use super::{
    Postgres, Tx, jobs, operation_apply, operation_rows, operation_void, query, rows, submissions,
    trail,
};
use crate::apply::counts_in_words;
use crate::apply::lines::{counts, without_devices};
use crate::jobs::NewJob;
use crate::operations::{
    Intent, LineChunk, LinesDone, Moved, Operations, Sent, WouldRelease, lines_from_bytes,
    lines_to_bytes,
};
use crate::people::Member;
use crate::sql::{self, dollars};
use crate::submissions::RequestKey;
use crate::{Page, Result, StorageError, operation_sql as text};

const SENDER: &str = concat!(
    "SELECT ",
    member_columns!(),
    " FROM person p JOIN organization o ON o.id = p.organization_id WHERE p.id = $1"
);

#[async_trait]
impl Operations for Postgres {
    async fn receive_operation(&self, scope: &Scope, operation: Operation) -> Result<()> {
        let party_id = scope.organization_id();
        let operation = Operation {
            party_id,
            ..operation
        };
        in_transaction!(self, tx => operation_rows::insert(tx, &operation).await)
    }

    async fn receive_lines(&self, scope: &Scope, id: OperationId, chunk: LineChunk) -> Result<()> {
        let own = scope.organization_id();
        let bytes = lines_to_bytes(&chunk.lines)?;
        in_transaction!(self, tx => {
            operation_rows::receiving(tx, own, id).await?;
            operation_rows::insert_chunk(tx, id, &chunk, &bytes, None).await
        })
    }

    async fn queue_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
        key: Option<RequestKey>,
        job: NewJob,
    ) -> Result<Sent> {
        let own = scope.organization_id();
        in_transaction!(self, tx => queue(tx, own, act, id, key, &job).await)
    }

    async fn drop_operation(&self, scope: &Scope, id: OperationId) -> Result<()> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            operation_rows::receiving(tx, own, id).await?;
            operation_rows::drop_all(tx, id).await
        })
    }

    async fn register_lines(
        &self,
        scope: &Scope,
        act: &Act,
        operation: Operation,
        lines: Vec<OperationLine>,
        intent: Intent,
        key: Option<RequestKey>,
    ) -> Result<LinesDone> {
        let party_id = scope.organization_id();
        let operation = Operation {
            party_id,
            ..operation
        };
        in_transaction!(self, tx => {
            register(tx, act, operation.clone(), &lines, intent, key).await
        })
    }

    async fn apply_next_lines(&self, act: &Act, id: OperationId) -> Result<Moved> {
        in_transaction!(self, tx => apply_next(tx, act, id).await)
    }

    async fn operation(&self, scope: &Scope, id: OperationId) -> Result<Option<Operation>> {
        let client = self.client().await?;
        operation_rows::seen(&client, scope.organization_id(), id).await
    }

    async fn operations(
        &self,
        scope: &Scope,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Operation>> {
        let client = self.client().await?;
        let (own, before) = (scope.organization_id().0, query::before(before));
        let values: query::Parameters<'_> = &[&own, &before, &query::one_more(limit)];
        let found = query::all(&client, &dollars(text::OF_PARTY), values).await?;
        let found = found
            .iter()
            .map(operation_rows::read)
            .collect::<Result<_>>()?;
        Ok(Page::of(found, limit, |operation: &Operation| {
            operation.id.0
        }))
    }

    async fn operation_lines(
        &self,
        scope: &Scope,
        id: OperationId,
        failed: bool,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LineResult>> {
        let client = self.client().await?;
        let found = operation_rows::seen(&client, scope.organization_id(), id).await?;
        found.ok_or(StorageError::NotFound)?;
        operation_rows::lines(&client, id, failed, after, limit).await
    }

    async fn cancel_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
    ) -> Result<Operation> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            let before = operation_rows::locked(tx, own, id).await?;
            let after = before.clone().cancel(act.at)?;
            if after.status != before.status {
                operation_rows::move_on(tx, &after).await?;
                trail::write(tx, &[entry(act, 0, AuditAction::OperationCancelled, &after)]).await?;
            }
            Ok(after)
        })
    }

    async fn would_release(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
    ) -> Result<Vec<WouldRelease>> {
        let client = self.client().await?;
        let found = operation_rows::seen(&client, scope.organization_id(), id).await?;
        let operation = found.ok_or(StorageError::NotFound)?;
        operation_void::would_release(&client, &operation, act.at).await
    }

    async fn void_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
        job: NewJob,
    ) -> Result<Operation> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            let before = operation_rows::locked(tx, own, id).await?;
            let after = before.clone().void()?;
            if after.status != before.status {
                operation_rows::move_on(tx, &after).await?;
                jobs::queue(tx, &job).await?;
                trail::write(tx, &[entry(act, 0, AuditAction::OperationVoided, &after)]).await?;
            }
            Ok(after)
        })
    }

    async fn void_next_lines(&self, act: &Act, id: OperationId) -> Result<Moved> {
        in_transaction!(self, tx => operation_void::void_next(tx, act, id).await)
    }

    async fn operation_for_job(&self, id: OperationId) -> Result<Option<(Operation, Member)>> {
        let client = self.client().await?;
        let Some(operation) = operation_rows::by_id(&client, id).await? else {
            return Ok(None);
        };
        let row = query::first(&client, SENDER, &[&operation.created_by.0]).await?;
        let member = row.map(|row| rows::member(&row, 0)).transpose()?;
        Ok(member.map(|member| (operation, member)))
    }
}

/// An audit line of the OEM's own about the operation as a whole.
fn entry(act: &Act, n: u64, action: AuditAction, operation: &Operation) -> AuditEntry {
    let detail = if operation.counts.decided() == 0 {
        format!("{} lines", operation.line_count)
    } else {
        counts_in_words(&operation.counts)
    };
    act.entry(n, action, operation.id.0, &operation.called())
        .saying(detail)
}

async fn queue(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    id: OperationId,
    key: Option<RequestKey>,
    job: &NewJob,
) -> Result<Sent> {
    let mut operation = operation_rows::receiving(tx, own, id).await?;
    let known = submissions::remember(tx, own, key, UploadId(id.0), act).await?;
    if let Some(UploadId(known)) = known {
        operation_rows::drop_all(tx, id).await?;
        return Ok(Sent::Before(OperationId(known)));
    }
    operation.status = OperationStatus::Queued;
    let lines = query::first(tx, &dollars(text::LINES), &[&id.0]).await?;
    operation.line_count = lines.map_or(Ok(0), |row| rows::count(&row, 0))?;
    operation_rows::move_on(tx, &operation).await?;
    jobs::queue(tx, job).await?;
    trail::write(
        tx,
        &[entry(act, 0, AuditAction::OperationQueued, &operation)],
    )
    .await?;
    Ok(Sent::Now(operation))
}

async fn register(
    tx: &Tx<'_>,
    act: &Act,
    mut operation: Operation,
    lines: &[OperationLine],
    intent: Intent,
    key: Option<RequestKey>,
) -> Result<LinesDone> {
    let (own, keeps) = (operation.party_id, intent != Intent::Validate);
    let key = key.filter(|_| keeps);
    let known = submissions::remember(tx, own, key, UploadId(operation.id.0), act).await?;
    if let Some(UploadId(known)) = known {
        return Ok(LinesDone::Before(OperationId(known)));
    }
    operation.line_count = lines.len() as u64;
    tx.batch_execute("SAVEPOINT lines").await?;
    let mut results = operation_apply::apply(tx, act, &operation, 0, lines).await?;
    let counted = counts(&results);
    let refused = intent == Intent::AllOrNothing && counted.failed() > 0;
    if refused || !keeps {
        tx.batch_execute("ROLLBACK TO lines").await?;
        results = without_devices(results);
    }
    operation = operation.applied(&counted, false, act.at);
    if refused {
        operation.status = OperationStatus::Refused;
    }
    if keeps {
        operation_rows::insert(tx, &operation).await?;
        let (number, bytes) = (0, lines_to_bytes(lines)?);
        let lines = lines.to_vec();
        let chunk = LineChunk { number, lines };
        operation_rows::insert_chunk(tx, operation.id, &chunk, &bytes, Some(&results)).await?;
        let n = chunk.lines.len() as u64;
        trail::write(
            tx,
            &[entry(act, n, AuditAction::OperationFinished, &operation)],
        )
        .await?;
    }
    Ok(LinesDone::Now { operation, results })
}

async fn apply_next(tx: &Tx<'_>, act: &Act, id: OperationId) -> Result<Moved> {
    let operation = operation_rows::lock(tx, id).await?;
    match operation.status {
        OperationStatus::Receiving => return Err(StorageError::NotFound),
        status if status.is_final() => return Ok(Moved::Ended(operation)),
        _ => {}
    }
    let (mut counted, mut more, mut last) = Default::default();
    if let Some(row) = query::first(tx, &dollars(text::NEXT), &[&id.0]).await? {
        let number = rows::count(&row, 0)?;
        let lines = lines_from_bytes(rows::count(&row, 1)?, row.try_get(2)?)?;
        let results = operation_apply::apply(tx, act, &operation, number, &lines).await?;
        counted = counts(&results);
        (more, last) = (row.try_get(3)?, lines.len() as u64);
        let bytes = sql::results_to_bytes(&results)?;
        let (number, failed) = (query::number(number), query::number(counted.failed()));
        let values: query::Parameters<'_> = &[&id.0, &number, &bytes, &failed];
        query::run(tx, &dollars(text::KEEP_RESULTS), values).await?;
    }
    let operation = operation.applied(&counted, more, act.at);
    operation_rows::move_on(tx, &operation).await?;
    if more {
        return Ok(Moved::More(operation));
    }
    let line = entry(act, last, AuditAction::OperationFinished, &operation);
    trail::write(tx, &[line]).await?;
    Ok(Moved::Ended(operation))
}
