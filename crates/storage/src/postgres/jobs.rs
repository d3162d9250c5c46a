//! The job queue.

use async_trait::async_trait;
use registration::clock::Timestamp;
use registration::ids::JobId;
use tokio_postgres::Row;
use uuid::Uuid;

use super::trouble::Trouble;
use super::{Postgres, Tx, query};
use crate::Result;
use crate::jobs::{GIVE_WAY, Job, JobKind, Jobs, NewJob};
use crate::sql::dollars;

/// The kinds of job that this version knows.
const KINDS: [&str; 3] = ["apply_upload", "apply_operation", "void_operation"];

// The condition on the lease is what keeps two workers apart; SKIP LOCKED only keeps them from
// waiting for each other.
const CLAIM: &str = "\
    UPDATE job SET lease_owner = $1, lease_until = $2, attempts = attempts + 1
    WHERE lease_until <= $3 AND id = (
        SELECT id FROM job WHERE run_at <= $3 AND lease_until <= $3 AND kind = ANY ($4)
        ORDER BY turns, run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, payload, attempts - 1";

/// Queues a job.
pub(super) async fn queue(tx: &Tx<'_>, job: &NewJob) -> Result<()> {
    let (kind, payload) = job.kind.to_columns();
    let text = "INSERT INTO job (id, kind, payload, run_at, attempts, lease_until) \
                VALUES ($1, $2, $3, $4, 0, 0)";
    query::run(tx, text, &[&job.id.0, &kind, &payload, &job.run_at.0]).await?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Job> {
    let (kind, payload): (&str, &str) = (row.try_get(1)?, row.try_get(2)?);
    let attempts: i64 = row.try_get(3)?;
    Ok(Job {
        id: JobId(row.try_get(0)?),
        kind: JobKind::from_columns(kind, payload).ok_or(Trouble::Column("job.payload"))?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
    })
}

#[async_trait]
impl Jobs for Postgres {
    async fn claim_job(
        &self,
        worker: Uuid,
        now: Timestamp,
        lease_seconds: i64,
    ) -> Result<Option<Job>> {
        let until = now.plus_seconds(lease_seconds);
        let kinds = KINDS.as_slice();
        let row = in_transaction!(self, tx => {
            query::first(tx, CLAIM, &[&worker, &until.0, &now.0, &kinds]).await
        })?;
        row.as_ref().map(from_row).transpose()
    }

    async fn keep_lease(&self, id: JobId, worker: Uuid, until: Timestamp) -> Result<bool> {
        let text = "UPDATE job SET lease_until = $3 WHERE id = $1 AND lease_owner = $2";
        let kept = in_transaction!(self, tx => {
            query::run(tx, text, &[&id.0, &worker, &until.0]).await
        })?;
        Ok(kept > 0)
    }

    async fn give_way(&self, id: JobId, worker: Uuid) -> Result<()> {
        let text = dollars(GIVE_WAY);
        in_transaction!(self, tx => query::run(tx, &text, &[&id.0, &worker]).await)?;
        Ok(())
    }

    async fn finish_job(&self, id: JobId, worker: Uuid) -> Result<()> {
        let text = "DELETE FROM job WHERE id = $1 AND lease_owner = $2";
        in_transaction!(self, tx => query::run(tx, text, &[&id.0, &worker]).await)?;
        Ok(())
    }

    async fn retry_job(
        &self,
        id: JobId,
        worker: Uuid,
        run_at: Timestamp,
        error: &str,
    ) -> Result<()> {
        let text = "UPDATE job SET run_at = $3, last_error = $4, lease_owner = NULL, \
                    lease_until = 0 WHERE id = $1 AND lease_owner = $2";
        in_transaction!(self, tx => {
            query::run(tx, text, &[&id.0, &worker, &run_at.0, &error]).await
        })?;
        Ok(())
    }
}
