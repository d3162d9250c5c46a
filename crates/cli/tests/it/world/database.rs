//! A database of one's own on either backend.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database that goes when it is dropped.
pub(crate) enum Database {
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A database on the server that `ENLIST_TEST_POSTGRES` names.
    Postgres { server: String, name: String },
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder for the database"))
    }

    pub(crate) fn postgres() -> Self {
        let server = std::env::var("ENLIST_TEST_POSTGRES").expect(
            "ENLIST_TEST_POSTGRES is not set: run the tests by scripts/test, which starts a \
             PostgreSQL server for them",
        );
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("enlist_whole_{}_{number}", std::process::id());
        psql(&server, &format!("CREATE DATABASE {name}"));
        Self::Postgres { server, name }
    }

    /// As `--database` takes it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => {
                format!("sqlite:{}", folder.path().join("enlist.db").display())
            }
            Self::Postgres { server, name } => {
                let (base, _) = server
                    .rsplit_once('/')
                    .expect("an address ends in /DATABASE");
                format!("{base}/{name}")
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            psql(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
    }
}

/// SQL lives in `storage` alone; making and dropping a database is left to `PostgreSQL`'s own tool.
fn psql(server: &str, statement: &str) {
    let ran = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--command", statement, server])
        .output()
        .expect("psql runs; scripts/test installs PostgreSQL with it");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success() || std::thread::panicking(),
        "{statement}: {said}"
    );
}
