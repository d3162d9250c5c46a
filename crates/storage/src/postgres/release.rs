//! Releasing devices, and changing their group tags.

use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::consent::Sight;
use super::{Tx, query, rows, trail};
use crate::{Result, sql};

const LOCK: &str = concat!(
    "SELECT ",
    device_columns!("d"),
    ", d.keys, o.name FROM device d JOIN organization o ON o.id = d.registered_by
      WHERE d.customer_id = $1 AND d.id = ANY ($2)
      AND ($3::uuid IS NULL OR d.registered_by = $3) ORDER BY d.id FOR UPDATE OF d"
);

/// A device that is in sight, with its keys and who registered it.
struct Seen {
    device: Device,
    keys: Vec<u8>,
    party: String,
}

impl Seen {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            device: rows::device(row, 0)?,
            keys: row.try_get(17)?,
            party: row.try_get(18)?,
        })
    }

    /// Whom it concerns that the scope's organization changes it: the customer, or the party
    /// that registered it when the customer does it.
    fn concerned(&self, scope: &Scope) -> OrganizationId {
        if scope.organization_id() == self.device.customer_id {
            self.device.registered_by
        } else {
            self.device.customer_id
        }
    }
}

/// Locks those of the devices that are in sight, in the order of their ids.
async fn lock(
    tx: &Tx<'_>,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    devices: &[DeviceId],
) -> Result<Vec<Seen>> {
    let sight = Sight::held(tx, scope, customer, act.at).await?;
    if sight == Sight::Nothing {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
    let found = query::all(tx, LOCK, &[&customer.0, &ids, &sight.party()]).await?;
    found.iter().map(Seen::from_row).collect()
}

/// The same, the devices alone.
pub(super) async fn lock_devices(
    tx: &Tx<'_>,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    devices: &[DeviceId],
) -> Result<Vec<Device>> {
    let seen = lock(tx, scope, act, customer, devices).await?;
    Ok(seen.into_iter().map(|seen| seen.device).collect())
}

fn ids(seen: &[Seen]) -> Vec<DeviceId> {
    seen.iter().map(|seen| seen.device.id).collect()
}

/// Releases devices: the rows, their keys and their hashes go.
pub(super) async fn deregister(
    tx: &Tx<'_>,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    devices: &[DeviceId],
) -> Result<Vec<DeviceId>> {
    let seen = lock(tx, scope, act, customer, devices).await?;
    let released = ids(&seen);
    remove(tx, customer, &seen).await?;
    let line = |(n, seen): (u64, &Seen)| {
        let detail = sql::released_in_words(&seen.device.group_tag, &seen.party);
        let action = AuditAction::DeviceDeregistered;
        act.entry(n, action, seen.device.id.0, &sql::device_name(&seen.device))
            .concerning(seen.concerned(scope))
            .saying(detail)
    };
    let lines: Vec<_> = (0..).zip(&seen).map(line).collect();
    trail::write(tx, &lines).await?;
    Ok(released)
}

/// Removes locked devices with their keys, their hashes, and what their customers and OEMs keep of
/// them.
async fn remove(tx: &Tx<'_>, customer: OrganizationId, seen: &[Seen]) -> Result<()> {
    let uuids: Vec<Uuid> = seen.iter().map(|seen| seen.device.id.0).collect();
    let mut keys: Vec<&[u8]> = seen.iter().flat_map(|s| s.keys.chunks_exact(16)).collect();
    keys.sort_unstable();
    let text = "DELETE FROM device_key WHERE key = ANY ($1) AND device_id = ANY ($2)";
    query::run(tx, text, &[&keys, &uuids]).await?;
    for text in [
        "DELETE FROM device_hash WHERE device_id = ANY ($1)",
        "DELETE FROM device_shipment WHERE device_id = ANY ($1)",
    ] {
        query::run(tx, text, &[&uuids]).await?;
    }
    for text in [
        "DELETE FROM device_property WHERE customer_id = $1 AND device_id = ANY ($2)",
        "DELETE FROM device WHERE customer_id = $1 AND id = ANY ($2)",
    ] {
        query::run(tx, text, &[&customer.0, &uuids]).await?;
    }
    Ok(())
}

/// Releases those of these devices that the party registered; the caller asked for consent. The
/// answer is how many.
pub(super) async fn release_of_party(
    tx: &Tx<'_>,
    party: OrganizationId,
    customer: OrganizationId,
    devices: &[DeviceId],
) -> Result<u64> {
    let ids: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
    let found = query::all(tx, LOCK, &[&customer.0, &ids, &Some(party.0)]).await?;
    let seen: Vec<_> = found.iter().map(Seen::from_row).collect::<Result<_>>()?;
    remove(tx, customer, &seen).await?;
    Ok(seen.len() as u64)
}

/// Gives devices another group tag; those that have it already are answered with, but not changed.
pub(super) async fn change_group_tag(
    tx: &Tx<'_>,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    devices: &[DeviceId],
    group_tag: &str,
) -> Result<Vec<DeviceId>> {
    let mut seen = lock(tx, scope, act, customer, devices).await?;
    let answered = ids(&seen);
    seen.retain(|seen| seen.device.group_tag != group_tag);
    let uuids: Vec<Uuid> = seen.iter().map(|seen| seen.device.id.0).collect();
    let text = "UPDATE device SET group_tag = $3, assigned_at = $4 \
                WHERE customer_id = $1 AND id = ANY ($2)";
    query::run(tx, text, &[&customer.0, &uuids, &group_tag, &act.at.0]).await?;
    let line = |(n, seen): (u64, &Seen)| {
        let detail = format!("{} → {group_tag}", seen.device.group_tag);
        act.entry(
            n,
            AuditAction::DeviceRetagged,
            seen.device.id.0,
            &sql::device_name(&seen.device),
        )
        .concerning(seen.concerned(scope))
        .saying(detail)
    };
    let lines: Vec<_> = (0..).zip(&seen).map(line).collect();
    trail::write(tx, &lines).await?;
    Ok(answered)
}
