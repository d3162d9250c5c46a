//! The desk as the commands at the server's console use it: opened over a database, migrated.

use std::future::Future;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use registration::clock::Clock;
use service::oauth::ServerKey;
use service::{Desk, Limits};
use storage::Storage;
use tempfile::NamedTempFile;

use crate::exit::Failure;
use crate::wall::{SystemEntropy, WallClock};

/// The environment variable with the server's key.
const SERVER_KEY: &str = "ENLIST_SERVER_KEY";

/// Which database.
#[derive(Debug, Clone, Args)]
pub(crate) struct DatabaseArgs {
    /// The database: `sqlite:PATH`, or `postgres://USER@HOST/NAME`.
    #[arg(
        long,
        env = "ENLIST_DATABASE",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite:enlist.db"
    )]
    pub(crate) database: String,
}

/// Where links lead to.
#[derive(Debug, Clone, Args)]
pub(crate) struct LinkArgs {
    /// Where people reach the portal: the beginning of the link that is printed.
    #[arg(
        long,
        env = "ENLIST_PUBLIC_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8040"
    )]
    public_url: String,
}

impl LinkArgs {
    /// The whole link.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.trim_end_matches('/'))
    }
}

/// The path behind which the first operator is set up.
pub(crate) fn set_up_path(secret: &service::secret::Secret) -> String {
    format!("/set-up/{}", secret.reveal())
}

/// The path behind which a person sets a password.
pub(crate) fn password_path(secret: &service::secret::Secret) -> String {
    format!("/welcome/{}", secret.reveal())
}

/// Opens a database and applies the migrations that are missing.
pub(crate) async fn open(url: &str, clock: &dyn Clock) -> Result<Arc<dyn Storage>, Failure> {
    let storage = storage::open(url).await?;
    for migration in storage.migrate(clock.now()).await? {
        tracing::info!(
            number = migration.number,
            name = migration.name,
            "migration applied"
        );
    }
    Ok(storage)
}

/// A desk over the database, with the real clock and the limits' defaults.
pub(crate) async fn desk(database: &DatabaseArgs) -> Result<Arc<Desk>, Failure> {
    let storage = open(&database.database, &WallClock).await?;
    let key = server_key(&database.database)?;
    Ok(desk_over(storage, Limits::default(), key))
}

/// A desk over an open database, with the real clock.
pub(crate) fn desk_over(
    storage: Arc<dyn Storage>,
    limits: Limits,
    key: Option<ServerKey>,
) -> Arc<Desk> {
    let (clock, entropy) = (Arc::new(WallClock), Arc::new(SystemEntropy));
    match key {
        Some(key) => Desk::with_server_key(storage, clock, entropy, limits, key),
        None => Desk::new(storage, clock, entropy, limits),
    }
}

/// The key under which the private halves of signing keys are stored: that of
/// `ENLIST_SERVER_KEY`, or of the file beside a `SQLite` database, which is made once. `None` is a key
/// of this process alone: tokens hold even so, but each start makes a signing key of its own.
pub(crate) fn server_key(database: &str) -> Result<Option<ServerKey>, Failure> {
    let (text, from) = match (std::env::var(SERVER_KEY), database.strip_prefix("sqlite:")) {
        (Ok(text), _) => (text, SERVER_KEY.to_owned()),
        (Err(_), Some(path)) => {
            let path = format!("{}.key", path.strip_prefix("//").unwrap_or(path));
            (key_in_file(Path::new(&path))?, path)
        }
        (Err(_), None) => return Ok(None),
    };
    let key = ServerKey::parse(&text).ok_or_else(|| {
        Failure::new(
            format!("{from} holds no server key: 64 hex digits."),
            "Make one with: openssl rand -hex 32",
        )
    })?;
    Ok(Some(key))
}

fn key_in_file(path: &Path) -> Result<String, Failure> {
    if !path.exists() {
        make_key_file(path)?;
    }
    std::fs::read_to_string(path).map_err(|error| key_file_failure(path, &error))
}

/// Whole or not at all, and never in the place of one that is there: two commands may begin at once.
/// The file is readable for its owner alone.
fn make_key_file(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let made = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).and_then(|mut file| {
        writeln!(file, "{}", ServerKey::generate(&SystemEntropy).reveal())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
            _ => Ok(()),
        }
    });
    made.map_err(|error| key_file_failure(path, &error))
}

fn key_file_failure(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        format!(
            "The server's key in {} can't be used: {error}.",
            path.display()
        ),
        "Make the file readable and its folder writable, or give the key in ENLIST_SERVER_KEY.",
    )
}

/// Runs asynchronous work to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime?.block_on(work)
}
