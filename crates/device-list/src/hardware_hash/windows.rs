//! Builds of Windows, and since when each can have been on a device. A hash is not older than the
//! system that made it, nor than the program.
//!
//! The months are those of public announcements, in doubt the earlier one: a bound must hold.

use std::fmt;

use serde::{Serialize, Serializer};

use super::value::Version;

/// A month of a year; prints as `2018-09`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A build that was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Release {
    build: u16,
    name: &'static str,
    /// When it was first given out, to testers and makers: before it was in the shops.
    since: Month,
    /// Whether builds with higher numbers are younger. Not so for those that were made from an
    /// older one and numbered up.
    in_line: bool,
}

const fn release(build: u16, name: &'static str, year: i16, month: i8) -> Release {
    let since = Month { year, month };
    let in_line = true;
    Release {
        build,
        name,
        since,
        in_line,
    }
}

const fn beside(release: Release) -> Release {
    Release {
        in_line: false,
        ..release
    }
}

/// Rising build numbers. New versions go to the end.
const RELEASES: [Release; 24] = [
    release(7600, "Windows 7", 2009, 7),
    release(7601, "Windows 7 SP1", 2011, 1),
    release(9200, "Windows 8", 2012, 8),
    release(9600, "Windows 8.1", 2013, 8),
    release(10240, "Windows 10 1507", 2015, 7),
    release(10586, "Windows 10 1511", 2015, 11),
    release(14393, "Windows 10 1607", 2016, 7),
    release(15063, "Windows 10 1703", 2017, 3),
    release(16299, "Windows 10 1709", 2017, 9),
    release(17134, "Windows 10 1803", 2018, 4),
    release(17763, "Windows 10 1809", 2018, 9),
    release(18362, "Windows 10 1903", 2019, 3),
    beside(release(18363, "Windows 10 1909", 2019, 7)),
    release(19041, "Windows 10 2004", 2019, 12),
    beside(release(19042, "Windows 10 20H2", 2020, 6)),
    beside(release(19043, "Windows 10 21H1", 2021, 2)),
    beside(release(19044, "Windows 10 21H2", 2021, 7)),
    beside(release(19045, "Windows 10 22H2", 2022, 7)),
    beside(release(20348, "Windows Server 2022", 2021, 3)),
    release(22000, "Windows 11 21H2", 2021, 6),
    release(22621, "Windows 11 22H2", 2022, 5),
    beside(release(22631, "Windows 11 23H2", 2023, 6)),
    release(26100, "Windows 11 24H2", 2024, 4),
    beside(release(26200, "Windows 11 25H2", 2024, 4)),
];

/// What people call a version of Windows; `None` for builds between the released ones.
pub(crate) fn name(version: Version) -> Option<&'static str> {
    exactly(version).map(|release| release.name)
}

/// The earliest month in which a version can have run: that of its release, or for a build between
/// two that of the one before.
pub(crate) fn not_before(version: Version) -> Option<Month> {
    let before = || {
        let mut older = RELEASES
            .iter()
            .rev()
            .filter(|release| release.in_line && release.build < version.build);
        older.next()
    };
    exactly(version)
        .or_else(before)
        .map(|release| release.since)
}

fn exactly(version: Version) -> Option<&'static Release> {
    let at = RELEASES.binary_search_by_key(&version.build, |release| release.build);
    at.ok().map(|at| &RELEASES[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(build: u16) -> Version {
        Version {
            major: 10,
            build,
            ..Version::default()
        }
    }

    #[test]
    fn the_table_rises() {
        assert!(RELEASES.is_sorted_by(|a, b| a.build < b.build));
        let line = RELEASES.iter().filter(|release| release.in_line);
        assert!(line.is_sorted_by_key(|release| release.since));
    }

    #[test]
    fn a_build_is_not_older_than_the_release_before_it() {
        let since = |number| not_before(build(number)).map(|month| month.to_string());
        assert_eq!(since(17763).as_deref(), Some("2018-09"));
        assert_eq!(since(26100).as_deref(), Some("2024-04"));
        assert_eq!(since(14978).as_deref(), Some("2016-07"));
        assert_eq!(since(27000).as_deref(), Some("2024-04"));
        assert_eq!(since(2600), None);
        // 19045 was numbered up from 19041 and given out long after 20161 (2020-07).
        assert_eq!(since(20161).as_deref(), Some("2019-12"));
        assert_eq!(since(19045).as_deref(), Some("2022-07"));
        assert_eq!(name(build(19045)), Some("Windows 10 22H2"));
        assert_eq!(name(build(20161)), None);
    }
}
