//! Applying lines of an operation: a share at a time, as the rows of an upload are.

use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{BatchId, OrganizationId};
use registration::operation::{CustomerName, Operation, OperationLine};
use registration::upload::{RowResult, RowVerdict, Upload, UploadRow, fold_batch_name};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::sight::consents;
use super::{apply, audit, rows};
use crate::apply::lines::{Results, Share, as_upload, batch_id, counts, seed_number, shares};
use crate::apply::{Chunk, counts_in_words, device_seed, standing};
use crate::shipments::Consenting;
use crate::{Result, operation_sql as text};

/// The customer of this name, whether it consents or not.
pub(super) fn customer_named(conn: &Connection, name: &CustomerName) -> Result<Option<Consenting>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Consenting {
            id: OrganizationId(row.get(0)?),
            domain: row.get(1)?,
        })
    };
    match name {
        CustomerName::Id(id) => rows::first(conn, text::CUSTOMER_BY_ID, [id.0], read),
        CustomerName::Domain(domain) => rows::first(conn, text::CUSTOMER_BY_DOMAIN, [domain], read),
    }
}

/// The customer of this name, if it consents to this party now.
pub(super) fn consenting(
    conn: &Connection,
    party: OrganizationId,
    name: &CustomerName,
    now: Timestamp,
) -> Result<Option<Consenting>> {
    let Some(customer) = customer_named(conn, name)? else {
        return Ok(None);
    };
    Ok(consents(conn, party, customer.id, now)?.then_some(customer))
}

/// Applies the lines of one chunk: a result each, in order.
pub(super) fn apply(
    tx: &Transaction<'_>,
    act: &Act,
    operation: &Operation,
    chunk: u64,
    lines: &[OperationLine],
) -> Result<Vec<RowResult>> {
    let mut results = Results::of(lines.len());
    for (n, share) in (0..).zip(shares(lines)) {
        let of_share = apply_share(tx, act, operation, (chunk, n), &share, lines)?;
        results.put(&share, of_share);
    }
    Ok(results.into_all())
}

fn apply_share(
    tx: &Transaction<'_>,
    act: &Act,
    operation: &Operation,
    (chunk, n): (u64, u64),
    share: &Share,
    lines: &[OperationLine],
) -> Result<Vec<RowResult>> {
    let party = operation.party_id;
    let name = CustomerName::parse(&share.customer);
    let customer = consenting(tx, party, &name, act.at)?.map(|customer| customer.id);
    let standing = standing(customer.is_some(), &share.group_tag, false);
    let lines: Vec<_> = share.places.iter().map(|place| &lines[*place]).collect();
    let chunk_rows: Vec<_> = lines.iter().map(|line| line.to_row()).collect();
    let mut upload = as_upload(operation, share, customer.unwrap_or(NOBODY), None);
    if standing.consent && standing.tag && any_ready(&chunk_rows) {
        upload.batch_id = Some(batch(tx, act, &upload, &share.batch, n)?);
    }
    let seed = device_seed(&upload, seed_number(chunk, n), act.at);
    let prepared = Chunk::of_upload(&upload, chunk_rows, seed);
    let results = apply::carry_out(tx, act, &upload, standing, prepared)?.results;
    keep_shipments(tx, &upload, &lines, &results)?;
    if let Some(customer) = customer {
        let entry = act.entry(
            n,
            AuditAction::OperationApplied,
            operation.id.0,
            &operation.called(),
        );
        let detail = counts_in_words(&counts(&results));
        audit::append(tx, &entry.concerning(customer).saying(detail))?;
    }
    Ok(results)
}

/// Stands where there is no customer: no line is registered for it.
const NOBODY: OrganizationId = OrganizationId(Uuid::nil());

fn any_ready(rows: &[UploadRow]) -> bool {
    rows.iter().any(|row| row.verdict == RowVerdict::Ready)
}

/// The batch of this name whatever the case, made if there is none.
fn batch(tx: &Transaction<'_>, act: &Act, upload: &Upload, name: &str, n: u64) -> Result<BatchId> {
    let (customer, party) = (upload.customer_id.0, upload.party_id.0);
    let folded = fold_batch_name(name);
    let find = "SELECT id FROM batch WHERE customer_id = ?1 AND party_id = ?2 AND name_folded = ?3";
    let found = rows::first(tx, find, params![customer, party, folded], |row| row.get(0))?;
    if let Some(id) = found {
        return Ok(BatchId(id));
    }
    let id = batch_id(act.audit_seed, n);
    rows::run(
        tx,
        "INSERT INTO batch (id, customer_id, party_id, name, name_folded, group_tag, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id.0,
            customer,
            party,
            name,
            folded,
            upload.group_tag,
            act.at.0
        ],
    )?;
    Ok(id)
}

/// Keeps what the OEM sent of the devices that were registered now.
fn keep_shipments(
    tx: &Transaction<'_>,
    upload: &Upload,
    lines: &[&OperationLine],
    results: &[RowResult],
) -> Result<()> {
    fn given(text: &str) -> Option<&str> {
        (!text.is_empty()).then_some(text)
    }
    for (line, result) in lines.iter().zip(results) {
        let Some(device) = result.registered().filter(|_| !line.shipment.is_empty()) else {
            continue;
        };
        rows::run(
            tx,
            "INSERT INTO device_shipment \
             (device_id, customer_id, party_id, reference, purchase_order, ship_date) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                device.0,
                upload.customer_id.0,
                upload.party_id.0,
                given(&line.shipment.reference),
                given(&line.shipment.purchase_order),
                given(&line.shipment.ship_date),
            ],
        )?;
    }
    Ok(())
}
