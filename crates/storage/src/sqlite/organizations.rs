//! Organizations and the first set-up.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::{OrganizationId, UserId};
use registration::organization::{Organization, OrganizationKind};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::invitations::request;
use super::rows::{self, ORGANIZATION};
use super::{Sqlite, audit, operator};
use crate::organizations::{NewLink, NewUser, Organizations};
use crate::{Conflict, Page, Refused, Result, StorageError, sql};

#[async_trait]
impl Organizations for Sqlite {
    async fn is_set_up(&self) -> Result<bool> {
        self.read(is_set_up).await
    }

    async fn offer_set_up(&self, link: NewLink) -> Result<()> {
        self.write(move |tx| {
            if is_set_up(tx)? {
                return Err(StorageError::Conflict(Conflict::SetUpAlready));
            }
            rows::run(tx, "DELETE FROM one_time_link WHERE person_id IS NULL", [])?;
            keep_link(tx, None, link)
        })
        .await
    }

    async fn set_up_link_holds(&self, digest: [u8; 32], now: Timestamp) -> Result<bool> {
        self.read(move |conn| {
            rows::value(
                conn,
                "SELECT EXISTS (SELECT 1 FROM one_time_link \
                 WHERE digest = ?1 AND person_id IS NULL AND expires_at > ?2)",
                params![digest, now.0],
            )
        })
        .await
    }

    async fn set_up(
        &self,
        act: &Act,
        digest: [u8; 32],
        operator: Organization,
        administrator: NewUser,
        password_hash: String,
    ) -> Result<()> {
        let act = act.clone();
        self.write(move |tx| set_up(tx, &act, digest, &operator, &administrator, &password_hash))
            .await
    }

    async fn create_organization(
        &self,
        scope: &Scope,
        act: &Act,
        organization: Organization,
        first: NewUser,
        link: NewLink,
    ) -> Result<()> {
        let (scope, act) = (*scope, act.clone());
        self.write(move |tx| {
            operator(&scope)?;
            create(tx, &act, &organization, &first, link)
        })
        .await
    }

    async fn organization(
        &self,
        scope: &Scope,
        id: OrganizationId,
    ) -> Result<Option<Organization>> {
        let scope = *scope;
        self.read(move |conn| visible(conn, &scope, id)).await
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
            return Ok(Page::of(Vec::new(), limit, |o: &Organization| o.id.0));
        }
        let pattern = sql::containing(search);
        self.read(move |conn| list(conn, kind, &pattern, before, limit))
            .await
    }
}

fn is_set_up(conn: &Connection) -> Result<bool> {
    let text = "SELECT EXISTS (SELECT 1 FROM organization WHERE kind = 'operator')";
    rows::value(conn, text, [])
}

fn set_up(
    tx: &Transaction<'_>,
    act: &Act,
    digest: [u8; 32],
    operator: &Organization,
    administrator: &NewUser,
    password_hash: &str,
) -> Result<()> {
    if is_set_up(tx)? {
        return Err(StorageError::Conflict(Conflict::SetUpAlready));
    }
    let spent = rows::run(
        tx,
        "DELETE FROM one_time_link WHERE digest = ?1 AND person_id IS NULL AND expires_at > ?2",
        params![digest, act.at.0],
    )?;
    if spent == 0 {
        return Err(Refused::LinkSpent.into());
    }
    keep_organization(tx, operator)?;
    keep_person(tx, administrator, operator.id, act.at, Some(password_hash))?;
    let entry = act.entry(0, AuditAction::ServiceSetUp, operator.id.0, &operator.name);
    audit::append(tx, &entry)
}

fn create(
    tx: &Transaction<'_>,
    act: &Act,
    organization: &Organization,
    first: &NewUser,
    link: NewLink,
) -> Result<()> {
    let id = organization.id;
    keep_organization(tx, organization)?;
    keep_person(tx, first, id, act.at, None)?;
    keep_link(tx, Some(first.id), link)?;
    let made = act.entry(
        0,
        AuditAction::OrganizationCreated,
        id.0,
        &organization.name,
    );
    audit::append(tx, &made.concerning(id))?;
    let added = act.entry(1, AuditAction::UserAdded, first.id.0, &first.email);
    audit::append(tx, &added.concerning(id))?;
    if organization.kind == OrganizationKind::Customer {
        request_those_addressed(tx, act, organization)?;
    }
    Ok(())
}

fn request_those_addressed(tx: &Transaction<'_>, act: &Act, customer: &Organization) -> Result<()> {
    let text = format!(
        "SELECT {} FROM invitation i WHERE i.customer_domain = ?1 AND i.state = 'open' \
         AND (i.expires_at IS NULL OR i.expires_at > ?2) ORDER BY i.id",
        rows::INVITATION
    );
    let addressed = rows::all(tx, &text, params![customer.domain, act.at.0], |row| {
        rows::invitation(row, 0)
    })?;
    for (n, invitation) in (0..).zip(&addressed) {
        request(
            tx,
            sql::relationship_id(act, n),
            invitation,
            customer.id,
            act.at,
        )?;
    }
    Ok(())
}

fn keep_organization(tx: &Transaction<'_>, organization: &Organization) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO organization (id, kind, name, name_folded, domain, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            organization.id.0,
            organization.kind.as_str(),
            organization.name,
            organization.name.to_lowercase(),
            organization.domain,
            organization.created_at.0,
        ],
    )?;
    Ok(())
}

/// Adds an account.
pub(super) fn keep_person(
    tx: &Transaction<'_>,
    person: &NewUser,
    organization: OrganizationId,
    at: Timestamp,
    password_hash: Option<&str>,
) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO person (id, organization_id, email, name, role, password_hash, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            person.id.0,
            organization.0,
            person.email,
            person.name,
            person.role.as_str(),
            password_hash,
            at.0,
        ],
    )?;
    Ok(())
}

/// Keeps a one-time link.
pub(super) fn keep_link(tx: &Transaction<'_>, person: Option<UserId>, link: NewLink) -> Result<()> {
    rows::run(
        tx,
        "INSERT INTO one_time_link (digest, person_id, expires_at) VALUES (?1, ?2, ?3)",
        params![link.digest, person.map(|id| id.0), link.expires_at.0],
    )?;
    Ok(())
}

/// An organization, whoever asks.
pub(super) fn by_id(conn: &Connection, id: OrganizationId) -> Result<Option<Organization>> {
    let text = format!("SELECT {ORGANIZATION} FROM organization o WHERE o.id = ?1");
    rows::first(conn, &text, [id.0], |row| rows::organization(row, 0))
}

fn visible(conn: &Connection, scope: &Scope, id: OrganizationId) -> Result<Option<Organization>> {
    let own = scope.organization_id();
    let seen = own == id
        || scope.kind() == OrganizationKind::Operator
        || rows::value(
            conn,
            "SELECT EXISTS (SELECT 1 FROM relationship \
             WHERE (party_id = ?2 AND customer_id = ?1) \
             OR (party_id = ?1 AND customer_id = ?2 AND active_since IS NOT NULL))",
            params![own.0, id.0],
        )?;
    if seen { by_id(conn, id) } else { Ok(None) }
}

fn list(
    conn: &Connection,
    kind: Option<OrganizationKind>,
    pattern: &str,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Page<Organization>> {
    let text = format!(
        "SELECT {ORGANIZATION} FROM organization o WHERE o.id < ?1 \
         AND (?2 IS NULL OR o.kind = ?2) \
         AND (o.name_folded LIKE ?3 ESCAPE '\\' OR o.domain LIKE ?3 ESCAPE '\\') \
         ORDER BY o.id DESC LIMIT ?4"
    );
    let found = rows::all(
        conn,
        &text,
        params![
            before.unwrap_or(Uuid::max()),
            kind.map(OrganizationKind::as_str),
            pattern,
            limit + 1
        ],
        |row| rows::organization(row, 0),
    )?;
    Ok(Page::of(found, limit, |o| o.id.0))
}
