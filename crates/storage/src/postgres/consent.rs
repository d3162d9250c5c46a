//! Relationships as stored, consent as asked by everything that registers, and which devices of
//! a customer an organization sees.

use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use registration::invitation::Invitation;
use registration::relationship::{EndReason, Relationship, RelationshipState};

use deadpool_postgres::GenericClient;
use uuid::Uuid;

use super::{Tx, query, rows};
use crate::{Result, sql};

const LOCK_STANDING: &str = concat!(
    "SELECT ",
    relationship_columns!("r"),
    " FROM relationship r WHERE r.party_id = $1 AND r.customer_id = $2 AND r.ended_at = 0
      FOR UPDATE"
);

const CONSENTS: &str = concat!(
    "SELECT 1 FROM relationship r WHERE r.party_id = $1 AND r.customer_id = $2 AND ",
    active!("r", "$3")
);

const HOLD_CONSENT: &str = concat!(
    "SELECT 1 FROM relationship r WHERE r.party_id = $1 AND r.customer_id = $2 AND ",
    active!("r", "$3"),
    " FOR SHARE"
);

/// Whether the customer consents to this party at `now`; always so to itself.
pub(super) async fn consents(
    db: &impl GenericClient,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<bool> {
    Ok(party == customer || query::any(db, CONSENTS, &[&party.0, &customer.0, &now.0]).await?)
}

/// The same for a transaction that writes: until it ends, a revocation waits.
pub(super) async fn hold(
    tx: &Tx<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<bool> {
    Ok(party == customer || query::any(tx, HOLD_CONSENT, &[&party.0, &customer.0, &now.0]).await?)
}

/// Which of a customer's devices are in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of them: it is the customer itself.
    All,
    /// Those that this party registered.
    RegisteredBy(OrganizationId),
    /// None.
    Nothing,
}

impl Sight {
    /// What the scope's organization sees of the customer's devices at `now`.
    pub(super) async fn of(
        db: &impl GenericClient,
        scope: &Scope,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Self> {
        let own = scope.organization_id();
        let seen = consents(db, own, customer, now).await?;
        Ok(Self::new(own, customer, seen))
    }

    /// The same for a transaction that writes.
    pub(super) async fn held(
        tx: &Tx<'_>,
        scope: &Scope,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Self> {
        let own = scope.organization_id();
        let seen = hold(tx, own, customer, now).await?;
        Ok(Self::new(own, customer, seen))
    }

    fn new(own: OrganizationId, customer: OrganizationId, consent: bool) -> Self {
        match (own == customer, consent) {
            (true, _) => Self::All,
            (false, true) => Self::RegisteredBy(own),
            (false, false) => Self::Nothing,
        }
    }

    /// The party whose devices alone are seen.
    pub(super) fn party(self) -> Option<Uuid> {
        match self {
            Self::RegisteredBy(party) => Some(party.0),
            Self::All | Self::Nothing => None,
        }
    }
}

/// The relationship that an invitation asks of a customer, the `n`th of an act.
pub(super) fn requested(
    act: &Act,
    n: u64,
    invitation: &Invitation,
    customer: OrganizationId,
) -> Relationship {
    Relationship {
        id: sql::relationship_id(act, n),
        party_id: invitation.party_id,
        customer_id: customer,
        invitation_id: invitation.id,
        delegated_administration: invitation.delegated_administration,
        requested_at: act.at,
        state: RelationshipState::Requested,
    }
}

/// Keeps a requested relationship; `false` if another one of the pair stands.
pub(super) async fn insert(tx: &Tx<'_>, asked: &Relationship) -> Result<bool> {
    let text = "INSERT INTO relationship (id, party_id, customer_id, invitation_id, \
                delegated_administration, state, requested_at) \
                VALUES ($1, $2, $3, $4, $5, 'requested', $6) \
                ON CONFLICT (party_id, customer_id, ended_at) DO NOTHING";
    let inserted = query::run(
        tx,
        text,
        &[
            &asked.id.0,
            &asked.party_id.0,
            &asked.customer_id.0,
            &asked.invitation_id.0,
            &asked.delegated_administration,
            &asked.requested_at.0,
        ],
    )
    .await?;
    Ok(inserted > 0)
}

/// Ends the pair's relationship if its date has passed, so that another one can stand.
pub(super) async fn end_expired(
    tx: &Tx<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<()> {
    let text = "UPDATE relationship SET state = 'ended', end_reason = 'expired', \
                ended_at = expires_at WHERE party_id = $1 AND customer_id = $2 \
                AND ended_at = 0 AND state = 'active' AND expires_at <= $3";
    query::run(tx, text, &[&party.0, &customer.0, &now.0]).await?;
    Ok(())
}

/// Locks the standing relationship of a pair; one whose date has passed ends first.
pub(super) async fn lock_standing(
    tx: &Tx<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<Option<Relationship>> {
    end_expired(tx, party, customer, now).await?;
    let row = query::first(tx, LOCK_STANDING, &[&party.0, &customer.0]).await?;
    row.map(|row| rows::relationship(&row, 0)).transpose()
}

/// Writes that a relationship is active now, through this invitation: what it asks is what the
/// customer saw.
pub(super) async fn activate(tx: &Tx<'_>, act: &Act, relationship: &Relationship) -> Result<()> {
    let text = "UPDATE relationship SET state = 'active', active_since = $2, accepted_by = $3, \
                expires_at = $4, invitation_id = $5, delegated_administration = $6 WHERE id = $1";
    let expires_at = match relationship.state {
        RelationshipState::Active { expires_at, .. } => expires_at.map(|at| at.0),
        RelationshipState::Requested | RelationshipState::Ended { .. } => None,
    };
    query::run(
        tx,
        text,
        &[
            &relationship.id.0,
            &act.at.0,
            &act.actor.user_id.0,
            &expires_at,
            &relationship.invitation_id.0,
            &relationship.delegated_administration,
        ],
    )
    .await?;
    Ok(())
}

/// Ends a relationship by the rule. Two ends of the same pair in the same microsecond are told
/// apart: the later one is noted as a microsecond later.
pub(super) async fn end(
    tx: &Tx<'_>,
    relationship: Relationship,
    reason: EndReason,
    now: Timestamp,
) -> Result<Relationship> {
    let text = "UPDATE relationship SET state = 'ended', end_reason = $4, ended_at = GREATEST ($5, \
                (SELECT MAX (o.ended_at) + 1 FROM relationship o \
                 WHERE o.party_id = $2 AND o.customer_id = $3)) WHERE id = $1";
    let ended = relationship.end(reason, now)?;
    let (party, customer) = (ended.party_id.0, ended.customer_id.0);
    let reason = reason.as_str();
    query::run(tx, text, &[&ended.id.0, &party, &customer, &reason, &now.0]).await?;
    Ok(ended)
}
