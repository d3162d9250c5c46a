//! Rate limits by address or organization, answered with how long to wait, and what is left of
//! them, told with every answer.

pub mod published;
mod sizes;

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use service::DeskError;

/// A token bucket per address.
pub type AddressLimit = Limit<IpAddr>;

type Buckets<K> =
    RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// A token bucket per key: an address, an organization.
pub struct Limit<K: Hash + Eq + Clone> {
    name: &'static str,
    burst: NonZeroU32,
    pause: Duration,
    buckets: Buckets<K>,
}

/// What is left of a limit after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    name: &'static str,
    burst: u32,
    remaining: u32,
    pause: Duration,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    /// `burst` at once, then one every `seconds`.
    pub fn new(name: &'static str, burst: u32, seconds: u64) -> Self {
        Self::every(name, burst, Duration::from_secs(seconds.max(1)))
    }

    /// `burst` at once, then one after each `pause`.
    pub fn every(name: &'static str, burst: u32, pause: Duration) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(pause)
            .unwrap_or(Quota::per_minute(burst))
            .allow_burst(burst);
        Self {
            name,
            burst,
            pause,
            buckets: RateLimiter::keyed(quota).with_middleware(),
        }
    }

    /// The name that it is published under.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// One more from this one, or [`DeskError::TooMany`].
    pub fn check(&self, key: &K) -> Result<(), DeskError> {
        self.take(key).1
    }

    /// The same, with what is left.
    pub(crate) fn take(&self, key: &K) -> (Left, Result<(), DeskError>) {
        if self.buckets.len() > 100_000 {
            self.buckets.retain_recent();
        }
        let left = |remaining| Left {
            name: self.name,
            burst: self.burst.get(),
            remaining,
            pause: self.pause,
        };
        match self.buckets.check_key(key) {
            Ok(state) => (left(state.remaining_burst_capacity()), Ok(())),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                let retry_after = wait.as_secs() + 1;
                (left(0), Err(DeskError::TooMany { retry_after }))
            }
        }
    }
}

impl Left {
    /// How many calls in how many seconds.
    fn policy(self) -> String {
        let Self { name, burst, .. } = self;
        format!("\"{name}\";q={burst};w={}", self.seconds(burst))
    }

    /// How many are left, and after how many seconds all are there again.
    fn rest(self) -> String {
        let Self {
            name, remaining, ..
        } = self;
        let reset = self.seconds(self.burst - remaining.min(self.burst));
        format!("\"{name}\";r={remaining};t={reset}")
    }

    fn seconds(self, calls: u32) -> f64 {
        (self.pause * calls).as_secs_f64().ceil()
    }

    /// `RateLimit-Policy` and `RateLimit`, as the IETF draft has them, with what is left of each of
    /// these limits.
    pub(crate) fn set(all: &[Self], headers: &mut HeaderMap) {
        let listed = |tell: fn(Self) -> String| {
            let items: Vec<_> = all.iter().map(|left| tell(*left)).collect();
            items.join(", ")
        };
        let told = [
            ("ratelimit-policy", listed(Self::policy)),
            ("ratelimit", listed(Self::rest)),
        ];
        for (name, items) in told {
            if let Ok(value) = HeaderValue::from_str(&items)
                && !items.is_empty()
            {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told() {
        let limit: Limit<u8> = Limit::every("calls", 3, Duration::from_secs(2));
        let (left, taken) = limit.take(&7);
        assert!(taken.is_ok());
        let mut headers = HeaderMap::new();
        Left::set(&[], &mut headers);
        assert!(headers.is_empty());
        Left::set(&[left], &mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"calls\";q=3;w=6");
        assert_eq!(headers["ratelimit"], "\"calls\";r=2;t=2");
        limit.check(&7).expect("the second");
        limit.check(&7).expect("the third");
        let (left, refused) = limit.take(&7);
        assert!(matches!(
            refused,
            Err(DeskError::TooMany { retry_after: 1..=2 })
        ));
        let guesses: Limit<u8> = Limit::new("guesses", 2, 5);
        Left::set(&[left, guesses.take(&7).0], &mut headers);
        assert_eq!(
            headers["ratelimit"],
            "\"calls\";r=0;t=6, \"guesses\";r=1;t=5"
        );
        assert_eq!(
            headers["ratelimit-policy"],
            "\"calls\";q=3;w=6, \"guesses\";q=2;w=10"
        );
        limit.check(&8).expect("another one has its own");
    }
}
