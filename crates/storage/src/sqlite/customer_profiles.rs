//! Deployment profiles of a customer's own, and which of its devices get them.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction, AuditEntry};
use registration::clock::Timestamp;
use registration::customer_profile::{
    ASSIGNMENTS_AT_ONCE, AssignmentTarget, CustomerProfile, GivenProfile, PROFILES_AT_ONCE,
    ProfileAssignment, ProfileChange, ProfileReach,
};
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, ProfileId};
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::rows::{self, DEVICE};
use super::sight::Sight;
use super::{Sqlite, audit, device_profiles};
use crate::customer_profiles::CustomerProfiles;
use crate::effective::{effective_profile, nearest_assignment};
use crate::{Page, Refused, Result, StorageError, sql};

/// Columns of [`profile`].
const PROFILE: &str = "SELECT id, customer_id, name, description, settings, created_at, \
     updated_at FROM customer_profile";

#[async_trait]
impl CustomerProfiles for Sqlite {
    async fn customer_profiles(&self, scope: &Scope) -> Result<Vec<CustomerProfile>> {
        let own = scope.organization_id();
        let text = format!("{PROFILE} WHERE customer_id = ?1 ORDER BY name");
        self.read(move |conn| rows::all(conn, &text, [own.0], profile))
            .await
    }

    async fn customer_profile(
        &self,
        scope: &Scope,
        id: ProfileId,
    ) -> Result<Option<CustomerProfile>> {
        let own = scope.organization_id();
        self.read(move |conn| by_id(conn, own, id)).await
    }

    async fn make_customer_profile(
        &self,
        scope: &Scope,
        act: &Act,
        mut profile: CustomerProfile,
    ) -> Result<()> {
        let act = act.clone();
        profile.customer_id = scope.organization_id();
        self.write(move |tx| make(tx, &act, &profile)).await
    }

    async fn change_customer_profile(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        change: ProfileChange,
    ) -> Result<CustomerProfile> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let found = by_id(tx, own, id)?.ok_or(StorageError::NotFound)?;
            let changed = found.changed(change, act.at).map_err(Refused::Profile)?;
            write(tx, &act, &changed)?;
            Ok(changed)
        })
        .await
    }

    async fn delete_customer_profile(&self, scope: &Scope, act: &Act, id: ProfileId) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| delete(tx, own, &act, id)).await
    }

    async fn profile_assignments(&self, scope: &Scope) -> Result<Vec<ProfileAssignment>> {
        let own = scope.organization_id();
        let text = "SELECT profile_id, kind, group_tag FROM profile_assignment \
                    WHERE customer_id = ?1 ORDER BY profile_id, assigned_at, kind, group_tag";
        self.read(move |conn| rows::all(conn, text, [own.0], assignment))
            .await
    }

    async fn change_assignment(
        &self,
        scope: &Scope,
        act: &Act,
        from: Option<ProfileAssignment>,
        to: Option<ProfileAssignment>,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            if let Some(from) = &from {
                unassign(tx, own, &act, from)?;
            }
            to.iter().try_for_each(|to| assign(tx, own, &act, to))
        })
        .await
    }

    async fn give_profile(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        devices: &[DeviceId],
    ) -> Result<()> {
        let (own, act, devices) = (scope.organization_id(), act.clone(), devices.to_vec());
        self.write(move |tx| device_profiles::give(tx, own, &act, id, &devices))
            .await
    }

    async fn take_profile_back(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        devices: &[DeviceId],
    ) -> Result<u64> {
        let (own, act, devices) = (scope.organization_id(), act.clone(), devices.to_vec());
        self.write(move |tx| device_profiles::take_back(tx, own, &act, id, &devices))
            .await
    }

    async fn profile_reach(&self, scope: &Scope) -> Result<Vec<ProfileReach>> {
        let own = scope.organization_id();
        self.read(move |conn| device_profiles::reach(conn, own))
            .await
    }

    async fn devices_of_profile(
        &self,
        scope: &Scope,
        id: ProfileId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Device>> {
        let own = scope.organization_id();
        let text = format!(
            "SELECT {DEVICE} FROM device d LEFT JOIN group_tag g ON g.tag = d.group_tag \
             WHERE d.customer_id = ?1 AND d.id < ?2 AND {} = ?3 ORDER BY d.id DESC LIMIT ?4",
            effective_profile!()
        );
        let before = before.unwrap_or(Uuid::max());
        self.read(move |conn| {
            let values = params![own.0, before, id.0, limit + 1];
            let found = rows::all(conn, &text, values, rows::device)?;
            Ok(Page::of(found, limit, |device| device.id.0))
        })
        .await
    }

    async fn profiles_of_devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        devices: &[DeviceId],
        now: Timestamp,
    ) -> Result<Vec<(DeviceId, GivenProfile)>> {
        let (scope, devices) = (*scope, devices.to_vec());
        self.read(move |conn| {
            let mut found = Vec::with_capacity(devices.len());
            let sight = Sight::of(conn, &scope, customer, now)?;
            if sight == Sight::Nothing {
                return Ok(found);
            }
            for device in devices {
                let given = device_profiles::given(conn, sight, customer, device)?;
                found.extend(given.map(|given| (device, given)));
            }
            Ok(found)
        })
        .await
    }

    async fn customer_profile_of_device(&self, id: ProfileId) -> Result<Option<CustomerProfile>> {
        let text = format!("{PROFILE} WHERE id = ?1");
        self.read(move |conn| rows::first(conn, &text, [id.0], profile))
            .await
    }
}

fn profile(row: &Row<'_>) -> rusqlite::Result<CustomerProfile> {
    let settings: String = row.get(4)?;
    Ok(CustomerProfile {
        id: ProfileId(row.get(0)?),
        customer_id: OrganizationId(row.get(1)?),
        name: row.get(2)?,
        description: row.get(3)?,
        settings: sql::from_json(settings.as_bytes()).map_err(|_| rows::unreadable(4))?,
        created_at: Timestamp(row.get(5)?),
        updated_at: Timestamp(row.get(6)?),
    })
}

fn assignment(row: &Row<'_>) -> rusqlite::Result<ProfileAssignment> {
    let (kind, tag): (String, String) = (row.get(1)?, row.get(2)?);
    let target = AssignmentTarget::of_stored(&kind, tag).ok_or_else(|| rows::unreadable(1))?;
    let profile_id = ProfileId(row.get(0)?);
    Ok(ProfileAssignment { profile_id, target })
}

pub(super) fn by_id(
    conn: &Connection,
    own: OrganizationId,
    id: ProfileId,
) -> Result<Option<CustomerProfile>> {
    let text = format!("{PROFILE} WHERE id = ?1 AND customer_id = ?2");
    rows::first(conn, &text, [id.0, own.0], profile)
}

fn line(act: &Act, action: AuditAction, profile: &CustomerProfile) -> AuditEntry {
    act.entry(0, action, profile.id.0, &profile.name)
}

fn make(tx: &Transaction<'_>, act: &Act, profile: &CustomerProfile) -> Result<()> {
    let text = "SELECT COUNT(*) FROM customer_profile WHERE customer_id = ?1";
    let known: usize = rows::value(tx, text, [profile.customer_id.0])?;
    if known >= PROFILES_AT_ONCE {
        return Err(Refused::TooManyProfiles.into());
    }
    rows::run(
        tx,
        "INSERT INTO customer_profile (id, customer_id, name, description, settings, created_at, \
         updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
        params![
            profile.id.0,
            profile.customer_id.0,
            profile.name,
            profile.description,
            sql::to_text(&profile.settings)?,
            act.at.0,
        ],
    )?;
    audit::append(tx, &line(act, AuditAction::OwnProfileMade, profile))
}

fn write(tx: &Transaction<'_>, act: &Act, profile: &CustomerProfile) -> Result<()> {
    rows::run(
        tx,
        "UPDATE customer_profile SET name = ?2, description = ?3, settings = ?4, updated_at = ?5 \
         WHERE id = ?1",
        params![
            profile.id.0,
            profile.name,
            profile.description,
            sql::to_text(&profile.settings)?,
            act.at.0,
        ],
    )?;
    audit::append(tx, &line(act, AuditAction::OwnProfileChanged, profile))
}

fn delete(tx: &Transaction<'_>, own: OrganizationId, act: &Act, id: ProfileId) -> Result<()> {
    let profile = by_id(tx, own, id)?.ok_or(StorageError::NotFound)?;
    let text = "UPDATE device SET profile_id = NULL, assigned_at = ?2 WHERE profile_id = ?1";
    let devices = rows::run(tx, text, params![id.0, act.at.0])?;
    let text = "DELETE FROM profile_assignment WHERE customer_id = ?1 AND profile_id = ?2";
    rows::run(tx, text, [own.0, id.0])?;
    rows::run(tx, "DELETE FROM customer_profile WHERE id = ?1", [id.0])?;
    let entry = line(act, AuditAction::OwnProfileDeleted, &profile);
    let entry = entry.saying(sql::devices_had_it(devices as u64));
    audit::append(tx, &entry)
}

fn assign(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    to: &ProfileAssignment,
) -> Result<()> {
    let profile = by_id(tx, own, to.profile_id)?.ok_or(StorageError::NotFound)?;
    let text = "SELECT COUNT(*) FROM profile_assignment WHERE customer_id = ?1 AND profile_id = ?2";
    let known: usize = rows::value(tx, text, [own.0, profile.id.0])?;
    let (kind, tag) = to.target.stored();
    let added = rows::run(
        tx,
        "INSERT INTO profile_assignment (customer_id, profile_id, kind, group_tag, assigned_at) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![own.0, profile.id.0, kind, tag, act.at.0],
    )?;
    if added == 0 {
        return Ok(());
    }
    if known >= ASSIGNMENTS_AT_ONCE {
        return Err(Refused::TooManyAssignments.into());
    }
    let entry = act.entry(
        1,
        AuditAction::OwnProfileAssigned,
        profile.id.0,
        &profile.name,
    );
    audit::append(tx, &entry.saying(to.target.in_words()))
}

fn unassign(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    from: &ProfileAssignment,
) -> Result<()> {
    let profile = by_id(tx, own, from.profile_id)?.ok_or(StorageError::NotFound)?;
    let (kind, tag) = from.target.stored();
    let taken = rows::run(
        tx,
        "DELETE FROM profile_assignment WHERE customer_id = ?1 AND profile_id = ?2 AND kind = ?3 \
         AND group_tag = ?4",
        params![own.0, profile.id.0, kind, tag],
    )?;
    if taken == 0 {
        return Err(StorageError::NotFound);
    }
    let entry = line(act, AuditAction::OwnProfileUnassigned, &profile);
    audit::append(tx, &entry.saying(from.target.in_words()))
}
