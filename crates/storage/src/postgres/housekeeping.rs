//! Migrations, health, and what goes away by itself.

use async_trait::async_trait;
use registration::clock::Timestamp;
use uuid::Uuid;

use super::{Postgres, Tx, query};
use crate::Result;
use crate::housekeeping::{Housekeeping, Migration, REMEMBERED_DAYS};

/// Old drafts; one that is being saved right now is left to the next sweep, which sees it saved.
const OLD_DRAFTS: &str = "\
    SELECT id FROM upload WHERE status = 'draft' AND created_at < $1 FOR UPDATE SKIP LOCKED";

const END_EXPIRED: &str = "\
    UPDATE relationship SET state = 'ended', end_reason = 'expired', ended_at = expires_at
    WHERE state = 'active' AND ended_at = 0 AND expires_at <= $1";

#[async_trait]
impl Housekeeping for Postgres {
    async fn migrate(&self, now: Timestamp) -> Result<Vec<Migration>> {
        self.apply_missing(now).await
    }

    async fn ping(&self) -> Result<()> {
        let client = self.client().await?;
        query::all(&client, "SELECT 1", &[]).await?;
        Ok(())
    }

    fn backend(&self) -> &'static str {
        "postgres"
    }

    async fn sweep(&self, now: Timestamp) -> Result<()> {
        in_transaction!(self, tx => sweep(tx, now).await)
    }
}

async fn sweep(tx: &Tx<'_>, now: Timestamp) -> Result<()> {
    query::run(tx, "DELETE FROM session WHERE expires_at <= $1", &[&now.0]).await?;
    let text = "DELETE FROM one_time_link WHERE expires_at <= $1";
    query::run(tx, text, &[&now.0]).await?;
    let old = now.plus_days(-1);
    query::run(tx, &crate::sql::dollars(crate::api_sql::SWEEP), &[&now.0]).await?;
    for statement in crate::grants_sql::SWEEP {
        query::run(tx, &crate::sql::dollars(statement), &[&old.0]).await?;
    }
    drop_drafts(tx, old).await?;
    for text in crate::operation_sql::SWEEP {
        query::run(tx, &crate::sql::dollars(text), &[&old.0]).await?;
    }
    query::run(tx, END_EXPIRED, &[&now.0]).await?;
    let forgotten = now.plus_days(-REMEMBERED_DAYS).0;
    for text in [
        "DELETE FROM submission WHERE created_at < $1",
        "DELETE FROM policy_update WHERE created_at < $1",
        "DELETE FROM imported_identity WHERE created_at < $1",
    ] {
        query::run(tx, text, &[&forgotten]).await?;
    }
    Ok(())
}

async fn drop_drafts(tx: &Tx<'_>, before: Timestamp) -> Result<()> {
    let old = query::all(tx, OLD_DRAFTS, &[&before.0]).await?;
    let ids: Vec<Uuid> = old
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    for text in [
        "DELETE FROM draft_change WHERE upload_id = ANY ($1)",
        "DELETE FROM draft_file WHERE upload_id = ANY ($1)",
        "DELETE FROM upload WHERE id = ANY ($1)",
    ] {
        query::run(tx, text, &[&ids]).await?;
    }
    Ok(())
}
