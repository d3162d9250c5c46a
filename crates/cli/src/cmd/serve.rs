//! `enlist serve`: the registry itself.

use std::io::{self, Write};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use service::{Desk, Limits};
use web::forwarded::{self, ForwardedHeader};
use web::{BatchesBy, CallAllowance, PartnerCenter};

use crate::console::{DatabaseArgs, block_on, desk_over, open, server_key, set_up_path};
use crate::exit::{Exit, Failure};
use crate::log::{self, LogFormat};
use crate::server::{self, Door, Signals};
use crate::tls::TlsArgs;
use crate::wall::WallClock;

/// Serve the portal and the device endpoint.
///
/// Brings the database up to date first. On an empty database a one-time link is printed with
/// which the first operator sets the service up. Ctrl-C or SIGTERM ends it; uploads under way
/// go on at the next start.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  enlist serve
  enlist serve --database sqlite:/var/lib/enlist/enlist.db --public-url https://enlist.contoso.example
  enlist serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem --public-url https://enlist.contoso.example:8443
  enlist serve --public-url https://enlist.contoso.example --trust-forwarded    (behind a proxy that encrypts)
  ENLIST_DATABASE=postgres://enlist@db.contoso.example/enlist enlist serve --listen 0.0.0.0:8040 --log json

The log goes to standard error; RUST_LOG narrows or widens it (RUST_LOG=warn).")]
pub(crate) struct Serve {
    #[command(flatten)]
    database: DatabaseArgs,

    /// The address to listen on; port 0 takes a free one.
    #[arg(
        long,
        env = "ENLIST_LISTEN",
        default_value = "127.0.0.1:8040",
        value_name = "HOST:PORT"
    )]
    listen: String,

    /// Where people reach the portal: the beginning of every link. http://HOST:PORT unless
    /// given, https:// with a certificate.
    #[arg(long, env = "ENLIST_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,

    #[command(flatten)]
    tls: TlsArgs,

    /// Believe the proxy in front where a request comes from: in X-Forwarded-For, or in the header
    /// named. Give it only if every request comes through a proxy that sets that header.
    #[arg(
        long,
        env = "ENLIST_TRUST_FORWARDED",
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "x-forwarded-for",
        value_name = "HEADER"
    )]
    trust_forwarded: Option<Believed>,

    #[command(flatten)]
    limits: LimitArgs,

    #[command(flatten)]
    partner_center: PartnerCenterArgs,

    /// How the log is written.
    #[arg(
        long,
        env = "ENLIST_LOG",
        value_enum,
        default_value = "text",
        value_name = "FORMAT"
    )]
    log: LogFormat,
}

/// The header in which a proxy says where a request comes from.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Believed {
    /// The last address of X-Forwarded-For.
    XForwardedFor,
    /// The last `for` of Forwarded (RFC 7239).
    Forwarded,
}

impl From<Believed> for ForwardedHeader {
    fn from(believed: Believed) -> Self {
        match believed {
            Believed::XForwardedFor => Self::XForwardedFor,
            Believed::Forwarded => Self::Forwarded,
        }
    }
}

/// The published limits.
#[derive(Debug, Clone, Args)]
struct LimitArgs {
    /// The most devices that one upload in the portal may have.
    #[arg(long, env = "ENLIST_UPLOAD_ROWS", default_value_t = Limits::default().upload_rows,
        value_parser = clap::value_parser!(u64).range(1..), value_name = "ROWS")]
    upload_rows: u64,

    /// The most bytes that one upload in the portal may have.
    #[arg(long, env = "ENLIST_UPLOAD_BYTES", default_value_t = Limits::default().upload_bytes,
        value_parser = clap::value_parser!(u64).range(1..), value_name = "BYTES")]
    upload_bytes: u64,

    /// The calls of the APIs that an organization may send at once.
    #[arg(long, env = "ENLIST_CALLS", default_value_t = CallAllowance::default().burst,
        value_parser = clap::value_parser!(u32).range(1..), value_name = "CALLS")]
    calls: u32,

    /// The calls that it may send each second afterwards.
    #[arg(long, env = "ENLIST_CALLS_PER_SECOND", default_value_t = CallAllowance::default().per_second,
        value_parser = clap::value_parser!(u32).range(1..), value_name = "CALLS")]
    calls_per_second: u32,

    /// Rows applied in one transaction.
    #[arg(long, env = "ENLIST_CHUNK_ROWS", hide = true,
        default_value_t = Limits::default().chunk_rows)]
    chunk_rows: usize,
}

impl LimitArgs {
    fn limits(&self) -> Limits {
        Limits {
            upload_rows: self.upload_rows,
            upload_bytes: self.upload_bytes,
            chunk_rows: self.chunk_rows.max(1),
            ..Limits::default()
        }
    }

    fn calls(&self) -> CallAllowance {
        CallAllowance {
            burst: self.calls,
            per_second: self.calls_per_second,
        }
    }
}

/// How the Partner Center API behaves where the original is known to differ from itself.
#[derive(Debug, Clone, Copy, Args)]
struct PartnerCenterArgs {
    /// Who may create device batches through the Partner Center API: clients by themselves too
    /// (anyone), or in a person's name alone (people), as the original documents it today.
    #[arg(
        long,
        env = "ENLIST_PARTNER_CENTER_BATCHES_BY",
        value_enum,
        default_value = "anyone",
        value_name = "WHO"
    )]
    partner_center_batches_by: By,

    /// Begin answers of the Partner Center API with a UTF-8 byte-order mark, as those of the
    /// original were seen to: to try clients against it.
    #[arg(long, env = "ENLIST_PARTNER_CENTER_BOM",
        value_parser = clap::builder::FalseyValueParser::new())]
    partner_center_bom: bool,
}

/// Who may create device batches.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    /// Clients by themselves, and in a person's name.
    Anyone,
    /// Clients in a person's name alone.
    People,
}

impl From<PartnerCenterArgs> for PartnerCenter {
    fn from(args: PartnerCenterArgs) -> Self {
        Self {
            batches_by: match args.partner_center_batches_by {
                By::Anyone => BatchesBy::Anyone,
                By::People => BatchesBy::People,
            },
            byte_order_mark: args.partner_center_bom,
        }
    }
}

impl Serve {
    /// Serves until told to stop.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        log::start(self.log, "info");
        block_on(self.serve())?;
        Ok(Exit::Good)
    }

    async fn serve(self) -> Result<(), Failure> {
        let certificate = self.tls.certificate()?;
        let listener = server::listen(&self.listen).await?;
        let signals = Signals::hear()?;
        let encrypted = certificate.is_some();
        let public_url = server::public_url(self.public_url.as_deref(), &listener, encrypted)?;
        let storage = open(&self.database.database, &WallClock).await?;
        // SQLite has one writer; PostgreSQL gains from a second upload at the same time.
        let runners = if storage.backend() == "sqlite" { 1 } else { 2 };
        let key = server_key(&self.database.database)?;
        let desk = desk_over(storage, self.limits.limits(), key);
        say_where(&desk, &public_url, &listener.local_addr()?.to_string()).await?;
        let mut router = web::router(web::Portal {
            desk: Arc::clone(&desk),
            public_url,
            calls: self.limits.calls(),
            partner_center: self.partner_center.into(),
        });
        if let Some(believed) = self.trust_forwarded {
            router = forwarded::trusting(router, believed.into());
        }
        let door = Door::open(listener, certificate)?;
        server::run(door, signals, &desk, router, runners).await
    }
}

/// Says where the portal is and, on an empty database, how to set it up. The link is a secret: it
/// is printed for whoever started the server and never goes to the log.
async fn say_where(desk: &Desk, public_url: &str, address: &str) -> Result<(), Failure> {
    tracing::info!(address, public_url, "listening");
    let mut text = format!("enlist is at {public_url}\n");
    if !desk.is_set_up().await? {
        let link = set_up_path(&desk.offer_set_up().await?);
        text.push_str("Nobody has set it up yet. Open this link, which works once, to make the ");
        text.push_str("first operator:\n");
        text.push_str(public_url);
        text.push_str(&link);
        text.push('\n');
    }
    let mut out = io::stdout();
    Ok(out.write_all(text.as_bytes()).and_then(|()| out.flush())?)
}
