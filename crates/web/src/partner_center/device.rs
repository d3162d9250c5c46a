//! A device as it is sent and shown (api.md 2.1).

use registration::device::Device;
use registration::ids::PolicyId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::register::GivenDevice;

use super::collection::Attributes;
use super::error::PartnerError;
use super::lenient::text;
use super::policy::OOBE;

/// A device as clients send it; names are in lower case by then.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Sent {
    #[serde(deserialize_with = "text")]
    pub(crate) id: String,
    #[serde(rename = "serialnumber", deserialize_with = "text")]
    pub(crate) serial: String,
    #[serde(rename = "productkey", deserialize_with = "text")]
    pub(crate) pkid: String,
    #[serde(rename = "hardwarehash", deserialize_with = "text")]
    pub(crate) hash: String,
    #[serde(rename = "oemmanufacturername", deserialize_with = "text")]
    pub(crate) manufacturer: String,
    #[serde(rename = "modelname", deserialize_with = "text")]
    pub(crate) model: String,
    /// `None` where nothing was said of policies.
    pub(crate) policies: Option<Vec<SentPolicy>>,
}

/// A policy of a device: `{"key": "o_o_b_e", "value": "{id}"}`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct SentPolicy {
    key: Value,
    #[serde(deserialize_with = "text")]
    value: String,
}

/// What a device's list of policies asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// None: the list is empty.
    Nothing,
    /// This one.
    Policy(PolicyId),
    /// Something that can't be a policy's id.
    Unknown,
}

impl Sent {
    /// What it asks for; `None` where nothing was said of policies: no list, or one without values, as
    /// the Python client writes it. Of several the last counts: there is one category.
    pub(crate) fn wanted(&self) -> Result<Option<Wanted>, PartnerError> {
        let Some(policies) = &self.policies else {
            return Ok(None);
        };
        let mut wanted = policies.is_empty().then_some(Wanted::Nothing);
        for policy in policies {
            super::policy::category(&policy.key)?;
            let value = policy.value.trim();
            wanted = match value.parse() {
                _ if value.is_empty() => wanted,
                Ok(id) => Some(Wanted::Policy(PolicyId(id))),
                Err(_) => Some(Wanted::Unknown),
            };
        }
        Ok(wanted)
    }

    /// The device as it is registered.
    pub(crate) fn given(self) -> Result<GivenDevice, PartnerError> {
        let policy = match self.wanted()? {
            None | Some(Wanted::Nothing) => None,
            Some(Wanted::Policy(id)) => Some(id),
            Some(Wanted::Unknown) => {
                let text = "The value of a policy must be its id, a GUID.";
                return Err(PartnerError::property("policies", text));
            }
        };
        Ok(GivenDevice {
            serial: self.serial,
            pkid: self.pkid,
            hash: self.hash,
            manufacturer: self.manufacturer,
            model: self.model,
            policy,
        })
    }

    /// Whether its identifiers, where it says any, are those of the device on record.
    pub(crate) fn is_same(&self, device: &Device) -> bool {
        let same = |sent: &str, known: Option<&String>| {
            let sent = sent.trim();
            sent.is_empty() || known.is_some_and(|known| known.eq_ignore_ascii_case(sent))
        };
        self.hash.trim().is_empty()
            && same(&self.serial, device.serial.as_ref())
            && same(&self.pkid, device.pkid.as_ref())
            && same(&self.manufacturer, device.manufacturer.as_ref())
            && same(&self.model, device.model.as_ref())
    }
}

/// A device as it is shown: never with its hash.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Device")]
pub(crate) struct Shown {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oem_manufacturer_name: Option<String>,
    policies: Vec<ShownPolicy>,
    uploaded_date: String,
    allowed_operations: [&'static str; 3],
    attributes: Attributes,
}

/// The configuration policy of a device.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DevicePolicy")]
struct ShownPolicy {
    key: &'static str,
    value: String,
}

impl From<Device> for Shown {
    fn from(device: Device) -> Self {
        let policy = |id: PolicyId| ShownPolicy {
            key: OOBE,
            value: id.to_string(),
        };
        Self {
            id: device.id.to_string(),
            serial_number: device.serial,
            product_key: device.pkid,
            model_name: device.model,
            oem_manufacturer_name: device.manufacturer,
            policies: device.policy_id.map(policy).into_iter().collect(),
            uploaded_date: device.registered_at.to_string(),
            allowed_operations: ["GET", "PATCH", "DELETE"],
            attributes: Attributes::of("Device"),
        }
    }
}
