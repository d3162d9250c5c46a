//! What holds for every call: who may call, headers, errors, addresses in any case.

use axum::http::Method;
use serde_json::Value;

use super::{BETA, Graph, V1};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Scene, header_of, value};

on_both![
    errors_have_the_ids_of_their_request,
    only_customers_find_anything_here,
    addresses_fit_in_any_case,
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
