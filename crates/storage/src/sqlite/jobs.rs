//! The job queue.

use async_trait::async_trait;
use registration::clock::Timestamp;
use registration::ids::JobId;
use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::{Sqlite, rows};
use crate::Result;
use crate::jobs::{GIVE_WAY, Job, JobKind, Jobs, NewJob};

#[async_trait]
impl Jobs for Sqlite {
    async fn claim_job(
        &self,
        worker: Uuid,
        now: Timestamp,
        lease_seconds: i64,
    ) -> Result<Option<Job>> {
        self.write(move |tx| claim(tx, worker, now, lease_seconds))
            .await
    }

    async fn keep_lease(&self, id: JobId, worker: Uuid, until: Timestamp) -> Result<bool> {
        let text = "UPDATE job SET lease_until = ?3 WHERE id = ?1 AND lease_owner = ?2";
        let kept = self
            .write(move |tx| rows::run(tx, text, params![id.0, worker, until.0]))
            .await?;
        Ok(kept > 0)
    }

    async fn give_way(&self, id: JobId, worker: Uuid) -> Result<()> {
        self.write(move |tx| rows::run(tx, GIVE_WAY, [id.0, worker]))
            .await?;
        Ok(())
    }

    async fn finish_job(&self, id: JobId, worker: Uuid) -> Result<()> {
        let text = "DELETE FROM job WHERE id = ?1 AND lease_owner = ?2";
        self.write(move |tx| rows::run(tx, text, [id.0, worker]))
            .await?;
        Ok(())
    }

    async fn retry_job(
        &self,
        id: JobId,
        worker: Uuid,
        run_at: Timestamp,
        error: &str,
    ) -> Result<()> {
        let error = error.to_owned();
        let text = "UPDATE job SET run_at = ?3, last_error = ?4, lease_owner = NULL, \
                    lease_until = 0 WHERE id = ?1 AND lease_owner = ?2";
        self.write(move |tx| rows::run(tx, text, params![id.0, worker, run_at.0, error]))
            .await?;
        Ok(())
    }
}

/// Queues a job in the transaction that makes it necessary.
pub(super) fn queue(tx: &Transaction<'_>, job: &NewJob) -> Result<()> {
    let (kind, payload) = job.kind.to_columns();
    rows::run(
        tx,
        "INSERT INTO job (id, kind, payload, run_at, attempts, lease_until) \
         VALUES (?1, ?2, ?3, ?4, 0, 0)",
        params![job.id.0, kind, payload, job.run_at.0],
    )?;
    Ok(())
}

fn claim(
    tx: &Transaction<'_>,
    worker: Uuid,
    now: Timestamp,
    lease_seconds: i64,
) -> Result<Option<Job>> {
    let Some(job) = oldest_due(tx, now)? else {
        return Ok(None);
    };
    rows::run(
        tx,
        "UPDATE job SET lease_owner = ?2, lease_until = ?3, attempts = attempts + 1 WHERE id = ?1",
        params![job.id.0, worker, now.plus_seconds(lease_seconds).0],
    )?;
    Ok(Some(job))
}

fn oldest_due(tx: &Transaction<'_>, now: Timestamp) -> Result<Option<Job>> {
    let mut statement = tx.prepare_cached(
        "SELECT id, kind, payload, attempts FROM job \
         WHERE run_at <= ?1 AND lease_until <= ?1 ORDER BY turns, run_at, id",
    )?;
    let mut due = statement.query([now.0])?;
    while let Some(row) = due.next()? {
        let (kind, payload): (String, String) = (row.get(1)?, row.get(2)?);
        if let Some(kind) = JobKind::from_columns(&kind, &payload) {
            return Ok(Some(Job {
                id: JobId(row.get(0)?),
                kind,
                attempts: row.get(3)?,
            }));
        }
    }
    Ok(None)
}
