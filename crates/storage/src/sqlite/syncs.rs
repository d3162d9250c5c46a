//! When customers asked for a sync.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use registration::sync::SyncState;
use rusqlite::{Connection, params};

use super::{Sqlite, audit, rows};
use crate::syncs::Syncs;
use crate::{Refused, Result};

#[async_trait]
impl Syncs for Sqlite {
    async fn sync_state(&self, scope: &Scope) -> Result<SyncState> {
        let own = scope.organization_id();
        self.read(move |conn| state(conn, own)).await
    }

    async fn ask_sync(&self, scope: &Scope, act: &Act) -> Result<()> {
        let (own, act) = (scope.organization_id(), act.clone());
        self.write(move |tx| {
            state(tx, own)?.check(act.at).map_err(Refused::Sync)?;
            rows::run(
                tx,
                "INSERT INTO customer_sync (customer_id, asked_at) VALUES (?1, ?2) \
                 ON CONFLICT (customer_id) DO UPDATE SET asked_at = excluded.asked_at",
                params![own.0, act.at.0],
            )?;
            let name = "Windows Autopilot";
            audit::append(tx, &act.entry(0, AuditAction::SyncAsked, own.0, name))
        })
        .await
    }
}

fn state(conn: &Connection, own: OrganizationId) -> Result<SyncState> {
    let text = "SELECT s.asked_at, EXISTS (SELECT 1 FROM upload u WHERE u.customer_id = ?1 \
                AND u.status IN ('queued', 'processing') AND u.queued_at <= s.asked_at) \
                FROM customer_sync s WHERE s.customer_id = ?1";
    let found = rows::first(conn, text, [own.0], |row| {
        Ok(SyncState {
            asked_at: Some(Timestamp(row.get(0)?)),
            is_running: row.get(1)?,
        })
    })?;
    Ok(found.unwrap_or_default())
}
