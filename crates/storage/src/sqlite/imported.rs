//! Imported identities: queued with their upload, settled with its chunks.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{DeviceId, ImportId, OrganizationId, UploadId};
use registration::imported::{ImportState, ImportedIdentity};
use registration::properties::DeviceProperties;
use registration::upload::{RowResult, Upload, UploadRow};
use rusqlite::{Connection, Row, Transaction, params};
use uuid::Uuid;

use super::{Sqlite, audit, properties, rows, submissions};
use crate::imported::{Import, ImportChange, Imported};
use crate::sql::{self, IMPORTED};
use crate::submissions::Submitted;
use crate::{Page, Result, StorageError};

#[async_trait]
impl Imported for Sqlite {
    async fn import(&self, scope: &Scope, act: &Act, imports: Vec<Import>) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            for (act, import) in sql::acts(&act).zip(imports) {
                let queued = submissions::submit(tx, own, &act, import.submission)?;
                if let Submitted::Now(upload) = queued {
                    for identity in &import.identities {
                        insert(tx, &upload, identity)?;
                    }
                }
            }
            Ok(())
        })
        .await
    }

    async fn imported(
        &self,
        scope: &Scope,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<ImportedIdentity>> {
        let own = scope.organization_id();
        let text =
            format!("{IMPORTED} WHERE customer_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
        self.read(move |conn| {
            let params = params![own.0, before.unwrap_or(Uuid::max()), limit + 1];
            let found = rows::all(conn, &text, params, identity)?;
            Ok(Page::of(found, limit, |identity| identity.id.0))
        })
        .await
    }

    async fn imported_count(&self, scope: &Scope) -> Result<u64> {
        let own = scope.organization_id();
        let text = "SELECT COUNT(*) FROM imported_identity WHERE customer_id = ?1";
        self.read(move |conn| rows::value(conn, text, [own.0]))
            .await
    }

    async fn imported_identity(
        &self,
        scope: &Scope,
        id: ImportId,
    ) -> Result<Option<ImportedIdentity>> {
        let own = scope.organization_id();
        self.read(move |conn| by_id(conn, own, id)).await
    }

    async fn change_imported(
        &self,
        scope: &Scope,
        act: &Act,
        id: ImportId,
        change: ImportChange,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let known = by_id(tx, own, id)?.ok_or(StorageError::NotFound)?;
            let name = change.import_name.as_ref().unwrap_or(&known.import_name);
            let user = change.user_principal_name.as_ref();
            let user = user.unwrap_or(&known.user_principal_name);
            if (name, user) == (&known.import_name, &known.user_principal_name) {
                return Ok(());
            }
            let text = "UPDATE imported_identity SET import_name = ?2, user_principal_name = ?3 \
                        WHERE id = ?1";
            rows::run(tx, text, params![id.0, name, user])?;
            note(tx, &act, AuditAction::ImportChanged, &known)
        })
        .await
    }

    async fn delete_imported(&self, scope: &Scope, act: &Act, id: ImportId) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let known = by_id(tx, own, id)?.ok_or(StorageError::NotFound)?;
            rows::run(tx, "DELETE FROM imported_identity WHERE id = ?1", [id.0])?;
            note(tx, &act, AuditAction::ImportDeleted, &known)
        })
        .await
    }
}

fn identity(row: &Row<'_>) -> rusqlite::Result<ImportedIdentity> {
    let device = row.get::<_, Option<Uuid>>(11)?.map(DeviceId);
    let status: String = row.get(8)?;
    let state = sql::import_state(&status, row.get(9)?, row.get(10)?, device);
    Ok(ImportedIdentity {
        id: ImportId(row.get(0)?),
        upload_id: UploadId(row.get(1)?),
        number: row.get(2)?,
        serial: row.get(3)?,
        product_key: row.get(4)?,
        group_tag: row.get(5)?,
        import_name: row.get(6)?,
        user_principal_name: row.get(7)?,
        state: state.ok_or_else(|| rows::unreadable(8))?,
        created_at: Timestamp(row.get(12)?),
    })
}

fn by_id(conn: &Connection, own: OrganizationId, id: ImportId) -> Result<Option<ImportedIdentity>> {
    let text = format!("{IMPORTED} WHERE customer_id = ?1 AND id = ?2");
    rows::first(conn, &text, [own.0, id.0], identity)
}

fn insert(tx: &Transaction<'_>, upload: &Upload, identity: &ImportedIdentity) -> Result<()> {
    let (status, code, name, device) = sql::import_columns(&identity.state);
    rows::run(
        tx,
        "INSERT INTO imported_identity (id, customer_id, upload_id, number, serial, product_key, \
         group_tag, import_name, user_principal_name, status, error_code, error_name, device_id, \
         created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            identity.id.0,
            upload.customer_id.0,
            upload.id.0,
            identity.number,
            identity.serial,
            identity.product_key,
            identity.group_tag,
            identity.import_name,
            identity.user_principal_name,
            status,
            code,
            name,
            device.map(|id| id.0),
            identity.created_at.0,
        ],
    )?;
    Ok(())
}

/// Gives the identities of a chunk's rows their states, and the devices their users.
pub(super) fn settle(
    tx: &Transaction<'_>,
    upload: &Upload,
    chunk: &[UploadRow],
    results: &[RowResult],
) -> Result<()> {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else {
        return Ok(());
    };
    let text = format!("{IMPORTED} WHERE upload_id = ?1 AND number BETWEEN ?2 AND ?3");
    let params = params![upload.id.0, first.number, last.number];
    for identity in rows::all(tx, &text, params, identity)? {
        let Some((row, result)) = sql::row_of(identity.number, chunk, results) else {
            continue;
        };
        let state = ImportState::of(&row.verdict, result);
        let (status, code, name, device) = sql::import_columns(&state);
        let text = "UPDATE imported_identity SET status = ?2, error_code = ?3, error_name = ?4, \
                    device_id = ?5 WHERE id = ?1";
        let device_id = device.map(|id| id.0);
        rows::run(
            tx,
            text,
            params![identity.id.0, status, code, name, device_id],
        )?;
        let user = identity.user_principal_name;
        if let (ImportState::Complete(device), false) = (state, user.is_empty()) {
            let assigned = DeviceProperties {
                user_principal_name: user,
                ..DeviceProperties::default()
            };
            properties::write(tx, upload.customer_id, device, &assigned)?;
        }
    }
    Ok(())
}

fn note(
    tx: &Transaction<'_>,
    act: &Act,
    action: AuditAction,
    identity: &ImportedIdentity,
) -> Result<()> {
    let name = sql::import_name(identity);
    audit::append(tx, &act.entry(0, action, identity.id.0, &name))
}
