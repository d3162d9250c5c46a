//! What a chunk's transaction has to know of what is stored, and what it has to write.

use device_list::IdentityKey;
use registration::ids::{DeviceId, OrganizationId};
use registration::upload::{OutcomeCounts, RowResult, UploadRow};

/// Who holds a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Whose device it is.
    pub customer_id: OrganizationId,
    /// The device.
    pub device_id: DeviceId,
}

/// What must be known of a device of this customer that rows of the chunk name again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    /// Who registered it: only that party, or the customer, completes its identity.
    pub registered_by: OrganizationId,
    /// Its identity keys, one after the other.
    pub keys: Vec<u8>,
}

/// A device to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// Its id, ascending within the chunk.
    pub id: DeviceId,
    /// As given, or as the hash or the directory has it.
    pub manufacturer: Option<String>,
    /// As given, or as the hash or the directory has it.
    pub model: Option<String>,
    /// As given, or as the hash or the directory has it.
    pub serial: Option<String>,
    /// [`device_list::SerialNumber::folded`] of it.
    pub serial_folded: Option<String>,
    /// As given, or as the hash or the directory has it.
    pub pkid: Option<String>,
    /// As the hash or the directory has it.
    pub smbios_uuid: Option<[u8; 16]>,
    /// The trimmed bytes of the hash.
    pub hash: Option<Vec<u8>>,
    /// A hash or the directory vouches for it.
    pub verified: bool,
    /// Its identity keys, one after the other, 16 bytes each.
    pub keys: Vec<u8>,
}

/// More that became known of a device that was registered before: missing values are filled in,
/// nothing is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is known now; `id` is the device's own, `keys` all its keys.
    pub device: NewDevice,
}

/// What the transaction has to write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// New devices, by id and so by folded serial number: every index over either fills in order.
    pub devices: Vec<NewDevice>,
    /// Claimed keys to give back.
    pub released: Vec<IdentityKey>,
    /// Claimed keys that belong to another device of the customer.
    pub moved: Vec<(IdentityKey, DeviceId)>,
    /// Devices to complete.
    pub completed: Vec<Completion>,
    /// One result per row, in order.
    pub results: Vec<RowResult>,
    /// The same, counted.
    pub counts: OutcomeCounts,
    /// The rows as they are kept from now on: without the hashes that the registry holds.
    pub rows: Vec<UploadRow>,
}
