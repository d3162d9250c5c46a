//! Invitations: the link that asks a customer for consent (registration.md, 2.1 and 2.2).

use serde::Serialize;
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{InvitationId, OrganizationId, UserId};

/// Days an invitation of a partner stays open.
pub const OPEN_DAYS: i64 = 90;

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InvitationState {
    /// May be accepted.
    Open,
    /// A customer accepted it, or declined: this link is used up.
    Answered,
    /// Its maker took it back.
    Withdrawn,
}

impl InvitationState {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state named `word`.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Answered, Self::Withdrawn]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// A link that a partner or an OEM sends to a customer. It proves nothing and opens nothing by
/// itself: only a global administrator who is signed in can accept it, so it is stored in clear
/// and can be shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The unguessable part of the link, 32 characters.
    pub token: String,
    /// Who asks: a partner or an OEM.
    pub party_id: OrganizationId,
    /// How the maker of the link calls the customer it is meant for.
    pub customer_label: String,
    /// The domain of the customer it is meant for; nobody else may accept it then.
    pub customer_domain: Option<String>,
    /// Whether delegated administration is asked for as well.
    pub delegated_administration: bool,
    /// The one link of an OEM: stays open whoever accepts.
    pub reusable: bool,
    /// What became of it.
    pub state: InvitationState,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// After this it can't be accepted; `None` for the link of an OEM.
    pub expires_at: Option<Timestamp>,
}

/// Why an invitation can't be answered. Each text says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvitationRefusal {
    /// Used up.
    #[error("This invitation was answered already. Ask the partner for a new one.")]
    Answered,
    /// Taken back.
    #[error("The partner withdrew this invitation. Ask for a new one if you still want it.")]
    Withdrawn,
    /// Past its date.
    #[error("This invitation has expired. Ask the partner for a new one.")]
    Expired,
    /// For another customer.
    #[error("This invitation is meant for another organization.")]
    OtherCustomer,
}

impl Invitation {
    /// Whether a customer with `domain` may answer it at `now`.
    pub fn check(&self, domain: &str, now: Timestamp) -> Result<(), InvitationRefusal> {
        match self.state {
            InvitationState::Answered => return Err(InvitationRefusal::Answered),
            InvitationState::Withdrawn => return Err(InvitationRefusal::Withdrawn),
            InvitationState::Open => {}
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(InvitationRefusal::Expired);
        }
        if self
            .customer_domain
            .as_deref()
            .is_some_and(|meant| meant != domain)
        {
            return Err(InvitationRefusal::OtherCustomer);
        }
        Ok(())
    }

    /// The state it has after a customer answered it.
    pub fn after_answer(&self) -> InvitationState {
        if self.reusable {
            InvitationState::Open
        } else {
            InvitationState::Answered
        }
    }
}
