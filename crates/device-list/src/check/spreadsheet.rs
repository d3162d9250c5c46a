//! What a spreadsheet, or a program that reads every column as numbers, makes of a text: told by
//! holding what is left against what there was.

use super::date;

/// What was done to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// Its leading zeros are gone.
    Zeros,
    /// It became a number that is written in another way.
    Number,
    /// Its digits behind the fifteenth became zeros.
    Digits,
    /// It became a date.
    Date,
}

/// Digits that a spreadsheet keeps of a number.
const KEPT: usize = 15;

/// What made `own` of `inside`; `None` where no spreadsheet does that.
pub(crate) fn damage(own: &str, inside: &str) -> Option<Damage> {
    if own == inside {
        return None;
    }
    if lost_zeros(own, inside) {
        return Some(Damage::Zeros);
    }
    if lost_digits(own, inside) {
        return Some(Damage::Digits);
    }
    if became_number(own, inside) {
        return Some(Damage::Number);
    }
    date::became_date(own, inside).then_some(Damage::Date)
}

/// Whether `own` is `inside` without its leading zeros.
fn lost_zeros(own: &str, inside: &str) -> bool {
    !own.is_empty()
        && own.len() < inside.len()
        && inside.starts_with('0')
        && inside.trim_start_matches('0') == own
}

/// Whether `own` has zeros where `inside` has digits that a spreadsheet does not keep.
fn lost_digits(own: &str, inside: &str) -> bool {
    let digits = inside.trim_start_matches('0');
    if digits.len() <= KEPT || own.len() < digits.len() || !is_digits(own) || !is_digits(digits) {
        return false;
    }
    // A program that keeps numbers in binary keeps a little more.
    let binary = digits.parse::<f64>().map(|number| format!("{number:.0}"));
    own == cut(digits) || own == rounded(digits) || binary.is_ok_and(|binary| binary == own)
}

/// The digits with zeros behind the fifteenth.
fn cut(digits: &str) -> String {
    let zeros = "0".repeat(digits.len() - KEPT);
    [&digits[..KEPT], &zeros].concat()
}

/// The same, the fifteenth rounded.
fn rounded(digits: &str) -> String {
    let kept = digits[..KEPT].parse::<u64>().unwrap_or_default();
    let up = u64::from(digits.as_bytes()[KEPT] >= b'5');
    format!("{}{}", kept + up, "0".repeat(digits.len() - KEPT))
}

/// Whether `own` is how the number `inside` is written somewhere: `1.65208E+10`, `16520771357.0`,
/// `16.520.771.357`.
fn became_number(own: &str, inside: &str) -> bool {
    let Some(number) = number(inside) else {
        return false;
    };
    let digits = inside.trim_start_matches('0');
    if is_digits(digits) && is_grouped(own) && own.replace('.', "") == digits {
        return true;
    }
    let Some(written) = Written::of(own) else {
        return false;
    };
    if !written.is_telling(own) {
        return false;
    }
    if written.is_written(number) {
        return true;
    }
    // A spreadsheet has cut the digits before it writes them.
    is_digits(digits)
        && digits.len() > KEPT
        && cut(digits).parse().is_ok_and(|cut| written.is_written(cut))
}

/// Whether points stand between groups of three digits.
fn is_grouped(text: &str) -> bool {
    text.contains('.')
        && text.split('.').enumerate().all(|(at, group)| {
            is_digits(group) && (group.len() == 3 || (at == 0 && group.len() < 3))
        })
}

/// What a spreadsheet takes for a number: digits, perhaps with a decimal point, or with an exponent
/// behind an `E`, as in the serial number `12E5`.
fn number(text: &str) -> Option<f64> {
    let written = Written::of(text)?;
    let number = text.replace(',', ".").parse::<f64>().ok()?;
    (number.is_finite() && written.digits() > 0).then_some(number)
}

/// A number as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written<'t> {
    whole: &'t str,
    decimals: Option<&'t str>,
    exponent: Option<i32>,
}

impl<'t> Written<'t> {
    /// Takes a text apart: digits, decimals behind a point or a comma, an exponent.
    fn of(text: &'t str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['E', 'e']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        let (whole, decimals) = match mantissa.split_once(['.', ',']) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (mantissa, None),
        };
        let exponent = match exponent {
            Some(text) => {
                let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
                let sane = is_digits(digits) && digits.len() <= 4;
                Some(text.parse().ok().filter(|_| sane)?)
            }
            None => None,
        };
        let valid = is_digits(whole) && decimals.is_none_or(is_digits);
        valid.then_some(Self {
            whole,
            decimals,
            exponent,
        })
    }

    fn digits(&self) -> usize {
        self.whole.len() + self.decimals.map_or(0, str::len)
    }

    /// Whether an exponent is one of a number: a plain `5E10` may be a serial number.
    fn is_telling(&self, text: &str) -> bool {
        self.exponent.is_none() || self.decimals.is_some() || text.contains(['+', '-'])
    }

    /// Whether it is how a number is written with as many decimals.
    fn is_written(&self, number: f64) -> bool {
        let decimals = self.decimals.unwrap_or_default();
        let places = decimals.len();
        let point = if places > 0 { "." } else { "" };
        let text = format!("{}{point}{decimals}", self.whole);
        match self.exponent {
            Some(exponent) => format!("{number:.places$E}") == format!("{text}E{exponent}"),
            None => format!("{number:.places$}") == text,
        }
    }

    /// The whole number that it is exactly, in digits; `None` where digits are missing.
    fn exact(&self) -> Option<String> {
        let decimals = self.decimals.unwrap_or_default();
        let Some(exponent) = self.exponent else {
            let zeros = decimals.bytes().all(|byte| byte == b'0');
            return zeros.then(|| self.whole.to_owned());
        };
        let places = usize::try_from(exponent).ok()?;
        (places <= decimals.len() && decimals[places..].bytes().all(|byte| byte == b'0'))
            .then(|| [self.whole, &decimals[..places]].concat())
    }
}

/// A text that is a number as spreadsheets and programs write them, and no serial number that
/// anyone would give: `1.65208E+10`, `1,65208E+10`, `1.65208e10`, `2E+12`, `16520771357.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AsNumber {
    /// The digits, where none is missing.
    pub(crate) digits: Option<String>,
    /// Whether it has an exponent.
    pub(crate) scientific: bool,
}

/// Reads a text as such a number.
pub(crate) fn as_number(text: &str) -> Option<AsNumber> {
    let written = Written::of(text)?;
    let scientific = match written.exponent {
        Some(_) => written.whole.len() == 1 && written.is_telling(text),
        None => false,
    };
    let zeros = |decimals: &str| decimals.bytes().all(|byte| byte == b'0');
    let decimal = written.exponent.is_none() && written.decimals.is_some_and(zeros);
    (scientific || decimal).then(|| AsNumber {
        digits: written.exact(),
        scientific,
    })
}

/// How many zeros stand in digits where a spreadsheet would have put them: behind the fifteenth,
/// all of them.
pub(crate) fn zeros_at_end(text: &str) -> usize {
    let digits = text.trim_start_matches('0');
    let end = digits.get(KEPT..).unwrap_or_default();
    let zeros = is_digits(digits) && end.bytes().all(|byte| byte == b'0');
    if zeros { end.len() } else { 0 }
}

/// Whether a text is what a spreadsheet shows in place of a value that it does not have: `#N/A`,
/// `#REF!`, `#WERT!`, `#####`, `Err:502`.
pub(crate) fn is_error(text: &str) -> bool {
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && is_digits(number);
    }
    let Some(word) = text.strip_prefix('#') else {
        return false;
    };
    let named = matches!(word, "N/A" | "NA" | "NV" | "N/D" | "N/V" | "GETTING_DATA");
    let inside = word.strip_suffix(['!', '?']).unwrap_or_default();
    let letters = inside
        .chars()
        .all(|c| c.is_uppercase() || "/0¡¿ _".contains(c));
    let narrow = word.len() >= 2 && word.bytes().all(|byte| byte == b'#');
    named || narrow || (!inside.is_empty() && letters)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_leading_zeros_can_be_lost() {
        assert_eq!(damage("42", "0042"), Some(Damage::Zeros));
        assert_eq!(damage("16520771357", "016520771357"), Some(Damage::Zeros));
        assert_eq!(damage("A42", "00A42"), Some(Damage::Zeros));
        for (own, inside) in [("42", "42"), ("42", "4200"), ("4", "0042"), ("", "00")] {
            assert_eq!(damage(own, inside), None, "{own} {inside}");
        }
    }

    #[test]
    fn a_number_is_held_against_the_digits() {
        for (own, inside) in [
            ("1.65208E+10", "016520771357"),
            ("1,65208E+10", "016520771357"),
            ("1.65208e10", "016520771357"),
            ("1.6520771357E10", "016520771357"),
            ("2E+12", "1999999999999"),
            ("1.65E+15", "1652077135712345"),
            ("1.23456789012345E+19", "12345678901234512345"),
            ("16520771357.0", "016520771357"),
            ("16520771357,00", "16520771357"),
            ("16.520.771.357", "016520771357"),
            ("1.20E+06", "12E5"),
            ("1200000", "12E5"),
            ("5.00E+10", "5E10"),
            ("12.5", "12.50"),
            ("3.00E-04", "3E-4"),
        ] {
            assert_eq!(damage(own, inside), Some(Damage::Number), "{own} {inside}");
        }
        for (own, inside) in [
            ("1.65208E+10", "016520871357"),
            ("1.65208E+11", "016520771357"),
            ("5E10", "50000000001"),
            ("1.65208E+10", "A16520771357"),
            ("1.652.077", "1652078"),
            ("12E9999", "12E99999"),
            ("1E400", "10E399"),
        ] {
            assert_eq!(damage(own, inside), None, "{own} {inside}");
        }
    }

    #[test]
    fn digits_behind_the_fifteenth_are_lost() {
        for own in [
            "12345678901234500000",
            "12345678901234600000",
            "12345678901234567168",
        ] {
            assert_eq!(
                damage(own, "12345678901234567890"),
                Some(Damage::Digits),
                "{own}"
            );
        }
        assert_eq!(
            damage("12345678901234500000", "0012345678901234567890"),
            Some(Damage::Digits)
        );
        assert_eq!(damage("12345678901234500001", "12345678901234567890"), None);
        assert_eq!(damage("123456789012340", "123456789012345"), None);
        assert_eq!(zeros_at_end("12345678901234500000"), 5);
        assert_eq!(zeros_at_end("12345678901234500001"), 0);
        assert_eq!(zeros_at_end("123450000000000"), 0);
    }

    #[test]
    fn a_number_is_seen_without_the_digits() {
        let seen = |text| as_number(text).map(|number| number.digits);
        assert_eq!(seen("1.65208E+10"), Some(None));
        assert_eq!(seen("1,65208E+10"), Some(None));
        assert_eq!(seen("1.6520771357e10"), Some(Some("16520771357".into())));
        assert_eq!(seen("2E+12"), Some(None));
        assert_eq!(seen("16520771357.0"), Some(Some("16520771357".into())));
        for none in [
            "5E10", "12.5E+10", "E+10", "1.E+5", "12.5", "42", "1.2.3", "", ".0", "A.0",
        ] {
            assert_eq!(seen(none), None, "{none}");
        }
    }

    #[test]
    fn errors_of_spreadsheets_are_known() {
        for error in [
            "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#WERT!", "#BEZUG!", "#NV", "#¡REF!",
            "#####", "###", "Err:502",
        ] {
            assert!(is_error(error), "{error}");
        }
        for other in ["#1", "#A42", "##", "#", "Err:5", "#hello!", "N/A", "#!"] {
            assert!(!is_error(other), "{other}");
        }
    }

    proptest! {
        /// Whatever a spreadsheet shows of a row of digits is known for what it is.
        #[test]
        fn digits_are_recognized_whatever_becomes_of_them(
            digits in "[1-9][0-9]{0,24}",
            zeros in 0_usize..4,
            decimals in 0_usize..9,
            comma in any::<bool>(),
            plus in any::<bool>(),
        ) {
            let inside = format!("{}{digits}", "0".repeat(zeros));
            let number: f64 = digits.parse().unwrap();
            let mut own = format!("{number:.decimals$E}");
            if plus || decimals == 0 {
                own = own.replace('E', "E+");
            }
            if comma {
                own = own.replace('.', ",");
            }
            prop_assert_eq!(damage(&own, &inside), Some(Damage::Number), "{} {}", own, inside);
            if digits.len() < KEPT {
                let own = format!("{digits}.0");
                prop_assert_eq!(damage(&own, &inside), Some(Damage::Number));
            } else if digits.len() > KEPT && cut(&digits) != digits {
                prop_assert_eq!(damage(&cut(&digits), &inside), Some(Damage::Digits));
                prop_assert_eq!(damage(&rounded(&digits), &inside), Some(Damage::Digits));
            }
        }

        #[test]
        fn any_two_texts_can_be_held_together(own in "\\PC{0,30}", inside in "\\PC{0,30}") {
            let _ = (damage(&own, &inside), damage(&inside, &own), as_number(&own), is_error(&own));
        }

        #[test]
        fn numbers_of_any_shape_do_no_harm(own in "[0-9.,Ee+-]{0,24}", inside in "[0-9.,Ee+-]{0,24}") {
            let _ = (damage(&own, &inside), as_number(&own), zeros_at_end(&own));
        }
    }
}
