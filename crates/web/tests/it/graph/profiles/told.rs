//! What is refused, and what a device says of its profile.

use super::*;

on_both![
    what_does_not_fit_is_said,
    a_profile_is_its_customers_alone,
    a_device_says_which_profile_it_has,
];

async fn what_does_not_fit_is_said(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let lab = made(&graph, "Lab").await;
    for (wrong, says) in [
        (json!({"displayName": ""}), "The name must have"),
        (
            json!({"displayName": "x", "deviceNameTemplate": "%RAND:16%"}),
            "name template",
        ),
        (
            json!({"displayName": "x", "deviceType": "toaster"}),
            "deviceType",
        ),
        (
            json!({"displayName": "x", "outOfBoxExperienceSetting": {"keyboardSelectionPageSkipped": true}}),
            "language",
        ),
        (json!({"displayName": 7}), "must be an object"),
    ] {
        let refused = graph.post(PROFILES, &wrong).await.is(400);
        assert!(refused.text().contains(says), "{wrong}: {}", refused.text());
    }
    let path = format!("{PROFILES}/{lab}");
    let nowhere = "d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11";
    for (target, says) in [
        (
            json!({"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": nowhere}),
            "no such group",
        ),
        (
            json!({"@odata.type": "#microsoft.graph.groupAssignmentTarget"}),
            "must be a GUID",
        ),
        (
            json!({"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}),
            "allDevicesAssignmentTarget",
        ),
    ] {
        let sent = json!({ "target": target });
        let refused = graph
            .post(&format!("{path}/assignments"), &sent)
            .await
            .is(400);
        assert!(refused.text().contains(says), "{}", refused.text());
    }
    let assign = format!("{path}/assign");
    graph
        .post(&assign, &json!({"deviceIds": [nowhere]}))
        .await
        .is(404);
    graph
        .post(&assign, &json!({"deviceIds": ["seven"]}))
        .await
        .is(400);
}

async fn a_profile_is_its_customers_alone(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let lab = made(&graph, "Lab").await;
    let all = json!({"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"});
    let assigned = id(&assign(&graph, &lab, all).await);
    let stranger = Graph::of(&scene.registry, &scene.other).await;
    let path = format!("{PROFILES}/{lab}");
    for (method, path, body) in [
        (Method::GET, path.clone(), ""),
        (Method::PATCH, path.clone(), "{}"),
        (Method::DELETE, path.clone(), ""),
        (
            Method::POST,
            format!("{path}/assign"),
            r#"{"deviceIds":[]}"#,
        ),
        (Method::GET, format!("{path}/assignments"), ""),
        (Method::GET, format!("{path}/assignments/{assigned}"), ""),
        (Method::DELETE, format!("{path}/assignments/{assigned}"), ""),
        (Method::GET, format!("{path}/assignedDevices"), ""),
    ] {
        stranger.send(method, &path, body).await.is(404);
    }
    let theirs = stranger.read(PROFILES).await;
    assert_eq!(theirs["value"].as_array().map(Vec::len), Some(4));
}

async fn a_device_says_which_profile_it_has(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let (device, hash) = device(&scene, &graph, 52, "Lab 7").await;
    let path = format!("{BETA}/windowsAutopilotDeviceIdentities/{device}");
    let status = async || {
        let device = graph.read(&path).await;
        device["deploymentProfileAssignmentStatus"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(status().await.as_deref(), Some("notAssigned"));
    graph
        .get(&format!("{path}/deploymentProfile"))
        .await
        .is(404);
    let lab = made(&graph, "Lab").await;
    let devices = json!({ "deviceIds": [device] });
    graph
        .post(&format!("{PROFILES}/{lab}/assign"), &devices)
        .await
        .is(204);
    assert_eq!(status().await.as_deref(), Some("assignedUnkownSyncState"));
    scene.registry.clock.advance_seconds(3);
    downloads(&scene, &hash).await;
    let both = graph
        .read(&format!(
            "{path}?$expand=deploymentProfile,intendedDeploymentProfile"
        ))
        .await;
    assert_eq!(both["deploymentProfile"]["id"], lab);
    assert_eq!(both["intendedDeploymentProfile"]["displayName"], "Lab");
    let alone = graph
        .read(&format!("{path}/intendedDeploymentProfile"))
        .await;
    assert_eq!(alone["id"], lab);
    let mut browser = scene.registry.client(&scene.customer);
    let page = browser.get(&format!("/devices/{device}")).await.is(200);
    assert!(page.text().contains("Assigned to this device"));
    let plain = format!("{V1}/windowsAutopilotDeviceIdentities/{device}?$expand=deploymentProfile");
    graph.get(&plain).await.is(400);
}
