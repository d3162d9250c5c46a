//! What an OEM asks and reports of its devices.

use serde_json::{Value, json};

use super::{Plant, line, line_with, lines, outcomes};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Api, value};

on_both![
    devices_are_found_by_what_the_oem_knows_them_by,
    devices_are_released_by_any_name,
    consent_is_checked_for_many,
    built_devices_are_reported,
];

async fn found(plant: &Plant, query: &str) -> Vec<Value> {
    let answer = plant.api.read(&format!("/oem/v1/devices?{query}")).await;
    answer["devices"].as_array().expect("devices").clone()
}

async fn devices_are_found_by_what_the_oem_knows_them_by(registry: Registry) {
    let plant = Plant::new(registry).await;
    plant.send(200, &lines("A", 5)).await;
    let pkid = json!({"customer": "oriel.example", "productKeyId": "3305612345678"});
    plant.send(200, &[pkid]).await;
    let one = found(&plant, "reference=ref-A000003").await;
    assert_eq!(one.len(), 1);
    let one = &one[0];
    assert_eq!(one["serialNumber"], "A000003");
    assert_eq!(
        one["customer"],
        plant.customer.organization_id().to_string()
    );
    assert_eq!(one["customerDomain"], "harrow.example");
    assert_eq!(one["shipDate"], "2026-11-30");
    let id = one["id"].as_str().expect("an id");
    for query in [
        format!("id={id}"),
        "serialNumber=a000003".to_owned(),
        "manufacturer=tallis&model=Slate+7&serialNumber=A000003".to_owned(),
    ] {
        assert_eq!(&found(&plant, &query).await[0]["id"], id, "{query}");
    }
    assert_eq!(found(&plant, "productKeyId=3305612345678").await.len(), 1);
    let page = plant
        .api
        .read("/oem/v1/devices?purchaseOrder=PO-1001&limit=3")
        .await;
    assert_eq!(page["devices"].as_array().map(Vec::len), Some(3));
    let next = page["next"].as_str().expect("a next page");
    let rest = found(&plant, &format!("purchaseOrder=PO-1001&before={next}")).await;
    assert_eq!(rest.len(), 2);
    for query in [
        "reference=nothing",
        "id=01890000-0000-7000-8000-000000000000",
    ] {
        assert_eq!(found(&plant, query).await, [Value::Null; 0]);
    }
    for query in ["", "?id=7", "?manufacturer=x", "?productKeyId=x"] {
        let refused = plant
            .api
            .get(&format!("/oem/v1/devices{query}"))
            .await
            .is(400);
        assert_eq!(value(&refused)["code"], "parameter");
    }
    // What a partner registered is none of the OEM's.
    plant
        .registry
        .consent(&plant.partner, &plant.customer)
        .await;
    let partner = Api::of(&plant.registry, &plant.partner).await;
    let body = json!({"batchId": "May", "devices": [{"serialNumber": "P1", "modelName": "B",
        "oemManufacturerName": "C"}]});
    let path = format!(
        "/v1/customers/{}/deviceBatches",
        plant.customer.organization_id()
    );
    partner.post(&path, &body).await.is(202);
    plant.registry.work_off().await;
    assert_eq!(found(&plant, "serialNumber=P1").await, [Value::Null; 0]);
}

async fn devices_are_released_by_any_name(registry: Registry) {
    let plant = Plant::new(registry).await;
    let answer = plant.send(200, &lines("A", 5)).await;
    let id = answer["results"][0]["deviceId"].clone();
    plant
        .send(
            200,
            &[
                line_with("B1", "reference", "twice"),
                line_with("B2", "reference", "twice"),
            ],
        )
        .await;
    let path = "/oem/v1/registrations:deregister";
    let devices = json!({"devices": [
        {"id": id},
        {"reference": "ref-A000002"},
        {"manufacturer": "Tallis", "model": "Slate 7", "serialNumber": "A000003"},
        {"reference": "twice"},
        {"reference": "nothing"},
        {"colour": "red"},
        {},
        {"id": id},
    ]});
    let released = value(&plant.api.post(path, &devices).await.is(200));
    let expected = [
        "deregistered",
        "deregistered",
        "deregistered",
        "ambiguous",
        "not_registered",
        "invalid",
        "invalid",
        "deregistered",
    ];
    assert_eq!(outcomes(&released), expected);
    assert_eq!(
        released["results"][5]["errors"][0]["pointer"],
        "/devices/5/colour"
    );
    assert_eq!(plant.devices(&plant.customer).await, 4);
    let again = value(&plant.api.post(path, &devices).await.is(200));
    assert_eq!(outcomes(&again)[..3], ["not_registered"; 3]);
    let free = plant
        .send(200, &[line_with("A000001", "customer", "oriel.example")])
        .await;
    assert_eq!(outcomes(&free), ["registered"]);
}

async fn consent_is_checked_for_many(registry: Registry) {
    let plant = Plant::new(registry).await;
    let id = plant.second.organization_id().to_string();
    let body = json!({"customers": ["harrow.example", id, "pell.example", "nobody.example"]});
    let path = "/oem/v1/consents:check";
    let answer = value(&plant.api.post(path, &body).await.is(200));
    let consents = answer["consents"].as_array().expect("a list");
    let active: Vec<_> = consents.iter().map(|one| one["active"].as_bool()).collect();
    assert_eq!(active, [Some(true), Some(true), Some(false), Some(false)]);
    assert_eq!(consents[1]["domain"], "oriel.example");
    let unlike = |one: &Value| one.as_object().map(serde_json::Map::len);
    assert_eq!(unlike(&consents[2]), unlike(&consents[3]));
    plant
        .api
        .post(path, &json!({"customers": []}))
        .await
        .is(422);
}

async fn built_devices_are_reported(registry: Registry) {
    let plant = Plant::new(registry).await;
    let built = json!({"manufacturer": "Tallis", "model": "Slate 7", "serialNumber": "A1",
        "productKeyId": "3305612345678", "smbiosUuid": "11223344-5566-7788-99aa-bbccddeeff00"});
    let odd = json!({"manufacturer": "Tallis", "model": "Slate 7", "serialNumber": "A2",
        "smbiosUuid": "x"});
    let path = "/oem/v1/directory/devices";
    let sent = json!({"devices": [built, odd, {"hardwareHash": "T0Fs"}]});
    let answer = value(&plant.api.post(path, &sent).await.is(200));
    assert_eq!(outcomes(&answer), ["added", "invalid", "invalid"]);
    assert_eq!(
        answer["results"][1]["errors"][0]["pointer"],
        "/devices/1/smbiosUuid"
    );
    let again = value(&plant.api.post(path, &sent).await.is(200));
    assert_eq!(outcomes(&again)[0], "known");
    // Now a product key id alone is a machine that is known.
    let by_pkid = json!({"customer": "harrow.example", "productKeyId": "3305612345678"});
    let registered = plant.send(200, &[by_pkid]).await;
    assert_eq!(registered["results"][0].get("unverified"), None);
    let same = plant.send(200, &[line("A1")]).await;
    assert_eq!(outcomes(&same), ["already_registered"]);
    let partner = Api::of(&plant.registry, &plant.partner).await;
    partner.post(path, &sent).await.is(404);
}
