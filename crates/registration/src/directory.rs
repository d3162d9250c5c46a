//! The device directory: what OEMs reported having built, through which a tuple or a PKID
//! resolves to one machine (design, section 2).

use device_list::identifier::{Manufacturer, Model, Pkid, SerialNumber};
use serde::{Deserialize, Serialize};

use crate::ids::OrganizationId;

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

/// What becomes of a device that an OEM reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// The directory knows it now.
    Added,
    /// The OEM had reported it; now more of it is known.
    Completed,
    /// The directory knew all of it.
    Known,
    /// Somebody else reported it, or a part of it; by whom is never told.
    ReportedElsewhere,
    /// The OEM had reported something else of it.
    Contradicts,
}

/// An entry that has a key of a device that is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEntry {
    /// The OEM that reported it; none for what the operator imported.
    pub reported_by: Option<OrganizationId>,
    /// What is known.
    pub device: BuiltDevice,
}

/// The rule of reports: an OEM adds, and completes what it reported itself. Nothing is ever replaced.
pub fn report(own: OrganizationId, device: &BuiltDevice, known: &[KnownEntry]) -> Reported {
    let [entry] = known else {
        return if known.is_empty() {
            Reported::Added
        } else if known.iter().all(|entry| entry.reported_by == Some(own)) {
            Reported::Contradicts
        } else {
            Reported::ReportedElsewhere
        };
    };
    let says_more = (device.pkid.is_some() && entry.device.pkid.is_none())
        || (device.smbios_uuid.is_some() && entry.device.smbios_uuid.is_none());
    match entry.reported_by {
        _ if !says_more && agree(device, &entry.device) => Reported::Known,
        Some(by) if by == own && agree(device, &entry.device) => Reported::Completed,
        Some(by) if by == own => Reported::Contradicts,
        _ => Reported::ReportedElsewhere,
    }
}

/// Whether nothing that is said of a device differs from what is known.
fn agree(said: &BuiltDevice, known: &BuiltDevice) -> bool {
    fn same<T: PartialEq>(said: Option<&T>, known: Option<&T>) -> bool {
        said.is_none() || known.is_none() || said == known
    }
    said.manufacturer.folded() == known.manufacturer.folded()
        && said.model.folded() == known.model.folded()
        && said.serial.folded() == known.serial.folded()
        && same(said.pkid.as_ref(), known.pkid.as_ref())
        && same(said.smbios_uuid.as_ref(), known.smbios_uuid.as_ref())
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const OWN: OrganizationId = OrganizationId(Uuid::from_u128(1));
    const OTHER: OrganizationId = OrganizationId(Uuid::from_u128(2));

    fn device(serial: &str, pkid: Option<&str>) -> BuiltDevice {
        BuiltDevice {
            manufacturer: Manufacturer::parse("Contoso").expect("a name"),
            model: Model::parse("Book 13").expect("a model"),
            serial: SerialNumber::parse(serial).expect("a serial number"),
            pkid: pkid.map(|pkid| Pkid::parse(pkid).expect("a PKID")),
            smbios_uuid: None,
        }
    }

    fn entry(reported_by: Option<OrganizationId>, device: BuiltDevice) -> KnownEntry {
        KnownEntry {
            reported_by,
            device,
        }
    }

    #[test]
    fn an_oem_adds_and_completes_its_own_and_replaces_nothing() {
        let (pkid, another) = (Some("3305612345678"), Some("3305612345679"));
        let of = |by, known: Option<&str>, said| {
            report(OWN, &device("A1", said), &[entry(by, device("a1", known))])
        };
        assert_eq!(report(OWN, &device("A1", None), &[]), Reported::Added);
        assert_eq!(of(Some(OWN), None, pkid), Reported::Completed);
        assert_eq!(of(Some(OWN), pkid, None), Reported::Known);
        assert_eq!(of(Some(OWN), pkid, another), Reported::Contradicts);
        assert_eq!(of(Some(OTHER), None, pkid), Reported::ReportedElsewhere);
        assert_eq!(of(None, None, pkid), Reported::ReportedElsewhere);
        assert_eq!(of(None, pkid, pkid), Reported::Known);
        let two = [
            entry(Some(OWN), device("A1", None)),
            entry(Some(OWN), device("A2", pkid)),
        ];
        assert_eq!(
            report(OWN, &device("A1", pkid), &two),
            Reported::Contradicts
        );
    }
}
