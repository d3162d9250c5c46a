//! Applying lines of an operation: a share at a time, as the rows of an upload are.

use deadpool_postgres::GenericClient;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{BatchId, OrganizationId};
use registration::operation::{CustomerName, Operation, OperationLine};
use registration::upload::{RowResult, RowVerdict, Upload, UploadRow, fold_batch_name};
use uuid::Uuid;

use super::trouble::Trouble;
use super::{Tx, apply, consent, query, trail};
use crate::apply::lines::{Results, Share, as_upload, batch_id, counts, seed_number, shares};
use crate::apply::{Chunk, counts_in_words, device_seed, standing};
use crate::shipments::Consenting;
use crate::sql::dollars;
use crate::{Result, operation_sql as text};

const MAKE_BATCH: &str = "\
    INSERT INTO batch (id, customer_id, party_id, name, name_folded, group_tag, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (customer_id, party_id, name_folded) DO NOTHING";

const FIND_BATCH: &str =
    "SELECT id FROM batch WHERE customer_id = $1 AND party_id = $2 AND name_folded = $3";

const SHIPMENTS: &str = "\
    INSERT INTO device_shipment
        (customer_id, party_id, device_id, reference, purchase_order, ship_date)
    SELECT $1::uuid, $2::uuid, t.*
    FROM UNNEST ($3::uuid[], $4::text[], $5::text[], $6::text[]) AS t";

/// Stands where there is no customer: no line is registered for it.
const NOBODY: OrganizationId = OrganizationId(Uuid::nil());

/// The customer of this name, whether it consents or not.
async fn customer_named(
    db: &impl GenericClient,
    name: &CustomerName,
) -> Result<Option<Consenting>> {
    let row = match name {
        CustomerName::Id(id) => query::first(db, &dollars(text::CUSTOMER_BY_ID), &[&id.0]).await?,
        CustomerName::Domain(domain) => {
            query::first(db, &dollars(text::CUSTOMER_BY_DOMAIN), &[domain]).await?
        }
    };
    let read = |row: tokio_postgres::Row| {
        Ok(Consenting {
            id: OrganizationId(row.try_get(0)?),
            domain: row.try_get(1)?,
        })
    };
    row.map(read).transpose()
}

/// The customer of this name, if it consents to this party now.
pub(super) async fn consenting(
    db: &impl GenericClient,
    party: OrganizationId,
    name: &CustomerName,
    now: Timestamp,
) -> Result<Option<Consenting>> {
    let Some(customer) = customer_named(db, name).await? else {
        return Ok(None);
    };
    let consents = consent::consents(db, party, customer.id, now).await?;
    Ok(consents.then_some(customer))
}

/// The same for a transaction that writes: until it ends, a revocation waits.
pub(super) async fn held(
    tx: &Tx<'_>,
    party: OrganizationId,
    name: &CustomerName,
    now: Timestamp,
) -> Result<Option<OrganizationId>> {
    let Some(customer) = customer_named(tx, name).await? else {
        return Ok(None);
    };
    let consents = consent::hold(tx, party, customer.id, now).await?;
    Ok(consents.then_some(customer.id))
}

/// Applies the lines of one chunk: a result each, in order.
pub(super) async fn apply(
    tx: &Tx<'_>,
    act: &Act,
    operation: &Operation,
    chunk: u64,
    lines: &[OperationLine],
) -> Result<Vec<RowResult>> {
    let mut results = Results::of(lines.len());
    let mut entries = Vec::new();
    for (n, share) in (0..).zip(shares(lines)) {
        let of_share = apply_share(tx, act, operation, (chunk, n), &share, lines).await?;
        if let (Some(customer), results) = &of_share {
            let action = AuditAction::OperationApplied;
            let entry = act.entry(n, action, operation.id.0, &operation.called());
            let detail = counts_in_words(&counts(results));
            entries.push(entry.concerning(*customer).saying(detail));
        }
        results.put(&share, of_share.1);
    }
    trail::write(tx, &entries).await?;
    Ok(results.into_all())
}

/// Answers with the customer, if it consents, and the results.
async fn apply_share(
    tx: &Tx<'_>,
    act: &Act,
    operation: &Operation,
    (chunk, n): (u64, u64),
    share: &Share,
    lines: &[OperationLine],
) -> Result<(Option<OrganizationId>, Vec<RowResult>)> {
    let name = CustomerName::parse(&share.customer);
    let customer = held(tx, operation.party_id, &name, act.at).await?;
    let standing = standing(customer.is_some(), &share.group_tag, false);
    let lines: Vec<_> = share.places.iter().map(|place| &lines[*place]).collect();
    let chunk_rows: Vec<_> = lines.iter().map(|line| line.to_row()).collect();
    let mut upload = as_upload(operation, share, customer.unwrap_or(NOBODY), None);
    if standing.consent && standing.tag && any_ready(&chunk_rows) {
        upload.batch_id = Some(batch(tx, act, &upload, &share.batch, n).await?);
    }
    let seed = device_seed(&upload, seed_number(chunk, n), act.at);
    let prepared = Chunk::of_upload(&upload, chunk_rows, seed);
    let written = apply::carry_out(tx, act, &upload, standing, prepared).await?;
    keep_shipments(tx, &upload, &lines, &written.results).await?;
    Ok((customer, written.results))
}

fn any_ready(rows: &[UploadRow]) -> bool {
    rows.iter().any(|row| row.verdict == RowVerdict::Ready)
}

/// The batch of this name whatever the case, made if there is none.
async fn batch(tx: &Tx<'_>, act: &Act, upload: &Upload, name: &str, n: u64) -> Result<BatchId> {
    let (customer, party) = (upload.customer_id.0, upload.party_id.0);
    let folded = fold_batch_name(name);
    let id = batch_id(act.audit_seed, n).0;
    let (tag, at) = (&upload.group_tag, act.at.0);
    let find: query::Parameters<'_> = &[&customer, &party, &folded];
    if let Some(row) = query::first(tx, FIND_BATCH, find).await? {
        return Ok(BatchId(row.try_get(0)?));
    }
    let make: query::Parameters<'_> = &[&id, &customer, &party, &name, &folded, tag, &at];
    query::run(tx, MAKE_BATCH, make).await?;
    let row = query::first(tx, FIND_BATCH, find).await?;
    Ok(BatchId(row.ok_or(Trouble::Vanished)?.try_get(0)?))
}

/// Keeps what the OEM sent of the devices that were registered now.
async fn keep_shipments(
    tx: &Tx<'_>,
    upload: &Upload,
    lines: &[&OperationLine],
    results: &[RowResult],
) -> Result<()> {
    fn given(text: &str) -> Option<&str> {
        (!text.is_empty()).then_some(text)
    }
    let registered = lines.iter().zip(results).filter_map(|(line, result)| {
        let device = result.registered().filter(|_| !line.shipment.is_empty());
        device.map(|device| (device.0, &line.shipment))
    });
    let (ids, kept): (Vec<Uuid>, Vec<_>) = registered.unzip();
    if ids.is_empty() {
        return Ok(());
    }
    let references: Vec<_> = kept.iter().map(|s| given(&s.reference)).collect();
    let orders: Vec<_> = kept.iter().map(|s| given(&s.purchase_order)).collect();
    let dates: Vec<_> = kept.iter().map(|s| given(&s.ship_date)).collect();
    let (customer, party) = (upload.customer_id.0, upload.party_id.0);
    let values: query::Parameters<'_> = &[&customer, &party, &ids, &references, &orders, &dates];
    query::run(tx, SHIPMENTS, values).await?;
    Ok(())
}
