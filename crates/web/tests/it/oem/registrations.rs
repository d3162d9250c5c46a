//! Lines that are answered at once.

use std::sync::Arc;

use registration::organization::OrganizationKind;
use serde_json::{Value, json};

use super::{Plant, line, line_with, lines, outcomes};
use crate::both::on_both;
use crate::harness::{Registry, TAG};
use crate::partner_center::{Api, header_of, value};

on_both![
    few_lines_are_answered_at_once_each_with_its_result,
    whatever_is_wrong_is_told_with_its_place,
    all_or_nothing_registers_nothing_where_a_line_fails,
    validating_says_the_same_and_does_nothing,
    a_key_makes_a_request_repeatable,
    fifty_at_once_with_one_key_have_one_effect,
    the_face_is_the_oems_alone,
];

async fn few_lines_are_answered_at_once_each_with_its_result(registry: Registry) {
    let plant = Plant::new(registry).await;
    let second = plant.second.organization_id().to_string();
    let sent = [
        line("A1"),
        line_with("A2", "customer", second),
        json!({"customer": "HARROW.example ", "productKeyId": "3305612345678"}),
    ];
    let answer = plant.send(200, &sent).await;
    assert_eq!(outcomes(&answer), ["registered"; 3]);
    assert_eq!(answer["counts"], json!({"registered": 3}));
    let first = &answer["results"][0];
    assert_eq!(
        (&first["line"], &first["reference"]),
        (&json!(1), &json!("ref-A1"))
    );
    assert!(first["deviceId"].is_string() && first["unverified"] == true);
    assert_eq!(plant.devices(&plant.customer).await, 2);
    assert_eq!(plant.devices(&plant.second).await, 1);
    let again = plant.send(200, &sent).await;
    assert_eq!(outcomes(&again), ["already_registered"; 3]);
    assert_eq!(again["results"][0]["deviceId"], first["deviceId"]);
    let name = answer["name"].as_str().expect("a name");
    assert_ne!(again["name"], name);
    let operation = plant.api.read(&format!("/oem/v1/{name}")).await;
    assert_eq!(operation["done"], true);
    assert_eq!(operation["metadata"]["lines"], 3);
    assert_eq!(operation["response"]["counts"]["registered"], 3);
    assert_eq!(plant.results(name, "").await.len(), 3);
    // The customer reads in its activity that devices were registered for it.
    let mut browser = plant.registry.client(&plant.customer);
    let activity = browser.get("/activity").await.is(200).text();
    assert!(
        activity.contains("Devices registered by an OEM"),
        "{activity}"
    );
}

async fn whatever_is_wrong_is_told_with_its_place(registry: Registry) {
    let plant = Plant::new(registry).await;
    plant.registry.consent(&plant.partner, &plant.second).await;
    let sent = [
        line_with("A1", "customer", "pell.example"),
        line_with("A2", "customer", "nobody.example"),
        line_with("A3", "groupTag", "Microsoft365Managed_standard"),
        line_with("A4", "hardwareHash", "T0FsAAEA"),
        line_with("A5", "shipDate", "tomorrow"),
        line_with("", "productKeyId", Value::Null),
        line_with("A7", "colour", "red"),
        json!({"customer": "harrow.example", "productKeyId": "12"}),
        line_with("A9", "serialNumber", 42),
    ];
    let answer = plant.send(200, &sent).await;
    let expected = [
        ("no_consent", "no_consent", "/lines/0/customer"),
        ("no_consent", "no_consent", "/lines/1/customer"),
        ("wrong_tag", "wrong_tag", "/lines/2/groupTag"),
        ("invalid", "EN0590", "/lines/3/hardwareHash"),
        ("invalid", "ship_date_unreadable", "/lines/4/shipDate"),
        ("invalid", "EN0401", "/lines/5"),
        ("invalid", "unknown_property", "/lines/6/colour"),
        ("invalid", "EN0402", "/lines/7/productKeyId"),
        ("invalid", "not_text", "/lines/8/serialNumber"),
    ];
    let results = answer["results"].as_array().expect("results");
    for (result, (outcome, code, pointer)) in results.iter().zip(expected) {
        let error = &result["errors"][0];
        assert_eq!(result["outcome"], outcome, "{result}");
        assert_eq!(error["pointer"], pointer, "{error}");
        let known = error["code"].as_str().expect("a code");
        assert_eq!(known, code, "{error}");
        let help = format!("/findings/{known}");
        assert_eq!(error["help"], format!("http://registry.example{help}"));
        // For everybody to read, without a sign-in.
        let page = plant.registry.visitor().get(&help).await.is(200).text();
        assert!(page.contains("How to mend it"), "{page}");
    }
    // Who does not consent and who is not there are the same.
    assert_eq!(
        results[0]["errors"][0]["detail"],
        results[1]["errors"][0]["detail"]
    );
    let tag = results[2]["errors"][0]["detail"].as_str().expect("words");
    assert!(tag.contains(TAG), "{tag}");
    assert!(!answer.to_string().contains("T0Fs"), "no hash is ever told");
    assert_eq!(plant.devices(&plant.customer).await, 0);
    // A device held elsewhere is told so, and never by whom.
    plant.send(200, &[line("B1")]).await;
    let elsewhere = plant
        .send(200, &[line_with("B1", "customer", "oriel.example")])
        .await;
    assert_eq!(outcomes(&elsewhere), ["registered_elsewhere"]);
    assert!(!elsewhere.to_string().contains("arrow"), "{elsewhere}");
}

async fn all_or_nothing_registers_nothing_where_a_line_fails(registry: Registry) {
    let plant = Plant::new(registry).await;
    let bad = [
        line("A1"),
        line_with("A2", "customer", "pell.example"),
        line("A3"),
    ];
    let body = json!({"lines": bad, "allOrNothing": true}).to_string();
    let kind = ("content-type", "application/json");
    let refused = plant
        .send_with(&[kind, ("idempotency-key", "k")], body.clone())
        .await;
    let problem = value(&refused);
    assert_eq!(
        (refused.status.as_u16(), &problem["code"]),
        (422, &json!("all_or_nothing"))
    );
    assert_eq!(problem["errors"][0]["pointer"], "/lines/1/customer");
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1));
    let name = problem["name"].as_str().expect("the operation's name");
    let detail = problem["detail"].as_str().expect("words");
    assert!(detail.contains(&format!("{name}/results")), "{detail}");
    assert_eq!(plant.devices(&plant.customer).await, 0);
    let mut again = value(
        &plant
            .send_with(&[kind, ("idempotency-key", "k")], body)
            .await,
    );
    again["requestId"] = problem["requestId"].clone();
    assert_eq!(again, problem);
    let kept = plant.api.read("/oem/v1/operations").await;
    let kept = &kept["operations"][0];
    assert_eq!(
        (&kept["metadata"]["state"], &kept["error"]["code"]),
        (&json!("refused"), &json!(9))
    );
    let results = plant
        .results(kept["name"].as_str().expect("a name"), "")
        .await;
    assert_eq!(results[0]["outcome"], "held_back");
    let validate = "/oem/v1/registrations:validate";
    for (query, all) in [("", true), ("?allOrNothing=true", false)] {
        let mut body = json!({"lines": bad});
        if all {
            body["allOrNothing"] = json!(true);
        }
        let said = plant.api.post(&format!("{validate}{query}"), &body).await;
        let said = value(&said.is(422));
        assert_eq!(said["code"], "all_or_nothing");
        assert_eq!(said["errors"], problem["errors"]);
        assert_eq!(said.get("name"), None);
    }
    let fine = json!({"lines": [line("A1")], "allOrNothing": true});
    plant.api.post(validate, &fine).await.is(200);
    let path = "/oem/v1/registrations?allOrNothing=true";
    let good = plant.api.post(path, &json!([line("A1"), line("A3")])).await;
    assert_eq!(outcomes(&value(&good.is(200))), ["registered"; 2]);
    let many = plant.api.post(path, &json!(lines("M", 1001))).await.is(422);
    assert_eq!(value(&many)["errors"][0]["pointer"], "/allOrNothing");
    assert_eq!(plant.devices(&plant.customer).await, 2);
}

async fn validating_says_the_same_and_does_nothing(registry: Registry) {
    let plant = Plant::new(registry).await;
    let sent = [line("A1"), line_with("A2", "groupTag", "x"), line("A1")];
    let path = "/oem/v1/registrations:validate";
    let said = value(&plant.api.post(path, &json!({"lines": sent})).await.is(200));
    assert_eq!(
        outcomes(&said),
        ["registered", "wrong_tag", "already_registered"]
    );
    assert_eq!(said.get("name"), None);
    assert_eq!(said["results"][0].get("deviceId"), None);
    assert_eq!(plant.devices(&plant.customer).await, 0);
    let operations = plant.api.read("/oem/v1/operations").await;
    assert_eq!(operations["operations"], json!([]));
    let done = plant.send(200, &sent).await;
    assert_eq!(outcomes(&done), outcomes(&said));
    assert_eq!(done["results"][1], said["results"][1]);
    let many = plant.api.post(path, &json!(lines("A", 1001))).await.is(413);
    assert_eq!(value(&many)["code"], "too_large");
    let odd = json!({"lines": sent, "colour": 1});
    plant.api.post(path, &odd).await.is(422);
    plant.api.post(path, &json!([])).await.is(422);
}

async fn a_key_makes_a_request_repeatable(registry: Registry) {
    let plant = Plant::new(registry).await;
    let key = [("idempotency-key", "order 7")];
    let first = plant.stream(&key, &lines("A", 3)).await.is(200);
    let name = value(&first)["name"].as_str().expect("a name").to_owned();
    let voided = format!("/oem/v1/{name}:void");
    plant.api.post(&voided, &json!({})).await.is(202);
    plant.registry.work_off().await;
    assert_eq!(plant.devices(&plant.customer).await, 0);
    // The first answer, whatever became of it since, in whatever form it is sent again.
    let again = plant.stream(&key, &lines("A", 3)).await.is(200);
    assert_eq!(again.text(), first.text());
    let kind = ("content-type", "application/json");
    let other_form = json!(lines("A", 3)).to_string();
    let again = plant.send_with(&[kind, key[0]], other_form).await.is(200);
    assert_eq!(again.text(), first.text());
    assert_eq!(plant.devices(&plant.customer).await, 0);
    for other in [lines("B", 3), lines("A", 4), lines("A", 1500)] {
        let refused = plant.stream(&key, &other).await.is(422);
        assert_eq!(value(&refused)["code"], "idempotency_key_reused");
        assert_eq!(
            header_of(&refused, "content-type"),
            "application/problem+json"
        );
    }
    for odd in ["", &"x".repeat(256)] {
        let refused = plant
            .stream(&[("idempotency-key", odd)], &lines("A", 1))
            .await;
        assert_eq!(value(&refused.is(400))["code"], "parameter");
    }
    // Another OEM's keys are its own.
    let operator = &plant.operator;
    let make = plant.registry.organization(
        operator,
        OrganizationKind::Oem,
        "Marlow Works",
        "marlow.example",
    );
    let other = make.await;
    plant.registry.consent(&other, &plant.customer).await;
    let api = Api::of(&plant.registry, &other).await;
    let body = json!(lines("A", 3)).to_string();
    let sent = api
        .send(
            axum::http::Method::POST,
            "/oem/v1/registrations",
            &key,
            body,
        )
        .await;
    assert_eq!(outcomes(&value(&sent.is(200))), ["registered"; 3]);
    api.get(&format!("/oem/v1/{name}")).await.is(404);
    api.post(&voided, &json!({})).await.is(404);
}

async fn fifty_at_once_with_one_key_have_one_effect(registry: Registry) {
    let plant = Arc::new(Plant::new(registry).await);
    for count in [40, 1200] {
        let sent: Vec<_> = (0..50)
            .map(|_| {
                let plant = Arc::clone(&plant);
                tokio::spawn(async move {
                    let key = format!("{count} at once");
                    let key = [("idempotency-key", key.as_str())];
                    let answer = plant
                        .stream(&key, &lines(&format!("N{count}-"), count))
                        .await;
                    (answer.status.as_u16(), answer.text())
                })
            })
            .collect();
        let mut answers = Vec::new();
        for one in sent {
            answers.push(one.await.expect("ends"));
        }
        assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
        assert_eq!(answers[0].0, if count > 1000 { 202 } else { 200 });
        plant.registry.work_off().await;
    }
    assert_eq!(plant.devices(&plant.customer).await, 1240);
    let operations = plant.api.read("/oem/v1/operations").await;
    assert_eq!(operations["operations"].as_array().map(Vec::len), Some(2));
}

async fn the_face_is_the_oems_alone(registry: Registry) {
    let plant = Plant::new(registry).await;
    for person in [
        &plant.partner,
        &plant.customer,
        &plant.operator,
        &plant.stranger,
    ] {
        let api = Api::of(&plant.registry, person).await;
        let refused = api
            .post("/oem/v1/registrations", &json!([line("A1")]))
            .await;
        assert_eq!(value(&refused.is(404))["code"], "not_found");
        api.get("/oem/v1/operations").await.is(404);
    }
    let nobody = plant.api.with_token(String::new());
    let refused = nobody
        .post("/oem/v1/registrations", &json!([line("A1")]))
        .await
        .is(401);
    assert_eq!(value(&refused)["code"], "token_missing");
    assert_eq!(
        header_of(&refused, "www-authenticate"),
        "Bearer realm=\"enlist\""
    );
    let (client, secret) = plant.registry.api_client(&plant.oem).await;
    let token = plant
        .registry
        .token_for("devices.read", &client, &secret)
        .await;
    let reader = plant.api.with_token(token);
    reader.get("/oem/v1/operations").await.is(200);
    let refused = reader
        .post("/oem/v1/registrations", &json!([line("A1")]))
        .await
        .is(403);
    let problem = value(&refused);
    assert_eq!(problem["code"], "forbidden");
    assert_eq!(problem["requestId"], header_of(&refused, "x-request-id"));
    for path in ["/oem/v1/nothing", "/oem", "/oem/v2/operations"] {
        let unknown = plant.api.get(path).await.is(404);
        assert_eq!(value(&unknown)["code"], "not_found");
    }
    let wrong = plant.api.get("/oem/v1/registrations").await.is(405);
    assert_eq!(value(&wrong)["code"], "method_not_allowed");
}
