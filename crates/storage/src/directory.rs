//! The device directory and the operator's policy for devices it does not know.

use async_trait::async_trait;
use device_list::IdentityKey;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::directory::{BuiltDevice, DirectoryPolicies, Reported, UnknownDevicePolicy};
use registration::ids::DirectoryEntryId;

use crate::Result;

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Devices that are new to the directory.
    pub added: u64,
    /// Devices it knew already.
    pub known: u64,
}

/// One entry, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Its id.
    pub id: DirectoryEntryId,
    /// What was reported.
    pub device: BuiltDevice,
    /// When.
    pub imported_at: Timestamp,
}

/// The device directory.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Adds what an OEM reported, in one transaction with sorted keys. A device one of whose
    /// keys is there already is known; keys that are new (a PKID reported later) are added to
    /// that entry, and missing values filled in. Audit: `DirectoryImported` (target: `source`).
    async fn import_directory(
        &self,
        act: &Act,
        source: &str,
        devices: &[BuiltDevice],
    ) -> Result<Imported>;

    /// Adds what an OEM reports of devices it built, in one transaction, as the rule says
    /// ([`registration::directory::report`]): nothing that anybody reported before is replaced.
    /// One answer per device, in order. Audit: `DevicesReported`.
    async fn report_devices(
        &self,
        scope: &Scope,
        act: &Act,
        devices: &[BuiltDevice],
    ) -> Result<Vec<Reported>>;

    /// How many entries there are.
    async fn directory_size(&self, scope: &Scope) -> Result<u64>;

    /// The entries that have one of these keys.
    async fn directory_entries(
        &self,
        scope: &Scope,
        keys: &[IdentityKey],
    ) -> Result<Vec<DirectoryEntry>>;

    /// The policies, and the shown name for each folded manufacturer.
    async fn directory_policies(
        &self,
        scope: &Scope,
    ) -> Result<(DirectoryPolicies, Vec<(String, String)>)>;

    /// Sets the policy for a manufacturer (as shown), or the default when it is empty; `None`
    /// removes a manufacturer's own. Audit: `SettingChanged`.
    async fn set_directory_policy(
        &self,
        scope: &Scope,
        act: &Act,
        manufacturer: &str,
        policy: Option<UnknownDevicePolicy>,
    ) -> Result<()>;
}

/// The words of the audit line about a report.
pub(crate) fn reported_in_words(reported: &[Reported]) -> String {
    let of = |outcome| reported.iter().filter(|one| **one == outcome).count();
    let (added, completed) = (of(Reported::Added), of(Reported::Completed));
    format!(
        "{} devices: {added} added, {completed} completed",
        reported.len()
    )
}
