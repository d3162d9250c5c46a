//! The audit log.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{AuditAction, AuditEntry, AuditLine};
use registration::clock::Timestamp;
use registration::ids::{AuditId, OrganizationId, RequestId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Postgres, Tx, query, rows};
use crate::trail::{Trail, TrailFilter};
use crate::{Page, Result};

const WRITE: &str = "\
    INSERT INTO audit_entry (id, at, request_id, actor_user_id, actor_email,
        actor_organization_id, concerned_organization_id, action, target_id, target, done, detail)
    SELECT * FROM UNNEST ($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[],
        $6::uuid[], $7::uuid[], $8::text[], $9::uuid[], $10::text[], $11::bool[], $12::text[])";

/// Writes lines.
pub(super) async fn write(tx: &Tx<'_>, lines: &[AuditEntry]) -> Result<()> {
    let concerned: Vec<Option<Uuid>> = lines
        .iter()
        .map(|line| line.concerned_organization_id.map(|id| id.0))
        .collect();
    query::run(
        tx,
        WRITE,
        &[
            &each(lines, |line| line.id.0),
            &each(lines, |line| line.at.0),
            &each(lines, |line| line.request_id.0),
            &each(lines, |line| line.actor_user_id.0),
            &each(lines, |line| line.actor_email.as_str()),
            &each(lines, |line| line.actor_organization_id.0),
            &concerned,
            &each(lines, |line| line.action.as_str()),
            &each(lines, |line| line.target_id),
            &each(lines, |line| line.target.as_str()),
            &each(lines, |line| line.done),
            &each(lines, |line| line.detail.as_str()),
        ],
    )
    .await?;
    Ok(())
}

fn each<'a, T>(lines: &'a [AuditEntry], value: impl Fn(&'a AuditEntry) -> T) -> Vec<T> {
    lines.iter().map(value).collect()
}

macro_rules! arm {
    ($side:literal) => {
        concat!(
            "(SELECT * FROM audit_entry WHERE ",
            $side,
            " AND id < $2
             AND ($3::uuid IS NULL OR actor_organization_id = $3 OR concerned_organization_id = $3)
             AND ($4::uuid IS NULL OR target_id = $4) ORDER BY id DESC LIMIT $5)"
        )
    };
}

// One arm for each index; a line is in one of them only.
const READ: &str = concat!(
    "SELECT e.id, e.at, e.request_id, e.actor_organization_id, a.name,
        CASE WHEN e.actor_organization_id = $1 THEN e.actor_email END, c.name, e.action,
        e.target_id, e.target, e.done, e.detail, e.concerned_organization_id
     FROM (",
    arm!("actor_organization_id = $1"),
    " UNION ALL ",
    arm!("concerned_organization_id = $1 AND actor_organization_id <> $1"),
    ") e
     LEFT JOIN organization a ON a.id = e.actor_organization_id
     LEFT JOIN organization c ON c.id = e.concerned_organization_id
     ORDER BY e.id DESC LIMIT $5"
);

fn line(row: &Row) -> Result<AuditLine> {
    let action = rows::word(row, 7, "audit_entry.action", AuditAction::parse)?;
    Ok(AuditLine {
        id: AuditId(row.try_get(0)?),
        at: Timestamp(row.try_get(1)?),
        request_id: RequestId(row.try_get(2)?),
        organization_id: OrganizationId(row.try_get(3)?),
        organization: row.try_get::<_, Option<_>>(4)?.unwrap_or_default(),
        person: row.try_get(5)?,
        concerned: row.try_get(6)?,
        concerned_id: row.try_get::<_, Option<Uuid>>(12)?.map(OrganizationId),
        action: action.as_str(),
        title: action.title(),
        target_id: row.try_get(8)?,
        target: row.try_get(9)?,
        done: row.try_get(10)?,
        detail: row.try_get(11)?,
    })
}

#[async_trait]
impl Trail for Postgres {
    async fn trail(
        &self,
        scope: &Scope,
        filter: TrailFilter,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<AuditLine>> {
        let client = self.client().await?;
        let own = scope.organization_id().0;
        let with = filter.with.map(|id| id.0);
        let found = query::all(
            &client,
            READ,
            &[
                &own,
                &query::before(before),
                &with,
                &filter.target,
                &query::one_more(limit),
            ],
        )
        .await?;
        let lines = found.iter().map(line).collect::<Result<_>>()?;
        Ok(Page::of(lines, limit, |line: &AuditLine| line.id.0))
    }

    async fn note(&self, entry: AuditEntry) -> Result<()> {
        in_transaction!(self, tx => write(tx, std::slice::from_ref(&entry)).await)
    }
}
