//! Number formats: which numbers are dates, and which are shown with zeros or letters around them.

use super::date::DateFormat;

/// How a cell's format shows a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum NumberFormat {
    /// With its own digits. Colours, thousands, decimals and currencies count as this: they make
    /// no other number of it.
    #[default]
    Plain,
    /// As a date or time.
    Date(DateFormat),
    /// As digits in a pattern, such as `00000000000`.
    Pattern(Vec<Place>),
}

/// One place of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A digit, or a zero where there is none.
    Zero,
    /// A digit, or nothing.
    Digit,
    /// A character as it is.
    Literal(char),
}

impl Place {
    fn takes_digit(self) -> bool {
        !matches!(self, Self::Literal(_))
    }
}

/// A whole number's digits in a pattern: from the right, what is left over in the first place.
pub(super) fn in_pattern(places: &[Place], digits: &str) -> String {
    let mut digits = digits.trim_start_matches('0').chars().rev();
    let first = places.iter().position(|place| place.takes_digit());
    let mut shown = Vec::new();
    for (at, place) in places.iter().enumerate().rev() {
        match place {
            Place::Literal(c) => shown.push(*c),
            Place::Zero => shown.push(digits.next().unwrap_or('0')),
            Place::Digit => shown.extend(digits.next()),
        }
        if Some(at) == first {
            shown.extend(digits.by_ref());
        }
    }
    shown.iter().rev().collect()
}

/// Longer patterns are not followed.
const PLACES: usize = 64;

impl NumberFormat {
    /// The formats that a workbook names by number alone (ECMA-376 part 1, 18.8.30).
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            14..=17 | 22 | 27..=31 | 34..=36 | 50..=58 => Self::Date(DateFormat::Date),
            18..=21 | 32 | 33 | 45 | 47 => Self::Date(DateFormat::Time),
            46 => Self::Date(DateFormat::Duration),
            _ => Self::Plain,
        }
    }

    /// Reads a format code (ECMA-376 part 1, 18.8.31). Its first section is the one for numbers
    /// that are not negative.
    pub(super) fn read(code: &str) -> Self {
        let mut sketch = Sketch::default();
        let mut characters = code.chars();
        while let Some(c) = characters.next() {
            match c {
                ';' => break,
                '"' => sketch.literals(characters.by_ref().take_while(|c| *c != '"')),
                '\\' => sketch.literals(characters.next().into_iter()),
                // A blank as wide as the next character, and one that fills the cell.
                '_' | '*' => drop(characters.next()),
                '[' => {
                    let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    sketch.bracket(&inner);
                }
                _ => sketch.character(c),
            }
        }
        sketch.finish()
    }
}

/// What is seen of a format code.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is seen or not, with any other"
)]
struct Sketch {
    places: Vec<Place>,
    day: bool,
    /// Months or minutes: what stands beside them says which.
    month: bool,
    clock: bool,
    duration: bool,
    /// Something that makes more of a number than its digits.
    other: bool,
}

impl Sketch {
    fn literals(&mut self, characters: impl Iterator<Item = char>) {
        self.places.extend(characters.map(Place::Literal));
    }

    /// A colour, a condition, a language with or without a currency, or a duration.
    fn bracket(&mut self, inner: &str) {
        let counts = inner.chars().all(|c| "hHmMsS".contains(c));
        self.duration |= counts && !inner.is_empty();
        self.other |= inner.starts_with('$') && !inner.starts_with("$-");
    }

    fn character(&mut self, c: char) {
        match c {
            '0' => self.places.push(Place::Zero),
            '#' => self.places.push(Place::Digit),
            '-' | ' ' | '(' | ')' | ':' | '+' => self.places.push(Place::Literal(c)),
            'd' | 'D' | 'y' | 'Y' => self.day = true,
            'm' | 'M' => self.month = true,
            'h' | 'H' | 's' | 'S' => self.clock = true,
            _ => self.other = true,
        }
    }

    fn finish(self) -> NumberFormat {
        let digits = self.places.iter().any(|place| place.takes_digit());
        if self.duration {
            NumberFormat::Date(DateFormat::Duration)
        } else if self.day || (self.month && !self.clock) {
            NumberFormat::Date(DateFormat::Date)
        } else if self.clock {
            NumberFormat::Date(DateFormat::Time)
        } else if digits && !self.other && (2..=PLACES).contains(&self.places.len()) {
            NumberFormat::Pattern(self.places)
        } else {
            NumberFormat::Plain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: NumberFormat = NumberFormat::Date(DateFormat::Date);
    const TIME: NumberFormat = NumberFormat::Date(DateFormat::Time);
    const DURATION: NumberFormat = NumberFormat::Date(DateFormat::Duration);

    #[test]
    fn dates_times_and_durations_are_told_from_numbers() {
        for (code, format) in [
            ("yyyy-mm-dd", DATE),
            ("dd/mm/yy;@", DATE),
            ("mmm-yy", DATE),
            ("MMMM", DATE),
            ("[$-409]d\\-mmm\\-yyyy", DATE),
            ("m/d/yyyy h:mm", DATE),
            ("h:mm", TIME),
            ("[$-409]h:mm:ss AM/PM", TIME),
            ("mm:ss.0", TIME),
            ("[h]:mm:ss", DURATION),
            ("[Red][mm]:ss", DURATION),
            ("General", NumberFormat::Plain),
            ("0", NumberFormat::Plain),
            ("@", NumberFormat::Plain),
            ("0.00E+00", NumberFormat::Plain),
            ("#,##0.00", NumberFormat::Plain),
            ("# ?/?", NumberFormat::Plain),
            ("0%", NumberFormat::Plain),
            ("\"days\"", NumberFormat::Plain),
            ("[$€-407]000", NumberFormat::Plain),
            ("\\Y000000", NumberFormat::read("\"Y\"000000")),
            ("0;[Red]yyyy", NumberFormat::Plain),
            ("", NumberFormat::Plain),
        ] {
            assert_eq!(NumberFormat::read(code), format, "{code}");
        }
        assert_eq!(NumberFormat::built_in(14), DATE);
        assert_eq!(NumberFormat::built_in(20), TIME);
        assert_eq!(NumberFormat::built_in(46), DURATION);
        assert_eq!(NumberFormat::built_in(11), NumberFormat::Plain);
    }

    #[test]
    fn patterns_show_their_zeros_and_letters() {
        for (code, digits, shown) in [
            ("00000000000", "42", "00000000042"),
            ("00000", "1234567", "1234567"),
            ("000-00-0000", "123456789", "123-45-6789"),
            ("000-00-0000", "12", "000-00-0012"),
            ("\"PF-\"0000", "42", "PF-0042"),
            ("##00", "0", "00"),
            ("000_);(000)", "7", "007"),
            ("[Blue]000", "7", "007"),
            ("0\\/00", "1234", "12/34"),
        ] {
            let NumberFormat::Pattern(places) = NumberFormat::read(code) else {
                panic!("{code}");
            };
            assert_eq!(in_pattern(&places, digits), shown, "{code}");
        }
    }

    #[test]
    fn a_format_without_end_is_plain() {
        for code in ["\"", "\\", "_", "*", "[", "[$-", "000\""] {
            let _ = NumberFormat::read(code);
        }
        assert_eq!(NumberFormat::read(&"0".repeat(1000)), NumberFormat::Plain);
    }
}
