//! Values that records are made of, and how they are read from bytes.

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

impl Version {
    /// Reads the eight bytes of record 1: minor, major, revision, build (hardware-hash.md).
    pub(crate) fn at(p: &[u8], at: usize) -> Option<Self> {
        Some(Self {
            minor: u16_at(p, at)?,
            major: u16_at(p, at + 2)?,
            revision: u16_at(p, at + 4)?,
            build: u16_at(p, at + 6)?,
        })
    }
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

pub(crate) fn hex(bytes: &[u8]) -> Hex {
    Hex(bytes.into())
}

/// UTF-16 text, little endian, up to its first NUL.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

pub(crate) fn u16_at(p: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*p.get(at..)?.first_chunk()?))
}

pub(crate) fn u32_at(p: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*p.get(at..)?.first_chunk()?))
}

pub(crate) fn u64_at(p: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*p.get(at..)?.first_chunk()?))
}
