//! Drafts with their files and what was changed in them.

use async_trait::async_trait;
use registration::access::Scope;
use registration::ids::UploadId;
use registration::upload::{Upload, UploadStatus};
use tokio_postgres::Row;

use super::uploads::lock;
use super::{Postgres, Tx, query, rows};
use crate::drafts::{
    Changes, DraftChange, DraftFile, DraftUpdate, Drafts, Splice, accepted_from_text,
    accepted_to_text,
};
use crate::{Refused, Result, StorageError, sql};

const KEEP: &str = "\
    INSERT INTO upload (id, customer_id, party_id, created_by, request_id, file_name, file_digest,
        group_tag, status, row_count, counts, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'draft', 0, $9, $10)";

const FILE: &str = "\
    SELECT f.version, f.accepted, f.bytes,
        (SELECT COUNT(*) FROM draft_change c WHERE c.upload_id = f.upload_id),
        (SELECT c.said FROM draft_change c WHERE c.upload_id = f.upload_id
         ORDER BY c.number DESC LIMIT 1)
    FROM draft_file f JOIN upload u ON u.id = f.upload_id
    WHERE u.id = $1 AND u.party_id = $2 AND u.status = 'draft'";

const CHANGES: &str = "\
    SELECT c.said, c.at, c.length, c.bytes FROM draft_change c JOIN upload u ON u.id = c.upload_id
    WHERE u.id = $1 AND u.party_id = $2 AND u.status = 'draft' ORDER BY c.number";

const ADD_CHANGE: &str = "\
    INSERT INTO draft_change (upload_id, number, said, at, length, bytes)
    SELECT $1, COUNT(*) + 1, $2, $3, $4, $5 FROM draft_change WHERE upload_id = $1";

/// `Refused::DraftChanged` if the locked draft has another version.
pub(super) async fn of_version(tx: &Tx<'_>, id: UploadId, version: u64) -> Result<()> {
    let text = "SELECT 1 FROM draft_file WHERE upload_id = $1 AND version = $2";
    if query::any(tx, text, &[&id.0, &query::number(version)]).await? {
        Ok(())
    } else {
        Err(Refused::DraftChanged.into())
    }
}

/// Removes a draft's file and what was changed in it.
pub(super) async fn drop_file(tx: &Tx<'_>, id: UploadId) -> Result<()> {
    for text in [
        "DELETE FROM draft_change WHERE upload_id = $1",
        "DELETE FROM draft_file WHERE upload_id = $1",
    ] {
        query::run(tx, text, &[&id.0]).await?;
    }
    Ok(())
}

fn file_from(row: &Row) -> Result<DraftFile> {
    Ok(DraftFile {
        version: rows::count(row, 0)?,
        accepted: accepted_from_text(row.try_get(1)?),
        bytes: row.try_get(2)?,
        changes: rows::count(row, 3)?,
        last_change: row.try_get(4)?,
    })
}

fn change_from(row: &Row) -> Result<DraftChange> {
    Ok(DraftChange {
        said: row.try_get(0)?,
        back: Splice {
            at: rows::count(row, 1)?,
            length: rows::count(row, 2)?,
            bytes: row.try_get(3)?,
        },
    })
}

/// Changes a locked draft.
async fn change_draft(tx: &Tx<'_>, id: UploadId, update: &DraftUpdate) -> Result<()> {
    of_version(tx, id, update.version).await?;
    let accepted = accepted_to_text(&update.accepted);
    let text = "UPDATE draft_file SET version = version + 1, accepted = $2 WHERE upload_id = $1";
    query::run(tx, text, &[&id.0, &accepted]).await?;
    if let Some((bytes, digest)) = &update.file {
        let text = "UPDATE draft_file SET bytes = $2 WHERE upload_id = $1";
        query::run(tx, text, &[&id.0, bytes]).await?;
        let text = "UPDATE upload SET file_digest = $2 WHERE id = $1";
        query::run(tx, text, &[&id.0, &digest.as_slice()]).await?;
    }
    match &update.changes {
        Changes::Stay => {}
        Changes::Add(change) => add_change(tx, id, change).await?,
        Changes::First(number) => {
            let text = "DELETE FROM draft_change WHERE upload_id = $1 AND number > $2";
            query::run(tx, text, &[&id.0, &query::number(*number)]).await?;
        }
    }
    Ok(())
}

async fn add_change(tx: &Tx<'_>, id: UploadId, change: &DraftChange) -> Result<()> {
    let Splice { at, length, bytes } = &change.back;
    let (at, length) = (query::number(*at), query::number(*length));
    query::run(tx, ADD_CHANGE, &[&id.0, &change.said, &at, &length, bytes]).await?;
    Ok(())
}

#[async_trait]
impl Drafts for Postgres {
    async fn keep_draft(&self, scope: &Scope, upload: Upload, file: Vec<u8>) -> Result<()> {
        let party = scope.organization_id().0;
        let counts = sql::counts_to_text(&upload.counts)?;
        let keep_file = "INSERT INTO draft_file (upload_id, bytes) VALUES ($1, $2)";
        in_transaction!(self, tx => {
            query::run(
                tx,
                KEEP,
                &[
                    &upload.id.0,
                    &upload.customer_id.0,
                    &party,
                    &upload.created_by.0,
                    &upload.request_id.0,
                    &upload.file_name,
                    &upload.file_digest.as_slice(),
                    &upload.group_tag,
                    &counts,
                    &upload.created_at.0,
                ],
            )
            .await?;
            query::run(tx, keep_file, &[&upload.id.0, &file]).await?;
            Ok(())
        })
    }

    async fn draft_file(&self, scope: &Scope, id: UploadId) -> Result<Option<DraftFile>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let row = query::first(&client, FILE, &[&id.0, &own]).await?;
        row.as_ref().map(file_from).transpose()
    }

    async fn draft_changes(&self, scope: &Scope, id: UploadId) -> Result<Vec<DraftChange>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let found = query::all(&client, CHANGES, &[&id.0, &own]).await?;
        found.iter().map(change_from).collect()
    }

    async fn update_draft(&self, scope: &Scope, id: UploadId, update: DraftUpdate) -> Result<()> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            let upload = lock(tx, id, Some(own)).await?;
            if upload.is_none_or(|upload| upload.status != UploadStatus::Draft) {
                return Err(StorageError::NotFound);
            }
            change_draft(tx, id, &update).await
        })
    }

    async fn drop_draft(&self, scope: &Scope, id: UploadId) -> Result<()> {
        let text = "DELETE FROM upload WHERE id = $1";
        in_transaction!(self, tx => {
            let upload = lock(tx, id, Some(scope.organization_id())).await?;
            if upload.is_some_and(|upload| upload.status == UploadStatus::Draft) {
                drop_file(tx, id).await?;
                query::run(tx, text, &[&id.0]).await?;
            }
            Ok(())
        })
    }
}
