//! What holds for every call: addresses, headers, errors (api.md 1).

use axum::http::Method;
use serde_json::json;

use super::{Api, Scene, header_of, tuples, value};
use crate::both::on_both;
use crate::harness::Registry;

on_both![
    addresses_come_in_any_case_and_with_doubled_slashes,
    the_client_s_ids_come_back_and_others_are_made,
    what_is_wrong_is_told_with_a_number_and_what_to_do,
    who_calls_too_often_is_told_how_long_to_wait,
    every_answer_tells_what_is_left,
];

async fn addresses_come_in_any_case_and_with_doubled_slashes(registry: Registry) {
    let scene = Scene::new(registry).await;
    scene.register("Ward 7", tuples("S", 1)).await;
    let id = scene.customer.organization_id();
    for path in [
        format!("/v1/Customers/{id}/DEVICEBATCHES"),
        format!("/V1//customers/{id}//devicebatches/"),
        format!("//v1/customers/{id}/deviceBatches?unknown=1"),
    ] {
        let found = scene.api.read(&path).await;
        assert_eq!(found["items"][0]["id"], "Ward 7", "{path}");
    }
    let links = [
        "/v1/customers/relationshiprequests",
        "/v1/customers/relationshipRequests",
        "/v1/customers/RELATIONSHIPREQUESTS/",
        "/v1/Customers//relationshipRequests",
    ];
    for path in links {
        let found = scene.api.read(path).await;
        assert_eq!(found["attributes"]["objectType"], "RelationshipRequest");
    }
    scene.api.get("/v1/customers/x/nothing").await.is(404);
    let wrong = scene
        .api
        .send(Method::DELETE, "/v1/customers", &[], "")
        .await;
    wrong.is(405);
}

async fn the_client_s_ids_come_back_and_others_are_made(registry: Registry) {
    let scene = Scene::new(registry).await;
    let ids = [
        ("ms-requestid", "11111111-2222-4333-8444-555555555555"),
        ("ms-correlationid", "66666666-2222-4333-8444-555555555555"),
        ("ms-cv", "abcdefghijklmnop.3"),
    ];
    let answer = scene.api.send(Method::GET, "/v1/customers", &ids, "").await;
    for (name, id) in ids {
        assert_eq!(header_of(&answer, name), id);
    }
    // Of a refusal too, and where nothing was sent.
    let nobody = scene.api.with_token(String::new());
    for api in [&scene.api, &nobody] {
        let answer = api.get("/v1/customers").await;
        for (name, _) in ids {
            assert!(header_of(&answer, name).len() > 20, "{name}");
        }
    }
    let odd = [("ms-requestid", "yesterday")];
    scene
        .api
        .send(Method::GET, "/v1/customers", &odd, "")
        .await
        .is(400);
}

async fn what_is_wrong_is_told_with_a_number_and_what_to_do(registry: Registry) {
    let scene = Scene::new(registry).await;
    let batches = scene.path("/deviceBatches");
    let stranger = scene.other.organization_id();
    let device = json!([{"serialNumber": "1"}]);
    let nobody = scene.api.with_token(String::new());
    let forged = scene.api.with_token("a.b.c".to_owned());
    let of = |status: u16, code: u32| (status, code);
    let reader = scene
        .registry
        .colleague(&scene.customer, registration::user::Role::Reader);
    let reader = Api::of(&scene.registry, &reader.await).await;
    for (answer, (status, code)) in [
        (nobody.get(&batches).await, of(401, 800_001)),
        (forged.get(&batches).await, of(401, 400)),
        (reader.get(&batches).await, of(404, 1000)),
        (
            scene.api.get("/v1/customers/7/deviceBatches").await,
            of(400, 900_118),
        ),
        (
            scene.api.get(&format!("/v1/customers/{stranger}")).await,
            of(404, 1000),
        ),
        (
            scene.api.get("/v1/customers?size=many").await,
            of(400, 3000),
        ),
        (
            scene.api.post(&batches, &json!("devices")).await,
            of(400, 800_002),
        ),
        (
            scene.api.send(Method::POST, &batches, &[], "{").await,
            of(400, 800_002),
        ),
        (
            scene
                .api
                .post(&batches, &json!({"batchId": "", "devices": device}))
                .await,
            of(400, 3000),
        ),
    ] {
        let body = value(&answer);
        let told = (answer.status.as_u16(), body["code"].as_u64());
        assert_eq!(told, (status, Some(u64::from(code))), "{body}");
        let description = body["description"].as_str().expect("a description");
        assert!((10..=1024).contains(&description.len()), "{description}");
        assert!(
            body["data"].is_array() && body["source"] == "PartnerFD",
            "{body}"
        );
    }
}

async fn who_calls_too_often_is_told_how_long_to_wait(registry: Registry) {
    let scene = Scene::new(registry).await;
    let mut answers = 0;
    let refused = loop {
        let answer = scene.api.get("/v1/customers?size=1").await;
        if answer.status == 429 {
            break answer;
        }
        answers += 1;
        assert!(answers < 5000, "nothing is limited");
    };
    assert!(answers >= 1000, "{answers} were answered");
    let seconds: u64 = header_of(&refused, "retry-after").parse().expect("seconds");
    assert!(seconds >= 1);
    let body = value(&refused);
    assert_eq!(body["statusCode"], 429);
    let message = body["message"].as_str().expect("a message");
    assert!(message.starts_with("Rate limit is exceeded."), "{message}");
    // Another organization is not held up by it.
    Api::of(&scene.registry, &scene.rival)
        .await
        .get("/v1/customers")
        .await
        .is(200);
}

async fn every_answer_tells_what_is_left(registry: Registry) {
    let scene = Scene::new(registry).await;
    let told = |answer: &crate::client::Answer| {
        (
            header_of(answer, "ratelimit-policy").to_owned(),
            header_of(answer, "ratelimit").to_owned(),
        )
    };
    let first = told(&scene.api.get("/v1/customers").await.is(200));
    assert_eq!(first.0, "\"calls\";q=1000;w=50");
    assert!(first.1.starts_with("\"calls\";r=9"), "{}", first.1);
    // Of a refusal too; who is nobody has an allowance of its own.
    let missing = told(&scene.api.get("/v1/customers/none").await.is(400));
    assert_eq!(missing.0, first.0);
    let nobody = scene.api.with_token(String::new());
    let stranger = told(&nobody.get("/v1/customers").await.is(401));
    assert_eq!(stranger.0, "\"unknown-callers\";q=1000;w=50");
}
