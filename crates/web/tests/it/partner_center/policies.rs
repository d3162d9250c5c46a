//! Configuration policies: made, changed, applied to devices, and what devices get (api.md 2.5).

use axum::http::Method;
use serde_json::{Value, json};

use super::{Api, Scene, hashes, tuples, value};
use crate::both::on_both;
use crate::harness::{Registry, TAG};

on_both![
    a_policy_is_made_changed_and_deleted_by_its_version,
    a_device_gets_the_profile_of_its_policy_while_it_has_one,
    every_device_of_an_update_has_its_own_result,
    a_policy_that_is_asked_for_again_is_made_once,
    who_names_no_policy_takes_none_away,
];

async fn make(scene: &Scene, name: &str) -> Value {
    let body = json!({
        "Name": name, "Category": "OOBE", "Description": null,
        "PolicySettings": ["skip_eula", "oobe_user_not_local_admin"],
        "Attributes": {"ObjectType": "ConfigurationPolicy"}
    });
    value(
        &scene
            .api
            .post(&scene.path("/policies"), &body)
            .await
            .is(200),
    )
}

async fn a_policy_is_made_changed_and_deleted_by_its_version(registry: Registry) {
    let scene = Scene::new(registry).await;
    let made = make(&scene, "Front desk").await;
    assert_eq!(made["category"], "o_o_b_e");
    assert_eq!(
        made["policySettings"],
        json!(["oobe_user_not_local_admin", "skip_eula"])
    );
    let again = json!({"name": "Front desk", "category": "o_o_b_e", "policySettings": []});
    scene
        .api
        .post(&scene.path("/policies"), &again)
        .await
        .is(400);
    let wrong = json!({"name": "X", "category": "o_o_b_e", "policySettings": ["skip_all"]});
    let refused = value(
        &scene
            .api
            .post(&scene.path("/policies"), &wrong)
            .await
            .is(400),
    );
    assert_eq!(refused["code"], 900_126);

    let id = made["id"].as_str().expect("an id");
    let path = scene.path(&format!("/policies/{id}"));
    let etag = made["attributes"]["etag"]
        .as_str()
        .expect("a version")
        .to_owned();
    let body =
        json!({"id": id, "name": "Reception", "category": "o_o_b_e", "policySettings": [31]});
    let with = |version: String| async {
        let headers = [
            ("if-match", version),
            ("content-type", "application/json".to_owned()),
        ];
        let headers = headers
            .each_ref()
            .map(|(name, text)| (*name, text.as_str()));
        scene
            .api
            .send(Method::PUT, &path, &headers, body.to_string())
            .await
    };
    let changed = value(&with(format!("\"{etag}\"")).await.is(200));
    assert_eq!(changed["name"], "Reception");
    assert_eq!(changed["policySettings"].as_array().map(Vec::len), Some(5));
    let stale = value(&with(format!("\"{etag}\"")).await.is(400));
    assert_eq!(stale["code"], 2055, "somebody changed it in the meantime");
    assert_eq!(
        scene.api.read(&scene.path("/policies")).await["totalCount"],
        1
    );

    let rival = Api::of(&scene.registry, &scene.rival).await;
    rival.get(&path).await.is(404);
    scene.api.send(Method::DELETE, &path, &[], "").await.is(204);
    scene.api.send(Method::DELETE, &path, &[], "").await.is(404);
    assert_eq!(
        scene.api.read(&scene.path("/policies")).await["totalCount"],
        0
    );
}

async fn a_device_gets_the_profile_of_its_policy_while_it_has_one(registry: Registry) {
    let scene = Scene::new(registry).await;
    let hash = hashes(3, 1).remove(0);
    let done = scene.register(TAG, json!([{"hardwareHash": hash}])).await;
    let device = done["devicesStatus"][0]["deviceId"]
        .as_str()
        .expect("an id");
    let policy = make(&scene, "Front desk").await;
    let id = policy["id"].as_str().expect("an id");
    let ask = async || {
        let body = json!({"hardwareHash": hash});
        let mut machine = scene.registry.visitor();
        let answer = machine
            .post_raw("/device/profile", "application/json", body.to_string())
            .await;
        value(&answer.is(200))["ZtdCorrelationId"].clone()
    };
    let of_tag = ask().await;
    assert_ne!(of_tag, json!(id));
    let path = scene.path(&format!("/deviceBatches/{TAG}/devices/{device}"));
    let give = json!({"policies": [{"key": "o_o_b_e", "value": id}]});
    scene.api.json(Method::PATCH, &path, &give).await.is(200);
    assert_eq!(ask().await, json!(id));
    let counted = scene
        .api
        .read(&scene.path(&format!("/policies/{id}")))
        .await;
    assert_eq!(counted["devicesAssignedCount"], 1);
    let other = json!({"serialNumber": "another", "policies": []});
    scene.api.json(Method::PUT, &path, &other).await.is(400);
    scene
        .api
        .json(Method::PUT, &path, &json!({"policies": []}))
        .await
        .is(200);
    assert_eq!(ask().await, of_tag);
    scene.api.json(Method::PATCH, &path, &give).await.is(200);
    let gone = scene.path(&format!("/policies/{id}"));
    scene.api.send(Method::DELETE, &gone, &[], "").await.is(204);
    assert_eq!(ask().await, of_tag, "a policy that is gone names nothing");
}

async fn every_device_of_an_update_has_its_own_result(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 2)).await;
    let of = |n: usize| done["devicesStatus"][n]["deviceId"].clone();
    let policy = make(&scene, "Front desk").await["id"].clone();
    let unknown = "01890000-0000-7000-8000-000000000000";
    let with = |device: Value, policy: Value| json!({"Id": device, "Policies": [{"Key": "OOBE", "Value": policy}]});
    let body = json!({"Devices": [
        with(of(0), policy.clone()),
        with(json!(unknown), policy.clone()),
        with(of(1), json!(unknown)),
    ]});
    let request = [
        ("ms-requestid", "11111111-2222-4333-8444-555555555555"),
        ("content-type", "application/json"),
    ];
    let path = scene.path("/DevicePolicyUpdates");
    let send = || {
        scene
            .api
            .send(Method::PATCH, &path, &request, body.to_string())
    };
    let first = send().await.is(202);
    let place = format!("/v1{}", first.location());
    assert_eq!(
        send().await.is(202).location(),
        first.location(),
        "sent twice, done once"
    );
    let known = scene.api.read(&place).await;
    assert_eq!(known["status"], "finished_with_errors", "{known}");
    let states: Vec<_> = (0..3)
        .map(|n| known["devicesStatus"][n]["status"].clone())
        .collect();
    assert_eq!(
        states,
        ["finished", "finished_with_errors", "finished_with_errors"]
    );
    let names: Vec<_> = (1..3)
        .map(|n| known["devicesStatus"][n]["errorDescription"].clone())
        .collect();
    assert_eq!(
        names,
        ["ZtdDeviceIsNotRegistered", "ZtdProfileIsNotRegistered"],
        "{known}"
    );
    let listed = scene
        .api
        .read(&scene.path("/deviceBatches/Ward%207/devices"))
        .await;
    let with_policy = listed["items"].as_array().expect("items").iter();
    let with_policy = with_policy.filter(|item| item["policies"] != json!([]));
    assert_eq!(with_policy.count(), 1);
}

async fn a_policy_that_is_asked_for_again_is_made_once(registry: Registry) {
    let scene = Scene::new(registry).await;
    let path = scene.path("/policies");
    let request = [
        ("ms-requestid", "11111111-2222-4333-8444-555555555555"),
        ("content-type", "application/json"),
    ];
    let send = async |name: &str| {
        let body = json!({"name": name, "category": "o_o_b_e", "policySettings": [16]});
        let body = body.to_string();
        scene.api.send(Method::POST, &path, &request, body).await
    };
    let (one, other) = tokio::join!(send("Front desk"), send("Front desk"));
    let made = value(&one.is(200));
    assert_eq!(value(&other.is(200)), made, "at once");
    assert_eq!(value(&send("Front desk").await.is(200)), made, "and later");
    send("Reception").await.is(409);
    assert_eq!(scene.api.read(&path).await["totalCount"], 1);
}

async fn who_names_no_policy_takes_none_away(registry: Registry) {
    let scene = Scene::new(registry).await;
    let policy = make(&scene, "Front desk").await["id"].clone();
    let mut device = tuples("S", 1)[0].clone();
    device["policies"] = json!([{"key": "o_o_b_e", "value": policy}]);
    let done = scene.register("Ward 7", json!([device])).await;
    let id = &done["devicesStatus"][0]["deviceId"];
    let path = scene.path("/DevicePolicyUpdates");
    for sent in [
        json!({"id": id}),
        json!({"Id": id, "Policies": null}),
        json!({"id": id, "policies": [{"key": null, "value": null}]}),
    ] {
        let body = json!({"devices": [sent]});
        let answer = scene.api.json(Method::PATCH, &path, &body).await.is(202);
        let known = scene.api.read(&format!("/v1{}", answer.location())).await;
        let row = &known["devicesStatus"][0];
        assert_eq!(
            row["errorDescription"], "ZtdProfileIsNotRegistered",
            "{sent}"
        );
        let place = scene.path("/deviceBatches/Ward%207/devices");
        let listed = scene.api.read(&place).await;
        assert_eq!(listed["items"][0]["policies"][0]["value"], policy, "{sent}");
    }
}
