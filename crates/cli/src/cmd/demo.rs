//! `enlist demo`: a registry with invented organizations, people and devices, to try things out.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use service::{Desk, Limits};
use tempfile::TempDir;

use crate::console::{block_on, open};
use crate::demo::{self, DemoClock, DemoFiles, Stage};
use crate::exit::{Exit, Failure};
use crate::log::{self, LogFormat};
use crate::server::{self, Door, Signals};
use crate::terminal::spinner;
use crate::wall::SystemEntropy;

/// Try everything out: a registry with invented organizations, people and devices.
///
/// It lives in a temporary folder and is gone when you press Ctrl-C, unless --database keeps it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist demo
  enlist demo --listen 127.0.0.1:0
  enlist demo --database sqlite:demo.db    (later: enlist serve --database sqlite:demo.db)")]
pub(crate) struct Demo {
    /// Keep the registry in this database, which must be empty.
    #[arg(long, value_name = "URL")]
    database: Option<String>,

    /// The address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8040", value_name = "HOST:PORT")]
    listen: String,

    /// Where to write the sample lists; a temporary folder unless given.
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,

    /// Everybody's password; a new one is made up unless given.
    #[arg(long)]
    password: Option<String>,
}

impl Demo {
    /// Sets the stage and serves until told to stop.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        // A demo's terminal is for its instructions.
        log::start(LogFormat::Text, "warn");
        block_on(self.serve())?;
        Ok(Exit::Good)
    }

    async fn serve(self) -> Result<(), Failure> {
        let listener = server::listen(&self.listen).await?;
        let mut signals = Signals::hear()?;
        let url = server::public_url(None, &listener, false)?;
        let temporary = tempfile::Builder::new().prefix("enlist-").tempdir()?;
        let clock = Arc::new(DemoClock::new());
        let desk = self.empty_desk(temporary.path(), &clock).await?;
        let folder = self
            .files
            .clone()
            .unwrap_or_else(|| temporary.path().join("enlist-demo"));
        let files = DemoFiles::write(&folder)?;
        let password = self
            .password
            .unwrap_or_else(|| demo::password(&SystemEntropy));
        let waiting = spinner("Setting the stage");
        let stage = tokio::select! {
            stage = Stage::set(&desk, &clock, &password) => stage?,
            () = signals.next() => return Ok(()),
        };
        waiting.finish_and_clear();
        let kept = self.database.as_deref();
        let mut out = io::stdout();
        let text = demo::programme(&stage, &files, &url, &password, kept);
        out.write_all(text.as_bytes()).and_then(|()| out.flush())?;
        let router = web::router(web::Portal {
            desk: Arc::clone(&desk),
            public_url: url,
            calls: web::CallAllowance::default(),
            partner_center: web::PartnerCenter::default(),
        });
        let served = server::run(Door::Plain(listener), signals, &desk, router, 1).await;
        remove(temporary);
        served
    }

    async fn empty_desk(
        &self,
        folder: &Path,
        clock: &Arc<DemoClock>,
    ) -> Result<Arc<Desk>, Failure> {
        let temporary = || format!("sqlite:{}", folder.join("demo.db").display());
        let url = self.database.clone().unwrap_or_else(temporary);
        let storage = open(&url, &**clock).await?;
        let clock = Arc::clone(clock);
        let desk = Desk::new(storage, clock, Arc::new(SystemEntropy), Limits::default());
        if desk.is_set_up().await? {
            return Err(Failure::new(
                "The database is not empty, and the demo would mix invented devices into it.",
                "Give the name of a new one, or look at this one with enlist serve --database.",
            ));
        }
        Ok(desk)
    }
}

/// Takes the folder away; what can't be removed is left to the system's own cleaning.
fn remove(temporary: TempDir) {
    let _ = temporary.close();
}
