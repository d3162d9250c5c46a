//! The organization in the address of an endpoint.

use registration::ids::OrganizationId;
use registration::organization::{Organization, parse_domain};
use storage::tokens::TenantName;

use super::TokenRefusal;
use super::refusal::shown;
use crate::Desk;

/// Whose tokens an endpoint gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tenant {
    /// Those of this organization.
    Of(Organization),
    /// Of whichever organization the client is: `common`, `organizations`.
    OfTheClient,
}

impl Tenant {
    /// Whether a client of this organization may ask here.
    pub(crate) fn admits(&self, organization: OrganizationId) -> bool {
        match self {
            Self::Of(own) => own.id == organization,
            Self::OfTheClient => true,
        }
    }
}

impl Desk {
    /// The organization that the address of an endpoint names: by its id, by its domain, or by
    /// `common` or `organizations`.
    pub async fn tenant(&self, name: &str) -> Result<Tenant, TokenRefusal> {
        if ["common", "organizations"].contains(&name.to_ascii_lowercase().as_str()) {
            return Ok(Tenant::OfTheClient);
        }
        let asked = match (name.parse(), parse_domain(name)) {
            (Ok(id), _) => Some(TenantName::Id(OrganizationId(id))),
            (_, Ok(domain)) => Some(TenantName::Domain(domain)),
            _ => None,
        };
        let found = match asked {
            Some(asked) => self.storage.tenant(asked).await?,
            None => None,
        };
        found.map(Tenant::Of).ok_or_else(|| {
            TokenRefusal::new(
                "invalid_request",
                90_002,
                format!(
                    "Tenant '{}' not found. Check that the address has the organization's id or \
                     domain.",
                    shown(name)
                ),
            )
        })
    }
}
