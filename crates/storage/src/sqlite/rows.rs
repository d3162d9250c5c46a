//! Columns and how a row of them is read: one function per type. `at` is where its columns begin.

use registration::clock::Timestamp;
use registration::device::Device;
use registration::ids::{
    BatchId, DeviceId, InvitationId, OrganizationId, PolicyId, ProfileId, RelationshipId,
    RequestId, UploadId, UserId,
};
use registration::invitation::{Invitation, InvitationState};
use registration::organization::{Organization, OrganizationKind};
use registration::profile::DeploymentProfile;
use registration::relationship::{EndReason, Relationship, RelationshipState};
use registration::upload::{Batch, Upload, UploadStatus};
use registration::user::{Role, User};
use rusqlite::types::{FromSql, Type};
use rusqlite::{Connection, Error, OptionalExtension, Params, Result, Row};
use uuid::Uuid;

use crate::sql;

/// Columns of [`organization`], of the table called `o`.
pub(super) const ORGANIZATION: &str = "o.id, o.kind, o.name, o.domain, o.created_at";
/// How many they are.
pub(super) const ORGANIZATION_WIDTH: usize = 5;
/// Columns of [`user`], of the table called `p`.
pub(super) const USER: &str = "p.id, p.organization_id, p.email, p.name, p.role, \
     p.password_hash IS NOT NULL, p.disabled_at, p.created_at";
/// How many they are.
pub(super) const USER_WIDTH: usize = 8;
/// Columns of [`invitation`], of the table called `i`.
pub(super) const INVITATION: &str = "i.id, i.token, i.party_id, i.customer_label, \
     i.customer_domain, i.delegated_administration, i.reusable, i.state, i.created_by, \
     i.created_at, i.expires_at";
/// How many they are.
pub(super) const INVITATION_WIDTH: usize = 11;
/// Columns of [`relationship`], of the table called `r`.
pub(super) const RELATIONSHIP: &str = "r.id, r.party_id, r.customer_id, r.invitation_id, \
     r.delegated_administration, r.requested_at, r.state, r.active_since, r.accepted_by, \
     r.expires_at, r.ended_at, r.end_reason";
/// How many they are.
pub(super) const RELATIONSHIP_WIDTH: usize = 12;
/// Columns of [`upload`], of the table called `u`.
pub(super) const UPLOAD: &str = "u.id, u.batch_id, u.customer_id, u.party_id, u.created_by, \
     u.request_id, u.file_name, u.file_digest, u.group_tag, u.status, u.row_count, u.counts, \
     u.created_at, u.queued_at, u.completed_at";
/// How many they are.
pub(super) const UPLOAD_WIDTH: usize = 15;
/// Columns of [`device`], of the table called `d`.
pub(super) const DEVICE: &str = "d.id, d.customer_id, d.registered_by, d.registered_by_user, \
     d.batch_id, d.upload_id, d.manufacturer, d.model, d.serial, d.pkid, d.smbios_uuid, \
     d.has_hash, d.verified, d.group_tag, d.registered_at, d.last_asked_at, d.policy_id";

pub(super) fn organization(row: &Row<'_>, at: usize) -> Result<Organization> {
    Ok(Organization {
        id: OrganizationId(row.get(at)?),
        kind: word(row, at + 1, OrganizationKind::parse)?,
        name: row.get(at + 2)?,
        domain: row.get(at + 3)?,
        created_at: Timestamp(row.get(at + 4)?),
    })
}

pub(super) fn user(row: &Row<'_>, at: usize) -> Result<User> {
    Ok(User {
        id: UserId(row.get(at)?),
        organization_id: OrganizationId(row.get(at + 1)?),
        email: row.get(at + 2)?,
        name: row.get(at + 3)?,
        role: word(row, at + 4, Role::parse)?,
        has_password: row.get(at + 5)?,
        disabled_at: time(row, at + 6)?,
        created_at: Timestamp(row.get(at + 7)?),
    })
}

pub(super) fn invitation(row: &Row<'_>, at: usize) -> Result<Invitation> {
    Ok(Invitation {
        id: InvitationId(row.get(at)?),
        token: row.get(at + 1)?,
        party_id: OrganizationId(row.get(at + 2)?),
        customer_label: row.get(at + 3)?,
        customer_domain: row.get(at + 4)?,
        delegated_administration: row.get(at + 5)?,
        reusable: row.get(at + 6)?,
        state: word(row, at + 7, InvitationState::parse)?,
        created_by: UserId(row.get(at + 8)?),
        created_at: Timestamp(row.get(at + 9)?),
        expires_at: time(row, at + 10)?,
    })
}

pub(super) fn relationship(row: &Row<'_>, at: usize) -> Result<Relationship> {
    let state: String = row.get(at + 6)?;
    let state = match state.as_str() {
        "requested" => RelationshipState::Requested,
        "active" => RelationshipState::Active {
            since: Timestamp(row.get(at + 7)?),
            accepted_by: UserId(row.get(at + 8)?),
            expires_at: time(row, at + 9)?,
        },
        "ended" => RelationshipState::Ended {
            at: Timestamp(row.get(at + 10)?),
            reason: word(row, at + 11, EndReason::parse)?,
        },
        _ => return Err(unreadable(at + 6)),
    };
    Ok(Relationship {
        id: RelationshipId(row.get(at)?),
        party_id: OrganizationId(row.get(at + 1)?),
        customer_id: OrganizationId(row.get(at + 2)?),
        invitation_id: InvitationId(row.get(at + 3)?),
        delegated_administration: row.get(at + 4)?,
        requested_at: Timestamp(row.get(at + 5)?),
        state,
    })
}

pub(super) fn upload(row: &Row<'_>, at: usize) -> Result<Upload> {
    let counts: String = row.get(at + 11)?;
    Ok(Upload {
        id: UploadId(row.get(at)?),
        batch_id: row.get::<_, Option<Uuid>>(at + 1)?.map(BatchId),
        customer_id: OrganizationId(row.get(at + 2)?),
        party_id: OrganizationId(row.get(at + 3)?),
        created_by: UserId(row.get(at + 4)?),
        request_id: RequestId(row.get(at + 5)?),
        file_name: row.get(at + 6)?,
        file_digest: row.get(at + 7)?,
        group_tag: row.get(at + 8)?,
        status: word(row, at + 9, UploadStatus::parse)?,
        row_count: row.get(at + 10)?,
        counts: sql::counts_from_text(&counts).map_err(|_| unreadable(at + 11))?,
        created_at: Timestamp(row.get(at + 12)?),
        queued_at: time(row, at + 13)?,
        completed_at: time(row, at + 14)?,
    })
}

/// Columns: id, `customer_id`, `party_id`, name, `group_tag`, number of devices, `created_at`.
pub(super) fn batch(row: &Row<'_>) -> Result<Batch> {
    Ok(Batch {
        id: BatchId(row.get(0)?),
        customer_id: OrganizationId(row.get(1)?),
        party_id: OrganizationId(row.get(2)?),
        name: row.get(3)?,
        group_tag: row.get(4)?,
        device_count: row.get(5)?,
        created_at: Timestamp(row.get(6)?),
    })
}

pub(super) fn device(row: &Row<'_>) -> Result<Device> {
    Ok(Device {
        id: DeviceId(row.get(0)?),
        customer_id: OrganizationId(row.get(1)?),
        registered_by: OrganizationId(row.get(2)?),
        registered_by_user: UserId(row.get(3)?),
        batch_id: BatchId(row.get(4)?),
        upload_id: UploadId(row.get(5)?),
        manufacturer: row.get(6)?,
        model: row.get(7)?,
        serial: row.get(8)?,
        pkid: row.get(9)?,
        smbios_uuid: row.get(10)?,
        has_hash: row.get(11)?,
        verified: row.get(12)?,
        group_tag: row.get(13)?,
        registered_at: Timestamp(row.get(14)?),
        last_asked_at: time(row, 15)?,
        policy_id: row.get::<_, Option<Uuid>>(16)?.map(PolicyId),
    })
}

/// Columns: id, name, settings, `updated_at`.
pub(super) fn profile(row: &Row<'_>) -> Result<DeploymentProfile> {
    let settings: String = row.get(2)?;
    Ok(DeploymentProfile {
        id: ProfileId(row.get(0)?),
        name: row.get(1)?,
        settings: sql::from_json(settings.as_bytes()).map_err(|_| unreadable(2))?,
        updated_at: Timestamp(row.get(3)?),
    })
}

/// A time that may be missing.
pub(super) fn time(row: &Row<'_>, at: usize) -> Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(at)?.map(Timestamp))
}

/// A word of a closed set.
pub(super) fn word<T>(row: &Row<'_>, at: usize, parse: fn(&str) -> Option<T>) -> Result<T> {
    let word: String = row.get(at)?;
    parse(&word).ok_or_else(|| unreadable(at))
}

/// A stored value that the program does not know: written by another version, or damaged.
pub(super) fn unreadable(at: usize) -> Error {
    Error::FromSqlConversionFailure(at, Type::Text, "not a value of this version".into())
}

/// The first row, if there is one.
pub(super) fn first<T>(
    conn: &Connection,
    text: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T>,
) -> crate::Result<Option<T>> {
    let mut statement = conn.prepare_cached(text)?;
    Ok(statement.query_row(params, read).optional()?)
}

/// Every row.
pub(super) fn all<T>(
    conn: &Connection,
    text: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> crate::Result<Vec<T>> {
    let mut statement = conn.prepare_cached(text)?;
    let rows = statement.query_map(params, read)?.collect::<Result<_>>()?;
    Ok(rows)
}

/// The one value of the one row.
pub(super) fn value<T: FromSql>(
    conn: &Connection,
    text: &str,
    params: impl Params,
) -> crate::Result<T> {
    let mut statement = conn.prepare_cached(text)?;
    Ok(statement.query_row(params, |row| row.get(0))?)
}

/// Carries out a statement and answers how many rows it changed.
pub(super) fn run(conn: &Connection, text: &str, params: impl Params) -> crate::Result<usize> {
    Ok(conn.prepare_cached(text)?.execute(params)?)
}
