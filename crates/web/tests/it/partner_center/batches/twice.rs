//! The same submission sent again.

use super::*;

on_both![
    fifty_at_once_with_one_request_id_have_one_effect,
    a_request_id_that_said_something_else_is_refused,
];

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
