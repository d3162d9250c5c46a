//! Invitations: made, found by their token, taken back.

use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{InvitationId, OrganizationId, RelationshipId};
use registration::invitation::{Invitation, InvitationRefusal, InvitationState};
use registration::organization::Organization;
use rusqlite::{Connection, Transaction, params};

use super::audit;
use super::relationships::end_expired;
use super::rows::{self, INVITATION, INVITATION_WIDTH, ORGANIZATION};
use crate::{Result, StorageError, sql};

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

/// Keeps an invitation, and asks the customer it is addressed to.
pub(super) fn make_invitation(
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

/// The reusable link of the scope's organization, made if there is none.
pub(super) fn unique_link(
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

/// An invitation and who made it.
pub(super) fn by_token(
    conn: &Connection,
    token: &str,
) -> Result<Option<(Invitation, Organization)>> {
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

/// Moves an invitation on.
pub(super) fn set_invitation_state(
    tx: &Transaction<'_>,
    id: InvitationId,
    state: InvitationState,
) -> Result<()> {
    let text = "UPDATE invitation SET state = ?2 WHERE id = ?1";
    rows::run(tx, text, params![id.0, state.as_str()])?;
    Ok(())
}

/// Takes an invitation back, with what is only requested by it.
pub(super) fn withdraw_invitation(
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
