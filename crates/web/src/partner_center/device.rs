//! A device as it is sent and shown (api.md 2.1).

use registration::device::Device;
use registration::ids::PolicyId;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use service::register::GivenDevice;

use super::collection::{Attributes, Links, link_part};
use super::error::PartnerError;
use super::lenient::{Object, each};
use super::policy::OOBE;

/// A device as clients send it.
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) serial: String,
    pub(crate) pkid: String,
    pub(crate) hash: String,
    pub(crate) manufacturer: String,
    pub(crate) model: String,
    /// `None` where nothing was said of policies.
    pub(crate) policies: Option<Vec<SentPolicy>>,
    /// Where they stand in the body: `devices[0].policies`.
    place: String,
}

/// A policy of a device: `{"key": "o_o_b_e", "value": "{id}"}`.
pub(crate) struct SentPolicy {
    key: Value,
    value: String,
    /// Where its key stands in the body: `devices[0].policies[0].key`.
    place: String,
}

impl SentPolicy {
    fn read(mut object: Object) -> Result<Self, PartnerError> {
        Ok(Self {
            place: object.place_of("key"),
            key: object.any("key"),
            value: object.text("value")?,
        })
    }
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
    /// Reads it.
    pub(crate) fn read(mut object: Object) -> Result<Self, PartnerError> {
        let policies = object.items("policies")?;
        Ok(Self {
            id: object.text("id")?,
            serial: object.text("serialNumber")?,
            pkid: object.text("productKey")?,
            hash: object.text("hardwareHash")?,
            manufacturer: object.text("oemManufacturerName")?,
            model: object.text("modelName")?,
            policies: policies
                .map(|all| each(all, SentPolicy::read))
                .transpose()?,
            place: object.place_of("policies"),
        })
    }

    /// What stands for its policy can't be one.
    pub(crate) fn no_policy_id(&self) -> PartnerError {
        let place = &self.place;
        let text = format!("The value of a policy in {place} must be its id, a GUID.");
        PartnerError::property(place, text)
    }

    /// What it asks for; `None` where nothing was said of policies: no list, or one without values, as
    /// the Python client writes it. Of several the last counts: there is one category.
    pub(crate) fn wanted(&self) -> Result<Option<Wanted>, PartnerError> {
        let Some(policies) = &self.policies else {
            return Ok(None);
        };
        let mut wanted = policies.is_empty().then_some(Wanted::Nothing);
        for policy in policies {
            super::policy::category(&policy.place, &policy.key)?;
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
            Some(Wanted::Unknown) => return Err(self.no_policy_id()),
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
    /// Where it stands alone, and not among others.
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<Links>,
    attributes: Attributes,
}

/// The configuration policy of a device.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DevicePolicy")]
struct ShownPolicy {
    key: &'static str,
    value: String,
}

impl Shown {
    /// One that stands alone, in this batch.
    pub(crate) fn alone(device: Device, batch: &str) -> Self {
        let (customer, batch) = (device.customer_id, link_part(batch));
        let id = device.id;
        let uri = format!("/customers/{customer}/deviceBatches/{batch}/devices/{id}");
        Self {
            links: Some(Links::own(uri)),
            ..Self::from(device)
        }
    }
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
            links: None,
            attributes: Attributes::of("Device"),
        }
    }
}
