//! Invitations, relationships and consent.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{InvitationId, OrganizationId, RelationshipId};
use registration::invitation::{Invitation, InvitationRefusal, InvitationState};
use registration::organization::Organization;
use registration::relationship::{EndReason, Relationship, RelationshipRefusal};
use uuid::Uuid;

use super::consent::{self, requested};
use super::organizations::by_id;
use super::trouble::Trouble;
use super::{Postgres, Tx, query, rows, trail};
use crate::relationships::{RelationshipView, Relationships};
use crate::{Result, StorageError};

const INVITATION: &str = concat!(
    "SELECT ",
    invitation_columns!("i"),
    ", ",
    organization_columns!("o"),
    " FROM invitation i JOIN organization o ON o.id = i.party_id WHERE i.token = $1"
);

const LOCK_INVITATION: &str = concat!(
    "SELECT ",
    invitation_columns!("i"),
    " FROM invitation i WHERE i.token = $1 FOR UPDATE"
);

const LOCK_OWN_INVITATION: &str = concat!(
    "SELECT ",
    invitation_columns!("i"),
    " FROM invitation i WHERE i.id = $1 AND i.party_id = $2 FOR UPDATE"
);

const UNIQUE_LINK: &str = concat!(
    "SELECT ",
    invitation_columns!("i"),
    " FROM invitation i WHERE i.party_id = $1 AND i.reusable AND i.state = 'open'
      ORDER BY i.id LIMIT 1"
);

const INVITATIONS: &str = concat!(
    "SELECT ",
    invitation_columns!("i"),
    " FROM invitation i WHERE i.party_id = $1 AND NOT i.reusable ORDER BY i.id DESC"
);

/// Open invitations to a domain, for a customer that is new.
const WAITING: &str = concat!(
    "SELECT ",
    invitation_columns!("i"),
    " FROM invitation i WHERE i.customer_domain = $1 AND i.state = 'open' AND NOT i.reusable
      AND (i.expires_at IS NULL OR i.expires_at > $2) ORDER BY i.id"
);

const LOCK_OWN: &str = concat!(
    "SELECT ",
    relationship_columns!("r"),
    ", ",
    organization_columns!("o"),
    " FROM relationship r JOIN organization o
      ON o.id = CASE WHEN r.party_id = $2 THEN r.customer_id ELSE r.party_id END
      WHERE r.id = $1 AND (r.customer_id = $2 OR (r.party_id = $2 AND r.active_since IS NOT NULL))
      FOR UPDATE OF r"
);

const LIST: &str = concat!(
    "SELECT ",
    relationship_columns!("r"),
    ", ",
    organization_columns!("p"),
    ", ",
    organization_columns!("c"),
    ", i.token FROM relationship r
      JOIN organization p ON p.id = r.party_id
      JOIN organization c ON c.id = r.customer_id
      JOIN invitation i ON i.id = r.invitation_id
      WHERE (r.customer_id = $1
             AND (position($2 IN p.name_folded) > 0 OR position($2 IN p.domain) > 0))
         OR (r.party_id = $1 AND r.active_since IS NOT NULL
             AND (position($2 IN c.name_folded) > 0 OR position($2 IN c.domain) > 0))
      ORDER BY r.id DESC"
);

const ACTIVE: &str = concat!(
    "SELECT ",
    relationship_columns!("r"),
    " FROM relationship r WHERE r.party_id = $1 AND r.customer_id = $2 AND ",
    active!("r", "$3")
);

async fn insert_invitation(tx: &Tx<'_>, made: &Invitation) -> Result<()> {
    let text = "INSERT INTO invitation (id, token, party_id, customer_label, customer_domain, \
                delegated_administration, reusable, state, created_by, created_at, expires_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    query::run(
        tx,
        text,
        &[
            &made.id.0,
            &made.token,
            &made.party_id.0,
            &made.customer_label,
            &made.customer_domain,
            &made.delegated_administration,
            &made.reusable,
            &made.state.as_str(),
            &made.created_by.0,
            &made.created_at.0,
            &made.expires_at.map(|at| at.0),
        ],
    )
    .await?;
    Ok(())
}

/// A customer that is new gets the relationships that were asked of its domain before.
pub(super) async fn request_for_new(tx: &Tx<'_>, act: &Act, customer: &Organization) -> Result<()> {
    let waiting = query::all(tx, WAITING, &[&customer.domain, &act.at.0]).await?;
    for (n, row) in (0..).zip(&waiting) {
        let invitation = rows::invitation(row, 0)?;
        consent::insert(tx, &requested(act, n, &invitation, customer.id)).await?;
    }
    Ok(())
}

async fn set_state(tx: &Tx<'_>, id: InvitationId, state: InvitationState) -> Result<()> {
    let text = "UPDATE invitation SET state = $2 WHERE id = $1";
    query::run(tx, text, &[&id.0, &state.as_str()]).await?;
    Ok(())
}

/// Locks an invitation that the scope's customer may answer now, and tells who made it.
async fn lock_answerable(
    tx: &Tx<'_>,
    scope: &Scope,
    token: &str,
    now: Timestamp,
) -> Result<(Invitation, Organization)> {
    let row = query::first(tx, LOCK_INVITATION, &[&token]).await?;
    let invitation = rows::invitation(&row.ok_or(StorageError::NotFound)?, 0)?;
    let customer = by_id(tx, scope.organization_id()).await?;
    invitation.check(&customer.domain, now)?;
    let party = by_id(tx, invitation.party_id).await?;
    Ok((invitation, party))
}

#[async_trait]
impl Relationships for Postgres {
    async fn make_invitation(
        &self,
        scope: &Scope,
        act: &Act,
        invitation: Invitation,
    ) -> Result<()> {
        let party = scope.organization_id();
        let invitation = Invitation {
            party_id: party,
            ..invitation
        };
        let addressed = "SELECT id FROM organization WHERE kind = 'customer' AND domain = $1";
        in_transaction!(self, tx => {
            insert_invitation(tx, &invitation).await?;
            let domain = &invitation.customer_domain;
            if let Some(row) = query::first(tx, addressed, &[domain]).await? {
                let customer = OrganizationId(row.try_get(0)?);
                consent::end_expired(tx, party, customer, act.at).await?;
                consent::insert(tx, &requested(act, 0, &invitation, customer)).await?;
            }
            let (id, label) = (invitation.id.0, &invitation.customer_label);
            trail::write(tx, &[act.entry(0, AuditAction::InvitationMade, id, label)]).await
        })
    }

    async fn unique_link(
        &self,
        scope: &Scope,
        act: &Act,
        invitation: Invitation,
    ) -> Result<Invitation> {
        let party = scope.organization_id();
        let invitation = Invitation {
            party_id: party,
            reusable: true,
            ..invitation
        };
        let lock = "SELECT 1 FROM organization WHERE id = $1 FOR NO KEY UPDATE";
        in_transaction!(self, tx => {
            query::all(tx, lock, &[&party.0]).await?;
            if let Some(row) = query::first(tx, UNIQUE_LINK, &[&party.0]).await? {
                return rows::invitation(&row, 0);
            }
            insert_invitation(tx, &invitation).await?;
            let (id, label) = (invitation.id.0, &invitation.customer_label);
            trail::write(tx, &[act.entry(0, AuditAction::InvitationMade, id, label)]).await?;
            Ok(invitation.clone())
        })
    }

    async fn invitations(&self, scope: &Scope) -> Result<Vec<Invitation>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let found = query::all(&client, INVITATIONS, &[&own]).await?;
        found.iter().map(|row| rows::invitation(row, 0)).collect()
    }

    async fn invitation(&self, token: &str) -> Result<Option<(Invitation, Organization)>> {
        let client = self.client().await?;
        let row = query::first(&client, INVITATION, &[&token]).await?;
        row.map(|row| Ok((rows::invitation(&row, 0)?, rows::organization(&row, 11)?)))
            .transpose()
    }

    async fn withdraw_invitation(&self, scope: &Scope, act: &Act, id: InvitationId) -> Result<()> {
        let party = scope.organization_id();
        let asked = concat!(
            "SELECT ",
            relationship_columns!("r"),
            " FROM relationship r WHERE r.invitation_id = $1 AND r.ended_at = 0
              AND r.state = 'requested' FOR UPDATE"
        );
        in_transaction!(self, tx => {
            let row = query::first(tx, LOCK_OWN_INVITATION, &[&id.0, &party.0]).await?;
            let invitation = rows::invitation(&row.ok_or(StorageError::NotFound)?, 0)?;
            match invitation.state {
                InvitationState::Open => {}
                InvitationState::Answered => return Err(InvitationRefusal::Answered.into()),
                InvitationState::Withdrawn => return Ok(()),
            }
            set_state(tx, id, InvitationState::Withdrawn).await?;
            for row in query::all(tx, asked, &[&id.0]).await? {
                consent::end(tx, rows::relationship(&row, 0)?, EndReason::Withdrawn, act.at).await?;
            }
            let label = &invitation.customer_label;
            trail::write(tx, &[act.entry(0, AuditAction::InvitationWithdrawn, id.0, label)]).await
        })
    }

    async fn accept_invitation(
        &self,
        scope: &Scope,
        act: &Act,
        token: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<Relationship> {
        let customer = scope.organization_id();
        in_transaction!(self, tx => {
            let (invitation, party) = lock_answerable(tx, scope, token, act.at).await?;
            let new = requested(act, 0, &invitation, customer);
            let standing = consent::lock_standing(tx, party.id, customer, act.at).await?;
            let asked = if let Some(known) = standing {
                known
            } else {
                if !consent::insert(tx, &new).await? {
                    return Err(Trouble::Vanished.into());
                }
                new.clone()
            };
            let accepted = asked.accept(act.actor.user_id, act.at, expires_at)?;
            let active = Relationship {
                invitation_id: new.invitation_id,
                delegated_administration: new.delegated_administration,
                ..accepted
            };
            consent::activate(tx, act, &active).await?;
            set_state(tx, invitation.id, invitation.after_answer()).await?;
            let detail = match expires_at {
                Some(end) => format!("until {}", end.to_minute()),
                None => "without an end".to_owned(),
            };
            let line = act.entry(0, AuditAction::ConsentGiven, active.id.0, &party.name);
            trail::write(tx, &[line.concerning(party.id).saying(detail)]).await?;
            Ok(active)
        })
    }

    async fn decline_invitation(&self, scope: &Scope, act: &Act, token: &str) -> Result<()> {
        let customer = scope.organization_id();
        in_transaction!(self, tx => {
            let (invitation, party) = lock_answerable(tx, scope, token, act.at).await?;
            let standing = consent::lock_standing(tx, party.id, customer, act.at).await?;
            if let Some(asked) = standing {
                consent::end(tx, asked, EndReason::Declined, act.at).await?;
            }
            set_state(tx, invitation.id, invitation.after_answer()).await?;
            let (action, id) = (AuditAction::InvitationDeclined, invitation.id.0);
            trail::write(tx, &[act.entry(0, action, id, &party.name).concerning(party.id)]).await
        })
    }

    async fn relationships(&self, scope: &Scope, search: &str) -> Result<Vec<RelationshipView>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let found = query::all(&client, LIST, &[&own, &search]).await?;
        let view = |row| {
            Ok(RelationshipView {
                relationship: rows::relationship(row, 0)?,
                party: rows::organization(row, 12)?,
                customer: rows::organization(row, 17)?,
                invitation_token: row.try_get(22)?,
            })
        };
        found.iter().map(view).collect()
    }

    async fn active_relationship(
        &self,
        scope: &Scope,
        party: OrganizationId,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Option<Relationship>> {
        if ![party, customer].contains(&scope.organization_id()) {
            return Ok(None);
        }
        let client = self.client().await?;
        let row = query::first(&client, ACTIVE, &[&party.0, &customer.0, &now.0]).await?;
        row.map(|row| rows::relationship(&row, 0)).transpose()
    }

    async fn end_relationship(
        &self,
        scope: &Scope,
        act: &Act,
        id: RelationshipId,
        reason: EndReason,
    ) -> Result<Relationship> {
        let own: Uuid = scope.organization_id().0;
        let action = match reason {
            EndReason::Withdrawn => AuditAction::RelationshipWithdrawn,
            EndReason::Declined => AuditAction::InvitationDeclined,
            EndReason::Revoked | EndReason::Expired => AuditAction::ConsentRevoked,
        };
        in_transaction!(self, tx => {
            let row = query::first(tx, LOCK_OWN, &[&id.0, &own]).await?;
            let row = row.ok_or(StorageError::NotFound)?;
            let other = rows::organization(&row, 12)?;
            let found = rows::relationship(&row, 0)?;
            if found.status_word(act.at) == "ended" {
                return Err(RelationshipRefusal::Ended.into());
            }
            let ended = consent::end(tx, found, reason, act.at).await?;
            let line = act.entry(0, action, id.0, &other.name).concerning(other.id);
            trail::write(tx, &[line]).await?;
            Ok(ended)
        })
    }
}
