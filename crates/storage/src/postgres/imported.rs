//! Imported identities: queued with their upload, settled with its chunks.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{DeviceId, ImportId, OrganizationId, UploadId};
use registration::imported::{ImportState, ImportedIdentity};
use registration::properties::DeviceProperties;
use registration::upload::{RowResult, Upload, UploadRow};
use tokio_postgres::Row;
use uuid::Uuid;

use super::trouble::Trouble;
use super::{Postgres, Tx, properties, query, rows, submissions, trail};
use crate::imported::{Import, ImportChange, Imported};
use crate::sql::{self, IMPORTED};
use crate::submissions::Submitted;
use crate::{Page, Result, StorageError};

const INSERT: &str = "\
    INSERT INTO imported_identity (customer_id, upload_id, created_at, status, error_code,
        error_name, id, number, serial, product_key, group_tag, import_name, user_principal_name)
    SELECT $1::uuid, $2::uuid, $3::bigint, 'waiting', 0, '', t.*
    FROM UNNEST ($4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[]) AS t";

const SETTLE: &str = "\
    UPDATE imported_identity i SET status = t.status, error_code = t.code, error_name = t.name,
        device_id = t.device_id
    FROM UNNEST ($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::uuid[])
        AS t (id, status, code, name, device_id)
    WHERE i.id = t.id";

const CHANGE: &str = "\
    UPDATE imported_identity SET import_name = $2, user_principal_name = $3 WHERE id = $1";

fn identity(row: &Row) -> Result<ImportedIdentity> {
    let device = row.try_get::<_, Option<Uuid>>(11)?.map(DeviceId);
    let code = u16::try_from(row.try_get::<_, i64>(9)?);
    let code = code.map_err(|_| Trouble::Column("imported_identity.error_code"))?;
    let state = sql::import_state(row.try_get(8)?, code, row.try_get(10)?, device);
    Ok(ImportedIdentity {
        id: ImportId(row.try_get(0)?),
        upload_id: UploadId(row.try_get(1)?),
        number: rows::count(row, 2)?,
        serial: row.try_get(3)?,
        product_key: row.try_get(4)?,
        group_tag: row.try_get(5)?,
        import_name: row.try_get(6)?,
        user_principal_name: row.try_get(7)?,
        state: state.ok_or(Trouble::Column("imported_identity.status"))?,
        created_at: Timestamp(row.try_get(12)?),
    })
}

async fn by_id(
    db: &impl GenericClient,
    own: OrganizationId,
    id: ImportId,
    lock: &str,
) -> Result<Option<ImportedIdentity>> {
    let text = format!("{IMPORTED} WHERE customer_id = $1 AND id = $2{lock}");
    let row = query::first(db, &text, &[&own.0, &id.0]).await?;
    row.as_ref().map(identity).transpose()
}

async fn insert(tx: &Tx<'_>, upload: &Upload, identities: &[ImportedIdentity]) -> Result<()> {
    let Some(first) = identities.first() else {
        return Ok(());
    };
    let texts = |of: fn(&ImportedIdentity) -> &String| -> Vec<&str> {
        identities.iter().map(|one| of(one).as_str()).collect()
    };
    let ids: Vec<Uuid> = identities.iter().map(|one| one.id.0).collect();
    let numbers: Vec<i64> = identities
        .iter()
        .map(|one| query::number(one.number))
        .collect();
    query::run(
        tx,
        INSERT,
        &[
            &upload.customer_id.0,
            &upload.id.0,
            &first.created_at.0,
            &ids,
            &numbers,
            &texts(|one| &one.serial),
            &texts(|one| &one.product_key),
            &texts(|one| &one.group_tag),
            &texts(|one| &one.import_name),
            &texts(|one| &one.user_principal_name),
        ],
    )
    .await?;
    Ok(())
}

/// The states that a chunk gives, column by column.
#[derive(Default)]
struct Settled {
    ids: Vec<Uuid>,
    statuses: Vec<&'static str>,
    codes: Vec<i64>,
    names: Vec<String>,
    devices: Vec<Option<Uuid>>,
}

/// Gives the identities of a chunk's rows their states, and the devices their users.
pub(super) async fn settle(
    tx: &Tx<'_>,
    upload: &Upload,
    chunk: &[UploadRow],
    results: &[RowResult],
) -> Result<()> {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else {
        return Ok(());
    };
    let (from, to) = (query::number(first.number), query::number(last.number));
    let text = format!(
        "{IMPORTED} WHERE upload_id = $1 AND number BETWEEN $2 AND $3 ORDER BY id FOR UPDATE"
    );
    let mut settled = Settled::default();
    for row in query::all(tx, &text, &[&upload.id.0, &from, &to]).await? {
        let identity = identity(&row)?;
        let Some((row, result)) = sql::row_of(identity.number, chunk, results) else {
            continue;
        };
        let state = ImportState::of(&row.verdict, result);
        let (status, code, name, device) = sql::import_columns(&state);
        settled.ids.push(identity.id.0);
        settled.statuses.push(status);
        settled.codes.push(i64::from(code));
        settled.names.push(name.to_owned());
        settled.devices.push(device.map(|id| id.0));
        let user = identity.user_principal_name;
        if let (ImportState::Complete(device), false) = (state, user.is_empty()) {
            let assigned = DeviceProperties {
                user_principal_name: user,
                ..DeviceProperties::default()
            };
            properties::write(tx, upload.customer_id, device, &assigned).await?;
        }
    }
    if settled.ids.is_empty() {
        return Ok(());
    }
    let Settled {
        ids,
        statuses,
        codes,
        names,
        devices,
    } = settled;
    query::run(tx, SETTLE, &[&ids, &statuses, &codes, &names, &devices]).await?;
    Ok(())
}

async fn note(
    tx: &Tx<'_>,
    act: &Act,
    action: AuditAction,
    identity: &ImportedIdentity,
) -> Result<()> {
    let name = sql::import_name(identity);
    trail::write(tx, &[act.entry(0, action, identity.id.0, &name)]).await
}

async fn change_one(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    id: ImportId,
    change: &ImportChange,
) -> Result<()> {
    let known = by_id(tx, own, id, " FOR UPDATE").await?;
    let known = known.ok_or(StorageError::NotFound)?;
    let name = change.import_name.as_ref().unwrap_or(&known.import_name);
    let user = change.user_principal_name.as_ref();
    let user = user.unwrap_or(&known.user_principal_name);
    if (name, user) == (&known.import_name, &known.user_principal_name) {
        return Ok(());
    }
    query::run(tx, CHANGE, &[&id.0, name, user]).await?;
    note(tx, act, AuditAction::ImportChanged, &known).await
}

#[async_trait]
impl Imported for Postgres {
    async fn import(&self, scope: &Scope, act: &Act, imports: Vec<Import>) -> Result<()> {
        let own = scope.organization_id();
        in_transaction!(self, tx => {
            for (act, import) in sql::acts(act).zip(&imports) {
                let queued = submissions::submit(tx, own, &act, &import.submission).await?;
                if let Submitted::Now(upload) = queued {
                    insert(tx, &upload, &import.identities).await?;
                }
            }
            Ok(())
        })
    }

    async fn imported(
        &self,
        scope: &Scope,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<ImportedIdentity>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let (before, more) = (query::before(before), query::one_more(limit));
        let text =
            format!("{IMPORTED} WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
        let found = query::all(&client, &text, &[&own, &before, &more]).await?;
        let read = found.iter().map(identity).collect::<Result<_>>()?;
        Ok(Page::of(read, limit, |identity: &ImportedIdentity| {
            identity.id.0
        }))
    }

    async fn imported_count(&self, scope: &Scope) -> Result<u64> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let text = "SELECT COUNT(*) FROM imported_identity WHERE customer_id = $1";
        let row = query::first(&client, text, &[&own]).await?;
        row.map_or(Ok(0), |row| rows::count(&row, 0))
    }

    async fn imported_identity(
        &self,
        scope: &Scope,
        id: ImportId,
    ) -> Result<Option<ImportedIdentity>> {
        let client = self.client().await?;
        by_id(&client, scope.organization_id(), id, "").await
    }

    async fn change_imported(
        &self,
        scope: &Scope,
        act: &Act,
        id: ImportId,
        change: ImportChange,
    ) -> Result<()> {
        let own = scope.organization_id();
        in_transaction!(self, tx => change_one(tx, own, act, id, &change).await)
    }

    async fn delete_imported(&self, scope: &Scope, act: &Act, id: ImportId) -> Result<()> {
        let own = scope.organization_id();
        let delete = "DELETE FROM imported_identity WHERE id = $1";
        in_transaction!(self, tx => {
            let known = by_id(tx, own, id, " FOR UPDATE").await?;
            let known = known.ok_or(StorageError::NotFound)?;
            query::run(tx, delete, &[&id.0]).await?;
            note(tx, act, AuditAction::ImportDeleted, &known).await
        })
    }
}
