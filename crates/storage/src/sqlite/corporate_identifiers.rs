//! A customer's list of corporate identifiers.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::corporate_identifier::{CorporateIdentifier, IdentifierKind, Platform, folded};
use registration::ids::{IdentifierId, OrganizationId};
use rusqlite::{Connection, Row, Transaction, params};

use super::{Sqlite, audit, rows};
use crate::corporate_identifiers::{CorporateIdentifiers, IdentifierFilter, Imported};
use crate::{Page, Result, StorageError, sql};

/// Columns of [`identifier`].
const IDENTIFIER: &str = "SELECT id, customer_id, kind, identifier, description, platform, \
     created_at, updated_at FROM corporate_identifier";

#[async_trait]
impl CorporateIdentifiers for Sqlite {
    async fn corporate_identifiers(
        &self,
        scope: &Scope,
        filter: &IdentifierFilter,
        before: Option<uuid::Uuid>,
        limit: usize,
    ) -> Result<Page<CorporateIdentifier>> {
        let own = scope.organization_id();
        let pattern = filter.contains.as_deref().map(sql::containing);
        let before = before.unwrap_or(uuid::Uuid::max());
        let text = format!(
            "{IDENTIFIER} WHERE customer_id = ?1 AND id < ?2 \
             AND (?3 IS NULL OR folded LIKE ?3 ESCAPE '\\') ORDER BY id DESC LIMIT ?4"
        );
        self.read(move |conn| {
            let values = params![own.0, before, pattern, limit + 1];
            let found = rows::all(conn, &text, values, identifier)?;
            Ok(Page::of(found, limit, |one| one.id.0))
        })
        .await
    }

    async fn count_corporate_identifiers(&self, scope: &Scope) -> Result<u64> {
        let own = scope.organization_id();
        let text = "SELECT COUNT(*) FROM corporate_identifier WHERE customer_id = ?1";
        self.read(move |conn| rows::value(conn, text, [own.0]))
            .await
    }

    async fn corporate_identifier(
        &self,
        scope: &Scope,
        id: IdentifierId,
    ) -> Result<Option<CorporateIdentifier>> {
        let own = scope.organization_id();
        self.read(move |conn| by_id(conn, own, id)).await
    }

    async fn find_corporate_identifiers(
        &self,
        scope: &Scope,
        wanted: &[(IdentifierKind, String)],
    ) -> Result<Vec<CorporateIdentifier>> {
        let (own, wanted) = (scope.organization_id(), wanted.to_vec());
        self.read(move |conn| {
            let mut found = Vec::new();
            for (kind, folded) in &wanted {
                found.extend(by_text(conn, own, *kind, folded)?);
            }
            Ok(found)
        })
        .await
    }

    async fn import_corporate_identifiers(
        &self,
        scope: &Scope,
        act: &Act,
        identifiers: Vec<CorporateIdentifier>,
        overwrite: bool,
    ) -> Result<Vec<Imported>> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| import(tx, own, &act, &identifiers, overwrite))
            .await
    }

    async fn change_corporate_identifier(
        &self,
        scope: &Scope,
        act: &Act,
        identifier: CorporateIdentifier,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            by_id(tx, own, identifier.id)?.ok_or(StorageError::NotFound)?;
            overwrite(tx, own, &act, &identifier)?;
            let name = &identifier.identifier;
            let entry = act.entry(0, AuditAction::IdentifierChanged, identifier.id.0, name);
            audit::append(tx, &entry)
        })
        .await
    }

    async fn delete_corporate_identifier(
        &self,
        scope: &Scope,
        act: &Act,
        id: IdentifierId,
    ) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            let found = by_id(tx, own, id)?.ok_or(StorageError::NotFound)?;
            let text = "DELETE FROM corporate_identifier WHERE customer_id = ?1 AND id = ?2";
            rows::run(tx, text, [own.0, id.0])?;
            let name = &found.identifier;
            audit::append(
                tx,
                &act.entry(0, AuditAction::IdentifierDeleted, id.0, name),
            )
        })
        .await
    }
}

fn identifier(row: &Row<'_>) -> rusqlite::Result<CorporateIdentifier> {
    Ok(CorporateIdentifier {
        id: IdentifierId(row.get(0)?),
        customer_id: OrganizationId(row.get(1)?),
        kind: rows::word(row, 2, IdentifierKind::parse)?,
        identifier: row.get(3)?,
        description: row.get(4)?,
        platform: rows::word(row, 5, Platform::parse)?,
        created_at: Timestamp(row.get(6)?),
        updated_at: Timestamp(row.get(7)?),
    })
}

fn by_id(
    conn: &Connection,
    own: OrganizationId,
    id: IdentifierId,
) -> Result<Option<CorporateIdentifier>> {
    let text = format!("{IDENTIFIER} WHERE customer_id = ?1 AND id = ?2");
    rows::first(conn, &text, [own.0, id.0], identifier)
}

fn by_text(
    conn: &Connection,
    own: OrganizationId,
    kind: IdentifierKind,
    folded: &str,
) -> Result<Option<CorporateIdentifier>> {
    let text = format!("{IDENTIFIER} WHERE customer_id = ?1 AND kind = ?2 AND folded = ?3");
    let values = params![own.0, kind.as_str(), folded];
    rows::first(conn, &text, values, identifier)
}

fn import(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    identifiers: &[CorporateIdentifier],
    replaces: bool,
) -> Result<Vec<Imported>> {
    let mut imported = Vec::with_capacity(identifiers.len());
    for given in identifiers {
        let folded = folded(&given.identifier);
        let known = by_text(tx, own, given.kind, &folded)?;
        if known.is_none() {
            insert(tx, own, act, given, &folded)?;
        } else if let (Some(known), true) = (&known, replaces) {
            let id = known.id;
            overwrite(
                tx,
                own,
                act,
                &CorporateIdentifier {
                    id,
                    ..given.clone()
                },
            )?;
        }
        let is_taken = known.is_none() || replaces;
        let now = by_text(tx, own, given.kind, &folded)?;
        let identifier = now.ok_or(StorageError::NotFound)?;
        imported.push(Imported {
            identifier,
            is_taken,
        });
    }
    let taken = imported.iter().filter(|one| one.is_taken).count();
    if taken > 0 {
        let words = sql::identifiers_in_words(taken);
        let entry = act.entry(0, AuditAction::IdentifiersImported, own.0, &words);
        audit::append(tx, &entry)?;
    }
    Ok(imported)
}

fn insert(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    given: &CorporateIdentifier,
    folded: &str,
) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO corporate_identifier (customer_id, id, kind, identifier, folded, \
         description, platform, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        params![
            own.0,
            given.id.0,
            given.kind.as_str(),
            given.identifier,
            folded,
            given.description,
            given.platform.as_str(),
            act.at.0,
        ],
    )?;
    Ok(())
}

fn overwrite(
    tx: &Transaction<'_>,
    own: OrganizationId,
    act: &Act,
    identifier: &CorporateIdentifier,
) -> Result<()> {
    rows::run(
        tx,
        "UPDATE corporate_identifier SET description = ?3, platform = ?4, updated_at = ?5 \
         WHERE customer_id = ?1 AND id = ?2",
        params![
            own.0,
            identifier.id.0,
            identifier.description,
            identifier.platform.as_str(),
            act.at.0,
        ],
    )?;
    Ok(())
}
