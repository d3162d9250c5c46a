//! Numbers as a person sees them.

use std::fmt::Write;

/// What a spreadsheet keeps of a number.
const DIGITS: usize = 15;
/// Longer whole numbers are shown with an exponent.
const WHOLE: usize = 21;

/// A number in decimal, exact: `0.digits × 10^point`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    /// No zero in front or behind; none at all for zero.
    digits: String,
    point: i32,
}

impl Number {
    /// Reads a number as files write it (`42`, `1.6520771357E10`, `0.10000000000000001`).
    pub(super) fn read(raw: &str) -> Option<Self> {
        let raw = raw.trim_ascii();
        let (negative, rest) = match raw.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, raw.strip_prefix('+').unwrap_or(raw)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{part}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_start_matches('0');
        let in_front = i32::try_from(all.len() - digits.len()).ok()?;
        let digits = digits.trim_end_matches('0').to_string();
        if digits.is_empty() {
            return Some(Self {
                negative: false,
                digits,
                point: 0,
            });
        }
        let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)? - in_front;
        // No spreadsheet holds such numbers.
        (point.checked_abs()? < 5000).then_some(Self {
            negative,
            digits,
            point,
        })
    }

    /// What a spreadsheet shows of it: fractions lose what is beyond 15 digits.
    fn rounded(&self) -> Self {
        if self.whole_length().is_some() || self.digits.len() <= DIGITS {
            return self.clone();
        }
        let sign = if self.negative { "-" } else { "" };
        let exact = format!("{sign}0.{}E{}", self.digits, self.point);
        exact
            .parse::<f64>()
            .ok()
            .and_then(|value| Self::read(&format!("{value:.*E}", DIGITS - 1)))
            .unwrap_or_else(|| self.clone())
    }

    /// How many digits a whole number has.
    fn whole_length(&self) -> Option<usize> {
        let length = usize::try_from(self.point).ok()?;
        (self.digits.len() <= length).then_some(length)
    }

    /// Whether it is whole, and has more digits than a spreadsheet keeps and fewer in the file.
    pub(super) fn lost_digits(&self) -> bool {
        self.whole_length()
            .is_some_and(|length| length > DIGITS && length > self.digits.len())
    }

    /// The digits of a whole number that is not negative.
    pub(super) fn whole(&self) -> Option<String> {
        let number = self.rounded();
        let length = number.whole_length()?;
        (!number.negative && length <= WHOLE).then(|| number.text())
    }

    /// Without exponent where that stays readable.
    pub(super) fn text(&self) -> String {
        let Self {
            negative,
            digits,
            point,
        } = self.rounded();
        let zeros = |count: usize| std::iter::repeat_n('0', count);
        let mut text = String::from(if negative { "-" } else { "" });
        match usize::try_from(point) {
            Ok(0) if digits.is_empty() => text.push('0'),
            Ok(before) if before <= WHOLE && digits.len() <= before => {
                text.push_str(&digits);
                text.extend(zeros(before - digits.len()));
            }
            Ok(before @ 1..=WHOLE) => {
                let (whole, part) = digits.split_at(before);
                let _ = write!(text, "{whole}.{part}");
            }
            _ if (-5..=0).contains(&point) => {
                text.push_str("0.");
                text.extend(zeros(point.unsigned_abs() as usize));
                text.push_str(&digits);
            }
            _ => {
                let (first, rest) = digits.split_at(1);
                let dot = if rest.is_empty() { "" } else { "." };
                let _ = write!(text, "{first}{dot}{rest}E{:+03}", point - 1);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(raw: &str) -> String {
        Number::read(raw).unwrap().text()
    }

    #[test]
    fn whole_numbers_have_no_point_and_no_exponent() {
        for (raw, shown) in [
            ("42", "42"),
            ("0", "0"),
            ("-0.0", "0"),
            ("0042", "42"),
            ("42.000", "42"),
            ("+7", "7"),
            ("-7", "-7"),
            ("16520771357", "16520771357"),
            ("1.6520771357E10", "16520771357"),
            ("1.6520771357e+10", "16520771357"),
            ("1E+15", "1000000000000000"),
            ("123456789012345670000", "123456789012345670000"),
            ("1.2E+46", "1.2E+46"),
            ("1E300", "1E+300"),
            // Beyond 15 digits, and all of them in the file.
            ("1234567890123456789", "1234567890123456789"),
            (" 42\n", "42"),
        ] {
            assert_eq!(text(raw), shown, "{raw}");
        }
    }

    #[test]
    fn fractions_have_fifteen_digits() {
        for (raw, shown) in [
            ("0.1", "0.1"),
            ("0.10000000000000001", "0.1"),
            ("0.30000000000000004", "0.3"),
            ("4.3499999999999996", "4.35"),
            ("16520771357.000002", "16520771357"),
            ("12.50", "12.5"),
            ("-12.5", "-12.5"),
            ("0.00012", "0.00012"),
            ("1E-7", "1E-07"),
            ("1.25E-300", "1.25E-300"),
        ] {
            assert_eq!(text(raw), shown, "{raw}");
        }
    }

    #[test]
    fn digits_are_lost_beyond_fifteen_where_the_file_has_fewer() {
        let lost = |raw: &str| Number::read(raw).unwrap().lost_digits();
        assert!(lost("1.23456789012346E+15"));
        assert!(lost("1234567890123460"));
        assert!(lost("1.2E46"));
        assert!(!lost("123456789012345"));
        assert!(!lost("100000000000000"));
        assert!(!lost("1234567890123456"));
        assert!(!lost("0.1234567890123456789"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for raw in [
            "",
            "-",
            ".",
            "E5",
            "1E",
            "1E+",
            "0x10",
            "1,5",
            "NaN",
            "inf",
            "1 2",
            "--1",
            "1E9999999999",
            "1E99999",
            "1.2.3",
            "٣",
        ] {
            assert_eq!(Number::read(raw), None, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn numbers_that_a_spreadsheet_keeps_stay_themselves(value in -1e15..1e15_f64) {
            let shown: f64 = text(&value.to_string()).parse().unwrap();
            prop_assert!((shown - value).abs() <= value.abs() * 1e-14);
        }

        #[test]
        fn whole_numbers_are_exact(value in any::<i64>()) {
            prop_assert_eq!(text(&value.to_string()), value.to_string());
            prop_assert_eq!(text(&format!("{value}.0")), value.to_string());
        }

        #[test]
        fn any_text_is_a_number_or_none(raw in "[-+0-9.eE ]{0,12}") {
            if let Some(number) = Number::read(&raw) {
                prop_assert_eq!(text(&number.text()), number.text());
            }
        }
    }
}
