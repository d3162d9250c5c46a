//! Customers, the link that asks for consent, agreements, and the audit log (api.md 3).

use axum::http::Method;
use registration::organization::OrganizationKind;
use serde_json::{Value, json};

use super::{Api, Scene, tuples, value};
use crate::both::on_both;
use crate::harness::Registry;

on_both![
    customers_come_in_pages_and_by_the_beginning_of_their_name,
    a_customer_that_is_left_can_be_registered_for_no_more,
    the_link_asks_for_consent_and_agreements_tell_it,
    the_audit_log_is_the_organization_s_own,
    records_say_who_did_what_to_which,
    filters_that_do_not_work_say_so,
];

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items").iter();
    items
        .map(|item| {
            item["companyProfile"]["companyName"]
                .as_str()
                .expect("a name")
        })
        .collect()
}

async fn customers_come_in_pages_and_by_the_beginning_of_their_name(registry: Registry) {
    let scene = Scene::new(registry).await;
    let more = ["Aldgate", "Harrowgate", "Zennor"];
    for (n, name) in more.into_iter().enumerate() {
        let domain = format!("c{n}.example");
        let made = scene
            .registry
            .organization(&scene.operator, OrganizationKind::Customer, name, &domain)
            .await;
        scene.registry.consent(&scene.partner, &made).await;
    }
    let first = scene.api.read("/v1/customers?size=3").await;
    assert_eq!(names(&first), ["Aldgate", "Harrow & Vane", "Harrowgate"]);
    let token = first["continuationToken"].as_str().expect("a token");
    let next = first["links"]["next"]["uri"].as_str().expect("a link");
    let headers = [("MS-ContinuationToken", token)];
    let path = format!("/v1{next}");
    let last = value(
        &scene
            .api
            .send(Method::GET, &path, &headers, "")
            .await
            .is(200),
    );
    assert_eq!(names(&last), ["Zennor"]);
    assert_eq!(last["links"]["next"], Value::Null);

    let by = |field: &str, text: &str, operator: &str| {
        let filter = json!({"Field": field, "Value": text, "Operator": operator});
        let filter = web::session::percent_encoded(&filter.to_string());
        format!("/v1/customers?size=0&filter={filter}")
    };
    let found = scene
        .api
        .read(&by("CompanyName", "harrow", "starts_with"))
        .await;
    assert_eq!(names(&found), ["Harrow & Vane", "Harrowgate"]);
    let found = scene.api.read(&by("Domain", "c2.", "StartsWith")).await;
    assert_eq!(names(&found), ["Zennor"]);
    for wrong in [
        by("CompanyName", "x", "substring"),
        by("Phone", "x", "starts_with"),
        "/v1/customers?filter=x".to_owned(),
    ] {
        scene.api.get(&wrong).await.is(400);
    }
    let rival = Api::of(&scene.registry, &scene.rival).await;
    assert_eq!(rival.read("/v1/customers").await["totalCount"], 0);
}

async fn a_customer_that_is_left_can_be_registered_for_no_more(registry: Registry) {
    let scene = Scene::new(registry).await;
    scene.register("Ward 7", tuples("S", 1)).await;
    let one = scene.api.read(&scene.path("")).await;
    assert_eq!(one["relationshipToPartner"], "reseller");
    let wrong = json!({"relationshipToPartner": "advisor"});
    scene
        .api
        .json(Method::PATCH, &scene.path(""), &wrong)
        .await
        .is(400);
    let none = json!({"RelationshipToPartner": "none", "Attributes": {"ObjectType": "Customer"}});
    for _ in 0..2 {
        let answer = scene.api.json(Method::PATCH, &scene.path(""), &none).await;
        assert_eq!(value(&answer.is(200))["relationshipToPartner"], "none");
    }
    assert_eq!(scene.api.read("/v1/customers").await["totalCount"], 0);
    let body = json!({"batchId": "Ward 7", "devices": tuples("T", 1)});
    let refused = scene.api.post(&scene.path("/deviceBatches"), &body).await;
    assert!(
        [403, 404].contains(&refused.status.as_u16()),
        "{}",
        refused.text()
    );
}

async fn the_link_asks_for_consent_and_agreements_tell_it(registry: Registry) {
    let scene = Scene::new(registry).await;
    let ask = "/v1/customers/relationshiprequests";
    let first = scene.api.read(ask).await;
    assert_eq!(
        first["url"],
        scene.api.read(ask).await["url"],
        "one link, asked twice"
    );
    let url = first["url"].as_str().expect("a link");
    let (_, token) = url.rsplit_once('/').expect("an address");
    let desk = &scene.registry.desk;
    let accepted = desk.accept_invitation(&scene.other.caller, token, true, "");
    accepted.await.expect("the other customer consents");
    let found = scene.api.read("/v1/customers").await;
    assert_eq!(names(&found), ["Harrow & Vane", "Oriel Insurance"]);

    let other = format!("/v1/customers/{}", scene.other.organization_id());
    let signed = "directSignedMicrosoftCustomerAgreementStatus";
    let status = scene.api.read(&format!("{other}/{signed}")).await;
    assert_eq!(status["isSigned"], true);
    for (wanted, count) in [
        ("*", 1),
        ("MicrosoftCustomerAgreement", 1),
        ("MicrosoftCloudAgreement", 0),
    ] {
        let path = format!("{other}/agreements?agreementType={wanted}");
        assert_eq!(scene.api.read(&path).await["totalCount"], count, "{wanted}");
    }
    let relationship = desk.partners_and_oems(&scene.other.caller, "").await;
    let relationship = relationship.expect("the partner")[0].relationship.id;
    desk.revoke(&scene.other.caller, relationship)
        .await
        .expect("revoked");
    let status = scene.api.get(&format!("{other}/{signed}")).await;
    let gone = status.status == 404 || value(&status)["isSigned"] == false;
    assert!(gone, "{}", status.text());
}

async fn the_audit_log_is_the_organization_s_own(registry: Registry) {
    let scene = Scene::new(registry).await;
    scene.register("Ward 7", tuples("S", 1)).await;
    let all = scene
        .api
        .read("/v1/auditrecords?startDate=2026-01-01")
        .await;
    let items = all["items"].as_array().expect("records");
    let kinds: Vec<_> = items
        .iter()
        .map(|item| item["operationType"].as_str())
        .collect();
    assert!(kinds.contains(&Some("add_customer")), "{kinds:?}");
    assert!(
        kinds.contains(&Some("devices_update_attempted")),
        "{kinds:?}"
    );
    let by = |field: &str, text: &str| {
        let filter = json!({"Field": field, "Value": text, "Operator": "equals"});
        let filter = web::session::percent_encoded(&filter.to_string());
        format!("/v1/auditrecords?startDate=1%2F1%2F2026%2012:00:00%20AM&filter={filter}")
    };
    let customers = scene.api.read(&by("ResourceType", "customer")).await;
    let found = customers["items"].as_array().expect("records");
    assert!(found.iter().all(|item| item["resourceType"] == "customer"));
    assert_eq!(found.len(), 1);
    let stranger = scene.other.organization_id().to_string();
    assert_eq!(
        scene.api.read(&by("CustomerId", &stranger)).await["totalCount"],
        0
    );
    let rival = Api::of(&scene.registry, &scene.rival).await;
    let others = rival
        .get("/v1/auditrecords?startDate=2026-01-01")
        .await
        .is(200);
    assert!(!others.text().contains("Harrow"), "{}", others.text());
    let late = scene
        .api
        .read("/v1/auditrecords?startDate=2026-01-01&endDate=2026-01-02")
        .await;
    assert_eq!(late["totalCount"], 0);
    // Page by page, from link to link, what was asked stays asked.
    let mut page = scene
        .api
        .read(&format!("{}&size=1", by("ResourceType", "device")))
        .await;
    let mut count = 1;
    while let Some(token) = page["continuationToken"].as_str() {
        let uri = page["links"]["next"]["uri"].as_str().expect("a link");
        let headers = [("MS-ContinuationToken", token)];
        let answer = scene
            .api
            .send(Method::GET, &format!("/v1{uri}"), &headers, "")
            .await;
        page = value(&answer.is(200));
        let items = page["items"].as_array().expect("records");
        assert!(items.len() <= 1 && items.iter().all(|item| item["resourceType"] == "device"));
        count += items.len();
    }
    assert_eq!(count, 2, "one was sent, one was finished");
    scene
        .api
        .get("/v1/auditrecords?startDate=soon")
        .await
        .is(400);
}

fn filtered(path: &str, filter: &serde_json::Value) -> String {
    let filter = web::session::percent_encoded(&filter.to_string());
    format!("{path}?filter={filter}")
}

async fn records_say_who_did_what_to_which(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 1)).await;
    scene.register("Ward 7", tuples("T", 1)).await;
    let id = done["devicesStatus"][0]["deviceId"].as_str().expect("id");
    let path = scene.path(&format!("/deviceBatches/Ward%207/devices/{id}"));
    scene.api.send(Method::DELETE, &path, &[], "").await.is(204);
    let all = scene.api.read("/v1/auditrecords?endDate=9999-12-31").await;
    let items = all["items"].as_array().expect("records");
    let of = |kind: &str| {
        let found = items.iter().filter(|item| item["operationType"] == kind);
        found.collect::<Vec<_>>()
    };
    assert_eq!(of("devices_upload_to_new_batch_attempted").len(), 1);
    assert_eq!(of("devices_upload_to_existing_batch_attempted").len(), 1);
    let [deleted] = of("device_deleted")[..] else {
        panic!("one device was deleted: {all}");
    };
    let old = deleted["resourceOldValue"].as_str().expect("what it was");
    assert!(old.contains("S0001") && deleted["resourceNewValue"].is_null());
    let detail = deleted["customizedData"][0]["value"].as_str().expect("it");
    assert_eq!(detail, "no group tag, registered by Brightwater Devices");
    let client = deleted["applicationId"].as_str().expect("a client");
    uuid::Uuid::parse_str(client).expect("its id");
    let person = deleted["userPrincipalName"].as_str().unwrap_or_default();
    assert!(!person.contains("API client"), "{person}");
}

async fn filters_that_do_not_work_say_so(registry: Registry) {
    let scene = Scene::new(registry).await;
    let with = |field: &str, value: &str, operator: &str| json!({"Field": field, "Value": value, "Operator": operator});
    let (customers, records) = ("/v1/customers", "/v1/auditrecords");
    for (path, filter, code, about) in [
        (
            customers,
            with("CompanyName", "h", "equals"),
            900_126,
            "Operator",
        ),
        (
            customers,
            with("CompanyName", "h", "bogus"),
            900_126,
            "Operator",
        ),
        (customers, with("Colour", "h", "starts_with"), 3000, "Field"),
        (
            records,
            with("CompanyName", "h", "bogus"),
            900_126,
            "Operator",
        ),
        (
            records,
            with("CustomerId", "h", "substring"),
            900_126,
            "Operator",
        ),
        (
            records,
            with("ResourceType", "bogus", "equals"),
            900_126,
            "ResourceType",
        ),
    ] {
        let refused = value(&scene.api.get(&filtered(path, &filter)).await.is(400));
        assert_eq!(refused["code"], code, "{refused}");
        assert_eq!(refused["data"], json!([about]), "{refused}");
    }
    for field in ["IndirectReseller", "IndirectCloudSolutionProvider"] {
        let path = filtered(customers, &with(field, "x", "starts_with"));
        assert_eq!(scene.api.read(&path).await["totalCount"], 0);
    }
    for (filter, count) in [
        (with("CompanyName", "harrow", "equals"), 0),
        (with("CompanyName", "harrow & vane", "equals"), 1),
        (with("CompanyName", "arrow", "substring"), 1),
        (with("CompanyName", "arrow", ""), 1),
        (with("ResourceType", "Customer", "Equals"), 1),
    ] {
        let found = scene.api.read(&filtered(records, &filter)).await;
        assert_eq!(found["totalCount"], count, "{filter}");
    }
}
