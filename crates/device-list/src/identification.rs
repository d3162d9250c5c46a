//! The six combinations of identifiers that a row may have.

use crate::hardware_hash::HardwareHash;
use crate::hardware_hash::container::text;
use crate::identifier::{Pkid, SerialNumber, Tuple};
use crate::identity_key::{IdentityKey, KeyMaker, KeyParts, Keys};

/// What a row identifies its device by: exactly the six accepted combinations (PC-API-RES).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identification {
    /// A hardware hash alone.
    Hash {
        /// Says by itself which machine it is.
        hash: HardwareHash,
    },
    /// A hardware hash and a PKID that don't contradict each other.
    HashPkid {
        /// Says by itself which machine it is.
        hash: HardwareHash,
        /// The row's own.
        pkid: Pkid,
    },
    /// A hardware hash and a serial number that don't contradict each other.
    HashSerial {
        /// Says by itself which machine it is.
        hash: HardwareHash,
        /// The row's own.
        serial: SerialNumber,
    },
    /// A hardware hash, a PKID and a serial number that don't contradict each other.
    HashPkidSerial {
        /// Says by itself which machine it is.
        hash: HardwareHash,
        /// The row's own.
        pkid: Pkid,
        /// The row's own.
        serial: SerialNumber,
    },
    /// A PKID alone; resolves through the device directory.
    Pkid {
        /// The row's own.
        pkid: Pkid,
    },
    /// Manufacturer, model and serial number; resolves through the device directory.
    Tuple {
        /// The row's own.
        tuple: Tuple,
    },
}

impl Identification {
    /// The hardware hash, if the row has one.
    pub fn hash(&self) -> Option<&HardwareHash> {
        match self {
            Self::Hash { hash }
            | Self::HashPkid { hash, .. }
            | Self::HashSerial { hash, .. }
            | Self::HashPkidSerial { hash, .. } => Some(hash),
            Self::Pkid { .. } | Self::Tuple { .. } => None,
        }
    }

    /// The PKID: the row's own, or the one inside the hash.
    pub fn pkid(&self) -> Option<Pkid> {
        match self {
            Self::HashPkid { pkid, .. }
            | Self::HashPkidSerial { pkid, .. }
            | Self::Pkid { pkid } => Some(*pkid),
            Self::Hash { hash } | Self::HashSerial { hash, .. } => hash.pkid(),
            Self::Tuple { .. } => None,
        }
    }

    /// The tuple: the row's own, or what the hash says (with the row's serial number if it has
    /// one).
    pub fn tuple(&self) -> Option<Tuple> {
        match self {
            Self::Tuple { tuple } => Some(tuple.clone()),
            Self::Pkid { .. } => None,
            _ => Some(Tuple {
                manufacturer: self.hash()?.manufacturer()?,
                model: self.hash()?.model()?,
                serial: self.serial()?,
            }),
        }
    }

    /// The serial number: the row's own, or the one inside the hash.
    pub fn serial(&self) -> Option<SerialNumber> {
        match self {
            Self::HashSerial { serial, .. } | Self::HashPkidSerial { serial, .. } => {
                Some(serial.clone())
            }
            Self::Tuple { tuple } => Some(tuple.serial.clone()),
            Self::Hash { hash } | Self::HashPkid { hash, .. } => hash.serial(),
            Self::Pkid { .. } => None,
        }
    }

    /// The SMBIOS UUID inside the hash, in the order in which it is written.
    pub fn smbios_uuid(&self) -> Option<[u8; 16]> {
        self.hash().and_then(HardwareHash::smbios_uuid)
    }

    /// Every identity key of the device: tuple, PKID, UUID with serial, as far as they are known
    /// and not placeholders. A checked row always has at least one.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let mut maker = KeyMaker::default();
        let keys = match self {
            Self::Pkid { pkid } => {
                let text = maker.pkid(pkid.as_str().as_bytes());
                [None, text.map(IdentityKey::of), None]
            }
            Self::Tuple { tuple } => [tuple.key(), None, None],
            Self::Hash { hash }
            | Self::HashPkid { hash, .. }
            | Self::HashSerial { hash, .. }
            | Self::HashPkidSerial { hash, .. } => self.hash_keys(hash, &mut maker),
        };
        keys.into_iter().flatten().collect()
    }

    fn hash_keys(&self, hash: &HardwareHash, maker: &mut KeyMaker) -> Keys {
        let inside = hash.identity();
        let (manufacturer, model) = (text(inside.manufacturer), text(inside.model));
        let inside_serial = text(inside.serial);
        let pkid = self.pkid();
        let serial = match self {
            Self::HashSerial { serial, .. } | Self::HashPkidSerial { serial, .. } => {
                serial.as_str()
            }
            _ => &inside_serial,
        };
        let parts = KeyParts {
            manufacturer: manufacturer.as_bytes(),
            model: model.as_bytes(),
            serial: serial.as_bytes(),
            pkid: pkid
                .as_ref()
                .map(Pkid::as_str)
                .unwrap_or_default()
                .as_bytes(),
            uuid: inside.uuid,
        };
        maker.keys(&parts, IdentityKey::of)
    }
}
