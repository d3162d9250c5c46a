//! Devices that the OEM registered, by what it knows them by.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use device_list::IdentityKey;
use device_list::identifier::fold;
use registration::api_client::ApiScope;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use service::{KnownBy, ShippedDevice};

use super::call::Call;
use super::error::OemError;
use crate::app::App;

/// Devices on a page.
const PAGE: usize = 100;

/// A device as its OEM sees it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ShippedDevice")]
pub(super) struct Shown {
    id: String,
    customer: String,
    customer_domain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manufacturer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_key_id: Option<String>,
    group_tag: String,
    reference: String,
    purchase_order: String,
    ship_date: String,
    verified: bool,
    register_time: String,
}

impl From<ShippedDevice> for Shown {
    fn from(shipped: ShippedDevice) -> Self {
        let device = shipped.device;
        Self {
            id: device.id.to_string(),
            customer: device.customer_id.to_string(),
            customer_domain: shipped.customer_domain,
            manufacturer: device.manufacturer,
            model: device.model,
            serial_number: device.serial,
            product_key_id: device.pkid,
            group_tag: device.group_tag,
            reference: shipped.shipment.reference,
            purchase_order: shipped.shipment.purchase_order,
            ship_date: shipped.shipment.ship_date,
            verified: device.verified,
            register_time: device.registered_at.to_string(),
        }
    }
}

/// What devices may be asked for by.
const ASKED_BY: [&str; 9] = [
    "id",
    "reference",
    "productKeyId",
    "manufacturer",
    "model",
    "serialNumber",
    "purchaseOrder",
    "limit",
    "before",
];

/// `GET /oem/v1/devices`
pub(super) async fn find(State(app): State<Arc<App>>, call: Call) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRead, &ASKED_BY)?;
    let wrong = |unnamed: Unnamed| OemError::parameter(unnamed.field, &unnamed.fix);
    let mut known_by = known_by(|name| call.query(name).map(str::to_owned)).map_err(wrong)?;
    let order = call.query("purchaseOrder").map(str::to_owned);
    known_by.extend(order.map(KnownBy::PurchaseOrder));
    if known_by.is_empty() {
        let fix = format!("{NAMES} Or give a purchaseOrder.");
        return Err(OemError::parameter("reference", &fix));
    }
    let (before, limit) = (call.before()?, call.limit(PAGE, 1000)?);
    let desk = &app.desk;
    let page = desk
        .shipped_devices(&call.caller, &known_by, before, limit)
        .await?;
    let devices: Vec<_> = page.items.into_iter().map(Shown::from).collect();
    let next = page.next.map(|id| id.to_string());
    Ok(Json(json!({ "devices": devices, "next": next })).into_response())
}

/// What names a device.
pub(super) const NAMES: &str = "Give an id, a reference, a productKeyId, a serialNumber, or manufacturer, model and \
     serialNumber. Of several all must fit.";

/// Why values name no device.
pub(super) struct Unnamed {
    /// The value that is wrong or missing.
    pub(super) field: &'static str,
    /// What to do.
    pub(super) fix: String,
}

/// What a device is known by: all of id, reference, product key id, and tuple or serial number that
/// are there.
pub(super) fn known_by(
    mut value: impl FnMut(&'static str) -> Option<String>,
) -> Result<Vec<KnownBy>, Unnamed> {
    let mut all = Vec::new();
    let unnamed = |field, fix: &str| Unnamed {
        field,
        fix: fix.to_owned(),
    };
    if let Some(id) = value("id") {
        let id = id.trim().parse();
        let id = id.map_err(|_| unnamed("id", "The id must be a UUID."))?;
        all.push(KnownBy::Id(id));
    }
    if let Some(pkid) = value("productKeyId") {
        let key = IdentityKey::pkid(pkid.trim());
        let fix = "The productKeyId must be 13 digits.";
        all.push(KnownBy::Key(
            key.ok_or_else(|| unnamed("productKeyId", fix))?,
        ));
    }
    all.extend(tuple(
        &["manufacturer", "model", "serialNumber"].map(&mut value),
    )?);
    all.extend(value("reference").map(KnownBy::Reference));
    Ok(all)
}

fn tuple(parts: &[Option<String>; 3]) -> Result<Option<KnownBy>, Unnamed> {
    let field = match parts {
        [None, None, None] => return Ok(None),
        [None, None, Some(serial)] => return Ok(Some(KnownBy::Serial(fold(serial)))),
        [Some(manufacturer), Some(model), Some(serial)] => {
            let key = IdentityKey::tuple(manufacturer, model, serial).map(KnownBy::Key);
            let fix = "Manufacturer, model and serialNumber name no device.".to_owned();
            let field = "serialNumber";
            return key.map(Some).ok_or(Unnamed { field, fix });
        }
        [_, _, None] => "serialNumber",
        [None, _, _] => "manufacturer",
        [_, None, _] => "model",
    };
    let fix = format!("The {field} is missing: give manufacturer, model and serialNumber.");
    Err(Unnamed { field, fix })
}
