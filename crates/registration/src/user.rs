//! People who sign in, and their roles (registration.md, section 1).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{OrganizationId, UserId};
use crate::organization::OrganizationKind;

/// What a person may do within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Operator: everything that runs the service.
    Administrator,
    /// Partner or OEM: everything its organization may do.
    AdminAgent,
    /// Partner or OEM: invites customers and adds devices.
    SalesAgent,
    /// Customer: consents, revokes, registers and releases devices.
    GlobalAdministrator,
    /// Customer: reads.
    Reader,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Administrator,
        Self::AdminAgent,
        Self::SalesAgent,
        Self::GlobalAdministrator,
        Self::Reader,
    ];

    /// The word stored in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::AdminAgent => "admin_agent",
            Self::SalesAgent => "sales_agent",
            Self::GlobalAdministrator => "global_administrator",
            Self::Reader => "reader",
        }
    }

    /// The word shown to people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::AdminAgent => "Admin agent",
            Self::SalesAgent => "Sales agent",
            Self::GlobalAdministrator => "Global administrator",
            Self::Reader => "Reader",
        }
    }

    /// The role named `word`, as [`Self::as_str`] writes it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The roles that people of an organization of this kind may have, the highest first.
    pub fn of_kind(kind: OrganizationKind) -> &'static [Self] {
        match kind {
            OrganizationKind::Operator => &[Self::Administrator],
            OrganizationKind::Partner | OrganizationKind::Oem => {
                &[Self::AdminAgent, Self::SalesAgent]
            }
            OrganizationKind::Customer => &[Self::GlobalAdministrator, Self::Reader],
        }
    }

    /// The role of an organization's first administrator.
    pub fn first_of(kind: OrganizationKind) -> Self {
        Self::of_kind(kind)[0]
    }

    /// Whether the role manages the people of its organization.
    pub fn is_administrator(self) -> bool {
        matches!(
            self,
            Self::Administrator | Self::AdminAgent | Self::GlobalAdministrator
        )
    }
}

/// A person of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Signs in with this, lower case, unique.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether a password was ever set: before that the one-time link is the only way in.
    pub has_password: bool,
    /// Set when an administrator shut the account.
    pub disabled_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Why a person's details were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UserError {
    /// Not an e-mail address.
    #[error("The e-mail address must look like name@contoso.example.")]
    Email,
    /// Too short or too long.
    #[error("The password must have 12 to 200 characters.")]
    Password,
}

/// Trims, lower-cases and checks an e-mail address: one `@`, something before it, a domain after.
pub fn parse_email(text: &str) -> Result<String, UserError> {
    let email = text.trim().to_lowercase();
    let (local, domain) = email.split_once('@').ok_or(UserError::Email)?;
    let clean = |c: char| !c.is_control() && !c.is_whitespace() && c != '@';
    if local.is_empty()
        || email.len() > 254
        || !local.chars().all(clean)
        || crate::organization::parse_domain(domain).is_err()
    {
        return Err(UserError::Email);
    }
    Ok(email)
}

/// Checks a new password's length (12 to 200 characters). Nothing else is demanded of it.
pub fn check_password(password: &str) -> Result<(), UserError> {
    if (12..=200).contains(&password.chars().count()) {
        Ok(())
    } else {
        Err(UserError::Password)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_folded_and_checked() {
        assert_eq!(
            parse_email(" Ada@Contoso.example "),
            Ok("ada@contoso.example".into())
        );
        for bad in [
            "",
            "ada",
            "@contoso.example",
            "a b@contoso.example",
            "a@b@c.example",
            "a@b",
        ] {
            assert_eq!(parse_email(bad), Err(UserError::Email), "{bad}");
        }
    }

    #[test]
    fn every_kind_has_an_administrating_first_role() {
        for kind in OrganizationKind::ALL {
            assert!(Role::first_of(kind).is_administrator());
        }
    }
}
