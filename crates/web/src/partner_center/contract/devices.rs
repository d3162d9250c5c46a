//! Batches and devices.

use axum::http::Method;
use registration::api_client::ApiScope;
use serde_json::{Value, json};

use super::{call, guid, paged, text};
use crate::contract::{Contract, Operation};
use crate::partner_center::batches::ShownBatch;
use crate::partner_center::collection::Collection;
use crate::partner_center::device;
use crate::partner_center::job_status::Details;
use crate::partner_center::{BATCHES, DEVICE, DEVICES, STATUS, UPDATES};

/// A device as it is sent: one of the six combinations of identifiers.
fn sent_device() -> Value {
    json!({
        "type": "object",
        "properties": {
            "serialNumber": text(),
            "productKey": text(),
            "hardwareHash": text(),
            "oemManufacturerName": text(),
            "modelName": text(),
            "policies": { "type": "array", "items": {
                "type": "object",
                "properties": { "key": { "const": "o_o_b_e" }, "value": guid() },
            }},
        },
    })
}

fn example_device() -> Value {
    json!({
        "serialNumber": "PF0042",
        "oemManufacturerName": "Contoso",
        "modelName": "Book 13",
    })
}

pub(super) fn of_batches(contract: &mut Contract) -> Vec<Operation> {
    let register = ApiScope::DevicesRegister;
    let devices = json!({ "type": "array", "minItems": 1, "items": sent_device() });
    let batch = json!({
        "type": "object",
        "required": ["batchId", "devices"],
        "properties": {
            "batchId": { "type": "string", "minLength": 1, "maxLength": 256 },
            "devices": devices,
        },
    });
    let example = json!({
        "batchId": "Microsoft365Managed_Standard",
        "devices": [example_device()],
    });
    let accepted = "The devices are queued; nothing of them gets lost";
    let leads = Some("What became of them: relative, without /v1");
    vec![
        call(
            Method::POST,
            BATCHES,
            "createBatch",
            "Register devices in a batch",
            register,
        )
        .about(
            "The batch is made if it is not there. Where its id is a group tag of the \
                 catalogue, that is the group tag of its devices. 1,000 devices at most.",
        )
        .body("application/json", batch, example)
        .done("202", accepted, leads),
        paged(call(
            Method::GET,
            BATCHES,
            "listBatches",
            "The batches of a customer",
            ApiScope::DevicesRead,
        ))
        .answers(
            "200",
            "All of them, or a page where a size is given",
            contract.schema::<Collection<ShownBatch>>(),
        ),
        call(
            Method::POST,
            DEVICES,
            "addDevices",
            "Register devices in a batch that is there",
            register,
        )
        .body("application/json", devices, json!([example_device()]))
        .done("202", accepted, leads),
        paged(call(
            Method::GET,
            DEVICES,
            "listDevices",
            "The devices of a batch",
            ApiScope::DevicesRead,
        ))
        .answers(
            "200",
            "A page of them, 100 at most",
            contract.schema::<Collection<device::Shown>>(),
        ),
        call(
            Method::GET,
            STATUS,
            "readStatus",
            "What became of a submission",
            ApiScope::DevicesRead,
        )
        .place("tracking", "The last part of Location", guid())
        .answers(
            "200",
            "Every device in the order in which it was sent",
            contract.schema::<Details>(),
        ),
    ]
}

pub(super) fn of_devices(contract: &mut Contract) -> Vec<Operation> {
    let register = ApiScope::DevicesRegister;
    let mut change = sent_device();
    change["properties"]["id"] = guid();
    let update = json!({
        "type": "object",
        "required": ["devices"],
        "properties": { "devices": { "type": "array", "minItems": 1, "items": change } },
    });
    let id = "01a22ed8-a8c4-74e0-8c4d-7b4dcef056d4";
    let example = json!({ "devices": [{ "id": id, "policies": [] }] });
    let one = |method, name, summary| {
        call(method, DEVICE, name, summary, register).place("device", "The device's id", guid())
    };
    let changed = contract.schema::<device::Shown>();
    let of_device = json!({ "policies": [] });
    vec![
        call(
            Method::PATCH,
            UPDATES,
            "updatePolicies",
            "Change the policies of devices",
            register,
        )
        .body("application/json", update, example)
        .done(
            "202",
            "Each has its result by now",
            Some("The results: relative, without /v1"),
        ),
        call(
            Method::GET,
            DEVICE,
            "readDevice",
            "One device of a batch",
            ApiScope::DevicesRead,
        )
        .place("device", "The device's id", guid())
        .answers("200", "The device", changed.clone()),
        one(Method::PATCH, "changeDevice", "Change a device's policy")
            .body("application/json", change.clone(), of_device.clone())
            .answers("200", "The device", changed.clone()),
        one(
            Method::PUT,
            "replaceDevice",
            "Change a device's policy, as another client writes it",
        )
        .body("application/json", change, of_device)
        .answers("200", "The device", changed),
        one(Method::DELETE, "deleteDevice", "Release a device").done(
            "204",
            "It belongs to nobody now",
            None,
        ),
    ]
}
