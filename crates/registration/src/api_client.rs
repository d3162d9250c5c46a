//! API clients: programs that act for one organization. A client is an account like a person's
//! (`docs/adr/0013`): it has a role there, and beside it scopes, which say what its tokens are for.

mod terms;

use std::fmt;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::audit::AuditAction;
use crate::clock::Timestamp;
use crate::ids::{ClientId, CredentialId, OrganizationId, UserId};
use crate::organization::OrganizationKind;
use crate::user::Role;

pub use self::terms::{ClientTerms, TermChange};

/// Secrets, and also keys, that a client may have at once: one in use, one that follows it.
pub const CREDENTIALS_AT_ONCE: usize = 2;
/// Days that a secret holds unless somebody says otherwise.
pub const SECRET_DAYS: i64 = 180;
/// Days among which forms let people choose how long a secret or key holds.
pub const SECRET_DAYS_CHOICES: [i64; 5] = [30, 90, SECRET_DAYS, 365, SECRET_DAYS_AT_MOST];
/// Days that a secret holds at most.
pub const SECRET_DAYS_AT_MOST: i64 = 730;

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $title:literal;)+) => {
        /// What a client or a token may be used for. An operation asks for one of these, and the
        /// permission policy for the role beside it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ApiScope { $($(#[$doc])* $name,)+ }

        impl ApiScope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word in tokens, forms and the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What it allows, for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

scopes! {
    /// Devices, batches, uploads and their results.
    DevicesRead = "devices.read", "See devices, batches and results";
    /// Registering, changing group tags, releasing.
    DevicesRegister = "devices.register", "Register, change and release devices";
    /// Deployment profiles and what group tags name.
    ProfilesManage = "profiles.manage", "Change deployment profiles and their assignment";
    /// Reporting built devices into the directory.
    DirectoryReport = "directory.report", "Report devices into the device directory";
    /// Customers, relationships and invitations.
    CustomersRead = "customers.read", "See customers and relationships, and make invitations";
    /// The audit log.
    AuditRead = "audit.read", "Read the audit log";
    /// Withdrawing from relationships with customers.
    CustomersManage = "customers.manage", "Withdraw from relationships with customers";
}

impl ApiScope {
    /// The scope named `word`, as [`Self::as_str`] writes it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|scope| scope.as_str() == word)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ApiScopes(u16);

impl ApiScopes {
    /// All of them.
    pub fn all() -> Self {
        ApiScope::ALL.iter().copied().collect()
    }

    /// Whether `scope` is one of them.
    pub fn contains(self, scope: ApiScope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// Those that are in both.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in either.
    #[must_use]
    pub fn either(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One after the other, in the order of [`ApiScope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = ApiScope> {
        ApiScope::ALL
            .iter()
            .copied()
            .filter(move |scope| self.contains(*scope))
    }

    /// Reads words with blanks between them; words that are no scope of this version are left out.
    pub fn parse(words: &str) -> Self {
        words
            .split_whitespace()
            .filter_map(ApiScope::parse)
            .collect()
    }
}

fn bit(scope: ApiScope) -> u16 {
    1 << (scope as u16)
}

impl FromIterator<ApiScope> for ApiScopes {
    fn from_iter<I: IntoIterator<Item = ApiScope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |all, scope| all | bit(scope)))
    }
}

/// The words with blanks between them.
impl fmt::Display for ApiScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, scope) in self.iter().enumerate() {
            let blank = if n == 0 { "" } else { " " };
            write!(f, "{blank}{}", scope.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for ApiScopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(ApiScope::as_str))
    }
}

/// An API client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiClient {
    /// Its id: what programs call the client id. Its account has the same.
    pub id: ClientId,
    /// The organization it acts for.
    pub organization_id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// What it may do there, as a person with this role may.
    pub role: Role,
    /// What its tokens may be used for.
    pub scopes: ApiScopes,
    /// Where a browser may be sent with a code.
    pub redirects: Vec<String>,
    /// It can't keep a secret (it runs on people's machines) and acts in a person's name alone.
    pub public: bool,
    /// Who added it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Set when it was revoked, which is for good.
    pub revoked_at: Option<Timestamp>,
    /// When it last got a token.
    pub last_used_at: Option<Timestamp>,
}

impl ApiClient {
    /// Its account among the people.
    pub fn account_id(&self) -> UserId {
        UserId(self.id.0)
    }

    /// What of it can be changed.
    pub fn terms(&self) -> ClientTerms {
        ClientTerms {
            name: self.name.clone(),
            role: self.role,
            scopes: self.scopes,
            redirects: self.redirects.clone(),
        }
    }

    /// The same on other terms.
    #[must_use]
    pub fn on(self, terms: ClientTerms) -> Self {
        Self {
            name: terms.name,
            role: terms.role,
            scopes: terms.scopes,
            redirects: terms.redirects,
            ..self
        }
    }

    /// What stands in the audit log where a person's e-mail address would. Names may come twice.
    pub fn called(&self) -> String {
        format!("API client {} ({})", self.name, self.id)
    }
}

/// What a client proves itself with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    /// A secret, kept as its SHA-256.
    Secret,
    /// A public key; the client signs assertions with the private one.
    Key,
}

impl CredentialKind {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Key => "key",
        }
    }

    /// What the audit log says when one is added.
    pub fn added(self) -> AuditAction {
        match self {
            Self::Secret => AuditAction::ClientSecretMade,
            Self::Key => AuditAction::ClientKeyAdded,
        }
    }

    /// What the audit log says when one is removed.
    pub fn removed(self) -> AuditAction {
        match self {
            Self::Secret => AuditAction::ClientSecretRemoved,
            Self::Key => AuditAction::ClientKeyRemoved,
        }
    }

    /// The kind stored as `word`.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Secret, Self::Key]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// A secret or key of a client as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientCredential {
    /// Its id.
    pub id: CredentialId,
    /// Which of the two.
    pub kind: CredentialKind,
    /// What tells it from the other one: the beginning of the secret, the thumbprint of the key.
    pub hint: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
    /// When a token was last given for it.
    pub last_used_at: Option<Timestamp>,
}

/// Why a client's details were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClientError {
    /// A role of another kind of organization, or a higher one than of whoever adds the client.
    #[error("Choose a role of your organization, no higher than your own.")]
    Role,
    /// No scope at all.
    #[error("Choose at least one thing that the client may be used for.")]
    Scopes,
    /// Less than a day or more than two years.
    #[error("A secret or key holds for 1 to {SECRET_DAYS_AT_MOST} days.")]
    Days,
    /// A key of the wrong sort.
    #[error(
        "Paste a certificate or public key in PEM form: RSA of 2,048 to 8,192 bits, or EC P-256."
    )]
    Key,
    /// A private key, which is nobody else's business.
    #[error(
        "This is the private key, which never leaves your program: make another one, and paste its certificate or public key."
    )]
    PrivateKey,
    /// A public client has neither.
    #[error("This client can't keep a secret, so it has none and no key either.")]
    Public,
}

/// Whether somebody with role `own` may add a client with `role`.
pub fn check_role(kind: OrganizationKind, own: Role, role: Role) -> Result<(), ClientError> {
    let place = |role: Role| Role::of_kind(kind).iter().position(|known| *known == role);
    match (place(own), place(role)) {
        (Some(own), Some(asked)) if asked >= own => Ok(()),
        _ => Err(ClientError::Role),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_a_set_of_words() {
        let set = ApiScopes::parse("devices.register  audit.read devices.fly");
        assert_eq!(set.to_string(), "devices.register audit.read");
        assert!(set.contains(ApiScope::AuditRead) && !set.contains(ApiScope::DevicesRead));
        assert_eq!(
            ApiScopes::parse(&ApiScopes::all().to_string()),
            ApiScopes::all()
        );
        assert_eq!(
            set.both(ApiScopes::parse("audit.read")).to_string(),
            "audit.read"
        );
        assert!(ApiScopes::default().is_empty());
    }

    #[test]
    fn a_client_gets_no_higher_role_than_whoever_adds_it() {
        use OrganizationKind::{Customer, Partner};
        assert!(check_role(Partner, Role::AdminAgent, Role::SalesAgent).is_ok());
        assert!(check_role(Partner, Role::SalesAgent, Role::AdminAgent).is_err());
        assert!(check_role(Customer, Role::GlobalAdministrator, Role::AdminAgent).is_err());
    }
}
