//! The table of finding codes: stable, grouped by what they are about. A number is never used for
//! something else.

mod across;
mod file;
mod hash;
mod header;
mod identifier;
mod list;
mod row;

use std::fmt;

use crate::finding::Severity;

/// A finding code such as `EN0402`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

/// One line of the table.
struct Entry {
    code: Code,
    text: &'static str,
    severity: Severity,
    title: &'static str,
    why: &'static str,
    fix: &'static str,
    accept: Option<&'static str>,
    dds: Option<(u16, &'static str)>,
}

/// Declares one group: a constant for each code, and the group's part of the table.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal $severity:ident $title:literal,
        why $why:literal, fix $fix:literal $(, accept $accept:literal)?
        $(, dds $dds:literal $dds_name:literal)?;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Self = Self($number);)*
        }

        pub(super) static TABLE: &[Entry] = &[$(Entry {
            code: Code($number),
            text: concat!("EN0", stringify!($number)),
            severity: $crate::finding::Severity::$severity,
            title: $title,
            why: $why,
            fix: $fix,
            accept: codes!(@option $($accept)?),
            dds: codes!(@option $(($dds, $dds_name))?),
        }),*];
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
}
use codes;

/// The groups in order: the first digit of a number is its group's place.
static GROUPS: [&[Entry]; 7] = [
    file::TABLE,
    header::TABLE,
    row::TABLE,
    identifier::TABLE,
    hash::TABLE,
    across::TABLE,
    list::TABLE,
];

impl Code {
    /// Every code, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        entries().map(|entry| entry.code)
    }

    /// `EN0402`.
    pub fn as_str(self) -> &'static str {
        self.entry().text
    }

    /// The code with that text, in any capitals.
    pub fn from_text(text: &str) -> Option<Self> {
        entries()
            .find(|entry| entry.text.eq_ignore_ascii_case(text))
            .map(|entry| entry.code)
    }

    /// A few words: what it is.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// How bad it usually is.
    pub fn severity(self) -> Severity {
        self.entry().severity
    }

    /// Why there is such a rule.
    pub fn why(self) -> &'static str {
        self.entry().why
    }

    /// What to do about it in general.
    pub fn fix_hint(self) -> &'static str {
        self.entry().fix
    }

    /// What accepting the code does: the guess that is made then. `None` where there is nothing to
    /// guess.
    pub fn accepting(self) -> Option<&'static str> {
        self.entry().accept
    }

    /// The code and name under which the original's back end reports the same (registration.md
    /// 8.1).
    pub fn dds(self) -> Option<(u16, &'static str)> {
        self.entry().dds
    }

    /// What the group of codes is about: the text for its first digits, such as `EN04`.
    pub fn group(self) -> &'static str {
        match self.0 / 100 {
            1 => "Files and encodings",
            2 => "Headers",
            3 => "The form of a row",
            4 => "Identifiers",
            5 => "Hardware hashes",
            6 => "A row against its hash",
            _ => "Across rows and files",
        }
    }

    /// Whether it is about a row against others, or the list as a whole.
    pub(crate) fn is_across_rows(self) -> bool {
        self.0 / 100 == 7
    }

    /// Where it is in a [`CodeSet`]: the word, and the bit in it, by its place among [`Code::all`].
    fn bit(self) -> (usize, u128) {
        let at = entries().position(|entry| entry.code == self);
        let at = at.unwrap_or_default();
        (at / 128 % 2, 1 << (at % 128))
    }

    fn entry(self) -> &'static Entry {
        // Every value is one of the constants, so both searches end at its entry.
        let group = GROUPS[(usize::from(self.0) / 100 - 1) % GROUPS.len()];
        let at = group
            .binary_search_by_key(&self, |entry| entry.code)
            .unwrap_or_default();
        &group[at]
    }
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    GROUPS.into_iter().flatten()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A set of codes: those whose guesses are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeSet([u128; 2]);

impl CodeSet {
    /// Whether the code is in it.
    pub fn has(self, code: Code) -> bool {
        !self.is_empty() && {
            let (word, bit) = code.bit();
            self.0[word] & bit != 0
        }
    }

    /// The same with one code more.
    #[must_use]
    pub fn with(self, code: Code) -> Self {
        let (word, bit) = code.bit();
        let mut words = self.0;
        words[word] |= bit;
        Self(words)
    }

    /// Whether no code is in it.
    pub fn is_empty(self) -> bool {
        self.0 == [0; 2]
    }
}

impl FromIterator<Code> for CodeSet {
    fn from_iter<T: IntoIterator<Item = Code>>(codes: T) -> Self {
        codes.into_iter().fold(Self::default(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_says_something_for_every_code() {
        let codes: Vec<Code> = Code::all().collect();
        assert!(codes.is_sorted() && codes.len() >= 60, "{}", codes.len());
        // A set has a bit for each.
        assert!(codes.len() <= 256);
        for code in codes {
            assert_eq!(Code::from_text(code.as_str()), Some(code));
            for text in [code.title(), code.why(), code.fix_hint()] {
                assert!(text.len() > 5, "{code}");
            }
            let alone = CodeSet::default().with(code);
            assert_eq!(
                Code::all().filter(|c| alone.has(*c)).collect::<Vec<_>>(),
                [code]
            );
        }
    }
}
