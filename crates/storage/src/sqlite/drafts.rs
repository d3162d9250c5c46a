//! Drafts with their files and what was changed in them.

use async_trait::async_trait;
use registration::access::Scope;
use registration::ids::{OrganizationId, UploadId};
use registration::upload::Upload;
use rusqlite::{Connection, Row, Transaction, params};

use super::{Sqlite, rows};
use crate::drafts::{
    Changes, DraftChange, DraftFile, DraftUpdate, Drafts, Splice, accepted_from_text,
    accepted_to_text,
};
use crate::{Refused, Result, StorageError, sql};

/// A draft that the scope's organization (`?2`) sent.
const OWN_DRAFT: &str = "id = ?1 AND party_id = ?2 AND status = 'draft'";

#[async_trait]
impl Drafts for Sqlite {
    async fn keep_draft(&self, scope: &Scope, mut upload: Upload, file: Vec<u8>) -> Result<()> {
        upload.party_id = scope.organization_id();
        self.write(move |tx| keep(tx, &upload, &file)).await
    }

    async fn draft_file(&self, scope: &Scope, id: UploadId) -> Result<Option<DraftFile>> {
        let own = scope.organization_id();
        self.read(move |conn| file(conn, own, id)).await
    }

    async fn draft_changes(&self, scope: &Scope, id: UploadId) -> Result<Vec<DraftChange>> {
        let own = scope.organization_id();
        let text = format!(
            "SELECT c.said, c.at, c.length, c.bytes FROM draft_change c \
             JOIN (SELECT id FROM upload WHERE {OWN_DRAFT}) u ON u.id = c.upload_id \
             ORDER BY c.number"
        );
        self.read(move |conn| rows::all(conn, &text, [id.0, own.0], change))
            .await
    }

    async fn update_draft(&self, scope: &Scope, id: UploadId, update: DraftUpdate) -> Result<()> {
        let own = scope.organization_id();
        self.write(move |tx| change_draft(tx, own, id, &update))
            .await
    }

    async fn drop_draft(&self, scope: &Scope, id: UploadId) -> Result<()> {
        let own = scope.organization_id();
        self.write(move |tx| {
            if is_draft(tx, own, id)? {
                drop_file(tx, id)?;
                rows::run(tx, "DELETE FROM upload WHERE id = ?1", [id.0])?;
            }
            Ok(())
        })
        .await
    }
}

/// `Refused::DraftChanged` if the draft has another version.
pub(super) fn of_version(tx: &Transaction<'_>, id: UploadId, version: u64) -> Result<()> {
    let text = "SELECT version FROM draft_file WHERE upload_id = ?1";
    let known = rows::first(tx, text, [id.0], |row| row.get::<_, u64>(0))?;
    if known == Some(version) {
        Ok(())
    } else {
        Err(Refused::DraftChanged.into())
    }
}

/// Removes a draft's file and what was changed in it.
pub(super) fn drop_file(tx: &Transaction<'_>, id: UploadId) -> Result<()> {
    for text in [
        "DELETE FROM draft_change WHERE upload_id = ?1",
        "DELETE FROM draft_file WHERE upload_id = ?1",
    ] {
        rows::run(tx, text, [id.0])?;
    }
    Ok(())
}

fn is_draft(conn: &Connection, own: OrganizationId, id: UploadId) -> Result<bool> {
    let text = format!("SELECT 1 FROM upload WHERE {OWN_DRAFT}");
    let found = rows::first(conn, &text, [id.0, own.0], |row| row.get::<_, i64>(0))?;
    Ok(found.is_some())
}

fn keep(tx: &Transaction<'_>, upload: &Upload, file: &[u8]) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO upload (id, customer_id, party_id, created_by, request_id, file_name, \
         file_digest, group_tag, status, row_count, counts, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'draft', ?9, ?10, ?11)",
        params![
            upload.id.0,
            upload.customer_id.0,
            upload.party_id.0,
            upload.created_by.0,
            upload.request_id.0,
            upload.file_name,
            upload.file_digest,
            upload.group_tag,
            upload.row_count,
            sql::counts_to_text(&upload.counts)?,
            upload.created_at.0,
        ],
    )?;
    let text = "INSERT INTO draft_file (upload_id, bytes) VALUES (?1, ?2)";
    rows::run(tx, text, params![upload.id.0, file])?;
    Ok(())
}

fn file(conn: &Connection, own: OrganizationId, id: UploadId) -> Result<Option<DraftFile>> {
    let text = format!(
        "SELECT f.version, f.accepted, f.bytes, \
         (SELECT COUNT(*) FROM draft_change c WHERE c.upload_id = f.upload_id), \
         (SELECT c.said FROM draft_change c WHERE c.upload_id = f.upload_id \
          ORDER BY c.number DESC LIMIT 1) \
         FROM draft_file f JOIN (SELECT id FROM upload WHERE {OWN_DRAFT}) u ON u.id = f.upload_id"
    );
    rows::first(conn, &text, [id.0, own.0], |row| {
        Ok(DraftFile {
            version: row.get(0)?,
            accepted: accepted_from_text(&row.get::<_, String>(1)?),
            bytes: row.get(2)?,
            changes: row.get(3)?,
            last_change: row.get(4)?,
        })
    })
}

fn change(row: &Row<'_>) -> rusqlite::Result<DraftChange> {
    Ok(DraftChange {
        said: row.get(0)?,
        back: Splice {
            at: row.get(1)?,
            length: row.get(2)?,
            bytes: row.get(3)?,
        },
    })
}

fn change_draft(
    tx: &Transaction<'_>,
    own: OrganizationId,
    id: UploadId,
    update: &DraftUpdate,
) -> Result<()> {
    if !is_draft(tx, own, id)? {
        return Err(StorageError::NotFound);
    }
    of_version(tx, id, update.version)?;
    let accepted = accepted_to_text(&update.accepted);
    let text = "UPDATE draft_file SET version = version + 1, accepted = ?2 WHERE upload_id = ?1";
    rows::run(tx, text, params![id.0, accepted])?;
    if let Some((bytes, digest)) = &update.file {
        let text = "UPDATE draft_file SET bytes = ?2 WHERE upload_id = ?1";
        rows::run(tx, text, params![id.0, bytes])?;
        let text = "UPDATE upload SET file_digest = ?2 WHERE id = ?1";
        rows::run(tx, text, params![id.0, digest])?;
    }
    match &update.changes {
        Changes::Stay => {}
        Changes::Add(change) => add_change(tx, id, change)?,
        Changes::First(number) => {
            let text = "DELETE FROM draft_change WHERE upload_id = ?1 AND number > ?2";
            rows::run(tx, text, params![id.0, number])?;
        }
    }
    Ok(())
}

fn add_change(tx: &Transaction<'_>, id: UploadId, change: &DraftChange) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO draft_change (upload_id, number, said, at, length, bytes) \
         SELECT ?1, COUNT(*) + 1, ?2, ?3, ?4, ?5 FROM draft_change WHERE upload_id = ?1",
        params![
            id.0,
            change.said,
            change.back.at,
            change.back.length,
            change.back.bytes,
        ],
    )?;
    Ok(())
}
