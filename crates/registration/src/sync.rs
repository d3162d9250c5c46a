//! When a customer may ask for a sync (api.md 5.2, `windowsAutopilotSettings/sync`). A registry has
//! nobody to sync with: what a sync waits for is that everything handed over before is registered.

use thiserror::Error;

use crate::clock::Timestamp;

/// Seconds between two syncs.
pub const SYNC_SECONDS: i64 = 600;

/// How a customer's syncs stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncState {
    /// When the last one was asked for.
    pub asked_at: Option<Timestamp>,
    /// Whether devices handed over until then still wait to be registered.
    pub is_running: bool,
}

/// Why a sync was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SyncRefusal {
    /// The last one runs.
    #[error("A sync is running already. Its end shows in the settings.")]
    Running,
    /// The last one was asked for a short time ago.
    #[error("A sync was asked for less than ten minutes ago. Try again in {0} seconds.")]
    TooSoon(u64),
}

impl SyncState {
    /// Whether a sync may be asked for at `now`.
    pub fn check(self, now: Timestamp) -> Result<(), SyncRefusal> {
        if self.is_running {
            return Err(SyncRefusal::Running);
        }
        let again = self.asked_at.map(|at| at.plus_seconds(SYNC_SECONDS));
        match again.filter(|again| *again > now) {
            None => Ok(()),
            Some(again) => {
                let wait = (again.0 - now.0).div_euclid(Timestamp::SECOND) + 1;
                Err(SyncRefusal::TooSoon(u64::try_from(wait).unwrap_or(1)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sync_in_ten_minutes_and_none_beside_another() {
        let at = Timestamp(0);
        assert_eq!(SyncState::default().check(at), Ok(()));
        let sync = SyncState {
            asked_at: Some(at),
            is_running: false,
        };
        assert_eq!(
            sync.check(at.plus_seconds(599)),
            Err(SyncRefusal::TooSoon(2))
        );
        assert_eq!(sync.check(at.plus_seconds(600)), Ok(()));
        let running = SyncState {
            is_running: true,
            ..sync
        };
        assert_eq!(
            running.check(at.plus_seconds(601)),
            Err(SyncRefusal::Running)
        );
    }
}
