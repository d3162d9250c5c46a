//! From a stored row back to what it identifies, and on to the device's columns.

use device_list::{HardwareHash, Identification, IdentityKey, Pkid, SerialNumber, Tuple};
use registration::directory::BuiltDevice;
use registration::ids::DeviceId;
use registration::upload::UploadRow;

use super::{Completion, NewDevice};

/// The accepted combination that a ready row holds; `None` if it holds none after all.
pub(super) fn identify(row: &UploadRow) -> Option<Identification> {
    let pkid = Pkid::parse(&row.pkid).ok();
    let serial = SerialNumber::parse(&row.serial).ok();
    if !row.hash.is_empty() {
        let hash = HardwareHash::from_text(&row.hash).ok()?;
        return Some(match (pkid, serial) {
            (Some(pkid), Some(serial)) => Identification::HashPkidSerial { hash, pkid, serial },
            (Some(pkid), None) => Identification::HashPkid { hash, pkid },
            (None, Some(serial)) => Identification::HashSerial { hash, serial },
            (None, None) => Identification::Hash { hash },
        });
    }
    if let Some(pkid) = pkid {
        return Some(Identification::Pkid { pkid });
    }
    let tuple = Tuple::parse(&row.manufacturer, &row.model, &row.serial).ok()?;
    Some(Identification::Tuple { tuple })
}

/// The columns of a device so identified.
pub(super) fn device(identification: Option<&Identification>, id: DeviceId) -> NewDevice {
    let tuple = identification.and_then(Identification::tuple);
    let serial = identification.and_then(Identification::serial);
    let hash = identification.and_then(Identification::hash);
    NewDevice {
        id,
        manufacturer: tuple.as_ref().map(|t| t.manufacturer.as_str().to_owned()),
        model: tuple.as_ref().map(|t| t.model.as_str().to_owned()),
        serial: serial.as_ref().map(|s| s.as_str().to_owned()),
        serial_folded: serial.as_ref().map(SerialNumber::folded),
        pkid: identification
            .and_then(Identification::pkid)
            .map(|p| p.as_str().to_owned()),
        smbios_uuid: identification.and_then(Identification::smbios_uuid),
        hash: hash.map(|h| h.as_bytes().to_vec()),
        verified: hash.is_some(),
        keys: Vec::new(),
    }
}

/// Fills in what the directory knows of the device, and the keys that follow from it.
pub(super) fn complete_from_directory(
    device: &mut NewDevice,
    keys: &mut Vec<IdentityKey>,
    built: &BuiltDevice,
) {
    let known = built_device(built, device.id);
    fill_in(device, &known);
    device.verified = true;
    for key in built_keys(built) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
}

/// Every identity key of a machine as reported by its maker.
pub fn built_keys(built: &BuiltDevice) -> Vec<IdentityKey> {
    let serial = built.serial.as_str();
    let tuple = IdentityKey::tuple(built.manufacturer.as_str(), built.model.as_str(), serial);
    let pkid = built
        .pkid
        .as_ref()
        .and_then(|pkid| IdentityKey::pkid(pkid.as_str()));
    let uuid = built
        .smbios_uuid
        .and_then(|uuid| IdentityKey::uuid_with_serial(uuid, serial));
    [tuple, pkid, uuid].into_iter().flatten().collect()
}

fn built_device(built: &BuiltDevice, id: DeviceId) -> NewDevice {
    NewDevice {
        id,
        manufacturer: Some(built.manufacturer.as_str().to_owned()),
        model: Some(built.model.as_str().to_owned()),
        serial: Some(built.serial.as_str().to_owned()),
        serial_folded: Some(built.serial.folded()),
        pkid: built.pkid.as_ref().map(|pkid| pkid.as_str().to_owned()),
        smbios_uuid: built.smbios_uuid,
        hash: None,
        verified: true,
        keys: Vec::new(),
    }
}

/// Fills in what is missing of `device` from `known`; replaces nothing.
pub fn fill_in(device: &mut NewDevice, known: &NewDevice) {
    fn missing<T: Clone>(own: &mut Option<T>, other: Option<&T>) {
        if own.is_none() {
            *own = other.cloned();
        }
    }
    missing(&mut device.manufacturer, known.manufacturer.as_ref());
    missing(&mut device.model, known.model.as_ref());
    missing(&mut device.serial, known.serial.as_ref());
    missing(&mut device.serial_folded, known.serial_folded.as_ref());
    missing(&mut device.pkid, known.pkid.as_ref());
    missing(&mut device.smbios_uuid, known.smbios_uuid.as_ref());
    missing(&mut device.hash, known.hash.as_ref());
    device.verified |= known.verified;
}

/// Several rows that complete the same device become one completion with the keys of all, since
/// each of them only knows the keys on record and its own.
pub(super) fn merge_completed(completed: &mut Vec<Completion>) {
    completed.sort_by_key(|completion| completion.device.id);
    completed.dedup_by(|later, first| {
        if later.device.id != first.device.id {
            return false;
        }
        fill_in(&mut first.device, &later.device);
        for key in later.device.keys.chunks_exact(16) {
            if !first.device.keys.chunks_exact(16).any(|known| known == key) {
                first.device.keys.extend_from_slice(key);
            }
        }
        true
    });
}

/// Keys one after the other, as the device row keeps them.
pub(super) fn joined(keys: &[IdentityKey]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(keys.len() * 16);
    for key in keys {
        joined.extend_from_slice(&key.0);
    }
    joined
}
