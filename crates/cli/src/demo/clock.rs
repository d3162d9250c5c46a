//! The demo's clock: it starts a month back, so that there is a story to look at, and then shows
//! the time on the wall.

use std::sync::atomic::{AtomicI64, Ordering};

use registration::clock::{Clock, Timestamp};

use crate::wall::WallClock;

/// How far back the story begins.
const STORY_DAYS: i64 = 30;

/// A clock that is behind by some time.
#[derive(Debug)]
pub(crate) struct DemoClock {
    /// Microseconds.
    behind: AtomicI64,
}

impl DemoClock {
    /// A clock that shows the day on which the story begins.
    pub(crate) fn new() -> Self {
        Self {
            behind: AtomicI64::new(STORY_DAYS * Timestamp::DAY),
        }
    }

    /// Moves on to so many hours before now; never back.
    pub(crate) fn move_to(&self, hours_ago: i64) {
        self.behind
            .fetch_min(hours_ago * 3600 * Timestamp::SECOND, Ordering::SeqCst);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        Timestamp(WallClock.now().0 - self.behind.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_on_and_never_back() {
        let clock = DemoClock::new();
        let first = clock.now();
        clock.move_to(48);
        let second = clock.now();
        assert!(second >= first.plus_days(27));
        clock.move_to(72);
        assert!(clock.now() >= second);
        clock.move_to(0);
        assert!(WallClock.now().0 - clock.now().0 < 60 * Timestamp::SECOND);
    }
}
