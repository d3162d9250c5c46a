//! The `SQLite` backend: one file, one writing connection on a thread of its own, a few reading
//! ones. Any number of processes may open the same file.

mod api_clients;
mod apply;
mod apply_write;
mod asking;
mod audit;
mod corporate_identifiers;
mod customer_profiles;
mod device_codes;
mod device_list;
mod device_profiles;
mod devices;
mod directory;
mod directory_report;
mod drafts;
mod failure;
mod grants;
mod housekeeping;
mod imported;
mod invitations;
mod jobs;
mod migrate;
mod open;
mod operation_apply;
mod operation_rows;
mod operation_void;
mod operations;
mod organizations;
mod people;
mod policies;
mod profiles;
mod properties;
mod readers;
mod relationships;
mod release;
mod rows;
mod shipments;
mod sight;
mod submissions;
mod syncs;
mod tokens;
mod trail;
mod uploads;
mod writer;

use std::path::Path;
use std::sync::Arc;

use registration::access::Scope;
use registration::organization::OrganizationKind;
use rusqlite::{Connection, Transaction};

use crate::{Result, Storage, StorageError};
use readers::Readers;
use writer::Writer;

/// A registry in one `SQLite` file.
pub struct Sqlite {
    writer: Writer,
    readers: Readers,
}

/// Opens the file at `path`, which is made if it is missing; its folder is not.
pub async fn open(path: &Path) -> Result<Arc<dyn Storage>> {
    let path = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || Sqlite::open(&path)).await;
    let sqlite = opened.map_err(StorageError::unexpected)??;
    Ok(Arc::new(sqlite))
}

impl Sqlite {
    fn open(path: &Path) -> Result<Self> {
        open::make_file(path)?;
        let writing = open::writing(path)?;
        Ok(Self {
            writer: Writer::start(writing)?,
            readers: Readers::open(path)?,
        })
    }

    /// Runs `work` in a writing transaction and commits it if it succeeds.
    async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    {
        self.writer.run(work).await
    }

    /// Runs `work` on a reading connection: everything it reads is of one moment.
    async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.readers.run(work).await
    }
}

/// What only an operator's scope may touch does not exist for others.
fn operator(scope: &Scope) -> Result<()> {
    if scope.kind() == OrganizationKind::Operator {
        Ok(())
    } else {
        Err(StorageError::NotFound)
    }
}
