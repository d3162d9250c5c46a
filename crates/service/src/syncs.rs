//! Syncs, which scripts ask for after a change: a registry has nobody to sync with, so one ends
//! when everything that was handed over before it is registered.

use registration::access::Action;
use registration::sync::SyncState;

use crate::{Caller, Desk, Result};

impl Desk {
    /// How the syncs of the caller's organization stand.
    pub async fn sync_state(&self, caller: &Caller) -> Result<SyncState> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        Ok(self.storage.sync_state(&scope).await?)
    }

    /// What a change of the settings comes to: every one of them is the service's to set, so whoever
    /// may change profiles learns how things stand.
    pub async fn keep_sync_settings(&self, caller: &Caller) -> Result<SyncState> {
        let scope = caller.may(Action::ManageOwnProfiles)?;
        Ok(self.storage.sync_state(&scope).await?)
    }

    /// Asks for a sync: `sync_running` while one runs, too many within ten minutes.
    pub async fn ask_sync(&self, caller: &Caller) -> Result<()> {
        let scope = caller.may(Action::ManageOwnProfiles)?;
        Ok(self.storage.ask_sync(&scope, &caller.act(self)).await?)
    }
}
