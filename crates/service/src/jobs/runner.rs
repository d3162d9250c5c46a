//! The runner: claims jobs by a lease, keeps the lease while working, retries what failed.

use std::sync::Arc;
use std::time::Duration;

use registration::ids::JobId;
use storage::jobs::{Job, JobKind};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{Desk, Result};

/// How long a claimed job is ours, in seconds: a crashed worker's job waits this long at most.
const LEASE_SECONDS: i64 = 10;
/// How often the queue is looked at when nothing wakes the runner.
const POLL: Duration = Duration::from_millis(500);
/// How often expired things are swept and asks noted, in polls.
const SWEEP_EVERY: u32 = 60;

/// Runs jobs until told to stop.
pub struct JobRunner {
    desk: Arc<Desk>,
    worker: Uuid,
    stop: watch::Receiver<bool>,
}

impl JobRunner {
    /// A runner for this desk; `stop` turning true ends it after the chunk in hand.
    pub fn new(desk: Arc<Desk>, stop: watch::Receiver<bool>) -> Self {
        let worker = desk.uuid();
        Self { desk, worker, stop }
    }

    /// Works until stopped.
    pub async fn run(mut self) {
        let mut rounds = 0u32;
        while !*self.stop.borrow() {
            if let Err(error) = self.work_off().await {
                tracing::error!(error = &error as &dyn std::error::Error, "job queue");
            }
            if rounds.is_multiple_of(SWEEP_EVERY)
                && let Err(error) = self.desk.storage.sweep(self.desk.now()).await
            {
                tracing::error!(error = &error as &dyn std::error::Error, "sweep");
            }
            rounds = rounds.wrapping_add(1);
            self.note_asked().await;
            tokio::select! {
                () = self.desk.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = self.stop.changed() => {}
            }
        }
        self.note_asked().await;
    }

    async fn note_asked(&self) {
        if let Err(error) = self.desk.note_asked().await {
            tracing::error!(error = &error as &dyn std::error::Error, "noting asks");
        }
    }

    /// Runs every job that is due now.
    pub async fn work_off(&self) -> Result<()> {
        while !*self.stop.borrow() {
            let now = self.desk.now();
            let claimed = self
                .desk
                .storage
                .claim_job(self.worker, now, LEASE_SECONDS)
                .await?;
            let Some(job) = claimed else { break };
            self.run_job(job).await?;
        }
        Ok(())
    }

    async fn run_job(&self, job: Job) -> Result<()> {
        let worked = match job.kind {
            JobKind::ApplyUpload(upload) => self.apply_upload(job.id, upload).await,
            JobKind::ApplyOperation(operation) => self.apply_operation(operation).await,
            JobKind::VoidOperation(operation) => self.void_operation(operation).await,
        };
        let storage = &self.desk.storage;
        match worked {
            Ok(true) => storage.finish_job(job.id, self.worker).await?,
            // Stopping: let the next worker have it at once instead of after the lease.
            Ok(false) if self.is_stopping() => {
                storage
                    .retry_job(job.id, self.worker, self.desk.now(), "stopped")
                    .await?;
            }
            Ok(false) if job.kind.gives_way() => storage.give_way(job.id, self.worker).await?,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    job = %job.id,
                    attempts = job.attempts,
                    "job failed"
                );
                let pause = 1i64 << job.attempts.min(6);
                let run_at = self.desk.now().plus_seconds(pause);
                storage
                    .retry_job(job.id, self.worker, run_at, &error.to_string())
                    .await?;
            }
        }
        Ok(())
    }

    /// Prolongs the lease; `false` when another worker has the job by now.
    pub(super) async fn keep_lease(&self, job: JobId) -> Result<bool> {
        let until = self.desk.now().plus_seconds(LEASE_SECONDS);
        Ok(self
            .desk
            .storage
            .keep_lease(job, self.worker, until)
            .await?)
    }

    pub(super) fn desk(&self) -> &Desk {
        &self.desk
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }
}
