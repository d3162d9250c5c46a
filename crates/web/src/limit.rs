//! Rate limits by address or organization, answered with how long to wait.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use service::DeskError;

/// A token bucket per address.
pub type AddressLimit = Limit<IpAddr>;

/// A token bucket per key: an address, an organization.
pub struct Limit<K: Hash + Eq + Clone> {
    buckets: DefaultKeyedRateLimiter<K>,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    /// `burst` at once, then one every `seconds`.
    pub fn new(burst: u32, seconds: u64) -> Self {
        Self::every(burst, Duration::from_secs(seconds.max(1)))
    }

    /// `burst` at once, then one after each `pause`.
    pub fn every(burst: u32, pause: Duration) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(pause)
            .unwrap_or(Quota::per_minute(burst))
            .allow_burst(burst);
        Self {
            buckets: RateLimiter::keyed(quota),
        }
    }

    /// One more from this one, or [`DeskError::TooMany`].
    pub fn check(&self, key: &K) -> Result<(), DeskError> {
        if self.buckets.len() > 100_000 {
            self.buckets.retain_recent();
        }
        self.buckets.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            DeskError::TooMany {
                retry_after: wait.as_secs() + 1,
            }
        })
    }
}
