//! Values that boards carry when nobody filled in a real one.
//!
//! They never make an identity key, so a word is added only if no device can really be called that.

use crate::identifier::fold;

/// How many like or counted-up letters and digits in a row are no real value any more.
const ROW: usize = 7;

/// Whether a manufacturer, model or serial number is one that boards carry when nobody filled it
/// in.
pub fn is_placeholder(text: &str) -> bool {
    is_folded_placeholder(fold(text).as_bytes())
}

/// [`is_placeholder`] on a value that is folded already.
pub(crate) fn is_folded_placeholder(folded: &[u8]) -> bool {
    !is_plainly_real(folded) && is_any(folded)
}

fn is_any(folded: &[u8]) -> bool {
    is_filler(folded) || is_counted(folded) || is_word(bare(folded)) || is_numbered(folded)
}

/// A look at the first letters and the last, which is enough for nearly every real value: two
/// different ones that don't count, and no word begins and ends so.
fn is_plainly_real(folded: &[u8]) -> bool {
    let [first, second, .., last] = folded else {
        return false;
    };
    let known = first.is_ascii_alphanumeric()
        && second.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric();
    let numbered = matches!(
        (first, second),
        (b's', b'e' | b's' | b'y' | b'n' | b'm') | (b'b', b's') | (b'm', b'b') | (b'c', b'h')
    );
    known && first != second && !numbered && !is_step(*first, *second) && !is_likely(folded)
}

/// Without the signs around it: `<none>`, `[empty]`, `o.e.m.`
fn bare(folded: &[u8]) -> &[u8] {
    let inside = |byte: &u8| !is_separator(*byte);
    if let [first, .., last] = folded
        && inside(first)
        && inside(last)
    {
        return folded;
    }
    let start = folded.iter().position(inside).unwrap_or_default();
    let end = folded.iter().rposition(inside).map_or(start, |at| at + 1);
    &folded[start..end]
}

/// The words that firmware is delivered with, folded and without signs around them.
const WORDS: [&str; 89] = [
    "to be filled by o.e.m",
    "to be filled by o. e. m",
    "to be filled by oem",
    "to be filled by o.e.m. manufacturer",
    "tobefilledbyoem",
    "tobefilledbyo.e.m",
    "to be filled in by o.e.m",
    "to be filled in by oem",
    "to be filled in",
    "to be filled",
    "to be filed by o.e.m",
    "to be defined",
    "to be defined by o.e.m",
    "to be determined",
    "filled by oem",
    "fill by oem",
    "system serial number",
    "system serial",
    "systemserialnumb",
    "systemserialnumber",
    "system manufacturer",
    "system product name",
    "system name",
    "system model",
    "system sku",
    "system version",
    "product name",
    "product serial number",
    "manufacturer",
    "manufacturer name",
    "serial number",
    "serialnumber",
    "serial no",
    "serial",
    "s/n",
    "chassis serial number",
    "chassis serial",
    "base board serial number",
    "baseboard serial number",
    "board serial number",
    "motherboard serial number",
    "oem_serial",
    "oem serial",
    "oem serial number",
    "default string",
    "default_string",
    "default",
    "default value",
    "default serial number",
    "o.e.m",
    "oem",
    "oem string",
    "none",
    "no serial number",
    "no serial",
    "null",
    "null string",
    "nil",
    "n/a",
    "n.a",
    "na",
    "not available",
    "notavailable",
    "not applicable",
    "not specified",
    "not set",
    "not defined",
    "not present",
    "not provided",
    "not assigned",
    "not filled",
    "unspecified",
    "undefined",
    "unassigned",
    "unknown",
    "unknow",
    "invalid",
    "empty",
    "blank",
    "tbd",
    "eval",
    "iatpass",
    "0123456789abcdef",
    "123456789000",
    "sn-12345",
    "sn-123456",
    "sn-123456fvgv3i0b8o5n6n7k",
    "type1productconfigid",
    "type1family",
];

/// The longest of them.
const LONGEST: usize = 35;

/// Which letters the words of each length begin with, and which they end with, one bit each: enough
/// to be done with nearly every real value.
const LETTERS: [(u32, u32); LONGEST + 1] = {
    let mut letters = [(0, 0); LONGEST + 1];
    let mut at = 0;
    while at < WORDS.len() {
        let word = WORDS[at].as_bytes();
        letters[word.len()].0 |= letter_bit(word[0]);
        letters[word.len()].1 |= letter_bit(word[word.len() - 1]);
        at += 1;
    }
    letters
};

const fn letter_bit(byte: u8) -> u32 {
    if byte.is_ascii_lowercase() {
        1 << (byte - b'a')
    } else {
        1 << 31
    }
}

/// Whether a word of that length begins and ends so.
fn is_likely(bare: &[u8]) -> bool {
    let (Some(first), Some(last)) = (bare.first(), bare.last()) else {
        return false;
    };
    LETTERS.get(bare.len()).is_some_and(|(firsts, lasts)| {
        firsts & letter_bit(*first) != 0 && lasts & letter_bit(*last) != 0
    })
}

fn is_word(bare: &[u8]) -> bool {
    is_likely(bare) && WORDS.iter().any(|word| word.as_bytes() == bare)
}

/// Words in front of a number that counts up (`SYS-1234567890`) or of a filler
/// (`Serial Number xxxxxx`); and the name that tools write for a text that is not there.
fn is_numbered(folded: &[u8]) -> bool {
    const BEFORE: [&[u8]; 8] = [
        b"serial number",
        b"serial",
        b"chassis",
        b"ssn",
        b"bsn",
        b"sys",
        b"sn",
        b"mb",
    ];
    if !matches!(folded.first(), Some(b's' | b'b' | b'm' | b'c')) {
        return false;
    }
    if let Some(index) = folded.strip_prefix(b"smbios_string_index_") {
        return index.iter().all(u8::is_ascii_digit);
    }
    BEFORE.iter().any(|word| {
        let rest = folded.strip_prefix(*word).map(bare);
        let named = word.starts_with(b"serial");
        rest.is_some_and(|rest| is_counted(rest) || (named && rest.len() >= 4 && is_filler(rest)))
    })
}

/// Nothing, punctuation only, zeros only, at least four `f` or `x` only, or at least seven times
/// any other letter or digit; separators don't count.
fn is_filler(folded: &[u8]) -> bool {
    let Some(&first) = folded.iter().find(|byte| !is_separator(**byte)) else {
        return true;
    };
    let alike = |byte: &u8| *byte == first || is_separator(*byte);
    match first {
        b'0' => folded.iter().all(alike),
        b'f' | b'x' => folded.len() >= 4 && folded.iter().all(alike),
        _ if !first.is_ascii_alphanumeric() => false,
        _ => {
            folded.len() >= ROW
                && folded.iter().all(alike)
                && folded.iter().filter(|byte| **byte == first).count() >= ROW
        }
    }
}

/// At least seven digits that count up or down by one: `0123456789`, `87654321`.
fn is_counted(folded: &[u8]) -> bool {
    let by = |step: u8| folded.windows(2).all(|pair| steps(pair[0], pair[1], step));
    folded.len() >= ROW && (by(1) || by(9))
}

/// Whether one digit follows another by so many, nine being one back.
fn steps(one: u8, next: u8, by: u8) -> bool {
    one.is_ascii_digit() && (one - b'0' + by) % 10 + b'0' == next
}

/// Whether two digits count up or down.
fn is_step(one: u8, next: u8) -> bool {
    steps(one, next, 1) || steps(one, next, 9)
}

fn is_separator(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_punctuation()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_boards_carry_is_known() {
        for text in [
            "To be filled by O.E.M.",
            "To Be Filled By O.E.M",
            "System Serial Number",
            "SystemSerialNumb",
            "Default string",
            "Not Specified",
            "Chassis Serial Number",
            "INVALID",
            "00000000",
            "0",
            "0123456789",
            "123456789",
            "1234567",
            "9876543210",
            "...",
            "Serial",
            "Serial Number xxxxxx",
            "XXXXXXX",
            "N/A",
            "n.a.",
            "<none>",
            "(Null String)",
            "[Empty]",
            "1111111",
            "NNNNNNN",
            "SYS-1234567890",
            "MB-9876543210",
            "SSN12345678901234567",
            "SN-12345",
            "SMBIOS_STRING_INDEX_3",
            "________",
            "*",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn real_values_are_none() {
        for text in [
            "F00",
            "FFF",
            "xxx",
            "PF02NCT8",
            "016520771357",
            "1234568",
            "123456",
            "111111",
            "7654312",
            "5CG1234XYZ",
            "SN000100",
            "SN000000",
            "MB000000",
            "SYS-5039",
            "MB-2000",
            "Serial 5",
            "SYSTEM",
            "SMBIOS_STRING_INDEX_X",
            "OEM-7",
            "Nano",
            "Surface Laptop",
            "Default string 2",
            "System x3650",
            "Ωωωωωωωω",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn every_word_is_found_by_its_letters_and_written_as_it_is_looked_for() {
        for word in WORDS {
            assert!(is_word(word.as_bytes()), "{word}");
            assert_eq!(
                (fold(word).as_bytes(), bare(word.as_bytes())),
                (word.as_bytes(), word.as_bytes())
            );
        }
    }

    proptest! {
        #[test]
        fn the_quick_look_never_takes_a_placeholder_for_real(text in "[a-z0-9 ./-]{0,12}", word in prop::sample::select(WORDS.to_vec())) {
            for text in [&*text, word] {
                let folded = fold(text);
                prop_assert!(!(is_plainly_real(folded.as_bytes()) && is_any(folded.as_bytes())));
            }
        }

        /// Keys are stored: what made one yesterday must make one tomorrow.
        #[test]
        fn a_serial_number_as_makers_give_them_is_none(text in "[A-Z]{2}[0-9]{4}[A-Z][0-9]|[0-9][A-Z]{3}[0-9]{3}") {
            prop_assert!(!is_placeholder(&text));
        }
    }
}
