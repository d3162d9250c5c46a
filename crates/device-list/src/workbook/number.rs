//! Numbers as a person sees them.

use std::fmt::Write;

/// What a spreadsheet keeps of a number.
const DIGITS: usize = 15;
/// Longer whole numbers are shown with an exponent.
const WHOLE: usize = 21;

/// A number in decimal, exact: `digits × 10^exponent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    /// No zero in front or behind; none at all for zero.
    digits: String,
    exponent: i32,
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
        let mut digits = format!("{whole}{part}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent.checked_sub(i32::try_from(part.len()).ok()?)?;
        let behind = digits.len() - digits.trim_end_matches('0').len();
        digits.truncate(digits.len() - behind);
        let digits = digits.trim_start_matches('0').to_string();
        if digits.is_empty() {
            return Some(Self {
                negative: false,
                digits,
                exponent: 0,
            });
        }
        let exponent = exponent.checked_add(i32::try_from(behind).ok()?)?;
        // No spreadsheet holds such numbers.
        (exponent.checked_abs()? < 5000).then_some(Self {
            negative,
            digits,
            exponent,
        })
    }

    /// What a spreadsheet shows of it: fractions lose what is beyond 15 digits.
    fn rounded(&self) -> Self {
        if self.exponent >= 0 || self.digits.len() <= DIGITS {
            return self.clone();
        }
        let sign = if self.negative { "-" } else { "" };
        let exact = format!("{sign}{}E{}", self.digits, self.exponent);
        exact
            .parse::<f64>()
            .ok()
            .and_then(|value| Self::read(&format!("{value:.*E}", DIGITS - 1)))
            .unwrap_or_else(|| self.clone())
    }

    /// Whether it is whole, and has more digits than a spreadsheet keeps and fewer in the file.
    pub(super) fn lost_digits(&self) -> bool {
        self.exponent > 0 && self.before_point() > DIGITS as i64
    }

    /// The digits of a whole number that is not negative.
    pub(super) fn whole(&self) -> Option<String> {
        let number = self.rounded();
        let whole = !number.negative && number.exponent >= 0;
        (whole && number.before_point() <= WHOLE as i64).then(|| number.text())
    }

    fn before_point(&self) -> i64 {
        self.digits.len() as i64 + i64::from(self.exponent)
    }

    /// Without exponent where that stays readable.
    pub(super) fn text(&self) -> String {
        let Self {
            negative,
            digits,
            exponent,
        } = self.rounded();
        let before = digits.len() as i64 + i64::from(exponent);
        let mut text = String::from(if negative { "-" } else { "" });
        if digits.is_empty() {
            text.push('0');
        } else if before > WHOLE as i64 || before < -5 {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            let _ = write!(text, "{first}{point}{rest}E{:+03}", before - 1);
        } else if before <= 0 {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', before.unsigned_abs() as usize));
            text.push_str(&digits);
        } else if exponent >= 0 {
            text.push_str(&digits);
            text.extend(std::iter::repeat_n('0', exponent.unsigned_abs() as usize));
        } else {
            let (whole, part) = digits.split_at(before as usize);
            let _ = write!(text, "{whole}.{part}");
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
