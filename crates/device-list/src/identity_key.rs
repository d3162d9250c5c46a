//! Identity keys: what makes two rows, or a row and a registration, the same device.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::identifier::{Pkid, fold_into, is_folded_placeholder};

/// One identity of a device: a tuple, a PKID, or an SMBIOS UUID with a serial number.
///
/// It is the first 16 bytes of SHA-256 over a kind byte (1 tuple, 2 PKID, 3 UUID with serial) and
/// the folded parts ([`crate::identifier::fold`]), each after its length as u16, little endian. A device has one to three
/// keys; two devices that share any key are the same device. Values that boards carry when nobody
/// filled them in never make a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityKey(pub [u8; 16]);

impl IdentityKey {
    /// The key of a tuple; `None` when one of the three is a placeholder.
    pub fn tuple(manufacturer: &str, model: &str, serial: &str) -> Option<Self> {
        let parts = [manufacturer.as_bytes(), model.as_bytes(), serial.as_bytes()];
        KeyMaker::default().folded(1, &parts)
    }

    /// The key of a PKID; `None` when it is not 13 digits or all its digits are alike.
    pub fn pkid(pkid: &str) -> Option<Self> {
        KeyMaker::default().pkid(pkid.as_bytes())
    }

    /// The key of an SMBIOS UUID (in the order in which it is written, see
    /// [`crate::HashContents::smbios_uuid`]) with a serial number; `None` when either is a placeholder.
    pub fn uuid_with_serial(uuid: [u8; 16], serial: &str) -> Option<Self> {
        KeyMaker::default().uuid_with_serial(uuid, serial.as_bytes())
    }

    /// The 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityKey(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// UUIDs that many machines carry: written by firmware tools, not by a maker.
const SHARED_UUIDS: [[u8; 16]; 3] = [
    // 03000200-0400-0500-0006-000700080009
    [3, 0, 2, 0, 4, 0, 5, 0, 0, 6, 0, 7, 0, 8, 0, 9],
    // 00020003-0004-0005-0006-000700080009, the same with its first three parts turned round
    [0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9],
    // 12345678-1234-5678-90ab-cddeefaabbcc
    [
        0x12, 0x34, 0x56, 0x78, 0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd, 0xde, 0xef, 0xaa, 0xbb,
        0xcc,
    ],
];

/// What keys are made from: UTF-8 texts, empty where nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KeyParts<'a> {
    pub(crate) manufacturer: &'a [u8],
    pub(crate) model: &'a [u8],
    pub(crate) serial: &'a [u8],
    pub(crate) pkid: &'a [u8],
    pub(crate) uuid: Option<[u8; 16]>,
}

/// The keys of one device: tuple, PKID, UUID with serial.
pub(crate) type Keys = [Option<IdentityKey>; 3];

/// Makes keys one after another in one buffer.
#[derive(Default)]
pub(crate) struct KeyMaker {
    buffer: Vec<u8>,
}

impl KeyMaker {
    /// The key of `kind` over the folded form of UTF-8 parts; `None` when a part is a placeholder.
    pub(crate) fn folded(&mut self, kind: u8, parts: &[&[u8]]) -> Option<IdentityKey> {
        self.start(kind);
        for part in parts {
            self.push_folded(part)?;
        }
        Some(self.finish())
    }

    /// All the keys that the parts make.
    pub(crate) fn keys(&mut self, parts: &KeyParts<'_>) -> Keys {
        [
            self.folded(1, &[parts.manufacturer, parts.model, parts.serial]),
            self.pkid(parts.pkid),
            parts
                .uuid
                .and_then(|uuid| self.uuid_with_serial(uuid, parts.serial)),
        ]
    }

    pub(crate) fn pkid(&mut self, pkid: &[u8]) -> Option<IdentityKey> {
        let parsed = Pkid::parse(std::str::from_utf8(pkid).ok()?).ok()?;
        if parsed.is_placeholder() {
            return None;
        }
        self.start(2);
        self.push(pkid);
        Some(self.finish())
    }

    pub(crate) fn uuid_with_serial(
        &mut self,
        uuid: [u8; 16],
        serial: &[u8],
    ) -> Option<IdentityKey> {
        if is_placeholder_uuid(uuid) {
            return None;
        }
        self.start(3);
        self.push(&uuid);
        self.push_folded(serial)?;
        Some(self.finish())
    }

    fn start(&mut self, kind: u8) {
        self.buffer.clear();
        self.buffer.push(kind);
    }

    fn push(&mut self, part: &[u8]) {
        self.buffer
            .extend_from_slice(&(part.len() as u16).to_le_bytes());
        self.buffer.extend_from_slice(part);
    }

    fn push_folded(&mut self, part: &[u8]) -> Option<()> {
        let at = self.buffer.len();
        self.buffer.extend_from_slice(&[0, 0]);
        let length = fold_into(part, &mut self.buffer);
        if is_folded_placeholder(&self.buffer[at + 2..]) {
            return None;
        }
        self.buffer[at..at + 2].copy_from_slice(&(length as u16).to_le_bytes());
        Some(())
    }

    fn finish(&self) -> IdentityKey {
        let digest = Sha256::digest(&self.buffer);
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        IdentityKey(key)
    }
}

/// Whether a UUID is empty, all ones, or one of those that many machines carry.
pub(crate) fn is_placeholder_uuid(uuid: [u8; 16]) -> bool {
    uuid == [0; 16] || uuid == [0xff; 16] || SHARED_UUIDS.contains(&uuid)
}
