//! Syncs, the organization, groups and events: what scripts ask for beside.

use axum::http::Method;
use serde_json::json;

use super::{BETA, Graph, V1};
use crate::both::on_both;
use crate::harness::{Registry, TAG};
use crate::partner_center::{Scene, header_of, tuples, value};

on_both![
    a_sync_is_asked_for_once_in_ten_minutes,
    the_organization_is_the_callers,
    a_device_is_put_into_a_group,
    readers_read_and_change_nothing,
    events_are_none_and_can_be_asked_for,
];

const SETTINGS: &str = "/beta/deviceManagement/windowsAutopilotSettings";

async fn scene(registry: Registry) -> (Scene, Graph) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    (scene, graph)
}

async fn a_sync_is_asked_for_once_in_ten_minutes(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let sync = format!("{SETTINGS}/sync");
    let before = graph.read(SETTINGS).await;
    assert_eq!(before["syncStatus"], "unknown");
    assert_eq!(before["lastSyncDateTime"], "0001-01-01T00:00:00Z");
    let batch = json!({"batchId": "Autumn", "devices": tuples("PC-", 1)});
    let path = scene.path("/deviceBatches");
    scene.api.post(&path, &batch).await.is(202);
    graph.send(Method::POST, &sync, "").await.is(204);
    assert_eq!(graph.read(SETTINGS).await["syncStatus"], "inProgress");
    scene.registry.clock.advance_seconds(700);
    graph.send(Method::POST, &sync, "").await.is(409);
    scene.registry.work_off().await;
    let after = graph.read(SETTINGS).await;
    assert_eq!(after["syncStatus"], "completed");
    assert_eq!(
        after["lastSyncDateTime"],
        after["lastManualSyncTriggerDateTime"]
    );
    graph.send(Method::POST, &sync, "").await.is(204);
    scene.registry.clock.advance_seconds(100);
    let soon = graph.send(Method::POST, &sync, "").await.is(429);
    assert_eq!(header_of(&soon, "retry-after"), "501");
    assert_eq!(value(&soon)["error"]["code"], "TooManyRequests");
    graph.send(Method::PATCH, SETTINGS, "{}").await.is(200);
    graph.send(Method::DELETE, SETTINGS, "").await.is(204);
    assert_eq!(graph.read(SETTINGS).await["syncStatus"], "completed");
    assert_eq!(
        graph.read(&format!("{BETA}/autopilotEvents")).await["value"],
        json!([])
    );
}

async fn the_organization_is_the_callers(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let own = scene.customer.organization();
    let found = graph.0.read("/v1.0/organization").await;
    assert_eq!(found["value"][0]["id"], own.id.to_string());
    assert_eq!(found["value"][0]["verifiedDomains"][0]["name"], own.domain);
    assert_eq!(found["value"][0]["verifiedDomains"][0]["isDefault"], true);
    let path = format!("/beta/organization/{}", own.id);
    assert_eq!(graph.0.read(&path).await["displayName"], own.name);
    let some = graph
        .0
        .read("/v1.0/organization?$select=id,tenantType")
        .await;
    assert_eq!(some["value"], json!([{"id": own.id.to_string()}]));
    let other = scene.partner.organization_id();
    graph
        .0
        .get(&format!("/v1.0/organization/{other}"))
        .await
        .is(404);
    scene.api.get("/v1.0/organization").await.is(404);
}

async fn a_device_is_put_into_a_group(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    scene.register("Autumn", tuples("PC-", 2)).await;
    let listed = graph
        .read(&format!("{V1}/windowsAutopilotDeviceIdentities"))
        .await;
    let device = listed["value"][0]["azureActiveDirectoryDeviceId"].as_str();
    let device = device.expect("an id").to_owned();
    let groups = graph
        .0
        .read(&format!("/v1.0/groups?$filter=displayName%20eq%20'{TAG}'"))
        .await;
    let group = groups["value"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1.0/groups/{group}");
    assert_eq!(graph.0.read(&path).await["displayName"], TAG);
    let found = graph
        .0
        .read(&format!("/v1.0/devices?$filter=deviceId%20eq%20'{device}'"))
        .await;
    assert_eq!(found["value"].as_array().map(Vec::len), Some(1));
    let member = found["value"][0]["id"].as_str().expect("an id");
    let address =
        json!({"@odata.id": format!("https://graph.example/v1.0/directoryObjects/{member}")});
    for _ in 0..2 {
        graph
            .0
            .post(&format!("{path}/members/$ref"), &address)
            .await
            .is(204);
    }
    let tagged = graph
        .read(&format!("{V1}/windowsAutopilotDeviceIdentities/{device}"))
        .await;
    assert_eq!(tagged["groupTag"], TAG);
    let all = graph.0.read("/beta/devices?$count=true&$top=1").await;
    assert_eq!(
        (&all["@odata.count"], all.get("@odata.nextLink").is_some()),
        (&json!(2), true)
    );
    let nowhere = "d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11";
    graph
        .0
        .post(&format!("/v1.0/groups/{nowhere}/members/$ref"), &address)
        .await
        .is(404);
    let other = json!({"@odata.id": format!("/devices/{nowhere}")});
    graph
        .0
        .post(&format!("{path}/members/$ref"), &other)
        .await
        .is(404);
}

async fn readers_read_and_change_nothing(registry: Registry) {
    let (scene, _) = scene(registry).await;
    let role = registration::user::Role::Reader;
    let reader = scene.registry.colleague(&scene.customer, role).await;
    let graph = Graph::of(&scene.registry, &reader).await;
    graph.get(SETTINGS).await.is(200);
    graph
        .send(Method::POST, &format!("{SETTINGS}/sync"), "")
        .await
        .is(403);
    let profiles = format!("{BETA}/windowsAutopilotDeploymentProfiles");
    graph.get(&profiles).await.is(200);
    graph
        .post(&profiles, &json!({"displayName": "Lab"}))
        .await
        .is(403);
    let identifiers = format!("{BETA}/importedDeviceIdentities");
    graph.get(&identifiers).await.is(200);
    let one =
        json!({"importedDeviceIdentifier": "7", "importedDeviceIdentityType": "serialNumber"});
    graph.post(&identifiers, &one).await.is(403);
}

async fn events_are_none_and_can_be_asked_for(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let events = format!("{BETA}/autopilotEvents");
    let query = "$filter=id%20eq%20'x'&$select=id,deviceSerialNumber&$orderby=eventDateTime%20desc";
    assert_eq!(
        graph.read(&format!("{events}?{query}")).await["value"],
        json!([])
    );
    graph.get(&format!("{events}?$select=nope")).await.is(400);
    graph.get(&format!("{events}/x")).await.is(404);
    graph.send(Method::POST, &events, "{}").await.is(405);
    for method in [Method::PATCH, Method::DELETE] {
        graph
            .send(method, &format!("{events}/x"), "{}")
            .await
            .is(405);
    }
}
