//! The `PostgreSQL` backend: a pool of connections, and every write in a transaction that is tried
//! again when the database asks for it (reference/stack.md, B2).
//!
//! Written for READ COMMITTED with row locks and unique keys, and for nothing that a distributed
//! engine speaking the same protocol lacks: no triggers, no stored functions, no LISTEN, no COPY.

/// `in_transaction!(self, tx => work)`: runs `work`, an async block's body that ends in a
/// [`Result`], in a transaction and commits it. When the database asks to try again
/// (serialization failure, deadlock, a key whose holder vanished meanwhile), everything is done
/// once more, so `work` has no effects outside. A macro because an async closure that borrows
/// can't yet be shown to be `Send`.
macro_rules! in_transaction {
    ($storage:expr, $tx:ident => $work:expr) => {{
        let mut tries = $crate::postgres::Tries::default();
        loop {
            let mut client = $storage.client().await?;
            let transaction = client.transaction().await?;
            let $tx = &transaction;
            let done: $crate::Result<_> = async { $work }.await;
            match $crate::postgres::Tries::settle(transaction, done).await {
                Err(error) if tries.again(&error).await => {}
                settled => break settled,
            }
        }
    }};
}

#[macro_use]
mod columns;

mod api_clients;
mod apply;
mod consent;
mod corporate_identifiers;
mod customer_profiles;
mod device_codes;
mod device_list;
mod device_profiles;
mod devices;
mod directory;
mod directory_report;
mod drafts;
mod grants;
mod housekeeping;
mod imported;
mod jobs;
mod migrate;
mod operation_apply;
mod operation_rows;
mod operation_void;
mod operations;
mod organizations;
mod people;
mod policies;
mod profiles;
mod properties;
mod query;
mod register;
mod relationships;
mod release;
mod rows;
mod shipments;
mod submissions;
mod syncs;
mod tokens;
mod trail;
mod trouble;
mod upload_rows;
mod uploads;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use registration::access::Scope;
use registration::organization::OrganizationKind;
use tokio_postgres::NoTls;
use tokio_postgres::config::{Config, SslMode};

use crate::{Result, Storage, StorageError};

/// Connections kept at most.
const CONNECTIONS: usize = 16;
/// How long a caller waits for a free connection, and how long connecting may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a transaction is tried again.
const RETRIES: u32 = 10;

type Tx<'a> = deadpool_postgres::Transaction<'a>;

/// A registry in a `PostgreSQL` database.
pub struct Postgres {
    pool: Pool,
}

/// Opens the database at `url` and makes sure that it answers. A URL that asks for TLS
/// (`sslmode=require`) is refused: that comes later.
pub async fn open(url: &str) -> Result<Arc<dyn Storage>> {
    let mut config: Config = url.parse().map_err(|_| StorageError::Address)?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(StorageError::unavailable(
            "connections to PostgreSQL are not encrypted yet: take sslmode=require out of the \
             database address, and keep the database on the same machine or a private network",
        ));
    }
    if config.get_application_name().is_none() {
        config.application_name("enlist");
    }
    config.connect_timeout(PATIENCE);
    let recycling_method = RecyclingMethod::Fast;
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method });
    let pool = Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .build()
        .map_err(StorageError::unexpected)?;
    let storage = Postgres { pool };
    drop(storage.client().await?);
    Ok(Arc::new(storage))
}

impl Postgres {
    /// A connection for reading.
    async fn client(&self) -> Result<Client> {
        self.pool.get().await.map_err(StorageError::unavailable)
    }
}

/// How a transaction went so far.
#[derive(Default)]
struct Tries(u32);

impl Tries {
    /// Commits what was done; anything else is rolled back when the transaction is dropped.
    async fn settle<T>(tx: Tx<'_>, done: Result<T>) -> Result<T> {
        let done = done?;
        tx.commit().await?;
        Ok(done)
    }

    /// Whether to try again: the database asked for it, and not too often. Waits a little, and
    /// longer each time.
    async fn again(&mut self, error: &StorageError) -> bool {
        self.0 += 1;
        if self.0 > RETRIES || !trouble::asks_again(error) {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(3 << self.0.min(6))).await;
        true
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

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[tokio::test]
    async fn an_address_that_asks_for_tls_is_refused_with_the_way_out() {
        let url = "postgres://enlist@127.0.0.1/enlist?sslmode=require";
        let refused = open(url).await.err().expect("refused");
        let cause = refused.source().map(ToString::to_string);
        assert!(cause.is_some_and(|text| text.contains("take sslmode=require out")));
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_called_so() {
        let refused = open("postgres://host:port/").await.err();
        assert!(matches!(refused, Some(StorageError::Address)));
    }
}
