//! Consent: a partner or OEM asks, the customer's global administrator answers, either side ends it.

use registration::access::{Action, Scope};
use registration::clock::Timestamp;
use registration::ids::{InvitationId, OrganizationId, RelationshipId};
use registration::invitation::{Invitation, InvitationState, OPEN_DAYS};
use registration::organization::{Organization, OrganizationKind, parse_domain, parse_name};
use registration::relationship::{EndReason, Relationship};
use storage::relationships::RelationshipView;

use crate::secret::hex;
use crate::{Caller, Desk, DeskError, Result};

/// What a partner says when it asks for a relationship.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvitationForm {
    /// How the partner calls the customer.
    pub customer_label: String,
    /// The customer's domain, if only that customer may accept; may be blank.
    pub customer_domain: String,
    /// Whether delegated administration is asked for.
    pub delegated_administration: bool,
}

/// An invitation as whoever has the link sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// The invitation.
    pub invitation: Invitation,
    /// Who asks.
    pub party: Organization,
}

impl Desk {
    /// Makes an invitation for one customer.
    pub async fn invite(&self, caller: &Caller, form: &InvitationForm) -> Result<Invitation> {
        let scope = caller.may(Action::Invite)?;
        let label = parse_name(&form.customer_label)
            .map_err(|error| DeskError::field("customer_label", error.to_string()))?;
        let domain = match form.customer_domain.trim() {
            "" => None,
            text => Some(
                parse_domain(text)
                    .map_err(|error| DeskError::field("customer_domain", error.to_string()))?,
            ),
        };
        let mut invitation = self.new_invitation(caller, label);
        invitation.customer_domain = domain;
        invitation.delegated_administration = form.delegated_administration;
        invitation.expires_at = Some(self.now().plus_days(OPEN_DAYS));
        self.storage
            .make_invitation(&scope, &caller.act(self), invitation.clone())
            .await?;
        Ok(invitation)
    }

    /// The one link that an OEM gives to every customer.
    pub async fn unique_link(&self, caller: &Caller) -> Result<Invitation> {
        let scope = caller.may(Action::Invite)?;
        if caller.organization.kind != OrganizationKind::Oem {
            return Err(DeskError::NotFound);
        }
        self.the_link(caller, &scope).await
    }

    /// The link with which any customer may consent to this partner or OEM: there is one, made when
    /// it is first asked for. It asks for no delegated administration.
    pub async fn relationship_link(&self, caller: &Caller) -> Result<Invitation> {
        let scope = caller.may(Action::Invite)?;
        self.the_link(caller, &scope).await
    }

    async fn the_link(&self, caller: &Caller, scope: &Scope) -> Result<Invitation> {
        let mut invitation = self.new_invitation(caller, "Every customer".to_owned());
        invitation.reusable = true;
        Ok(self
            .storage
            .unique_link(scope, &caller.act(self), invitation)
            .await?)
    }

    /// One's own invitations.
    pub async fn invitations(&self, caller: &Caller) -> Result<Vec<Invitation>> {
        Ok(self
            .storage
            .invitations(&caller.may(Action::ViewCustomers)?)
            .await?)
    }

    /// One of one's own invitations, to show its text again.
    pub async fn invitation_of(&self, caller: &Caller, id: InvitationId) -> Result<Invitation> {
        let mine = self.invitations(caller).await?;
        mine.into_iter()
            .find(|invitation| invitation.id == id)
            .ok_or(DeskError::NotFound)
    }

    /// Takes back an invitation that was not answered.
    pub async fn withdraw_invitation(&self, caller: &Caller, id: InvitationId) -> Result<()> {
        let scope = caller.may(Action::Invite)?;
        Ok(self
            .storage
            .withdraw_invitation(&scope, &caller.act(self), id)
            .await?)
    }

    /// What a link asks for, for whoever is signed in.
    pub async fn invitation(&self, token: &str) -> Result<InvitationView> {
        let found = self.storage.invitation(token).await?;
        let (invitation, party) = found.ok_or(DeskError::NotFound)?;
        Ok(InvitationView { invitation, party })
    }

    /// The customer's global administrator accepts. `yes` is the ticked box; `until` is a date
    /// `2027-12-31`, or blank for no end.
    pub async fn accept_invitation(
        &self,
        caller: &Caller,
        token: &str,
        yes: bool,
        until: &str,
    ) -> Result<Relationship> {
        let scope = caller.may(Action::Consent)?;
        if !yes {
            return Err(DeskError::field("yes", "Tick \"Yes\" to accept."));
        }
        let expires_at = match until.trim() {
            "" => None,
            text => Some(Timestamp::end_of_date(text).ok_or_else(|| {
                DeskError::field("until", "Give the date as year-month-day: 2027-12-31.")
            })?),
        };
        if expires_at.is_some_and(|end| end <= self.now()) {
            return Err(DeskError::field(
                "until",
                "The date must lie in the future.",
            ));
        }
        let act = caller.act(self);
        Ok(self
            .storage
            .accept_invitation(&scope, &act, token, expires_at)
            .await?)
    }

    /// The customer's global administrator declines.
    pub async fn decline_invitation(&self, caller: &Caller, token: &str) -> Result<()> {
        let scope = caller.may(Action::Consent)?;
        Ok(self
            .storage
            .decline_invitation(&scope, &caller.act(self), token)
            .await?)
    }

    /// The partners and OEMs of a customer.
    pub async fn partners_and_oems(
        &self,
        caller: &Caller,
        search: &str,
    ) -> Result<Vec<RelationshipView>> {
        let scope = caller.may(Action::ViewRelationships)?;
        Ok(self
            .storage
            .relationships(&scope, &search.trim().to_lowercase())
            .await?)
    }

    /// The customer revokes its consent: effective at once.
    pub async fn revoke(&self, caller: &Caller, id: RelationshipId) -> Result<Relationship> {
        let scope = caller.may(Action::Consent)?;
        self.end(caller, &scope, id, EndReason::Revoked).await
    }

    /// The partner or OEM withdraws.
    pub async fn withdraw(&self, caller: &Caller, id: RelationshipId) -> Result<Relationship> {
        let scope = caller.may(Action::Withdraw)?;
        self.end(caller, &scope, id, EndReason::Withdrawn).await
    }

    async fn end(
        &self,
        caller: &Caller,
        scope: &Scope,
        id: RelationshipId,
        reason: EndReason,
    ) -> Result<Relationship> {
        Ok(self
            .storage
            .end_relationship(scope, &caller.act(self), id, reason)
            .await?)
    }

    /// The customer for which a partner or OEM acts: consent must be active now. A customer
    /// that is unknown to it does not exist; one whose consent ended is named as such.
    pub(crate) async fn consenting_customer(
        &self,
        scope: &Scope,
        customer: OrganizationId,
    ) -> Result<Organization> {
        let found = self.storage.organization(scope, customer).await?;
        let organization = found
            .filter(|organization| organization.kind == OrganizationKind::Customer)
            .ok_or(DeskError::NotFound)?;
        let party = scope.organization_id();
        let now = self.now();
        if self
            .storage
            .active_relationship(scope, party, customer, now)
            .await?
            .is_none()
        {
            return Err(storage::StorageError::from(storage::Refused::NoConsent).into());
        }
        Ok(organization)
    }

    fn new_invitation(&self, caller: &Caller, customer_label: String) -> Invitation {
        let mut token = [0u8; 16];
        self.entropy.fill(&mut token);
        Invitation {
            id: InvitationId(self.uuid()),
            token: hex(&token),
            party_id: caller.organization.id,
            customer_label,
            customer_domain: None,
            delegated_administration: false,
            reusable: false,
            state: InvitationState::Open,
            created_by: caller.user.id,
            created_at: self.now(),
            expires_at: None,
        }
    }
}
