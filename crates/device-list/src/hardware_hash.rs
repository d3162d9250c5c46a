//! The hardware hash: a readable record of a machine's hardware in base64 (hardware-hash.md).

mod build;
mod captured;
pub(crate) mod container;
mod contents;
mod error;
pub(crate) mod facts;
mod inventory;
mod managed_desktop;
pub mod names;
pub(crate) mod notable;
mod record;
pub(crate) mod text;
mod tpm;
mod value;
mod verdict;
mod virtual_machine;
mod windows;

pub use build::HashBuilder;
pub use captured::Captured;
pub use contents::{HashContents, uuid_text};
pub use error::{DigestState, HashError};
pub use facts::{Architecture, DiskMedia, HardwareFacts, Presence, TpmState};
pub use managed_desktop::ManagedDesktopGap;
pub use record::Record;
pub use tpm::TpmText;
pub use value::{Hex, Version};
pub use virtual_machine::VirtualMachine;
pub use windows::Month;

use std::fmt;
use std::sync::Arc;

use crate::identifier::{Manufacturer, Model, Pkid, SerialNumber};
use container::{Identity, TRAILER};

/// Characters in the text as devices usually have it.
pub const USUAL_CHARACTERS: usize = 4000;

/// A whole, proven hardware hash: content and trailer, without the zero padding behind them.
///
/// Its manufacturer and serial number are not empty, its records add up, its digest is right.
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
        let mut bytes = Vec::new();
        text::decode(text.trim().as_bytes(), &mut bytes)?;
        Self::from_bytes(&bytes)
    }

    /// Reads the binary form, with or without the zero padding.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HashError> {
        let (frame, _) = open(bytes)?;
        Ok(Self {
            bytes: whole(frame.content, &frame.sha256).into(),
            digest: frame.proof?,
        })
    }

    /// The hash of an opened frame; `None` when its trailer proves nothing.
    pub(crate) fn of(frame: &container::Frame<'_>) -> Option<Self> {
        let digest = frame.proof.ok()?;
        Some(Self {
            bytes: whole(frame.content, &frame.sha256).into(),
            digest,
        })
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
        let mut bytes = self.bytes.to_vec();
        bytes.resize(
            bytes
                .len()
                .next_multiple_of(3)
                .max(USUAL_CHARACTERS / 4 * 3),
            0,
        );
        base64_simd::STANDARD.encode_to_string(&bytes)
    }

    /// Everything it says.
    pub fn decode(&self) -> HashContents {
        HashContents::inspect_bytes(&self.bytes)
            .expect("magic, length and records were right when the hash was made")
    }

    /// Whether the digest that was sent was whole, or has been completed.
    pub fn digest(&self) -> DigestState {
        self.digest
    }

    /// Record 14, the SMBIOS serial number; `None` when it is no valid identifier.
    pub fn serial(&self) -> Option<SerialNumber> {
        SerialNumber::parse(&container::text(self.identity().serial)).ok()
    }

    /// Record 16, the SMBIOS system manufacturer; `None` when it is no valid identifier.
    pub fn manufacturer(&self) -> Option<Manufacturer> {
        Manufacturer::parse(&container::text(self.identity().manufacturer)).ok()
    }

    /// Record 17, the SMBIOS product name; `None` when it is missing or no valid identifier.
    pub fn model(&self) -> Option<Model> {
        Model::parse(&container::text(self.identity().model)).ok()
    }

    /// Record 24, the PKID; `None` when it is missing or not 13 digits.
    pub fn pkid(&self) -> Option<Pkid> {
        Pkid::parse(&container::text(self.identity().pkid)).ok()
    }

    /// Record 12, the SMBIOS UUID in the order in which it is written.
    pub fn smbios_uuid(&self) -> Option<[u8; 16]> {
        self.identity().uuid
    }

    pub(crate) fn identity(&self) -> Identity<'_> {
        // The records added up when the hash was made.
        container::identity(&self.bytes[..self.bytes.len() - TRAILER]).unwrap_or_default()
    }
}

/// Content and trailer in one.
fn whole(content: &[u8], sha256: &[u8; 32]) -> Vec<u8> {
    [content, container::TRAILER_MAGIC, sha256].concat()
}

/// The text of a content with its digest, with `=` padding.
pub(crate) fn encode_text(content: &[u8], sha256: &[u8; 32]) -> String {
    base64_simd::STANDARD.encode_to_string(whole(content, sha256))
}

/// The text of a content with its digest, in the usual length.
pub(crate) fn encode_padded(content: &[u8], sha256: &[u8; 32]) -> String {
    padded_text(whole(content, sha256))
}

fn padded_text(mut bytes: Vec<u8>) -> String {
    bytes.resize(
        bytes
            .len()
            .next_multiple_of(3)
            .max(USUAL_CHARACTERS / 4 * 3),
        0,
    );
    base64_simd::STANDARD.encode_to_string(&bytes)
}

/// Opens a hash and holds it against every rule: frame, digest, records, and that manufacturer and
/// serial number are there (AP-ADD25).
pub(crate) fn open(bytes: &[u8]) -> Result<(container::Frame<'_>, Identity<'_>), HashError> {
    open_and(bytes, |_, _| {}, |_| {})
}

/// [`open`], with every record shown to `also` on the way, and to `unproven` what identifies the
/// machine as far as it can be read. Both see it before the digest is computed, which takes longer
/// than all the rest: what they ask for from memory has come by then.
pub(crate) fn open_and<'a>(
    bytes: &'a [u8],
    also: impl FnMut(u16, &'a [u8]),
    unproven: impl FnOnce(&Identity<'a>),
) -> Result<(container::Frame<'a>, Identity<'a>), HashError> {
    let (content, _) = container::parts(bytes)?;
    let identity = container::identity_and(content, also);
    if let Ok(identity) = &identity {
        unproven(identity);
    }
    let frame = container::frame(bytes)?;
    frame.proof?;
    let identity = identity?;
    if identity.manufacturer.is_empty() {
        return Err(HashError::NoManufacturer);
    }
    if identity.serial.is_empty() {
        return Err(HashError::NoSerial);
    }
    Ok((frame, identity))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The study's synthetic vector (api.md 8.4); `A`s follow up to 4,000 characters.
    const VECTOR: &str = "T0FsAAEAHAAAAAoAIAPwVQAACgAgA/BVAAAAAAACCQgMABQARDMiEWZViHeZqrvM3e7/AA4ADgBURVNULTAwMDEAEAAMAENvbnRvc28AEQAMAE1vZGVsIFgAGAASADMzMDU2MTIzNDU2NzgAQ1MkABHyX7J/MOKddlri9W5h9nFAjowqcJ/VNOagC8JjD6UW";

    fn vector() -> HardwareHash {
        HardwareHash::from_text(VECTOR).unwrap()
    }

    #[test]
    fn the_published_vector_reads_and_writes() {
        let hash = vector();
        assert_eq!(hash.digest(), DigestState::Verified);
        assert_eq!(hash.serial().unwrap().as_str(), "TEST-0001");
        assert_eq!(hash.manufacturer().unwrap().as_str(), "Contoso");
        assert_eq!(hash.model().unwrap().as_str(), "Model X");
        assert_eq!(hash.pkid().unwrap().as_str(), "3305612345678");
        let uuid = uuid_text(hash.smbios_uuid().unwrap());
        assert_eq!(uuid, "11223344-5566-7788-99aa-bbccddeeff00");
        let contents = hash.decode();
        assert_eq!(contents.tool_version.unwrap().to_string(), "10.0.22000.800");
        assert_eq!(contents.os_version.unwrap().to_string(), "10.0.22000.800");
        assert_eq!(hash.as_bytes().len(), 108 + TRAILER);
        assert_eq!(hash.to_text(), VECTOR);
        let padded = hash.to_padded_text();
        assert_eq!(padded, format!("{VECTOR:A<4000}"));
    }

    #[test]
    fn the_builder_makes_the_published_vector() {
        let build = [0, 0, 10, 0, 0x20, 3, 0xf0, 0x55];
        let first = [&build[..], &build[..], &[0, 0, 0, 0, 0, 2, 9, 8]].concat();
        let bytes = HashBuilder::default()
            .record(1, &first)
            .uuid(vector().smbios_uuid().unwrap())
            .text(14, "TEST-0001")
            .text(16, "Contoso")
            .text(17, "Model X")
            .text(24, "3305612345678")
            .finish();
        assert_eq!(bytes, vector().as_bytes());
    }

    #[test]
    fn every_fault_is_told_apart() {
        let whole = vector().as_bytes().to_vec();
        let fault = |bytes: &[u8]| HardwareHash::from_bytes(bytes).unwrap_err();
        assert_eq!(fault(b"PK\x03\x04"), HashError::NoMagic);
        assert_eq!(
            fault(&whole[..100]),
            HashError::ContentCut {
                expected: 108,
                found: 100
            }
        );
        assert_eq!(fault(&whole[..108]), HashError::TrailerMissing);
        assert_eq!(fault(&whole[..110]), HashError::TrailerMissing);
        let few = HashError::TrailerCut {
            missing: 28,
            rest_matches: true,
        };
        assert_eq!(fault(&whole[..116]), few);
        let mut other = whole.clone();
        other[120] ^= 1;
        assert_eq!(fault(&other), HashError::DigestMismatch);
        let differs = HashError::TrailerCut {
            missing: 8,
            rest_matches: false,
        };
        assert_eq!(fault(&other[..136]), differs);
        let odd = HashBuilder::default().text(14, "1").finish();
        assert_eq!(fault(&odd), HashError::NoManufacturer);
        let odd = HashBuilder::default()
            .text(14, " ")
            .text(16, "Contoso")
            .finish();
        assert_eq!(fault(&odd), HashError::NoSerial);
    }

    #[test]
    fn records_that_do_not_add_up_are_found_behind_a_right_digest() {
        let mut broken = HashBuilder::default().text(14, "0042").text(16, "Contoso");
        broken = broken.record(99, &[]);
        let mut bytes = broken.finish();
        let at = bytes.len() - TRAILER - 4;
        bytes[at + 2] = 3;
        let content = &bytes[..at + 4];
        let digest = <sha2::Sha256 as sha2::Digest>::digest(content);
        let bytes = [content, b"CS\x24\0", &digest[..]].concat();
        assert_eq!(
            HardwareHash::from_bytes(&bytes),
            Err(HashError::Records { at })
        );
    }

    #[test]
    fn lost_digest_bytes_are_completed_when_the_rest_proves_them() {
        let whole = vector();
        for missing in 1..=24_u8 {
            let cut = &whole.as_bytes()[..144 - usize::from(missing)];
            let hash = HardwareHash::from_bytes(cut).unwrap();
            assert_eq!(hash, whole);
            assert_eq!(hash.digest(), DigestState::CutShort { missing });
            let padded = [cut, &[0; 50]].concat();
            assert_eq!(HardwareHash::from_bytes(&padded).unwrap(), whole);
        }
    }

    #[test]
    fn a_mismatch_can_still_be_looked_into() {
        let mut bytes = vector().as_bytes().to_vec();
        bytes[130] ^= 0x40;
        let contents = HashContents::inspect_bytes(&bytes).unwrap();
        assert_eq!(contents.digest, DigestState::Mismatch);
        assert_eq!(contents.serial, "TEST-0001");
    }

    #[test]
    fn nothing_is_printed() {
        let printed = format!("{:?} {:?}", vector(), vector().decode());
        assert!(
            !printed.contains("TEST") && !printed.contains("Contoso"),
            "{printed}"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let with_magic = [b"OA".as_slice(), &bytes].concat();
            let _ = HashContents::inspect_bytes(&with_magic);
            let _ = HashContents::inspect(&container::text(&bytes));
            let _ = HardwareHash::from_bytes(&bytes);
        }

        #[test]
        fn texts_and_bytes_go_round(kinds in prop::collection::vec((0_u16..40, "[ -~]{0,30}"), 0..30)) {
            let mut builder = HashBuilder::default().text(14, "0042").text(16, "Contoso");
            for (kind, text) in &kinds {
                builder = builder.text(*kind, text);
            }
            let bytes = builder.finish();
            let hash = HardwareHash::from_bytes(&bytes).unwrap();
            prop_assert_eq!(hash.as_bytes(), &bytes[..]);
            let contents = hash.decode();
            prop_assert_eq!(contents.records.len(), kinds.len() + 2);
            let texts = [hash.to_text(), hash.to_padded_text()];
            for text in &texts {
                prop_assert_eq!(&HardwareHash::from_text(text).unwrap(), &hash);
                let bare = text.trim_end_matches('=');
                prop_assert_eq!(&HardwareHash::from_text(bare).unwrap(), &hash);
                prop_assert_eq!(&HardwareHash::from_text(&format!("{bare}AAAAA")).unwrap(), &hash);
            }
        }

        #[test]
        fn one_changed_byte_is_always_noticed(at in 0_usize..144, change in 1_u8..=255) {
            let mut bytes = vector().as_bytes().to_vec();
            bytes[at] ^= change;
            match HardwareHash::from_bytes(&bytes) {
                Err(_) => {}
                // A last digest byte that became zero is a lost one, and is put right.
                Ok(hash) => prop_assert!(hash == vector() && hash.digest() != DigestState::Verified),
            }
        }
    }
}
