//! Imported identities: what is refused, lists and pages, changes.

use axum::http::Method;
use serde_json::{Value, json};

use super::script::body;
use super::{BETA, Graph, V1};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Scene, hashes, value};

on_both![
    only_hashes_are_imported_and_a_thousand_at_most,
    lists_are_filtered_and_paged,
    an_identity_is_changed_where_that_makes_sense,
    a_client_library_that_encodes_once_more_is_understood,
    values_are_of_their_kind,
];

async fn only_hashes_are_imported_and_a_thousand_at_most(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{V1}/importedWindowsAutopilotDeviceIdentities");
    let import = format!("{path}/import");
    let tuple = json!({"serialNumber": "A1", "hardwareIdentifier": ""});
    let refused = graph.post(&path, &tuple).await.is(400);
    assert!(refused.text().contains("hardwareIdentifier"));
    let hash = hashes(24, 1).remove(0);
    let mixed = json!({"importedWindowsAutopilotDeviceIdentities": [body("", &hash, ""), tuple]});
    graph.post(&import, &mixed).await.is(400);
    let long = body("", &hash, &"x".repeat(300));
    let refused = graph.post(&path, &long).await.is(400);
    assert!(refused.text().contains("groupTag"));
    let many: Vec<Value> = (0..1001).map(|_| body("", "T0F", "")).collect();
    let many = json!({"importedWindowsAutopilotDeviceIdentities": many});
    let refused = graph.post(&import, &many).await.is(413);
    assert!(refused.text().contains("1000"));
    for wrong in [
        "",
        "[]",
        "{\"importedWindowsAutopilotDeviceIdentities\":[]}",
        "{",
    ] {
        graph.send(Method::POST, &import, wrong).await.is(400);
    }
    let count = graph.get(&format!("{path}/$count")).await.is(200);
    assert_eq!(count.text(), "0", "nothing was kept");
}

async fn lists_are_filtered_and_paged(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{BETA}/importedWindowsAutopilotDeviceIdentities");
    let hashes = hashes(25, 5);
    let one = |(n, hash): (usize, &String)| body("", hash, if n < 3 { "Lab 7" } else { "" });
    let sent: Vec<_> = hashes.iter().enumerate().map(one).collect();
    let sent = json!({"importedWindowsAutopilotDeviceIdentities": sent});
    graph.post(&format!("{path}/import"), &sent).await.is(200);
    let mut next = format!("{path}?$top=2&$count=true");
    let mut seen = Vec::new();
    loop {
        let page = graph.read(&next).await;
        assert_eq!(page["@odata.count"], 5);
        let items = page["value"].as_array().expect("a list");
        seen.extend(items.iter().map(|item| item["id"].to_string()));
        let Some(link) = page["@odata.nextLink"].as_str() else {
            break;
        };
        let (_, path) = link
            .split_once("http://registry.example")
            .expect("absolute");
        path.clone_into(&mut next);
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
    let count = async |query: &str| {
        let path = format!("{path}/$count?$filter={query}");
        graph.get(&path).await
    };
    assert_eq!(count("groupTag%20eq%20'lab%207'").await.is(200).text(), "3");
    let waiting = count("state/deviceImportStatus%20eq%20'unknown'").await;
    assert_eq!(waiting.is(200).text(), "5");
    let picked = graph.read(&format!("{path}?$select=id,state&$top=1")).await;
    let fields = picked["value"][0].as_object().expect("an object");
    assert_eq!(fields.len(), 2);
    graph
        .get(&format!("{path}?$filter=nothing%20eq%201"))
        .await
        .is(400);
    // Nobody else sees any of them.
    let other = Graph::of(&scene.registry, &scene.other).await;
    let none = other.read(&path).await;
    assert_eq!(none["value"], json!([]));
    let id = seen[0].trim_matches('"');
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let answer = other.send(method, &format!("{path}/{id}"), "{}").await;
        answer.is(404);
    }
}

async fn an_identity_is_changed_where_that_makes_sense(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{V1}/importedWindowsAutopilotDeviceIdentities");
    let hash = hashes(26, 1).remove(0);
    let made = value(&graph.post(&path, &body("", &hash, "Lab 7")).await.is(201));
    let place = format!("{path}/{}", made["id"].as_str().expect("an id"));
    let change = json!({"importId": "spring", "assignedUserPrincipalName": "ada@harrow.example"});
    let changed = graph.send(Method::PATCH, &place, &change.to_string()).await;
    assert_eq!(value(&changed.is(200))["importId"], "spring");
    for refused in [
        json!({"groupTag": "Lab 8"}),
        json!({"hardwareIdentifier": hash}),
    ] {
        let answer = graph
            .send(Method::PATCH, &place, &refused.to_string())
            .await;
        answer.is(400);
    }
    // The same as it is, sent back whole, is no change.
    let same = graph.send(Method::PATCH, &place, &made.to_string()).await;
    same.is(200);
    graph
        .send(Method::PATCH, &place, &change.to_string())
        .await
        .is(200);
    scene.registry.work_off().await;
    let done = graph.read(&place).await;
    let device = done["state"]["deviceRegistrationId"]
        .as_str()
        .expect("an id");
    let device = format!("{V1}/windowsAutopilotDeviceIdentities/{device}");
    let device = graph.read(&device).await;
    assert_eq!(device["userPrincipalName"], "ada@harrow.example");
}

async fn a_client_library_that_encodes_once_more_is_understood(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{V1}/importedWindowsAutopilotDeviceIdentities");
    let hash = hashes(27, 1).remove(0);
    let encoded = base64_simd::STANDARD.encode_to_string(hash);
    let made = value(&graph.post(&path, &body("", &encoded, "")).await.is(201));
    scene.registry.work_off().await;
    let place = format!("{path}/{}", made["id"].as_str().expect("an id"));
    let done = graph.read(&place).await;
    assert_eq!(done["state"]["deviceImportStatus"], "complete");
}

async fn values_are_of_their_kind(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{V1}/importedWindowsAutopilotDeviceIdentities");
    let hash = hashes(29, 1).remove(0);
    let with = |name: &str, value: Value| {
        let mut sent = body("", &hash, "Lab 7");
        sent[name] = value;
        sent
    };
    for wrong in [
        with("hardwareIdentifier", json!(5)),
        with("groupTag", json!(5)),
        with("importId", json!([])),
        json!([hash]),
    ] {
        graph.post(&path, &wrong).await.is(400);
    }
    // Nor is a list read for an object whose values it has in their order.
    let listed = json!({"importedWindowsAutopilotDeviceIdentities": [[hash, "", "", "Lab 7"]]});
    let import = format!("{path}/import");
    graph.post(&import, &listed).await.is(400);
    let calls = json!({"requests": [["1", "GET", "/organization"]]});
    graph.post("/beta/$batch", &calls).await.is(400);
    let profiles = format!("{BETA}/windowsAutopilotDeploymentProfiles");
    let block = json!({"displayName": "Lab", "outOfBoxExperienceSetting": [true]});
    graph.post(&profiles, &block).await.is(400);
    let count = graph.get(&format!("{path}/$count")).await.is(200);
    assert_eq!(count.text(), "0", "nothing was kept");
    graph
        .post(&path, &with("groupTag", Value::Null))
        .await
        .is(201);
}
