//! Uploads and batches.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::ids::{BatchId, OrganizationId, UploadId};
use registration::upload::{Batch, RowResult, Upload, UploadRow, UploadRowResult, UploadStatus};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::rows::{self, ORGANIZATION, UPLOAD, UPLOAD_WIDTH, USER};
use super::sight::consents;
use super::{Sqlite, apply, audit, drafts, jobs, people};
use crate::jobs::NewJob;
use crate::people::Member;
use crate::uploads::{Applied, RowFilter, Save, Saved, Uploads};
use crate::{Page, Refused, Result, StorageError, sql};

#[async_trait]
impl Uploads for Sqlite {
    async fn upload(&self, scope: &Scope, id: UploadId) -> Result<Option<Upload>> {
        let scope = *scope;
        self.read(move |conn| visible(conn, &scope, id)).await
    }

    async fn save_upload(&self, scope: &Scope, act: &Act, save: Save) -> Result<Saved> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| save_upload(tx, &scope, &act, &save))
            .await
    }

    async fn same_file(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        digest: [u8; 32],
    ) -> Result<Option<Upload>> {
        let own = scope.organization_id();
        let text = format!(
            "SELECT {UPLOAD} FROM upload u WHERE u.customer_id = ?1 AND u.party_id = ?2 \
             AND u.file_digest = ?3 AND u.status <> 'draft' ORDER BY u.id DESC LIMIT 1"
        );
        self.read(move |conn| {
            let params = params![customer.0, own.0, digest];
            rows::first(conn, &text, params, |row| rows::upload(row, 0))
        })
        .await
    }

    async fn uploads(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Upload>> {
        let own = scope.organization_id();
        self.read(move |conn| list(conn, own, customer, before, limit))
            .await
    }

    async fn upload_rows(
        &self,
        scope: &Scope,
        id: UploadId,
        filter: RowFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<UploadRowResult>> {
        let scope = *scope;
        self.read(move |conn| {
            if visible(conn, &scope, id)?.is_none() {
                return Err(StorageError::NotFound);
            }
            upload_rows(conn, id, filter, after, limit)
        })
        .await
    }

    async fn batches(&self, scope: &Scope, customer: OrganizationId) -> Result<Vec<Batch>> {
        let own = scope.organization_id();
        let text = "SELECT b.id, b.customer_id, b.party_id, b.name, b.group_tag, \
                    (SELECT COUNT(*) FROM device d WHERE d.batch_id = b.id), b.created_at \
                    FROM batch b WHERE b.customer_id = ?1 AND (b.party_id = ?2 OR ?1 = ?2) \
                    ORDER BY b.name_folded, b.id";
        self.read(move |conn| rows::all(conn, text, [customer.0, own.0], rows::batch))
            .await
    }

    async fn plan_rows(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        group_tag: &str,
        rows: &[UploadRow],
    ) -> Result<Vec<RowResult>> {
        let (scope, act, tag) = (*scope, act.clone(), group_tag.to_owned());
        let rows = rows.to_vec();
        self.read(move |conn| apply::plan(conn, &scope, &act, customer, &tag, rows))
            .await
    }

    async fn apply_next_chunk(&self, act: &Act, id: UploadId) -> Result<Applied> {
        let act = act.clone();
        self.write(move |tx| apply::apply_next(tx, &act, id)).await
    }

    async fn upload_for_job(&self, id: UploadId) -> Result<Option<(Upload, Member)>> {
        let text = format!(
            "SELECT {UPLOAD}, {USER}, {ORGANIZATION} FROM upload u \
             JOIN person p ON p.id = u.created_by \
             JOIN organization o ON o.id = p.organization_id WHERE u.id = ?1"
        );
        self.read(move |conn| {
            rows::first(conn, &text, [id.0], |row| {
                Ok((
                    rows::upload(row, 0)?,
                    people::read_member(row, UPLOAD_WIDTH)?,
                ))
            })
        })
        .await
    }
}

/// An upload, whoever asks.
pub(super) fn by_id(conn: &Connection, id: UploadId) -> Result<Option<Upload>> {
    let text = format!("SELECT {UPLOAD} FROM upload u WHERE u.id = ?1");
    rows::first(conn, &text, [id.0], |row| rows::upload(row, 0))
}

fn visible(conn: &Connection, scope: &Scope, id: UploadId) -> Result<Option<Upload>> {
    let own = scope.organization_id();
    Ok(by_id(conn, id)?.filter(|upload| {
        upload.party_id == own
            || (upload.customer_id == own && upload.status != UploadStatus::Draft)
    }))
}

fn save_upload(tx: &Transaction<'_>, scope: &Scope, act: &Act, save: &Save) -> Result<Saved> {
    let own = scope.organization_id();
    let found = by_id(tx, save.upload_id)?.filter(|upload| upload.party_id == own);
    let mut upload = found.ok_or(StorageError::NotFound)?;
    if upload.status != UploadStatus::Draft {
        return Ok(Saved::Before(upload));
    }
    drafts::of_version(tx, upload.id, save.draft_version)?;
    if !consents(tx, own, upload.customer_id, act.at)? {
        return Err(Refused::NoConsent.into());
    }
    upload.batch_id = Some(batch(tx, act, &upload, save)?);
    upload.request_id = save.request_id;
    upload.group_tag.clone_from(&save.group_tag);
    upload.status = UploadStatus::Queued;
    upload.row_count = save.chunks.iter().map(|rows| rows.len() as u64).sum();
    upload.queued_at = Some(act.at);
    write_saved(tx, &upload)?;
    drafts::drop_file(tx, upload.id)?;
    let made = upload.batch_id == Some(save.batch_id);
    queue(tx, act, &upload, &save.chunks, &save.job, made)?;
    Ok(Saved::Now(upload))
}

/// Keeps the rows of an upload that waits from now on, and queues its job.
pub(super) fn queue(
    tx: &Transaction<'_>,
    act: &Act,
    upload: &Upload,
    chunks: &[Vec<UploadRow>],
    job: &NewJob,
    makes_batch: bool,
) -> Result<()> {
    for (number, rows) in chunks.iter().enumerate() {
        keep_chunk(tx, upload.id, number, rows)?;
    }
    jobs::queue(tx, job)?;
    let detail = sql::queued_in_words(upload, makes_batch);
    let entry = act.entry(0, AuditAction::UploadQueued, upload.id.0, &upload.file_name);
    audit::append(tx, &entry.concerning(upload.customer_id).saying(detail))
}

fn batch(tx: &Transaction<'_>, act: &Act, upload: &Upload, save: &Save) -> Result<BatchId> {
    let folded = save.group_tag.to_lowercase();
    rows::run(
        tx,
        "INSERT INTO batch (id, customer_id, party_id, name, name_folded, group_tag, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6) \
         ON CONFLICT (customer_id, party_id, name_folded) DO NOTHING",
        params![
            save.batch_id.0,
            upload.customer_id.0,
            upload.party_id.0,
            save.group_tag,
            folded,
            act.at.0,
        ],
    )?;
    let text = "SELECT id FROM batch WHERE customer_id = ?1 AND party_id = ?2 AND name_folded = ?3";
    let params = params![upload.customer_id.0, upload.party_id.0, folded];
    rows::value(tx, text, params).map(BatchId)
}

fn write_saved(tx: &Transaction<'_>, upload: &Upload) -> Result<()> {
    rows::run(
        tx,
        "UPDATE upload SET batch_id = ?2, request_id = ?3, group_tag = ?4, status = ?5, \
         row_count = ?6, queued_at = ?7 WHERE id = ?1",
        params![
            upload.id.0,
            upload.batch_id.map(|id| id.0),
            upload.request_id.0,
            upload.group_tag,
            upload.status.as_str(),
            upload.row_count,
            upload.queued_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}

fn keep_chunk(
    tx: &Transaction<'_>,
    upload: UploadId,
    number: usize,
    rows: &[UploadRow],
) -> Result<()> {
    let first = rows.first().map_or(0, |row| row.number);
    rows::run(
        tx,
        "INSERT INTO upload_chunk (upload_id, number, first_row, row_count, failed, rows) \
         VALUES (?1, ?2, ?3, ?4, 0, ?5)",
        params![
            upload.0,
            number,
            first,
            rows.len(),
            sql::rows_to_bytes(rows)?
        ],
    )?;
    Ok(())
}

fn list(
    conn: &Connection,
    own: OrganizationId,
    customer: OrganizationId,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Page<Upload>> {
    let text = format!(
        "SELECT {UPLOAD} FROM upload u WHERE u.customer_id = ?1 AND u.status <> 'draft' \
         AND (u.party_id = ?2 OR ?1 = ?2) AND u.id < ?3 ORDER BY u.id DESC LIMIT ?4"
    );
    let params = params![customer.0, own.0, before.unwrap_or(Uuid::max()), limit + 1];
    let found = rows::all(conn, &text, params, |row| rows::upload(row, 0))?;
    Ok(Page::of(found, limit, |upload| upload.id.0))
}

fn upload_rows(
    conn: &Connection,
    id: UploadId,
    filter: RowFilter,
    after: u64,
    limit: usize,
) -> Result<Vec<UploadRowResult>> {
    let failed_only = filter == RowFilter::Failed;
    let mut statement = conn.prepare_cached(
        "SELECT rows, results FROM upload_chunk WHERE upload_id = ?1 \
         AND number >= COALESCE((SELECT MAX(number) FROM upload_chunk \
         WHERE upload_id = ?1 AND first_row <= ?2), 0) \
         AND (failed > 0 OR NOT ?3) ORDER BY number",
    )?;
    let mut chunks = statement.query(params![id.0, after.saturating_add(1), failed_only])?;
    let mut found = Vec::new();
    while let Some(chunk) = chunks.next()? {
        let rows = sql::rows_from_bytes(chunk.get_ref(0)?.as_blob().map_err(from_sql)?)?;
        let results = chunk.get_ref(1)?.as_blob_or_null().map_err(from_sql)?;
        for listed in sql::with_results(rows, results)? {
            if found.len() == limit {
                return Ok(found);
            }
            if listed.row.number > after && filter.admits(listed.result.as_ref()) {
                found.push(listed);
            }
        }
    }
    Ok(found)
}

/// A column of another type than the schema's: a broken file.
pub(super) fn from_sql(error: rusqlite::types::FromSqlError) -> StorageError {
    StorageError::unexpected(error)
}
