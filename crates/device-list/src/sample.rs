//! Synthetic devices with valid hashes, the same for the same seed. No real device is among them.

use std::io::{self, Write};

use crate::cells::Cells;
use crate::dialect::{Column, Dialect};
use crate::hardware_hash::HardwareHash;
use crate::identifier::{Manufacturer, Model, Pkid, SerialNumber, Tuple};
use crate::writer::{WriteError, write_list};

mod hash;

/// What the rows of a sample list identify their devices by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SampleKind {
    /// Serial number and hardware hash.
    #[default]
    Hash,
    /// Manufacturer, model and serial number.
    Tuple,
    /// PKID.
    Pkid,
}

/// Invented makers with the first digits of their PKIDs, and their models.
const MAKERS: [(&str, u64, [&str; 4]); 5] = [
    (
        "Contoso",
        3305,
        ["Book 13", "Book 15 Pro", "Desk Mini", "Tablet Go"],
    ),
    (
        "Fabrikam Inc.",
        3412,
        ["FB-1400", "FB-1500 G2", "Workstation T8", "FB-1300x"],
    ),
    (
        "Northwind",
        3520,
        ["Traveler 14", "Traveler 16", "Counter One", "Rugged 11"],
    ),
    (
        "Tailspin Devices",
        3633,
        ["Wing 12", "Wing 14", "Hangar S", "Glide 10"],
    ),
    (
        "LITWARE",
        3747,
        ["20B6-LW", "20C7-LW", "11T3-LW", "30A9-LW"],
    ),
];

/// An invented device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleDevice {
    /// An invented maker.
    pub manufacturer: Manufacturer,
    /// An invented model of that maker.
    pub model: Model,
    /// Some begin with zeros.
    pub serial: SerialNumber,
    /// 13 digits.
    pub pkid: Pkid,
    /// SMBIOS UUID, in the order in which it is written.
    pub uuid: [u8; 16],
    seed: u64,
}

impl SampleDevice {
    /// The device at a place of the sequence.
    ///
    /// Serial numbers and PKIDs don't repeat within one seed: both come from the index by a step
    /// that is coprime to their range.
    pub fn new(seed: u64, index: u64) -> Self {
        let mut random = Random(seed ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (manufacturer, group, models) = &MAKERS[random.below(MAKERS.len())];
        let model = models[random.below(models.len())];
        let spread = seed.wrapping_mul(0x2545_f491_4f6c_dd1d);
        let number = match index.wrapping_mul(0x5_deec_e66d).wrapping_add(spread) & 0xff_ffff_ffff {
            // All zeros is a placeholder: the one number beyond the range stands in for it.
            0 => 0x100_0000_0000,
            number => number,
        };
        let key = (u128::from(index) * 387_420_489 + u128::from(spread)) % 1_000_000_000;
        let mut uuid = [0; 16];
        uuid[..8].copy_from_slice(&random.next().to_be_bytes());
        uuid[8..].copy_from_slice(&random.next().to_be_bytes());
        uuid[6] = uuid[6] & 0x0f | 0x40;
        uuid[8] = uuid[8] & 0x3f | 0x80;
        let seed = random.next();
        let valid = "sample identifiers are short, printable and not empty";
        Self {
            manufacturer: Manufacturer::parse(manufacturer).expect(valid),
            model: Model::parse(model).expect(valid),
            serial: SerialNumber::parse(&serial_text(*group, number)).expect(valid),
            pkid: Pkid::parse(&format!("{group}{key:09}")).expect("four digits and nine"),
            uuid,
            seed,
        }
    }

    /// Manufacturer, model and serial number.
    pub fn tuple(&self) -> Tuple {
        Tuple {
            manufacturer: self.manufacturer.clone(),
            model: self.model.clone(),
            serial: self.serial.clone(),
        }
    }

    /// The device's first hash.
    pub fn hash(&self) -> HardwareHash {
        self.fresh_hash(0)
    }

    /// The `n`th hash collected on the same machine: another time and build, another text.
    pub fn fresh_hash(&self, n: u32) -> HardwareHash {
        let builder = hash::records(self, Random(self.seed), n);
        HardwareHash::from_bytes(&builder.finish()).expect("a built hash is whole")
    }

    /// The text of [`SampleDevice::hash`] as devices have it, 4,000 characters.
    pub fn hash_text(&self) -> String {
        self.hash().to_padded_text()
    }

    /// The device's row in a list; `None` when the dialect lacks a column that the kind needs.
    pub fn cells(&self, dialect: Dialect, kind: SampleKind) -> Option<Cells> {
        let empty = Cells::default();
        let named = |cells: Cells| {
            cells
                .with(Column::Serial, self.serial.as_str())
                .with(Column::Manufacturer, self.manufacturer.as_str())
                .with(Column::Model, self.model.as_str())
        };
        Some(match kind {
            SampleKind::Hash if dialect == Dialect::ManagedDesktopSelf => {
                named(empty).with(Column::Hash, self.hash_text())
            }
            SampleKind::Hash if dialect.has(Column::Hash) => empty
                .with(Column::Serial, self.serial.as_str())
                .with(Column::Hash, self.hash_text()),
            SampleKind::Tuple if dialect.has(Column::Manufacturer) => named(empty),
            SampleKind::Pkid if dialect.has(Column::Pkid) => {
                empty.with(Column::Pkid, self.pkid.as_str())
            }
            _ => return None,
        })
    }
}

/// Each maker's own manner: digits with leading zeros, or letters and digits.
fn serial_text(group: u64, number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if group == MAKERS[0].1 {
        return format!("{number:013}");
    }
    let letter = char::from(DIGITS[10 + (group % 26) as usize]);
    let mut left = number;
    let code: [u8; 8] = std::array::from_fn(|_| {
        let digit = DIGITS[(left % 36) as usize];
        left /= 36;
        digit
    });
    format!("{letter}{}", String::from_utf8_lossy(&code))
}

/// Splitmix64: small, even, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// Sample devices without end, the same for the same seed.
#[derive(Debug, Clone)]
pub struct SampleDevices {
    seed: u64,
    index: u64,
}

impl SampleDevices {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Self { seed, index: 0 }
    }
}

impl Iterator for SampleDevices {
    type Item = SampleDevice;

    fn next(&mut self) -> Option<SampleDevice> {
        let device = SampleDevice::new(self.seed, self.index);
        self.index += 1;
        Some(device)
    }
}

/// Writes a conforming list of `count` sample devices.
///
/// # Errors
/// What writing fails with, and [`io::ErrorKind::InvalidInput`] when the dialect lacks a column
/// that
/// the kind needs.
pub fn list<W: Write>(
    dialect: Dialect,
    kind: SampleKind,
    seed: u64,
    count: usize,
    w: W,
) -> io::Result<()> {
    if SampleDevice::new(seed, 0).cells(dialect, kind).is_none() {
        let text = format!("the {} layout has no column for that", dialect.title());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let rows = SampleDevices::new(seed).filter_map(|device| device.cells(dialect, kind));
    write_list(w, dialect, rows.take(count)).map_err(|error| match error {
        WriteError::Io(error) => error,
        other @ WriteError::Value { .. } => io::Error::other(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hardware_hash::{Captured, ManagedDesktopGap};
    use std::collections::HashSet;

    #[test]
    fn no_sample_device_has_a_placeholder_for_a_serial_number() {
        assert!(!SampleDevice::new(0, 0).serial.is_placeholder());
    }

    #[test]
    fn the_same_seed_gives_the_same_devices_and_no_two_alike() {
        let first: Vec<_> = SampleDevices::new(7).take(20_000).collect();
        assert!(
            first.iter().eq(SampleDevices::new(7)
                .take(20_000)
                .collect::<Vec<_>>()
                .iter())
        );
        assert_ne!(first[0], SampleDevices::new(8).next().unwrap());
        let serials: HashSet<_> = first.iter().map(|device| device.serial.as_str()).collect();
        let pkids: HashSet<_> = first.iter().map(|device| device.pkid).collect();
        assert_eq!((serials.len(), pkids.len()), (20_000, 20_000));
    }

    #[test]
    fn hashes_say_what_the_device_is_and_differ_each_time() {
        for device in SampleDevices::new(1).take(50) {
            let hash = device.hash();
            assert_eq!(hash.serial().as_ref(), Some(&device.serial));
            assert_eq!(hash.manufacturer().as_ref(), Some(&device.manufacturer));
            assert_eq!(hash.model().as_ref(), Some(&device.model));
            assert_eq!(hash.pkid(), Some(device.pkid));
            assert_eq!(hash.smbios_uuid(), Some(device.uuid));
            assert_eq!(device.hash_text().len(), 4000);
            let contents = hash.decode();
            assert_eq!(contents.missing_critical(), [""; 0]);
            assert_eq!(contents.offline_id_fits, Some(true));
            // The published sample's content has 1,054 bytes.
            let length = hash.as_bytes().len() - 40;
            assert!((900..1150).contains(&length), "{length}");
            let facts = contents.facts;
            assert_eq!(
                facts.collected().map(Captured::day).as_deref(),
                Some("2025-02-03")
            );
            assert_eq!(facts.windows, Some("Windows 11 23H2"));
            assert_eq!(facts.virtual_machine, None);
            let gaps: Vec<_> = facts.managed_desktop_gaps().collect();
            assert_eq!(gaps, [ManagedDesktopGap::Maker]);
            assert!(device.fresh_hash(1) != hash && device.fresh_hash(2) != device.fresh_hash(1));
        }
    }

    #[test]
    fn a_kind_that_the_dialect_can_not_carry_is_refused() {
        let made = list(
            Dialect::ManagedDesktopPartner,
            SampleKind::Hash,
            1,
            3,
            Vec::new(),
        );
        assert_eq!(made.unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
