//! Invitations, relationships and consent.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{InvitationId, OrganizationId, RelationshipId};
use registration::invitation::Invitation;
use registration::organization::Organization;
use registration::relationship::{EndReason, Relationship, RelationshipState};
use rusqlite::{Connection, Transaction, params};

use super::invitations::{
    by_token, make_invitation, request, set_invitation_state, unique_link, withdraw_invitation,
};
use super::rows::{
    self, INVITATION, ORGANIZATION, ORGANIZATION_WIDTH, RELATIONSHIP, RELATIONSHIP_WIDTH,
};
use super::{Sqlite, audit, organizations};
use crate::relationships::{RelationshipView, Relationships};
use crate::{Result, StorageError, sql};

#[async_trait]
impl Relationships for Sqlite {
    async fn make_invitation(
        &self,
        scope: &Scope,
        act: &Act,
        invitation: Invitation,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| make_invitation(tx, &scope, &act, invitation))
            .await
    }

    async fn unique_link(
        &self,
        scope: &Scope,
        act: &Act,
        invitation: Invitation,
    ) -> Result<Invitation> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| unique_link(tx, &scope, &act, invitation))
            .await
    }

    async fn invitations(&self, scope: &Scope) -> Result<Vec<Invitation>> {
        let own = scope.organization_id();
        let text = format!(
            "SELECT {INVITATION} FROM invitation i \
             WHERE i.party_id = ?1 AND NOT i.reusable ORDER BY i.id DESC"
        );
        self.read(move |conn| rows::all(conn, &text, [own.0], |row| rows::invitation(row, 0)))
            .await
    }

    async fn invitation(&self, token: &str) -> Result<Option<(Invitation, Organization)>> {
        let token = token.to_owned();
        self.read(move |conn| by_token(conn, &token)).await
    }

    async fn withdraw_invitation(&self, scope: &Scope, act: &Act, id: InvitationId) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| withdraw_invitation(tx, &scope, &act, id))
            .await
    }

    async fn accept_invitation(
        &self,
        scope: &Scope,
        act: &Act,
        token: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<Relationship> {
        let (scope, act, token) = (*scope, act.clone(), token.to_owned());
        self.write(move |tx| accept(tx, &scope, &act, &token, expires_at))
            .await
    }

    async fn decline_invitation(&self, scope: &Scope, act: &Act, token: &str) -> Result<()> {
        let (scope, act, token) = (*scope, act.clone(), token.to_owned());
        self.write(move |tx| decline(tx, &scope, &act, &token))
            .await
    }

    async fn relationships(&self, scope: &Scope, search: &str) -> Result<Vec<RelationshipView>> {
        let own = scope.organization_id();
        let pattern = sql::containing(search);
        self.read(move |conn| list(conn, own, &pattern)).await
    }

    async fn active_relationship(
        &self,
        scope: &Scope,
        party: OrganizationId,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Option<Relationship>> {
        let own = scope.organization_id();
        if own != party && own != customer {
            return Ok(None);
        }
        self.read(move |conn| {
            let standing = standing(conn, party, customer)?;
            Ok(standing.filter(|relationship| relationship.is_active(now)))
        })
        .await
    }

    async fn end_relationship(
        &self,
        scope: &Scope,
        act: &Act,
        id: RelationshipId,
        reason: EndReason,
    ) -> Result<Relationship> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| end(tx, &scope, &act, id, reason))
            .await
    }
}

/// Ends what stands between the two as expired if its date has passed.
pub(super) fn end_expired(
    tx: &Transaction<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    now: Timestamp,
) -> Result<()> {
    rows::run(
        tx,
        "UPDATE relationship SET state = 'ended', end_reason = 'expired', ended_at = expires_at \
         WHERE party_id = ?1 AND customer_id = ?2 AND ended_at = 0 AND state = 'active' \
         AND expires_at <= ?3",
        params![party.0, customer.0, now.0],
    )?;
    Ok(())
}

fn standing(
    conn: &Connection,
    party: OrganizationId,
    customer: OrganizationId,
) -> Result<Option<Relationship>> {
    let text = format!(
        "SELECT {RELATIONSHIP} FROM relationship r \
         WHERE r.party_id = ?1 AND r.customer_id = ?2 AND r.ended_at = 0"
    );
    rows::first(conn, &text, [party.0, customer.0], |row| {
        rows::relationship(row, 0)
    })
}

/// What the scope's customer may answer: the invitation, who made it, and what stands between
/// the two.
fn answerable(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    token: &str,
) -> Result<(Invitation, Organization, Option<Relationship>)> {
    let own = scope.organization_id();
    let customer = organizations::by_id(tx, own)?.ok_or(StorageError::NotFound)?;
    let (invitation, party) = by_token(tx, token)?.ok_or(StorageError::NotFound)?;
    invitation.check(&customer.domain, act.at)?;
    end_expired(tx, party.id, own, act.at)?;
    let standing = standing(tx, party.id, own)?;
    Ok((invitation, party, standing))
}

fn accept(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    token: &str,
    expires_at: Option<Timestamp>,
) -> Result<Relationship> {
    let own = scope.organization_id();
    let (invitation, party, mut found) = answerable(tx, scope, act, token)?;
    if found.is_none() {
        request(tx, sql::relationship_id(act, 0), &invitation, own, act.at)?;
        found = standing(tx, party.id, own)?;
    }
    let mut accepted =
        found
            .ok_or(StorageError::NotFound)?
            .accept(act.actor.user_id, act.at, expires_at)?;
    accepted.invitation_id = invitation.id;
    accepted.delegated_administration = invitation.delegated_administration;
    rows::run(
        tx,
        "UPDATE relationship SET state = 'active', active_since = ?2, accepted_by = ?3, \
         expires_at = ?4, invitation_id = ?5, delegated_administration = ?6 WHERE id = ?1",
        params![
            accepted.id.0,
            act.at.0,
            act.actor.user_id.0,
            expires_at.map(|at| at.0),
            accepted.invitation_id.0,
            accepted.delegated_administration,
        ],
    )?;
    set_invitation_state(tx, invitation.id, invitation.after_answer())?;
    let detail = match expires_at {
        Some(end) => format!("until {}", end.to_minute()),
        None => "without an end".to_owned(),
    };
    let entry = act.entry(0, AuditAction::ConsentGiven, accepted.id.0, &party.name);
    audit::append(tx, &entry.concerning(party.id).saying(detail))?;
    Ok(accepted)
}

fn decline(tx: &Transaction<'_>, scope: &Scope, act: &Act, token: &str) -> Result<()> {
    let (invitation, party, standing) = answerable(tx, scope, act, token)?;
    if let Some(relationship) = standing {
        write_end(tx, &relationship.end(EndReason::Declined, act.at)?)?;
    }
    set_invitation_state(tx, invitation.id, invitation.after_answer())?;
    let entry = act.entry(
        0,
        AuditAction::InvitationDeclined,
        invitation.id.0,
        &party.name,
    );
    audit::append(tx, &entry.concerning(party.id))
}

/// Two ends of the same pair in the same microsecond are told apart: the later one is noted as a
/// microsecond later.
fn write_end(tx: &Transaction<'_>, ended: &Relationship) -> Result<()> {
    if let RelationshipState::Ended { at, reason } = ended.state {
        rows::run(
            tx,
            "UPDATE relationship SET state = 'ended', end_reason = ?3, ended_at = MAX (?2, \
             (SELECT MAX (o.ended_at) + 1 FROM relationship o \
             WHERE o.party_id = ?4 AND o.customer_id = ?5)) WHERE id = ?1",
            params![
                ended.id.0,
                at.0,
                reason.as_str(),
                ended.party_id.0,
                ended.customer_id.0
            ],
        )?;
    }
    Ok(())
}

fn list(conn: &Connection, own: OrganizationId, pattern: &str) -> Result<Vec<RelationshipView>> {
    let text = format!(
        "SELECT {RELATIONSHIP}, {ORGANIZATION}, c.id, c.kind, c.name, c.domain, c.created_at, \
         i.token FROM relationship r JOIN organization o ON o.id = r.party_id \
         JOIN organization c ON c.id = r.customer_id JOIN invitation i ON i.id = r.invitation_id \
         WHERE (r.customer_id = ?1 \
         AND (o.name_folded LIKE ?2 ESCAPE '\\' OR o.domain LIKE ?2 ESCAPE '\\')) \
         OR (r.party_id = ?1 AND r.active_since IS NOT NULL \
         AND (c.name_folded LIKE ?2 ESCAPE '\\' OR c.domain LIKE ?2 ESCAPE '\\')) \
         ORDER BY r.id DESC"
    );
    rows::all(conn, &text, params![own.0, pattern], |row| {
        let customer_at = RELATIONSHIP_WIDTH + ORGANIZATION_WIDTH;
        Ok(RelationshipView {
            relationship: rows::relationship(row, 0)?,
            party: rows::organization(row, RELATIONSHIP_WIDTH)?,
            customer: rows::organization(row, customer_at)?,
            invitation_token: row.get(customer_at + ORGANIZATION_WIDTH)?,
        })
    })
}

fn end(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    id: RelationshipId,
    reason: EndReason,
) -> Result<Relationship> {
    let text = format!(
        "SELECT {RELATIONSHIP} FROM relationship r WHERE r.id = ?1 \
         AND (r.customer_id = ?2 OR (r.party_id = ?2 AND r.active_since IS NOT NULL))"
    );
    let own = scope.organization_id();
    let find = || {
        rows::first(tx, &text, params![id.0, own.0], |row| {
            rows::relationship(row, 0)
        })
    };
    let found = find()?.ok_or(StorageError::NotFound)?;
    end_expired(tx, found.party_id, found.customer_id, act.at)?;
    let ended = find()?.ok_or(StorageError::NotFound)?.end(reason, act.at)?;
    write_end(tx, &ended)?;
    let other = if own == ended.customer_id {
        ended.party_id
    } else {
        ended.customer_id
    };
    let name = organizations::by_id(tx, other)?
        .map(|o| o.name)
        .unwrap_or_default();
    let action = match reason {
        EndReason::Withdrawn => AuditAction::RelationshipWithdrawn,
        EndReason::Declined => AuditAction::InvitationDeclined,
        EndReason::Revoked | EndReason::Expired => AuditAction::ConsentRevoked,
    };
    audit::append(tx, &act.entry(0, action, id.0, &name).concerning(other))?;
    Ok(ended)
}
