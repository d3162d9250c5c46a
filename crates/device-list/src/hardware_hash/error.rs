//! What can be wrong with a hardware hash.

use serde::Serialize;

/// What the trailer says about the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestState {
    /// The SHA-256 is whole and right.
    Verified,
    /// The last bytes are lost, and those that are left are right.
    CutShort {
        /// How many of the 32 bytes are lost.
        missing: u8,
    },
    /// The SHA-256 differs.
    Mismatch,
    /// There is no trailer, or too little of it to prove anything.
    Missing,
}

/// Why a text or bytes are not a hardware hash. Never tells content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// A character that base64 does not have.
    #[error("character {} is not base64", position + 1)]
    NotBase64 {
        /// Of the character in the text, from 0.
        position: usize,
    },
    /// It does not begin with the letters `OA`.
    #[error("it does not begin like a hardware hash")]
    NoMagic,
    /// It ends inside its content.
    #[error("its content is cut short: {found} of {expected} bytes are there")]
    ContentCut {
        /// Bytes that the header announces.
        expected: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// Nothing, or something else, stands where the trailer should be.
    #[error("its checksum is missing")]
    TrailerMissing,
    /// The trailer ends early and what is left proves nothing.
    #[error("its checksum has lost {missing} of 32 bytes and what is left proves nothing")]
    TrailerCut {
        /// How many of the 32 digest bytes are lost.
        missing: u8,
        /// Whether the bytes that are left fit the content (too few to prove it) or differ.
        rest_matches: bool,
    },
    /// The digest is whole and differs.
    #[error("its checksum does not fit its content")]
    DigestMismatch,
    /// The records don't add up to the content's length.
    #[error("its records don't add up: the one at byte {at} does not fit")]
    Records {
        /// Offset of the record that does not fit.
        at: usize,
    },
    /// The manufacturer inside is missing or empty.
    #[error("it carries no manufacturer")]
    NoManufacturer,
    /// The serial number inside is missing or empty.
    #[error("it carries no serial number")]
    NoSerial,
}
