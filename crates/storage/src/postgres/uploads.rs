//! Uploads and batches. What applying and planning do is in [`super::apply`].

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{BatchId, OrganizationId, UploadId};
use registration::upload::{Batch, RowResult, Upload, UploadRow, UploadRowResult, UploadStatus};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Postgres, Tx, apply, consent, drafts, jobs, query, rows, trail, upload_rows};
use crate::jobs::NewJob;
use crate::people::Member;
use crate::uploads::{Applied, RowFilter, Save, Saved, Uploads};
use crate::{Page, Refused, Result, StorageError, sql};

/// In sight of `$2`: the party sees what it sent, the customer also what others saved for it.
const READ: &str = concat!(
    "SELECT ",
    upload_columns!("u"),
    " FROM upload u WHERE u.id = $1
      AND (u.party_id = $2 OR (u.customer_id = $2 AND u.status <> 'draft'))"
);

const LOCK: &str = concat!(
    "SELECT ",
    upload_columns!("u"),
    " FROM upload u WHERE u.id = $1 AND ($2::uuid IS NULL OR u.party_id = $2) FOR UPDATE"
);

const LIST: &str = concat!(
    "SELECT ",
    upload_columns!("u"),
    " FROM upload u WHERE u.customer_id = $1 AND ($1 = $2 OR u.party_id = $2)
      AND u.status <> 'draft' AND u.id < $3 ORDER BY u.id DESC LIMIT $4"
);

const SAME_FILE: &str = concat!(
    "SELECT ",
    upload_columns!("u"),
    " FROM upload u WHERE u.customer_id = $1 AND u.party_id = $2 AND u.status <> 'draft'
      AND u.file_digest = $3 ORDER BY u.id DESC LIMIT 1"
);

const FOR_JOB: &str = concat!(
    "SELECT ",
    upload_columns!("u"),
    ", ",
    member_columns!(),
    " FROM upload u JOIN person p ON p.id = u.created_by
      JOIN organization o ON o.id = p.organization_id WHERE u.id = $1"
);

const BATCHES: &str = concat!(
    "SELECT ",
    columns!("b": "id", "customer_id", "party_id", "name", "group_tag"),
    ", (SELECT COUNT(*) FROM device d WHERE d.batch_id = b.id), b.created_at
      FROM batch b WHERE b.customer_id = $1 AND ($1 = $2 OR b.party_id = $2)
      ORDER BY b.name_folded, b.id"
);

const SAVE: &str = "\
    UPDATE upload SET batch_id = $2, request_id = $3, group_tag = $4, status = $5, row_count = $6,
        queued_at = $7
    WHERE id = $1";

/// Locks an upload (of `party`, or whoever sent it without).
pub(super) async fn lock(
    tx: &Tx<'_>,
    id: UploadId,
    party: Option<OrganizationId>,
) -> Result<Option<Upload>> {
    let party = party.map(|id| id.0);
    let row = query::first(tx, LOCK, &[&id.0, &party]).await?;
    row.map(|row| rows::upload(&row, 0)).transpose()
}

/// The batch of this name, made if there is none.
async fn batch(tx: &Tx<'_>, upload: &Upload, save: &Save, at: Timestamp) -> Result<BatchId> {
    let text = "INSERT INTO batch \
                (id, customer_id, party_id, name, name_folded, group_tag, created_at) \
                VALUES ($1, $2, $3, $4, $5, $4, $6) \
                ON CONFLICT (customer_id, party_id, name_folded) DO NOTHING";
    let find = "SELECT id FROM batch \
                WHERE customer_id = $1 AND party_id = $2 AND name_folded = $3";
    let (customer, party) = (upload.customer_id.0, upload.party_id.0);
    let (tag, folded) = (&save.group_tag, save.group_tag.to_lowercase());
    let new = save.batch_id.0;
    query::run(tx, text, &[&new, &customer, &party, tag, &folded, &at.0]).await?;
    let row = query::first(tx, find, &[&customer, &party, &folded]).await?;
    Ok(BatchId(row.ok_or(StorageError::NotFound)?.try_get(0)?))
}

/// Saves a locked draft.
async fn save_draft(tx: &Tx<'_>, act: &Act, mut upload: Upload, save: &Save) -> Result<Upload> {
    upload.batch_id = Some(batch(tx, &upload, save, act.at).await?);
    upload.request_id = save.request_id;
    upload.group_tag.clone_from(&save.group_tag);
    upload.status = UploadStatus::Queued;
    upload.queued_at = Some(act.at);
    upload.row_count = save.chunks.iter().map(|chunk| chunk.len() as u64).sum();
    query::run(
        tx,
        SAVE,
        &[
            &upload.id.0,
            &upload.batch_id.map(|id| id.0),
            &upload.request_id.0,
            &upload.group_tag,
            &upload.status.as_str(),
            &query::number(upload.row_count),
            &act.at.0,
        ],
    )
    .await?;
    drafts::drop_file(tx, upload.id).await?;
    let made = upload.batch_id == Some(save.batch_id);
    queue(tx, act, &upload, &save.chunks, &save.job, made).await?;
    Ok(upload)
}

/// Keeps the rows of an upload that waits from now on, and queues its job.
pub(super) async fn queue(
    tx: &Tx<'_>,
    act: &Act,
    upload: &Upload,
    chunks: &[Vec<UploadRow>],
    job: &NewJob,
    makes_batch: bool,
) -> Result<()> {
    upload_rows::insert(tx, upload.id, chunks).await?;
    jobs::queue(tx, job).await?;
    let detail = sql::queued_in_words(upload, makes_batch);
    let line = act.entry(0, AuditAction::UploadQueued, upload.id.0, &upload.file_name);
    trail::write(tx, &[line.concerning(upload.customer_id).saying(detail)]).await
}

pub(super) fn batch_from(row: &Row) -> Result<Batch> {
    Ok(Batch {
        id: BatchId(row.try_get(0)?),
        customer_id: OrganizationId(row.try_get(1)?),
        party_id: OrganizationId(row.try_get(2)?),
        name: row.try_get(3)?,
        group_tag: row.try_get(4)?,
        device_count: rows::count(row, 5)?,
        created_at: Timestamp(row.try_get(6)?),
    })
}

#[async_trait]
impl Uploads for Postgres {
    async fn upload(&self, scope: &Scope, id: UploadId) -> Result<Option<Upload>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let row = query::first(&client, READ, &[&id.0, &own]).await?;
        row.map(|row| rows::upload(&row, 0)).transpose()
    }

    async fn save_upload(&self, scope: &Scope, act: &Act, save: Save) -> Result<Saved> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            let upload = lock(tx, save.upload_id, Some(own)).await?;
            let upload = upload.ok_or(StorageError::NotFound)?;
            if upload.status != UploadStatus::Draft {
                return Ok(Saved::Before(upload));
            }
            drafts::of_version(tx, upload.id, save.draft_version).await?;
            if !consent::hold(tx, own, upload.customer_id, act.at).await? {
                return Err(Refused::NoConsent.into());
            }
            Ok(Saved::Now(save_draft(tx, act, upload, &save).await?))
        })
    }

    async fn same_file(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        digest: [u8; 32],
    ) -> Result<Option<Upload>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let digest = digest.as_slice();
        let row = query::first(&client, SAME_FILE, &[&customer.0, &own, &digest]).await?;
        row.map(|row| rows::upload(&row, 0)).transpose()
    }

    async fn uploads(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Upload>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let more = query::one_more(limit);
        let before = query::before(before);
        let found = query::all(&client, LIST, &[&customer.0, &own, &before, &more]).await?;
        let read = found.iter().map(|row| rows::upload(row, 0));
        Ok(Page::of(read.collect::<Result<_>>()?, limit, |u| u.id.0))
    }

    async fn upload_rows(
        &self,
        scope: &Scope,
        id: UploadId,
        filter: RowFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<UploadRowResult>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        if !query::any(&client, READ, &[&id.0, &own]).await? {
            return Err(StorageError::NotFound);
        }
        upload_rows::read(&client, id, filter, after, limit).await
    }

    async fn batches(&self, scope: &Scope, customer: OrganizationId) -> Result<Vec<Batch>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let found = query::all(&client, BATCHES, &[&customer.0, &own]).await?;
        found.iter().map(batch_from).collect()
    }

    async fn plan_rows(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        group_tag: &str,
        rows: &[UploadRow],
    ) -> Result<Vec<RowResult>> {
        let client = self.client().await?;
        apply::plan(&client, scope, act, customer, group_tag, rows).await
    }

    async fn apply_next_chunk(&self, act: &Act, id: UploadId) -> Result<Applied> {
        in_transaction!(self, tx => apply::next_chunk(tx, act, id).await)
    }

    async fn upload_for_job(&self, id: UploadId) -> Result<Option<(Upload, Member)>> {
        let client = self.client().await?;
        let row = query::first(&client, FOR_JOB, &[&id.0]).await?;
        row.map(|row| Ok((rows::upload(&row, 0)?, rows::member(&row, 15)?)))
            .transpose()
    }
}
