//! The records of a hardware hash, typed (hardware-hash.md, api.md 8.2).

use std::fmt;

use serde::Serialize;

use super::container::{text, until_nul, uuid};

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

/// One record. Numbers are as stored; a record whose payload is shorter than its type asks for is
/// kept as [`Record::Unknown`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "record", content = "value")]
#[non_exhaustive]
pub enum Record {
    /// 1: what made the hash.
    Build {
        /// Version of the program.
        tool: Version,
        /// Version of the operating system.
        os: Version,
        /// Not understood; it carries the time.
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
    /// 6: the system disk.
    Disk {
        /// GiB.
        capacity: u32,
        /// 1 SCSI, 2 ATAPI, 3 ATA, 8 RAID, 10 SAS, 11 SATA, 17 `NVMe`.
        bus: u16,
    },
    /// 7: `serial|model|`.
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
    },
    /// 10.
    Chassis {
        /// SMBIOS chassis type.
        chassis: u8,
        /// Power platform role.
        role: u8,
    },
    /// 11: a digest that stands for the machine.
    OfflineDeviceId {
        /// 1 TPM endorsement key, 2 UEFI variable.
        kind: u16,
        /// 32 bytes.
        id: Hex,
    },
    /// 12: SMBIOS UUID, in the order in which it is written.
    SmbiosUuid(Hex),
    /// 13.
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
    /// 26, for example `[RS2]X21-36311`.
    ImageTag(String),
    /// 28: all disks.
    Disks(String),
    /// 29: graphics memory.
    GraphicsMemory {
        /// Of the adapter.
        video: u32,
        /// Shared.
        system: u32,
    },
    /// 30.
    GraphicsName(String),
    /// A type that is not known, or a payload that is too short for its type: kept.
    Unknown {
        /// Its type.
        kind: u16,
        /// Its payload.
        bytes: Hex,
    },
}

impl Record {
    /// Reads one record's payload.
    pub(crate) fn read(kind: u16, payload: &[u8]) -> Self {
        Self::fixed(kind, payload)
            .or_else(|| Self::textual(kind, payload))
            .unwrap_or_else(|| Self::Unknown {
                kind,
                bytes: hex(payload),
            })
    }

    /// Records of numbers; `None` for other types and short payloads.
    fn fixed(kind: u16, p: &[u8]) -> Option<Self> {
        Some(match kind {
            1 => Self::build(p)?,
            2 => Self::Processor {
                architecture: u16_at(p, 0)?,
                packages: u16_at(p, 2)?,
                cores: u16_at(p, 4)?,
                threads: u16_at(p, 6)?,
                hyperthreading: *p.get(8)? != 0,
            },
            5 => Self::Memory {
                total: u64_at(p, 0)?,
                maximum: u64_at(p, 8)?,
                slots: u16_at(p, 16)?,
                arrays: u16_at(p, 18)?,
                error_correction: *p.get(20)?,
            },
            6 => Self::Disk {
                capacity: u32_at(p, 0)?,
                bus: u16_at(p, 8)?,
            },
            8 => Self::Network {
                medium: u16_at(p, 0)?,
                mac: hex(p.get(4..10)?),
                bus: utf16(p.get(14..)?),
            },
            9 => Self::Display {
                width: u16_at(p, 0)?,
                height: u16_at(p, 2)?,
                columns: u16_at(p, 4)?,
                rows: u16_at(p, 6)?,
            },
            10 => Self::Chassis {
                chassis: *p.first()?,
                role: *p.get(1)?,
            },
            11 => Self::OfflineDeviceId {
                kind: u16_at(p, 4)?,
                id: hex(p.get(10..42)?),
            },
            12 => Self::SmbiosUuid(hex(&uuid(p)?)),
            25 => Self::TpmEndorsementKey(hex(p.get(..256)?)),
            29 => Self::GraphicsMemory {
                video: u32_at(p, 0)?,
                system: u32_at(p, 4)?,
            },
            _ => return None,
        })
    }

    fn build(p: &[u8]) -> Option<Self> {
        let [os_type, architecture, tool_number] = *p.last_chunk()?;
        Some(Self::Build {
            tool: version_at(p, 0)?,
            os: version_at(p, 8)?,
            stamp: hex(p.get(16..p.len() - 3)?),
            os_type,
            architecture,
            tool_number,
        })
    }

    /// Records of text; `None` for other types.
    fn textual(kind: u16, payload: &[u8]) -> Option<Self> {
        let make = match kind {
            3 => Self::ProcessorVendor,
            4 => Self::ProcessorName,
            7 => Self::DiskSerial,
            13 => Self::TpmVersion,
            14 => Self::Serial,
            15 => Self::FirmwareVendor,
            16 => Self::Manufacturer,
            17 => Self::Model,
            18 => Self::Sku,
            19 => Self::Family,
            20 => Self::BoardManufacturer,
            21 => Self::BoardProduct,
            22 => Self::BoardVersion,
            23 => Self::SystemVersion,
            24 => Self::Pkid,
            26 => Self::ImageTag,
            28 => Self::Disks,
            30 => return Some(Self::GraphicsName(utf16(payload))),
            _ => return None,
        };
        Some(make(text(until_nul(payload)).into_owned()))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> Hex {
    Hex(bytes.into())
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn version_at(p: &[u8], at: usize) -> Option<Version> {
    Some(Version {
        minor: u16_at(p, at)?,
        major: u16_at(p, at + 2)?,
        revision: u16_at(p, at + 4)?,
        build: u16_at(p, at + 6)?,
    })
}

fn u16_at(p: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*p.get(at..)?.first_chunk()?))
}

fn u32_at(p: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*p.get(at..)?.first_chunk()?))
}

fn u64_at(p: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*p.get(at..)?.first_chunk()?))
}
