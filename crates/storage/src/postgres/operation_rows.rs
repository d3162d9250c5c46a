//! Operations and their chunks as rows.

use deadpool_postgres::GenericClient;
use registration::clock::Timestamp;
use registration::ids::{OperationId, OrganizationId, RequestId, UserId};
use registration::operation::{LineResult, Operation, OperationStatus};
use registration::upload::RowResult;
use tokio_postgres::Row;

use super::{Tx, query, rows};
use crate::apply::lines::counts;
use crate::operations::LineChunk;
use crate::sql::{self, dollars};
use crate::{Result, StorageError, operation_sql as text};

/// An operation out of its columns.
pub(super) fn read(row: &Row) -> Result<Operation> {
    Ok(Operation {
        id: OperationId(row.try_get(0)?),
        party_id: OrganizationId(row.try_get(1)?),
        created_by: UserId(row.try_get(2)?),
        request_id: RequestId(row.try_get(3)?),
        status: rows::word(row, 4, "operation.status", OperationStatus::parse)?,
        line_count: rows::count(row, 5)?,
        counts: sql::counts_from_text(row.try_get(6)?)?,
        released: rows::count(row, 7)?,
        created_at: Timestamp(row.try_get(8)?),
        completed_at: rows::time(row, 9)?,
    })
}

/// An operation, whoever asks.
pub(super) async fn by_id(db: &impl GenericClient, id: OperationId) -> Result<Option<Operation>> {
    let row = query::first(db, &dollars(text::BY_ID), &[&id.0]).await?;
    row.as_ref().map(read).transpose()
}

/// An operation, whoever asks, locked.
pub(super) async fn lock(tx: &Tx<'_>, id: OperationId) -> Result<Operation> {
    let text = dollars(text::BY_ID) + " FOR UPDATE";
    let row = query::first(tx, &text, &[&id.0]).await?;
    read(&row.ok_or(StorageError::NotFound)?)
}

/// An operation of this organization that was received as a whole.
pub(super) async fn seen(
    db: &impl GenericClient,
    own: OrganizationId,
    id: OperationId,
) -> Result<Option<Operation>> {
    let found = by_id(db, id).await?;
    Ok(found.filter(|operation| {
        operation.party_id == own && operation.status != OperationStatus::Receiving
    }))
}

/// The same, locked.
pub(super) async fn locked(tx: &Tx<'_>, own: OrganizationId, id: OperationId) -> Result<Operation> {
    let found = lock(tx, id).await?;
    let seen = found.party_id == own && found.status != OperationStatus::Receiving;
    seen.then_some(found).ok_or(StorageError::NotFound)
}

/// An operation of this organization whose lines are still coming.
pub(super) async fn receiving(
    tx: &Tx<'_>,
    own: OrganizationId,
    id: OperationId,
) -> Result<Operation> {
    let found = lock(tx, id).await?;
    let fits = found.party_id == own && found.status == OperationStatus::Receiving;
    fits.then_some(found).ok_or(StorageError::NotFound)
}

/// Keeps a new operation.
pub(super) async fn insert(tx: &Tx<'_>, operation: &Operation) -> Result<()> {
    query::run(
        tx,
        &dollars(text::INSERT),
        &[
            &operation.id.0,
            &operation.party_id.0,
            &operation.created_by.0,
            &operation.request_id.0,
            &operation.status.as_str(),
            &query::number(operation.line_count),
            &sql::counts_to_text(&operation.counts)?,
            &query::number(operation.released),
            &operation.created_at.0,
            &operation.completed_at.map(|at| at.0),
        ],
    )
    .await?;
    Ok(())
}

/// Keeps lines, with their results if they have them.
pub(super) async fn insert_chunk(
    tx: &Tx<'_>,
    id: OperationId,
    chunk: &LineChunk,
    lines: &[u8],
    results: Option<&[RowResult]>,
) -> Result<()> {
    let failed = query::number(results.map_or(0, |results| counts(results).failed()));
    let results = results.map(sql::results_to_bytes).transpose()?;
    let (number, first) = (
        query::number(chunk.number),
        query::number(chunk.first_line()),
    );
    let count = query::number(chunk.lines.len() as u64);
    let values: query::Parameters<'_> =
        &[&id.0, &number, &first, &count, &failed, &lines, &results];
    query::run(tx, &dollars(text::INSERT_CHUNK), values).await?;
    Ok(())
}

/// Writes what moves.
pub(super) async fn move_on(tx: &Tx<'_>, operation: &Operation) -> Result<()> {
    query::run(
        tx,
        &dollars(text::MOVE_ON),
        &[
            &operation.id.0,
            &operation.status.as_str(),
            &query::number(operation.line_count),
            &sql::counts_to_text(&operation.counts)?,
            &query::number(operation.released),
            &operation.completed_at.map(|at| at.0),
        ],
    )
    .await?;
    Ok(())
}

/// Drops an operation with its lines.
pub(super) async fn drop_all(tx: &Tx<'_>, id: OperationId) -> Result<()> {
    for text in text::DROP {
        query::run(tx, &dollars(text), &[&id.0]).await?;
    }
    Ok(())
}

/// Lines above `after` with their results, at most `limit`.
pub(super) async fn lines(
    db: &impl GenericClient,
    id: OperationId,
    failed: bool,
    mut after: u64,
    limit: usize,
) -> Result<Vec<LineResult>> {
    let mut found = Vec::new();
    while found.len() < limit {
        let values: query::Parameters<'_> = &[&id.0, &query::number(after), &failed];
        let Some(row) = query::first(db, &dollars(text::CHUNKS), values).await? else {
            break;
        };
        let (first_line, lines) = (rows::count(&row, 0)?, row.try_get(1)?);
        let chunk = crate::operations::with_results(first_line, lines, row.try_get(2)?)?;
        let seen = after;
        after = chunk.last().map_or(after + 1, |last| last.line.number);
        let wanted = chunk.into_iter().filter(|line| line.line.number > seen);
        found.extend(wanted.filter(|line| !failed || line.failed()));
    }
    found.truncate(limit);
    Ok(found)
}
