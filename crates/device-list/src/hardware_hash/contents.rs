//! What a hardware hash says, record by record (hardware-hash.md, api.md 8.2).

use std::fmt;

use serde::Serialize;

/// Bytes that print and serialize as hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct Hex(pub Box<[u8]>);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A version of four parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Version {
    /// First part.
    pub major: u16,
    /// Second part.
    pub minor: u16,
    /// Third part, what Windows calls the build number.
    pub build: u16,
    /// Fourth part.
    pub revision: u16,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{}.{}.{}",
            self.major, self.minor, self.build, self.revision
        )
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Everything a hash says.
#[derive(Clone, PartialEq, Eq, Serialize, Default)]
pub struct HashContents {
    /// Record 14.
    pub serial: Option<String>,
    /// Record 16.
    pub manufacturer: Option<String>,
    /// Record 17.
    pub model: Option<String>,
    /// Record 24.
    pub pkid: Option<String>,
    /// Record 12, in the order in which a UUID is written (SMBIOS stores the first three parts
    /// turned round).
    pub smbios_uuid: Option<[u8; 16]>,
    /// Record 25: the TPM endorsement key's modulus.
    pub tpm_ek: Option<Hex>,
    /// Version of the program that made the hash (record 1).
    pub tool_version: Option<Version>,
    /// Version of the operating system it ran on (record 1).
    pub os_version: Option<Version>,
    /// All records, in order.
    pub records: Vec<Record>,
    /// What the trailer says.
    pub digest: Option<DigestState>,
}

use super::error::DigestState;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "record")]
pub enum Record {
    /// A type that is not known: kept.
    Unknown {
        /// Its type.
        kind: u16,
        /// Its payload.
        bytes: Hex,
    },
}
