//! Invitations, relationships and consent.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{InvitationId, OrganizationId, RelationshipId};
use registration::invitation::{Invitation, InvitationRefusal, InvitationState};
use registration::organization::Organization;
use registration::relationship::{EndReason, Relationship, RelationshipState};
use rusqlite::{Connection, Transaction, params};

use super::rows::{
    self, INVITATION, INVITATION_WIDTH, ORGANIZATION, ORGANIZATION_WIDTH, RELATIONSHIP,
    RELATIONSHIP_WIDTH,
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

fn keep_invitation(tx: &Transaction<'_>, invitation: &Invitation) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO invitation (id, token, party_id, customer_label, customer_domain, \
         delegated_administration, reusable, state, created_by, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            invitation.id.0,
            invitation.token,
            invitation.party_id.0,
            invitation.customer_label,
            invitation.customer_domain,
            invitation.delegated_administration,
            invitation.reusable,
            invitation.state.as_str(),
            invitation.created_by.0,
            invitation.created_at.0,
            invitation.expires_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}

fn note_made(tx: &Transaction<'_>, act: &Act, invitation: &Invitation) -> Result<()> {
    let (id, label) = (invitation.id.0, &invitation.customer_label);
    audit::append(tx, &act.entry(0, AuditAction::InvitationMade, id, label))
}

fn make_invitation(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    mut invitation: Invitation,
) -> Result<()> {
    invitation.party_id = scope.organization_id();
    keep_invitation(tx, &invitation)?;
    if let Some(domain) = &invitation.customer_domain {
        let text = format!(
            "SELECT {ORGANIZATION} FROM organization o WHERE o.domain = ?1 AND o.kind = 'customer'"
        );
        let customer = rows::first(tx, &text, [domain], |row| rows::organization(row, 0))?;
        if let Some(customer) = customer {
            end_expired(tx, invitation.party_id, customer.id, act.at)?;
            request(
                tx,
                sql::relationship_id(act, 0),
                &invitation,
                customer.id,
                act.at,
            )?;
        }
    }
    note_made(tx, act, &invitation)
}

/// Makes a requested relationship out of an invitation, unless one stands between the two.
pub(super) fn request(
    tx: &Transaction<'_>,
    id: RelationshipId,
    invitation: &Invitation,
    customer: OrganizationId,
    at: Timestamp,
) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO relationship (id, party_id, customer_id, invitation_id, \
         delegated_administration, state, requested_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, 'requested', ?6) \
         ON CONFLICT (party_id, customer_id, ended_at) DO NOTHING",
        params![
            id.0,
            invitation.party_id.0,
            customer.0,
            invitation.id.0,
            invitation.delegated_administration,
            at.0,
        ],
    )?;
    Ok(())
}

fn unique_link(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    mut invitation: Invitation,
) -> Result<Invitation> {
    let text = format!(
        "SELECT {INVITATION} FROM invitation i \
         WHERE i.party_id = ?1 AND i.reusable AND i.state = 'open' ORDER BY i.id LIMIT 1"
    );
    let own = scope.organization_id();
    if let Some(known) = rows::first(tx, &text, [own.0], |row| rows::invitation(row, 0))? {
        return Ok(known);
    }
    invitation.party_id = own;
    invitation.reusable = true;
    keep_invitation(tx, &invitation)?;
    note_made(tx, act, &invitation)?;
    Ok(invitation)
}

fn by_token(conn: &Connection, token: &str) -> Result<Option<(Invitation, Organization)>> {
    let text = format!(
        "SELECT {INVITATION}, {ORGANIZATION} FROM invitation i \
         JOIN organization o ON o.id = i.party_id WHERE i.token = ?1"
    );
    rows::first(conn, &text, [token], |row| {
        Ok((
            rows::invitation(row, 0)?,
            rows::organization(row, INVITATION_WIDTH)?,
        ))
    })
}

fn set_invitation_state(
    tx: &Transaction<'_>,
    id: InvitationId,
    state: InvitationState,
) -> Result<()> {
    let text = "UPDATE invitation SET state = ?2 WHERE id = ?1";
    rows::run(tx, text, params![id.0, state.as_str()])?;
    Ok(())
}

fn withdraw_invitation(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    id: InvitationId,
) -> Result<()> {
    let text = format!("SELECT {INVITATION} FROM invitation i WHERE i.id = ?1 AND i.party_id = ?2");
    let found = rows::first(tx, &text, params![id.0, scope.organization_id().0], |row| {
        rows::invitation(row, 0)
    })?;
    let invitation = found.ok_or(StorageError::NotFound)?;
    match invitation.state {
        InvitationState::Withdrawn => return Ok(()),
        InvitationState::Answered => return Err(InvitationRefusal::Answered.into()),
        InvitationState::Open => {}
    }
    set_invitation_state(tx, id, InvitationState::Withdrawn)?;
    rows::run(
        tx,
        "UPDATE relationship SET state = 'ended', end_reason = 'withdrawn', ended_at = ?2 \
         WHERE invitation_id = ?1 AND state = 'requested' AND ended_at = 0",
        params![id.0, act.at.0],
    )?;
    let label = &invitation.customer_label;
    audit::append(
        tx,
        &act.entry(0, AuditAction::InvitationWithdrawn, id.0, label),
    )
}

/// Ends what stands between the two as expired if its date has passed.
fn end_expired(
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

fn write_end(tx: &Transaction<'_>, ended: &Relationship) -> Result<()> {
    if let RelationshipState::Ended { at, reason } = ended.state {
        rows::run(
            tx,
            "UPDATE relationship SET state = 'ended', ended_at = ?2, end_reason = ?3 WHERE id = ?1",
            params![ended.id.0, at.0, reason.as_str()],
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
