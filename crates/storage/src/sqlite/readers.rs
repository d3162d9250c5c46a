//! Reading connections: a few for lists and pages, on threads that may block, and a few for the
//! one lookup that is so short that handing it to another thread would cost more.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::open;
use crate::{Result, StorageError};

/// Connections of each sort.
const COUNT: usize = 4;

/// The reading connections.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
    quick: Vec<Mutex<Connection>>,
    next_quick: AtomicUsize,
}

/// A connection on loan; goes back when dropped, after a panic as well.
struct Loan {
    idle: Arc<Mutex<Vec<Connection>>>,
    connection: Option<Connection>,
}

impl Drop for Loan {
    fn drop(&mut self) {
        lock(&self.idle).extend(self.connection.take());
    }
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let many = || (0..COUNT).map(|_| open::reading(path));
        Ok(Self {
            idle: Arc::new(Mutex::new(many().collect::<Result<_>>()?)),
            free: Arc::new(Semaphore::new(COUNT)),
            quick: many().map(|c| c.map(Mutex::new)).collect::<Result<_>>()?,
            next_quick: AtomicUsize::new(0),
        })
    }

    /// Runs `work` on a thread that may block, in a transaction: all of it sees one moment.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.free).acquire_owned().await;
        let permit = permit.map_err(StorageError::unavailable)?;
        let idle = Arc::clone(&self.idle);
        let done = tokio::task::spawn_blocking(move || {
            let connection = lock(&idle).pop();
            let loan = Loan { idle, connection };
            let done = match &loan.connection {
                Some(connection) => at_one_moment(connection, work),
                None => Err(StorageError::unavailable("no reading connection is left")),
            };
            drop(loan);
            drop(permit);
            done
        });
        done.await.map_err(StorageError::unexpected)?
    }

    /// Runs a lookup of some microseconds right here.
    pub(super) fn run_here<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let turn = self.next_quick.fetch_add(1, Ordering::Relaxed);
        let idle = (turn..turn + COUNT).find_map(|n| self.quick[n % COUNT].try_lock().ok());
        work(&idle.unwrap_or_else(|| lock(&self.quick[turn % COUNT])))
    }
}

fn at_one_moment<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let transaction = connection.unchecked_transaction()?;
    let read = work(&transaction)?;
    transaction.commit()?;
    Ok(read)
}

/// A poisoned lock only means that a reader panicked; the connection itself is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
