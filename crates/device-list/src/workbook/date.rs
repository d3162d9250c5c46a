//! Days since a workbook's beginning, as dates.

const DAY: i32 = 86_400;
/// The first day that Excel does not know: 1 January 10000.
const END: i32 = 2_958_466;
/// Days that a workbook counted from 1904 is behind one counted from 1900.
const SINCE_1904: i64 = 1462;
/// Excel counts a 29 February 1900, which never was.
const LEAP_ERROR: i64 = 60;

/// What a date's format shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateFormat {
    /// At least a day, month or year.
    Date,
    /// Hours, minutes and seconds alone.
    Time,
    /// Hours or minutes or seconds that go on counting.
    Duration,
}

/// A serial number as a date and a time, or `None` where no spreadsheet shows one.
///
/// `2024-05-01`, with a time only where there is one: `2024-05-01T10:30:00`; a time alone where the
/// format shows nothing else: `10:30:00`; hours beyond 24 in a duration.
pub(super) fn date_text(serial: f64, format: DateFormat, from_1904: bool) -> Option<String> {
    if !(0.0..f64::from(END)).contains(&serial) {
        return None;
    }
    let seconds = (serial * f64::from(DAY)).round() as i64;
    let (day, second) = (seconds / i64::from(DAY), seconds % i64::from(DAY));
    let clock = |hour: i64| format!("{hour:02}:{:02}:{:02}", second / 60 % 60, second % 60);
    let time = clock(second / 3600);
    match format {
        DateFormat::Duration => return Some(clock(seconds / 3600)),
        DateFormat::Time if day == 0 => return Some(time),
        _ => {}
    }
    let day = day + if from_1904 { SINCE_1904 } else { 0 };
    if day >= END.into() {
        return None;
    }
    let date = match day {
        0 => "1900-01-00".to_string(),
        LEAP_ERROR => "1900-02-29".to_string(),
        _ => civil(if day < LEAP_ERROR { day + 1 } else { day }),
    };
    Some(if second == 0 {
        date
    } else {
        format!("{date}T{time}")
    })
}

/// Year, month and day of a day counted from 30 December 1899.
fn civil(day: i64) -> String {
    /// From 1 March of year 0 to 30 December 1899.
    const ERA: i64 = 693_899;
    // Years begin in March here, so that a leap day is the last of its year.
    let day = day + ERA;
    let (cycle, in_cycle) = (day / 146_097, day % 146_097);
    let year = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let in_year = in_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let date = in_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = cycle * 400 + year + later;
    format!("{year:04}-{month:02}-{date:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(serial: f64) -> String {
        date_text(serial, DateFormat::Date, false).unwrap()
    }

    #[test]
    fn dates_as_excel_counts_them() {
        for (serial, shown) in [
            (0.0, "1900-01-00"),
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (36_526.0, "2000-01-01"),
            (36_585.0, "2000-02-29"),
            (45_351.0, "2024-02-29"),
            (45_352.0, "2024-03-01"),
            (45_413.437_5, "2024-05-01T10:30:00"),
            (2_958_465.0, "9999-12-31"),
        ] {
            assert_eq!(date(serial), shown);
        }
        assert_eq!(
            date_text(43_951.0, DateFormat::Date, true).unwrap(),
            "2024-05-01"
        );
        assert_eq!(
            date_text(0.0, DateFormat::Date, true).unwrap(),
            "1904-01-01"
        );
    }

    #[test]
    fn times_and_durations() {
        let text = |serial, format| date_text(serial, format, false).unwrap();
        assert_eq!(text(0.4375, DateFormat::Time), "10:30:00");
        assert_eq!(text(45_413.437_5, DateFormat::Time), "2024-05-01T10:30:00");
        assert_eq!(text(1.5, DateFormat::Duration), "36:00:00");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for serial in [-1.0, 2_958_466.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(date_text(serial, DateFormat::Date, false), None);
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut before = date(61.0);
        for serial in 62..200_000 {
            let day = date(f64::from(serial));
            assert!(day > before, "{before} {day}");
            before = day;
        }
        assert_eq!(before, "2447-07-29");
    }
}
