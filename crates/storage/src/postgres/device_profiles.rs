//! The profiles of devices: given to them themselves, and what each of them gets.

use deadpool_postgres::GenericClient;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::customer_profile::{GivenProfile, ProfileOrigin, ProfileReach};
use registration::ids::{DeviceId, OrganizationId, ProfileId};
use uuid::Uuid;

use super::consent::Sight;
use super::customer_profiles::lock;
use super::trouble::Trouble;
use super::{Tx, query, rows, trail};
use crate::effective::{
    assigned_at, effective_profile, nearest_assignment, profile_origin, profile_reach,
};
use crate::{Result, StorageError, sql};

const LOCK_DEVICES: &str = concat!(
    "SELECT ",
    device_columns!("d"),
    ", d.profile_id FROM device d WHERE d.customer_id = $1 AND d.id = ANY ($2)
      ORDER BY d.id FOR UPDATE"
);

const GIVE: &str = "\
    UPDATE device SET profile_id = $3, assigned_at = $4
    WHERE customer_id = $1 AND id = ANY ($2) AND profile_id IS DISTINCT FROM $3";

const LOCK_THOSE_WITH: &str = concat!(
    "SELECT ",
    device_columns!("d"),
    " FROM device d WHERE d.customer_id = $1 AND d.id = ANY ($2) AND d.profile_id = $3
      ORDER BY d.id FOR UPDATE"
);

const TAKE_BACK: &str = "\
    UPDATE device SET profile_id = NULL, assigned_at = $4
    WHERE customer_id = $1 AND id = ANY ($2) AND profile_id = $3";

const GIVEN: &str = concat!(
    "SELECT d.id, ",
    effective_profile!(),
    ", ",
    profile_origin!(),
    ", ",
    assigned_at!("GREATEST"),
    " FROM device d LEFT JOIN group_tag g ON g.tag = d.group_tag
      WHERE d.customer_id = $1 AND d.id = ANY ($2)
      AND ($3::uuid IS NULL OR d.registered_by = $3)"
);

/// How many devices of the customer get which profile.
pub(super) async fn reach(
    db: &impl GenericClient,
    own: OrganizationId,
) -> Result<Vec<ProfileReach>> {
    let found = query::all(db, profile_reach!("$1"), &[&own.0]).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(ProfileReach {
            id: ProfileId(row.try_get(0)?),
            devices: rows::count(row, 1)?,
            directly: rows::count(row, 2)?,
        })
    };
    found.iter().map(read).collect()
}

/// The profiles that devices in sight get, why, and since when.
pub(super) async fn given(
    db: &impl GenericClient,
    sight: Sight,
    customer: OrganizationId,
    devices: &[DeviceId],
) -> Result<Vec<(DeviceId, GivenProfile)>> {
    let ids: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
    let found = query::all(db, GIVEN, &[&customer.0, &ids, &sight.party()]).await?;
    let mut all = Vec::with_capacity(found.len());
    for row in &found {
        let Some(id) = row.try_get::<_, Option<Uuid>>(1)? else {
            continue;
        };
        let origin = ProfileOrigin::of_stored(row.try_get(2)?);
        let origin = origin.ok_or(Trouble::Column("origin of a profile"))?;
        let given = GivenProfile {
            id: ProfileId(id),
            origin,
            since: Timestamp(row.try_get(3)?),
        };
        all.push((DeviceId(row.try_get(0)?), given));
    }
    Ok(all)
}

/// Gives devices of the customer a profile of its own before all others, or none of them.
pub(super) async fn give(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    id: ProfileId,
    devices: &[Uuid],
) -> Result<()> {
    let profile = lock(tx, own, id).await?;
    let found = query::all(tx, LOCK_DEVICES, &[&own.0, &devices]).await?;
    if found.len() < devices.len() {
        return Err(StorageError::NotFound);
    }
    let mut lines = Vec::new();
    for row in &found {
        if row.try_get::<_, Option<Uuid>>(17)? != Some(id.0) {
            let device = rows::device(row, 0)?;
            let (n, name) = (lines.len() as u64, sql::device_name(&device));
            let entry = act.entry(n, AuditAction::DeviceProfileSet, device.id.0, &name);
            lines.push(entry.saying(profile.name.clone()));
        }
    }
    query::run(tx, GIVE, &[&own.0, &devices, &id.0, &act.at.0]).await?;
    trail::write(tx, &lines).await
}

/// Takes such a profile back from those of the devices that have it.
pub(super) async fn take_back(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    id: ProfileId,
    devices: &[Uuid],
) -> Result<u64> {
    let profile = lock(tx, own, id).await?;
    let values: query::Parameters<'_> = &[&own.0, &devices, &id.0];
    let found = query::all(tx, LOCK_THOSE_WITH, values).await?;
    let mut lines = Vec::with_capacity(found.len());
    for (n, row) in (0..).zip(&found) {
        let device = rows::device(row, 0)?;
        let (action, name) = (
            AuditAction::DeviceProfileTakenBack,
            sql::device_name(&device),
        );
        let entry = act.entry(n, action, device.id.0, &name);
        lines.push(entry.saying(profile.name.clone()));
    }
    query::run(tx, TAKE_BACK, &[&own.0, &devices, &id.0, &act.at.0]).await?;
    trail::write(tx, &lines).await?;
    Ok(found.len() as u64)
}
