//! `$batch`: several calls in one.

use axum::http::Method;
use serde_json::{Value, json};

use super::{BETA, Graph};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Scene, header_of, tuples, value};

on_both![
    each_call_has_its_own_answer,
    what_depends_on_a_failure_fails,
    nobody_calls_in_anothers_name,
    a_malformed_batch_is_refused_as_a_whole,
];

async fn scene(registry: Registry) -> (Scene, Graph) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    (scene, graph)
}

async fn answers(graph: &Graph, requests: Value) -> Vec<Value> {
    let batch = json!({ "requests": requests });
    let answer = graph.post("/beta/$batch", &batch).await.is(200);
    let mut answers = value(&answer)["responses"]
        .as_array()
        .expect("a list")
        .clone();
    answers.sort_by_key(|answer| answer["id"].to_string());
    answers
}

async fn each_call_has_its_own_answer(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    scene.register("Autumn", tuples("PC-", 2)).await;
    let devices = "deviceManagement/windowsAutopilotDeviceIdentities";
    let kind = json!({"content-type": "application/json"});
    let answers = answers(
        &graph,
        json!([
            {"id": "1", "method": "GET", "url": format!("/{devices}?$top=1&$filter=contains(serialNumber,'PC-')"), "depends_on": []},
            {"id": "2", "method": "get", "url": format!("{devices}/$count"), "headers": null, "body": null},
            {"id": "3", "method": "GET", "url": format!("/v1.0/{devices}?$select=id")},
            {"id": "4", "method": "POST", "url": "/deviceManagement/WindowsAutopilotDeploymentProfiles", "headers": kind, "body": {"displayName": "Lab"}},
            {"id": "5", "method": "GET", "url": "/deviceManagement/nothing"},
            {"id": "6", "method": "GET", "url": "https://elsewhere.example/beta/organization"},
            {"id": "7", "method": "POST", "url": "/$batch", "headers": kind, "body": {"requests": []}},
            {"id": "8", "method": "DELETE", "url": "/organization"},
        ]),
    )
    .await;
    let status: Vec<_> = answers
        .iter()
        .map(|answer| answer["status"].as_u64())
        .collect();
    let expected = [200, 200, 200, 201, 404, 400, 400, 405].map(Some);
    assert_eq!(status, expected, "{answers:#?}");
    assert_eq!(
        answers[0]["body"]["value"].as_array().map(Vec::len),
        Some(1)
    );
    let next = answers[0]["body"]["@odata.nextLink"]
        .as_str()
        .expect("a link");
    assert!(
        next.starts_with("http://registry.example/beta/deviceManagement/"),
        "{next}"
    );
    assert_eq!(answers[1]["body"], "2");
    let device = &answers[2]["body"]["value"][0];
    assert_eq!(device.as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(answers[3]["body"]["displayName"], "Lab");
    assert_eq!(answers[4]["body"]["error"]["code"], "ResourceNotFound");
    let ids = answers
        .iter()
        .filter_map(|answer| answer["headers"]["request-id"].as_str());
    let ids: std::collections::BTreeSet<_> = ids.collect();
    assert!(ids.len() >= 6, "every call is a request of its own");
}

async fn what_depends_on_a_failure_fails(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let profile = json!({"displayName": "Lab"});
    let kind = json!({"Content-Type": "application/json"});
    let profiles = "/deviceManagement/windowsAutopilotDeploymentProfiles";
    let answers = answers(
        &graph,
        json!([
            {"id": "1", "method": "GET", "url": format!("{profiles}/7")},
            {"id": "2", "method": "POST", "url": profiles, "headers": kind, "body": profile, "dependsOn": ["1"]},
            {"id": "3", "method": "GET", "url": profiles, "dependsOn": ["2"]},
            {"id": "4", "method": "GET", "url": profiles, "dependsOn": ["5"]},
            {"id": "5", "method": "POST", "url": profiles, "headers": kind, "body": profile},
        ]),
    )
    .await;
    let status: Vec<_> = answers
        .iter()
        .map(|answer| answer["status"].as_u64())
        .collect();
    assert_eq!(status, [404, 424, 424, 200, 201].map(Some));
    let names = answers[3]["body"]["value"].to_string();
    assert_eq!(
        names.matches("Lab").count(),
        1,
        "made once, before the list was asked for"
    );
}

async fn nobody_calls_in_anothers_name(registry: Registry) {
    let (scene, graph) = scene(registry).await;
    let made = graph
        .post(
            &format!("{BETA}/windowsAutopilotDeploymentProfiles"),
            &json!({"displayName": "Lab"}),
        )
        .await
        .is(201);
    let id = value(&made)["id"].as_str().expect("an id").to_owned();
    let own = scene.registry.api_token(&scene.customer).await;
    let stranger = Graph::of(&scene.registry, &scene.other).await;
    let url = format!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}");
    let headers =
        json!({"Authorization": format!("Bearer {own}"), "authorization": format!("Bearer {own}")});
    let asked = json!([{"id": "1", "method": "GET", "url": url, "headers": headers}]);
    assert_eq!(answers(&stranger, asked.clone()).await[0]["status"], 404);
    assert_eq!(answers(&graph, asked).await[0]["status"], 200);
    let nobody = graph.0.with_token(String::new());
    let batch = json!({"requests": [{"id": "1", "method": "GET", "url": url, "headers": headers}]});
    let refused = nobody.post("/beta/$batch", &batch).await.is(401);
    assert!(header_of(&refused, "www-authenticate").starts_with("Bearer"));
}

async fn a_malformed_batch_is_refused_as_a_whole(registry: Registry) {
    let (_scene, graph) = scene(registry).await;
    let one = |id: u32| json!({"id": id.to_string(), "method": "GET", "url": "/organization"});
    let many: Vec<_> = (1..=21).map(one).collect();
    for wrong in [
        json!({ "requests": many }),
        json!({"requests": []}),
        json!({"requests": [one(1), one(1)]}),
        json!({"requests": [{"id": "1", "method": "GET"}]}),
        json!({"requests": "all"}),
        json!({}),
    ] {
        let refused = graph.post("/beta/$batch", &wrong).await.is(400);
        assert_eq!(value(&refused)["error"]["code"], "BadRequest");
    }
    graph.send(Method::POST, "/v1.0/$batch", "{").await.is(400);
    let fits: Vec<_> = (1..=20).map(one).collect();
    let answer = graph
        .post("/v1.0/$BATCH", &json!({ "requests": fits }))
        .await
        .is(200);
    let answers = value(&answer)["responses"].as_array().map(Vec::len);
    assert_eq!(answers, Some(20));
}
