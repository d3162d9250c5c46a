//! Migrations, health, and what goes away by itself.

use async_trait::async_trait;
use registration::clock::Timestamp;
use rusqlite::{Transaction, params};

use super::{Sqlite, migrate, rows};
use crate::Result;
use crate::housekeeping::{Housekeeping, Migration, REMEMBERED_DAYS};

#[async_trait]
impl Housekeeping for Sqlite {
    async fn migrate(&self, now: Timestamp) -> Result<Vec<Migration>> {
        self.write(move |tx| migrate::migrate(tx, now)).await
    }

    async fn ping(&self) -> Result<()> {
        self.read(|conn| rows::value::<i64>(conn, "SELECT 1", []))
            .await?;
        Ok(())
    }

    fn backend(&self) -> &'static str {
        "sqlite"
    }

    async fn sweep(&self, now: Timestamp) -> Result<()> {
        self.write(move |tx| sweep(tx, now)).await
    }
}

fn sweep(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    rows::run(tx, "DELETE FROM session WHERE expires_at <= ?1", [now.0])?;
    rows::run(
        tx,
        "DELETE FROM one_time_link WHERE expires_at <= ?1",
        [now.0],
    )?;
    let old = now.plus_days(-1).0;
    rows::run(tx, crate::api_sql::SWEEP, [now.0])?;
    let sweeps = crate::grants_sql::SWEEP.iter();
    for text in sweeps.chain(&crate::operation_sql::SWEEP) {
        rows::run(tx, text, [old])?;
    }
    for text in [
        "DELETE FROM draft_change WHERE upload_id IN \
         (SELECT id FROM upload WHERE status = 'draft' AND created_at < ?1)",
        "DELETE FROM draft_file WHERE upload_id IN \
         (SELECT id FROM upload WHERE status = 'draft' AND created_at < ?1)",
    ] {
        rows::run(tx, text, [old])?;
    }
    rows::run(
        tx,
        "DELETE FROM upload WHERE status = 'draft' AND created_at < ?1",
        [old],
    )?;
    rows::run(
        tx,
        "UPDATE relationship SET state = 'ended', end_reason = 'expired', ended_at = expires_at \
         WHERE state = 'active' AND ended_at = 0 AND expires_at <= ?1",
        params![now.0],
    )?;
    let forgotten = now.plus_days(-REMEMBERED_DAYS).0;
    for text in [
        "DELETE FROM submission WHERE created_at < ?1",
        "DELETE FROM policy_update WHERE created_at < ?1",
        "DELETE FROM imported_identity WHERE created_at < ?1",
    ] {
        rows::run(tx, text, [forgotten])?;
    }
    Ok(())
}
