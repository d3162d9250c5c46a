//! When customers asked for a sync.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::sync::SyncState;

use crate::Result;

/// Syncs of the scope's organization.
#[async_trait]
pub trait Syncs: Send + Sync {
    /// How they stand: one runs while devices handed over before it still wait to be registered.
    async fn sync_state(&self, scope: &Scope) -> Result<SyncState>;

    /// Asks for one. `Refused::Sync`. Audit: `SyncAsked`.
    async fn ask_sync(&self, scope: &Scope, act: &Act) -> Result<()>;
}
