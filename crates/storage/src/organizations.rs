//! Organizations and the first set-up.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::{OrganizationId, UserId};
use registration::organization::{Organization, OrganizationKind};
use registration::user::{Role, User};

use crate::Result;

/// A one-time link to be kept by the SHA-256 of its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLink {
    /// SHA-256 of the secret in the link.
    pub digest: [u8; 32],
    /// After this it is spent.
    pub expires_at: Timestamp,
}

/// An account to be made. It has no password: a one-time link sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Checked and folded ([`registration::user::parse_email`]).
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Its role.
    pub role: Role,
}

impl NewUser {
    /// The account as it stands once it is stored.
    pub fn into_user(self, organization_id: OrganizationId, created_at: Timestamp) -> User {
        User {
            id: self.id,
            organization_id,
            email: self.email,
            name: self.name,
            role: self.role,
            has_password: false,
            disabled_at: None,
            created_at,
        }
    }
}

/// Organizations.
#[async_trait]
pub trait Organizations: Send + Sync {
    /// Whether the service has its operator.
    async fn is_set_up(&self) -> Result<bool>;

    /// Keeps the link for the first operator and forgets earlier ones (links without a person).
    /// [`Conflict::SetUpAlready`](crate::Conflict) once there is an operator.
    async fn offer_set_up(&self, link: NewLink) -> Result<()>;

    /// Whether `digest` is a set-up link that still holds at `now`.
    async fn set_up_link_holds(&self, digest: [u8; 32], now: Timestamp) -> Result<bool>;

    /// Spends the set-up link: creates the operator organization and its first administrator
    /// with this password hash. Audit: `ServiceSetUp`. `Refused::LinkSpent`, `SetUpAlready`.
    async fn set_up(
        &self,
        act: &Act,
        digest: [u8; 32],
        operator: Organization,
        administrator: NewUser,
        password_hash: String,
    ) -> Result<()>;

    /// Creates an organization with its first administrator and that person's one-time link.
    /// Audit: `OrganizationCreated`, `UserAdded`, both concerning the new organization.
    /// Conflicts: `DomainTaken`, `EmailTaken`. A customer that invitations were addressed to by
    /// domain gets its requested relationships now.
    async fn create_organization(
        &self,
        scope: &Scope,
        act: &Act,
        organization: Organization,
        first: NewUser,
        link: NewLink,
    ) -> Result<()>;

    /// An organization by id. An operator sees all; others see themselves, and those they have
    /// or had a relationship with (whatever its state, but a party does not see a customer that
    /// never was active).
    async fn organization(&self, scope: &Scope, id: OrganizationId)
    -> Result<Option<Organization>>;

    /// All organizations, newest first, of one kind and with a name or domain that contains
    /// `search` (folded: lower case). Only for an operator's scope; empty for others.
    async fn organizations(
        &self,
        scope: &Scope,
        kind: Option<OrganizationKind>,
        search: &str,
        before: Option<uuid::Uuid>,
        limit: usize,
    ) -> Result<crate::Page<Organization>>;
}
