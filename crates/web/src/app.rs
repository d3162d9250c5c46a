//! What handlers share.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use registration::ids::{OrganizationId, UserId};
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

/// More than clients of the Graph API count on (api.md 5.5).
impl Default for CallAllowance {
    fn default() -> Self {
        Self {
            burst: 2000,
            per_second: 100,
        }
    }
}

impl CallAllowance {
    fn limit<K: Hash + Eq + Clone>(self, name: &'static str) -> Limit<K> {
        let pause = Duration::from_secs(1) / self.per_second.max(1);
        Limit::every(name, self.burst, pause)
    }
}

/// Where the Partner Center API is known to differ from itself: what this server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartnerCenter {
    /// Who may create device batches.
    pub batches_by: BatchesBy,
    /// Whether answers begin with a byte-order mark, as those of the original were seen to.
    pub byte_order_mark: bool,
}

/// Who may create device batches through the Partner Center API. The original documents tokens in
/// a person's name alone (App+User), and documented both before (api.md 10, no. 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BatchesBy {
    /// Clients by themselves, and in a person's name.
    #[default]
    Anyone,
    /// Clients in a person's name alone.
    People,
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
    /// How the Partner Center API behaves where that is a choice.
    pub partner_center: PartnerCenter,
}

/// The state of every handler.
pub struct App {
    /// The registration desk.
    pub desk: Arc<Desk>,
    /// Where people reach the portal, without a slash at the end.
    pub public_url: String,
    /// How the Partner Center API behaves where that is a choice.
    pub partner_center: PartnerCenter,
    /// Sign-ins by address: ten, then one every six seconds.
    pub sign_ins: AddressLimit,
    /// Asks by something that can be guessed, by address: ten, then one every six seconds.
    pub guessable_asks: AddressLimit,
    /// Wrong secrets of API clients, by address: twenty, then one every six seconds.
    pub wrong_secrets: AddressLimit,
    /// Device codes that programs begin with, by address: thirty, then one every ten seconds.
    pub device_codes: AddressLimit,
    /// Device codes that people type in, by person: ten, then one every six seconds.
    pub typed_codes: Limit<UserId>,
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
            partner_center: portal.partner_center,
            sign_ins: AddressLimit::new("sign-ins", 10, 6),
            guessable_asks: AddressLimit::new("guessable-asks", 10, 6),
            wrong_secrets: AddressLimit::new("wrong-secrets", 20, 6),
            device_codes: AddressLimit::new("device-codes", 30, 10),
            typed_codes: Limit::new("typed-codes", 10, 6),
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
