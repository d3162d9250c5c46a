//! The desk as the commands at the server's console use it: opened over a database, migrated.

use std::future::Future;
use std::sync::Arc;

use clap::Args;
use registration::clock::Clock;
use service::{Desk, Limits};
use storage::Storage;

use crate::exit::Failure;
use crate::wall::{SystemEntropy, WallClock};

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
    let clock = Arc::new(WallClock);
    Ok(Desk::new(
        storage,
        clock,
        Arc::new(SystemEntropy),
        Limits::default(),
    ))
}

/// Runs asynchronous work to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime?.block_on(work)
}
