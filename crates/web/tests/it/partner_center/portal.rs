//! What came through the API as people see it in the portal.

use serde_json::json;

use super::{Scene, tuples};
use crate::both::on_both;
use crate::harness::Registry;

on_both![a_batch_that_is_no_group_tag_says_so];

async fn a_batch_that_is_no_group_tag_says_so(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 1)).await;
    let device = &done["devicesStatus"][0]["deviceId"];
    let device = device.as_str().expect("an id");
    let upload = done["batchTrackingId"].as_str().expect("an id");
    let mut agent = scene.registry.client(&scene.partner);
    let customer = scene.customer.organization_id();
    let pages = [
        format!("/uploads/{upload}"),
        format!("/customers/{customer}/devices/{device}"),
        format!("/customers/{customer}/devices"),
    ];
    for page in &pages {
        let text = agent.get(page).await.is(200).text();
        assert!(!text.contains("<code class=\"tag\"></code>"), "{page}");
        assert!(text.contains("No group tag"), "{page}: {text}");
        assert!(!text.contains("gets its profile at first boot"), "{page}");
    }
    // With a configuration policy it has one.
    let policy =
        json!({"name": "Front desk", "category": "o_o_b_e", "policySettings": ["skip_eula"]});
    let made = scene.api.post(&scene.path("/policies"), &policy).await;
    let id = super::value(&made.is(200))["id"].clone();
    let update =
        json!({"devices": [{"id": device, "policies": [{"key": "o_o_b_e", "value": id}]}]});
    let path = scene.path("/DevicePolicyUpdates");
    scene
        .api
        .json(axum::http::Method::PATCH, &path, &update)
        .await
        .is(202);
    let text = agent.get(&pages[1]).await.is(200).text();
    let given = ["Front desk", "Your configuration policy"];
    assert!(given.iter().all(|words| text.contains(words)), "{text}");
}
