//! Releasing what an operation registered.

use std::collections::BTreeMap;

use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::device::Device;
use registration::ids::{OperationId, OrganizationId};
use registration::operation::{CustomerName, LineResult, Operation, OperationStatus};
use rusqlite::{Connection, Transaction, params};

use super::devices::in_sight;
use super::operation_apply::consenting;
use super::sight::Sight;
use super::{audit, operation_rows, release, rows};
use crate::operations::{Moved, WouldRelease, by_customer, with_results};
use crate::{Result, StorageError, operation_sql as text};

/// The devices that a chunk registered and that are still the OEM's to release, by customer.
fn releasable(
    conn: &Connection,
    party: OrganizationId,
    lines: &[LineResult],
    now: Timestamp,
) -> Result<BTreeMap<OrganizationId, Vec<Device>>> {
    let mut found: BTreeMap<_, Vec<Device>> = BTreeMap::new();
    for (name, devices) in by_customer(lines) {
        let Some(customer) = consenting(conn, party, &CustomerName::parse(name), now)? else {
            continue;
        };
        for id in devices {
            let sight = Sight::RegisteredBy(party);
            let device = in_sight(conn, sight, customer.id, id)?;
            found.entry(customer.id).or_default().extend(device);
        }
    }
    found.retain(|_, devices| !devices.is_empty());
    Ok(found)
}

/// A chunk that has its results and whose devices are not released: its number and its lines.
fn next(conn: &Connection, id: OperationId, from: u64) -> Result<Option<(u64, Vec<LineResult>)>> {
    let chunk = rows::first(conn, text::NEXT_TO_VOID, params![id.0, from], |row| {
        let (lines, results): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?);
        Ok((row.get::<_, u64>(0)?, row.get(1)?, lines, results))
    })?;
    let Some((number, first_line, lines, results)) = chunk else {
        return Ok(None);
    };
    Ok(Some((
        number,
        with_results(first_line, &lines, Some(&results))?,
    )))
}

/// What voiding would release now.
pub(super) fn would_release(
    conn: &Connection,
    operation: &Operation,
    now: Timestamp,
) -> Result<Vec<WouldRelease>> {
    let mut counted: BTreeMap<OrganizationId, u64> = BTreeMap::new();
    let mut from = 0;
    while let Some((number, lines)) = next(conn, operation.id, from)? {
        from = number + 1;
        for (customer, devices) in releasable(conn, operation.party_id, &lines, now)? {
            *counted.entry(customer).or_default() += devices.len() as u64;
        }
    }
    let all = counted.into_iter();
    Ok(all
        .map(|(customer_id, devices)| WouldRelease {
            customer_id,
            devices,
        })
        .collect())
}

/// Releases what the next chunk registered.
pub(super) fn void_next(tx: &Transaction<'_>, act: &Act, id: OperationId) -> Result<Moved> {
    let operation = operation_rows::by_id(tx, id)?.ok_or(StorageError::NotFound)?;
    if operation.status != OperationStatus::Voiding {
        return Ok(Moved::Ended(operation));
    }
    let Some((number, lines)) = next(tx, id, 0)? else {
        let operation = operation.released(0, false);
        operation_rows::move_on(tx, &operation)?;
        return Ok(Moved::Ended(operation));
    };
    let mut released = 0;
    let found = releasable(tx, operation.party_id, &lines, act.at)?;
    for (n, (customer, devices)) in (0..).zip(found) {
        for device in &devices {
            release::remove(tx, device)?;
        }
        released += devices.len() as u64;
        let action = AuditAction::OperationReleased;
        let entry = act.entry(n, action, id.0, &operation.called());
        let detail = format!("{} devices", devices.len());
        audit::append(tx, &entry.concerning(customer).saying(detail))?;
    }
    rows::run(tx, text::VOIDED, params![id.0, number])?;
    let more = next(tx, id, 0)?.is_some();
    let operation = operation.released(released, more);
    operation_rows::move_on(tx, &operation)?;
    Ok(if more {
        Moved::More(operation)
    } else {
        Moved::Ended(operation)
    })
}
