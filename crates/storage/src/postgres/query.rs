//! Statements, prepared once per connection.

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::Result;

/// The parameters of a statement.
pub(super) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// All rows of a query.
pub(super) async fn all(
    db: &impl GenericClient,
    text: &str,
    parameters: Parameters<'_>,
) -> Result<Vec<Row>> {
    let statement = db.prepare_cached(text).await?;
    Ok(db.query(&statement, parameters).await?)
}

/// The first row of a query, if there is one.
pub(super) async fn first(
    db: &impl GenericClient,
    text: &str,
    parameters: Parameters<'_>,
) -> Result<Option<Row>> {
    Ok(all(db, text, parameters).await?.into_iter().next())
}

/// Whether a query has any row.
pub(super) async fn any(
    db: &impl GenericClient,
    text: &str,
    parameters: Parameters<'_>,
) -> Result<bool> {
    Ok(!all(db, text, parameters).await?.is_empty())
}

/// Runs a statement that answers nothing: how many rows it touched.
pub(super) async fn run(
    db: &impl GenericClient,
    text: &str,
    parameters: Parameters<'_>,
) -> Result<u64> {
    let statement = db.prepare_cached(text).await?;
    Ok(db.execute(&statement, parameters).await?)
}

/// The LIMIT of a page's query: one row more than fits, which tells whether there is a next page.
pub(super) fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// A count as the database takes it.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The id before which a page's rows lie; the first page has them all.
pub(super) fn before(id: Option<Uuid>) -> Uuid {
    id.unwrap_or(Uuid::max())
}
