//! What holds for every call: who may call, headers, errors, addresses in any case.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{BETA, Graph, V1};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Scene, header_of, value};

on_both![
    errors_have_the_ids_of_their_request,
    only_customers_find_anything_here,
    addresses_fit_in_any_case,
    a_token_without_the_scope_is_of_no_use,
    who_calls_too_often_is_told_how_long_to_wait,
    limits_and_transport_are_told,
    a_body_is_json_in_letters_that_can_be_read,
    calls_that_are_none_are_counted_too,
];

const NOTHING: &str = "windowsAutopilotDeviceIdentities/01890000-0000-7000-8000-000000000000";

async fn errors_have_the_ids_of_their_request(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{BETA}/{NOTHING}");
    let headers = [("client-request-id", "d88a2c1e-2b9a-4d1c-8a54-0a1f5d0c8f11")];
    let answer = graph.0.send(Method::GET, &path, &headers, "").await.is(404);
    assert_eq!(header_of(&answer, "client-request-id"), headers[0].1);
    assert!(header_of(&answer, "x-ms-ags-diagnostic").contains("ServerInfo"));
    let error = &value(&answer)["error"];
    assert_eq!(error["code"], "ResourceNotFound");
    assert_eq!(error["innerError"]["client-request-id"], headers[0].1);
    let id = header_of(&answer, "request-id");
    assert_eq!(error["innerError"]["request-id"], id);
    let message = error["message"].as_str().expect("a text");
    let message: Value = serde_json::from_str(message).expect("a document");
    assert_eq!(message["CustomApiErrorPhrase"], "");
    let told = message["Message"].as_str().expect("a text");
    assert!(told.contains(&format!("Activity ID: {id}")), "{told}");

    let nobody = graph.0.with_token(String::new());
    let answer = nobody.get(&path).await.is(401);
    assert_eq!(
        value(&answer)["error"]["code"],
        "InvalidAuthenticationToken"
    );
    assert!(header_of(&answer, "www-authenticate").starts_with("Bearer"));
    assert_ne!(header_of(&answer, "client-request-id"), "");
}

async fn only_customers_find_anything_here(registry: Registry) {
    let scene = Scene::new(registry).await;
    for person in [&scene.partner, &scene.oem, &scene.operator] {
        let graph = Graph::of(&scene.registry, person).await;
        graph.get(&format!("{V1}/{NOTHING}")).await.is(404);
    }
    // What a customer's client finds at the partners' addresses is nothing too.
    let customer = Graph::of(&scene.registry, &scene.customer).await;
    customer.0.get("/v1/customers").await.is(404);
}

async fn addresses_fit_in_any_case(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    for path in [
        "/Beta/DeviceManagement/WindowsAutopilotDeviceIdentities/7",
        "//v1.0//devicemanagement/windowsautopilotdeviceidentities/7/",
    ] {
        let answer = graph.0.get(path).await.is(404);
        let told = value(&answer)["error"]["message"].to_string();
        assert!(told.contains("There is nothing here"), "{told}");
    }
    let answer = graph.0.get("/beta/deviceManagement/nothing").await.is(404);
    let told = value(&answer)["error"]["message"].to_string();
    assert!(told.contains("segment 'nothing'"), "{told}");
    let path = format!("{V1}/{NOTHING}");
    graph.0.send(Method::PUT, &path, &[], "{}").await.is(405);
}

async fn a_token_without_the_scope_is_of_no_use(registry: Registry) {
    let scene = Scene::new(registry).await;
    let (client, secret) = scene.registry.api_client(&scene.customer).await;
    let token = scene.registry.token_for("devices.read", &client, &secret);
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let reading = Graph(graph.0.with_token(token.await));
    let imports = format!("{V1}/importedWindowsAutopilotDeviceIdentities");
    reading.get(&imports).await.is(200);
    let refused = reading.post(&imports, &json!({})).await.is(403);
    let error = &value(&refused)["error"];
    assert_eq!(error["code"], "Forbidden");
    assert!(error["message"].to_string().contains("devices.register"));
}

async fn who_calls_too_often_is_told_how_long_to_wait(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{V1}/{NOTHING}");
    let mut answers = 0;
    let refused = loop {
        let answer = graph.0.get(&path).await;
        if answer.status == 429 {
            break answer;
        }
        answers += 1;
        assert!(answers < 5000, "nothing is limited");
    };
    assert!(answers >= 1000, "{answers} were answered");
    let seconds: u64 = header_of(&refused, "retry-after").parse().expect("seconds");
    assert!(seconds >= 1);
    assert_eq!(value(&refused)["error"]["code"], "TooManyRequests");
    // Another organization is not held up by it.
    let other = Graph::of(&scene.registry, &scene.other).await;
    other.get(&path).await.is(404);
}

async fn limits_and_transport_are_told(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{V1}/importedWindowsAutopilotDeviceIdentities/import");
    let long = " ".repeat(9 * 1024 * 1024);
    let refused = graph.send(Method::POST, &path, &long).await.is(413);
    assert_eq!(value(&refused)["error"]["code"], "RequestEntityTooLarge");
    assert_eq!(header_of(&refused, "strict-transport-security"), "");
    let secure = web::router(web::Portal {
        desk: scene.registry.desk.clone(),
        public_url: "https://registry.example".to_owned(),
        calls: web::CallAllowance::default(),
        partner_center: web::PartnerCenter::default(),
    });
    let request = Request::get(&path).body(Body::empty()).expect("a request");
    let answer = secure.oneshot(request).await.expect("answers");
    let header = answer.headers().get("strict-transport-security");
    assert!(header.is_some_and(|value| value.to_str().is_ok_and(|v| v.contains("max-age"))));
}

async fn a_body_is_json_in_letters_that_can_be_read(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let path = format!("{BETA}/importedDeviceIdentities/searchExistingIdentities");
    let send = async |kind: &[(&str, &str)]| {
        let body = "{\"importedDeviceIdentities\":[]}";
        graph.0.send(Method::POST, &path, kind, body).await
    };
    for wrong in [
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json;odata=verbose;Charset=\"iso-8859-1\"",
    ] {
        let refused = send(&[("content-type", wrong)]).await.is(400);
        assert!(
            refused.text().contains("Content-Type"),
            "{}",
            refused.text()
        );
    }
    send(&[]).await.is(200);
    for fits in [
        "application/json",
        "Application/JSON; Charset=\"UTF-8\"",
        "application/json;odata.metadata=minimal",
        "text/plain; charset=us-ascii",
    ] {
        send(&[("content-type", fits)]).await.is(200);
    }
}

async fn calls_that_are_none_are_counted_too(registry: Registry) {
    let scene = Scene::new(registry).await;
    let graph = Graph::of(&scene.registry, &scene.customer).await;
    let known = format!("{V1}/{NOTHING}");
    let left = async |method: Method, path: &str, status: u16| {
        let answer = graph.0.send(method, path, &[], "").await.is(status);
        header_of(&answer, "ratelimit").to_owned()
    };
    for (method, path, status) in [
        (Method::GET, known.as_str(), 404),
        (Method::GET, "/beta/nope", 404),
        (Method::PUT, known.as_str(), 405),
    ] {
        let told = left(method, path, status).await;
        assert!(told.contains("calls"), "{path}: {told:?}");
    }
    // Without a token there is no such address either.
    let nobody = graph.0.with_token(String::new());
    nobody.get("/beta/nope").await.is(404);
}
