//! Rows into values: one function a type, which reads its columns (see `columns.rs`) from a
//! position on, so that a query can join several.

use device_list::IdentityKey;
use device_list::identifier::{Manufacturer, Model, Pkid, SerialNumber};
use registration::clock::Timestamp;
use registration::device::Device;
use registration::directory::BuiltDevice;
use registration::ids::{
    BatchId, DeviceId, InvitationId, OrganizationId, PolicyId, RelationshipId, RequestId, UploadId,
    UserId,
};
use registration::invitation::{Invitation, InvitationState};
use registration::organization::{Organization, OrganizationKind};
use registration::relationship::{EndReason, Relationship, RelationshipState};
use registration::upload::{Upload, UploadStatus};
use registration::user::{Role, User};
use tokio_postgres::Row;
use uuid::Uuid;

use super::trouble::Trouble;
use crate::Result;
use crate::people::Member;
use crate::sql;

/// An organization.
pub(super) fn organization(row: &Row, at: usize) -> Result<Organization> {
    Ok(Organization {
        id: OrganizationId(row.try_get(at)?),
        kind: word(row, at + 1, "organization.kind", OrganizationKind::parse)?,
        name: row.try_get(at + 2)?,
        domain: row.try_get(at + 3)?,
        created_at: Timestamp(row.try_get(at + 4)?),
    })
}

/// A person.
pub(super) fn user(row: &Row, at: usize) -> Result<User> {
    Ok(User {
        id: UserId(row.try_get(at)?),
        organization_id: OrganizationId(row.try_get(at + 1)?),
        email: row.try_get(at + 2)?,
        name: row.try_get(at + 3)?,
        role: word(row, at + 4, "person.role", Role::parse)?,
        has_password: row.try_get::<_, Option<&str>>(at + 5)?.is_some(),
        disabled_at: time(row, at + 6)?,
        created_at: Timestamp(row.try_get(at + 7)?),
    })
}

/// A person with its organization.
pub(super) fn member(row: &Row, at: usize) -> Result<Member> {
    Ok(Member {
        user: user(row, at)?,
        organization: organization(row, at + 8)?,
    })
}

/// An invitation.
pub(super) fn invitation(row: &Row, at: usize) -> Result<Invitation> {
    Ok(Invitation {
        id: InvitationId(row.try_get(at)?),
        token: row.try_get(at + 1)?,
        party_id: OrganizationId(row.try_get(at + 2)?),
        customer_label: row.try_get(at + 3)?,
        customer_domain: row.try_get(at + 4)?,
        delegated_administration: row.try_get(at + 5)?,
        reusable: row.try_get(at + 6)?,
        state: word(row, at + 7, "invitation.state", InvitationState::parse)?,
        created_by: UserId(row.try_get(at + 8)?),
        created_at: Timestamp(row.try_get(at + 9)?),
        expires_at: time(row, at + 10)?,
    })
}

/// A relationship.
pub(super) fn relationship(row: &Row, at: usize) -> Result<Relationship> {
    Ok(Relationship {
        id: RelationshipId(row.try_get(at)?),
        party_id: OrganizationId(row.try_get(at + 1)?),
        customer_id: OrganizationId(row.try_get(at + 2)?),
        invitation_id: InvitationId(row.try_get(at + 3)?),
        delegated_administration: row.try_get(at + 4)?,
        requested_at: Timestamp(row.try_get(at + 6)?),
        state: relationship_state(row, at + 5)?,
    })
}

fn relationship_state(row: &Row, at: usize) -> Result<RelationshipState> {
    Ok(match row.try_get(at)? {
        "requested" => RelationshipState::Requested,
        "active" => RelationshipState::Active {
            since: Timestamp(row.try_get(at + 2)?),
            accepted_by: UserId(row.try_get(at + 3)?),
            expires_at: time(row, at + 4)?,
        },
        "ended" => RelationshipState::Ended {
            at: Timestamp(row.try_get(at + 5)?),
            reason: word(row, at + 6, "relationship.end_reason", EndReason::parse)?,
        },
        _ => return Err(Trouble::Column("relationship.state").into()),
    })
}

/// An upload.
pub(super) fn upload(row: &Row, at: usize) -> Result<Upload> {
    let digest: &[u8] = row.try_get(at + 7)?;
    Ok(Upload {
        id: UploadId(row.try_get(at)?),
        batch_id: row.try_get::<_, Option<Uuid>>(at + 1)?.map(BatchId),
        customer_id: OrganizationId(row.try_get(at + 2)?),
        party_id: OrganizationId(row.try_get(at + 3)?),
        created_by: UserId(row.try_get(at + 4)?),
        request_id: RequestId(row.try_get(at + 5)?),
        file_name: row.try_get(at + 6)?,
        file_digest: digest
            .try_into()
            .map_err(|_| Trouble::Column("upload.file_digest"))?,
        group_tag: row.try_get(at + 8)?,
        status: word(row, at + 9, "upload.status", UploadStatus::parse)?,
        row_count: count(row, at + 10)?,
        counts: sql::counts_from_text(row.try_get(at + 11)?)?,
        created_at: Timestamp(row.try_get(at + 12)?),
        queued_at: time(row, at + 13)?,
        completed_at: time(row, at + 14)?,
    })
}

/// A device.
pub(super) fn device(row: &Row, at: usize) -> Result<Device> {
    Ok(Device {
        id: DeviceId(row.try_get(at)?),
        customer_id: OrganizationId(row.try_get(at + 1)?),
        registered_by: OrganizationId(row.try_get(at + 2)?),
        registered_by_user: UserId(row.try_get(at + 3)?),
        batch_id: BatchId(row.try_get(at + 4)?),
        upload_id: UploadId(row.try_get(at + 5)?),
        manufacturer: row.try_get(at + 6)?,
        model: row.try_get(at + 7)?,
        serial: row.try_get(at + 8)?,
        pkid: row.try_get(at + 9)?,
        smbios_uuid: smbios_uuid(row, at + 10)?,
        has_hash: row.try_get(at + 11)?,
        verified: row.try_get(at + 12)?,
        group_tag: row.try_get(at + 13)?,
        registered_at: Timestamp(row.try_get(at + 14)?),
        last_asked_at: time(row, at + 15)?,
        policy_id: row.try_get::<_, Option<Uuid>>(at + 16)?.map(PolicyId),
    })
}

/// What an OEM reported of a machine.
pub(super) fn built_device(row: &Row, at: usize) -> Result<BuiltDevice> {
    let wrong = |column| move |_| Trouble::Column(column);
    let pkid: Option<&str> = row.try_get(at + 3)?;
    Ok(BuiltDevice {
        manufacturer: Manufacturer::parse(row.try_get(at)?)
            .map_err(wrong("directory_entry.manufacturer"))?,
        model: Model::parse(row.try_get(at + 1)?).map_err(wrong("directory_entry.model"))?,
        serial: SerialNumber::parse(row.try_get(at + 2)?)
            .map_err(wrong("directory_entry.serial"))?,
        pkid: pkid
            .map(Pkid::parse)
            .transpose()
            .map_err(wrong("directory_entry.pkid"))?,
        smbios_uuid: smbios_uuid(row, at + 4)?,
    })
}

/// An SMBIOS UUID, if there is one.
pub(super) fn smbios_uuid(row: &Row, at: usize) -> Result<Option<[u8; 16]>> {
    Ok(row.try_get::<_, Option<Uuid>>(at)?.map(Uuid::into_bytes))
}

/// An identity key.
pub(super) fn key(row: &Row, at: usize) -> Result<IdentityKey> {
    let bytes: &[u8] = row.try_get(at)?;
    let key = bytes.try_into().map_err(|_| Trouble::Column("key"))?;
    Ok(IdentityKey(key))
}

/// A time, if there is one.
pub(super) fn time(row: &Row, at: usize) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<_, Option<i64>>(at)?.map(Timestamp))
}

/// A count.
pub(super) fn count(row: &Row, at: usize) -> Result<u64> {
    let count: i64 = row.try_get(at)?;
    Ok(u64::try_from(count).map_err(|_| Trouble::Column("count"))?)
}

/// A word out of a closed list.
pub(super) fn word<T>(
    row: &Row,
    at: usize,
    column: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T> {
    Ok(parse(row.try_get(at)?).ok_or(Trouble::Column(column))?)
}
