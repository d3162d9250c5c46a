//! Devices and the profiles they have: since when, what comes along by `$expand`, and what is done
//! with a device below its profile.

use axum::http::Method;
use serde_json::{Value, json};

use super::profiles::{PROFILES, assign, device, downloads, group, id, made, scene};
use super::script::body;
use super::{BETA, V1};
use crate::both::on_both;
use crate::harness::{Registry, TAG};
use crate::partner_center::{hashes, value};

on_both![
    a_device_says_since_when_it_has_its_profile,
    what_is_expanded_is_chosen_from,
    a_profile_tells_of_its_first_devices_and_where_the_others_are,
    devices_are_worked_on_below_their_profile,
    which_profiles_are_assigned_is_told,
];

/// The properties that an item has.
fn names(item: &Value) -> Vec<String> {
    let names = item.as_object().expect("an object").keys();
    let own = names.filter(|name| !name.starts_with('@'));
    own.cloned().collect()
}

async fn a_device_says_since_when_it_has_its_profile(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let (first, hash) = device(&scene, &graph, 61, "Lab 7").await;
    let path = |id: &str| format!("{BETA}/windowsAutopilotDeviceIdentities/{id}");
    let told = async |id: &str| {
        let device = graph.read(&path(id)).await;
        let text = |name: &str| device[name].as_str().unwrap_or_default().to_owned();
        (
            text("deploymentProfileAssignedDateTime"),
            text("deploymentProfileAssignmentStatus"),
        )
    };
    let later = || {
        scene.registry.clock.advance_seconds(100);
        scene.registry.desk.now().to_string()
    };
    let unsure = "assignedUnkownSyncState".to_owned();
    let never = "0001-01-01T00:00:00Z".to_owned();
    assert_eq!(told(&first).await, (never, "notAssigned".to_owned()));

    // To all devices: those there are have it from then on, another from its registration.
    let (lab, to_all) = (made(&graph, "Lab").await, later());
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    assign(&graph, &lab, all.clone()).await;
    assert_eq!(told(&first).await, (to_all.clone(), unsure.clone()));
    let registered = later();
    let (second, _) = device(&scene, &graph, 62, "Lab 8").await;
    assert_eq!(told(&second).await.0, registered);

    // To its group tag, which comes before all devices.
    let (tagged, to_tag) = (made(&graph, "Tagged").await, later());
    let target = json!({
        "@odata.type": "#microsoft.graph.groupAssignmentTarget",
        "groupId": group(&graph, "Lab 7").await,
    });
    assign(&graph, &tagged, target).await;
    assert_eq!(told(&first).await.0, to_tag);
    assert_eq!(told(&second).await.0, registered);

    // To the device itself; giving it once more changes nothing.
    let itself = later();
    let devices = json!({ "deviceIds": [first] });
    let give = format!("{PROFILES}/{lab}/assign");
    graph.post(&give, &devices).await.is(204);
    later();
    graph.post(&give, &devices).await.is(204);
    assert_eq!(told(&first).await, (itself.clone(), unsure.clone()));
    downloads(&scene, &hash).await;
    scene.registry.desk.note_asked().await.expect("noted");
    assert_eq!(told(&first).await, (itself, "assignedInSync".to_owned()));

    // Taken back, it goes back to its group tag's, which it does not have yet.
    let back = later();
    let taken = format!("{PROFILES}/{lab}/assignedDevices/{first}");
    graph.send(Method::DELETE, &taken, "").await.is(204);
    assert_eq!(told(&first).await, (back, unsure));

    // Another group tag brings another profile.
    let retagged = later();
    let tag = json!({"groupTag": TAG}).to_string();
    graph
        .send(Method::PATCH, &path(&second), &tag)
        .await
        .is(200);
    assert_eq!(told(&second).await.0, retagged);
}

async fn what_is_expanded_is_chosen_from(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let lab = made(&graph, "Lab").await;
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    assign(&graph, &lab, all).await;
    let (device, _) = device(&scene, &graph, 71, "").await;
    let devices = format!("{BETA}/windowsAutopilotDeviceIdentities");
    let chosen = "$select=id&$expand=intendedDeploymentProfile($select=displayName),\
                  deploymentProfile($select=id,displayName)";
    for path in [
        format!("{devices}?{chosen}"),
        format!("{devices}/{device}?{chosen}"),
    ] {
        let found = graph.read(&path).await;
        let item = found["value"].get(0).unwrap_or(&found);
        assert_eq!(names(&item["intendedDeploymentProfile"]), ["displayName"]);
        assert_eq!(names(&item["deploymentProfile"]), ["displayName", "id"]);
    }
    for wrong in [
        "deploymentProfile($select=nope)",
        "deploymentProfile($foo)",
        "deploymentProfile(",
        "deploymentProfile)",
        "deploymentProfile/assignments",
        "deploymentProfile($expand=assignments)",
    ] {
        graph
            .get(&format!("{devices}?$expand={wrong}"))
            .await
            .is(400);
    }

    let chosen = "$expand=assignedDevices($select=id,serialNumber),assignments($select=id)";
    let one = graph.read(&format!("{PROFILES}/{lab}?{chosen}")).await;
    let list = graph
        .read(&format!(
            "{PROFILES}?{chosen}&$filter=displayName%20eq%20'Lab'&$select=id"
        ))
        .await;
    for profile in [&one, &list["value"][0]] {
        assert_eq!(profile["assignedDevices"][0]["id"], device);
        assert_eq!(
            names(&profile["assignedDevices"][0]),
            ["id", "serialNumber"]
        );
        assert_eq!(names(&profile["assignments"][0]), ["id"]);
    }
    graph
        .get(&format!("{PROFILES}?$expand=assignedDevices($select=nope)"))
        .await
        .is(400);
}

async fn a_profile_tells_of_its_first_devices_and_where_the_others_are(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let lab = made(&graph, "Lab").await;
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    assign(&graph, &lab, all).await;
    let import = format!("{V1}/importedWindowsAutopilotDeviceIdentities/import");
    let more: Vec<_> = hashes(72, 25)
        .iter()
        .map(|hash| body("", hash, ""))
        .collect();
    let more = json!({"importedWindowsAutopilotDeviceIdentities": more});
    graph.post(&import, &more).await.is(200);
    scene.registry.work_off().await;
    let path = format!("{PROFILES}/{lab}?$select=id&$expand=assignedDevices($select=id)");
    let first = graph.read(&path).await;
    let next = first["assignedDevices@odata.nextLink"]
        .as_str()
        .expect("a link");
    let next = next.trim_start_matches("http://registry.example");
    let rest = graph.read(next).await;
    let mut seen: Vec<_> = [&first["assignedDevices"], &rest["value"]]
        .into_iter()
        .flat_map(|items| items.as_array().expect("a list"))
        .map(|item| {
            assert_eq!(names(item), ["id"]);
            id(item)
        })
        .collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 25);
}

async fn devices_are_worked_on_below_their_profile(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let (lab, other) = (made(&graph, "Lab").await, made(&graph, "Other").await);
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    assign(&graph, &lab, all).await;
    let (device, _) = device(&scene, &graph, 73, "").await;
    let at =
        |profile: &str, act: &str| format!("{PROFILES}/{profile}/assignedDevices/{device}{act}");
    let user = json!({"userPrincipalName": "ada@harrow.example", "addressableUserName": "Ada"});
    graph
        .post(&at(&lab, "/assignUserToDevice"), &user)
        .await
        .is(204);
    assert_eq!(
        graph.read(&at(&lab, "")).await["addressableUserName"],
        "Ada"
    );
    let none = json!({});
    for act in [
        "unassignUserFromDevice",
        "allowNextEnrollment",
        "unassignResourceAccountFromDevice",
    ] {
        graph
            .post(&at(&lab, &format!("/{act}")), &none)
            .await
            .is(204);
    }
    graph
        .post(&at(&lab, "/assignResourceAccountToDevice"), &user)
        .await
        .is(204);
    let named = json!({"displayName": "Desk 7"});
    graph
        .post(&at(&lab, "/updateDeviceProperties"), &named)
        .await
        .is(204);
    let tagged = json!({"groupTag": "Lab 7"}).to_string();
    let changed = graph
        .send(Method::PATCH, &at(&lab, ""), &tagged)
        .await
        .is(200);
    assert_eq!(value(&changed)["displayName"], "Desk 7");
    for has in ["deploymentProfile", "intendedDeploymentProfile"] {
        let found = graph.read(&at(&lab, &format!("/{has}"))).await;
        assert_eq!(found["id"], lab);
    }
    // What has another profile is not there, and nothing is made there.
    graph
        .post(&at(&other, "/assignUserToDevice"), &user)
        .await
        .is(404);
    graph
        .send(Method::PATCH, &at(&other, ""), &tagged)
        .await
        .is(404);
    graph.get(&at(&other, "/deploymentProfile")).await.is(404);
    let devices = format!("{PROFILES}/{lab}/assignedDevices");
    graph.post(&devices, &none).await.is(405);
}

async fn which_profiles_are_assigned_is_told(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let (lab, idle) = (made(&graph, "Lab").await, made(&graph, "Idle").await);
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    assign(&graph, &lab, all).await;
    let unknown = "d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11";
    let path = format!("{PROFILES}/hasPayloadLinks");
    let asked = json!({"payloadIds": [lab, idle, unknown, lab]});
    let told = value(&graph.post(&path, &asked).await.is(200));
    let told = told["value"].as_array().expect("a list");
    let links: Vec<_> = told.iter().map(|item| item["hasLink"] == true).collect();
    assert_eq!(links, [true, false, false, true]);
    assert_eq!(told[0]["sources"], json!(["direct"]));
    assert_eq!(
        (&told[1]["error"], &told[1]["sources"]),
        (&json!(""), &json!([]))
    );
    assert_ne!(told[2]["error"], "");
    let many = json!({ "payloadIds": vec![unknown; 1001] });
    graph.post(&path, &many).await.is(413);
    graph.post(&path, &json!({})).await.is(400);
}
