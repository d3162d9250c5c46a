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

/// Signs that people and programs put around a value, in pairs.
const PAIRS: [(char, char); 9] = [
    ('\'', '\''),
    ('[', ']'),
    ('(', ')'),
    ('{', '}'),
    ('<', '>'),
    ('*', '*'),
    ('`', '`'),
    ('\u{ab}', '\u{bb}'),
    ('\u{2018}', '\u{2019}'),
];

/// Signs in front of a value: those of quoted mails and of points in a list, and those that keep a
/// spreadsheet from changing it.
const IN_FRONT: [char; 7] = ['>', '*', '+', '@', '-', '\u{2022}', '\u{b7}'];

/// What stands between signs that are around a serial number or in front of it; `None` where there
/// are none, or something else than letters, digits, hyphens and blanks is left.
pub(crate) fn inside_marks(text: &str) -> Option<&str> {
    let mut inside = text.trim_end_matches(';');
    loop {
        let pair = PAIRS.iter().find_map(|(open, close)| {
            let inside = inside.strip_prefix(*open)?.strip_suffix(*close)?;
            (!inside.is_empty()).then_some(inside)
        });
        let front = || inside.strip_prefix(IN_FRONT).map(str::trim_start);
        match pair.map(str::trim).or_else(front) {
            Some(rest) => inside = rest,
            None => break,
        }
    }
    let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ' ');
    let is_value = inside.starts_with(|c: char| c.is_ascii_alphanumeric());
    (inside.len() < text.len() && is_value && inside.chars().all(sign)).then_some(inside)
}

/// Whether a text is an address of a mailbox or of a page.
pub(crate) fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphabetic()) && !rest.is_empty()
    });
    let mailbox = text.split_once('@').is_some_and(|(name, domain)| {
        let dot = domain.split_once('.');
        !name.is_empty() && dot.is_some_and(|(host, zone)| !host.is_empty() && !zone.is_empty())
    });
    scheme || mailbox || text.to_ascii_lowercase().starts_with("www.")
}

/// Whether a text is a call that a spreadsheet would compute: `@SUM(1)`.
pub(crate) fn is_call(text: &str) -> bool {
    let name = text.trim_start_matches(['+', '-', '@']);
    let call = name.split_once('(').is_some_and(|(word, rest)| {
        let letters = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
        letters && rest.ends_with(')')
    });
    name.len() < text.len() && call
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
    fn signs_around_a_value_are_told_from_it() {
        for (text, value) in [
            ("'5CG1234'", "5CG1234"),
            ("[5CG1234]", "5CG1234"),
            ("<5CG1234>", "5CG1234"),
            ("*5CG1234*", "5CG1234"),
            ("> 5CG1234", "5CG1234"),
            (">> 5CG1234", "5CG1234"),
            ("* 5CG1234", "5CG1234"),
            ("- 5CG1234", "5CG1234"),
            ("+5CG1234", "5CG1234"),
            ("\u{2022} 5CG1234", "5CG1234"),
            ("(5CG1234);", "5CG1234"),
            ("5CG1234;", "5CG1234"),
        ] {
            assert_eq!(inside_marks(text), Some(value), "{text}");
        }
        for text in [
            "5CG1234",
            "PF-02",
            "[]",
            "*",
            "VMware-56 4d",
            "a(b)",
            "'",
            "<a/b>",
        ] {
            assert_eq!(inside_marks(text), None, "{text}");
        }
        for text in ["a@contoso.com", "https://contoso.com/1", "www.contoso.com"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["PF02NCT8", "S/N", "a@b", "@x", "://", "PF:02"] {
            assert!(!is_address(text), "{text}");
        }
        assert!(is_call("@SUM(1)") && is_call("+cmd(x)"));
        assert!(!is_call("SUM(1)") && !is_call("+5CG1234") && !is_call("@(1)"));
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
