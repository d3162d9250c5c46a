//! Devices that are released or get another group tag.

use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId};
use rusqlite::{Connection, Transaction, params};

use super::devices::in_sight;
use super::sight::Sight;
use super::{audit, organizations, rows};
use crate::{Result, sql};

/// Releases those of the devices that are in sight.
pub(super) fn deregister(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    devices: &[DeviceId],
) -> Result<Vec<DeviceId>> {
    let sight = Sight::of(tx, scope, customer, act.at)?;
    let mut released = Vec::new();
    for id in devices {
        let Some(device) = in_sight(tx, sight, customer, *id)? else {
            continue;
        };
        remove(tx, &device)?;
        let party = organizations::by_id(tx, device.registered_by)?;
        let party = party.map(|party| party.name).unwrap_or_default();
        let detail = sql::released_in_words(&device.group_tag, &party);
        let n = released.len() as u64;
        note(
            tx,
            scope,
            act,
            n,
            AuditAction::DeviceDeregistered,
            &device,
            detail,
        )?;
        released.push(*id);
    }
    Ok(released)
}

/// Gives those of the devices that are in sight another group tag.
pub(super) fn retag(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    devices: &[DeviceId],
    tag: &str,
) -> Result<Vec<DeviceId>> {
    let sight = Sight::of(tx, scope, customer, act.at)?;
    let mut changed = Vec::new();
    for (n, id) in (0..).zip(devices) {
        let Some(device) = in_sight(tx, sight, customer, *id)? else {
            continue;
        };
        changed.push(*id);
        if device.group_tag == tag {
            continue;
        }
        let text = "UPDATE device SET group_tag = ?3, assigned_at = ?4 \
                    WHERE customer_id = ?1 AND id = ?2";
        rows::run(tx, text, params![customer.0, id.0, tag, act.at.0])?;
        let detail = format!("{} → {tag}", device.group_tag);
        note(
            tx,
            scope,
            act,
            n,
            AuditAction::DeviceRetagged,
            &device,
            detail,
        )?;
    }
    Ok(changed)
}

/// Removes a device with its keys, its hash, and what its customer and its OEM keep of it.
pub(super) fn remove(tx: &Transaction<'_>, device: &Device) -> Result<()> {
    let (customer, id) = (device.customer_id.0, device.id.0);
    for key in keys(tx, device)? {
        rows::run(tx, "DELETE FROM device_key WHERE key = ?1", params![key])?;
    }
    for text in [
        "DELETE FROM device_hash WHERE device_id = ?1",
        "DELETE FROM device_shipment WHERE device_id = ?1",
    ] {
        rows::run(tx, text, [id])?;
    }
    for text in [
        "DELETE FROM device_property WHERE customer_id = ?1 AND device_id = ?2",
        "DELETE FROM device WHERE customer_id = ?1 AND id = ?2",
    ] {
        rows::run(tx, text, [customer, id])?;
    }
    Ok(())
}

fn keys(conn: &Connection, device: &Device) -> Result<Vec<[u8; 16]>> {
    let text = "SELECT keys FROM device WHERE customer_id = ?1 AND id = ?2";
    let joined: Vec<u8> = rows::value(conn, text, [device.customer_id.0, device.id.0])?;
    Ok(sql::split_keys(&joined))
}

fn note(
    tx: &Transaction<'_>,
    scope: &Scope,
    act: &Act,
    n: u64,
    action: AuditAction,
    device: &Device,
    detail: String,
) -> Result<()> {
    let by_customer = scope.organization_id() == device.customer_id;
    let other = if by_customer {
        device.registered_by
    } else {
        device.customer_id
    };
    let target = sql::device_name(device);
    let entry = act.entry(n, action, device.id.0, &target);
    audit::append(tx, &entry.concerning(other).saying(detail))
}
