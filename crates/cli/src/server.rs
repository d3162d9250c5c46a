//! Serving: the listener, the job runners and an end that loses nothing.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use service::Desk;
use service::jobs::JobRunner;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::exit::Failure;
use crate::tls::{self, Certificate, TlsListener};

/// How long open connections and the chunk in hand may take to end.
const GRACE: Duration = Duration::from_secs(10);

/// Listens on `address`, `HOST:PORT`; port 0 takes a free one.
pub(crate) async fn listen(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => Failure::new(
                format!("{address} is taken by another program, perhaps by another enlist."),
                "End that one, or choose another port: --listen 127.0.0.1:0 takes a free one.",
            ),
            io::ErrorKind::PermissionDenied => Failure::new(
                format!("{address} may not be listened on: ports below 1024 need a privilege."),
                "Choose a higher port: --listen 127.0.0.1:8040.",
            ),
            _ => Failure::new(
                format!("{address} can't be listened on: {error}."),
                "Give --listen HOST:PORT with an address of this machine.",
            ),
        })
}

/// Where requests come in.
pub(crate) enum Door {
    /// As they are: on this machine, or behind a proxy.
    Plain(TcpListener),
    /// Encrypted.
    Tls(TlsListener),
}

impl Door {
    /// Plain, or encrypted with this certificate from now on.
    pub(crate) fn open(
        listener: TcpListener,
        certificate: Option<Arc<Certificate>>,
    ) -> Result<Self, Failure> {
        let Some(certificate) = certificate else {
            return Ok(Self::Plain(listener));
        };
        let config = certificate.server_config()?;
        tokio::spawn(certificate.keep_fresh());
        Ok(Self::Tls(TlsListener::new(listener, config)))
    }

    async fn serve(self, router: Router, stopping: watch::Receiver<bool>) -> io::Result<()> {
        let stopped = until(stopping);
        match self {
            Self::Plain(listener) => {
                let service = router.into_make_service_with_connect_info::<SocketAddr>();
                let serving = axum::serve(listener, service);
                serving.with_graceful_shutdown(stopped).await
            }
            Self::Tls(listener) => {
                let router = tls::with_peer(router);
                let service = router.into_make_service_with_connect_info::<tls::Peer>();
                let serving = axum::serve(listener, service);
                serving.with_graceful_shutdown(stopped).await
            }
        }
    }
}

/// Where people reach a listener: what was given, or the address itself.
pub(crate) fn public_url(
    given: Option<&str>,
    listener: &TcpListener,
    encrypted: bool,
) -> io::Result<String> {
    if let Some(url) = given {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let scheme = if encrypted { "https" } else { "http" };
    Ok(format!("{scheme}://{address}"))
}

/// Serves until Ctrl-C or SIGTERM, with this many job runners beside. Then no new request is
/// taken, those under way are answered, and uploads stop behind the chunk in hand: they go on at
/// the next start. A second signal ends at once.
pub(crate) async fn run(
    door: Door,
    mut signals: Signals,
    desk: &Arc<Desk>,
    router: Router,
    runners: usize,
) -> Result<(), Failure> {
    let (stop, stopping) = watch::channel(false);
    let mut working = tokio::task::JoinSet::new();
    for _ in 0..runners {
        working.spawn(JobRunner::new(Arc::clone(desk), stopping.clone()).run());
    }
    let mut serving = std::pin::pin!(door.serve(router, stopping));
    tokio::select! {
        ended = &mut serving => return Ok(ended?),
        () = signals.next() => {}
    }
    tracing::info!("stopping");
    stop.send_replace(true);
    tokio::select! {
        ended = serving => ended?,
        () = sleep(GRACE) => tracing::warn!("connections were still open"),
        () = signals.next() => return Ok(()),
    }
    if timeout(GRACE, working.join_all()).await.is_err() {
        tracing::warn!("work was still under way; it goes on at the next start");
    }
    Ok(())
}

async fn until(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Ctrl-C and SIGTERM, heard from the moment this is made: before anything is said, so that
/// whoever reads what is said can end the program the orderly way.
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupted: tokio::signal::windows::CtrlC,
}

impl Signals {
    /// Begins to hear them.
    #[cfg(unix)]
    pub(crate) fn hear() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupted: signal(SignalKind::interrupt())?,
            terminated: signal(SignalKind::terminate())?,
        })
    }

    /// Begins to hear it.
    #[cfg(windows)]
    pub(crate) fn hear() -> io::Result<Self> {
        Ok(Self {
            interrupted: tokio::signal::windows::ctrl_c()?,
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
        #[cfg(windows)]
        let _ = self.interrupted.recv().await;
    }
}
