//! Organizations: who acts and who owns (design, section 2).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::OrganizationId;

/// What an organization is here for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrganizationKind {
    /// Runs the service.
    Operator,
    /// A CSP: reseller, distributor or provider that registers for customers.
    Partner,
    /// A maker of devices that registers what it ships.
    Oem,
    /// Owns devices and consents.
    Customer,
}

impl OrganizationKind {
    /// Every kind, in the order of lists.
    pub const ALL: [Self; 4] = [Self::Operator, Self::Partner, Self::Oem, Self::Customer];

    /// The word stored in the database and used in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Partner => "partner",
            Self::Oem => "oem",
            Self::Customer => "customer",
        }
    }

    /// The word shown to people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Operator => "Operator",
            Self::Partner => "Partner",
            Self::Oem => "OEM",
            Self::Customer => "Customer",
        }
    }

    /// The kind named `word`, as [`Self::as_str`] writes it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether such an organization registers devices for customers who consented.
    pub fn registers_for_others(self) -> bool {
        matches!(self, Self::Partner | Self::Oem)
    }
}

/// One organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organization {
    /// Its id; the tenant id of a customer.
    pub id: OrganizationId,
    /// What it is here for.
    pub kind: OrganizationKind,
    /// The name people know it by.
    pub name: String,
    /// Its domain, lower case, unique: `contoso.example`.
    pub domain: String,
    /// When the operator created it.
    pub created_at: Timestamp,
}

/// Why an organization's details were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OrganizationError {
    /// Blank or longer than 120 characters.
    #[error("The name must have 1 to 120 characters.")]
    Name,
    /// Not a domain name.
    #[error("The domain must look like contoso.example: letters, digits, hyphens and dots.")]
    Domain,
}

/// Trims and checks the name of an organization or a person: 1 to 120 characters, none of them
/// a control character.
pub fn parse_name(text: &str) -> Result<String, OrganizationError> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 || length > 120 || name.chars().any(char::is_control) {
        return Err(OrganizationError::Name);
    }
    Ok(name.to_owned())
}

/// Trims, lower-cases and checks a domain: labels of letters, digits and hyphens, at least two.
pub fn parse_domain(text: &str) -> Result<String, OrganizationError> {
    let domain = text.trim().to_ascii_lowercase();
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label) {
        Ok(domain)
    } else {
        Err(OrganizationError::Domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_and_names_are_trimmed_and_checked() {
        assert_eq!(
            parse_domain(" Contoso.Example "),
            Ok("contoso.example".into())
        );
        for bad in [
            "contoso",
            "",
            ".example",
            "a..b",
            "-a.example",
            "a b.example",
            "a.exämple",
        ] {
            assert_eq!(parse_domain(bad), Err(OrganizationError::Domain), "{bad}");
        }
        assert_eq!(parse_name("  Fabrikam "), Ok("Fabrikam".into()));
        assert_eq!(parse_name("\u{7}"), Err(OrganizationError::Name));
        assert_eq!(parse_name("   "), Err(OrganizationError::Name));
    }
}
