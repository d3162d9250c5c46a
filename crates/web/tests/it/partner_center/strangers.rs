//! What others than the partner learn: nothing.

use axum::http::Method;
use serde_json::json;

use super::{Api, Scene, tuples};
use crate::both::on_both;
use crate::harness::Registry;

on_both![
    to_strangers_the_customer_does_not_exist,
    a_token_without_the_scope_is_of_no_use,
];

async fn to_strangers_the_customer_does_not_exist(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 1)).await;
    let device = done["devicesStatus"][0]["deviceId"]
        .as_str()
        .expect("an id");
    let place = format!("/deviceBatches/Ward 7/devices/{device}").replace(' ', "%20");
    for person in [&scene.rival, &scene.oem, &scene.operator, &scene.other] {
        let api = Api::of(&scene.registry, person).await;
        let body = json!({"batchId": "Mine", "devices": tuples("T", 1)});
        api.post(&scene.path("/deviceBatches"), &body).await.is(404);
        let gone = api.send(Method::DELETE, &scene.path(&place), &[], "").await;
        assert!(
            [403, 404].contains(&gone.status.as_u16()),
            "{}",
            gone.text()
        );
        let batches = api.get(&scene.path("/deviceBatches")).await;
        assert!(!batches.text().contains("Ward 7"), "{}", batches.text());
    }
    scene.api.get(&scene.path("/deviceBatches")).await.is(200);
}

async fn a_token_without_the_scope_is_of_no_use(registry: Registry) {
    let scene = Scene::new(registry).await;
    let (client, secret) = scene.registry.api_client(&scene.partner).await;
    let token = scene
        .registry
        .token_for("customers.read", &client, &secret)
        .await;
    let api = scene.api.with_token(token);
    api.get("/v1/customers").await.is(200);
    let body = json!({"batchId": "Ward 7", "devices": tuples("S", 1)});
    api.post(&scene.path("/deviceBatches"), &body).await.is(403);
}
