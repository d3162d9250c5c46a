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

/// A device as it is told.
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

/// `GET /oem/v1/devices`
pub(super) async fn find(State(app): State<Arc<App>>, call: Call) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRead)?;
    let mut value = |name: &'static str| call.query(name).map(str::to_owned);
    let known_by = match value("purchaseOrder") {
        Some(order) => KnownBy::PurchaseOrder(order),
        None => match known_by(&mut value) {
            Ok(known_by) => known_by,
            Err(fix) => {
                let fix = format!("{fix} Or give a purchaseOrder.");
                return Err(OemError::parameter("reference", &fix));
            }
        },
    };
    let (before, limit) = (call.before()?, call.limit(PAGE, 1000)?);
    let desk = &app.desk;
    let page = desk
        .shipped_devices(&call.caller, &known_by, before, limit)
        .await?;
    let devices: Vec<_> = page.items.into_iter().map(Shown::from).collect();
    let next = page.next.map(|id| id.to_string());
    Ok(Json(json!({ "devices": devices, "next": next })).into_response())
}

/// What a device is known by: the first of id, reference, product key id, tuple, serial number
/// that is there. Else what to give.
pub(super) fn known_by(
    value: &mut impl FnMut(&'static str) -> Option<String>,
) -> Result<KnownBy, &'static str> {
    if let Some(id) = value("id") {
        let id = id.trim().parse();
        return id.map(KnownBy::Id).map_err(|_| "The id must be a UUID.");
    }
    if let Some(reference) = value("reference") {
        return Ok(KnownBy::Reference(reference));
    }
    if let Some(pkid) = value("productKeyId") {
        let key = IdentityKey::pkid(pkid.trim()).map(KnownBy::Key);
        return key.ok_or("The productKeyId must be 13 digits.");
    }
    let parts = ["manufacturer", "model", "serialNumber"].map(&mut *value);
    match parts {
        [Some(manufacturer), Some(model), Some(serial)] => {
            IdentityKey::tuple(&manufacturer, &model, &serial)
                .map(KnownBy::Key)
                .ok_or("Manufacturer, model and serialNumber name no device.")
        }
        [None, None, Some(serial)] => Ok(KnownBy::Serial(fold(&serial))),
        _ => {
            Err("Give an id, a reference, a productKeyId, or manufacturer, model and serialNumber.")
        }
    }
}
