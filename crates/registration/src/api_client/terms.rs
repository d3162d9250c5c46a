//! What of a client can be changed once it is there, and in what two sets of terms differ.

use std::fmt;

use super::ApiScopes;
use crate::user::Role;

/// What of a client can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientTerms {
    /// What people call it.
    pub name: String,
    /// What it may do, as a person with this role may.
    pub role: Role,
    /// What its tokens may be used for.
    pub scopes: ApiScopes,
    /// Where a browser may be sent with a code.
    pub redirects: Vec<String>,
}

/// One thing that another set of terms changes. Shown as the audit log says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermChange {
    /// It is called otherwise.
    Name {
        /// What it was called.
        from: String,
        /// What it is called now.
        to: String,
    },
    /// It has another role.
    Role {
        /// The role it had.
        from: Role,
        /// The role it has now.
        to: Role,
    },
    /// It may be used for more.
    ScopesAdded(ApiScopes),
    /// It may be used for less: tokens already given too.
    ScopesRemoved(ApiScopes),
    /// A browser may be sent there as well.
    RedirectAdded(String),
    /// A browser is not sent there any more.
    RedirectRemoved(String),
}

impl ClientTerms {
    /// What `next` changes; nothing if it is the same but for the order of the addresses.
    pub fn changes(&self, next: &Self) -> Vec<TermChange> {
        let mut changes = Vec::new();
        if self.name != next.name {
            changes.push(TermChange::Name {
                from: self.name.clone(),
                to: next.name.clone(),
            });
        }
        if self.role != next.role {
            changes.push(TermChange::Role {
                from: self.role,
                to: next.role,
            });
        }
        let (added, removed) = (
            next.scopes.without(self.scopes),
            self.scopes.without(next.scopes),
        );
        if !added.is_empty() {
            changes.push(TermChange::ScopesAdded(added));
        }
        if !removed.is_empty() {
            changes.push(TermChange::ScopesRemoved(removed));
        }
        let only_in = |one: &Self, other: &Self| {
            let mut only = one.redirects.clone();
            only.retain(|address| !other.redirects.contains(address));
            only
        };
        let added = only_in(next, self).into_iter();
        changes.extend(added.map(TermChange::RedirectAdded));
        let removed = only_in(self, next).into_iter();
        changes.extend(removed.map(TermChange::RedirectRemoved));
        changes
    }
}

impl fmt::Display for TermChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { from, to } => write!(f, "called {to}, before: {from}"),
            Self::Role { from, to } => write!(f, "{}, before: {}", to.title(), from.title()),
            Self::ScopesAdded(scopes) => write!(f, "added {scopes}"),
            Self::ScopesRemoved(scopes) => write!(f, "removed {scopes}"),
            Self::RedirectAdded(address) => write!(f, "added {address}"),
            Self::RedirectRemoved(address) => write!(f, "removed {address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(name: &str, role: Role, scopes: &str, redirects: &[&str]) -> ClientTerms {
        ClientTerms {
            name: name.to_owned(),
            role,
            scopes: ApiScopes::parse(scopes),
            redirects: redirects.iter().map(|&one| one.to_owned()).collect(),
        }
    }

    #[test]
    fn every_change_is_said() {
        let before = terms(
            "Stock",
            Role::SalesAgent,
            "devices.read audit.read",
            &["https://a.example/", "https://b.example/"],
        );
        let after = terms(
            "Stock 2",
            Role::AdminAgent,
            "devices.read devices.register",
            &["https://c.example/", "https://a.example/"],
        );
        let said: Vec<_> = before
            .changes(&after)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            said,
            [
                "called Stock 2, before: Stock",
                "Admin agent, before: Sales agent",
                "added devices.register",
                "removed audit.read",
                "added https://c.example/",
                "removed https://b.example/",
            ]
        );
    }

    fn any_terms() -> impl Strategy<Value = ClientTerms> {
        let roles = prop_oneof![Just(Role::SalesAgent), Just(Role::AdminAgent)];
        let scopes = prop::sample::subsequence(super::super::ApiScope::ALL.to_vec(), 0..=7);
        let redirects = prop::sample::subsequence(vec!["https://a/", "https://b/"], 0..=2);
        ("[ab]", roles, scopes, redirects).prop_map(|(name, role, scopes, redirects)| ClientTerms {
            name,
            role,
            scopes: scopes.into_iter().collect(),
            redirects: redirects.into_iter().map(str::to_owned).collect(),
        })
    }

    proptest! {
        #[test]
        fn nothing_is_said_if_and_only_if_nothing_changes(one in any_terms(), other in any_terms()) {
            prop_assert_eq!(one.changes(&other).is_empty(), one == other);
        }
    }
}
