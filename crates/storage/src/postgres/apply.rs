//! Applying a chunk, and planning rows: the order of [`crate::apply`], with the statements of
//! [`super::register`].

use std::collections::HashMap;

use deadpool_postgres::GenericClient;
use device_list::IdentityKey;
use registration::access::Scope;
use registration::audit::{Act, AuditAction, AuditEntry};
use registration::directory::{BuiltDevice, DirectoryPolicies};
use registration::ids::{OrganizationId, UploadId};
use registration::plan::Standing;
use registration::upload::{RowResult, Upload, UploadRow, UploadStatus};
use uuid::Uuid;

use super::{Tx, consent, directory, imported, query, register, rows, submissions, trail, uploads};
use crate::apply::{Chunk, Written, counts_in_words, device_seed, standing};
use crate::uploads::Applied;
use crate::{Result, StorageError, sql};

// A chunk that has its results is never touched again: those before this one have them.
const NEXT: &str = "\
    SELECT c.number, c.rows, EXISTS (SELECT 1 FROM upload_chunk n
        WHERE n.upload_id = c.upload_id AND n.number > c.number)
    FROM upload_chunk c WHERE c.upload_id = $1 AND c.results IS NULL
    ORDER BY c.number LIMIT 1";

// The rows are written again only where their hashes went to the devices.
const KEEP_RESULTS: &str = "\
    UPDATE upload_chunk SET results = $3, failed = $4, rows = COALESCE ($5, rows)
    WHERE upload_id = $1 AND number = $2";

const MOVE_ON: &str = "\
    UPDATE upload SET status = $2, counts = $3, completed_at = $4 WHERE id = $1";

const DIRECTORY: &str = concat!(
    "SELECT k.key, ",
    built_device_columns!("e"),
    " FROM directory_key k JOIN directory_entry e ON e.id = k.entry_id WHERE k.key = ANY ($1)"
);

struct Next {
    number: u64,
    rows: Vec<u8>,
    more: bool,
}

/// Applies the next chunk of an upload.
pub(super) async fn next_chunk(tx: &Tx<'_>, act: &Act, id: UploadId) -> Result<Applied> {
    let upload = uploads::lock(tx, id, None).await?;
    let mut upload = upload
        .filter(|upload| upload.status != UploadStatus::Draft)
        .ok_or(StorageError::NotFound)?;
    if upload.status.is_final() {
        return Ok(Applied::Finished(upload));
    }
    let mut lines = Vec::new();
    let mut more = false;
    if let Some(next) = next(tx, id).await? {
        more = next.more;
        let written = apply(tx, act, &upload, next).await?;
        upload.counts.merge(&written.counts);
        let detail = counts_in_words(&written.counts);
        lines.push(line(act, 0, AuditAction::UploadApplied, &upload).saying(detail));
    }
    upload.status = UploadStatus::Processing;
    if !more {
        upload.status = UploadStatus::final_of(&upload.counts);
        upload.completed_at = Some(act.at);
        let detail = counts_in_words(&upload.counts);
        lines.push(line(act, 1, AuditAction::UploadFinished, &upload).saying(detail));
    }
    move_on(tx, &upload).await?;
    trail::write(tx, &lines).await?;
    Ok(if more {
        Applied::More(upload)
    } else {
        Applied::Finished(upload)
    })
}

fn line(act: &Act, n: u64, action: AuditAction, upload: &Upload) -> AuditEntry {
    act.entry(n, action, upload.id.0, &upload.file_name)
        .concerning(upload.customer_id)
}

async fn next(tx: &Tx<'_>, id: UploadId) -> Result<Option<Next>> {
    let row = query::first(tx, NEXT, &[&id.0]).await?;
    let next = |row: tokio_postgres::Row| {
        Ok(Next {
            number: rows::count(&row, 0)?,
            rows: row.try_get(1)?,
            more: row.try_get(2)?,
        })
    };
    row.map(next).transpose()
}

async fn move_on(tx: &Tx<'_>, upload: &Upload) -> Result<()> {
    let counts = sql::counts_to_text(&upload.counts)?;
    let (status, completed) = (upload.status.as_str(), upload.completed_at.map(|at| at.0));
    query::run(tx, MOVE_ON, &[&upload.id.0, &status, &counts, &completed]).await?;
    Ok(())
}

async fn apply(tx: &Tx<'_>, act: &Act, upload: &Upload, next: Next) -> Result<Written> {
    let (customer, party) = (upload.customer_id, upload.party_id);
    let consent = consent::hold(tx, party, customer, act.at).await?;
    let standing = standing(consent, &upload.group_tag, party == customer);
    let seed = device_seed(upload, next.number, act.at);
    let bytes = next.rows;
    let (chunk, hashes) = prepare(upload, bytes, seed).await?;
    let written = carry_out(tx, act, upload, standing, chunk).await?;
    submissions::apply_policies(tx, upload, &written.rows, &written.results).await?;
    imported::settle(tx, upload, &written.rows, &written.results).await?;
    let results = sql::results_to_bytes(&written.results)?;
    let rows = hashes
        .then(|| sql::rows_to_bytes(&written.rows))
        .transpose()?;
    let failed = query::number(written.counts.failed());
    let number = query::number(next.number);
    query::run(
        tx,
        KEEP_RESULTS,
        &[&upload.id.0, &number, &results, &failed, &rows],
    )
    .await?;
    Ok(written)
}

/// Claims the keys of prepared rows, decides the rows and writes all of it but their results.
pub(super) async fn carry_out(
    tx: &Tx<'_>,
    act: &Act,
    upload: &Upload,
    standing: Standing,
    mut chunk: Chunk,
) -> Result<Written> {
    let customer = upload.customer_id;
    let policies = policies(tx).await?;
    chunk.resolve(&built(tx, &chunk.directory_keys()).await?);
    let claims = chunk.claims(standing);
    let held = register::claim(tx, customer, &claims).await?;
    let contested = register::contested(tx, customer, &chunk.contested(&held)).await?;
    let written = chunk.decide(standing, &policies, &held, &contested);
    register::write(tx, act, upload, &written).await?;
    Ok(written)
}

/// Reads the rows and prepares them, away from the threads that serve requests: hashes take their
/// time. Also tells whether there are any.
async fn prepare(upload: &Upload, rows: Vec<u8>, seed: Uuid) -> Result<(Chunk, bool)> {
    let upload = upload.clone();
    let prepared = tokio::task::spawn_blocking(move || {
        let rows = sql::rows_from_bytes(&rows)?;
        let hashes = rows.iter().any(|row| !row.hash.is_empty());
        Ok((Chunk::of_upload(&upload, rows, seed), hashes))
    });
    prepared.await.map_err(StorageError::unexpected)?
}

/// What would become of these rows, if they were sent now.
pub(super) async fn plan(
    db: &impl GenericClient,
    scope: &Scope,
    act: &Act,
    customer: OrganizationId,
    group_tag: &str,
    rows: &[UploadRow],
) -> Result<Vec<RowResult>> {
    let party = scope.organization_id();
    let consent = consent::consents(db, party, customer, act.at).await?;
    let standing = standing(consent, group_tag, party == customer);
    let policies = policies(db).await?;
    let (tag, rows, seed) = (group_tag.to_owned(), rows.to_vec(), act.audit_seed);
    let prepared =
        tokio::task::spawn_blocking(move || Chunk::prepare(customer, party, &tag, rows, seed));
    let mut chunk = prepared.await.map_err(StorageError::unexpected)?;
    chunk.resolve(&built(db, &chunk.directory_keys()).await?);
    let claims = chunk.claims(standing);
    let keys: Vec<&[u8]> = claims.iter().map(|(key, _)| key.0.as_slice()).collect();
    let held = register::holders(db, &keys).await?;
    let written = chunk.decide(standing, &policies, &held, &HashMap::new());
    Ok(written.results)
}

async fn policies(db: &impl GenericClient) -> Result<DirectoryPolicies> {
    Ok(directory::policies(db).await?.0)
}

/// What the directory knows of these keys.
async fn built(
    db: &impl GenericClient,
    keys: &[IdentityKey],
) -> Result<HashMap<IdentityKey, BuiltDevice>> {
    let knows_any = "SELECT 1 FROM directory_key LIMIT 1";
    if keys.is_empty() || !query::any(db, knows_any, &[]).await? {
        return Ok(HashMap::new());
    }
    let keys: Vec<&[u8]> = keys.iter().map(|key| key.0.as_slice()).collect();
    let found = query::all(db, DIRECTORY, &[&keys]).await?;
    let entry = |row| Ok((rows::key(row, 0)?, rows::built_device(row, 1)?));
    found.iter().map(entry).collect()
}
