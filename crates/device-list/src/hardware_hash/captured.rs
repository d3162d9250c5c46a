//! When a hash was collected: what the five bytes in record 1 that no page describes say.
//!
//! The reading is inferred, and only this file knows it. Four bytes are seconds since 2000-01-01 in
//! UTC, the fifth is the offset of the local time in quarter hours. What speaks for it: the
//! published sample gives 2019-02-15 with a Windows given out in 2018-09 and on a page written in
//! 2019-04; the four other published beginnings of hashes (registration.md 7.1) give dates after
//! their builds, and offsets of somewhere on earth; the sample's fifth byte, 120, is the impossible
//! offset of 30 hours that a published report of Microsoft's tool shows beside its system time. One
//! open decoder adds an hour, so trust the day, not the hour.

use std::fmt;

use jiff::civil::{DateTime, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::windows::Month;

/// 2000-01-01T00:00:00Z, in seconds since 1970.
const EPOCH: i64 = 946_684_800;

/// The farthest that a local time is from UTC, in quarter hours: 14 hours.
const FARTHEST: i8 = 14 * 4;

/// No hash is older than the program that makes them, which came with Windows 8.
const EARLIEST: Month = Month {
    year: 2012,
    month: 8,
};

/// When a hash was collected, by the clock of the device. Inferred: see the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Captured {
    seconds: u32,
    quarters: i8,
}

impl Captured {
    /// Reads the five bytes; `None` when they are not five or nothing is in them.
    pub fn read(stamp: &[u8]) -> Option<Self> {
        let (seconds, quarter) = stamp.split_first_chunk()?;
        let &[quarter] = quarter else { return None };
        let seconds = u32::from_le_bytes(*seconds);
        (seconds != 0).then_some(Self {
            seconds,
            quarters: quarter.cast_signed(),
        })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        EPOCH + i64::from(self.seconds)
    }

    /// The month, in UTC.
    pub fn month(self) -> Month {
        let date = self.utc().date();
        Month {
            year: date.year(),
            month: date.month(),
        }
    }

    /// The day, in UTC: `2019-02-15`.
    pub fn day(self) -> String {
        self.utc().date().to_string()
    }

    /// The same moment as the device's clock showed it, with its offset; `None` where the offset is
    /// none that exists.
    pub fn local(self) -> Option<String> {
        if !(-FARTHEST..=FARTHEST).contains(&self.quarters) {
            return None;
        }
        let offset = Offset::from_seconds(i32::from(self.quarters) * 900).ok()?;
        let local = self.timestamp().to_zoned(TimeZone::fixed(offset));
        Some(local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }

    /// Whether it can be true: not before the system and the program it was made with.
    pub(crate) fn is_plausible(self, not_before: Option<Month>) -> bool {
        let earliest = not_before.map_or(EARLIEST, |month| month.max(EARLIEST));
        let first = date(earliest.year, earliest.month, 1).at(0, 0, 0, 0);
        let first = Offset::UTC.to_timestamp(first).map(Timestamp::as_second);
        first.is_ok_and(|first| self.unix_seconds() >= first)
    }

    fn timestamp(self) -> Timestamp {
        let since = SignedDuration::from_secs(self.unix_seconds());
        // 32 bits of seconds end in the year 2136.
        Timestamp::from_duration(since).unwrap_or_default()
    }

    fn utc(self) -> DateTime {
        Offset::UTC.to_datetime(self.timestamp())
    }
}

impl fmt::Display for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

/// `{"at": …, "local": …, "inferred": true}`: whoever reads it shall know.
impl Serialize for Captured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told = serializer.serialize_struct("Captured", 3)?;
        told.serialize_field("at", &self.to_string())?;
        told.serialize_field("local", &self.local())?;
        told.serialize_field("inferred", &true)?;
        told.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(stamp: [u8; 5]) -> Captured {
        Captured::read(&stamp).unwrap()
    }

    #[test]
    fn the_published_stamps_fall_after_their_builds() {
        let since = |year, month| Some(Month { year, month });
        // The published sample: Windows 17763.
        let sample = captured([0x4f, 0x0e, 0xfa, 0x23, 0x78]);
        assert_eq!(sample.to_string(), "2019-02-15T23:57:03Z");
        assert_eq!(sample.local(), None);
        assert!(sample.is_plausible(since(2018, 9)) && !sample.is_plausible(since(2019, 3)));
        // Published beginnings: tool 14978; Windows 19041.1682, 18362.145, 19041.1181.
        let stamp = captured([0xce, 0x8a, 0xc7, 0x1f, 0x78]);
        assert_eq!(stamp.day(), "2016-11-22");
        let stamp = captured([0x60, 0x62, 0x32, 0x2a, 0x08]);
        assert_eq!(stamp.to_string(), "2022-06-07T19:24:16Z");
        assert_eq!(stamp.local().unwrap(), "2022-06-07T21:24:16+02:00");
        let stamp = captured([0xab, 0x48, 0x1c, 0x27, 0x78]);
        assert_eq!(stamp.day(), "2020-10-16");
        let stamp = captured([0x3c, 0x56, 0xcc, 0x2d, 0xe4]);
        assert_eq!(stamp.local().unwrap(), "2024-05-06T20:02:20-07:00");
    }

    #[test]
    fn offsets_go_both_ways() {
        let west = captured([0, 0, 0, 0x28, (-14_i8).cast_unsigned()]);
        assert!(west.local().unwrap().ends_with("-03:30"));
        assert_eq!(
            captured([0, 0, 0, 0x28, (-57_i8).cast_unsigned()]).local(),
            None
        );
    }

    #[test]
    fn nothing_is_no_time_and_an_early_clock_is_not_believed() {
        assert_eq!(Captured::read(&[0; 5]), None);
        assert_eq!(Captured::read(&[1; 4]), None);
        assert_eq!(Captured::read(&[1; 6]), None);
        assert!(!captured([1, 0, 0, 0, 0]).is_plausible(None));
        assert_eq!(captured([0xff; 5]).month().year, 2136);
    }
}
