//! People, their one-time links and their sessions.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::UserId;
use registration::organization::Organization;
use registration::user::User;

use crate::Result;
use crate::organizations::{NewLink, NewUser};

/// A person with its organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user: User,
    /// Its organization.
    pub organization: Organization,
}

/// What signing in needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Who.
    pub member: Member,
    /// The argon2id hash in PHC form, if a password was set.
    pub password_hash: Option<String>,
}

/// People. The methods without a scope serve signing in, where nobody is known yet.
#[async_trait]
pub trait People: Send + Sync {
    /// The account with this folded e-mail address, disabled ones included.
    async fn credential(&self, email: &str) -> Result<Option<Credential>>;

    /// Who has the session with this digest at `now`; nobody if it expired or the account is shut.
    async fn session(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Member>>;

    /// Opens a session for the actor. Audit: `SignedIn`.
    async fn open_session(&self, act: &Act, digest: [u8; 32], expires_at: Timestamp) -> Result<()>;

    /// Closes a session, and ends the sign-ins of its person through API clients that were not to
    /// go on while it is away. Audit: `SignedOut`. Closing one that is gone changes nothing.
    async fn close_session(&self, act: &Act, digest: [u8; 32]) -> Result<()>;

    /// Whose one-time link this is, if it still holds at `now`.
    async fn link_owner(&self, digest: [u8; 32], now: Timestamp) -> Result<Option<Member>>;

    /// Spends a person's one-time link: sets the password and closes all its sessions.
    /// Audit: `UserPasswordSet`. `Refused::LinkSpent`.
    async fn set_password(
        &self,
        act: &Act,
        link_digest: [u8; 32],
        password_hash: String,
    ) -> Result<()>;

    /// The people of the scope's organization, oldest first.
    async fn people(&self, scope: &Scope) -> Result<Vec<User>>;

    /// Adds a colleague to the scope's organization, with a one-time link. Audit: `UserAdded`.
    async fn add_person(
        &self,
        scope: &Scope,
        act: &Act,
        person: NewUser,
        link: NewLink,
    ) -> Result<()>;

    /// Makes a new one-time link for a person of the scope's organization, or, for an operator,
    /// for a person of any organization; earlier links of that person are spent. Audit:
    /// `UserLinkMade`, concerning that person's organization.
    async fn make_link(
        &self,
        scope: &Scope,
        act: &Act,
        person: UserId,
        link: NewLink,
    ) -> Result<()>;

    /// The same for the one who sits at the server's own console.
    async fn make_link_at_console(&self, act: &Act, person: UserId, link: NewLink) -> Result<()>;

    /// Shuts or opens an account of the scope's organization; shutting closes its sessions and
    /// spends its links. Audit: `UserDisabled` or `UserEnabled`. `Refused::OwnAccount`.
    async fn set_disabled(
        &self,
        scope: &Scope,
        act: &Act,
        person: UserId,
        disabled: bool,
    ) -> Result<()>;
}
