//! Organizations and the first set-up.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use registration::organization::{Organization, OrganizationKind};
use uuid::Uuid;

use super::{Postgres, Tx, operator, people, query, relationships, rows, trail};
use crate::organizations::{NewLink, NewUser, Organizations};
use crate::{Conflict, Page, Refused, Result, StorageError};

const IS_SET_UP: &str = "SELECT 1 FROM organization WHERE kind = 'operator' LIMIT 1";

const READ: &str = concat!(
    "SELECT ",
    organization_columns!("o"),
    " FROM organization o WHERE o.id = $1 AND ($3 OR o.id = $2
       OR EXISTS (SELECT 1 FROM relationship r WHERE r.customer_id = $2 AND r.party_id = o.id)
       OR EXISTS (SELECT 1 FROM relationship r WHERE r.party_id = $2 AND r.customer_id = o.id
                  AND r.active_since IS NOT NULL))"
);

const LIST: &str = concat!(
    "SELECT ",
    organization_columns!("o"),
    " FROM organization o WHERE ($1::text IS NULL OR o.kind = $1)
       AND (position ($2 IN o.name_folded) > 0 OR position ($2 IN o.domain) > 0)
       AND o.id < $3 ORDER BY o.id DESC LIMIT $4"
);

/// Lets one transaction at a time decide about the set-up: there is no key for "one operator".
async fn lock_set_up(tx: &Tx<'_>) -> Result<()> {
    let text = "SELECT 1 FROM schema_migration WHERE number = 1 FOR UPDATE";
    query::all(tx, text, &[]).await?;
    Ok(())
}

async fn insert(tx: &Tx<'_>, organization: &Organization) -> Result<()> {
    let text = "INSERT INTO organization (id, kind, name, name_folded, domain, created_at) \
                VALUES ($1, $2, $3, $4, $5, $6)";
    query::run(
        tx,
        text,
        &[
            &organization.id.0,
            &organization.kind.as_str(),
            &organization.name,
            &organization.name.to_lowercase(),
            &organization.domain,
            &organization.created_at.0,
        ],
    )
    .await?;
    Ok(())
}

/// An organization, whoever asks.
pub(super) async fn by_id(tx: &Tx<'_>, id: OrganizationId) -> Result<Organization> {
    let text = concat!(
        "SELECT ",
        organization_columns!("o"),
        " FROM organization o WHERE o.id = $1"
    );
    let row = query::first(tx, text, &[&id.0]).await?;
    rows::organization(&row.ok_or(StorageError::NotFound)?, 0)
}

#[async_trait]
impl Organizations for Postgres {
    async fn is_set_up(&self) -> Result<bool> {
        let client = self.client().await?;
        query::any(&client, IS_SET_UP, &[]).await
    }

    async fn offer_set_up(&self, link: NewLink) -> Result<()> {
        in_transaction!(self, tx => {
            lock_set_up(tx).await?;
            if query::any(tx, IS_SET_UP, &[]).await? {
                return Err(StorageError::Conflict(Conflict::SetUpAlready));
            }
            let text = "DELETE FROM one_time_link WHERE person_id IS NULL";
            query::run(tx, text, &[]).await?;
            people::insert_link(tx, None, &link).await
        })
    }

    async fn set_up_link_holds(&self, digest: [u8; 32], now: Timestamp) -> Result<bool> {
        let client = self.client().await?;
        let text = "SELECT 1 FROM one_time_link \
                    WHERE digest = $1 AND person_id IS NULL AND expires_at > $2";
        query::any(&client, text, &[&digest.as_slice(), &now.0]).await
    }

    async fn set_up(
        &self,
        act: &Act,
        digest: [u8; 32],
        operator: Organization,
        administrator: NewUser,
        password_hash: String,
    ) -> Result<()> {
        let spend = "DELETE FROM one_time_link \
                     WHERE digest = $1 AND person_id IS NULL AND expires_at > $2";
        in_transaction!(self, tx => {
            lock_set_up(tx).await?;
            if query::any(tx, IS_SET_UP, &[]).await? {
                return Err(StorageError::Conflict(Conflict::SetUpAlready));
            }
            if query::run(tx, spend, &[&digest.as_slice(), &act.at.0]).await? == 0 {
                return Err(Refused::LinkSpent.into());
            }
            insert(tx, &operator).await?;
            let password = Some(password_hash.as_str());
            people::insert(tx, operator.id, &administrator, password, act.at).await?;
            let line = act.entry(0, AuditAction::ServiceSetUp, operator.id.0, &operator.name);
            trail::write(tx, &[line.concerning(operator.id)]).await
        })
    }

    async fn create_organization(
        &self,
        scope: &Scope,
        act: &Act,
        organization: Organization,
        first: NewUser,
        link: NewLink,
    ) -> Result<()> {
        operator(scope)?;
        let id = organization.id;
        in_transaction!(self, tx => {
            insert(tx, &organization).await?;
            people::insert(tx, id, &first, None, act.at).await?;
            people::insert_link(tx, Some(first.id), &link).await?;
            if organization.kind == OrganizationKind::Customer {
                relationships::request_for_new(tx, act, &organization).await?;
            }
            let created = act.entry(0, AuditAction::OrganizationCreated, id.0, &organization.name);
            let added = act.entry(1, AuditAction::UserAdded, first.id.0, &first.email);
            trail::write(tx, &[created.concerning(id), added.concerning(id)]).await
        })
    }

    async fn organization(
        &self,
        scope: &Scope,
        id: OrganizationId,
    ) -> Result<Option<Organization>> {
        let client = self.client().await?;
        let sees_all = scope.kind() == OrganizationKind::Operator;
        let own = scope.organization_id().0;
        let row = query::first(&client, READ, &[&id.0, &own, &sees_all]).await?;
        row.map(|row| rows::organization(&row, 0)).transpose()
    }

    async fn organizations(
        &self,
        scope: &Scope,
        kind: Option<OrganizationKind>,
        search: &str,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Organization>> {
        if operator(scope).is_err() {
            return Ok(Page::of(Vec::new(), limit, |_: &Organization| Uuid::nil()));
        }
        let client = self.client().await?;
        let kind = kind.map(OrganizationKind::as_str);
        let more = query::one_more(limit);
        let found = query::all(
            &client,
            LIST,
            &[&kind, &search, &query::before(before), &more],
        )
        .await?;
        let read = found.iter().map(|row| rows::organization(row, 0));
        Ok(Page::of(read.collect::<Result<_>>()?, limit, |o| o.id.0))
    }
}
