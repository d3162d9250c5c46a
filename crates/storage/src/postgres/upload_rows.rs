//! The rows of uploads, kept in chunks.

use deadpool_postgres::GenericClient;
use registration::ids::{OrganizationId, UploadId};
use registration::upload::{UploadRow, UploadRowResult};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Tx, query};
use crate::uploads::RowFilter;
use crate::{Result, sql};

/// The chunk that row `$2` is in or would be in, and those after it.
const FIRST_CHUNK: &str = "\
    SELECT MAX (number) FROM upload_chunk WHERE upload_id = $1 AND first_row <= $2";

const NEXT_CHUNK: &str = "\
    SELECT number, rows, results FROM upload_chunk
    WHERE upload_id = $1 AND number >= $2 AND (NOT $3 OR failed > 0)
        AND (NOT $4 OR results IS NOT NULL)
    ORDER BY number LIMIT 1";

/// Chunks of a customer's own uploads with rows that wait or failed.
const UNREGISTERED: &str = "\
    SELECT c.upload_id, c.number FROM upload u JOIN upload_chunk c ON c.upload_id = u.id
    WHERE u.customer_id = $1 AND u.party_id = $1 AND u.status <> 'draft'
        AND (c.results IS NULL OR c.failed > 0)
    ORDER BY u.id DESC, c.number LIMIT $2";

const CHUNK: &str = "\
    SELECT number, rows, results FROM upload_chunk WHERE upload_id = $1 AND number = $2";

/// Writes the rows of an upload.
pub(super) async fn insert(tx: &Tx<'_>, id: UploadId, chunks: &[Vec<UploadRow>]) -> Result<()> {
    let text = "INSERT INTO upload_chunk (upload_id, number, first_row, row_count, failed, rows) \
                VALUES ($1, $2, $3, $4, 0, $5)";
    for (number, rows) in (0_i64..).zip(chunks) {
        let first = query::number(rows.first().map_or(0, |row| row.number));
        let count = query::number(rows.len() as u64);
        let bytes = sql::rows_to_bytes(rows)?;
        query::run(tx, text, &[&id.0, &number, &first, &count, &bytes]).await?;
    }
    Ok(())
}

/// Rows that `filter` admits with numbers above `after`, at most `limit`: chunk by chunk, so
/// that no more than one is in memory.
pub(super) async fn read(
    db: &impl GenericClient,
    id: UploadId,
    filter: RowFilter,
    after: u64,
    limit: usize,
) -> Result<Vec<UploadRowResult>> {
    let wanted_first = query::number(after.saturating_add(1));
    let first = query::first(db, FIRST_CHUNK, &[&id.0, &wanted_first]).await?;
    let mut number: i64 = match first {
        Some(row) => row.try_get::<_, Option<i64>>(0)?.unwrap_or(0),
        None => 0,
    };
    let (failed, decided) = (filter == RowFilter::Failed, filter != RowFilter::All);
    let mut found = Vec::new();
    while found.len() < limit {
        let next = query::first(db, NEXT_CHUNK, &[&id.0, &number, &failed, &decided]).await?;
        let Some(row) = next else { break };
        let admitted = pairs(&row)?
            .filter(|pair| pair.row.number > after && filter.admits(pair.result.as_ref()));
        found.extend(admitted.take(limit - found.len()));
        number = row.try_get::<_, i64>(0)? + 1;
    }
    Ok(found)
}

/// Rows of a customer's own uploads that wait or failed, at most `limit`.
pub(super) async fn unregistered(
    db: &impl GenericClient,
    customer: OrganizationId,
    limit: usize,
) -> Result<Vec<(UploadId, UploadRowResult)>> {
    let most = query::number(limit as u64);
    let mut found = Vec::new();
    for chunk in query::all(db, UNREGISTERED, &[&customer.0, &most]).await? {
        let (upload, number): (Uuid, i64) = (chunk.try_get(0)?, chunk.try_get(1)?);
        let Some(row) = query::first(db, CHUNK, &[&upload, &number]).await? else {
            continue;
        };
        let waits_or_failed = |pair: &UploadRowResult| {
            pair.result
                .as_ref()
                .is_none_or(|result| result.outcome.is_failure())
        };
        let pairs = pairs(&row)?.filter(waits_or_failed);
        let room = limit - found.len();
        found.extend(pairs.take(room).map(|pair| (UploadId(upload), pair)));
        if found.len() == limit {
            break;
        }
    }
    Ok(found)
}

fn pairs(row: &Row) -> Result<impl Iterator<Item = UploadRowResult>> {
    let rows = sql::rows_from_bytes(row.try_get(1)?)?;
    sql::with_results(rows, row.try_get(2)?)
}
