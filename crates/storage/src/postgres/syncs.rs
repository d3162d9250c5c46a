//! When customers asked for a sync.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use registration::access::Scope;
use registration::audit::{Act, AuditAction};
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use registration::sync::SyncState;

use super::{Postgres, query, trail};
use crate::syncs::Syncs;
use crate::{Refused, Result};

// Of two that ask at once, one waits here and then sees the other.
const HOLD: &str = "\
    INSERT INTO customer_sync (customer_id, asked_at) VALUES ($1, 0)
    ON CONFLICT (customer_id) DO UPDATE SET asked_at = customer_sync.asked_at";

const STATE: &str = "\
    SELECT s.asked_at, EXISTS (SELECT 1 FROM upload u WHERE u.customer_id = $1
        AND u.status IN ('queued', 'processing') AND u.queued_at <= s.asked_at)
    FROM customer_sync s WHERE s.customer_id = $1 AND s.asked_at > 0";

async fn state(db: &impl GenericClient, own: OrganizationId) -> Result<SyncState> {
    let row = query::first(db, STATE, &[&own.0]).await?;
    let Some(row) = row else {
        return Ok(SyncState::default());
    };
    Ok(SyncState {
        asked_at: Some(Timestamp(row.try_get(0)?)),
        is_running: row.try_get(1)?,
    })
}

#[async_trait]
impl Syncs for Postgres {
    async fn sync_state(&self, scope: &Scope) -> Result<SyncState> {
        let client = self.client().await?;
        state(&client, scope.organization_id()).await
    }

    async fn ask_sync(&self, scope: &Scope, act: &Act) -> Result<()> {
        let own = scope.organization_id();
        let text = "UPDATE customer_sync SET asked_at = $2 WHERE customer_id = $1";
        in_transaction!(self, tx => {
            query::run(tx, HOLD, &[&own.0]).await?;
            state(tx, own).await?.check(act.at).map_err(Refused::Sync)?;
            query::run(tx, text, &[&own.0, &act.at.0]).await?;
            let name = "Windows Autopilot";
            trail::write(tx, &[act.entry(0, AuditAction::SyncAsked, own.0, name)]).await
        })
    }
}
