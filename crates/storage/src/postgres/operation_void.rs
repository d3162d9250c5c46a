//! Releasing what an operation registered.

use std::collections::BTreeMap;

use deadpool_postgres::GenericClient;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{OperationId, OrganizationId};
use registration::operation::{CustomerName, LineResult, Operation, OperationStatus};
use uuid::Uuid;

use super::{Tx, operation_apply, operation_rows, query, release, rows, trail};
use crate::operations::{Moved, WouldRelease, by_customer, with_results};
use crate::sql::dollars;
use crate::{Result, operation_sql as text};

const STILL_THERE: &str = "\
    SELECT COUNT(*) FROM device WHERE customer_id = $1 AND id = ANY ($2) AND registered_by = $3";

/// A chunk that has its results and whose devices are not released: its number and its lines.
async fn next(
    db: &impl GenericClient,
    id: OperationId,
    from: u64,
) -> Result<Option<(u64, Vec<LineResult>)>> {
    let values: query::Parameters<'_> = &[&id.0, &query::number(from)];
    let Some(row) = query::first(db, &dollars(text::NEXT_TO_VOID), values).await? else {
        return Ok(None);
    };
    let (number, first_line) = (rows::count(&row, 0)?, rows::count(&row, 1)?);
    let lines = with_results(first_line, row.try_get(2)?, Some(row.try_get(3)?))?;
    Ok(Some((number, lines)))
}

/// What voiding would release now.
pub(super) async fn would_release(
    db: &impl GenericClient,
    operation: &Operation,
    now: Timestamp,
) -> Result<Vec<WouldRelease>> {
    let party = operation.party_id;
    let mut counted: BTreeMap<OrganizationId, u64> = BTreeMap::new();
    let mut from = 0;
    while let Some((number, lines)) = next(db, operation.id, from).await? {
        from = number + 1;
        for (name, devices) in by_customer(&lines) {
            let name = CustomerName::parse(name);
            let Some(customer) = operation_apply::consenting(db, party, &name, now).await? else {
                continue;
            };
            let ids: Vec<Uuid> = devices.iter().map(|id| id.0).collect();
            let values: query::Parameters<'_> = &[&customer.id.0, &ids, &party.0];
            if let Some(row) = query::first(db, STILL_THERE, values).await? {
                *counted.entry(customer.id).or_default() += rows::count(&row, 0)?;
            }
        }
    }
    let all = counted.into_iter().filter(|(_, devices)| *devices > 0);
    Ok(all
        .map(|(customer_id, devices)| WouldRelease {
            customer_id,
            devices,
        })
        .collect())
}

/// Releases what the next chunk registered.
pub(super) async fn void_next(tx: &Tx<'_>, act: &Act, id: OperationId) -> Result<Moved> {
    let operation = operation_rows::lock(tx, id).await?;
    if operation.status != OperationStatus::Voiding {
        return Ok(Moved::Ended(operation));
    }
    let Some((number, lines)) = next(tx, id, 0).await? else {
        let operation = operation.released(0, false);
        operation_rows::move_on(tx, &operation).await?;
        return Ok(Moved::Ended(operation));
    };
    let released = release_lines(tx, act, &operation, &lines).await?;
    let number = query::number(number);
    query::run(tx, &dollars(text::VOIDED), &[&id.0, &number]).await?;
    let more = next(tx, id, 0).await?.is_some();
    let operation = operation.released(released, more);
    operation_rows::move_on(tx, &operation).await?;
    Ok(if more {
        Moved::More(operation)
    } else {
        Moved::Ended(operation)
    })
}

async fn release_lines(
    tx: &Tx<'_>,
    act: &Act,
    operation: &Operation,
    lines: &[LineResult],
) -> Result<u64> {
    let party = operation.party_id;
    let mut entries = Vec::new();
    let mut released = 0;
    for (n, (name, devices)) in (0..).zip(by_customer(lines)) {
        let name = CustomerName::parse(name);
        let Some(customer) = operation_apply::held(tx, party, &name, act.at).await? else {
            continue;
        };
        let count = release::release_of_party(tx, party, customer, &devices).await?;
        if count > 0 {
            released += count;
            let action = AuditAction::OperationReleased;
            let entry = act.entry(n, action, operation.id.0, &operation.called());
            entries.push(
                entry
                    .concerning(customer)
                    .saying(format!("{count} devices")),
            );
        }
    }
    trail::write(tx, &entries).await?;
    Ok(released)
}
