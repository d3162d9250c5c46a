//! Deployment profiles: the service's to read, the customer's own to make and assign, and what a
//! device downloads then.

mod told;

use axum::http::Method;
use device_list::sample::SampleDevices;
use serde_json::{Value, json};

use super::script::body;
use super::{BETA, Graph, V1};
use crate::both::on_both;
use crate::harness::{Registry, TAG};
use crate::partner_center::{Scene, hashes, value};

on_both![
    the_services_profiles_are_read_and_not_changed,
    a_profile_is_made_changed_and_deleted,
    old_and_new_names_say_the_same,
    a_device_downloads_what_is_assigned_to_it,
    what_was_assigned_to_a_device_itself_is_taken_back,
    assignments_come_and_go_by_their_ids,
];

pub(super) const PROFILES: &str = "/beta/deviceManagement/windowsAutopilotDeploymentProfiles";

pub(super) async fn scene(registry: Registry) -> (Scene, Graph) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    (scene, graph)
}

pub(super) fn id(item: &Value) -> String {
    item["id"].as_str().expect("an id").to_owned()
}

pub(super) async fn made(graph: &Graph, name: &str) -> String {
    let profile = json!({
        "@odata.type": "#microsoft.graph.azureADWindowsAutopilotDeploymentProfile",
        "displayName": name,
        "outOfBoxExperienceSetting": {"eulaHidden": true, "userType": "standard"},
    });
    id(&value(&graph.post(PROFILES, &profile).await.is(201)))
}

/// A device that the customer imported with this tag: its id and its hash.
pub(super) async fn device(scene: &Scene, graph: &Graph, seed: u64, tag: &str) -> (String, String) {
    let hash = hashes(seed, 1).remove(0);
    let path = format!("{V1}/importedWindowsAutopilotDeviceIdentities");
    graph.post(&path, &body("", &hash, tag)).await.is(201);
    scene.registry.work_off().await;
    let sample = SampleDevices::new(seed).next().expect("a device");
    let serial = sample.serial.as_str();
    let path =
        format!("{BETA}/windowsAutopilotDeviceIdentities?$filter=serialNumber%20eq%20'{serial}'");
    (id(&graph.read(&path).await["value"][0]), hash)
}

/// What a device downloads.
pub(super) async fn downloads(scene: &Scene, hash: &str) -> Value {
    let ask = json!({ "hardwareHash": hash }).to_string();
    let mut visitor = scene.registry.visitor();
    let answer = visitor
        .post_raw("/device/profile", "application/json", ask.as_bytes())
        .await;
    value(&answer.is(200))
}

pub(super) async fn assign(graph: &Graph, profile: &str, target: Value) -> Value {
    let path = format!("{PROFILES}/{profile}/assignments");
    value(
        &graph
            .post(&path, &json!({ "target": target }))
            .await
            .is(201),
    )
}

/// The id of the group of this tag.
pub(super) async fn group(graph: &Graph, tag: &str) -> String {
    let path = format!(
        "/v1.0/groups?$filter=displayName%20eq%20'{}'",
        tag.replace(' ', "%20")
    );
    let found = graph.0.read(&path).await;
    assert_eq!(found["value"].as_array().map(Vec::len), Some(1), "{found}");
    id(&found["value"][0])
}

async fn the_services_profiles_are_read_and_not_changed(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let all = graph.read(&format!("{PROFILES}?$expand=assignments")).await;
    let all = all["value"].as_array().expect("a list");
    assert_eq!(all.len(), 4);
    let base = &all[0];
    assert_eq!(base["displayName"], "Modern Workplace Autopilot Profile");
    assert_eq!(base["outOfBoxExperienceSettings"]["hideEULA"], true);
    assert_eq!(base["outOfBoxExperienceSetting"]["eulaHidden"], true);
    assert_eq!(base["assignments"].as_array().map(Vec::len), Some(2));
    let path = format!("{PROFILES}/{}", id(base));
    let alone = graph.read(&path).await;
    assert_eq!(alone["displayName"], base["displayName"]);
    let name = json!({"displayName": "Mine"}).to_string();
    for (method, path, body) in [
        (Method::PATCH, path.clone(), name.as_str()),
        (Method::DELETE, path.clone(), ""),
        (
            Method::POST,
            format!("{path}/assign"),
            r#"{"deviceIds":[]}"#,
        ),
        (
            Method::POST,
            format!("{path}/assignments"),
            r##"{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}"##,
        ),
    ] {
        let refused = graph.send(method, &path, body).await.is(403);
        assert!(refused.text().contains("Make a profile of your own"));
    }
    let kiosks = "$filter=contains(displayName,'kiosk')&$count=true";
    let found = graph.read(&format!("{PROFILES}?{kiosks}")).await;
    assert_eq!(found["@odata.count"], 1);
    graph
        .get(&format!("{PROFILES}?$filter=colour%20eq%20'red'"))
        .await
        .is(400);
    assert_eq!(
        graph
            .0
            .get(&format!("{PROFILES}/$count"))
            .await
            .is(200)
            .text(),
        "4"
    );
}

async fn a_profile_is_made_changed_and_deleted(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let lab = made(&graph, "Lab").await;
    let twice = graph
        .post(PROFILES, &json!({"displayName": "Lab"}))
        .await
        .is(400);
    assert!(twice.text().contains("this name"));
    let path = format!("{PROFILES}/{lab}");
    let wanted = json!({"description": "For the lab", "deviceNameTemplate": "LAB-%SERIAL%"});
    let changed = graph
        .send(Method::PATCH, &path, &wanted.to_string())
        .await
        .is(200);
    let now = value(&changed);
    assert_eq!(now["displayName"], "Lab");
    assert_eq!(now["deviceNameTemplate"], "LAB-%SERIAL%");
    assert_eq!(now["outOfBoxExperienceSettings"]["userType"], "standard");
    let some = graph
        .read(&format!("{path}?$select=displayName,description"))
        .await;
    assert_eq!(some.get("deviceType"), None);
    assert_eq!(some["description"], "For the lab");
    graph.send(Method::DELETE, &path, "").await.is(204);
    graph.send(Method::DELETE, &path, "").await.is(404);
    graph.get(&path).await.is(404);
}

async fn old_and_new_names_say_the_same(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let lab = made(&graph, "Lab").await;
    let path = format!("{PROFILES}/{lab}");
    // A script reads all of it, changes the old names, and sends all of it back.
    let mut all = graph.read(&path).await;
    all["outOfBoxExperienceSettings"]["hideEULA"] = json!(false);
    all["outOfBoxExperienceSettings"]["hidePrivacySettings"] = json!(true);
    all["enableWhiteGlove"] = json!(true);
    all["language"] = json!("de-DE");
    let changed = graph
        .send(Method::PATCH, &path, &all.to_string())
        .await
        .is(200);
    let now = value(&changed);
    for (place, is) in [
        ("/outOfBoxExperienceSetting/eulaHidden", json!(false)),
        ("/outOfBoxExperienceSettings/hideEULA", json!(false)),
        (
            "/outOfBoxExperienceSetting/privacySettingsHidden",
            json!(true),
        ),
        ("/preprovisioningAllowed", json!(true)),
        ("/locale", json!("de-DE")),
        ("/outOfBoxExperienceSetting/userType", json!("standard")),
    ] {
        assert_eq!(now.pointer(place), Some(&is), "{place}");
    }
}

async fn a_device_downloads_what_is_assigned_to_it(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let (device, hash) = device(&scene, &graph, 51, "Lab 7").await;
    let ask = json!({ "hardwareHash": hash }).to_string();
    let mut visitor = scene.registry.visitor();
    let none = visitor
        .post_raw("/device/profile", "application/json", ask.as_bytes())
        .await;
    none.is(404);
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    let everywhere = made(&graph, "Everywhere").await;
    let assigned = assign(&graph, &everywhere, all).await;
    let expected = format!("{everywhere}_adadadad-808e-44e2-905a-0b7873a8a531_0");
    assert_eq!(assigned["id"], expected);
    scene.registry.clock.advance_seconds(3);
    assert_eq!(
        downloads(&scene, &hash).await["Comment_File"],
        "Profile Everywhere"
    );

    let lab = made(&graph, "Lab").await;
    let group = group(&graph, "Lab 7").await;
    let target = json!({"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": group});
    let assigned = assign(&graph, &lab, target.clone()).await;
    assert_eq!(assigned["id"], format!("{lab}_{group}_0"));
    assert_eq!(
        assign(&graph, &lab, target).await["id"],
        assigned["id"],
        "once more"
    );
    scene.registry.clock.advance_seconds(3);
    let file = downloads(&scene, &hash).await;
    assert_eq!(file["Comment_File"], "Profile Lab");
    assert_eq!(file["ZtdCorrelationId"], lab);
    assert_eq!(file["CloudAssignedOobeConfig"], 8 + 256 + 2 + 16);

    let one = made(&graph, "This one").await;
    let path = format!("{PROFILES}/{one}");
    let devices = json!({"deviceIds": [device]});
    graph
        .post(&format!("{path}/assign"), &devices)
        .await
        .is(204);
    scene.registry.clock.advance_seconds(3);
    assert_eq!(
        downloads(&scene, &hash).await["Comment_File"],
        "Profile This one"
    );
    let has = graph.read(&format!("{path}/assignedDevices")).await;
    assert_eq!(id(&has["value"][0]), device);
    let count = graph.0.get(&format!("{path}/assignedDevices/$count")).await;
    assert_eq!(count.text(), "1");
    let has = graph
        .read(&format!("{PROFILES}/{lab}/assignedDevices"))
        .await;
    assert_eq!(has["value"], json!([]));

    let wanted = json!({"outOfBoxExperienceSetting": {"escapeLinkHidden": true}}).to_string();
    graph.send(Method::PATCH, &path, &wanted).await.is(200);
    let file = downloads(&scene, &hash).await;
    assert_eq!(file["CloudAssignedForcedEnrollment"], 1, "at once");
    graph.send(Method::DELETE, &path, "").await.is(204);
    assert_eq!(
        downloads(&scene, &hash).await["Comment_File"],
        "Profile Lab"
    );
}

async fn what_was_assigned_to_a_device_itself_is_taken_back(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let (device, hash) = device(&scene, &graph, 52, TAG).await;
    let (lab, one) = (made(&graph, "Lab").await, made(&graph, "This one").await);
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    assign(&graph, &lab, all).await;
    let devices = json!({"deviceIds": [device]});
    let path = format!("{PROFILES}/{one}/assign");
    graph.post(&path, &devices).await.is(204);
    let itself = |profile: &str| format!("{PROFILES}/{profile}/assignedDevices/{device}");
    assert_eq!(id(&graph.read(&itself(&one)).await), device);
    graph.get(&itself(&lab)).await.is(404);
    let refused = graph.send(Method::DELETE, &itself(&lab), "").await.is(409);
    assert!(refused.text().contains("not assigned to the device itself"));
    graph.send(Method::DELETE, &itself(&one), "").await.is(204);
    assert_eq!(
        downloads(&scene, &hash).await["Comment_File"],
        "Profile Lab"
    );
    graph.get(&itself(&one)).await.is(404);
    assert_eq!(id(&graph.read(&itself(&lab)).await), device);
    graph.send(Method::DELETE, &itself(&one), "").await.is(409);
    let unknown = format!("{PROFILES}/{one}/assignedDevices/{one}");
    graph.send(Method::DELETE, &unknown, "").await.is(404);
}

async fn assignments_come_and_go_by_their_ids(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let lab = made(&graph, "Lab").await;
    let group = group(&graph, TAG).await;
    let not_these = json!({
        "@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget",
        "groupId": group,
    });
    let assigned = assign(&graph, &lab, not_these).await;
    assert_eq!(assigned["id"], format!("{lab}_{group}_1"));
    let all = format!("{PROFILES}/{lab}/assignments");
    let path = format!("{all}/{}", id(&assigned));
    assert_eq!(graph.read(&path).await["target"]["groupId"], group);
    let to = json!({"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": group}});
    let changed = graph
        .send(Method::PATCH, &path, &to.to_string())
        .await
        .is(200);
    let now = id(&value(&changed));
    assert_eq!(now, format!("{lab}_{group}_0"));
    graph.get(&path).await.is(404);
    let listed = graph.read(&all).await;
    assert_eq!(listed["value"].as_array().map(Vec::len), Some(1));
    let expanded = graph
        .read(&format!("{PROFILES}/{lab}?$expand=assignments"))
        .await;
    assert_eq!(expanded["assignments"], listed["value"]);
    let path = format!("{all}/{now}");
    graph.send(Method::DELETE, &path, "").await.is(204);
    graph.send(Method::DELETE, &path, "").await.is(404);
    assert_eq!(graph.0.get(&format!("{all}/$count")).await.text(), "0");
}
