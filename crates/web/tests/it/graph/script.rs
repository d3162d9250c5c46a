//! What `Get-WindowsAutopilotInfo -Online` does, call by call, with its bodies (api.md 5.4).

use axum::http::Method;
use serde_json::{Value, json};

use super::{BETA, Graph};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Scene, hashes, value};

on_both![
    a_device_is_imported_as_the_script_does_it,
    a_device_that_is_there_is_an_error_by_its_name,
    devices_elsewhere_and_broken_hashes_have_their_codes,
];

/// The body of the script: its types, and a state that means nothing here.
pub(super) fn body(serial: &str, hash: &str, tag: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.importedWindowsAutopilotDeviceIdentity",
        "groupTag": tag,
        "serialNumber": serial,
        "productKey": "",
        "hardwareIdentifier": hash,
        "assignedUserPrincipalName": "",
        "state": {
            "@odata.type": "microsoft.graph.importedWindowsAutopilotDeviceIdentityState",
            "deviceImportStatus": "pending",
            "deviceRegistrationId": "",
            "deviceErrorCode": 0,
            "deviceErrorName": ""
        }
    })
}

fn imports() -> String {
    format!("{BETA}/importedWindowsAutopilotDeviceIdentities")
}

fn devices() -> String {
    format!("{BETA}/windowsAutopilotDeviceIdentities")
}

async fn a_device_is_imported_as_the_script_does_it(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let hash = hashes(21, 1).remove(0);
    let sent = body("", &hash, "Lab 7");
    let made = value(&graph.post(&imports(), &sent).await.is(201));
    let id = made["id"].as_str().expect("an id");
    assert_eq!(made["state"]["deviceImportStatus"], "unknown");
    assert_eq!(made["state"]["deviceErrorCode"], 0);
    assert_eq!(made["hardwareIdentifier"], "");
    assert_eq!(
        (&made["productKey"], &made["importId"]),
        (&json!(id), &json!(id))
    );
    assert_eq!(made["groupTag"], "Lab 7");

    let place = format!("{}/{id}", imports());
    let waiting = graph.read(&place).await;
    assert_eq!(waiting["state"]["deviceImportStatus"], "unknown");
    scene.registry.work_off().await;
    let done = graph.read(&place).await;
    let state = &done["state"];
    assert_eq!(state["deviceImportStatus"], "complete");
    assert_eq!(state["deviceErrorName"], "None");
    // Newer versions read the whole list and match by serial number.
    let all = graph.read(&imports()).await;
    assert_eq!(all["value"].as_array().expect("a list").len(), 1);

    let device = state["deviceRegistrationId"].as_str().expect("an id");
    let device = format!("{}/{device}", devices());
    let found = graph.read(&device).await;
    assert_eq!(found["groupTag"], "Lab 7");
    assert_eq!(found["deploymentProfileAssignmentStatus"], "notAssigned");
    assert_ne!(found["serialNumber"], "");

    // The computer's name, with names that have no quotes.
    let named = "{ userPrincipalName: \"ada@harrow.example\", displayName: \"HV-0007\" }";
    let act = format!("{device}/UpdateDeviceProperties");
    graph.send(Method::POST, &act, named).await.is(204);
    let tagged = json!({"groupTag": crate::harness::TAG});
    graph.post(&act, &tagged).await.is(204);
    let found = graph.read(&device).await;
    assert_eq!(found["displayName"], "HV-0007");
    assert_eq!(found["userPrincipalName"], "ada@harrow.example");
    let status = found["deploymentProfileAssignmentStatus"].as_str();
    assert!(status.expect("a word").starts_with("assigned"));

    graph.send(Method::DELETE, &place, "").await.is(204);
    graph.get(&place).await.is(404);
    graph.get(&device).await.is(200);
}

async fn a_device_that_is_there_is_an_error_by_its_name(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let hash = hashes(22, 1).remove(0);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let made = graph.post(&imports(), &body("", &hash, "")).await.is(201);
        ids.push(value(&made)["id"].as_str().expect("an id").to_owned());
        scene.registry.work_off().await;
    }
    let second = graph.read(&format!("{}/{}", imports(), ids[1])).await;
    let state = &second["state"];
    assert_eq!(state["deviceImportStatus"], "error");
    assert_eq!(state["deviceErrorCode"], 806);
    assert_eq!(state["deviceErrorName"], "ZtdDeviceAlreadyAssigned");
    // The script looks for the device by its serial number then, in its own way of writing.
    let all = graph.read(&devices()).await;
    let serial = all["value"][0]["serialNumber"].as_str().expect("a text");
    let query = format!("/?$filter=contains(serialNumber,'{serial}')");
    let found = graph.0.read(&format!("{}{query}", devices())).await;
    assert_eq!(found["value"][0]["id"], state["deviceRegistrationId"]);
}

async fn devices_elsewhere_and_broken_hashes_have_their_codes(registry: Registry) {
    let scene = Scene::new(registry).await;
    let other = Graph::of(&scene.registry, &scene.other).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let hashes = hashes(23, 2);
    other
        .post(&imports(), &body("", &hashes[0], ""))
        .await
        .is(201);
    scene.registry.work_off().await;
    let broken = format!("{}AAAA", &hashes[1][..400]);
    let sent = json!({"importedWindowsAutopilotDeviceIdentities": [
        body("", &hashes[0], ""),
        body("", &broken, ""),
        body("", &hashes[1], "Lab 7"),
        body("", &hashes[1], "Lab 7"),
    ]});
    let made = graph.post(&format!("{}/import", imports()), &sent).await;
    let made = value(&made.is(200));
    assert_eq!(made["value"].as_array().expect("a list").len(), 4);
    scene.registry.work_off().await;
    let mut states = Vec::new();
    for one in made["value"].as_array().expect("a list") {
        let id = one["id"].as_str().expect("an id");
        let found = graph.read(&format!("{}/{id}", imports())).await;
        let state = &found["state"];
        states.push((
            state["deviceErrorCode"].as_i64().expect("a number"),
            state["deviceErrorName"]
                .as_str()
                .expect("a text")
                .to_owned(),
        ));
        assert!(!found.to_string().contains("T0"), "no hash comes back");
    }
    let names: Vec<_> = states.iter().map(|(n, name)| (*n, name.as_str())).collect();
    assert_eq!(
        names,
        [
            (808, "ZtdDeviceAssignedToOtherTenant"),
            (802, "InvalidZtdHardwareHash"),
            (0, "None"),
            (0, "ZtdDeviceDuplicated"),
        ]
    );
    // Of the other customer nothing is told.
    let all = graph.read(&devices()).await;
    assert_eq!(all["value"].as_array().expect("a list").len(), 1);
}
