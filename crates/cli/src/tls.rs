//! TLS served by enlist itself. The certificate is read again when its files change, or at SIGHUP:
//! what renews it need not stop the server.

mod listener;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use clap::Args;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::exit::Failure;

pub(crate) use listener::{Peer, TlsListener, with_peer};

/// How often the files are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// The certificate's files.
#[derive(Debug, Clone, Args)]
pub(crate) struct TlsArgs {
    /// Serve https with this certificate: a PEM file, the server's own first, then those above it.
    ///
    /// The files are read again when they change, and at SIGHUP.
    #[arg(
        long,
        env = "ENLIST_TLS_CERT",
        requires = "tls_key",
        value_name = "FILE"
    )]
    tls_cert: Option<PathBuf>,

    /// The private key of the certificate: a PEM file that nobody else may read.
    #[arg(
        long,
        env = "ENLIST_TLS_KEY",
        requires = "tls_cert",
        value_name = "FILE"
    )]
    tls_key: Option<PathBuf>,
}

impl TlsArgs {
    /// Reads the certificate, if one was given.
    pub(crate) fn certificate(&self) -> Result<Option<Arc<Certificate>>, Failure> {
        let (Some(chain), Some(key)) = (&self.tls_cert, &self.tls_key) else {
            return Ok(None);
        };
        let files = Files {
            chain: chain.clone(),
            key: key.clone(),
        };
        Certificate::read(files).map(Some)
    }
}

#[derive(Debug)]
struct Files {
    chain: PathBuf,
    key: PathBuf,
}

/// Both files as they were read.
#[derive(PartialEq, Eq)]
struct Texts {
    chain: Vec<u8>,
    key: Vec<u8>,
}

impl Files {
    fn texts(&self) -> Result<Texts, Failure> {
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| {
                Failure::new(
                    format!("{} can't be read: {error}.", path.display()),
                    "Give --tls-cert and --tls-key as PEM files that this user may read.",
                )
            })
        };
        Ok(Texts {
            chain: read(&self.chain)?,
            key: read(&self.key)?,
        })
    }

    fn unusable(&self, why: &dyn std::fmt::Display) -> Failure {
        Failure::new(
            format!(
                "The certificate in {} with the key in {} can't be used: {why}.",
                self.chain.display(),
                self.key.display()
            ),
            "Both are PEM files; the key is that of the first certificate in its file.",
        )
    }

    fn certified(&self, texts: &Texts) -> Result<CertifiedKey, Failure> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&texts.chain)
            .collect::<Result<_, _>>()
            .map_err(|error| self.unusable(&error))?;
        if chain.is_empty() {
            return Err(self.unusable(&"there is no certificate in it"));
        }
        let key = PrivateKeyDer::from_pem_slice(&texts.key).map_err(|why| self.unusable(&why))?;
        CertifiedKey::from_der(chain, key, &provider()).map_err(|why| self.unusable(&why))
    }
}

/// The certificate in use.
pub(crate) struct Certificate {
    files: Files,
    current: RwLock<(Texts, Arc<CertifiedKey>)>,
}

impl Certificate {
    fn read(files: Files) -> Result<Arc<Self>, Failure> {
        let texts = files.texts()?;
        let certified = Arc::new(files.certified(&texts)?);
        Ok(Arc::new(Self {
            files,
            current: RwLock::new((texts, certified)),
        }))
    }

    /// What a listener serves with.
    pub(crate) fn server_config(self: &Arc<Self>) -> Result<Arc<ServerConfig>, Failure> {
        let builder = ServerConfig::builder_with_provider(Arc::new(provider()));
        let versions = builder
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let mut config = versions
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Reads the files again whenever they may have changed. New connections get what they hold;
    /// files that can't be used change nothing.
    pub(crate) async fn keep_fresh(self: Arc<Self>) {
        let mut hangups = Hangups::hear();
        loop {
            tokio::select! {
                () = hangups.next() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
            match self.read_again() {
                Ok(false) => {}
                Ok(true) => tracing::info!("another TLS certificate is in use"),
                Err(failure) => {
                    tracing::warn!(%failure, "the TLS certificate before stays in use");
                }
            }
        }
    }

    /// Whether there is another certificate now.
    fn read_again(&self) -> Result<bool, Failure> {
        let texts = self.files.texts()?;
        let same = {
            let current = self.current.read();
            current.unwrap_or_else(PoisonError::into_inner).0 == texts
        };
        if same {
            return Ok(false);
        }
        let certified = Arc::new(self.files.certified(&texts)?);
        let current = self.current.write();
        *current.unwrap_or_else(PoisonError::into_inner) = (texts, certified);
        Ok(true)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read();
        let current = current.unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.1))
    }
}

/// Says nothing about the key.
impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// SIGHUP, where there is one.
struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    #[cfg(unix)]
    fn hear() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            signal: signal(SignalKind::hangup()).ok(),
        }
    }

    #[cfg(not(unix))]
    fn hear() -> Self {
        Self {}
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal {
            signal.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    }
}
