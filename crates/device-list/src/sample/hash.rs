//! What a sample device's hash says: the records of the published sample, with invented values
//! (hardware-hash.md).

use sha2::{Digest, Sha256};

use super::{Random, SampleDevice};
use crate::hardware_hash::HashBuilder;

/// Record 2: x64, one processor of two cores with two threads each.
const PROCESSOR: [u8; 12] = [9, 0, 1, 0, 2, 0, 4, 0, 1, 0, 0, 0];
/// Record 5: 16 of 64 GiB, in one of two slots.
const MEMORY: [u8; 21] = [
    16, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 3,
];
/// Record 6: an `NVMe` disk of 512 GB.
const DISK: [u8; 12] = [0, 2, 0, 0, 0, 0, 0, 0, 17, 0, 0, 1];
/// Record 9: 309 by 174 mm, 1920 by 1080 pixels, built in.
const DISPLAY: [u8; 12] = [0x35, 1, 0xae, 0, 0x80, 7, 0x38, 4, 0, 0, 0, 0x80];
/// Record 10: a notebook, mobile.
const CHASSIS: [u8; 5] = [10, 2, 0, 0, 0];
/// Media of record 8, with the names of their buses.
const WI_FI: (u8, &str) = (9, "PCI");
const BLUETOOTH: (u8, &str) = (10, "BTH");
/// When the first hash of each device was collected: 2025-02-03, in seconds since 2000.
const COLLECTED: u32 = 791_856_000;

/// All records of the `n`th hash of a device, in the order in which Windows writes them.
pub(super) fn records(device: &SampleDevice, mut random: Random, n: u32) -> HashBuilder {
    let (maker, model) = (device.manufacturer.as_str(), device.model.as_str());
    let mut modulus = [0; 256];
    let parts = modulus.chunks_mut(8);
    parts.for_each(|part| part.copy_from_slice(&random.next().to_le_bytes()));
    let mut address = [0; 4];
    address.copy_from_slice(&random.next().to_le_bytes()[..4]);
    let disk = format!(
        "{:016X}_{:016X}.|CONTOSO SSD 512|",
        random.next(),
        random.next()
    );
    HashBuilder::default()
        .record(1, &build(n))
        .record(2, &PROCESSOR)
        .record(5, &MEMORY)
        .text(3, "GenuineContoso")
        .text(4, "Contoso(R) Quad(TM) CPU @ 2.60GHz")
        .record(6, &DISK)
        .record(7, disk.as_bytes())
        .record(8, &network(WI_FI, address))
        .record(8, &network(BLUETOOTH, address.map(|byte| byte ^ 1)))
        .record(9, &DISPLAY)
        .record(10, &CHASSIS)
        .text(
            13,
            "TPM-Version:2.0 -Level:0-Revision:1.38-VendorID:'CNTS'-Firmware:7.2",
        )
        .record(25, &modulus)
        .record(11, &offline_id(&modulus))
        .uuid(device.uuid)
        .text(14, device.serial.as_str())
        .text(15, maker)
        .text(16, maker)
        .text(17, model)
        .text(18, &format!("{maker} {model}").replace(' ', "_"))
        .text(19, maker)
        .text(23, "D:F B:0C0102 F:U C:07 P:C1 S:01")
        .text(20, maker)
        .text(21, model)
        .text(22, "SMBIOS_STRING_INDEX_0")
        .text(24, device.pkid.as_str())
        .text(26, "[23H2]X23-00000")
        .record(28, disk.as_bytes())
}

/// Record 1 of the `n`th hash: versions, then the time, `n` seconds later.
fn build(n: u32) -> [u8; 24] {
    let mut record = [
        0, 0, 10, 0, 0, 0, 0x67, 0x58, 0, 0, 10, 0, 0, 0, 0x67, 0x58, 0, 0, 0, 0, 4, 2, 9, 3,
    ];
    let revision = (n % 5000) as u16;
    record[4..6].copy_from_slice(&revision.to_le_bytes());
    record[12..14].copy_from_slice(&revision.to_le_bytes());
    record[16..20].copy_from_slice(&COLLECTED.wrapping_add(n).to_le_bytes());
    record
}

/// Record 8: the medium, an address that is locally administered, the bus as UTF-16.
fn network((medium, bus): (u8, &str), address: [u8; 4]) -> Vec<u8> {
    let mut record = vec![medium, 0, 0, 0, 2, 0];
    record.extend(address);
    record.extend([8, 0, 0, 0]);
    record.extend(bus.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
    record
}

/// Record 11: made from the TPM's endorsement key, whose digest it is.
fn offline_id(modulus: &[u8]) -> Vec<u8> {
    let mut record = vec![0, 0, 0, 0, 1, 0, 32, 0, 0, 0];
    record.extend(Sha256::digest(modulus));
    record
}
