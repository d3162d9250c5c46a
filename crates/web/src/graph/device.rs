//! A registered device as it is sent and shown (api.md 5.3): `windowsAutopilotDeviceIdentity`.

use registration::clock::Timestamp;
use registration::device::Device;
use registration::properties::{DeviceProperties, PropertiesChange};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::body::{text, text_or_none};
use super::call::Version;
use super::error::GraphError;

/// What stands for a time that never was, where there must be one.
pub(super) const NEVER: &str = "0001-01-01T00:00:00Z";
/// What stands for an id that there is none of.
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// The properties of v1.0.
const PROPERTIES: [&str; 17] = [
    "id",
    "groupTag",
    "purchaseOrderIdentifier",
    "serialNumber",
    "productKey",
    "manufacturer",
    "model",
    "enrollmentState",
    "lastContactedDateTime",
    "addressableUserName",
    "userPrincipalName",
    "resourceName",
    "skuNumber",
    "systemFamily",
    "azureActiveDirectoryDeviceId",
    "managedDeviceId",
    "displayName",
];

/// Those that beta has besides.
const OF_BETA: [&str; 10] = [
    "azureAdDeviceId",
    "deploymentProfileAssignmentStatus",
    "deploymentProfileAssignmentDetailedStatus",
    "deploymentProfileAssignedDateTime",
    "remediationState",
    "remediationStateLastModifiedDateTime",
    "deviceAccountUpn",
    "deviceAccountPassword",
    "deviceFriendlyName",
    "userlessEnrollmentStatus",
];

/// The properties there are in a version.
pub(super) fn properties(version: Version) -> Vec<&'static str> {
    match version {
        Version::V1 => PROPERTIES.to_vec(),
        Version::Beta => [&PROPERTIES[..], &OF_BETA[..]].concat(),
    }
}

/// Properties that the device's own record tells.
const ON_RECORD: [&str; 9] = [
    "id",
    "groupTag",
    "serialNumber",
    "productKey",
    "manufacturer",
    "model",
    "enrollmentState",
    "lastContactedDateTime",
    "azureActiveDirectoryDeviceId",
];

/// Whether a property is told by the device's own record, without what its owner notes about it.
pub(super) fn is_on_record(name: &str) -> bool {
    ON_RECORD.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Whether a property is told by the profile that the device has.
pub(super) fn tells_profile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["deploymentprofile", "intendeddeploymentprofile"]
        .iter()
        .any(|begin| name.starts_with(begin))
}

/// The device with the properties of this version; `assigned_at` says since when there is a profile
/// that it downloads.
pub(super) fn shown(
    version: Version,
    device: &Device,
    noted: &DeviceProperties,
    assigned_at: Option<Timestamp>,
) -> Value {
    let contacted = device.last_asked_at;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut item = json!({
        "id": device.id.to_string(),
        "groupTag": device.group_tag,
        "purchaseOrderIdentifier": noted.purchase_order,
        "serialNumber": text(&device.serial),
        "productKey": text(&device.pkid),
        "manufacturer": text(&device.manufacturer),
        "model": text(&device.model),
        "enrollmentState": if contacted.is_some() { "enrolled" } else { "notContacted" },
        "lastContactedDateTime": contacted.map_or(NEVER.to_owned(), |at| at.to_string()),
        "addressableUserName": noted.addressable_user_name,
        "userPrincipalName": noted.user_principal_name,
        "resourceName": noted.resource_name,
        "skuNumber": "",
        "systemFamily": "",
        "azureActiveDirectoryDeviceId": device.id.to_string(),
        "managedDeviceId": NO_ID,
        "displayName": noted.display_name,
    });
    if let (Version::Beta, Some(item)) = (version, item.as_object_mut()) {
        item.extend(of_beta(device, noted, assigned_at));
    }
    item
}

fn of_beta(
    device: &Device,
    noted: &DeviceProperties,
    assigned_at: Option<Timestamp>,
) -> serde_json::Map<String, Value> {
    let status = match assigned_at {
        None => "notAssigned",
        Some(since) if device.last_asked_at >= Some(since) => "assignedInSync",
        // Scripts wait for a word that begins with "assigned"; the spelling is the original's. Not
        // every time that a device asks is noted.
        Some(_) => "assignedUnkownSyncState",
    };
    let allowed = noted.enrollment_allowed_at.is_some();
    let item = json!({
        "azureAdDeviceId": device.id.to_string(),
        "deploymentProfileAssignmentStatus": status,
        "deploymentProfileAssignmentDetailedStatus": "none",
        "deploymentProfileAssignedDateTime": match assigned_at {
            Some(since) => since.to_string(),
            None => NEVER.to_owned(),
        },
        "remediationState": "noRemediationRequired",
        "remediationStateLastModifiedDateTime": NEVER,
        "deviceAccountUpn": noted.account_upn,
        "deviceAccountPassword": null,
        "deviceFriendlyName": noted.friendly_name,
        "userlessEnrollmentStatus": if allowed { "allowed" } else { "unknown" },
    });
    match item {
        Value::Object(item) => item,
        _ => serde_json::Map::new(),
    }
}

/// A device as clients send it; names are in lower case by then. A null takes a property away; a
/// password is not kept.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Sent {
    #[serde(rename = "serialnumber", deserialize_with = "text")]
    serial: Option<String>,
    #[serde(rename = "productkey", deserialize_with = "text")]
    product_key: Option<String>,
    #[serde(deserialize_with = "text")]
    manufacturer: Option<String>,
    #[serde(deserialize_with = "text")]
    model: Option<String>,
    #[serde(rename = "grouptag", deserialize_with = "text_or_none")]
    group_tag: Option<String>,
    #[serde(rename = "userprincipalname", deserialize_with = "text_or_none")]
    user_principal_name: Option<String>,
    #[serde(rename = "addressableusername", deserialize_with = "text_or_none")]
    addressable_user_name: Option<String>,
    #[serde(rename = "displayname", deserialize_with = "text_or_none")]
    display_name: Option<String>,
    #[serde(rename = "purchaseorderidentifier", deserialize_with = "text_or_none")]
    purchase_order: Option<String>,
    #[serde(
        rename = "resourcename",
        alias = "resourceaccountname",
        deserialize_with = "text_or_none"
    )]
    resource_name: Option<String>,
    #[serde(rename = "deviceaccountupn", deserialize_with = "text_or_none")]
    account_upn: Option<String>,
    #[serde(rename = "devicefriendlyname", deserialize_with = "text_or_none")]
    friendly_name: Option<String>,
    #[serde(rename = "deviceaccountpassword")]
    account_password: Option<IgnoredAny>,
}

impl Sent {
    /// Whether its identifiers, where it says any, are those of the device on record.
    pub(super) fn is_same(&self, device: &Device) -> bool {
        let same = |sent: &Option<String>, known: &Option<String>| {
            let sent = sent.as_deref().unwrap_or_default().trim();
            let known = known.as_deref().unwrap_or_default();
            sent.is_empty() || known.eq_ignore_ascii_case(sent)
        };
        same(&self.serial, &device.serial)
            && same(&self.product_key, &device.pkid)
            && same(&self.manufacturer, &device.manufacturer)
            && same(&self.model, &device.model)
    }

    /// The change of what a device's owner notes about it, in a version that has the properties.
    pub(super) fn change(self, version: Version) -> Result<PropertiesChange, GraphError> {
        let is_of_beta = self.account_upn.is_some()
            || self.friendly_name.is_some()
            || self.account_password.is_some();
        if is_of_beta && version == Version::V1 {
            return Err(GraphError::input(
                "A device has deviceAccountUpn, deviceAccountPassword and deviceFriendlyName in \
                 beta alone. Send this to /beta.",
            ));
        }
        Ok(PropertiesChange {
            group_tag: self.group_tag,
            user_principal_name: self.user_principal_name,
            addressable_user_name: self.addressable_user_name,
            display_name: self.display_name,
            purchase_order: self.purchase_order,
            resource_name: self.resource_name,
            account_upn: self.account_upn,
            friendly_name: self.friendly_name,
            allow_enrollment: false,
        })
    }
}
