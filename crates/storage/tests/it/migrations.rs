//! Migrations: the same on both backends, repeatable, and refused when tampered with.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use storage::housekeeping::Migration;
use storage::{Storage, StorageError};

use crate::battery;
use crate::world::{Database, START};

battery![migrating_again_applies_nothing];

/// How many there are.
const MIGRATIONS: usize = 9;

async fn migrating_again_applies_nothing(store: Arc<dyn Storage>) {
    for _ in 0..2 {
        assert_eq!(
            store.migrate(START.plus_days(1)).await.expect("migrates"),
            []
        );
    }
}

/// Tables with their columns, in order.
type Tables = BTreeMap<String, Vec<String>>;

struct File {
    _folder: tempfile::TempDir,
    path: std::path::PathBuf,
    url: String,
}

fn file() -> File {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let path = folder.path().join("registry.db");
    let url = format!("sqlite:{}", path.display());
    File {
        _folder: folder,
        path,
        url,
    }
}

async fn migrated(url: &str) -> Vec<Migration> {
    let store = storage::open(url).await.expect("opens");
    store.migrate(START).await.expect("migrates")
}

/// Several processes start at once: all succeed, each migration is applied by one of them.
async fn started_by_many(url: &str) -> Vec<Migration> {
    let mut stores = Vec::new();
    for _ in 0..4 {
        stores.push(storage::open(url).await.expect("opens"));
    }
    let running: Vec<_> = stores
        .into_iter()
        .map(|store| tokio::spawn(async move { store.migrate(START).await }))
        .collect();
    let mut applied = Vec::new();
    for one in running {
        applied.extend(one.await.expect("ends").expect("migrates"));
    }
    applied
}

async fn client(url: &str) -> tokio_postgres::Client {
    let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    let (client, connection) = connected.expect("connects");
    tokio::spawn(connection);
    client
}

fn tables_of(columns: impl Iterator<Item = (String, String)>) -> Tables {
    let mut tables = Tables::new();
    for (table, column) in columns {
        tables.entry(table).or_default().push(column);
    }
    tables
}

#[tokio::test]
async fn sqlite_refuses_a_migration_that_was_applied_in_another_form() {
    let file = file();
    migrated(&file.url).await;
    let direct = Connection::open(&file.path).expect("opens");
    direct
        .execute(
            "UPDATE schema_migration SET digest = zeroblob(32) WHERE number = 1",
            [],
        )
        .expect("tampers");
    let store = storage::open(&file.url).await.expect("opens");
    let refused = store.migrate(START).await;
    assert!(
        matches!(&refused, Err(StorageError::Migration(m)) if m.contains("0001")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn postgres_refuses_a_migration_that_was_applied_in_another_form() {
    let database = Database::create().await;
    migrated(&database.url).await;
    let tamper = "UPDATE schema_migration SET digest = '\\x00' WHERE number = 1";
    client(&database.url)
        .await
        .batch_execute(tamper)
        .await
        .expect("tampers");
    let store = storage::open(&database.url).await.expect("opens");
    let refused = store.migrate(START).await;
    assert!(
        matches!(&refused, Err(StorageError::Migration(m)) if m.contains("0001")),
        "{refused:?}"
    );
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_start_at_once_on_sqlite() {
    let file = file();
    assert_eq!(started_by_many(&file.url).await.len(), MIGRATIONS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_start_at_once_on_postgres() {
    let database = Database::create().await;
    assert_eq!(started_by_many(&database.url).await.len(), MIGRATIONS);
    database.drop().await;
}

#[tokio::test]
async fn both_backends_have_the_same_migrations_tables_and_columns() {
    let (file, database) = (file(), Database::create().await);
    let in_file = migrated(&file.url).await;
    let on_server = migrated(&database.url).await;
    assert_eq!(in_file, on_server);
    assert!(!in_file.is_empty());
    let direct = Connection::open(&file.path).expect("opens");
    let mut statement = direct
        .prepare(
            "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid",
        )
        .expect("prepares");
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("reads");
    let file_tables = tables_of(rows.map(|row| row.expect("reads")));
    let text = "SELECT table_name::text, column_name::text FROM information_schema.columns \
                WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
    let rows = client(&database.url)
        .await
        .query(text, &[])
        .await
        .expect("reads");
    let server_tables = tables_of(rows.iter().map(|row| (row.get(0), row.get(1))));
    assert_eq!(file_tables, server_tables);
    database.drop().await;
}

#[tokio::test]
async fn a_sqlite_file_is_its_owners_alone_and_its_folder_must_exist() {
    use std::os::unix::fs::PermissionsExt;
    let file = file();
    migrated(&file.url).await;
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", file.path.display());
        let mode = std::fs::metadata(&path)
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{suffix}");
    }
    let missing = format!("{}/no/such.db", file.url);
    let Err(refused) = storage::open(&missing).await else {
        panic!("opened {missing}")
    };
    let source = std::error::Error::source(&refused)
        .expect("says why")
        .to_string();
    assert!(source.contains("does not exist"), "{source}");
    assert!(matches!(
        storage::open("mysql://x").await,
        Err(StorageError::Address)
    ));
}
