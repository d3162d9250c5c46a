//! Corporate identifiers (api.md 5.3, `importedDeviceIdentity`): a customer's own list of what
//! identifies its devices, by which a management service knows that a device is the company's. They
//! register nothing: no device gets a profile by them.

use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{IdentifierId, OrganizationId};

/// Identifiers in one request at most.
pub const IDENTIFIERS_AT_ONCE: usize = 1000;
/// Characters of an identifier at most.
const IDENTIFIER: usize = 400;
/// Characters of a description at most.
const DESCRIPTION: usize = 1024;

macro_rules! words {
    ($($(#[$doc:meta])* $type:ident { $($(#[$one:meta])* $name:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type { $($(#[$one])* $name,)+ }

        impl $type {
            /// The word on the wire and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What this word means, in letters of any case.
            pub fn parse(word: &str) -> Option<Self> {
                [$(Self::$name,)+].into_iter().find(|own| own.as_str().eq_ignore_ascii_case(word))
            }
        }
    )+};
}

words! {
    /// What an identifier is.
    IdentifierKind {
        /// The number of a device with a mobile radio.
        Imei = "imei",
        /// A serial number alone.
        SerialNumber = "serialNumber",
        /// `manufacturer,model,serial`
        ManufacturerModelSerial = "manufacturerModelSerial",
    }
    /// What a device runs.
    Platform {
        /// Not said.
        Unknown = "unknown",
        /// iOS
        Ios = "ios",
        /// Android
        Android = "android",
        /// Windows
        Windows = "windows",
        /// Windows Mobile
        WindowsMobile = "windowsMobile",
        /// macOS
        MacOs = "macOS",
        /// visionOS
        VisionOs = "visionOS",
        /// tvOS
        TvOs = "tvOS",
    }
}

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorporateIdentifier {
    /// Its id.
    pub id: IdentifierId,
    /// Whose list it is in.
    pub customer_id: OrganizationId,
    /// What it is.
    pub kind: IdentifierKind,
    /// As it was given, without blanks around it and its parts.
    pub identifier: String,
    /// What the customer says of it.
    pub description: String,
    /// What the device runs.
    pub platform: Platform,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Why something can't be an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdentifierError {
    /// It identifies no device.
    #[error("Invalid Device Identifier parameter found for 1 import records!")]
    Identifier,
    /// The description is too long, or has characters that are none.
    #[error("The description may have {DESCRIPTION} characters.")]
    Description,
}

/// Tidies and checks an identifier of this kind.
pub fn parse_identifier(kind: IdentifierKind, text: &str) -> Result<String, IdentifierError> {
    let text = text.trim();
    let fits = !text.is_empty()
        && text.chars().count() <= IDENTIFIER
        && !text.chars().any(char::is_control);
    if !fits {
        return Err(IdentifierError::Identifier);
    }
    match kind {
        IdentifierKind::Imei => {
            let digits: String = text.chars().filter(|c| !" -/".contains(*c)).collect();
            let fits = (14..=16).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            fits.then_some(digits).ok_or(IdentifierError::Identifier)
        }
        IdentifierKind::SerialNumber if text.contains(',') => Err(IdentifierError::Identifier),
        IdentifierKind::SerialNumber => Ok(text.to_owned()),
        IdentifierKind::ManufacturerModelSerial => {
            let parts: Vec<_> = text.split(',').map(str::trim).collect();
            if parts.len() != 3 || parts.iter().any(|part| part.is_empty()) {
                return Err(IdentifierError::Identifier);
            }
            Ok(parts.join(","))
        }
    }
}

/// Tidies and checks a description.
pub fn parse_description(text: &str) -> Result<String, IdentifierError> {
    let text = text.trim();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().count() > DESCRIPTION || text.chars().any(odd) {
        return Err(IdentifierError::Description);
    }
    Ok(text.to_owned())
}

/// An identifier as it is compared: two that differ by the case of their letters are one.
pub fn folded(identifier: &str) -> String {
    identifier.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_the_form_of_their_kind() {
        use IdentifierKind::{Imei, ManufacturerModelSerial, SerialNumber};
        for (kind, given, kept) in [
            (
                ManufacturerModelSerial,
                " Contoso , Book 13,PF-1 ",
                "Contoso,Book 13,PF-1",
            ),
            (SerialNumber, " 0042 ", "0042"),
            (Imei, "35 209900 176148 1", "352099001761481"),
        ] {
            assert_eq!(parse_identifier(kind, given).as_deref(), Ok(kept));
        }
        for (kind, given) in [
            (ManufacturerModelSerial, "Contoso,Book 13"),
            (ManufacturerModelSerial, "Contoso,,PF-1"),
            (ManufacturerModelSerial, "Contoso,Book,13,PF-1"),
            (SerialNumber, " "),
            (SerialNumber, "a,b"),
            (SerialNumber, "a\u{7}"),
            (Imei, "1234"),
            (Imei, "35209900176148x"),
        ] {
            assert!(parse_identifier(kind, given).is_err(), "{given}");
        }
        assert_eq!(IdentifierKind::parse("IMEI"), Some(Imei));
        assert_eq!(Platform::parse("tvos"), Some(Platform::TvOs));
    }
}
