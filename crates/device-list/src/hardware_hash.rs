//! The hardware hash: a readable record of a machine's hardware in base64 (hardware-hash.md).

mod contents;
mod error;

pub use contents::{HashContents, Hex, Record, Version};
pub use error::{DigestState, HashError};

use std::fmt;
use std::sync::Arc;

use crate::identifier::{Manufacturer, Model, Pkid, SerialNumber};

/// A whole, proven hardware hash: content and trailer, without the zero padding behind them.
///
/// Sensitive: its `Debug` prints no content, and it has no `Display`.
#[derive(Clone)]
pub struct HardwareHash {
    bytes: Arc<[u8]>,
    digest: DigestState,
}

impl HardwareHash {
    /// Reads the text form. Missing padding and trailing `A`s added or lost don't matter; a trailer
    /// that lost its last bytes is completed if the rest proves the content (see [`DigestState`]).
    pub fn from_text(text: &str) -> Result<Self, HashError> {
        let _ = text;
        Err(HashError::NoMagic)
    }

    /// Reads the binary form, with or without the zero padding.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HashError> {
        let _ = bytes;
        Err(HashError::NoMagic)
    }

    /// Content and trailer, the digest whole, no padding: what to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text form of [`HardwareHash::as_bytes`], with `=` padding.
    pub fn to_text(&self) -> String {
        base64_simd::STANDARD.encode_to_string(&self.bytes)
    }

    /// The text form as devices usually have it: `A`s up to 4,000 characters.
    pub fn to_padded_text(&self) -> String {
        self.to_text()
    }

    /// Everything it says.
    pub fn decode(&self) -> HashContents {
        HashContents::default()
    }

    /// Whether the digest was whole, or completed.
    pub fn digest(&self) -> DigestState {
        self.digest
    }

    /// Record 14, the SMBIOS serial number; `None` when it is no valid identifier.
    pub fn serial(&self) -> Option<SerialNumber> {
        None
    }

    /// Record 16, the SMBIOS system manufacturer; `None` when it is no valid identifier.
    pub fn manufacturer(&self) -> Option<Manufacturer> {
        None
    }

    /// Record 17, the SMBIOS product name; `None` when it is missing or no valid identifier.
    pub fn model(&self) -> Option<Model> {
        None
    }

    /// Record 24, the PKID; `None` when it is missing or not 13 digits.
    pub fn pkid(&self) -> Option<Pkid> {
        None
    }

    /// Record 12, the SMBIOS UUID in the order in which it is written.
    pub fn smbios_uuid(&self) -> Option<[u8; 16]> {
        None
    }
}

impl PartialEq for HardwareHash {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for HardwareHash {}

impl fmt::Debug for HardwareHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HardwareHash({} bytes)", self.bytes.len())
    }
}
