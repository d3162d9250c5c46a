//! The audit log, read, and lines that stand for themselves.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{AuditAction, AuditEntry, AuditLine};
use registration::clock::Timestamp;
use registration::ids::{AuditId, OrganizationId, RequestId};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{Sqlite, audit, rows};
use crate::trail::{Trail, TrailFilter};
use crate::{Page, Result};

/// Each half walks its own index from the newest line down, and stops after a page.
const TEXT: &str = "WITH line AS (\
     SELECT * FROM (SELECT * FROM audit_entry WHERE actor_organization_id = ?1 AND id < ?2 \
     AND (?3 IS NULL OR concerned_organization_id = ?3 OR actor_organization_id = ?3) \
     AND (?4 IS NULL OR target_id = ?4) ORDER BY id DESC LIMIT ?5) \
     UNION ALL \
     SELECT * FROM (SELECT * FROM audit_entry WHERE concerned_organization_id = ?1 AND id < ?2 \
     AND actor_organization_id <> ?1 \
     AND (?3 IS NULL OR concerned_organization_id = ?3 OR actor_organization_id = ?3) \
     AND (?4 IS NULL OR target_id = ?4) ORDER BY id DESC LIMIT ?5)) \
     SELECT e.id, e.at, e.request_id, e.actor_organization_id, a.name, e.actor_email, c.name, \
     e.action, e.target_id, e.target, e.done, e.detail, \
     e.concerned_organization_id FROM line e \
     LEFT JOIN organization a ON a.id = e.actor_organization_id \
     LEFT JOIN organization c ON c.id = e.concerned_organization_id \
     ORDER BY e.id DESC LIMIT ?5";

#[async_trait]
impl Trail for Sqlite {
    async fn trail(
        &self,
        scope: &Scope,
        filter: TrailFilter,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<AuditLine>> {
        let own = scope.organization_id();
        self.read(move |conn| list(conn, own, filter, before, limit))
            .await
    }

    async fn note(&self, entry: AuditEntry) -> Result<()> {
        self.write(move |tx| audit::append(tx, &entry)).await
    }
}

fn list(
    conn: &Connection,
    own: OrganizationId,
    filter: TrailFilter,
    before: Option<Uuid>,
    limit: usize,
) -> Result<Page<AuditLine>> {
    let lines = rows::all(
        conn,
        TEXT,
        params![
            own.0,
            before.unwrap_or(Uuid::max()),
            filter.with.map(|id| id.0),
            filter.target,
            limit + 1
        ],
        |row| line(row, own),
    )?;
    Ok(Page::of(lines, limit, |line| line.id.0))
}

fn line(row: &Row<'_>, reader: OrganizationId) -> rusqlite::Result<AuditLine> {
    let organization_id = OrganizationId(row.get(3)?);
    let action = rows::word(row, 7, AuditAction::parse)?;
    let person = if organization_id == reader {
        row.get(5)?
    } else {
        None
    };
    Ok(AuditLine {
        id: AuditId(row.get(0)?),
        at: Timestamp(row.get(1)?),
        request_id: RequestId(row.get(2)?),
        organization_id,
        organization: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        person,
        concerned: row.get(6)?,
        concerned_id: row.get::<_, Option<Uuid>>(12)?.map(OrganizationId),
        action: action.as_str(),
        title: action.title(),
        target_id: row.get(8)?,
        target: row.get(9)?,
        done: row.get(10)?,
        detail: row.get(11)?,
    })
}
