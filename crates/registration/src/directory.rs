//! The device directory: what OEMs reported having built, through which a tuple or a PKID
//! resolves to one machine (design, section 2).

use device_list::identifier::{Manufacturer, Model, Pkid, SerialNumber};
use serde::{Deserialize, Serialize};

/// What an OEM reported of one machine it built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltDevice {
    /// SMBIOS manufacturer.
    pub manufacturer: Manufacturer,
    /// SMBIOS product name.
    pub model: Model,
    /// SMBIOS serial number.
    pub serial: SerialNumber,
    /// The PKID of its firmware key, if it has one.
    pub pkid: Option<Pkid>,
    /// The SMBIOS UUID, if reported (known when the list carries hashes).
    pub smbios_uuid: Option<[u8; 16]>,
}

/// What to do with a tuple or PKID that resolves to nothing in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum UnknownDevicePolicy {
    /// Register it and mark the device *unverified*.
    #[default]
    Accept,
    /// Refuse it as not found (812 `ZtdDeviceNotFound`).
    Refuse,
}

impl UnknownDevicePolicy {
    /// The word stored in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
        }
    }

    /// The policy named `word`.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Accept, Self::Refuse]
            .into_iter()
            .find(|policy| policy.as_str() == word)
    }
}

/// The operator's setting: one policy for all, and another one for some manufacturers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectoryPolicies {
    /// For every manufacturer that is not listed.
    pub default: UnknownDevicePolicy,
    /// By folded manufacturer name ([`Manufacturer::folded`]).
    pub by_manufacturer: std::collections::BTreeMap<String, UnknownDevicePolicy>,
}

impl DirectoryPolicies {
    /// The policy for a manufacturer; a row with a PKID alone has none and gets the default.
    pub fn of(&self, manufacturer: Option<&Manufacturer>) -> UnknownDevicePolicy {
        manufacturer
            .and_then(|name| self.by_manufacturer.get(&name.folded()))
            .copied()
            .unwrap_or(self.default)
    }
}
