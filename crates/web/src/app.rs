//! What handlers share.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use registration::ids::OrganizationId;
use service::Desk;

use crate::limit::{AddressLimit, Limit};

/// How many calls of the APIs an organization may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallAllowance {
    /// At once.
    pub burst: u32,
    /// Then so many a second.
    pub per_second: u32,
}

impl Default for CallAllowance {
    fn default() -> Self {
        Self {
            burst: 1000,
            per_second: 20,
        }
    }
}

impl CallAllowance {
    fn limit<K: Hash + Eq + Clone>(self, name: &'static str) -> Limit<K> {
        let pause = Duration::from_secs(1) / self.per_second.max(1);
        Limit::every(name, self.burst, pause)
    }
}

/// What the portal is given by the command line.
#[derive(Clone)]
pub struct Portal {
    /// The registration desk.
    pub desk: Arc<Desk>,
    /// Where people reach the portal, without a slash at the end: the beginning of every link
    /// that is handed out. `https://` makes cookies secure.
    pub public_url: String,
    /// How many calls of the APIs an organization may send, and an address without a token.
    pub calls: CallAllowance,
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
    /// Calls of the APIs by organization.
    pub calls: Limit<OrganizationId>,
    /// Calls of the APIs by nobody, by address.
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
            calls: portal.calls.limit("calls"),
            strangers: portal.calls.limit("unknown-callers"),
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
