//! Devices in batches: sending, following, listing.

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
    fifty_at_once_with_one_request_id_have_one_effect,
    a_request_id_that_said_something_else_is_refused,
    every_row_ends_with_the_code_the_original_has,
    batches_keep_their_names_and_grow,
    the_devices_of_a_batch_come_in_pages_of_a_hundred,
    a_thousand_hashes_fit_and_more_devices_are_told_the_limit,
    a_device_is_deleted_from_its_batch,
    an_empty_place_keeps_the_results_in_their_places,
    batches_come_in_pages_where_a_size_is_given,
    a_device_can_be_read_where_its_link_leads,
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

async fn fifty_at_once_with_one_request_id_have_one_effect(registry: Registry) {
    let scene = shared(Scene::new(registry).await);
    let running: Vec<_> = (0..50)
        .map(|_| {
            let scene = Arc::clone(&scene);
            tokio::spawn(async move {
                let body = json!({"batchId": "Once", "devices": tuples("O", 3)});
                let headers = [("MS-RequestId", "3f2504e0-4f89-41d3-9a0c-0305e82c3301")];
                let path = scene.path("/deviceBatches");
                let answer = scene
                    .api
                    .send(Method::POST, &path, &headers, body.to_string())
                    .await;
                answer.is(202).location().to_owned()
            })
        })
        .collect();
    let mut places = Vec::new();
    for one in running {
        places.push(one.await.expect("ends"));
    }
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    scene.registry.work_off().await;
    let id = scene.customer.organization_id();
    let uploads = scene
        .registry
        .desk
        .uploads(&scene.partner.caller, id, None, 100);
    assert_eq!(uploads.await.expect("lists").items.len(), 1);
    let batches = scene.api.read(&scene.path("/deviceBatches")).await;
    assert_eq!(batches["items"][0]["devicesCount"], 3);
}

async fn a_request_id_that_said_something_else_is_refused(registry: Registry) {
    let scene = Scene::new(registry).await;
    let send = async |batch: &str, devices: Value, id: &str| {
        let body = json!({"batchId": batch, "devices": devices});
        let path = scene.path("/deviceBatches");
        let headers = [("ms-requestid", id)];
        let api = &scene.api;
        api.send(Method::POST, &path, &headers, body.to_string())
            .await
    };
    let id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    let first = send("A", tuples("A", 2), id).await.is(202);
    for (batch, devices) in [("A", tuples("A", 1)), ("B", tuples("A", 2))] {
        let refused = value(&send(batch, devices, id).await.is(409));
        let told = refused["description"].as_str().expect("a description");
        assert!(told.contains("request id"), "{told}");
        assert!(refused["code"].is_u64());
    }
    let again = send("A", tuples("A", 2), id).await.is(202);
    assert_eq!(again.location(), first.location());
    send("A", tuples("A", 2), "seven").await.is(400);
    let other = "3f2504e0-4f89-41d3-9a0c-0305e82c3302";
    let other = send("A", tuples("A", 2), other).await.is(202);
    assert_ne!(other.location(), first.location());
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

async fn batches_keep_their_names_and_grow(registry: Registry) {
    let scene = Scene::new(registry).await;
    scene.register("Ward 7/east", tuples("A", 2)).await;
    scene.register("Ward 7/east", tuples("B", 1)).await;
    let near = json!({"batchId": "WARD 7/EAST", "devices": tuples("C", 1)});
    let refused = scene.api.post(&scene.path("/deviceBatches"), &near).await;
    let refused = value(&refused.is(409));
    let told = refused["description"].as_str().expect("a description");
    assert!(told.contains("capital and small letters"), "{told}");
    let path = scene.path("/deviceBatches/Ward%208/devices");
    let missing = scene.api.post(&path, &tuples("C", 1)).await.is(404);
    assert_eq!(value(&missing)["code"], 1000);
    scene.api.get(&path).await.is(404);
    let batches = scene.api.read(&scene.path("/deviceBatches")).await;
    let batch = &batches["items"][0];
    assert_eq!(batches["totalCount"], 1);
    assert_eq!(batch["id"], "Ward 7/east");
    assert_eq!(batch["devicesCount"], 3);
    assert_eq!(
        batch["devicesLink"]["uri"].as_str().expect("a link"),
        &scene.path("/deviceBatches/Ward 7%2Feast/devices")[3..],
        "to the letter, but for what would lead elsewhere"
    );
    let path = scene.path("/deviceBatches/ward%207%2Feast/devices");
    assert_eq!(scene.api.read(&path).await["totalCount"], 3);
    for name in ["", "  ", "a\nb", ".", "..", "\u{202e}"] {
        let body = json!({"batchId": name, "devices": tuples("D", 1)});
        let refused = scene.api.post(&scene.path("/deviceBatches"), &body).await;
        assert_eq!(value(&refused.is(400))["data"], json!(["batchId"]));
    }
}

async fn the_devices_of_a_batch_come_in_pages_of_a_hundred(registry: Registry) {
    let scene = Scene::new(registry).await;
    scene.register("Many", tuples("M", 250)).await;
    let path = scene.path("/deviceBatches/Many/devices");
    let mut serials = Vec::new();
    let mut page = scene.api.read(&path).await;
    let mut sizes = Vec::new();
    loop {
        let items = page["items"].as_array().expect("items");
        sizes.push(items.len());
        serials.extend(items.iter().map(|item| item["serialNumber"].to_string()));
        let Some(token) = page["continuationToken"].as_str() else {
            assert_eq!(page["links"]["next"], Value::Null);
            break;
        };
        let next = &page["links"]["next"];
        let header = &next["headers"][0];
        assert_eq!(header["key"], "MS-ContinuationToken");
        assert_eq!(header["value"], token);
        let uri = format!("/v1{}", next["uri"].as_str().expect("a link"));
        let headers = [("MS-ContinuationToken", token)];
        let answer = scene.api.send(Method::GET, &uri, &headers, "").await;
        page = value(&answer.is(200));
    }
    assert_eq!(sizes, [100, 100, 50]);
    serials.sort_unstable();
    serials.dedup();
    assert_eq!(serials.len(), 250);
    let small = scene.api.read(&format!("{path}?size=60")).await;
    let next = small["links"]["next"]["uri"].as_str().expect("a link");
    assert!(next.contains("size=60"), "{next}");
    let headers = [("MS-ContinuationToken", "nonsense")];
    let answer = scene.api.send(Method::GET, &path, &headers, "").await;
    answer.is(400);
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

async fn a_device_is_deleted_from_its_batch(registry: Registry) {
    let scene = Scene::new(registry).await;
    scene.register("One", tuples("A", 1)).await;
    scene.register("Two", tuples("B", 1)).await;
    let list = scene
        .api
        .read(&scene.path("/deviceBatches/One/devices"))
        .await;
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let wrong = scene.path(&format!("/deviceBatches/Two/devices/{id}"));
    let right = scene.path(&format!("/deviceBatches/one/devices/{id}"));
    let delete = async |path: &str| scene.api.send(Method::DELETE, path, &[], "").await;
    delete(&wrong).await.is(404);
    delete(&scene.path("/deviceBatches/One/devices/9993-8627-3608"))
        .await
        .is(404);
    delete(&right).await.is(204);
    delete(&right).await.is(404);
    let list = scene
        .api
        .read(&scene.path("/deviceBatches/One/devices"))
        .await;
    assert_eq!(list["items"], json!([]));
    // It can be registered again.
    let done = scene.register("Two", tuples("A", 1)).await;
    assert_eq!(done["status"], "finished");
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

async fn batches_come_in_pages_where_a_size_is_given(registry: Registry) {
    let scene = Scene::new(registry).await;
    let names = ["a?b#c", "East", "north", "South", "west"];
    for (n, name) in names.iter().enumerate() {
        scene.register(name, tuples(&format!("P{n}"), 1)).await;
    }
    let path = scene.path("/deviceBatches");
    let all = scene.api.read(&path).await;
    assert_eq!(all["totalCount"], 5);
    assert_eq!(all["continuationToken"], Value::Null);
    let mut found = Vec::new();
    let mut page = scene.api.read(&format!("{path}?size=2")).await;
    loop {
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 2, "{page}");
        found.extend(items.iter().map(|item| item["id"].clone()));
        let Some(token) = page["continuationToken"].as_str() else {
            break;
        };
        let uri = page["links"]["next"]["uri"].as_str().expect("a link");
        let headers = [("MS-ContinuationToken", token)];
        let uri = format!("/v1{uri}");
        let answer = scene.api.send(Method::GET, &uri, &headers, "").await;
        page = value(&answer.is(200));
    }
    assert_eq!(found, names);
    for token in ["nonsense", "01890000-0000-7000-8000-000000000000"] {
        let headers = [("MS-ContinuationToken", token)];
        let answer = scene.api.send(Method::GET, &path, &headers, "").await;
        answer.is(400);
    }
    let uri = all["items"][0]["devicesLink"]["uri"]
        .as_str()
        .expect("a link");
    let devices = scene.api.read(&format!("/v1{uri}")).await;
    assert_eq!(devices["totalCount"], 1, "{uri}");
}

async fn a_device_can_be_read_where_its_link_leads(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7/east", tuples("S", 1)).await;
    let id = done["devicesStatus"][0]["deviceId"].as_str().expect("id");
    let path = scene.path(&format!("/deviceBatches/ward%207%2Feast/devices/{id}"));
    let device = scene.api.read(&path).await;
    assert_eq!(device["serialNumber"], "S0001");
    let uri = device["links"]["self"]["uri"].as_str().expect("a link");
    let again = scene
        .api
        .read(&format!("/v1{}", uri.replace(' ', "%20")))
        .await;
    assert_eq!(again, device);
    let changed = scene.api.json(Method::PUT, &path, &json!({})).await;
    assert_eq!(value(&changed.is(200))["links"], device["links"]);
    let rival = Api::of(&scene.registry, &scene.rival).await;
    rival.get(&path).await.is(404);
    let other = scene.path(&format!("/deviceBatches/West/devices/{id}"));
    scene.api.get(&other).await.is(404);
}
