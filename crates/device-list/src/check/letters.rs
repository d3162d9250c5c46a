//! Signs that look like plain ones and are not: what word processors, spreadsheets and other
//! alphabets leave in a value.

use std::borrow::Cow;

use super::row::Notes;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::{Finding, Severity};

/// What can be odd about the signs of a value, in the order in which it is put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Odd {
    /// An apostrophe in front, as typed to keep a spreadsheet from changing the value.
    Apostrophe,
    /// A letter that only looks like a plain one.
    Letter,
    /// A blank that is not one plain blank.
    Blank,
}

impl Odd {
    pub(crate) const ALL: [Self; 3] = [Self::Apostrophe, Self::Letter, Self::Blank];

    pub(crate) fn code(self) -> Code {
        match self {
            Self::Apostrophe => Code::APOSTROPHE,
            Self::Letter => Code::AUTOCORRECTED,
            Self::Blank => Code::BLANKS_INSIDE,
        }
    }

    /// The value without it; `None` where it is not there.
    pub(crate) fn without(self, text: &str) -> Option<String> {
        match self {
            Self::Apostrophe => {
                let rest = text.strip_prefix(['\'', '\u{2019}', '\u{2018}'])?;
                // A pair of them, or one alone, is something else.
                let inside = !rest.is_empty() && !rest.contains(['\'', '\u{2019}', '\u{2018}']);
                inside.then(|| rest.trim_start().to_owned())
            }
            Self::Letter => {
                text.chars().find_map(look_alike)?;
                Some(text.chars().map(plain_letter).collect())
            }
            Self::Blank => {
                let odd = text.contains("  ") || text.chars().any(is_odd_blank);
                odd.then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
        }
    }

    fn cause(self, column: Column, text: &str) -> String {
        let name = column.name();
        match self {
            Self::Apostrophe => format!("An apostrophe stands in front of the {name}."),
            Self::Letter => {
                let sign = text.chars().find(|c| look_alike(*c).is_some());
                let sign = sign.unwrap_or_default();
                let code = u32::from(sign);
                match look_alike(sign) {
                    Some(plain) if !plain.is_empty() => format!(
                        "The {name} holds \"{sign}\" (U+{code:04X}), which looks like \"{plain}\" and is another sign."
                    ),
                    _ => format!("The {name} holds the sign \"{sign}\" (U+{code:04X})."),
                }
            }
            Self::Blank if text.chars().any(is_odd_blank) => {
                format!("The {name} holds a blank that is not a plain one.")
            }
            Self::Blank => format!("The {name} holds two blanks in a row."),
        }
    }
}

/// The value with plain signs only.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    Odd::ALL.iter().fold(Cow::Borrowed(text), |text, odd| {
        odd.without(&text).map_or(text, Cow::Owned)
    })
}

/// The first thing that is odd about a value; `None` where its signs are plain.
pub(crate) fn first_odd(text: &str) -> Option<Odd> {
    Odd::ALL.into_iter().find(|odd| odd.without(text).is_some())
}

/// Names the odd signs in a value, and puts them right as far as such guesses are accepted. Returns
/// the value then, where it is another.
pub(crate) fn guessed(text: &str, column: Column, notes: &mut Notes<'_>) -> Option<String> {
    let mut now = Cow::Borrowed(text);
    for odd in Odd::ALL {
        let Some(without) = odd.without(&now) else {
            continue;
        };
        let mut finding = Finding::new(odd.code(), odd.cause(column, &now)).field(column);
        if odd == Odd::Blank && now.chars().any(is_odd_blank) {
            // Two plain blanks count as one wherever devices are compared here; this does not.
            finding = finding.severity(Severity::Error);
        }
        if notes.add(finding.found(&now).guessed(without.as_str())) {
            now = Cow::Owned(without);
        }
    }
    match now {
        Cow::Owned(now) => Some(now),
        Cow::Borrowed(_) => None,
    }
}

/// Whether a character is one that [`Odd::Letter`] knows a plain sign for.
pub(crate) fn is_look_alike(c: char) -> bool {
    look_alike(c).is_some()
}

/// A blank that is not the plain one. Control characters are named elsewhere.
pub(crate) fn is_odd_blank(c: char) -> bool {
    c.is_whitespace() && c != ' ' && !c.is_control()
}

fn plain_letter(c: char) -> Cow<'static, str> {
    look_alike(c).unwrap_or_else(|| String::from(c).into())
}

/// The plain sign that a character looks like.
fn look_alike(c: char) -> Option<Cow<'static, str>> {
    if c.is_ascii() {
        return None;
    }
    let full_width = u32::from(c).wrapping_sub(0xff01);
    if full_width < 0x5e {
        let plain = char::from(b'!' + full_width as u8);
        return Some(String::from(plain).into());
    }
    if let Some(digit) = foreign_digit(c) {
        return Some(digit.to_string().into());
    }
    SIGNS
        .iter()
        .find(|(signs, _)| signs.contains(c))
        .map(|(_, plain)| Cow::Borrowed(*plain))
}

/// A digit of another script.
fn foreign_digit(c: char) -> Option<u32> {
    // Arabic, Persian, Devanagari: as keyboards of these languages type them.
    [0x660, 0x6f0, 0x966]
        .into_iter()
        .map(|zero| u32::from(c).wrapping_sub(zero))
        .find(|digit| *digit < 10)
}

/// Signs, and the plain one that they look like. Curly double quotes have none that a list can
/// carry, so they go.
const SIGNS: [(&str, &str); 32] = [
    // Hyphens, dashes, minus signs.
    (
        "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{fe58}\u{fe63}",
        "-",
    ),
    ("\u{2018}\u{2019}\u{201a}\u{201b}\u{2032}\u{b4}", "'"),
    ("\u{201c}\u{201d}\u{201e}\u{201f}\u{2033}\u{ab}\u{bb}", ""),
    ("\u{2026}", "..."),
    ("\u{2044}\u{2215}", "/"),
    ("\u{fb01}", "fi"),
    ("\u{fb02}", "fl"),
    // Cyrillic, then Greek; the last K is the sign for kelvin.
    ("\u{410}\u{391}", "A"),
    ("\u{412}\u{392}", "B"),
    ("\u{421}", "C"),
    ("\u{415}\u{395}", "E"),
    ("\u{41d}\u{397}", "H"),
    ("\u{406}\u{399}", "I"),
    ("\u{408}", "J"),
    ("\u{41a}\u{39a}\u{212a}", "K"),
    ("\u{41c}\u{39c}", "M"),
    ("\u{39d}", "N"),
    ("\u{41e}\u{39f}", "O"),
    ("\u{420}\u{3a1}", "P"),
    ("\u{405}", "S"),
    ("\u{422}\u{3a4}", "T"),
    ("\u{425}\u{3a7}", "X"),
    ("\u{423}\u{3a5}", "Y"),
    ("\u{396}", "Z"),
    ("\u{430}", "a"),
    ("\u{441}", "c"),
    ("\u{435}", "e"),
    ("\u{456}", "i"),
    ("\u{458}", "j"),
    ("\u{43e}\u{3bf}", "o"),
    ("\u{440}", "p"),
    ("\u{445}", "x"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_plain_becomes_plain() {
        for (odd, right) in [
            ("PF–02", "PF-02"),
            ("ＰＦ０２", "PF02"),
            ("РF02СТ", "PF02CT"),
            ("‘0042", "0042"),
            ("'0042", "0042"),
            ("Book\u{a0}13", "Book 13"),
            ("Book  13", "Book 13"),
            ("Book \u{2009} 13", "Book 13"),
            ("“Book”", "Book"),
            ("٤٢", "42"),
            ("'Book–\u{a0}13", "Book- 13"),
        ] {
            assert_eq!(plain(odd), right, "{odd}");
        }
        for same in [
            "PF02",
            "Büro 13",
            "O'Neill",
            "Intel® NUC",
            "'quoted'",
            "'",
            "Фирма",
        ] {
            assert_eq!(plain(same) == same, same != "Фирма", "{same}");
        }
    }

    #[test]
    fn every_sign_stands_for_one_only() {
        let signs: Vec<char> = SIGNS.iter().flat_map(|(signs, _)| signs.chars()).collect();
        for (at, sign) in signs.iter().enumerate() {
            assert!(!sign.is_ascii() && !signs[..at].contains(sign), "{sign}");
        }
    }
}
