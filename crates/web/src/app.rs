//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use registration::ids::OrganizationId;
use service::Desk;

use crate::limit::{AddressLimit, Limit};

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
    /// Calls of the Partner Center API by organization: 1,000, then 20 a second.
    pub partner_calls: Limit<OrganizationId>,
    /// Calls of the Graph API by organization: 2,000, then 100 a second.
    pub graph_calls: Limit<OrganizationId>,
}

impl App {
    /// The state for this portal.
    pub fn new(portal: Portal) -> Arc<Self> {
        Arc::new(Self {
            desk: portal.desk,
            public_url: portal.public_url.trim_end_matches('/').to_owned(),
            sign_ins: AddressLimit::new(10, 6),
            guessable_asks: AddressLimit::new(10, 6),
            wrong_secrets: AddressLimit::new(20, 6),
            partner_calls: Limit::every(1000, Duration::from_millis(50)),
            graph_calls: Limit::every(2000, Duration::from_millis(10)),
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
