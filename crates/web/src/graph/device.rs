//! A registered device as it is shown (api.md 5.3): `windowsAutopilotDeviceIdentity`.

use registration::device::Device;
use serde_json::{Value, json};

use super::call::Version;

/// What stands for a time that never was, where there must be one.
pub(super) const NEVER: &str = "0001-01-01T00:00:00Z";
/// What stands for an id that there is none of.
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// The device with the properties of this version.
pub(super) fn shown(version: Version, device: &Device) -> Value {
    let contacted = device.last_asked_at;
    let item = json!({
        "id": device.id.to_string(),
        "groupTag": device.group_tag,
        "purchaseOrderIdentifier": "",
        "serialNumber": device.serial.as_deref().unwrap_or_default(),
        "productKey": device.pkid.as_deref().unwrap_or_default(),
        "manufacturer": device.manufacturer.as_deref().unwrap_or_default(),
        "model": device.model.as_deref().unwrap_or_default(),
        "enrollmentState": if contacted.is_some() { "enrolled" } else { "notContacted" },
        "lastContactedDateTime": contacted.map_or(NEVER.to_owned(), |at| at.to_string()),
        "addressableUserName": "",
        "userPrincipalName": "",
        "resourceName": "",
        "skuNumber": "",
        "systemFamily": "",
        "azureActiveDirectoryDeviceId": NO_ID,
        "managedDeviceId": NO_ID,
        "displayName": "",
    });
    match version {
        Version::V1 | Version::Beta => item,
    }
}
