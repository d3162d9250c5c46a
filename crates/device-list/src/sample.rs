//! Synthetic devices with valid hashes, the same for the same seed. No real device is among them.

use std::io::{self, Write};

use crate::dialect::Dialect;
use crate::hardware_hash::HardwareHash;
use crate::identifier::{Manufacturer, Model, Pkid, SerialNumber, Tuple};

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
        let _ = (n, self.seed);
        unreachable!()
    }

    /// The text of [`SampleDevice::hash`] as devices have it, 4,000 characters.
    pub fn hash_text(&self) -> String {
        self.hash().to_padded_text()
    }
}

/// Sample devices without end, the same for the same seed.
#[derive(Debug, Clone)]
pub struct SampleDevices {
    seed: u64,
}

impl SampleDevices {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }
}

impl Iterator for SampleDevices {
    type Item = SampleDevice;

    fn next(&mut self) -> Option<SampleDevice> {
        let _ = self.seed;
        None
    }
}

/// Writes a conforming list of `count` sample devices.
pub fn list<W: Write>(
    dialect: Dialect,
    kind: SampleKind,
    seed: u64,
    count: usize,
    w: W,
) -> io::Result<()> {
    let _ = (dialect, kind, seed, count, w);
    Ok(())
}
