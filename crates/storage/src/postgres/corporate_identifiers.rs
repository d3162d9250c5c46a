//! A customer's list of corporate identifiers.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::corporate_identifier::{CorporateIdentifier, IdentifierKind, Platform, folded};
use registration::ids::{IdentifierId, OrganizationId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Postgres, Tx, query, rows, trail};
use crate::corporate_identifiers::{CorporateIdentifiers, IdentifierFilter, Imported};
use crate::{Page, Result, StorageError, sql};

macro_rules! identifiers {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!("c": "id", "customer_id", "kind", "identifier", "description", "platform",
                "created_at", "updated_at"),
            " FROM corporate_identifier c ",
            $condition
        )
    };
}

const LIST: &str = identifiers!(
    "WHERE c.customer_id = $1 AND c.id < $2
     AND ($3::text IS NULL OR c.folded LIKE $3 ESCAPE '\\') ORDER BY c.id DESC LIMIT $4"
);
const ONE: &str = identifiers!("WHERE c.customer_id = $1 AND c.id = $2");
const LOCK: &str = identifiers!("WHERE c.customer_id = $1 AND c.id = $2 FOR UPDATE");
const FIND: &str = identifiers!(
    "JOIN UNNEST ($2::text[], $3::text[]) AS w (kind, folded)
     ON c.kind = w.kind AND c.folded = w.folded WHERE c.customer_id = $1"
);

const INSERT: &str = "\
    INSERT INTO corporate_identifier (customer_id, id, kind, identifier, folded, description,
        platform, created_at, updated_at)
    SELECT $1, n.id, n.kind, n.identifier, n.folded, n.description, n.platform, $8, $8
    FROM UNNEST ($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
        AS n (id, kind, identifier, folded, description, platform)
    ORDER BY n.kind, n.folded
    ON CONFLICT (customer_id, kind, folded) DO NOTHING RETURNING id";

const OVERWRITE: &str = "\
    UPDATE corporate_identifier c
    SET description = n.description, platform = n.platform, updated_at = $6
    FROM UNNEST ($2::text[], $3::text[], $4::text[], $5::text[])
        AS n (kind, folded, description, platform)
    WHERE c.customer_id = $1 AND c.kind = n.kind AND c.folded = n.folded";

const CHANGE: &str = "\
    UPDATE corporate_identifier SET description = $3, platform = $4, updated_at = $5
    WHERE customer_id = $1 AND id = $2";

fn identifier(row: &Row) -> Result<CorporateIdentifier> {
    Ok(CorporateIdentifier {
        id: IdentifierId(row.try_get(0)?),
        customer_id: OrganizationId(row.try_get(1)?),
        kind: rows::word(row, 2, "corporate_identifier.kind", IdentifierKind::parse)?,
        identifier: row.try_get(3)?,
        description: row.try_get(4)?,
        platform: rows::word(row, 5, "corporate_identifier.platform", Platform::parse)?,
        created_at: Timestamp(row.try_get(6)?),
        updated_at: Timestamp(row.try_get(7)?),
    })
}

/// What tells identifiers of one customer apart.
type Key = (IdentifierKind, String);

fn key(identifier: &CorporateIdentifier) -> Key {
    (identifier.kind, folded(&identifier.identifier))
}

async fn find(
    db: &impl GenericClient,
    own: OrganizationId,
    wanted: &[Key],
) -> Result<Vec<CorporateIdentifier>> {
    let kinds: Vec<_> = wanted.iter().map(|(kind, _)| kind.as_str()).collect();
    let texts: Vec<_> = wanted.iter().map(|(_, text)| text.as_str()).collect();
    let found = query::all(db, FIND, &[&own.0, &kinds, &texts]).await?;
    found.iter().map(identifier).collect()
}

/// Adds those that are not on record: the ids of those that were added.
async fn insert(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    given: &[&CorporateIdentifier],
) -> Result<HashSet<Uuid>> {
    let ids: Vec<_> = given.iter().map(|one| one.id.0).collect();
    let kinds: Vec<_> = given.iter().map(|one| one.kind.as_str()).collect();
    let texts: Vec<_> = given.iter().map(|one| one.identifier.as_str()).collect();
    let folded: Vec<_> = given.iter().map(|one| folded(&one.identifier)).collect();
    let descriptions: Vec<_> = given.iter().map(|one| one.description.as_str()).collect();
    let platforms: Vec<_> = given.iter().map(|one| one.platform.as_str()).collect();
    let values: query::Parameters<'_> = &[
        &own.0,
        &ids,
        &kinds,
        &texts,
        &folded,
        &descriptions,
        &platforms,
        &act.at.0,
    ];
    let added = query::all(tx, INSERT, values).await?;
    added.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn overwrite(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    given: &HashMap<Key, &CorporateIdentifier>,
) -> Result<()> {
    let kinds: Vec<_> = given.keys().map(|(kind, _)| kind.as_str()).collect();
    let texts: Vec<_> = given.keys().map(|(_, text)| text.as_str()).collect();
    let descriptions: Vec<_> = given.values().map(|one| one.description.as_str()).collect();
    let platforms: Vec<_> = given.values().map(|one| one.platform.as_str()).collect();
    let values: query::Parameters<'_> =
        &[&own.0, &kinds, &texts, &descriptions, &platforms, &act.at.0];
    query::run(tx, OVERWRITE, values).await?;
    Ok(())
}

async fn import(
    tx: &Tx<'_>,
    own: OrganizationId,
    act: &Act,
    identifiers: &[CorporateIdentifier],
    replaces: bool,
) -> Result<Vec<Imported>> {
    let mut seen = HashSet::new();
    let firsts: Vec<_> = identifiers
        .iter()
        .filter(|one| seen.insert(key(one)))
        .collect();
    let added = insert(tx, own, act, &firsts).await?;
    if replaces {
        let lasts = identifiers.iter().map(|one| (key(one), one)).collect();
        overwrite(tx, own, act, &lasts).await?;
    }
    let wanted: Vec<_> = seen.into_iter().collect();
    let found = find(tx, own, &wanted).await?;
    let found: HashMap<_, _> = found.into_iter().map(|one| (key(&one), one)).collect();
    let mut imported = Vec::with_capacity(identifiers.len());
    for given in identifiers {
        let now = found.get(&key(given)).ok_or(StorageError::NotFound)?;
        imported.push(Imported {
            identifier: now.clone(),
            is_taken: replaces || added.contains(&given.id.0),
        });
    }
    let taken = imported.iter().filter(|one| one.is_taken).count();
    if taken > 0 {
        let words = sql::identifiers_in_words(taken);
        let entry = act.entry(0, AuditAction::IdentifiersImported, own.0, &words);
        trail::write(tx, &[entry]).await?;
    }
    Ok(imported)
}

/// Holds an entry until the transaction ends.
async fn lock(tx: &Tx<'_>, own: OrganizationId, id: IdentifierId) -> Result<CorporateIdentifier> {
    let row = query::first(tx, LOCK, &[&own.0, &id.0]).await?;
    identifier(&row.ok_or(StorageError::NotFound)?)
}

#[async_trait]
impl CorporateIdentifiers for Postgres {
    async fn corporate_identifiers(
        &self,
        scope: &Scope,
        filter: &IdentifierFilter,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<CorporateIdentifier>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let pattern = filter.contains.as_deref().map(sql::containing);
        let (before, most) = (query::before(before), query::one_more(limit));
        let found = query::all(&client, LIST, &[&own, &before, &pattern, &most]).await?;
        let found = found.iter().map(identifier).collect::<Result<_>>()?;
        Ok(Page::of(found, limit, |one: &CorporateIdentifier| one.id.0))
    }

    async fn count_corporate_identifiers(&self, scope: &Scope) -> Result<u64> {
        let client = self.client().await?;
        let text = "SELECT COUNT(*) FROM corporate_identifier WHERE customer_id = $1";
        let row = query::first(&client, text, &[&scope.organization_id().0]).await?;
        row.map_or(Ok(0), |row| rows::count(&row, 0))
    }

    async fn corporate_identifier(
        &self,
        scope: &Scope,
        id: IdentifierId,
    ) -> Result<Option<CorporateIdentifier>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let row = query::first(&client, ONE, &[&own, &id.0]).await?;
        row.as_ref().map(identifier).transpose()
    }

    async fn find_corporate_identifiers(
        &self,
        scope: &Scope,
        wanted: &[(IdentifierKind, String)],
    ) -> Result<Vec<CorporateIdentifier>> {
        let client = self.client().await?;
        find(&client, scope.organization_id(), wanted).await
    }

    async fn import_corporate_identifiers(
        &self,
        scope: &Scope,
        act: &Act,
        identifiers: Vec<CorporateIdentifier>,
        overwrite: bool,
    ) -> Result<Vec<Imported>> {
        let own = scope.organization_id();
        in_transaction!(self, tx => import(tx, own, act, &identifiers, overwrite).await)
    }

    async fn change_corporate_identifier(
        &self,
        scope: &Scope,
        act: &Act,
        identifier: CorporateIdentifier,
    ) -> Result<()> {
        let own = scope.organization_id();
        let (id, description) = (identifier.id, &identifier.description);
        let platform = identifier.platform.as_str();
        in_transaction!(self, tx => {
            let known = lock(tx, own, id).await?;
            let values: query::Parameters<'_> =
                &[&own.0, &id.0, description, &platform, &act.at.0];
            query::run(tx, CHANGE, values).await?;
            let name = &known.identifier;
            trail::write(tx, &[act.entry(0, AuditAction::IdentifierChanged, id.0, name)]).await
        })
    }

    async fn delete_corporate_identifier(
        &self,
        scope: &Scope,
        act: &Act,
        id: IdentifierId,
    ) -> Result<()> {
        let own = scope.organization_id();
        let text = "DELETE FROM corporate_identifier WHERE customer_id = $1 AND id = $2";
        in_transaction!(self, tx => {
            let known = lock(tx, own, id).await?;
            query::run(tx, text, &[&own.0, &id.0]).await?;
            let name = &known.identifier;
            trail::write(tx, &[act.entry(0, AuditAction::IdentifierDeleted, id.0, name)]).await
        })
    }
}
