//! Operations: lines by the thousand.

use registration::user::Role;
use serde_json::{Value, json};

use super::{Plant, line_with, lines, outcomes};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{Api, header_of, value};

on_both![
    many_lines_become_an_operation_whose_results_come_in_order,
    an_operation_is_cancelled_and_voided,
    operations_are_listed_newest_first,
    a_sales_agent_registers_and_releases_nothing,
];

async fn many_lines_become_an_operation_whose_results_come_in_order(registry: Registry) {
    let plant = Plant::new(registry).await;
    let mut sent = lines("A", 4500);
    sent[10] = line_with("A000011", "customer", "oriel.example");
    sent[99] = line_with("A000100", "shipDate", "never");
    sent[4400] = line_with("A004401", "customer", "pell.example");
    let answer = plant.stream(&[], &sent).await.is(202);
    let operation = value(&answer);
    let name = operation["name"].as_str().expect("a name");
    assert_eq!(answer.location(), format!("/oem/v1/{name}"));
    assert_eq!(operation["done"], false);
    let metadata = &operation["metadata"];
    assert_eq!(
        (&metadata["lines"], &metadata["done"]),
        (&json!(4500), &json!(0))
    );
    assert_eq!(plant.results(name, "").await, [Value::Null; 0]);
    plant.registry.work_off().await;
    let operation = plant.api.read(&format!("/oem/v1/{name}")).await;
    assert_eq!(operation["done"], true, "{operation}");
    let metadata = &operation["metadata"];
    assert_eq!(
        (&metadata["done"], &metadata["failed"]),
        (&json!(4500), &json!(2))
    );
    assert_eq!(operation["response"]["counts"]["registered"], 4498);
    let results = plant.results(name, "").await;
    let numbers: Vec<_> = results.iter().map(|one| one["line"].as_u64()).collect();
    assert_eq!(numbers, (1..=4500).map(Some).collect::<Vec<_>>());
    let failed = plant.results(name, "?failed=true").await;
    let failed: Vec<_> = failed
        .iter()
        .map(|one| (&one["line"], &one["outcome"]))
        .collect();
    let expected = [
        (&json!(100), &json!("invalid")),
        (&json!(4401), &json!("no_consent")),
    ];
    assert_eq!(failed, expected);
    let path = format!("/oem/v1/{name}/results?after=1990&limit=20");
    let page = plant.api.get(&path).await.is(200);
    assert!(page.text().starts_with("{\"line\":1991,"));
    assert_eq!(page.text().lines().count(), 20);
    let link = header_of(&page, "link");
    assert!(
        link.contains("after=2010") && link.contains("rel=\"next\""),
        "{link}"
    );
    assert_eq!(header_of(&page, "content-type"), "application/x-ndjson");
    assert_eq!(plant.devices(&plant.customer).await, 4497);
    assert_eq!(plant.devices(&plant.second).await, 1);
    // A device's page leads nowhere that is not there.
    let id = results[0]["deviceId"].as_str().expect("a device");
    let mut browser = plant.registry.client(&plant.customer);
    let page = browser.get(&format!("/devices/{id}")).await.is(200);
    assert!(!page.text().contains("/uploads/"), "{}", page.text());
}

async fn an_operation_is_cancelled_and_voided(registry: Registry) {
    let plant = Plant::new(registry).await;
    let sent = plant.stream(&[], &lines("A", 1500)).await.is(202);
    let waits = value(&sent)["name"].as_str().expect("a name").to_owned();
    let act = async |what: &str, status| {
        let path = format!("/oem/v1/{waits}:{what}");
        value(&plant.api.post(&path, &json!({})).await.is(status))
    };
    assert_eq!(act("void", 409).await["code"], "operation_state");
    let cancelled = act("cancel", 200).await;
    assert_eq!(
        (&cancelled["done"], &cancelled["error"]["code"]),
        (&json!(true), &json!(1))
    );
    act("cancel", 200).await;
    act("destroy", 404).await;
    plant.registry.work_off().await;
    assert_eq!(plant.devices(&plant.customer).await, 0);
    // Every line has an outcome that stays readable.
    let counts = json!({"cancelled": 1500});
    assert_eq!(cancelled["metadata"]["counts"], counts, "{cancelled}");
    let results = plant.results(&waits, "").await;
    assert_eq!(results.len(), 1500);
    let last = json!({"line": 1500, "outcome": "cancelled", "reference": "ref-A001500"});
    assert_eq!(results[1499], last);
    assert_eq!(
        plant.results(&waits, "?failed=true").await,
        [Value::Null; 0]
    );
    act("void", 202).await;
    plant.registry.work_off().await;
    let voided = plant.api.read(&format!("/oem/v1/{waits}")).await;
    assert_eq!(voided["metadata"]["counts"], counts, "{voided}");
    assert_eq!(plant.results(&waits, "").await[1499], last);

    let mut sent = lines("B", 2100);
    sent.push(line_with("C1", "customer", "oriel.example"));
    let sent = plant.stream(&[], &sent).await.is(202);
    let name = value(&sent)["name"].as_str().expect("a name").to_owned();
    plant.registry.work_off().await;
    assert_eq!(plant.devices(&plant.customer).await, 2100);
    let path = format!("/oem/v1/{name}:void");
    let preview = plant
        .api
        .post(&format!("{path}?preview=true"), &json!({}))
        .await;
    let preview = value(&preview.is(200));
    assert_eq!(preview["wouldRelease"], 2101);
    assert_eq!(preview["customers"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        plant.devices(&plant.customer).await,
        2100,
        "a preview does nothing"
    );
    let begun = value(&plant.api.post(&path, &json!({})).await.is(202));
    assert_eq!(begun["metadata"]["state"], "voiding");
    plant.api.post(&path, &json!({})).await.is(202);
    plant.registry.work_off().await;
    let voided = plant.api.read(&format!("/oem/v1/{name}")).await;
    let metadata = &voided["metadata"];
    assert_eq!(
        (&metadata["state"], &metadata["released"]),
        (&json!("voided"), &json!(2101))
    );
    assert_eq!(plant.devices(&plant.customer).await, 0);
    assert_eq!(plant.devices(&plant.second).await, 0);
}

async fn operations_are_listed_newest_first(registry: Registry) {
    let plant = Plant::new(registry).await;
    for n in 0..3 {
        plant.registry.clock.advance_seconds(1);
        plant.send(200, &lines(&format!("L{n}-"), n + 1)).await;
    }
    let first = plant.api.read("/oem/v1/operations?limit=2").await;
    let lines = |page: &Value| {
        let all = page["operations"].as_array().expect("a list");
        let of = |one: &Value| one["metadata"]["lines"].as_u64().expect("a number");
        all.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(lines(&first), [3, 2]);
    let next = first["next"].as_str().expect("a next page");
    let rest = plant
        .api
        .read(&format!("/oem/v1/operations?limit=2&before={next}"))
        .await;
    assert_eq!((lines(&rest), &rest["next"]), (vec![1], &Value::Null));
    plant.api.get("/oem/v1/operations?before=x").await.is(400);
    plant.api.get("/oem/v1/operations/x").await.is(404);
}

async fn a_sales_agent_registers_and_releases_nothing(registry: Registry) {
    let plant = Plant::new(registry).await;
    let sales = plant.registry.colleague(&plant.oem, Role::SalesAgent).await;
    let api = Api::of(&plant.registry, &sales).await;
    let sent = api
        .post("/oem/v1/registrations", &json!(lines("S", 2)))
        .await;
    let sent = value(&sent.is(200));
    assert_eq!(outcomes(&sent), ["registered"; 2]);
    let name = sent["name"].as_str().expect("a name");
    let devices = json!({"devices": [{"reference": "ref-S000001"}]});
    for (path, body) in [
        (format!("/oem/v1/{name}:void"), &json!({})),
        (format!("/oem/v1/{name}:void?preview=true"), &json!({})),
        ("/oem/v1/registrations:deregister".to_owned(), &devices),
    ] {
        let refused = api.post(&path, body).await.is(403);
        assert_eq!(value(&refused)["code"], "forbidden");
    }
    assert_eq!(plant.devices(&plant.customer).await, 2);
}
