//! Identity keys: what makes two rows, or a row and a registration, the same device.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::identifier::{Pkid, fold_into, has_odd_blanks};
use crate::placeholder::is_folded_placeholder;

/// One identity of a device: a tuple, a PKID, or an SMBIOS UUID with a serial number.
///
/// It is the first 16 bytes of SHA-256 over a kind byte (1 tuple, 2 PKID, 3 UUID with serial) and
/// the folded parts ([`crate::identifier::fold`]), each after its length as u16, little endian. A
/// device has one to three
/// keys; two devices that share any key are the same device. Values that boards carry when nobody
/// filled them in never make a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityKey(pub [u8; 16]);

impl IdentityKey {
    /// The key of a tuple; `None` when one of the three is a placeholder.
    pub fn tuple(manufacturer: &str, model: &str, serial: &str) -> Option<Self> {
        let parts = [manufacturer.as_bytes(), model.as_bytes(), serial.as_bytes()];
        KeyMaker::default().folded(1, parts).map(Self::of)
    }

    /// The key of a PKID; `None` when it is not 13 digits or all its digits are alike.
    pub fn pkid(pkid: &str) -> Option<Self> {
        KeyMaker::default().pkid(pkid.as_bytes()).map(Self::of)
    }

    /// The key of an SMBIOS UUID (in the order in which it is written, see
    /// [`crate::HashContents::smbios_uuid`]) with a serial number; `None` when either is a
    /// placeholder.
    pub fn uuid_with_serial(uuid: [u8; 16], serial: &str) -> Option<Self> {
        let mut maker = KeyMaker::default();
        let text = maker.uuid_with_serial(uuid, serial.as_bytes());
        text.map(Self::of)
    }

    /// The key that a key's text makes (see [`KeyMaker`]).
    pub(crate) fn of(text: &[u8]) -> Self {
        let digest = Sha256::digest(text);
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
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

/// The keys of one device: tuple, PKID, UUID with serial. As identity keys, or in a form that is
/// cheaper to make.
pub(crate) type Keys<K = IdentityKey> = [Option<K>; 3];

/// Makes the texts of keys, one after another in one buffer: what an [`IdentityKey`] digests.
#[derive(Default)]
pub(crate) struct KeyMaker {
    buffer: Vec<u8>,
    odd_blanks: bool,
}

impl KeyMaker {
    /// The text of the key of `kind` over the folded form of UTF-8 parts; `None` when a part is a
    /// placeholder.
    pub(crate) fn folded<const N: usize>(&mut self, kind: u8, parts: [&[u8]; N]) -> Option<&[u8]> {
        self.start(kind);
        let spans = parts.map(|part| {
            let at = self.buffer.len();
            self.buffer.extend_from_slice(&[0, 0]);
            self.buffer.extend_from_slice(part.trim_ascii());
            at..self.buffer.len()
        });
        self.odd_blanks = has_odd_blanks(&self.buffer);
        if self.odd_blanks {
            self.start(kind);
            parts.iter().try_for_each(|part| self.push_folded(part))?;
            return Some(&self.buffer);
        }
        self.buffer.make_ascii_lowercase();
        for span in spans {
            let part = &mut self.buffer[span];
            if is_folded_placeholder(&part[2..]) {
                return None;
            }
            let length = part.len() as u16 - 2;
            part[..2].copy_from_slice(&length.to_le_bytes());
        }
        Some(&self.buffer)
    }

    /// Whether a part of the last [`KeyMaker::folded`] had a blank other than single spaces inside.
    pub(crate) fn had_odd_blanks(&self) -> bool {
        self.odd_blanks
    }

    /// All the keys that the parts make, each made from its text by `key`.
    pub(crate) fn keys<K>(&mut self, parts: &KeyParts<'_>, key: impl Fn(&[u8]) -> K) -> Keys<K> {
        [
            self.folded(1, [parts.manufacturer, parts.model, parts.serial])
                .map(&key),
            self.pkid(parts.pkid).map(&key),
            parts
                .uuid
                .and_then(|uuid| self.uuid_with_serial(uuid, parts.serial))
                .map(&key),
        ]
    }

    pub(crate) fn pkid(&mut self, pkid: &[u8]) -> Option<&[u8]> {
        let parsed = Pkid::from_bytes(pkid).ok()?;
        if parsed.is_placeholder() {
            return None;
        }
        self.start(2);
        self.push(pkid);
        Some(&self.buffer)
    }

    pub(crate) fn uuid_with_serial(&mut self, uuid: [u8; 16], serial: &[u8]) -> Option<&[u8]> {
        if is_placeholder_uuid(uuid) {
            return None;
        }
        self.start(3);
        self.push(&uuid);
        self.push_folded(serial)?;
        Some(&self.buffer)
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
}

/// Whether a UUID is empty, all ones, or one of those that many machines carry.
pub(crate) fn is_placeholder_uuid(uuid: [u8; 16]) -> bool {
    uuid == [0; 16] || uuid == [0xff; 16] || SHARED_UUIDS.contains(&uuid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn capitals_and_blanks_do_not_count_and_everything_else_does() {
        let key = |serial| IdentityKey::tuple("Contoso", "Book 13", serial);
        assert_eq!(
            key("ab 1"),
            IdentityKey::tuple(" CONTOSO ", "book  13", "AB\t1")
        );
        for other in ["ab1", "ab-1", "0ab 1", "äb 1"] {
            assert_ne!(key("ab 1"), key(other));
        }
        // What belongs to which part counts as well.
        assert_ne!(
            IdentityKey::tuple("a", "bc", "d"),
            IdentityKey::tuple("ab", "c", "d")
        );
    }

    #[test]
    fn what_boards_carry_when_nobody_filled_them_in_makes_no_key() {
        let serials = [
            "",
            " ",
            "0",
            "0000-0000",
            "FFFFFFFF",
            "ffff",
            "xxxx",
            "....",
            "-",
            "None",
            "N/A",
            "INVALID",
            "Default string",
            "To be filled by O.E.M.",
            "System Serial Number",
            "0123456789",
            "default  STRING",
        ];
        for serial in serials {
            assert_eq!(IdentityKey::tuple("Contoso", "B", serial), None, "{serial}");
            assert_eq!(
                IdentityKey::uuid_with_serial([9; 16], serial),
                None,
                "{serial}"
            );
        }
        for uuid in [[0; 16], [0xff; 16], SHARED_UUIDS[0], SHARED_UUIDS[1]] {
            assert_eq!(IdentityKey::uuid_with_serial(uuid, "0042"), None);
        }
        for pkid in ["0000000000000", "1111111111111", "12", "33056123456789"] {
            assert_eq!(IdentityKey::pkid(pkid), None, "{pkid}");
        }
        assert!(IdentityKey::pkid("3305612345678").is_some());
        assert!(IdentityKey::tuple("Contoso", "B", "F00").is_some());
    }

    /// Keys are stored: a change here would make every registered device unknown.
    #[test]
    fn keys_stay_what_they_are() {
        let shown = |key: Option<IdentityKey>| format!("{:?}", key.expect("it makes a key"));
        assert_eq!(
            shown(IdentityKey::tuple("Contoso", "Model X", "TEST-0001")),
            "IdentityKey(835bd888a80773f7d422b9632ecd8571)"
        );
        assert_eq!(
            shown(IdentityKey::pkid("3305612345678")),
            "IdentityKey(01ca94414cb107ac144e9a6272d97d08)"
        );
        assert_eq!(
            shown(IdentityKey::uuid_with_serial([9; 16], "TEST-0001")),
            "IdentityKey(c89118b0c6bdd135dffddfa956ed257a)"
        );
    }

    proptest! {
        #[test]
        fn the_quick_way_and_the_plain_definition_agree(
            parts in prop::array::uniform3("[ \t]?[A-Za-zÄß0-9.]{1,8}([ \t]{0,3}[A-Za-z0-9]{1,70})?[ ]?")
        ) {
            let mut bytes = vec![1];
            for part in &parts {
                let folded = crate::identifier::fold(part);
                bytes.extend_from_slice(&(folded.len() as u16).to_le_bytes());
                bytes.extend_from_slice(folded.as_bytes());
            }
            let placeholder = parts.iter().any(|part| crate::identifier::is_placeholder(part));
            let expected: Option<[u8; 16]> = (!placeholder)
                .then(|| Sha256::digest(&bytes)[..16].try_into().expect("16 bytes"));
            let key = IdentityKey::tuple(&parts[0], &parts[1], &parts[2]);
            prop_assert_eq!(key.map(|key| key.0), expected);
        }
    }
}
