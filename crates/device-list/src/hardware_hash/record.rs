//! The records of a hardware hash, typed (hardware-hash.md, api.md 8.2).

mod read;

use serde::Serialize;

use super::value::{Hex, Version};

/// One record. Numbers are as stored, [`super::names`] has words for them; a record whose payload is
/// shorter than its type asks for is kept as [`Record::Unknown`].
///
/// A type may come several times (adapters, disks): every one is kept, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "record", content = "value")]
#[non_exhaustive]
pub enum Record {
    /// 1: what made the hash, and when.
    Build {
        /// Version of the program.
        tool: Version,
        /// Version of the operating system.
        os: Version,
        /// The time, as far as it is understood: see [`super::Captured`].
        stamp: Hex,
        /// 2 is a full operating system.
        os_type: u8,
        /// 0 x86, 9 x64, 12 ARM64.
        architecture: u8,
        /// Short number of the program.
        tool_number: u8,
    },
    /// 2: processors.
    Processor {
        /// 0 x86, 9 x64, 12 ARM64.
        architecture: u16,
        /// Sockets in use.
        packages: u16,
        /// Cores.
        cores: u16,
        /// Threads.
        threads: u16,
        /// Whether a core runs two threads.
        hyperthreading: bool,
    },
    /// 3.
    ProcessorVendor(String),
    /// 4.
    ProcessorName(String),
    /// 5: memory.
    Memory {
        /// GiB there.
        total: u64,
        /// GiB possible.
        maximum: u64,
        /// Slots.
        slots: u16,
        /// Arrays.
        arrays: u16,
        /// 3 none, 4 parity, 5 single bit, 6 multiple bits, 7 CRC.
        error_correction: u8,
    },
    /// 6: a disk, the system's first.
    Disk {
        /// GB as they are sold: the published sample says 256 for a disk of 256 GB.
        capacity: u32,
        /// 1 SCSI, 2 ATAPI, 3 ATA, 8 RAID, 10 SAS, 11 SATA, 17 `NVMe`.
        bus: u16,
        /// Whether seeking costs time: 0 is an SSD, 255 an HDD (api.md 8.2, *reported*).
        seek_penalty: Option<u8>,
        /// Whether it is told which blocks are free (*reported*).
        trim: Option<u8>,
    },
    /// 7: a disk's `serial|model|`.
    DiskSerial(String),
    /// 8: a network adapter.
    Network {
        /// 1 or 9 Wi-Fi, 10 Bluetooth, 14 Ethernet.
        medium: u16,
        /// Hardware address.
        mac: Hex,
        /// PCI, BTH or USB.
        bus: String,
    },
    /// 9: the built-in display.
    Display {
        /// Millimetres.
        width: u16,
        /// Millimetres.
        height: u16,
        /// Pixels.
        columns: u16,
        /// Pixels.
        rows: u16,
        /// How it is connected (inferred): `0x8000_0000` is built in.
        output: Option<u32>,
    },
    /// 10.
    Chassis {
        /// SMBIOS chassis type.
        chassis: u8,
        /// Power platform role.
        role: u8,
        /// Whether there is an optical drive (*reported*).
        optical_drive: Option<u8>,
        /// Bits for touch and pen (*reported*; they fit the published sample).
        touch: Option<u8>,
        /// Fingers that are told apart (inferred from the published sample).
        touch_points: Option<u8>,
    },
    /// 11: a digest that stands for the machine.
    OfflineDeviceId {
        /// 1 TPM endorsement key, 2 UEFI variable.
        kind: u8,
        /// 32 bytes; of the first kind SHA-256 of the modulus in record 25.
        id: Hex,
    },
    /// 12: SMBIOS UUID, in the order in which it is written.
    SmbiosUuid(Hex),
    /// 13: see [`super::TpmText`].
    TpmVersion(String),
    /// 14: SMBIOS serial number.
    Serial(String),
    /// 15.
    FirmwareVendor(String),
    /// 16: SMBIOS system manufacturer.
    Manufacturer(String),
    /// 17: SMBIOS product name, the device model.
    Model(String),
    /// 18.
    Sku(String),
    /// 19.
    Family(String),
    /// 20.
    BoardManufacturer(String),
    /// 21.
    BoardProduct(String),
    /// 22.
    BoardVersion(String),
    /// 23.
    SystemVersion(String),
    /// 24: product key ID.
    Pkid(String),
    /// 25: modulus of the TPM endorsement key, 256 bytes.
    TpmEndorsementKey(Hex),
    /// 26: part number of the operating system's image, for example `[RS2]X21-36311`.
    ImageTag(String),
    /// 28: the disk's serial number and model as the kernel sees them.
    Disks(String),
    /// 29: memory of a graphics adapter (*reported*: no published hash has one).
    GraphicsMemory {
        /// Of its own.
        video: u64,
        /// Of the system, set aside for it.
        system: u64,
        /// What follows and is not understood.
        rest: Hex,
    },
    /// 30: name of a graphics adapter (*reported*).
    GraphicsName(String),
    /// 27, whose four bytes are not understood; a type that is not known; or a payload that is too
    /// short for its type: kept.
    Unknown {
        /// Its type.
        kind: u16,
        /// Its payload.
        bytes: Hex,
    },
}

impl Record {
    /// Its type's number.
    pub fn kind(&self) -> u16 {
        match self {
            Self::Build { .. } => 1,
            Self::Processor { .. } => 2,
            Self::ProcessorVendor(_) => 3,
            Self::ProcessorName(_) => 4,
            Self::Memory { .. } => 5,
            Self::Disk { .. } => 6,
            Self::DiskSerial(_) => 7,
            Self::Network { .. } => 8,
            Self::Display { .. } => 9,
            Self::Chassis { .. } => 10,
            Self::OfflineDeviceId { .. } => 11,
            Self::SmbiosUuid(_) => 12,
            Self::TpmVersion(_) => 13,
            Self::Serial(_) => 14,
            Self::FirmwareVendor(_) => 15,
            Self::Manufacturer(_) => 16,
            Self::Model(_) => 17,
            Self::Sku(_) => 18,
            Self::Family(_) => 19,
            Self::BoardManufacturer(_) => 20,
            Self::BoardProduct(_) => 21,
            Self::BoardVersion(_) => 22,
            Self::SystemVersion(_) => 23,
            Self::Pkid(_) => 24,
            Self::TpmEndorsementKey(_) => 25,
            Self::ImageTag(_) => 26,
            Self::Disks(_) => 28,
            Self::GraphicsMemory { .. } => 29,
            Self::GraphicsName(_) => 30,
            Self::Unknown { kind, .. } => *kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_the_number_of_its_type() {
        for kind in 0..40 {
            for length in [0, 4, 24, 300] {
                assert_eq!(Record::read(kind, &vec![1; length]).kind(), kind);
            }
        }
    }
}
