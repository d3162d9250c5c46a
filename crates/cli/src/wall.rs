//! The real clock and the operating system's randomness: the only place that asks for either.

use std::time::{SystemTime, UNIX_EPOCH};

use registration::clock::{Clock, Timestamp};
use registration::ids::Entropy;

/// The clock on the wall.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WallClock;

impl Clock for WallClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "here the time enters the program"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's random bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness every secret could be guessed: better no service than such a one.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
