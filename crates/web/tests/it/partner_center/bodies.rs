//! Bodies that are not what they should be: nothing happens, and the place is told.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Scene, tuples, value};
use crate::both::on_both;
use crate::harness::Registry;

on_both![
    an_array_in_the_place_of_an_object_has_no_effect,
    what_is_wrong_is_told_with_its_place,
    a_compressed_body_is_refused_by_its_name,
];

async fn an_array_in_the_place_of_an_object_has_no_effect(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 1)).await;
    let device = done["devicesStatus"][0]["deviceId"].as_str().expect("id");
    let one = scene.path(&format!("/deviceBatches/Ward%207/devices/{device}"));
    let row = json!(["", "ARR1", "", "", "Contoso", "Book 13"]);
    for (method, path, body) in [
        (
            Method::POST,
            scene.path("/deviceBatches"),
            json!(["arr", [row]]),
        ),
        (
            Method::POST,
            scene.path("/deviceBatches"),
            json!({"batchId": "x", "devices": [[]]}),
        ),
        (
            Method::POST,
            scene.path("/deviceBatches/Ward%207/devices"),
            json!([row]),
        ),
        (
            Method::POST,
            scene.path("/policies"),
            json!(["arrpol", "o_o_b_e", "d", ["skip_eula"]]),
        ),
        (Method::PATCH, one.clone(), json!([])),
        (Method::PUT, one.clone(), json!([])),
        (Method::PATCH, one, json!({"policies": [["o_o_b_e", ""]]})),
        (
            Method::PATCH,
            scene.path("/DevicePolicyUpdates"),
            json!([[{"id": device, "policies": []}]]),
        ),
        (Method::PATCH, scene.path(""), json!(["none"])),
    ] {
        let answer = scene.api.json(method, &path, &body).await;
        assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text());
        assert_eq!(value(&answer)["code"], 800_002, "{body}");
    }
    let filter = web::session::percent_encoded(r#"["CompanyName","harrow","starts_with"]"#);
    let path = format!("/v1/customers?filter={filter}");
    scene.api.get(&path).await.is(400);
    let batches = scene.api.read(&scene.path("/deviceBatches")).await;
    assert_eq!(batches["totalCount"], 1, "{batches}");
    let policies = scene.api.read(&scene.path("/policies")).await;
    assert_eq!(policies["totalCount"], 0, "{policies}");
}

async fn what_is_wrong_is_told_with_its_place(registry: Registry) {
    let scene = Scene::new(registry).await;
    let path = scene.path("/deviceBatches");
    let with = |device: Value| json!({"batchId": "x", "devices": [{"serialNumber": "1"}, device]});
    let policy = |key: &str, value: &str| json!({"policies": [{"key": key, "value": value}]});
    for (body, place, told) in [
        (
            with(json!({"SerialNumber": true})),
            "devices[1].serialNumber",
            "a text",
        ),
        (
            with(json!({"policies": {}})),
            "devices[1].policies",
            "an array",
        ),
        (with(json!("T0FsAAEA")), "devices[1]", "an object"),
        (json!({"batchId": {}, "devices": []}), "batchId", "a text"),
        (
            with(policy("o_o_b_e", "Front desk")),
            "devices[1].policies",
            "a GUID",
        ),
        (
            with(policy("o_o_o", "")),
            "devices[1].policies[0].key",
            "o_o_o",
        ),
    ] {
        let refused = value(&scene.api.post(&path, &body).await.is(400));
        assert_eq!(refused["data"], json!([place]), "{refused}");
        let description = refused["description"].as_str().expect("a description");
        assert!(description.contains(place), "{description}");
        assert!(description.contains(told), "{description}");
        assert!(!description.contains("T0Fs"), "{description}");
    }
    let broken = "{\n  \"batchId\": nothing}";
    let answer = scene.api.send(Method::POST, &path, &[], broken).await;
    assert!(answer.is(400).text().contains("line 2, column 1"));
    let bare = scene.path("/deviceBatches/x/devices");
    let refused = scene.api.post(&bare, &json!([{"modelName": []}])).await;
    assert_eq!(value(&refused.is(400))["data"], json!(["[0].modelName"]));
}

async fn a_compressed_body_is_refused_by_its_name(registry: Registry) {
    let scene = Scene::new(registry).await;
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "gzip"),
    ];
    let path = scene.path("/deviceBatches");
    let zipped = b"\x1f\x8b\x08\0\0\0\0\0".to_vec();
    let answer = scene.api.send(Method::POST, &path, &headers, zipped).await;
    let refused = value(&answer.is(415));
    let told = refused["description"].as_str().expect("a description");
    assert!(told.contains("gzip"), "{told}");
}
