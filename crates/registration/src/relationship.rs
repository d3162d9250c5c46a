//! Relationships between a partner or OEM and a customer: requested → active → ended.

use serde::Serialize;
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{InvitationId, OrganizationId, RelationshipId, UserId};

/// Why a relationship ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EndReason {
    /// The customer revoked its consent.
    Revoked,
    /// The partner or OEM withdrew.
    Withdrawn,
    /// The customer declined before it ever was active.
    Declined,
    /// The date set with the consent passed.
    Expired,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [
        Self::Revoked,
        Self::Withdrawn,
        Self::Declined,
        Self::Expired,
    ];

    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Withdrawn => "withdrawn",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }

    /// The reason named `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Where a relationship stands; each state holds only what is true in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum RelationshipState {
    /// The partner asked; the customer has not answered.
    Requested,
    /// The customer's global administrator consented.
    Active {
        /// When consent was given.
        since: Timestamp,
        /// Who gave it.
        accepted_by: UserId,
        /// When it ends by itself.
        expires_at: Option<Timestamp>,
    },
    /// Over, for good: a new consent makes a new relationship.
    Ended {
        /// When.
        at: Timestamp,
        /// Why.
        reason: EndReason,
    },
}

/// One relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relationship {
    /// Its id.
    pub id: RelationshipId,
    /// The partner or OEM.
    pub party_id: OrganizationId,
    /// The customer.
    pub customer_id: OrganizationId,
    /// The invitation that asked for it.
    pub invitation_id: InvitationId,
    /// Whether delegated administration is part of it. Registration never needs it.
    pub delegated_administration: bool,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Where it stands.
    pub state: RelationshipState,
}

/// A move that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RelationshipRefusal {
    /// Consent was given before.
    #[error("This relationship is active already.")]
    AlreadyActive,
    /// It is over.
    #[error("This relationship has ended. A new invitation is needed.")]
    Ended,
    /// Only what is active can be revoked.
    #[error("This relationship is not active.")]
    NotActive,
    /// An end before the beginning.
    #[error("The date until which consent holds must lie in the future.")]
    ExpiryInThePast,
}

impl Relationship {
    /// The customer's global administrator `by` consents at `now`, until `expires_at` if given.
    pub fn accept(
        self,
        by: UserId,
        now: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Result<Self, RelationshipRefusal> {
        match self.state {
            RelationshipState::Active { .. } if self.is_active(now) => {
                return Err(RelationshipRefusal::AlreadyActive);
            }
            RelationshipState::Active { .. } | RelationshipState::Ended { .. } => {
                return Err(RelationshipRefusal::Ended);
            }
            RelationshipState::Requested => {}
        }
        if expires_at.is_some_and(|end| end <= now) {
            return Err(RelationshipRefusal::ExpiryInThePast);
        }
        let state = RelationshipState::Active {
            since: now,
            accepted_by: by,
            expires_at,
        };
        Ok(Self { state, ..self })
    }

    /// Ends it at `now`. Revoking needs an active one, declining a requested one; withdrawing
    /// takes back either.
    pub fn end(self, reason: EndReason, now: Timestamp) -> Result<Self, RelationshipRefusal> {
        match (self.state, reason) {
            (RelationshipState::Ended { .. }, _) => Err(RelationshipRefusal::Ended),
            (RelationshipState::Requested, EndReason::Revoked | EndReason::Expired) => {
                Err(RelationshipRefusal::NotActive)
            }
            (RelationshipState::Active { .. }, EndReason::Declined) => {
                Err(RelationshipRefusal::AlreadyActive)
            }
            _ => Ok(Self {
                state: RelationshipState::Ended { at: now, reason },
                ..self
            }),
        }
    }

    /// Whether it allows registering at `now`: this is asked in the transaction that writes.
    pub fn is_active(&self, now: Timestamp) -> bool {
        matches!(self.state, RelationshipState::Active { expires_at, .. }
            if expires_at.is_none_or(|end| end > now))
    }

    /// The one word shown for it at `now`: requested, active or ended.
    pub fn status_word(&self, now: Timestamp) -> &'static str {
        match self.state {
            RelationshipState::Requested => "requested",
            RelationshipState::Active { .. } if self.is_active(now) => "active",
            RelationshipState::Active { .. } | RelationshipState::Ended { .. } => "ended",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{SeededEntropy, uuid_v7};

    fn requested() -> Relationship {
        let id = uuid_v7(Timestamp(1), &SeededEntropy::new(1));
        Relationship {
            id: RelationshipId(id),
            party_id: OrganizationId(id),
            customer_id: OrganizationId(id),
            invitation_id: InvitationId(id),
            delegated_administration: false,
            requested_at: Timestamp(1),
            state: RelationshipState::Requested,
        }
    }

    #[test]
    fn goes_from_requested_over_active_to_ended_and_never_back() {
        let by = UserId(requested().id.0);
        let active = requested()
            .accept(by, Timestamp(2), None)
            .expect("may be accepted");
        assert!(active.is_active(Timestamp(3)));
        let again = active.clone().accept(by, Timestamp(3), None);
        assert_eq!(again, Err(RelationshipRefusal::AlreadyActive));
        let ended = active
            .end(EndReason::Revoked, Timestamp(4))
            .expect("may be revoked");
        assert!(!ended.is_active(Timestamp(5)));
        assert_eq!(
            ended.clone().accept(by, Timestamp(5), None),
            Err(RelationshipRefusal::Ended)
        );
        assert_eq!(
            ended.end(EndReason::Withdrawn, Timestamp(5)),
            Err(RelationshipRefusal::Ended)
        );
    }

    #[test]
    fn consent_with_an_end_stops_by_itself() {
        let by = UserId(requested().id.0);
        let late = requested().accept(by, Timestamp(9), Some(Timestamp(9)));
        assert_eq!(late, Err(RelationshipRefusal::ExpiryInThePast));
        let active = requested()
            .accept(by, Timestamp(2), Some(Timestamp(9)))
            .expect("accepted");
        assert!(active.is_active(Timestamp(8)));
        assert!(!active.is_active(Timestamp(9)));
        assert_eq!(active.status_word(Timestamp(9)), "ended");
    }

    #[test]
    fn only_what_is_active_can_be_revoked_and_only_what_is_asked_declined() {
        let revoked = requested().end(EndReason::Revoked, Timestamp(2));
        assert_eq!(revoked, Err(RelationshipRefusal::NotActive));
        assert!(requested().end(EndReason::Declined, Timestamp(2)).is_ok());
        assert!(requested().end(EndReason::Withdrawn, Timestamp(2)).is_ok());
    }
}
