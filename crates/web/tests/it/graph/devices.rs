//! Registered devices: lists, changes, acts, release.

use axum::http::Method;
use device_list::sample::SampleDevices;
use serde_json::{Value, json};

use super::script::body;
use super::{BETA, Graph, V1};
use crate::both::on_both;
use crate::harness::{Registry, TAG};
use crate::partner_center::{Scene, hashes, tuples, value};

on_both![
    versions_have_their_own_properties,
    devices_are_found_by_what_is_asked,
    pages_lead_through_all_of_them,
    users_and_accounts_come_and_go,
    a_device_is_changed_and_released,
    several_are_released_by_their_serial_numbers,
    one_is_registered_at_once,
    what_is_anothers_is_not_there,
    a_tag_of_the_customers_own_is_shown_in_the_portal,
    the_profile_that_a_device_downloads_is_shown,
    what_beta_alone_has_is_not_changed_in_the_other_version,
];

pub(super) fn devices(base: &str) -> String {
    format!("{base}/windowsAutopilotDeviceIdentities")
}

pub(super) fn ids(page: &Value) -> Vec<String> {
    let items = page["value"].as_array().expect("a list");
    let id = |item: &Value| item["id"].as_str().expect("an id").to_owned();
    items.iter().map(id).collect()
}

/// Devices of the customer's own.
pub(super) async fn import(scene: &Scene, graph: &Graph, seed: u64, count: usize, tag: &str) {
    let hashes = hashes(seed, count);
    let sent: Vec<_> = hashes.iter().map(|hash| body("", hash, tag)).collect();
    let sent = json!({"importedWindowsAutopilotDeviceIdentities": sent});
    let path = format!("{V1}/importedWindowsAutopilotDeviceIdentities/import");
    graph.post(&path, &sent).await.is(200);
    scene.registry.work_off().await;
}

pub(super) async fn scene(registry: Registry) -> (Scene, Graph) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    (scene, graph)
}

async fn versions_have_their_own_properties(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 31, 1, TAG).await;
    let old = graph.read(&devices(V1)).await;
    let new = graph.read(&devices(BETA)).await;
    assert_eq!(old["value"][0].get("deviceFriendlyName"), None);
    assert_eq!(new["value"][0]["deviceFriendlyName"], "");
    assert_eq!(new["value"][0]["deviceAccountPassword"], Value::Null);
    let status = &new["value"][0]["deploymentProfileAssignmentStatus"];
    assert_eq!(status, "assignedUnkownSyncState");
    let context = old["@odata.context"].as_str().expect("a text");
    assert!(context.starts_with("http://registry.example/v1.0/$metadata#"));
    let only_beta = format!("{}?$select=deviceFriendlyName", devices(V1));
    graph.get(&only_beta).await.is(400);
}

async fn devices_are_found_by_what_is_asked(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 32, 3, "Lab 7").await;
    scene.register("Autumn", tuples("PC-", 4)).await;
    let found = async |query: &str| {
        let query = query.replace(' ', "%20");
        ids(&graph.read(&format!("{}?{query}", devices(BETA))).await).len()
    };
    let sample = SampleDevices::new(32).next().expect("a device");
    let serial = sample.serial.as_str().to_lowercase();
    for (query, count) in [
        ("", 7),
        (&*format!("$filter=serialNumber eq '{serial}'"), 1),
        ("$filter=serialNumber eq 'PC-000'", 0),
        ("$filter=contains(serialNumber,'c-00')", 4),
        ("$filter=contains(serialNumber,'')", 7),
        ("$filter=startswith(serialNumber,'PC-0002')", 1),
        ("$filter=startswith(serialNumber,'C-0002')", 0),
        ("$filter=endswith(serialNumber,'0003')", 1),
        ("$filter=groupTag eq 'LAB 7'", 3),
        ("$filter=groupTag eq 'nothing'", 0),
        (
            "$filter=groupTag eq 'Lab 7' and contains(serialNumber,'PC')",
            0,
        ),
        (
            "$filter=groupTag eq 'Lab 7' or contains(serialNumber,'PC')",
            7,
        ),
        ("$filter=not contains(serialNumber,'PC')", 3),
        ("$filter=enrollmentState eq 'notContacted'&$top=5", 5),
        ("$filter=enrollmentState eq 'enrolled'", 0),
        ("$filter=model eq 'BOOK 13'", 4),
        (
            "$filter=model eq 'Book 13' and manufacturer eq 'contoso'",
            4,
        ),
        ("$filter=model eq 'Book 13' and model eq 'Book 14'", 0),
        ("$filter=model eq 'Book 13' and groupTag eq 'Lab 7'", 0),
        ("$filter=(model eq 'Book 13' or groupTag eq 'lab 7')", 7),
        (
            "$filter=model eq 'Book 13' and serialNumber ne 'PC-0001'",
            3,
        ),
        ("$filter=lastContactedDateTime lt 2026-05-01T10:00:00Z", 7),
        ("$filter=lastContactedDateTime ge 2026-05-01T10:00:00Z", 0),
        ("$filter=serialNumber in ('PC-0001','PC-0004')", 2),
        ("$skip=5", 2),
        ("$orderby=serialNumber desc&$top=3", 3),
    ] {
        assert_eq!(found(query).await, count, "{query}");
        if query.starts_with("$filter") && !query.contains('&') {
            let query = query.replace(' ', "%20");
            let counted = format!("{}/$count?{query}", devices(BETA));
            let counted = graph.get(&counted).await.is(200).text();
            assert_eq!(counted, count.to_string(), "{query}");
        }
    }
    let counted = format!("{}/$count?$filter=contains(serialNumber,'PC')", devices(V1));
    assert_eq!(graph.get(&counted).await.is(200).text(), "4");
    let all = graph.get(&format!("{}/$count", devices(V1))).await.is(200);
    assert_eq!(all.text(), "7");
    let ordered = format!("{}?$orderby=serialNumber%20desc&$top=1", devices(V1));
    let ordered = graph.read(&ordered).await;
    assert_ne!(ordered["@odata.nextLink"], Value::Null);
}

async fn pages_lead_through_all_of_them(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 33, 250, TAG).await;
    let mut next = format!("{}?$top=100&$filter=groupTag%20ne%20'x'", devices(BETA));
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let page = graph.read(&next).await;
        seen.extend(ids(&page));
        pages += 1;
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
    assert_eq!((seen.len(), pages), (250, 3));
}

async fn users_and_accounts_come_and_go(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 34, 1, TAG).await;
    let id = ids(&graph.read(&devices(V1)).await).remove(0);
    let device = format!("{}/{id}", devices(BETA));
    let act = async |name: &str, sent: Value| {
        graph.post(&format!("{device}/{name}"), &sent).await.is(204);
        graph.read(&device).await
    };
    let user = json!({"userPrincipalName": "ada@harrow.example", "addressableUserName": "Ada"});
    let found = act("assignUserToDevice", user).await;
    assert_eq!(found["userPrincipalName"], "ada@harrow.example");
    assert_eq!(found["addressableUserName"], "Ada");
    let found = act("unassignUserFromDevice", json!({})).await;
    assert_eq!(found["userPrincipalName"], "");
    let account = json!({
        "userPrincipalName": "lobby@harrow.example",
        "addressableUserName": "Lobby",
        "resourceAccountName": "Lobby room",
    });
    let found = act("assignResourceAccountToDevice", account).await;
    assert_eq!(found["deviceAccountUpn"], "lobby@harrow.example");
    assert_eq!(found["resourceName"], "Lobby room");
    let found = act("unassignResourceAccountFromDevice", json!({})).await;
    for name in ["deviceAccountUpn", "resourceName", "addressableUserName"] {
        assert_eq!(found[name], "", "{name}");
    }
    let found = act("allowNextEnrollment", json!({})).await;
    assert_eq!(found["userlessEnrollmentStatus"], "allowed");
    let secret = json!({"deviceAccountUpn": "x@y.example", "deviceAccountPassword": "not kept"});
    let found = act("updateDeviceProperties", secret).await;
    assert_eq!(found["deviceAccountUpn"], "x@y.example");
    assert_eq!(found["deviceAccountPassword"], Value::Null);
    let nobody = graph
        .post(&format!("{device}/assignUserToDevice"), &json!({}))
        .await;
    nobody.is(400);
}

async fn a_device_is_changed_and_released(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 35, 1, TAG).await;
    let device = graph.read(&devices(V1)).await["value"][0].clone();
    let place = format!("{}/{}", devices(V1), device["id"].as_str().expect("an id"));
    let mut sent = device.clone();
    sent["displayName"] = json!("Desk 7");
    sent["purchaseOrderIdentifier"] = json!("PO 4711");
    sent["groupTag"] = Value::Null;
    let changed = graph.send(Method::PATCH, &place, &sent.to_string()).await;
    let changed = value(&changed.is(200));
    assert_eq!(changed["displayName"], "Desk 7");
    assert_eq!(changed["groupTag"], "");
    assert_eq!(
        graph.read(&place).await["purchaseOrderIdentifier"],
        "PO 4711"
    );
    let other = json!({"serialNumber": "another"}).to_string();
    graph.send(Method::PATCH, &place, &other).await.is(400);
    graph.send(Method::PATCH, &place, "[]").await.is(400);
    graph.send(Method::DELETE, &place, "").await.is(204);
    graph.send(Method::DELETE, &place, "").await.is(404);
    graph.get(&place).await.is(404);
}

async fn several_are_released_by_their_serial_numbers(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    scene.register("Autumn", tuples("PC-", 3)).await;
    // The same number on a machine of another make.
    let twin = json!([{
        "serialNumber": "PC-0003", "modelName": "Slate", "oemManufacturerName": "Fabrikam",
    }]);
    scene.register("Autumn", twin).await;
    let path = format!("{}/deleteDevices", devices(BETA));
    let sent = json!({"serialNumbers": ["pc-0001", "PC-00", "PC-0003", ""]});
    let answer = value(&graph.post(&path, &sent).await.is(200));
    let states: Vec<_> = answer["value"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["deletionState"].as_str().expect("a word"))
        .collect();
    assert_eq!(states, ["accepted", "failed", "failed", "failed"]);
    let count = graph.get(&format!("{}/$count", devices(V1))).await;
    assert_eq!(count.text(), "3");
    let reader = graph.post(&path, &json!({"serialNumbers": []})).await;
    reader.is(400);
}

async fn one_is_registered_at_once(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let hash = hashes(36, 1).remove(0);
    let sent = json!({"hardwareIdentifier": hash, "groupTag": "Lab 7", "displayName": "Desk 7"});
    let made = value(&graph.post(&devices(V1), &sent).await.is(201));
    assert_eq!(
        (&made["groupTag"], &made["displayName"]),
        (&json!("Lab 7"), &json!("Desk 7"))
    );
    let again = graph.post(&devices(V1), &sent).await.is(400);
    assert!(again.text().contains("806 ZtdDeviceAlreadyAssigned"));
    let tuple = json!({"manufacturer": "Contoso", "model": "Book", "serialNumber": "7"});
    graph.post(&devices(V1), &tuple).await.is(400);
}

async fn what_is_anothers_is_not_there(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 37, 1, TAG).await;
    let id = ids(&graph.read(&devices(V1)).await).remove(0);
    let other = Graph::of(&scene.registry, &scene.other).await;
    assert!(ids(&other.read(&devices(V1)).await).is_empty());
    let device = format!("{}/{id}", devices(BETA));
    for (method, path) in [
        (Method::GET, device.clone()),
        (Method::PATCH, device.clone()),
        (Method::DELETE, device.clone()),
        (Method::POST, format!("{device}/updateDeviceProperties")),
        (Method::POST, format!("{device}/unassignUserFromDevice")),
        (Method::POST, format!("{device}/allowNextEnrollment")),
    ] {
        other.send(method, &path, "{}").await.is(404);
    }
    let serial = SampleDevices::new(37).next().expect("a device").serial;
    let sent = json!({"serialNumbers": [serial.as_str()]});
    let answer = other
        .post(&format!("{}/deleteDevices", devices(V1)), &sent)
        .await;
    assert_eq!(
        value(&answer.is(200))["value"][0]["deletionState"],
        "failed"
    );
    graph.get(&device).await.is(200);
}

async fn a_tag_of_the_customers_own_is_shown_in_the_portal(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 38, 1, "Lab <7>").await;
    let id = ids(&graph.read(&devices(V1)).await).remove(0);
    let named = json!({"displayName": "Desk 7"});
    let act = format!("{}/{id}/updateDeviceProperties", devices(V1));
    graph.post(&act, &named).await.is(204);
    let mut portal = scene.registry.client(&scene.customer);
    let list = portal.get("/devices").await.is(200).text();
    assert!(list.contains("<option value=\"Lab &#60;7&#62;\""), "{list}");
    let page = portal.get(&format!("/devices/{id}")).await.is(200).text();
    assert!(page.contains("Lab &#60;7&#62;, own group tag"), "{page}");
    assert!(page.contains("Choose a group tag") && page.contains("Desk 7"));
    let narrowed = portal.get("/devices?tag=Lab+%3C7%3E").await.is(200).text();
    assert!(narrowed.contains(&id));
}

async fn the_profile_that_a_device_downloads_is_shown(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 39, 1, TAG).await;
    import(&scene, &graph, 40, 1, "Lab 7").await;
    let tagged = async |tag: &str| {
        let query = format!("?$filter=groupTag%20eq%20'{tag}'");
        ids(&graph.read(&format!("{}{query}", devices(BETA))).await).remove(0)
    };
    let (with, without) = (&tagged(TAG).await, &tagged("Lab%207").await);
    let expanded = "?$expand=deploymentProfile,intendedDeploymentProfile";
    let found = graph
        .read(&format!("{}/{with}{expanded}", devices(BETA)))
        .await;
    let status = found["deploymentProfileAssignmentStatus"].as_str();
    assert!(status.is_some_and(|word| word.starts_with("assigned")));
    let profile = &found["deploymentProfile"];
    assert_eq!(profile, &found["intendedDeploymentProfile"]);
    assert_eq!(
        profile["outOfBoxExperienceSettings"]["deviceUsageType"],
        "singleUser"
    );
    for name in ["deploymentProfile", "intendedDeploymentProfile"] {
        let path = format!("{}/{with}/{name}", devices(BETA));
        let own = graph.read(&path).await;
        assert_eq!(own["id"], profile["id"]);
        let path = format!("{}/{without}/{name}", devices(BETA));
        graph.get(&path).await.is(404);
    }
    let found = graph
        .read(&format!("{}{expanded}&$select=id", devices(BETA)))
        .await;
    let of = |id: &str| {
        let items = found["value"].as_array().expect("a list").iter();
        items
            .clone()
            .find(|item| item["id"] == id)
            .cloned()
            .expect("is there")
    };
    assert_eq!(of(without)["deploymentProfile"], Value::Null);
    assert_eq!(of(with)["deploymentProfile"]["id"], profile["id"]);
    let only_beta = format!("{}/{with}{expanded}", devices(V1));
    graph.get(&only_beta).await.is(400);
    // The device gets it by the profile that its customer makes for it.
    let made = json!({"@odata.type": "#microsoft.graph.azureADWindowsAutopilotDeploymentProfile",
        "displayName": "Lab", "outOfBoxExperienceSettings": {"deviceUsageType": "shared"}});
    let profiles = format!("{BETA}/windowsAutopilotDeploymentProfiles");
    let made = value(&graph.post(&profiles, &made).await.is(201));
    let made = made["id"].as_str().expect("an id");
    let assigned = json!({"deviceIds": [without]});
    graph
        .post(&format!("{profiles}/{made}/assign"), &assigned)
        .await
        .is(204);
    let of_it = graph
        .read(&format!("{profiles}/{made}/assignedDevices"))
        .await;
    assert_eq!(ids(&of_it), std::slice::from_ref(without));
    let now = graph
        .read(&format!("{}/{without}/deploymentProfile", devices(BETA)))
        .await;
    assert_eq!(now["displayName"], "Lab");
}

async fn what_beta_alone_has_is_not_changed_in_the_other_version(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    import(&scene, &graph, 43, 1, TAG).await;
    let id = ids(&graph.read(&devices(V1)).await).remove(0);
    let path = format!("{}/{id}", devices(V1));
    let act = format!("{path}/updateDeviceProperties");
    for name in [
        "deviceAccountUpn",
        "deviceAccountPassword",
        "deviceFriendlyName",
    ] {
        let sent = json!({ name: "v1@x.example" });
        let refused = graph.post(&act, &sent).await.is(400);
        assert!(refused.text().contains("beta alone"), "{}", refused.text());
        let sent = sent.to_string();
        graph.send(Method::PATCH, &path, &sent).await.is(400);
        let beta = format!("{}/{id}/UpdateDeviceProperties", devices(BETA));
        graph.0.send(Method::POST, &beta, &[], sent).await.is(204);
    }
    let found = graph.read(&format!("{}/{id}", devices(BETA))).await;
    assert_eq!(found["deviceAccountUpn"], "v1@x.example");
    let both = json!({"groupTag": "Lab 7", "displayName": null});
    graph.post(&act, &both).await.is(204);
}
