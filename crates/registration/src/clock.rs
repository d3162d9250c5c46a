//! Time as a parameter: whoever needs "now" takes a [`Clock`].

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

/// A point in time: microseconds since 1970-01-01T00:00:00Z. Stored as this integer everywhere.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Microseconds in one second.
    pub const SECOND: i64 = 1_000_000;
    /// Microseconds in one day.
    pub const DAY: i64 = 86_400 * Self::SECOND;

    /// This time moved by `seconds`, saturating.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(Self::SECOND)))
    }

    /// This time moved by `days`, saturating.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(Self::DAY)))
    }

    /// The calendar form for people, in UTC and to the minute: `2026-11-22 10:15`.
    pub fn to_minute(self) -> String {
        self.format("%Y-%m-%d %H:%M")
    }

    /// The calendar form in UTC to the second, as issuers of tokens write it: `2026-11-22 10:15:00Z`.
    pub fn to_second(self) -> String {
        self.format("%Y-%m-%d %H:%M:%SZ")
    }

    /// The date alone, in UTC: `2026-11-22`.
    pub fn to_date(self) -> String {
        self.format("%Y-%m-%d")
    }

    /// Reads a date `2026-11-22` as the end of that day in UTC, the way people mean "until".
    /// `None` when it is no date.
    pub fn end_of_date(text: &str) -> Option<Self> {
        let date: jiff::civil::Date = text.trim().parse().ok()?;
        let start = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Some(Self(start.as_microsecond() + Self::DAY - 1))
    }

    /// Reads a moment as clients write it: a date `2026-11-22` (its beginning in UTC), RFC 3339, the
    /// same without a zone (UTC), or `11/22/2026 12:00:00 AM`. Moments of the last days of the year
    /// 9999, with which programs say "for ever", are the last one there is. `None` when it is none of
    /// these.
    pub fn of_moment(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Some(Self(at.as_microsecond()));
        }
        let shapes = ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y"];
        let date = |shape: &&str| jiff::civil::Date::strptime(shape, text).ok();
        let civil = text
            .parse::<jiff::civil::DateTime>()
            .ok()
            .or_else(|| jiff::civil::DateTime::strptime(shapes[0], text).ok())
            .or_else(|| shapes.iter().find_map(date).map(Into::into))?;
        let at = civil.to_zoned(jiff::tz::TimeZone::UTC);
        let at = at.map_or(jiff::Timestamp::MAX, |at| at.timestamp());
        Some(Self(at.as_microsecond()))
    }

    fn format(self, shape: &str) -> String {
        jiff::Timestamp::from_microsecond(self.0)
            .map(|at| at.strftime(shape).to_string())
            .unwrap_or_default()
    }
}

/// RFC 3339 in UTC, as APIs and logs show it.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format("%Y-%m-%dT%H:%M:%SZ"))
    }
}

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A clock for tests: stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// Moves the clock forward by `seconds`.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0
            .fetch_add(seconds * Timestamp::SECOND, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_ever_is_the_last_moment_there_is() {
        let last = Timestamp(jiff::Timestamp::MAX.as_microsecond());
        for text in [
            "9999-12-31",
            "9999-12-31T23:59:59",
            "12/31/9999 11:59:59 PM",
        ] {
            assert_eq!(Timestamp::of_moment(text), Some(last), "{text}");
        }
        assert_eq!(Timestamp::of_moment("10000-01-01"), None);
    }

    #[test]
    fn moments_are_read_as_clients_write_them() {
        let day = Timestamp(1_496_275_200 * Timestamp::SECOND);
        for text in [
            "2017-06-01",
            "2017-06-01T00:00:00Z",
            "2017-06-01T02:00:00.0000000+02:00",
            "2017-06-01T00:00:00",
            "6/1/2017 12:00:00 AM",
            " 06/01/2017 ",
        ] {
            assert_eq!(Timestamp::of_moment(text), Some(day), "{text}");
        }
        assert_eq!(Timestamp::of_moment("yesterday"), None);
        assert_eq!(Timestamp::of_moment("2017-13-01"), None);
    }

    #[test]
    fn shows_utc_and_reads_until_dates_to_the_end_of_the_day() {
        let at = Timestamp(1_795_342_500 * Timestamp::SECOND);
        assert_eq!(at.to_string(), "2026-11-22T10:15:00Z");
        assert_eq!(at.to_minute(), "2026-11-22 10:15");
        let until = Timestamp::end_of_date("2026-11-22").expect("a date");
        assert!(until > at && until < at.plus_days(1));
        assert_eq!(Timestamp::end_of_date("22.11.2026"), None);
    }
}
