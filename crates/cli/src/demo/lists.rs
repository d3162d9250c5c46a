//! Device lists of the demo: synthetic devices out of one sequence, so that all parts of the story
//! speak of the same machines.

use std::ops::Range;

use device_list::{Dialect, SampleDevice, SampleKind, write_list};
use service::register::ListFile;

use crate::exit::Failure;

/// The sequence that all devices of the demo come from.
const SEED: u64 = 2026;

/// The devices that OEMs reported having built.
pub(super) const BUILT: Range<u64> = 0..460;

/// A device of the demo.
pub(super) fn device(index: u64) -> SampleDevice {
    SampleDevice::new(SEED, index)
}

/// A conforming list of some devices.
pub(super) fn list(
    name: &str,
    dialect: Dialect,
    kind: SampleKind,
    devices: impl IntoIterator<Item = u64>,
) -> Result<ListFile, Failure> {
    let rows = devices
        .into_iter()
        .filter_map(|index| device(index).cells(dialect, kind));
    let mut bytes = Vec::new();
    write_list(&mut bytes, dialect, rows).map_err(|error| {
        Failure::new(
            format!("A sample list can't be written: {error}."),
            "Report this.",
        )
    })?;
    Ok(ListFile {
        name: name.to_owned(),
        bytes,
    })
}

/// A list in Partner Center's layout.
pub(super) fn partner_list(
    name: &str,
    kind: SampleKind,
    devices: impl IntoIterator<Item = u64>,
) -> Result<ListFile, Failure> {
    list(name, Dialect::PartnerCenter, kind, devices)
}

/// Those of the devices that the OEM of the demo built.
pub(super) fn built_by_contoso(devices: Range<u64>) -> impl Iterator<Item = u64> {
    devices.filter(|index| device(*index).manufacturer.as_str() == "Contoso")
}
