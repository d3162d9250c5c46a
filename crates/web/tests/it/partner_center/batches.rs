//! Devices in batches: sending, following, listing.

mod listed;
mod twice;

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};

use super::{Api, Scene, hashes, header_of, shared, tuples, value};
use crate::both::on_both;
use crate::harness::{Registry, TAG};

on_both![
    the_way_of_cipp_ends_with_a_row_for_each_device,
    the_body_of_the_dotnet_sdk_is_understood,
    powershell_takes_the_tracking_id_out_of_the_location,
    every_row_ends_with_the_code_the_original_has,
    a_thousand_hashes_fit_and_more_devices_are_told_the_limit,
    an_empty_place_keeps_the_results_in_their_places,
    a_status_alone_never_says_more_than_what_happened,
    names_are_symbols_and_our_words_stand_beside_them,
];

/// CIPP: list the batches, create one or add to it, then poll `/v1/` and the location until done.
async fn the_way_of_cipp_ends_with_a_row_for_each_device(registry: Registry) {
    let scene = Scene::new(registry).await;
    let batches = scene.api.read(&scene.path("/deviceBatches")).await;
    assert_eq!(batches["items"], json!([]));
    assert_eq!(batches["totalCount"], 0);
    let hash = hashes(1, 1).remove(0);
    let body = json!({
        "batchId": TAG,
        "devices": [
            {"hardwareHash": hash, "productKey": "", "serialNumber": ""},
            {"oemManufacturerName": "Contoso", "modelName": "Book 13", "serialNumber": "S 1"},
            {"productKey": "3305612345678"},
        ],
    });
    let answer = scene.api.post(&scene.path("/deviceBatches"), &body).await;
    let answer = answer.is(202);
    assert_eq!(answer.bytes, b"");
    let place = answer.location().to_owned();
    let followed = format!("/v1/{place}");
    assert!(followed.starts_with("/v1//customers/"), "{followed}");
    let waiting = scene.api.read(&followed).await;
    assert_eq!(waiting["status"], "queued");
    assert_eq!(waiting["devicesStatus"][0]["status"], "queued");
    assert_eq!(waiting["completedTime"], Value::Null);
    scene.registry.work_off().await;
    let done = scene.api.read(&followed).await;
    assert_eq!(done["status"], "finished", "{done}");
    assert_eq!(done["attributes"]["objectType"], "BatchUploadDetails");
    let rows = done["devicesStatus"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["status"] == "finished"));
    // In input order: the hash alone echoes nothing that was sent.
    assert_eq!(rows[1]["serialNumber"], "S 1");
    assert_eq!(rows[2]["productKey"], "3305612345678");
    assert!(rows.iter().all(|row| row["deviceId"].is_string()));
    assert!(!done.to_string().contains("T0F"), "a hash is never told");

    let batches = scene.api.read(&scene.path("/deviceBatches")).await;
    let batch = &batches["items"][0];
    assert_eq!(
        (&batch["id"], &batch["devicesCount"], &batch["createdBy"]),
        (&json!(TAG), &json!(3), &json!("Brightwater Devices"))
    );
    // A group tag is one: the devices have it.
    let devices = scene
        .registry
        .desk
        .devices(
            &scene.customer.caller,
            scene.customer.organization_id(),
            &service::devices::DeviceQuery::default(),
            None,
            10,
        )
        .await
        .expect("the customer's devices");
    assert!(devices.items.iter().all(|device| device.group_tag == TAG));
}

async fn the_body_of_the_dotnet_sdk_is_understood(registry: Registry) {
    let scene = Scene::new(registry).await;
    let device = |serial: &str| {
        json!({
            "Id": null,
            "SerialNumber": serial,
            "ProductKey": null,
            "HardwareHash": null,
            "ModelName": "Book 13",
            "OemManufacturerName": "Contoso",
            "Policies": [],
            "UploadedDate": "0001-01-01T00:00:00",
            "AllowedOperations": null,
            "Attributes": {"ObjectType": "Device"},
        })
    };
    let body = json!({
        "BatchId": "Order 4711",
        "Devices": [device("0042")],
        "Attributes": {"ObjectType": "DeviceBatchCreationRequest"},
    });
    let headers = [
        ("content-type", "application/json"),
        ("ms-requestid", "d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11"),
        ("ms-correlationid", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("x-locale", "en-US"),
        ("ms-partnercenter-application", "Order desk"),
        ("ms-sdkversion", "3.4.0"),
    ];
    let path = scene.path("/devicebatches");
    let answer = scene
        .api
        .send(Method::POST, &path, &headers, format!("\u{feff}{body}"))
        .await
        .is(202);
    assert_eq!(header_of(&answer, "ms-requestid"), headers[1].1);
    assert_eq!(header_of(&answer, "ms-correlationid"), headers[2].1);
    assert!(!header_of(&answer, "ms-cv").is_empty());
    let place = format!("/v1{}", answer.location());
    scene.registry.work_off().await;
    let done = scene.api.read(&place).await;
    assert_eq!(done["status"], "finished");
    // It adds to a batch with a bare array.
    let more = json!([device("0043"), device("0044")]);
    let path = scene.path("/DeviceBatches/Order%204711/Devices");
    let answer = scene.api.post(&path, &more).await.is(202);
    let place = format!("/v1{}", answer.location());
    scene.registry.work_off().await;
    assert_eq!(scene.api.read(&place).await["status"], "finished");
    let devices = scene
        .api
        .read(&scene.path("/deviceBatches/Order%204711/devices"))
        .await;
    let device = &devices["items"][0];
    assert_eq!(devices["totalCount"], 3);
    assert_eq!(device["modelName"], "Book 13");
    assert_eq!(device["oemManufacturerName"], "Contoso");
    assert_eq!(device["policies"], json!([]));
    assert_eq!(
        device["allowedOperations"],
        json!(["GET", "PATCH", "DELETE"])
    );
    assert_eq!(device["attributes"]["objectType"], "Device");
    assert_eq!(device["hardwareHash"], Value::Null);
}

async fn powershell_takes_the_tracking_id_out_of_the_location(registry: Registry) {
    let scene = Scene::new(registry).await;
    let body = json!({"BatchId": "B1", "Devices": [{
        "SerialNumber": "7", "ModelName": "Book 13", "OemManufacturerName": "Contoso",
        "Policies": [], "UploadedDate": "0001-01-01T00:00:00Z",
    }]});
    let answer = scene.api.post(&scene.path("/DeviceBatches"), &body).await;
    let answer = answer.is(202);
    // $location.Split('/')[4]
    let parts: Vec<_> = answer.location().split('/').collect();
    assert_eq!(parts.len(), 5);
    let id = parts[4];
    uuid::Uuid::parse_str(id).expect("a GUID");
    scene.registry.work_off().await;
    let path = scene.path(&format!("/BatchJobStatus/{id}"));
    let done = scene.api.read(&path).await;
    assert_eq!(done["batchTrackingId"], id);
    // It looks the batch up whatever the case, and adds to it as it was typed.
    let path = scene.path("/DeviceBatches/b1/Devices");
    scene.api.post(&path, &tuples("P", 1)).await.is(202);
}

async fn every_row_ends_with_the_code_the_original_has(registry: Registry) {
    let scene = Scene::new(registry).await;
    scene.registry.consent(&scene.partner, &scene.other).await;
    let hash = hashes(4, 1).remove(0);
    let elsewhere = Scene {
        base: format!("/v1/customers/{}", scene.other.organization_id()),
        ..scene
    };
    elsewhere.register("Theirs", tuples("T", 1)).await;
    let scene = Scene {
        base: format!("/v1/customers/{}", elsewhere.customer.organization_id()),
        ..elsewhere
    };
    scene.register("Ours", tuples("K", 1)).await;
    let mut devices = vec![
        json!({"hardwareHash": hash}),
        json!({"hardwareHash": &hash[..200]}),
        json!({"serialNumber": "only this"}),
        json!({"hardwareHash": hash}),
    ];
    devices.extend(tuples("T", 1).as_array().expect("one").clone());
    devices.extend(tuples("K", 1).as_array().expect("one").clone());
    let done = scene.register("Mixed", json!(devices)).await;
    assert_eq!(done["status"], "finished_with_errors");
    let told: Vec<_> = done["devicesStatus"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            let told = (text("status"), text("errorCode"), text("errorDescription"));
            format!("{} {} {}", told.0, told.1, told.2)
        })
        .collect();
    assert_eq!(
        told,
        [
            "finished - -",
            "finished_with_errors 802 InvalidZtdHardwareHash",
            "finished_with_errors 803 MissingZtdSerialNumberAndProductKey",
            "finished_with_errors - ZtdDeviceDuplicated",
            "finished_with_errors 808 ZtdDeviceAssignedToOtherTenant",
            "finished_with_errors 806 ZtdDeviceAlreadyAssigned",
        ]
    );
    assert!(!done.to_string().contains("Oriel"), "never by whom");
}

async fn a_thousand_hashes_fit_and_more_devices_are_told_the_limit(registry: Registry) {
    let scene = Scene::new(registry).await;
    let hashes = hashes(9, 1001);
    let device = |hash: &String| json!({"HardwareHash": hash, "SerialNumber": null});
    let thousand: Value = hashes[..1000].iter().map(device).collect();
    let done = scene.register("Full", thousand).await;
    assert_eq!(done["status"], "finished");
    assert_eq!(done["devicesStatus"].as_array().expect("rows").len(), 1000);
    let all: Value = hashes.iter().map(device).collect();
    let body = json!({"batchId": "Full", "devices": all});
    let refused = scene.api.post(&scene.path("/deviceBatches"), &body).await;
    let refused = value(&refused.is(400));
    let told = refused["description"].as_str().expect("a description");
    assert!(told.contains("1000 devices"), "{told}");
    let long = format!("{{\"batchId\":\"{}\"}}", "x".repeat(9 << 20));
    let path = scene.path("/deviceBatches");
    let refused = scene.api.send(Method::POST, &path, &[], long).await.is(413);
    assert!(refused.text().contains("8388608 bytes"));
    // Nobody without a token gets that far.
    let nobody = Api {
        token: String::new(),
        ..scene.api.clone()
    };
    nobody
        .send(Method::POST, &path, &[], "x".repeat(9 << 20))
        .await
        .is(401);
    for nothing in [
        json!({"batchId": "Full"}),
        json!({"batchId": "Full", "devices": []}),
    ] {
        scene.api.post(&path, &nothing).await.is(400);
    }
}

async fn an_empty_place_keeps_the_results_in_their_places(registry: Registry) {
    let scene = Scene::new(registry).await;
    let [first, last] = [0, 1].map(|n| tuples("S", 2)[n].clone());
    let done = scene.register("Ward 7", json!([first, null, last])).await;
    let rows = done["devicesStatus"].as_array().expect("rows");
    let states: Vec<_> = rows.iter().map(|row| &row["status"]).collect();
    assert_eq!(states, ["finished", "finished_with_errors", "finished"]);
    assert_eq!(rows[2]["serialNumber"], "S0002");
}

async fn a_status_alone_never_says_more_than_what_happened(registry: Registry) {
    let scene = Scene::new(registry).await;
    let first = scene.register(TAG, tuples("S", 2)).await;
    // The same again, in the same batch: nothing to do, and nothing is wrong.
    let again = scene.register(TAG, tuples("S", 2)).await;
    assert_eq!(again["status"], "finished", "{again}");
    for n in 0..2 {
        let row = &again["devicesStatus"][n];
        assert_eq!(row["status"], "finished");
        assert_eq!(row["errorCode"], Value::Null, "{row}");
        assert_eq!(row["deviceId"], first["devicesStatus"][n]["deviceId"]);
    }
    // In another batch it would have another group tag: it has not got it.
    let other = scene.register("Elsewhere", tuples("S", 3)).await;
    assert_eq!(other["status"], "finished_with_errors");
    let row = &other["devicesStatus"][0];
    assert_eq!(row["status"], "finished_with_errors");
    assert_eq!(row["errorCode"], "806");
    assert_eq!(row["errorDescription"], "ZtdDeviceAlreadyAssigned");
    assert_eq!(row["deviceId"], first["devicesStatus"][0]["deviceId"]);
    assert_eq!(row["attributes"]["reason"], "already_registered");
    assert_eq!(other["devicesStatus"][2]["status"], "finished");
    // Nor what another partner registered for the customer.
    scene.registry.consent(&scene.rival, &scene.customer).await;
    let rival = Scene {
        api: Api::of(&scene.registry, &scene.rival).await,
        ..scene
    };
    let theirs = rival.register(TAG, tuples("S", 1)).await;
    assert_eq!(theirs["devicesStatus"][0]["errorCode"], "806", "{theirs}");
    assert_eq!(theirs["status"], "finished_with_errors");
}

async fn names_are_symbols_and_our_words_stand_beside_them(registry: Registry) {
    let scene = Scene::new(registry).await;
    let tuple = |serial: &str| json!({"serialNumber": serial, "modelName": "Book 13", "oemManufacturerName": "Contoso"});
    let twice = tuple("0042");
    let devices = json!([
        tuple("a\"b"),
        tuple("a\u{7}b"),
        tuple("\u{4e00}"),
        twice,
        twice
    ]);
    let done = scene.register("Odd", devices).await;
    assert_eq!(
        done["links"]["self"]["uri"],
        format!(
            "{}/batchJobStatus/{}",
            &scene.base[3..],
            done["batchTrackingId"].as_str().expect("an id")
        )
    );
    let rows = done["devicesStatus"].as_array().expect("rows");
    for (row, code) in rows.iter().zip(["EN0306", "EN0108", "EN0107"]) {
        assert_eq!(row["errorCode"], "801", "{row}");
        assert_eq!(row["errorDescription"], "InvalidZtdRequestBody");
        let more = &row["attributes"];
        assert_eq!(more["objectType"], "DeviceUploadDetails");
        assert_eq!(more["reason"], code);
        for text in ["cause", "remedy"] {
            let text = more[text].as_str().expect("a sentence");
            assert!(text.ends_with('.'), "{text}");
            for word in ["line", "quotes", "file", " list"] {
                assert!(!text.contains(word), "{text}");
            }
        }
    }
    assert_eq!(
        rows[3]["attributes"],
        json!({"objectType": "DeviceUploadDetails"})
    );
    assert_eq!(rows[4]["errorDescription"], "ZtdDeviceDuplicated");
    let cause = rows[4]["attributes"]["cause"].as_str().expect("a cause");
    assert!(cause.contains("number 4"), "{cause}");
}
