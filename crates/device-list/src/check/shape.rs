//! Numbers of other kinds that stand where a serial number belongs, known by their form.

use crate::dialect::Column;
use crate::header::column_named;

/// The first two digits of an IMEI: the bodies that have given them out (3GPP, GSMA).
const REPORTING_BODIES: [&[u8; 2]; 15] = [
    b"01", b"10", b"30", b"33", b"35", b"44", b"45", b"49", b"50", b"51", b"52", b"53", b"54",
    b"86", b"99",
];

/// Whether a text is an IMEI: 15 digits with the right check digit, or said to be one (then 14 to 16
/// digits will do: without the check digit, with it, with a software version).
pub(crate) fn is_imei(text: &str) -> bool {
    imei(text, false)
}

/// Whether a text may be an IMEI, where the header says that it is: 14 to 16 digits, also with a
/// wrong check digit.
pub(crate) fn may_be_imei(text: &str) -> bool {
    imei(text, true)
}

fn imei(text: &str, by_header: bool) -> bool {
    let said = ["IMEI", "imei", "Imei"]
        .iter()
        .find_map(|word| text.strip_prefix(word));
    let digits: Vec<u8> = said
        .unwrap_or(text)
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'-' | b':' | b'/'))
        .collect();
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let said = said.is_some();
    match digits.len() {
        14..=16 if by_header => true,
        14 | 16 => said,
        15 => {
            let given = REPORTING_BODIES
                .iter()
                .any(|body| digits.starts_with(*body));
            check_digit_fits(&digits) && (given || said)
        }
        _ => false,
    }
}

/// What stands behind labels in front of a serial number, `S/N: ` or `Service Tag #`; `None` where
/// there are none or nothing is behind them.
pub(crate) fn behind_label(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once([':', '=', '#'])?;
    let rest = rest.trim_start_matches([':', '=', '#', '\'', ' ']);
    let is_label = column_named(label) == Some(Column::Serial);
    (is_label && !rest.is_empty()).then(|| behind_label(rest).unwrap_or(rest))
}

/// How many serial numbers a text seems to be, and whether anything but blanks is between them:
/// letters and digits of one length, each as long as real ones are.
pub(crate) fn several(text: &str) -> Option<(usize, bool)> {
    let is_mark = |c: char| matches!(c, ';' | '/' | '|' | '&' | '+');
    let marks = text.contains(is_mark);
    let shortest = if marks { 4 } else { 7 };
    let parts = text
        .split(|c| is_mark(c) || c == ' ')
        .filter(|part| !part.is_empty());
    let first = parts.clone().next()?.len();
    let alike = |part: &str| {
        part.len() == first
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    let count = parts.clone().count();
    (count > 1 && first >= shortest && parts.clone().all(alike)).then_some((count, marks))
}

/// Luhn's check over digits in ASCII.
fn check_digit_fits(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip(0..)
        .map(|(digit, place)| {
            let digit = u32::from(digit - b'0');
            match digit * (1 + place % 2) {
                double @ 10.. => double - 9,
                single => single,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a text is a network address: six pairs of hexadecimal digits between colons or hyphens,
/// or three fours between points.
pub(crate) fn is_mac(text: &str) -> bool {
    let groups = |by: char, count: usize, length: usize| {
        let hex =
            |group: &str| group.len() == length && group.bytes().all(|b| b.is_ascii_hexdigit());
        text.split(by).count() == count && text.split(by).all(hex)
    };
    groups(':', 6, 2) || groups('-', 6, 2) || groups('.', 3, 4)
}

/// Whether a text may be a network address, where the header says that it is: the digits alone will
/// do.
pub(crate) fn may_be_mac(text: &str) -> bool {
    is_mac(text) || text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_imei_has_a_check_digit() {
        for imei in [
            "490154203237518",
            "35-209900-176148-1",
            "IMEI: 49015420323751",
            "IMEI 4901542032375101",
        ] {
            assert!(is_imei(imei), "{imei}");
        }
        for other in [
            "490154203237519",
            "49015420323751",
            "016520771357",
            "20000000000000X",
            "IMEI",
            "700000000000005",
        ] {
            assert!(!is_imei(other), "{other}");
        }
    }

    #[test]
    fn a_network_address_has_six_pairs() {
        for mac in ["00:1A:2b:3C:4D:5E", "00-1A-2B-3C-4D-5E", "001a.2b3c.4d5e"] {
            assert!(is_mac(mac), "{mac}");
        }
        for other in [
            "001A2B3C4D5E",
            "00:1A:2B:3C:4D",
            "00:1A:2B:3C:4D:5G",
            "00-1A:2B-3C-4D-5E",
        ] {
            assert!(!is_mac(other), "{other}");
        }
    }
}
