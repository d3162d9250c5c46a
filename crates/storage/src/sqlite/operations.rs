//! Operations of OEMs: received in chunks, applied chunk by chunk, read, cancelled, voided.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::ids::{OperationId, OrganizationId, UploadId};
use registration::operation::{LineResult, Operation, OperationLine, OperationStatus};
use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::rows::{ORGANIZATION, USER};
use super::{
    Sqlite, audit, jobs, operation_apply, operation_rows, operation_void, people, rows, submissions,
};
use crate::apply::counts_in_words;
use crate::apply::lines::{counts, without_devices};
use crate::jobs::NewJob;
use crate::operations::{
    Intent, LineChunk, LinesDone, Moved, Operations, Sent, WouldRelease, lines_from_bytes,
    lines_to_bytes,
};
use crate::people::Member;
use crate::submissions::RequestKey;
use crate::{Page, Result, StorageError, operation_sql as text, sql};

#[async_trait]
impl Operations for Sqlite {
    async fn receive_operation(&self, scope: &Scope, operation: Operation) -> Result<()> {
        let own = scope.organization_id();
        self.write(move |tx| {
            let party_id = own;
            operation_rows::insert(
                tx,
                &Operation {
                    party_id,
                    ..operation
                },
            )
        })
        .await
    }

    async fn receive_lines(&self, scope: &Scope, id: OperationId, chunk: LineChunk) -> Result<()> {
        let own = scope.organization_id();
        let bytes = lines_to_bytes(&chunk.lines)?;
        self.write(move |tx| {
            operation_rows::receiving(tx, own, id)?;
            operation_rows::insert_chunk(tx, id, &chunk, &bytes, None)
        })
        .await
    }

    async fn queue_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
        key: Option<RequestKey>,
        job: NewJob,
    ) -> Result<Sent> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| queue(tx, own, &act, id, key, &job))
            .await
    }

    async fn drop_operation(&self, scope: &Scope, id: OperationId) -> Result<()> {
        let own = scope.organization_id();
        self.write(move |tx| {
            operation_rows::receiving(tx, own, id)?;
            operation_rows::drop_all(tx, id)
        })
        .await
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
        let (own, act) = (scope.organization_id(), act.clone());
        let party_id = own;
        let operation = Operation {
            party_id,
            ..operation
        };
        self.write(move |tx| register(tx, &act, operation, lines, intent, key))
            .await
    }

    async fn apply_next_lines(&self, act: &Act, id: OperationId) -> Result<Moved> {
        let act = act.clone();
        self.write(move |tx| apply_next(tx, &act, id)).await
    }

    async fn operation(&self, scope: &Scope, id: OperationId) -> Result<Option<Operation>> {
        let own = scope.organization_id();
        self.read(move |conn| operation_rows::seen(conn, own, id))
            .await
    }

    async fn operations(
        &self,
        scope: &Scope,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Operation>> {
        let own = scope.organization_id();
        let before = before.unwrap_or(Uuid::max());
        self.read(move |conn| {
            let params = params![own.0, before, limit + 1];
            let found = rows::all(conn, text::OF_PARTY, params, operation_rows::read)?;
            Ok(Page::of(found, limit, |operation| operation.id.0))
        })
        .await
    }

    async fn operation_lines(
        &self,
        scope: &Scope,
        id: OperationId,
        failed: bool,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LineResult>> {
        let own = scope.organization_id();
        self.read(move |conn| {
            operation_rows::seen(conn, own, id)?.ok_or(StorageError::NotFound)?;
            operation_rows::lines(conn, id, failed, after, limit)
        })
        .await
    }

    async fn cancel_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
    ) -> Result<Operation> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let before = operation_rows::seen(tx, own, id)?.ok_or(StorageError::NotFound)?;
            let after = before.clone().cancel(act.at)?;
            if after.status != before.status {
                operation_rows::move_on(tx, &after)?;
                note(tx, &act, 0, AuditAction::OperationCancelled, &after)?;
            }
            Ok(after)
        })
        .await
    }

    async fn would_release(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
    ) -> Result<Vec<WouldRelease>> {
        let (own, now) = (scope.organization_id(), act.at);
        self.read(move |conn| {
            let operation = operation_rows::seen(conn, own, id)?.ok_or(StorageError::NotFound)?;
            operation_void::would_release(conn, &operation, now)
        })
        .await
    }

    async fn void_operation(
        &self,
        scope: &Scope,
        act: &Act,
        id: OperationId,
        job: NewJob,
    ) -> Result<Operation> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let before = operation_rows::seen(tx, own, id)?.ok_or(StorageError::NotFound)?;
            let after = before.clone().void()?;
            if after.status != before.status {
                operation_rows::move_on(tx, &after)?;
                jobs::queue(tx, &job)?;
                note(tx, &act, 0, AuditAction::OperationVoided, &after)?;
            }
            Ok(after)
        })
        .await
    }

    async fn void_next_lines(&self, act: &Act, id: OperationId) -> Result<Moved> {
        let act = act.clone();
        self.write(move |tx| operation_void::void_next(tx, &act, id))
            .await
    }

    async fn operation_for_job(&self, id: OperationId) -> Result<Option<(Operation, Member)>> {
        self.read(move |conn| {
            let Some(operation) = operation_rows::by_id(conn, id)? else {
                return Ok(None);
            };
            let text = format!(
                "SELECT {USER}, {ORGANIZATION} FROM person p \
                 JOIN organization o ON o.id = p.organization_id WHERE p.id = ?1"
            );
            let sender = [operation.created_by.0];
            let member = rows::first(conn, &text, sender, |row| people::read_member(row, 0))?;
            Ok(member.map(|member| (operation, member)))
        })
        .await
    }
}

/// An audit line of the OEM's own about the operation as a whole.
fn note(
    tx: &Transaction<'_>,
    act: &Act,
    n: u64,
    action: AuditAction,
    operation: &Operation,
) -> Result<()> {
    let detail = if operation.counts.decided() == 0 {
        format!("{} lines", operation.line_count)
    } else {
        counts_in_words(&operation.counts)
    };
    let entry = act.entry(n, action, operation.id.0, &operation.called());
    audit::append(tx, &entry.saying(detail))
}

fn queue(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    id: OperationId,
    key: Option<RequestKey>,
    job: &NewJob,
) -> Result<Sent> {
    let mut operation = operation_rows::receiving(tx, own, id)?;
    if let Some(UploadId(known)) = submissions::known(tx, own, key)? {
        operation_rows::drop_all(tx, id)?;
        return Ok(Sent::Before(OperationId(known)));
    }
    operation.status = OperationStatus::Queued;
    operation.line_count = rows::value(tx, text::LINES, [id.0])?;
    operation_rows::move_on(tx, &operation)?;
    jobs::queue(tx, job)?;
    submissions::remember(tx, own, key, UploadId(id.0), act)?;
    note(tx, act, 0, AuditAction::OperationQueued, &operation)?;
    Ok(Sent::Now(operation))
}

fn register(
    tx: &Transaction<'_>,
    act: &Act,
    mut operation: Operation,
    lines: Vec<OperationLine>,
    intent: Intent,
    key: Option<RequestKey>,
) -> Result<LinesDone> {
    let (own, keeps) = (operation.party_id, intent != Intent::Validate);
    let key = key.filter(|_| keeps);
    if let Some(UploadId(known)) = submissions::known(tx, own, key)? {
        return Ok(LinesDone::Before(OperationId(known)));
    }
    operation.line_count = lines.len() as u64;
    tx.execute_batch("SAVEPOINT lines")?;
    let mut results = operation_apply::apply(tx, act, &operation, 0, &lines)?;
    let counted = counts(&results);
    let refused = intent == Intent::AllOrNothing && counted.failed() > 0;
    if refused || !keeps {
        tx.execute_batch("ROLLBACK TO lines")?;
        results = without_devices(results);
    }
    tx.execute_batch("RELEASE lines")?;
    operation = operation.applied(&counted, false, act.at);
    if refused {
        operation.status = OperationStatus::Refused;
    }
    if keeps {
        operation_rows::insert(tx, &operation)?;
        let (number, bytes) = (0, lines_to_bytes(&lines)?);
        let chunk = LineChunk { number, lines };
        operation_rows::insert_chunk(tx, operation.id, &chunk, &bytes, Some(&results))?;
        submissions::remember(tx, own, key, UploadId(operation.id.0), act)?;
        let n = chunk.lines.len() as u64;
        note(tx, act, n, AuditAction::OperationFinished, &operation)?;
    }
    Ok(LinesDone::Now { operation, results })
}

fn apply_next(tx: &Transaction<'_>, act: &Act, id: OperationId) -> Result<Moved> {
    let operation = operation_rows::by_id(tx, id)?.ok_or(StorageError::NotFound)?;
    match operation.status {
        OperationStatus::Receiving => return Err(StorageError::NotFound),
        status if status.is_final() => return Ok(Moved::Ended(operation)),
        _ => {}
    }
    let next = rows::first(tx, text::NEXT, [id.0], |row| {
        let lines: Vec<u8> = row.get(2)?;
        Ok((row.get::<_, u64>(0)?, row.get(1)?, lines, row.get(3)?))
    })?;
    let (mut counted, mut more, mut last) = Default::default();
    if let Some((number, first_line, bytes, others)) = next {
        let lines = lines_from_bytes(first_line, &bytes)?;
        let results = operation_apply::apply(tx, act, &operation, number, &lines)?;
        counted = counts(&results);
        (more, last) = (others, lines.len() as u64);
        let bytes = sql::results_to_bytes(&results)?;
        let params = params![id.0, number, bytes, counted.failed()];
        rows::run(tx, text::KEEP_RESULTS, params)?;
    }
    let operation = operation.applied(&counted, more, act.at);
    operation_rows::move_on(tx, &operation)?;
    if more {
        return Ok(Moved::More(operation));
    }
    note(tx, act, last, AuditAction::OperationFinished, &operation)?;
    Ok(Moved::Ended(operation))
}
