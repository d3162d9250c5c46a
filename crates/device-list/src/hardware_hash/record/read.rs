//! Reading a record's payload. Offsets are within the payload: api.md 8.2 counts four more.

use super::Record;
use crate::hardware_hash::container::{before_nul, text, until_nul, uuid};
use crate::hardware_hash::value::{Version, hex, u16_at, u32_at, u64_at, utf16};

/// Bytes of a graphics memory record whose two sizes are u64; in a shorter one they are u32. Open
/// decoders differ, and both readings fit some length.
const WIDE_GRAPHICS: usize = 16;

impl Record {
    /// Reads one record's payload.
    pub(crate) fn read(kind: u16, payload: &[u8]) -> Self {
        machine(kind, payload)
            .or_else(|| part(kind, payload))
            .or_else(|| textual(kind, payload))
            .unwrap_or_else(|| Self::Unknown {
                kind,
                bytes: hex(payload),
            })
    }
}

/// Records about the machine as a whole; `None` for other types and short payloads.
fn machine(kind: u16, p: &[u8]) -> Option<Record> {
    Some(match kind {
        1 => build(p)?,
        2 => Record::Processor {
            architecture: u16_at(p, 0)?,
            packages: u16_at(p, 2)?,
            cores: u16_at(p, 4)?,
            threads: u16_at(p, 6)?,
            hyperthreading: *p.get(8)? != 0,
        },
        5 => Record::Memory {
            total: u64_at(p, 0)?,
            maximum: u64_at(p, 8)?,
            slots: u16_at(p, 16)?,
            arrays: u16_at(p, 18)?,
            error_correction: *p.get(20)?,
        },
        10 => Record::Chassis {
            chassis: *p.first()?,
            role: *p.get(1)?,
            optical_drive: p.get(2).copied(),
            touch: p.get(3).copied(),
            touch_points: p.get(4).copied(),
        },
        11 => Record::OfflineDeviceId {
            kind: *p.get(4)?,
            id: hex(p.get(10..42)?),
        },
        12 => Record::SmbiosUuid(hex(&uuid(p)?)),
        25 => Record::TpmEndorsementKey(hex(p.get(..256)?)),
        _ => return None,
    })
}

fn build(p: &[u8]) -> Option<Record> {
    let [os_type, architecture, tool_number] = *p.last_chunk()?;
    Some(Record::Build {
        tool: Version::at(p, 0)?,
        os: Version::at(p, 8)?,
        stamp: hex(p.get(16..p.len() - 3)?),
        os_type,
        architecture,
        tool_number,
    })
}

/// Records about a part, of which there can be several; `None` for other types and short payloads.
fn part(kind: u16, p: &[u8]) -> Option<Record> {
    Some(match kind {
        6 => Record::Disk {
            capacity: u32_at(p, 0)?,
            bus: u16_at(p, 8)?,
            seek_penalty: p.get(10).copied(),
            trim: p.get(11).copied(),
        },
        8 => Record::Network {
            medium: u16_at(p, 0)?,
            mac: hex(p.get(4..10)?),
            bus: utf16(p.get(14..)?),
        },
        9 => Record::Display {
            width: u16_at(p, 0)?,
            height: u16_at(p, 2)?,
            columns: u16_at(p, 4)?,
            rows: u16_at(p, 6)?,
            output: u32_at(p, 8),
        },
        29 if p.len() < WIDE_GRAPHICS => Record::GraphicsMemory {
            video: u32_at(p, 0)?.into(),
            system: u32_at(p, 4)?.into(),
            rest: hex(&p[8..]),
        },
        29 => Record::GraphicsMemory {
            video: u64_at(p, 0)?,
            system: u64_at(p, 8)?,
            rest: hex(&p[WIDE_GRAPHICS..]),
        },
        30 => Record::GraphicsName(utf16(p)),
        _ => return None,
    })
}

/// Records of text; `None` for other types. Blanks around a text are cut, except a disk's.
fn textual(kind: u16, payload: &[u8]) -> Option<Record> {
    let make = match kind {
        7 => return Some(Record::DiskSerial(text(before_nul(payload)).into_owned())),
        3 => Record::ProcessorVendor,
        4 => Record::ProcessorName,
        13 => Record::TpmVersion,
        14 => Record::Serial,
        15 => Record::FirmwareVendor,
        16 => Record::Manufacturer,
        17 => Record::Model,
        18 => Record::Sku,
        19 => Record::Family,
        20 => Record::BoardManufacturer,
        21 => Record::BoardProduct,
        22 => Record::BoardVersion,
        23 => Record::SystemVersion,
        24 => Record::Pkid,
        26 => Record::ImageTag,
        28 => Record::Disks,
        _ => return None,
    };
    Some(make(text(until_nul(payload)).into_owned()))
}
