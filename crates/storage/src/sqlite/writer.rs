//! The one thread that writes. Closures come over a channel, each is one transaction, and the
//! answer goes back when it is committed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use thiserror::Error;
use tokio::sync::oneshot;

use crate::{Result, StorageError};

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// The thread's end of the line is gone.
#[derive(Debug, Error)]
enum WriterError {
    /// The work panicked; it was rolled back, and the thread goes on.
    #[error("a write ended in a panic and was rolled back")]
    Panicked,
    /// The thread is gone.
    #[error("the writer has stopped")]
    Stopped,
}

/// Hands work to the writing thread. The thread ends when this is dropped.
pub(super) struct Writer {
    work: mpsc::Sender<Work>,
}

impl Writer {
    /// Starts the thread, which owns `connection` from now on.
    pub(super) fn start(mut connection: Connection) -> Result<Self> {
        let (sender, receiver) = mpsc::channel::<Work>();
        let serve = move || {
            for work in receiver {
                serve_one(&mut connection, work);
            }
        };
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(serve)
            .map_err(StorageError::unavailable)?;
        Ok(Self { work: sender })
    }

    /// Runs `work` in a transaction of its own. `BEGIN IMMEDIATE`: another process that writes
    /// is waited for at the beginning, never in the middle.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let boxed: Work = Box::new(move |connection| {
            // Nobody waits any more when the caller was cancelled: the work is done all the same.
            let _ = answer.send(in_transaction(connection, work));
        });
        self.work
            .send(boxed)
            .map_err(|_| StorageError::unavailable(WriterError::Stopped))?;
        answered
            .await
            .map_err(|_| StorageError::unexpected(WriterError::Panicked))?
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

fn serve_one(connection: &mut Connection, work: Work) {
    let outcome = catch_unwind(AssertUnwindSafe(|| work(connection)));
    if outcome.is_err() {
        tracing::error!("a write to the database panicked and was rolled back");
    }
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a failed write could not be rolled back");
    }
}
