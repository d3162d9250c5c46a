//! What `GET /limits` says is what happens.

use serde_json::{Value, json};

use super::Plant;
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::value;

on_both![what_is_published_is_what_is_taken];

fn most(limits: &Value, name: &str) -> usize {
    let sizes = limits["sizes"].as_array().expect("sizes");
    let size = sizes.iter().find(|size| size["name"] == name);
    let most = size.unwrap_or_else(|| panic!("{name} is published"))["most"].as_u64();
    usize::try_from(most.expect("a number")).expect("fits")
}

async fn what_is_published_is_what_is_taken(registry: Registry) {
    let plant = Plant::new(registry).await;
    let limits = value(&plant.api.get("/limits").await.is(200));

    let items = most(&limits, "oem-items");
    for (count, status) in [(items, 200), (items + 1, 413)] {
        let customers = vec!["nobody.example"; count];
        let path = "/oem/v1/consents:check";
        let answer = plant
            .api
            .post(path, &json!({ "customers": customers }))
            .await;
        answer.is(status);
        let devices = vec![json!({ "reference": "none" }); count];
        let path = "/oem/v1/registrations:deregister";
        let answer = plant.api.post(path, &json!({ "devices": devices })).await;
        answer.is(status);
    }

    let bytes = most(&limits, "oem-line-bytes");
    for (more, status) in [(0, 200), (1, 413)] {
        let around = json!({ "customer": "x", "reference": "" })
            .to_string()
            .len();
        let long = "r".repeat(bytes - around + more);
        let line = json!({ "customer": "x", "reference": long });
        let path = "/oem/v1/registrations";
        plant
            .api
            .post(path, &json!({ "lines": [line] }))
            .await
            .is(status);
    }

    let sent = plant.send(200, &super::lines("A", 2)).await;
    let name = sent["name"].as_str().expect("a name");
    let page = most(&limits, "oem-results");
    for (count, status) in [(page, 200), (page + 1, 400)] {
        let path = format!("/oem/v1/{name}/results?limit={count}");
        plant.api.get(&path).await.is(status);
    }
}
