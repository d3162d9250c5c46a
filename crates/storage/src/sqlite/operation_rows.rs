//! Operations and their chunks as rows.

use registration::clock::Timestamp;
use registration::ids::{OperationId, OrganizationId, RequestId, UserId};
use registration::operation::{LineResult, Operation, OperationStatus};
use registration::upload::RowResult;
use rusqlite::{Connection, Row, Transaction, params};

use super::rows;
use crate::apply::lines::counts;
use crate::operations::LineChunk;
use crate::{Result, StorageError, operation_sql as text, sql};

/// An operation out of its columns.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Operation> {
    let counts: String = row.get(6)?;
    Ok(Operation {
        id: OperationId(row.get(0)?),
        party_id: OrganizationId(row.get(1)?),
        created_by: UserId(row.get(2)?),
        request_id: RequestId(row.get(3)?),
        status: rows::word(row, 4, OperationStatus::parse)?,
        line_count: row.get(5)?,
        counts: sql::counts_from_text(&counts).map_err(|_| rows::unreadable(6))?,
        released: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
        completed_at: rows::time(row, 9)?,
    })
}

/// An operation, whoever asks.
pub(super) fn by_id(conn: &Connection, id: OperationId) -> Result<Option<Operation>> {
    rows::first(conn, text::BY_ID, [id.0], read)
}

/// An operation of this organization that was received as a whole.
pub(super) fn seen(
    conn: &Connection,
    own: OrganizationId,
    id: OperationId,
) -> Result<Option<Operation>> {
    let found = by_id(conn, id)?;
    Ok(found.filter(|operation| {
        operation.party_id == own && operation.status != OperationStatus::Receiving
    }))
}

/// An operation of this organization whose lines are still coming.
pub(super) fn receiving(
    conn: &Connection,
    own: OrganizationId,
    id: OperationId,
) -> Result<Operation> {
    let found = by_id(conn, id)?;
    found
        .filter(|operation| operation.party_id == own)
        .filter(|operation| operation.status == OperationStatus::Receiving)
        .ok_or(StorageError::NotFound)
}

/// Keeps a new operation.
pub(super) fn insert(tx: &Transaction<'_>, operation: &Operation) -> Result<()> {
    rows::run(
        tx,
        text::INSERT,
        params![
            operation.id.0,
            operation.party_id.0,
            operation.created_by.0,
            operation.request_id.0,
            operation.status.as_str(),
            operation.line_count,
            sql::counts_to_text(&operation.counts)?,
            operation.released,
            operation.created_at.0,
            operation.completed_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}

/// Keeps lines, with their results if they have them.
pub(super) fn insert_chunk(
    tx: &Transaction<'_>,
    id: OperationId,
    chunk: &LineChunk,
    lines: &[u8],
    results: Option<&[RowResult]>,
) -> Result<()> {
    let failed = results.map_or(0, |results| counts(results).failed());
    let results = results.map(sql::results_to_bytes).transpose()?;
    let count = chunk.lines.len();
    rows::run(
        tx,
        text::INSERT_CHUNK,
        params![
            id.0,
            chunk.number,
            chunk.first_line(),
            count,
            failed,
            lines,
            results
        ],
    )?;
    Ok(())
}

/// Writes what moves.
pub(super) fn move_on(tx: &Transaction<'_>, operation: &Operation) -> Result<()> {
    rows::run(
        tx,
        text::MOVE_ON,
        params![
            operation.id.0,
            operation.status.as_str(),
            operation.line_count,
            sql::counts_to_text(&operation.counts)?,
            operation.released,
            operation.completed_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}

/// Drops an operation with its lines.
pub(super) fn drop_all(tx: &Transaction<'_>, id: OperationId) -> Result<()> {
    for text in text::DROP {
        rows::run(tx, text, [id.0])?;
    }
    Ok(())
}

/// Lines above `after` with their results, at most `limit`.
pub(super) fn lines(
    conn: &Connection,
    id: OperationId,
    failed: bool,
    mut after: u64,
    limit: usize,
) -> Result<Vec<LineResult>> {
    let mut found = Vec::new();
    while found.len() < limit {
        let params = params![id.0, after, failed];
        let chunk = rows::first(conn, text::CHUNKS, params, |row| {
            let (lines, results): (Vec<u8>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, lines, results))
        })?;
        let Some((first_line, lines, results)) = chunk else {
            break;
        };
        let chunk = crate::operations::with_results(first_line, &lines, results.as_deref())?;
        let seen = after;
        after = chunk.last().map_or(after + 1, |last| last.line.number);
        let wanted = chunk.into_iter().filter(|line| line.line.number > seen);
        found.extend(wanted.filter(|line| !failed || line.failed()));
    }
    found.truncate(limit);
    Ok(found)
}
