//! The profiles of devices: given to them themselves, and what each of them gets.

use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::customer_profile::{GivenProfile, ProfileOrigin, ProfileReach};
use registration::ids::{DeviceId, OrganizationId, ProfileId};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::audit;
use super::customer_profiles::by_id;
use super::rows::{self, DEVICE};
use super::sight::Sight;
use crate::effective::{
    assigned_at, effective_profile, nearest_assignment, profile_origin, profile_reach,
};
use crate::{Result, StorageError, sql};

/// How many devices of the customer get which profile.
pub(super) fn reach(conn: &Connection, own: OrganizationId) -> Result<Vec<ProfileReach>> {
    rows::all(conn, profile_reach!("?1"), [own.0], |row| {
        Ok(ProfileReach {
            id: ProfileId(row.get(0)?),
            devices: row.get(1)?,
            directly: row.get(2)?,
        })
    })
}

/// Gives devices of the customer a profile of its own before all others, or none of them.
pub(super) fn give(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    id: ProfileId,
    devices: &[DeviceId],
) -> Result<()> {
    let profile = by_id(tx, own, id)?.ok_or(StorageError::NotFound)?;
    for (n, device) in (0..).zip(devices) {
        let text = format!("SELECT {DEVICE} FROM device d WHERE d.customer_id = ?1 AND d.id = ?2");
        let found = rows::first(tx, &text, [own.0, device.0], rows::device)?;
        let found = found.ok_or(StorageError::NotFound)?;
        let text = "UPDATE device SET profile_id = ?3, assigned_at = ?4 WHERE customer_id = ?1 \
                    AND id = ?2 AND profile_id IS NOT ?3";
        if rows::run(tx, text, params![own.0, device.0, id.0, act.at.0])? > 0 {
            let name = sql::device_name(&found);
            let entry = act.entry(n, AuditAction::DeviceProfileSet, device.0, &name);
            audit::append(tx, &entry.saying(profile.name.clone()))?;
        }
    }
    Ok(())
}

/// Takes such a profile back from those of the devices that have it.
pub(super) fn take_back(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    id: ProfileId,
    devices: &[DeviceId],
) -> Result<u64> {
    let profile = by_id(tx, own, id)?.ok_or(StorageError::NotFound)?;
    let mut taken = 0;
    for device in devices {
        let text = format!(
            "SELECT {DEVICE} FROM device d WHERE d.customer_id = ?1 AND d.id = ?2 \
             AND d.profile_id = ?3"
        );
        let values = [own.0, device.0, id.0];
        let Some(found) = rows::first(tx, &text, values, rows::device)? else {
            continue;
        };
        let text = "UPDATE device SET profile_id = NULL, assigned_at = ?3 \
                    WHERE customer_id = ?1 AND id = ?2";
        rows::run(tx, text, params![own.0, device.0, act.at.0])?;
        let (action, name) = (
            AuditAction::DeviceProfileTakenBack,
            sql::device_name(&found),
        );
        let entry = act.entry(taken, action, device.0, &name);
        audit::append(tx, &entry.saying(profile.name.clone()))?;
        taken += 1;
    }
    Ok(taken)
}

/// The profile that a device in sight gets, why, and since when.
pub(super) fn given(
    conn: &Connection,
    sight: Sight,
    customer: OrganizationId,
    device: DeviceId,
) -> Result<Option<GivenProfile>> {
    let text = concat!(
        "SELECT ",
        effective_profile!(),
        ", ",
        profile_origin!(),
        ", ",
        assigned_at!("MAX"),
        " FROM device d LEFT JOIN group_tag g ON g.tag = d.group_tag \
         WHERE d.customer_id = ?1 AND d.id = ?2 AND (?3 IS NULL OR d.registered_by = ?3)"
    );
    let party = sight.party().map(|party| party.0);
    let values = params![customer.0, device.0, party];
    let found = rows::first(conn, text, values, |row| {
        let word: String = row.get(1)?;
        let origin = ProfileOrigin::of_stored(&word).ok_or_else(|| rows::unreadable(1))?;
        let id: Option<Uuid> = row.get(0)?;
        let since = Timestamp(row.get(2)?);
        Ok(id.map(|id| GivenProfile {
            id: ProfileId(id),
            origin,
            since,
        }))
    })?;
    Ok(found.flatten())
}
