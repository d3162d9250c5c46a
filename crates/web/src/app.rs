//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use registration::ids::OrganizationId;
use service::Desk;

use crate::limit::{AddressLimit, Limit};

/// Calls of the APIs that come at once.
const CALLS: u32 = 1000;
/// How long until one more may come.
const PAUSE: Duration = Duration::from_millis(50);

/// What the portal is given by the command line.
#[derive(Clone)]
pub struct Portal {
    /// The registration desk.
    pub desk: Arc<Desk>,
    /// Where people reach the portal, without a slash at the end: the beginning of every link
    /// that is handed out. `https://` makes cookies secure.
    pub public_url: String,
}

/// The state of every handler.
pub struct App {
    /// The registration desk.
    pub desk: Arc<Desk>,
    /// Where people reach the portal, without a slash at the end.
    pub public_url: String,
    /// Sign-ins by address: ten, then one every six seconds.
    pub sign_ins: AddressLimit,
    /// Asks by something that can be guessed, by address: ten, then one every six seconds.
    pub guessable_asks: AddressLimit,
    /// Wrong secrets of API clients, by address: twenty, then one every six seconds.
    pub wrong_secrets: AddressLimit,
    /// Calls of the APIs by organization: 1,000, then 20 a second.
    pub calls: Limit<OrganizationId>,
    /// Calls of the APIs by nobody, by address: 1,000, then 20 a second.
    pub strangers: AddressLimit,
}

impl App {
    /// The state for this portal.
    pub fn new(portal: Portal) -> Arc<Self> {
        Arc::new(Self {
            desk: portal.desk,
            public_url: portal.public_url.trim_end_matches('/').to_owned(),
            sign_ins: AddressLimit::new("sign-ins", 10, 6),
            guessable_asks: AddressLimit::new("guessable-asks", 10, 6),
            wrong_secrets: AddressLimit::new("wrong-secrets", 20, 6),
            calls: Limit::every("calls", CALLS, PAUSE),
            strangers: Limit::every("unknown-callers", CALLS, PAUSE),
        })
    }

    /// An absolute link.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Whether cookies travel over TLS alone.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
