//! Invitations, relationships and consent.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::{InvitationId, OrganizationId, RelationshipId};
use registration::invitation::Invitation;
use registration::organization::Organization;
use registration::relationship::{EndReason, Relationship};

use crate::Result;

/// A relationship with both sides by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipView {
    /// The relationship.
    pub relationship: Relationship,
    /// The partner or OEM.
    pub party: Organization,
    /// The customer.
    pub customer: Organization,
    /// The token of the invitation that asked for it.
    pub invitation_token: String,
}

/// Relationships.
#[async_trait]
pub trait Relationships: Send + Sync {
    /// Keeps an invitation of the scope's organization. If it is addressed to the domain of an
    /// existing customer that has no standing relationship with it, that customer gets a
    /// requested one. The answer never tells whether there is such a customer.
    /// Audit: `InvitationMade` (target: the label), concerning nobody else.
    async fn make_invitation(&self, scope: &Scope, act: &Act, invitation: Invitation)
    -> Result<()>;

    /// The reusable link of the scope's organization (an OEM has one); `invitation` is kept as
    /// such if there is none yet.
    async fn unique_link(
        &self,
        scope: &Scope,
        act: &Act,
        invitation: Invitation,
    ) -> Result<Invitation>;

    /// The invitations of the scope's organization that are not reusable, newest first.
    async fn invitations(&self, scope: &Scope) -> Result<Vec<Invitation>>;

    /// An invitation and who made it, by the token in its link. Whoever has the link may see
    /// who asks, so there is no scope.
    async fn invitation(&self, token: &str) -> Result<Option<(Invitation, Organization)>>;

    /// Takes back an invitation of the scope's organization, together with a relationship that
    /// is only requested by it (that one ends as withdrawn). Audit: `InvitationWithdrawn`.
    async fn withdraw_invitation(&self, scope: &Scope, act: &Act, id: InvitationId) -> Result<()>;

    /// The scope's customer consents through the link: [`Invitation::check`] with the customer's
    /// domain, then the relationship (requested, or made now) becomes active, effective at
    /// once, and the invitation has the state [`Invitation::after_answer`]. An active
    /// relationship whose date has passed ends as expired first.
    /// Audit: `ConsentGiven`, concerning the party.
    async fn accept_invitation(
        &self,
        scope: &Scope,
        act: &Act,
        token: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<Relationship>;

    /// The scope's customer declines: a requested relationship ends as declined, the invitation
    /// is answered. Audit: `InvitationDeclined`, concerning the party.
    async fn decline_invitation(&self, scope: &Scope, act: &Act, token: &str) -> Result<()>;

    /// The relationships of the scope's organization, of either side, newest first, whose other
    /// side's name or domain contains `search` (lower case). A party does not see those that are
    /// only requested or were declined: it sees its invitations.
    async fn relationships(&self, scope: &Scope, search: &str) -> Result<Vec<RelationshipView>>;

    /// The standing relationship between a party and a customer that is active at `now`, if the
    /// scope's organization is one of the two.
    async fn active_relationship(
        &self,
        scope: &Scope,
        party: OrganizationId,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Option<Relationship>>;

    /// Ends a relationship of the scope's organization ([`Relationship::end`]): a customer
    /// revokes, a party withdraws. Audit: `ConsentRevoked` or `RelationshipWithdrawn`,
    /// concerning the other side.
    async fn end_relationship(
        &self,
        scope: &Scope,
        act: &Act,
        id: RelationshipId,
        reason: EndReason,
    ) -> Result<Relationship>;
}
