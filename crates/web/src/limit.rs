//! Rate limits by address, answered with how long to wait.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use service::DeskError;

/// A token bucket per address.
pub struct AddressLimit {
    buckets: DefaultKeyedRateLimiter<IpAddr>,
}

impl AddressLimit {
    /// `burst` at once, then one every `seconds`.
    pub fn new(burst: u32, seconds: u64) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(Duration::from_secs(seconds.max(1)))
            .unwrap_or(Quota::per_minute(burst))
            .allow_burst(burst);
        Self {
            buckets: RateLimiter::keyed(quota),
        }
    }

    /// One more from this address, or [`DeskError::TooMany`].
    pub fn check(&self, address: IpAddr) -> Result<(), DeskError> {
        if self.buckets.len() > 100_000 {
            self.buckets.retain_recent();
        }
        self.buckets.check_key(&address).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            DeskError::TooMany {
                retry_after: wait.as_secs() + 1,
            }
        })
    }
}
