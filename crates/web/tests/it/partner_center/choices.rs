//! What the operator chooses where the original differs from itself.

use axum::http::Method;
use registration::organization::OrganizationKind;
use serde_json::{Value, json};
use web::{BatchesBy, PartnerCenter};

use super::{Api, Scene, header_of, tuples, value};
use crate::both::on_both;
use crate::harness::Registry;
use crate::sign_ins::Stage;

/// U+FEFF in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

on_both![batches_are_created_in_a_persons_name_alone_where_that_is_chosen];

async fn batches_are_created_in_a_persons_name_alone_where_that_is_chosen(registry: Registry) {
    let registry = registry.with_partner_center(PartnerCenter {
        batches_by: BatchesBy::People,
        ..PartnerCenter::default()
    });
    let stage = Stage::set(registry).await;
    let (kind, domain) = (OrganizationKind::Customer, "harrow.example");
    let customer = stage
        .registry
        .organization(&stage.operator, kind, "Harrow", domain);
    let customer = customer.await;
    stage.registry.consent(&stage.admin, &customer).await;
    let batches = format!("/v1/customers/{}/deviceBatches", customer.organization_id());
    let body = |batch: &str| json!({"batchId": batch, "devices": tuples(batch, 1)});

    let alone = Api::of(&stage.registry, &stage.admin).await;
    let refused = alone.post(&batches, &body("A")).await.is(403);
    let fault = value(&refused);
    assert_eq!(
        (&fault["code"], &fault["source"]),
        (&json!(2030), &json!("PartnerFD"))
    );
    let said = fault["description"].as_str().expect("words");
    assert!(
        said.contains("in a person's name") && said.contains("device code"),
        "{said}"
    );
    assert_eq!(
        alone.read(&batches).await["items"],
        json!([]),
        "nothing was made"
    );

    let tokens = stage.signed_in(&stage.sales).await;
    let as_person = |tokens: &Value| {
        let token = tokens["access_token"].as_str().expect("a token");
        alone.with_token(token.to_owned())
    };
    as_person(&tokens).post(&batches, &body("A")).await.is(202);
    let refresh = tokens["refresh_token"].as_str().expect("one");
    let next = value(&stage.refresh(&stage.client, refresh).await.is(200));
    as_person(&next).post(&batches, &body("B")).await.is(202);
    let by_code = stage.by_device_code(&stage.sales).await;
    as_person(&by_code).post(&batches, &body("C")).await.is(202);
    // The other calls are open to both.
    let devices = format!("{batches}/A/devices");
    alone.post(&devices, &tuples("more", 1)).await.is(202);
}

#[tokio::test]
async fn answers_begin_with_a_byte_order_mark_where_that_is_chosen() {
    let scene = Scene::new(Registry::empty().await).await;
    let plain = scene.api.get("/v1/customers").await.is(200);
    let marked = PartnerCenter {
        byte_order_mark: true,
        ..PartnerCenter::default()
    };
    let scene = Scene {
        registry: scene.registry.with_partner_center(marked),
        ..scene
    };
    let api = Api::of(&scene.registry, &scene.partner).await;
    let nobody = api.with_token(String::new());
    let delete = api.send(Method::DELETE, "/v1/customers", &[], "").await;
    for (answer, status) in [
        (api.get("/v1/customers").await, 200),
        (api.get("/V1//Customers").await, 200),
        (api.get("/v1/nothing").await, 404),
        (nobody.get("/v1/customers").await, 401),
        (delete, 405),
    ] {
        let answer = answer.is(status);
        let rest = answer.bytes.strip_prefix(MARK).expect("a mark");
        assert!(!rest.starts_with(MARK), "once");
        let body: Value = serde_json::from_slice(rest).expect("JSON behind it");
        assert_eq!(body.get("items").is_some(), status == 200);
        let length = header_of(&answer, "content-length");
        assert_eq!(length, answer.bytes.len().to_string());
    }
    assert_eq!(api.get("/v1/customers").await.bytes[3..], plain.bytes);
    for path in ["/v1/customers", "/V1//Customers", "/v1/nothing"] {
        let whole = api.get(path).await;
        let head = api.send(Method::HEAD, path, &[], "").await;
        assert_eq!((head.status, &*head.bytes), (whole.status, &b""[..]));
        let length = header_of(&head, "content-length");
        assert_eq!(length, whole.bytes.len().to_string(), "{path}");
    }
    let body = json!({"batchId": "A", "devices": tuples("S", 1)});
    let empty = api.post(&scene.path("/deviceBatches"), &body).await.is(202);
    assert_eq!(empty.bytes, b"", "where there is no body there is no mark");
    let elsewhere = api.get("/common/discovery/v2.0/keys").await.is(200);
    assert!(elsewhere.bytes.starts_with(b"{"));
}
