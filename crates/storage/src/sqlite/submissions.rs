//! What comes in through an API: known again by its request id, queued in one step.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::{BatchId, OrganizationId, PolicyId, UploadId};
use registration::upload::{Batch, RowResult, Upload, UploadRow, UploadStatus, fold_batch_name};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::sight::consents;
use super::{Sqlite, policies, rows, uploads};
use crate::submissions::{IntoBatch, RequestKey, Submission, Submissions, Submitted};
use crate::{Refused, Result, StorageError, sql};

#[async_trait]
impl Submissions for Sqlite {
    async fn submit(&self, scope: &Scope, act: &Act, submission: Submission) -> Result<Submitted> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| submit(tx, own, &act, submission))
            .await
    }

    async fn known_request(&self, scope: &Scope, key: RequestKey) -> Result<Option<Uuid>> {
        let own = scope.organization_id();
        let found = self.read(move |conn| known(conn, own, Some(key))).await?;
        Ok(found.map(|id| id.0))
    }

    async fn remember_request(
        &self,
        scope: &Scope,
        act: &Act,
        key: RequestKey,
        id: Uuid,
    ) -> Result<Uuid> {
        let (own, act, key) = (scope.organization_id(), act.clone(), Some(key));
        self.write(move |tx| {
            if let Some(before) = known(tx, own, key)? {
                return Ok(before.0);
            }
            remember(tx, own, key, UploadId(id), &act)?;
            Ok(id)
        })
        .await
    }

    async fn batch_named(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        name: &str,
    ) -> Result<Option<Batch>> {
        let (own, name) = (scope.organization_id(), name.to_owned());
        self.read(move |conn| batch_named(conn, own, customer, &name))
            .await
    }
}

pub(super) fn submit(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    submission: Submission,
) -> Result<Submitted> {
    if let Some(id) = known(tx, own, submission.key)? {
        return Ok(Submitted::Before(id));
    }
    let mut upload = submission.upload;
    upload.party_id = own;
    if !consents(tx, own, upload.customer_id, act.at)? {
        return Err(Refused::NoConsent.into());
    }
    let (batch, tag) = batch(tx, act, &upload, &submission.batch)?;
    upload.batch_id = Some(batch);
    upload.group_tag = tag;
    upload.status = UploadStatus::Queued;
    upload.queued_at = Some(act.at);
    upload.row_count = submission.chunks.iter().map(|c| c.len() as u64).sum();
    insert(tx, &upload)?;
    keep_policies(tx, &upload, &submission.policies)?;
    let made = submission.batch.is_made_as(batch);
    uploads::queue(tx, act, &upload, &submission.chunks, &submission.job, made)?;
    remember(tx, own, submission.key, upload.id, act)?;
    Ok(Submitted::Now(Box::new(upload)))
}

/// What the request became when it was sent before.
pub(super) fn known(
    conn: &Connection,
    own: OrganizationId,
    key: Option<RequestKey>,
) -> Result<Option<UploadId>> {
    let Some(key) = key else { return Ok(None) };
    let text = "SELECT digest, tracking_id FROM submission WHERE party_id = ?1 AND request_id = ?2";
    let found = rows::first(conn, text, [own.0, key.request_id.0], |row| {
        Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, Uuid>(1)?))
    })?;
    match found {
        Some((digest, id)) if digest == key.digest => Ok(Some(UploadId(id))),
        Some(_) => Err(Refused::RequestIdReused.into()),
        None => Ok(None),
    }
}

/// Keeps what the request became.
pub(super) fn remember(
    tx: &Transaction<'_>,
    own: OrganizationId,
    key: Option<RequestKey>,
    id: UploadId,
    act: &Act,
) -> Result<()> {
    if let Some(key) = key {
        rows::run(
            tx,
            "INSERT INTO submission (party_id, request_id, digest, tracking_id, created_at) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![own.0, key.request_id.0, key.digest, id.0, act.at.0],
        )?;
    }
    Ok(())
}

fn batch_named(
    conn: &Connection,
    own: OrganizationId,
    customer: OrganizationId,
    name: &str,
) -> Result<Option<Batch>> {
    let text = "SELECT b.id, b.customer_id, b.party_id, b.name, b.group_tag, \
                (SELECT COUNT(*) FROM device d WHERE d.batch_id = b.id), b.created_at \
                FROM batch b WHERE b.customer_id = ?1 AND b.party_id = ?2 AND b.name_folded = ?3";
    let params = params![customer.0, own.0, fold_batch_name(name)];
    rows::first(conn, text, params, rows::batch)
}

/// The batch and the group tag of its devices.
fn batch(
    tx: &Transaction<'_>,
    act: &Act,
    upload: &Upload,
    into: &IntoBatch,
) -> Result<(BatchId, String)> {
    let (party, customer) = (upload.party_id, upload.customer_id);
    match into {
        IntoBatch::Existing(name) => {
            let found = batch_named(tx, party, customer, name)?.ok_or(StorageError::NotFound)?;
            Ok((found.id, found.group_tag))
        }
        IntoBatch::Named {
            name,
            group_tag,
            id,
        } => match batch_named(tx, party, customer, name)? {
            Some(found) if found.name == *name => Ok((found.id, found.group_tag)),
            Some(_) => Err(Refused::BatchNameTaken.into()),
            None => {
                make_batch(tx, act, upload, (*id, name, group_tag))?;
                Ok((*id, group_tag.clone()))
            }
        },
        IntoBatch::Tagged {
            name,
            group_tag,
            id,
        } => {
            let known = batch_named(tx, party, customer, name)?;
            if known.is_none() {
                make_batch(tx, act, upload, (*id, name, group_tag))?;
            }
            Ok((known.map_or(*id, |batch| batch.id), group_tag.clone()))
        }
    }
}

fn make_batch(
    tx: &Transaction<'_>,
    act: &Act,
    upload: &Upload,
    (id, name, group_tag): (BatchId, &str, &str),
) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO batch (id, customer_id, party_id, name, name_folded, group_tag, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id.0,
            upload.customer_id.0,
            upload.party_id.0,
            name,
            fold_batch_name(name),
            group_tag,
            act.at.0
        ],
    )?;
    Ok(())
}

fn insert(tx: &Transaction<'_>, upload: &Upload) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO upload (id, batch_id, customer_id, party_id, created_by, request_id, \
         file_name, file_digest, group_tag, status, row_count, counts, created_at, queued_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            upload.id.0,
            upload.batch_id.map(|id| id.0),
            upload.customer_id.0,
            upload.party_id.0,
            upload.created_by.0,
            upload.request_id.0,
            upload.file_name,
            upload.file_digest,
            upload.group_tag,
            upload.status.as_str(),
            upload.row_count,
            sql::counts_to_text(&upload.counts)?,
            upload.created_at.0,
            upload.queued_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}

fn keep_policies(tx: &Transaction<'_>, upload: &Upload, asked: &[(u64, PolicyId)]) -> Result<()> {
    for (number, policy) in asked {
        policies::by_id(tx, upload.party_id, upload.customer_id, *policy)?
            .ok_or(StorageError::NotFound)?;
        rows::run(
            tx,
            "INSERT INTO upload_policy (upload_id, number, policy_id) VALUES (?1, ?2, ?3)",
            params![upload.id.0, number, policy.0],
        )?;
    }
    Ok(())
}

/// Gives the devices that a chunk registered the policies their rows ask for, those that still
/// are there.
pub(super) fn apply_policies(
    tx: &Transaction<'_>,
    upload: &Upload,
    chunk: &[UploadRow],
    results: &[RowResult],
) -> Result<()> {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else {
        return Ok(());
    };
    let text = "SELECT u.number, u.policy_id FROM upload_policy u JOIN policy p \
                ON p.id = u.policy_id WHERE u.upload_id = ?1 AND u.number BETWEEN ?2 AND ?3";
    let params = params![upload.id.0, first.number, last.number];
    let asked = rows::all(tx, text, params, |row| {
        Ok((row.get::<_, u64>(0)?, row.get::<_, Uuid>(1)?))
    })?;
    for (number, policy) in asked {
        let at = chunk.iter().position(|row| row.number == number);
        let device = at
            .and_then(|at| results.get(at))
            .and_then(RowResult::registered);
        if let Some(device) = device {
            let text = "UPDATE device SET policy_id = ?3, assigned_at = ?4 \
                        WHERE customer_id = ?1 AND id = ?2 AND policy_id IS NOT ?3";
            let asked_at = upload.queued_at.unwrap_or(upload.created_at).0;
            let values = params![upload.customer_id.0, device.0, policy, asked_at];
            rows::run(tx, text, values)?;
        }
    }
    Ok(())
}
