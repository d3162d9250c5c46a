//! Dates that a spreadsheet makes of serial numbers such as `3-12`, `MAR12` or `2024-1-5`.

use std::iter;

use jiff::civil::{Date, date};

/// Names of months as English and German spreadsheets write and read them.
const MONTHS: [(&str, u8); 34] = [
    ("jan", 1),
    ("january", 1),
    ("januar", 1),
    ("feb", 2),
    ("february", 2),
    ("februar", 2),
    ("mar", 3),
    ("march", 3),
    ("mrz", 3),
    ("mär", 3),
    ("märz", 3),
    ("apr", 4),
    ("april", 4),
    ("may", 5),
    ("mai", 5),
    ("jun", 6),
    ("june", 6),
    ("juni", 6),
    ("jul", 7),
    ("july", 7),
    ("juli", 7),
    ("aug", 8),
    ("august", 8),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("oct", 10),
    ("okt", 10),
    ("october", 10),
    ("oktober", 10),
    ("nov", 11),
    ("november", 11),
    ("dec", 12),
    ("dez", 12),
];

/// The longest text that is read as a date: `12. September 2024 00:00:00`.
const LONGEST: usize = 32;

/// A day; of any year where none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "a day has a day")]
struct Day {
    year: Option<i16>,
    month: u8,
    day: u8,
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A number, and how many digits it has.
    Number(u16, usize),
    /// A month by its name.
    Month(u8),
}

/// Whether `own` is what a spreadsheet shows where `inside` was typed or read from a file.
///
/// American and European spreadsheets put month and day in different order, so any order that
/// fits will do.
pub(crate) fn became_date(own: &str, inside: &str) -> bool {
    let typed = days(inside);
    if typed.is_empty() {
        return false;
    }
    let shown = if is_shown_date(own) {
        days(own)
    } else {
        by_number(own).into_iter().collect()
    };
    shown
        .iter()
        .any(|shown| typed.iter().any(|typed| is_same(*shown, *typed)))
}

/// Whether a text has the form in which spreadsheets show dates, and hardly that of a serial
/// number: `12-Mar`, `Mar-12`, `12. Mrz 2024`, `03/12/2024`, `12.03.2024`, `2024-03-12 00:00:00`.
pub(crate) fn is_shown_date(text: &str) -> bool {
    let date = without_time(text);
    let Some(parts) = parts(date) else {
        return false;
    };
    if days(text).is_empty() {
        return false;
    }
    let separators = date.chars().any(|c| !c.is_alphanumeric());
    if parts.iter().any(|part| matches!(part, Part::Month(_))) {
        // Spreadsheets write `Mar`; `12-MAR` may be a serial number.
        return separators && date.chars().any(char::is_lowercase);
    }
    let has_year = parts.iter().any(|part| matches!(part, Part::Number(_, 4)));
    parts.len() == 3 && (has_year || date.contains('/'))
}

fn is_same(one: Day, other: Day) -> bool {
    let years = one.year.zip(other.year);
    (one.month, one.day) == (other.month, other.day) && years.is_none_or(|(a, b)| a == b)
}

/// All the days that a text can mean.
fn days(text: &str) -> Vec<Day> {
    use Part::{Month, Number};

    let Some(parts) = parts(without_time(text)) else {
        return Vec::new();
    };
    let mut days = Vec::new();
    let mut add = |year: Option<(u16, usize)>, month: u8, day: u16| {
        let named = year.map(|(year, digits)| full_year(year, digits));
        let (Ok(day @ 1..=31), 1..=12) = (u8::try_from(day), month) else {
            return;
        };
        if named != Some(None) {
            let year = named.flatten();
            days.push(Day { year, month, day });
        }
    };
    let month = |number: u16| u8::try_from(number).unwrap_or_default();
    match parts[..] {
        [Number(a, of_a), Number(b, of_b)] => {
            add(None, month(a), b);
            add(None, month(b), a);
            add(Some((b, of_b)), month(a), 1);
            add(Some((a, of_a)), month(b), 1);
        }
        [Number(n, digits), Month(name)] | [Month(name), Number(n, digits)] => {
            add(None, name, n);
            add(Some((n, digits)), name, 1);
        }
        [Number(a, of_a), Number(b, _), Number(c, of_c)] => {
            add(Some((c, of_c)), month(a), b);
            add(Some((c, of_c)), month(b), a);
            add(Some((a, of_a)), month(b), c);
        }
        [Number(a, of_a), Month(name), Number(b, of_b)] => {
            add(Some((b, of_b)), name, a);
            add(Some((a, of_a)), name, b);
        }
        [Month(name), Number(day, _), Number(year, digits)] => {
            add(Some((year, digits)), name, day);
        }
        _ => {}
    }
    days
}

/// A year with its century: two digits up to 29 are in this one.
fn full_year(year: u16, digits: usize) -> Option<i16> {
    match (digits, i16::try_from(year).ok()?) {
        (1 | 2, year @ 0..30) => Some(2000 + year),
        (1 | 2, year) => Some(1900 + year),
        (4, year @ 1900..=9999) => Some(year),
        _ => None,
    }
}

/// The numbers and names of months that a text consists of, two or three.
fn parts(text: &str) -> Option<Vec<Part>> {
    if text.len() > LONGEST || !text.starts_with(char::is_alphanumeric) {
        return None;
    }
    let mut parts = Vec::new();
    let mut left = text;
    while let Some(first) = left.chars().next() {
        let alike = |c: char| {
            if first.is_ascii_digit() {
                c.is_ascii_digit()
            } else {
                c.is_alphabetic()
            }
        };
        let end = left.find(|c| !alike(c)).unwrap_or(left.len());
        let (run, rest) = left.split_at(end);
        if first.is_ascii_digit() {
            parts.push(Part::Number(run.parse().ok()?, run.len()));
        } else if first.is_alphabetic() {
            parts.push(Part::Month(month_named(run)?));
        }
        left = match rest.strip_prefix(['-', '/', '.']) {
            Some(rest) => rest.trim_start_matches(' '),
            None => rest.trim_start_matches(' '),
        };
        // Nothing but a separator was taken: two in a row, or a foreign sign.
        if end == 0 {
            return None;
        }
    }
    matches!(parts.len(), 2 | 3).then_some(parts)
}

fn month_named(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    MONTHS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, month)| *month)
}

/// Without the time of day that databases and workbooks put behind a date.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else {
        return text;
    };
    let hour = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    hour.strip_suffix([' ', 'T']).unwrap_or(text)
}

/// The day with a number, counted as spreadsheets do, from the end of 1899; of the last decades
/// and the next.
fn by_number(text: &str) -> Option<Day> {
    const FIRST: Date = date(1899, 12, 30);
    let digits = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = text.parse().ok().filter(|_| digits)?;
    let day = iter::once(number)
        .filter(|number| (30_000..60_000).contains(number))
        .find_map(|number| FIRST.checked_add(jiff::Span::new().days(number)).ok())?;
    Some(Day {
        year: Some(day.year()),
        month: day.month().cast_unsigned(),
        day: day.day().cast_unsigned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_held_against_what_was_typed() {
        for (own, inside) in [
            ("12-Mar", "3-12"),
            ("03-Dec", "3-12"),
            ("12-Mar", "MAR12"),
            ("12-Mar", "12MAR"),
            ("Mar-12", "MAR12"),
            ("Mar-45", "MAR45"),
            ("Mar-24", "3-2024"),
            ("12. Mrz", "12.3"),
            ("12. März 2024", "12.3.24"),
            ("03/12/2024", "3-12"),
            ("03/12/2024", "12/3/2024"),
            ("12.03.2024", "12-3-24"),
            ("1/5/2024", "2024-1-5"),
            ("2024-01-05 00:00:00", "2024-1-5"),
            ("2024-01-05T00:00:00", "1/5/24"),
            ("05-Jan-24", "2024-1-5"),
            ("1/5/2024 12:00:00 AM", "2024-1-5"),
            ("01-Sep", "SEPT1"),
            ("45363", "12-3"),
            ("02-Jan", "1/2"),
        ] {
            assert!(became_date(own, inside), "{own} {inside}");
        }
        for (own, inside) in [
            ("12-Mar", "4-12"),
            ("12-Mar", "MAR13"),
            ("03/12/2024", "3-12-2023"),
            ("12-Mar", "PF02NCT8"),
            ("3-12", "12-3"),
            ("45363", "12-4"),
            ("99999", "12-4"),
            ("12-Mar", "3-12-1-4"),
            ("", "3-12"),
        ] {
            assert!(!became_date(own, inside), "{own} {inside}");
        }
    }

    #[test]
    fn only_what_spreadsheets_show_is_suspected() {
        for shown in [
            "12-Mar",
            "Mar-12",
            "12. Mrz",
            "12-Mar-24",
            "03/12/2024",
            "3/12/24",
            "12.03.2024",
            "2024-03-12",
            "2024-03-12 00:00:00",
            "12 Dez 2024",
        ] {
            assert!(is_shown_date(shown), "{shown}");
        }
        for serial in [
            "MAR12",
            "12MAR",
            "12-MAR",
            "3-12",
            "1/2",
            "2024",
            "PF-12",
            "12-3-4",
            "13/13/2024",
            "Mar",
            "12-Mar-1-2",
            "1.2.3",
            "May-",
            "40-Mar-40",
            "2024-13-13",
            "12--Mar",
            "ab:cd",
        ] {
            assert!(!is_shown_date(serial), "{serial}");
        }
    }

    proptest! {
        /// Whatever day a spreadsheet makes of a serial number, in whatever way it shows it.
        #[test]
        fn every_day_is_recognized_in_every_form(
            year in 1900_i16..2100,
            month in 1_u8..=12,
            day in 1_u8..=28,
            shown in 0..8,
            typed in 0..6,
        ) {
            let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let name = names[usize::from(month) - 1];
            let own = match shown {
                0 => format!("{day:02}-{name}"),
                1 => format!("{month:02}/{day:02}/{year}"),
                2 => format!("{day:02}/{month:02}/{year}"),
                3 => format!("{day:02}.{month:02}.{year}"),
                4 => format!("{year}-{month:02}-{day:02}"),
                5 => format!("{year}-{month:02}-{day:02} 00:00:00"),
                6 => format!("{day}-{name}-{year}"),
                _ => format!("{day}. {name} {year}"),
            };
            let inside = match typed {
                0 => format!("{month}-{day}"),
                1 => format!("{day}/{month}"),
                2 => format!("{}{day}", name.to_uppercase()),
                3 => format!("{day}{}", name.to_uppercase()),
                4 => format!("{year}-{month}-{day}"),
                _ => format!("{month}/{day}/{year}"),
            };
            prop_assert!(became_date(&own, &inside), "{} {}", own, inside);
        }

        #[test]
        fn any_two_texts_can_be_held_together(own in "[0-9A-Za-zä./: -]{0,14}", inside in "\\PC{0,14}") {
            let _ = (became_date(&own, &inside), became_date(&inside, &own));
        }
    }
}
