//! `MS-RequestId` makes every writing call one that may be sent again.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Scene, tuples, value};
use crate::both::on_both;
use crate::client::Answer;
use crate::harness::Registry;

on_both![
    what_is_sent_twice_is_done_once_and_answered_the_same,
    an_id_is_good_for_one_call_with_one_body,
    a_withdrawal_sent_late_does_not_end_what_was_agreed_since,
    a_version_or_an_id_that_does_not_fit_is_refused,
];

impl Scene {
    /// Sends a call with this request id and, where it is given, what the client saw.
    async fn call(&self, id: u128, call: (Method, &str), body: &Value, seen: &str) -> Answer {
        let id = uuid::Uuid::from_u128(id).to_string();
        let mut headers = vec![("content-type", "application/json"), ("ms-requestid", &id)];
        if !seen.is_empty() {
            headers.push(("if-match", seen));
        }
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let path = self.path(call.1);
        self.api.send(call.0, &path, &headers, body).await
    }

    async fn policy(&self, name: &str) -> Value {
        let body = json!({"name": name, "category": "o_o_b_e", "policySettings": ["skip_eula"]});
        let answer = self.api.post(&self.path("/policies"), &body).await;
        value(&answer.is(200))
    }
}

async fn what_is_sent_twice_is_done_once_and_answered_the_same(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 1)).await;
    let id = done["devicesStatus"][0]["deviceId"].as_str().expect("id");
    let device = format!("/deviceBatches/Ward%207/devices/{id}");
    let policy = scene.policy("Tills").await;
    let one = format!("/policies/{}", policy["id"].as_str().expect("an id"));
    let body = json!({"name": "Counters", "category": "o_o_b_e", "policySettings": []});
    let put = || scene.call(1, (Method::PUT, &one), &body, "\"1\"");
    let first = value(&put().await.is(200));
    assert_eq!(value(&put().await.is(200)), first, "changed once");
    assert_eq!(first["attributes"]["etag"], "2");
    let wish = json!({"policies": [{"key": "o_o_b_e", "value": policy["id"]}]});
    for _ in 0..2 {
        let answer = scene.call(2, (Method::PATCH, &device), &wish, "").await;
        let shown = value(&answer.is(200));
        assert_eq!(shown["policies"][0]["value"], policy["id"]);
    }
    for (n, path) in [(3, &one), (4, &device)] {
        for _ in 0..2 {
            let answer = scene
                .call(n, (Method::DELETE, path), &Value::Null, "")
                .await;
            answer.is(204);
        }
        let other = scene.call(n + 10, (Method::DELETE, path), &Value::Null, "");
        other.await.is(404);
        // What was not there the first time is not there the second time.
        let again = scene.call(n + 10, (Method::DELETE, path), &Value::Null, "");
        again.await.is(404);
    }
    let audit = scene.api.read("/v1/auditrecords").await;
    let items = audit["items"].as_array().expect("records");
    for kind in ["policy_updated", "policy_deleted", "device_deleted"] {
        let found = items.iter().filter(|item| item["operationType"] == kind);
        assert_eq!(found.count(), 1, "{kind}");
    }
}

async fn an_id_is_good_for_one_call_with_one_body(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 1)).await;
    let id = done["devicesStatus"][0]["deviceId"].as_str().expect("id");
    let device = format!("/deviceBatches/Ward%207/devices/{id}");
    let policy = scene.policy("Tills").await;
    let one = format!("/policies/{}", policy["id"].as_str().expect("an id"));
    let batch = json!({"batchId": "Ward 8", "devices": tuples("T", 1)});
    let create = (Method::POST, "/deviceBatches");
    scene.call(1, create, &batch, "").await.is(202);
    let form = json!({"name": "Other", "category": "o_o_b_e", "policySettings": []});
    let wish = json!({"policies": [{"key": "o_o_b_e", "value": policy["id"]}]});
    let none = json!({"relationshipToPartner": "none"});
    for (method, path, body) in [
        (Method::POST, "/policies", &form),
        (Method::PUT, &one, &form),
        (Method::DELETE, &one, &Value::Null),
        (Method::PATCH, &device, &wish),
        (Method::DELETE, &device, &Value::Null),
        (Method::PATCH, "", &none),
    ] {
        let what = format!("{method} {path}");
        let answer = scene.call(1, (method, path), body, "").await;
        assert_eq!(answer.status, 409, "{what}: {}", answer.text());
    }
    let left = scene.api.read(&scene.path("/policies")).await;
    assert_eq!(left["totalCount"], 1, "{left}");
    assert_eq!(left["items"][0]["name"], "Tills");
    scene.call(2, (Method::PUT, &one), &form, "").await.is(200);
    let other = json!({"name": "Another", "category": "o_o_b_e", "policySettings": []});
    scene.call(2, (Method::PUT, &one), &other, "").await.is(409);
}

async fn a_withdrawal_sent_late_does_not_end_what_was_agreed_since(registry: Registry) {
    let scene = Scene::new(registry).await;
    let none = json!({"relationshipToPartner": "none"});
    let withdraw = || scene.call(1, (Method::PATCH, ""), &none, "");
    let left = value(&withdraw().await.is(200));
    assert_eq!(left["relationshipToPartner"], "none");
    scene
        .registry
        .consent(&scene.partner, &scene.customer)
        .await;
    let late = value(&withdraw().await.is(200));
    assert_eq!(late["relationshipToPartner"], "reseller");
    let answer = scene.call(2, (Method::PATCH, ""), &none, "").await;
    let left = value(&answer.is(200));
    assert_eq!(left["relationshipToPartner"], "none");
}

async fn a_version_or_an_id_that_does_not_fit_is_refused(registry: Registry) {
    let scene = Scene::new(registry).await;
    let done = scene.register("Ward 7", tuples("S", 1)).await;
    let id = done["devicesStatus"][0]["deviceId"].as_str().expect("id");
    let device = format!("/deviceBatches/Ward%207/devices/{id}");
    let policy = scene.policy("Tills").await;
    let one = format!("/policies/{}", policy["id"].as_str().expect("an id"));
    let form = json!({"name": "Other", "category": "o_o_b_e", "policySettings": []});
    let nothing = json!({"policies": []});
    let none = json!({"relationshipToPartner": "none"});
    for (n, (method, path, body, seen)) in (1..).zip([
        (Method::DELETE, device.as_str(), &Value::Null, "\"77\""),
        (Method::PATCH, &device, &nothing, "\"77\""),
        (Method::PUT, &device, &nothing, "\"77\""),
        (Method::PUT, &one, &form, "\"\""),
        (Method::DELETE, &one, &Value::Null, "\"\""),
        (Method::PATCH, "", &none, "\"1\""),
    ]) {
        let what = format!("{method} {path}");
        let refused = scene.call(n, (method, path), body, seen).await;
        assert_eq!(refused.status, 400, "{what}: {}", refused.text());
        assert_eq!(value(&refused)["code"], 2055, "{what}");
    }
    let other = "01890000-0000-7000-8000-000000000000";
    for (n, path, body) in [
        (11, &device, json!({"Id": other, "policies": []})),
        (
            12,
            &one,
            json!({"id": other, "name": "Other", "category": "o_o_b_e"}),
        ),
    ] {
        let refused = scene.call(n, (Method::PUT, path), &body, "").await;
        assert_eq!(value(&refused.is(400))["data"], json!(["id"]), "{path}");
    }
    let fits = json!({"id": id.to_uppercase(), "policies": []});
    let answer = scene.call(13, (Method::PATCH, &device), &fits, "*");
    answer.await.is(200);
    let left = scene.api.read(&scene.path(&one)).await;
    assert_eq!(left["attributes"]["etag"], "1", "nothing was changed");
}
