//! What a row identifies a device by: serial number, manufacturer, model, PKID, and the tuple.
//!
//! Shown values stay exact (leading zeros, capitals); comparison uses the folded form.

use std::fmt;

use crate::identity_key::IdentityKey;

pub use crate::placeholder::is_placeholder;

/// The longest manufacturer, model or serial number accepted, in characters.
///
/// SMBIOS strings end at 64 in practice; twice that is room for every maker seen.
pub const MAX_CHARACTERS: usize = 128;

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Nothing is there, or blanks only.
    #[error("the value is empty")]
    Empty,
    /// Longer than [`MAX_CHARACTERS`].
    #[error("the value is longer than {MAX_CHARACTERS} characters")]
    TooLong,
    /// Blanks before or after the value.
    #[error("there are blanks around the value")]
    BlanksAround,
    /// A control character.
    #[error("the value has a control character")]
    Character,
    /// A PKID that is not exactly 13 digits.
    #[error("a PKID has exactly 13 digits")]
    NotAPkid,
}

macro_rules! text_identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes a value as it is shown: 1 to [`MAX_CHARACTERS`] characters, no blanks around
            /// it.
            pub fn parse(text: &str) -> Result<Self, IdentifierError> {
                check_text(text)?;
                Ok(Self(text.into()))
            }

            /// The exact value.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The form used for comparison; see [`fold`].
            pub fn folded(&self) -> String {
                fold(&self.0)
            }

            /// Whether the value is one that firmware carries when nobody filled it in.
            pub fn is_placeholder(&self) -> bool {
                is_placeholder(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdentifierError;
            fn from_str(text: &str) -> Result<Self, IdentifierError> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

text_identifier! {
    /// The serial number in SMBIOS type 1, leading zeros kept.
    SerialNumber
}
text_identifier! {
    /// The system manufacturer in SMBIOS type 1.
    Manufacturer
}
text_identifier! {
    /// The product name in SMBIOS type 1, called device model in device lists.
    Model
}

/// Product key ID: the 13-digit number that belongs to the product key in the firmware (OOF-TUPLE).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pkid([u8; 13]);

impl Pkid {
    /// Takes exactly 13 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        Self::from_bytes(text.as_bytes())
    }

    /// [`Pkid::parse`] for bytes.
    pub(crate) fn from_bytes(text: &[u8]) -> Result<Self, IdentifierError> {
        let digits: [u8; 13] = text.try_into().map_err(|_| IdentifierError::NotAPkid)?;
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(digits))
        } else {
            Err(IdentifierError::NotAPkid)
        }
    }

    /// The 13 digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether it is a filler (all digits alike) and so identifies nothing.
    pub fn is_placeholder(&self) -> bool {
        self.0.iter().all(|digit| *digit == self.0[0])
    }
}

impl fmt::Debug for Pkid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pkid({})", self.as_str())
    }
}

impl fmt::Display for Pkid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Pkid {
    type Err = IdentifierError;
    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        Self::parse(text)
    }
}

impl serde::Serialize for Pkid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Manufacturer, model and serial number: the three that name a device together (AP-GUIDE).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Tuple {
    /// As the maker wrote it into the firmware.
    pub manufacturer: Manufacturer,
    /// As the maker wrote it into the firmware.
    pub model: Model,
    /// Leading zeros kept.
    pub serial: SerialNumber,
}

impl Tuple {
    /// Takes the three values as they are shown.
    pub fn parse(manufacturer: &str, model: &str, serial: &str) -> Result<Self, IdentifierError> {
        Ok(Self {
            manufacturer: Manufacturer::parse(manufacturer)?,
            model: Model::parse(model)?,
            serial: SerialNumber::parse(serial)?,
        })
    }

    /// The identity key; `None` when one of the three is a placeholder.
    pub fn key(&self) -> Option<IdentityKey> {
        IdentityKey::tuple(
            self.manufacturer.as_str(),
            self.model.as_str(),
            self.serial.as_str(),
        )
    }
}

/// The form in which identifiers are compared: blanks around cut, runs of blanks made one, ASCII
/// letters lower-case. Everything else (dots, hyphens, zeros, accents) counts.
///
/// This is the identity rule: two values with the same folded form name the same thing.
pub fn fold(text: &str) -> String {
    let mut folded = Vec::with_capacity(text.len());
    fold_into(text.as_bytes(), &mut folded);
    String::from_utf8(folded).unwrap_or_default()
}

/// Appends the folded form of `text` to `out` and returns how many bytes that were.
///
/// Works on UTF-8 bytes: only ASCII bytes are ever changed or dropped.
pub(crate) fn fold_into(text: &[u8], out: &mut Vec<u8>) -> usize {
    let start = out.len();
    let text = text.trim_ascii();
    if has_odd_blanks(text) {
        out.extend(
            text.split(u8::is_ascii_whitespace)
                .filter(|word| !word.is_empty())
                .flat_map(|word| std::iter::once(&b' ').chain(word))
                .skip(1),
        );
    } else {
        out.extend_from_slice(text);
    }
    out[start..].make_ascii_lowercase();
    out.len() - start
}

/// Whether there is a blank other than single spaces, so that folding changes more than capitals.
pub(crate) fn has_odd_blanks(text: &[u8]) -> bool {
    // Sums over all bytes instead of early ends: short texts, and no branch to guess wrong.
    let other = text
        .iter()
        .fold(0, |odd, byte| odd | u8::from(byte.wrapping_sub(b'\t') < 5));
    let pairs = text.iter().zip(text.iter().skip(1));
    let double = pairs.fold(0, |odd, (a, b)| {
        odd | (u8::from(*a == b' ') & u8::from(*b == b' '))
    });
    (other | double) != 0
}

fn check_text(text: &str) -> Result<(), IdentifierError> {
    let bytes = text.as_bytes();
    let printable = bytes
        .iter()
        .fold(true, |all, byte| all & (byte.wrapping_sub(b' ') < 0x5f));
    if let [first, .., last] = bytes
        && printable
        && bytes.len() <= MAX_CHARACTERS
        && *first != b' '
        && *last != b' '
    {
        return Ok(());
    }
    if text.trim().is_empty() {
        return Err(IdentifierError::Empty);
    }
    if text.len() > MAX_CHARACTERS && text.chars().count() > MAX_CHARACTERS {
        return Err(IdentifierError::TooLong);
    }
    if text.trim().len() != text.len() {
        return Err(IdentifierError::BlanksAround);
    }
    if text.chars().any(char::is_control) {
        return Err(IdentifierError::Character);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_stay_exact() {
        let serial = SerialNumber::parse("00aB 42").unwrap();
        assert_eq!(
            (serial.as_str(), serial.folded().as_str()),
            ("00aB 42", "00ab 42")
        );
        assert_eq!(
            SerialNumber::parse(" 42"),
            Err(IdentifierError::BlanksAround)
        );
        assert_eq!(SerialNumber::parse(" "), Err(IdentifierError::Empty));
        assert_eq!(
            SerialNumber::parse("4\u{0}2"),
            Err(IdentifierError::Character)
        );
        assert_eq!(
            SerialNumber::parse(&"x".repeat(129)),
            Err(IdentifierError::TooLong)
        );
        assert!(Manufacturer::parse(&"ä".repeat(128)).is_ok());
    }

    #[test]
    fn a_pkid_is_thirteen_digits() {
        assert_eq!(
            Pkid::parse("3305612345678").unwrap().as_str(),
            "3305612345678"
        );
        for wrong in [
            "",
            "330561234567",
            "33056123456789",
            "330561234567x",
            "٣٣٠٥٦١٢٣٤٥٦٧٨",
        ] {
            assert_eq!(
                Pkid::parse(wrong),
                Err(IdentifierError::NotAPkid),
                "{wrong}"
            );
        }
    }

    proptest! {
        #[test]
        fn folding_is_words_in_lower_case(text in "[A-Za-zÄ0-9 \t\u{c}]{0,20}") {
            let words: Vec<_> = text.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
            prop_assert_eq!(fold(&text), words.join(" "));
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn what_parses_is_shown_as_it_was(text in "\\PC{0,140}") {
            if let Ok(model) = Model::parse(&text) {
                prop_assert_eq!(model.as_str(), text);
            }
        }
    }
}
