//! Opening the file: who may read it, and how each connection is set up.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::{Result, StorageError};

/// How long a connection waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// Bytes of the file that reading connections see in memory, without a call for each page.
const MAPPED: i64 = 2 << 30;

/// Prepared statements kept per connection: more than the program has.
const STATEMENTS: usize = 256;

/// Makes the file if it is missing, for its owner alone. The files beside it (`-wal`, `-shm`) get
/// the same mode from `SQLite`.
pub(super) fn make_file(path: &Path) -> Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let text = format!(
            "the folder {} does not exist: make it first",
            folder.display()
        );
        return Err(StorageError::unavailable(io::Error::new(
            io::ErrorKind::NotFound,
            text,
        )));
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StorageError::unavailable(error)),
    }
}

/// The writing connection. A commit is on the disk before it is answered (`synchronous = FULL`).
pub(super) fn writing(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    connection.pragma_update(None, "page_size", 8192)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "wal_autocheckpoint", 20_000)?;
    Ok(connection)
}

/// A connection that can only read.
pub(super) fn reading(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "mmap_size", MAPPED)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without this a kept statement is planned anew after each use: clearing what was bound to it
    // counts as a change that a better plan might follow from.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}
