//! What comes in through an API: known again by its request id, queued in one step.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::{BatchId, OrganizationId, PolicyId, UploadId};
use registration::upload::{Batch, RowResult, Upload, UploadRow, UploadStatus, fold_batch_name};
use uuid::Uuid;

use super::{Postgres, Tx, consent, query, uploads};
use crate::submissions::{IntoBatch, RequestKey, Submission, Submissions, Submitted};
use crate::{Refused, Result, StorageError, sql};

// Of requests with one id that come at once, the others wait here until the first is done.
const REMEMBER: &str = "\
    INSERT INTO submission (party_id, request_id, digest, tracking_id, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (party_id, request_id) DO NOTHING";

const KNOWN: &str = "\
    SELECT digest, tracking_id FROM submission WHERE party_id = $1 AND request_id = $2";

const NAMED: &str = concat!(
    "SELECT ",
    columns!("b": "id", "customer_id", "party_id", "name", "group_tag"),
    ", (SELECT COUNT(*) FROM device d WHERE d.batch_id = b.id), b.created_at
      FROM batch b WHERE b.customer_id = $1 AND b.party_id = $2 AND b.name_folded = $3"
);

const MAKE_BATCH: &str = "\
    INSERT INTO batch (id, customer_id, party_id, name, name_folded, group_tag, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (customer_id, party_id, name_folded) DO NOTHING";

const INSERT: &str = "\
    INSERT INTO upload (id, batch_id, customer_id, party_id, created_by, request_id, file_name,
        file_digest, group_tag, status, row_count, counts, created_at, queued_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

// None is written unless each is a policy that the party made for the customer.
const KEEP_POLICIES: &str = "\
    INSERT INTO upload_policy (upload_id, number, policy_id)
    SELECT $1, t.number, p.id FROM UNNEST ($2::bigint[], $3::uuid[]) AS t (number, policy_id)
    JOIN policy p ON p.id = t.policy_id AND p.customer_id = $4 AND p.party_id = $5";

const ASKED_POLICIES: &str = "\
    SELECT u.number, u.policy_id FROM upload_policy u JOIN policy p ON p.id = u.policy_id
    WHERE u.upload_id = $1 AND u.number BETWEEN $2 AND $3
    FOR SHARE OF p";

const SET_POLICIES: &str = "\
    UPDATE device d SET policy_id = t.policy_id, assigned_at = $4
    FROM UNNEST ($2::uuid[], $3::uuid[]) AS t (id, policy_id)
    WHERE d.customer_id = $1 AND d.id = t.id AND d.policy_id IS DISTINCT FROM t.policy_id";

/// Keeps what the request becomes; if it was sent before, what it became then.
pub(super) async fn remember(
    tx: &Tx<'_>,
    own: OrganizationId,
    key: Option<RequestKey>,
    id: UploadId,
    act: &Act,
) -> Result<Option<UploadId>> {
    let Some(key) = key else { return Ok(None) };
    let (request, digest) = (key.request_id.0, key.digest.as_slice());
    let new: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
        [&own.0, &request, &digest, &id.0, &act.at.0];
    if query::run(tx, REMEMBER, &new).await? > 0 {
        return Ok(None);
    }
    let before = known(tx, own, key).await?;
    before
        .map(|id| Some(UploadId(id)))
        .ok_or_else(|| super::trouble::Trouble::Vanished.into())
}

/// What the request became when it was sent before.
async fn known(
    db: &impl GenericClient,
    own: OrganizationId,
    key: RequestKey,
) -> Result<Option<Uuid>> {
    let Some(row) = query::first(db, KNOWN, &[&own.0, &key.request_id.0]).await? else {
        return Ok(None);
    };
    if row.try_get::<_, &[u8]>(0)? == key.digest.as_slice() {
        Ok(Some(row.try_get(1)?))
    } else {
        Err(Refused::RequestIdReused.into())
    }
}

async fn batch_named(
    db: &impl GenericClient,
    own: OrganizationId,
    customer: OrganizationId,
    name: &str,
) -> Result<Option<Batch>> {
    let folded = fold_batch_name(name);
    let row = query::first(db, NAMED, &[&customer.0, &own.0, &folded]).await?;
    row.as_ref().map(uploads::batch_from).transpose()
}

/// The batch and the group tag of its devices.
async fn batch(
    tx: &Tx<'_>,
    act: &Act,
    upload: &Upload,
    into: &IntoBatch,
) -> Result<(BatchId, String)> {
    let (party, customer) = (upload.party_id, upload.customer_id);
    let name = match into {
        IntoBatch::Existing(name) => name,
        IntoBatch::Named {
            name,
            group_tag,
            id,
        }
        | IntoBatch::Tagged {
            name,
            group_tag,
            id,
        } => {
            let folded = fold_batch_name(name);
            query::run(
                tx,
                MAKE_BATCH,
                &[
                    &id.0,
                    &customer.0,
                    &party.0,
                    name,
                    &folded,
                    group_tag,
                    &act.at.0,
                ],
            )
            .await?;
            name
        }
    };
    let found = batch_named(tx, party, customer, name).await?;
    let found = found.ok_or(StorageError::NotFound)?;
    if matches!(into, IntoBatch::Named { .. }) && found.name != *name {
        return Err(Refused::BatchNameTaken.into());
    }
    match into {
        IntoBatch::Tagged { group_tag, .. } => Ok((found.id, group_tag.clone())),
        IntoBatch::Named { .. } | IntoBatch::Existing(_) => Ok((found.id, found.group_tag)),
    }
}

async fn insert(tx: &Tx<'_>, upload: &Upload) -> Result<()> {
    query::run(
        tx,
        INSERT,
        &[
            &upload.id.0,
            &upload.batch_id.map(|id| id.0),
            &upload.customer_id.0,
            &upload.party_id.0,
            &upload.created_by.0,
            &upload.request_id.0,
            &upload.file_name,
            &upload.file_digest.as_slice(),
            &upload.group_tag,
            &upload.status.as_str(),
            &query::number(upload.row_count),
            &sql::counts_to_text(&upload.counts)?,
            &upload.created_at.0,
            &upload.queued_at.map(|at| at.0),
        ],
    )
    .await?;
    Ok(())
}

async fn keep_policies(tx: &Tx<'_>, upload: &Upload, asked: &[(u64, PolicyId)]) -> Result<()> {
    if asked.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = asked.iter().map(|(n, _)| query::number(*n)).collect();
    let ids: Vec<Uuid> = asked.iter().map(|(_, id)| id.0).collect();
    let (customer, party) = (upload.customer_id.0, upload.party_id.0);
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
        [&upload.id.0, &numbers, &ids, &customer, &party];
    let kept = query::run(tx, KEEP_POLICIES, &parameters).await?;
    if kept as usize == asked.len() {
        Ok(())
    } else {
        Err(StorageError::NotFound)
    }
}

/// Gives the devices that a chunk registered the policies their rows ask for, those that still
/// are there.
pub(super) async fn apply_policies(
    tx: &Tx<'_>,
    upload: &Upload,
    chunk: &[UploadRow],
    results: &[RowResult],
) -> Result<()> {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else {
        return Ok(());
    };
    let (from, to) = (query::number(first.number), query::number(last.number));
    let asked = query::all(tx, ASKED_POLICIES, &[&upload.id.0, &from, &to]).await?;
    let (mut devices, mut policies): (Vec<Uuid>, Vec<Uuid>) = Default::default();
    for row in &asked {
        let number: i64 = row.try_get(0)?;
        let at = chunk
            .iter()
            .position(|row| query::number(row.number) == number);
        let device = at
            .and_then(|at| results.get(at))
            .and_then(RowResult::registered);
        if let Some(device) = device {
            devices.push(device.0);
            policies.push(row.try_get(1)?);
        }
    }
    if !devices.is_empty() {
        let customer = upload.customer_id.0;
        let asked_at = upload.queued_at.unwrap_or(upload.created_at).0;
        let values: query::Parameters<'_> = &[&customer, &devices, &policies, &asked_at];
        query::run(tx, SET_POLICIES, values).await?;
    }
    Ok(())
}

pub(super) async fn submit(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    submission: &Submission,
) -> Result<Submitted> {
    let mut upload = submission.upload.clone();
    upload.party_id = own;
    if let Some(id) = remember(tx, own, submission.key, upload.id, act).await? {
        return Ok(Submitted::Before(id));
    }
    if !consent::hold(tx, own, upload.customer_id, act.at).await? {
        return Err(Refused::NoConsent.into());
    }
    let (batch, tag) = batch(tx, act, &upload, &submission.batch).await?;
    upload.batch_id = Some(batch);
    upload.group_tag = tag;
    upload.status = UploadStatus::Queued;
    upload.queued_at = Some(act.at);
    upload.row_count = submission.chunks.iter().map(|c| c.len() as u64).sum();
    insert(tx, &upload).await?;
    keep_policies(tx, &upload, &submission.policies).await?;
    let (chunks, job) = (&submission.chunks, &submission.job);
    let made = submission.batch.is_made_as(batch);
    uploads::queue(tx, act, &upload, chunks, job, made).await?;
    Ok(Submitted::Now(Box::new(upload)))
}

#[async_trait]
impl Submissions for Postgres {
    async fn submit(&self, scope: &Scope, act: &Act, submission: Submission) -> Result<Submitted> {
        let own = scope.organization_id();
        in_transaction!(self, tx => submit(tx, own, act, &submission).await)
    }

    async fn known_request(&self, scope: &Scope, key: RequestKey) -> Result<Option<Uuid>> {
        let client = self.client().await?;
        known(&client, scope.organization_id(), key).await
    }

    async fn remember_request(
        &self,
        scope: &Scope,
        act: &Act,
        key: RequestKey,
        id: Uuid,
    ) -> Result<Uuid> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            let before = remember(tx, own, Some(key), UploadId(id), act).await?;
            Ok(before.map_or(id, |before| before.0))
        })
    }

    async fn batch_named(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        name: &str,
    ) -> Result<Option<Batch>> {
        let client = self.client().await?;
        batch_named(&client, scope.organization_id(), customer, name).await
    }
}
