//! Batches and their devices, listed and read one by one.

use super::*;

on_both![
    batches_keep_their_names_and_grow,
    the_devices_of_a_batch_come_in_pages_of_a_hundred,
    a_device_is_deleted_from_its_batch,
    batches_come_in_pages_where_a_size_is_given,
    a_device_can_be_read_where_its_link_leads,
];

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
