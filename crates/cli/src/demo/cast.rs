//! The cast: invented organizations and people.

use registration::organization::OrganizationKind;
use registration::user::Role;

/// An organization with its people, the first of whom is its administrator.
pub(super) struct Member {
    pub(super) kind: OrganizationKind,
    pub(super) name: &'static str,
    pub(super) domain: &'static str,
    pub(super) first: &'static str,
    pub(super) second: Option<(&'static str, Role)>,
}

impl Member {
    /// `olga@wingtip.example` of "Olga Novak".
    pub(super) fn email(&self, person: &str) -> String {
        let first = person.split(' ').next().unwrap_or(person);
        format!("{}@{}", first.to_lowercase(), self.domain)
    }
}

pub(super) const OPERATOR: Member = Member {
    kind: OrganizationKind::Operator,
    name: "Wingtip Registry",
    domain: "wingtip.example",
    first: "Olga Novak",
    second: None,
};

/// A partner with a good story.
pub(super) const WIDE_WORLD: Member = Member {
    kind: OrganizationKind::Partner,
    name: "Wide World Importers",
    domain: "wideworld.example",
    first: "Pat Lindqvist",
    second: Some(("Sam Ortega", Role::SalesAgent)),
};

/// A partner that met some trouble.
pub(super) const FABRIKAM: Member = Member {
    kind: OrganizationKind::Partner,
    name: "Fabrikam Resale",
    domain: "fabrikam.example",
    first: "Priya Raman",
    second: Some(("Sean Okafor", Role::SalesAgent)),
};

/// The OEM; the sample devices named "Contoso" are its own.
pub(super) const CONTOSO: Member = Member {
    kind: OrganizationKind::Oem,
    name: "Contoso Computers",
    domain: "contoso.example",
    first: "Mei Tan",
    second: Some(("Marco Bauer", Role::SalesAgent)),
};

/// A customer with many devices.
pub(super) const ADVENTURE: Member = Member {
    kind: OrganizationKind::Customer,
    name: "Adventure Works",
    domain: "adventure-works.example",
    first: "Grace Holm",
    second: Some(("Ravi Joshi", Role::Reader)),
};

/// A customer that was invited and has not answered one of its partners.
pub(super) const TAILSPIN: Member = Member {
    kind: OrganizationKind::Customer,
    name: "Tailspin Toys",
    domain: "tailspin.example",
    first: "Gus Meyer",
    second: Some(("Rita Silva", Role::Reader)),
};

/// A customer that revoked a consent and registers some devices by itself.
pub(super) const NORTHWIND: Member = Member {
    kind: OrganizationKind::Customer,
    name: "Northwind Traders",
    domain: "northwind.example",
    first: "Gina Rossi",
    second: Some(("Rolf Berg", Role::Reader)),
};

/// Someone who can sign in.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    /// E-mail address.
    pub(crate) email: String,
    /// `Admin agent`.
    pub(crate) role: &'static str,
    /// `Wide World Importers`.
    pub(crate) organization: &'static str,
    /// `Partner`.
    pub(crate) kind: &'static str,
}
