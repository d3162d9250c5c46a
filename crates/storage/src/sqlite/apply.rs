//! Plan and apply: the order of statements around [`crate::apply::Chunk`].

use std::collections::HashMap;

use device_list::IdentityKey;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::ids::{DeviceId, OrganizationId, UploadId};
use registration::plan::Standing;
use registration::upload::{RowResult, Upload, UploadRow, UploadStatus};
use rusqlite::{Connection, Transaction, params};

use super::sight::consents;
use super::{apply_write, audit, directory, imported, rows, submissions, uploads};
use crate::apply::{Chunk, Contested, Held, Written, counts_in_words, device_seed, standing};
use crate::uploads::Applied;
use crate::{Result, StorageError, sql};

type Claims = [(IdentityKey, DeviceId)];

/// What would become of these rows now.
pub(super) fn plan(
    conn: &Connection,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    group_tag: &str,
    rows: Vec<UploadRow>,
) -> Result<Vec<RowResult>> {
    let party = scope.organization_id();
    let consent = consents(conn, party, customer, act.at)?;
    let standing = standing(consent, group_tag, party == customer);
    let chunk = Chunk::prepare(customer, party, group_tag, rows, act.audit_seed);
    Ok(decide(conn, standing, chunk, |claims| look_up(conn, claims))?.results)
}

/// Applies the next chunk that has no results yet.
pub(super) fn apply_next(tx: &Transaction<'_>, act: &Act, id: UploadId) -> Result<Applied> {
    let mut upload = uploads::by_id(tx, id)?.ok_or(StorageError::NotFound)?;
    match upload.status {
        UploadStatus::Draft => return Err(StorageError::NotFound),
        UploadStatus::Finished | UploadStatus::FinishedWithErrors => {
            return Ok(Applied::Finished(upload));
        }
        UploadStatus::Queued | UploadStatus::Processing => {}
    }
    if let Some((number, rows)) = next_chunk(tx, id)? {
        apply_chunk(tx, act, &mut upload, number, rows)?;
    }
    let more = "SELECT EXISTS (SELECT 1 FROM upload_chunk \
                WHERE upload_id = ?1 AND results IS NULL)";
    let more: bool = rows::value(tx, more, [id.0])?;
    if more {
        upload.status = UploadStatus::Processing;
    } else {
        upload.status = UploadStatus::final_of(&upload.counts);
        upload.completed_at = Some(act.at);
        note(
            tx,
            act,
            1,
            AuditAction::UploadFinished,
            &upload,
            &counts_in_words(&upload.counts),
        )?;
    }
    write_upload(tx, &upload)?;
    Ok(if more {
        Applied::More(upload)
    } else {
        Applied::Finished(upload)
    })
}

fn next_chunk(tx: &Transaction<'_>, id: UploadId) -> Result<Option<(u64, Vec<UploadRow>)>> {
    let mut statement = tx.prepare_cached(
        "SELECT number, rows FROM upload_chunk WHERE upload_id = ?1 AND results IS NULL \
         ORDER BY number LIMIT 1",
    )?;
    let mut chunks = statement.query([id.0])?;
    let Some(chunk) = chunks.next()? else {
        return Ok(None);
    };
    let rows = chunk.get_ref(1)?.as_blob().map_err(uploads::from_sql)?;
    Ok(Some((chunk.get(0)?, sql::rows_from_bytes(rows)?)))
}

fn apply_chunk(
    tx: &Transaction<'_>,
    act: &Act,
    upload: &mut Upload,
    number: u64,
    rows: Vec<UploadRow>,
) -> Result<()> {
    let consent = consents(tx, upload.party_id, upload.customer_id, act.at)?;
    let (party, customer) = (upload.party_id, upload.customer_id);
    let standing = standing(consent, &upload.group_tag, party == customer);
    let seed = device_seed(upload, number, act.at);
    let had_hashes = rows.iter().any(|row| !row.hash.is_empty());
    let chunk = Chunk::of_upload(upload, rows, seed);
    let written = carry_out(tx, act, upload, standing, chunk)?;
    submissions::apply_policies(tx, upload, &written.rows, &written.results)?;
    imported::settle(tx, upload, &written.rows, &written.results)?;
    keep_results(tx, upload.id, number, &written, had_hashes)?;
    upload.counts.merge(&written.counts);
    note(
        tx,
        act,
        0,
        AuditAction::UploadApplied,
        upload,
        &counts_in_words(&written.counts),
    )
}

/// Claims the keys of prepared rows, decides the rows and writes all of it but their results.
pub(super) fn carry_out(
    tx: &Transaction<'_>,
    act: &Act,
    upload: &Upload,
    standing: Standing,
    chunk: Chunk,
) -> Result<Written> {
    let customer = upload.customer_id;
    let written = decide(tx, standing, chunk, |claims| claim(tx, customer, claims))?;
    apply_write::devices(tx, act, upload, &written)?;
    Ok(written)
}

/// From the rows to what has to be written. `find_holders` tells who holds the claimed keys.
fn decide(
    conn: &Connection,
    standing: Standing,
    mut chunk: Chunk,
    find_holders: impl FnOnce(&Claims) -> Result<HashMap<IdentityKey, Held>>,
) -> Result<Written> {
    let built = directory::built(conn, &chunk.directory_keys())?;
    if !built.is_empty() {
        chunk.resolve(&built);
    }
    let (policies, _) = directory::policies(conn)?;
    let claims = chunk.claims(standing);
    let held = find_holders(&claims)?;
    let contested = contested(conn, &chunk.contested(&held), &held)?;
    Ok(chunk.decide(standing, &policies, &held, &contested))
}

/// Inserts every key and answers with the holders of those that were there.
fn claim(
    tx: &Transaction<'_>,
    customer: OrganizationId,
    claims: &Claims,
) -> Result<HashMap<IdentityKey, Held>> {
    let mut held = HashMap::new();
    let mut insert = tx.prepare_cached(
        "INSERT INTO device_key (key, customer_id, device_id) VALUES (?1, ?2, ?3) \
         ON CONFLICT DO NOTHING",
    )?;
    insert.raw_bind_parameter(2, customer.0.as_bytes().as_slice())?;
    for (key, device) in claims {
        insert.raw_bind_parameter(1, key.0.as_slice())?;
        insert.raw_bind_parameter(3, device.0.as_bytes().as_slice())?;
        if insert.raw_execute()? == 0
            && let Some(holder) = holder(tx, *key)?
        {
            held.insert(*key, holder);
        }
    }
    Ok(held)
}

fn look_up(conn: &Connection, claims: &Claims) -> Result<HashMap<IdentityKey, Held>> {
    let mut held = HashMap::new();
    for (key, _) in claims {
        if let Some(holder) = holder(conn, *key)? {
            held.insert(*key, holder);
        }
    }
    Ok(held)
}

fn holder(conn: &Connection, key: IdentityKey) -> Result<Option<Held>> {
    let text = "SELECT customer_id, device_id FROM device_key WHERE key = ?1";
    rows::first(conn, text, params![key.0], |row| {
        Ok(Held {
            customer_id: OrganizationId(row.get(0)?),
            device_id: DeviceId(row.get(1)?),
        })
    })
}

fn contested(
    conn: &Connection,
    devices: &[DeviceId],
    held: &HashMap<IdentityKey, Held>,
) -> Result<HashMap<DeviceId, Contested>> {
    let customers: HashMap<_, _> = held
        .values()
        .map(|held| (held.device_id, held.customer_id))
        .collect();
    let mut found = HashMap::with_capacity(devices.len());
    for id in devices {
        let text = "SELECT registered_by, keys FROM device WHERE customer_id = ?1 AND id = ?2";
        let customer = customers.get(id).map(|customer| customer.0);
        let stored = rows::first(conn, text, params![customer, id.0], |row| {
            Ok(Contested {
                registered_by: OrganizationId(row.get(0)?),
                keys: row.get(1)?,
            })
        })?;
        if let Some(stored) = stored {
            found.insert(*id, stored);
        }
    }
    Ok(found)
}

fn keep_results(
    tx: &Transaction<'_>,
    upload: UploadId,
    number: u64,
    written: &Written,
    had_hashes: bool,
) -> Result<()> {
    let results = sql::results_to_bytes(&written.results)?;
    let kept = if had_hashes {
        Some(sql::rows_to_bytes(&written.rows)?)
    } else {
        None
    };
    rows::run(
        tx,
        "UPDATE upload_chunk SET results = ?3, failed = ?4, rows = COALESCE(?5, rows) \
         WHERE upload_id = ?1 AND number = ?2",
        params![upload.0, number, results, written.counts.failed(), kept],
    )?;
    Ok(())
}

fn write_upload(tx: &Transaction<'_>, upload: &Upload) -> Result<()> {
    rows::run(
        tx,
        "UPDATE upload SET status = ?2, counts = ?3, completed_at = ?4 WHERE id = ?1",
        params![
            upload.id.0,
            upload.status.as_str(),
            sql::counts_to_text(&upload.counts)?,
            upload.completed_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}

fn note(
    tx: &Transaction<'_>,
    act: &Act,
    n: u64,
    action: AuditAction,
    upload: &Upload,
    detail: &str,
) -> Result<()> {
    let entry = act.entry(n, action, upload.id.0, &upload.file_name);
    audit::append(tx, &entry.concerning(upload.customer_id).saying(detail))
}
