//! What is not understood is refused and does nothing: parameters, headers, bodies, names of
//! devices that contradict each other.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Plant, line, line_with, lines, outcomes};
use crate::both::on_both;
use crate::harness::Registry;
use crate::partner_center::{header_of, value};

on_both![
    a_mistyped_preview_voids_nothing,
    parameters_are_known_given_once_and_said,
    pages_have_a_published_size,
    names_that_contradict_each_other_name_no_device,
    a_key_where_none_is_taken_is_refused,
    what_a_body_is_wrong_in_is_told_with_its_place,
    what_an_object_is_wrong_in_is_told,
    bodies_of_other_kinds_are_refused,
];

async fn refused(plant: &Plant, path: &str, status: u16) -> Value {
    let answer = plant.api.get(path).await.is(status);
    value(&answer)["errors"][0].clone()
}

async fn a_mistyped_preview_voids_nothing(registry: Registry) {
    let plant = Plant::new(registry).await;
    let sent = plant.send(200, &lines("A", 2)).await;
    let path = format!("/oem/v1/{}:void", sent["name"].as_str().expect("a name"));
    for query in [
        "?Preview=true",
        "?preview",
        "?preview=",
        "?dryRun=true",
        "?preview=true&preview=false",
        "?preview=1",
    ] {
        let answer = plant.api.post(&format!("{path}{query}"), &json!({})).await;
        assert_eq!(value(&answer.is(400))["code"], "parameter", "{query}");
    }
    for body in [json!({"preview": true}), json!([]), json!("x")] {
        let answer = plant.api.post(&path, &body).await.is(400);
        assert_eq!(value(&answer)["code"], "body_unexpected", "{body}");
    }
    plant.registry.work_off().await;
    assert_eq!(plant.devices(&plant.customer).await, 2);
    plant.api.send(Method::POST, &path, &[], "").await.is(202);
}

async fn parameters_are_known_given_once_and_said(registry: Registry) {
    let plant = Plant::new(registry).await;
    let sent = plant.send(200, &lines("A", 9)).await;
    let name = sent["name"].as_str().expect("a name");
    let results = format!("/oem/v1/{name}/results");
    let unknown = refused(&plant, &format!("{results}?Offset=5"), 400).await;
    assert_eq!(unknown["parameter"], "Offset");
    assert_eq!(unknown.get("pointer"), None);
    let detail = unknown["detail"].as_str().expect("words");
    assert!(detail.contains("after, offset, failed, limit"), "{detail}");
    for (query, parameter) in [
        ("?limit=1&limit=2", "limit"),
        ("?after=", "after"),
        ("?after=1&offset=1", "offset"),
        ("?offset=x", "offset"),
    ] {
        let error = refused(&plant, &format!("{results}{query}"), 400).await;
        assert_eq!(error["parameter"], parameter, "{query}");
    }
    let skipped = plant.results(name, "?offset=5&limit=2").await;
    let numbers: Vec<_> = skipped.iter().map(|one| &one["line"]).collect();
    assert_eq!(numbers, [6, 7]);
    for path in [
        "/oem/v1/operations?page=2".to_owned(),
        format!("/oem/v1/{name}?full=true"),
        "/oem/v1/devices?reference=ref-A000001&colour=red".to_owned(),
    ] {
        plant.api.get(&path).await.is(400);
    }
    let body = json!({"lines": [line("B1"), line_with("B2", "groupTag", "x")]});
    for path in [
        "/oem/v1/registrations?allornothing=true",
        "/oem/v1/registrations:validate?allornothing=true",
        "/oem/v1/registrations:deregister?preview=true",
        "/oem/v1/consents:check?x=1",
        "/oem/v1/directory/devices?x=1",
    ] {
        let answer = plant.api.post(path, &body).await.is(400);
        assert_eq!(value(&answer)["code"], "parameter", "{path}");
    }
    assert_eq!(plant.devices(&plant.customer).await, 9);
}

async fn pages_have_a_published_size(registry: Registry) {
    let plant = Plant::new(registry).await;
    let sent = plant.send(200, &lines("A", 2)).await;
    let results = format!("/oem/v1/{}/results", sent["name"].as_str().expect("a name"));
    for (path, most) in [
        (results, "10000"),
        ("/oem/v1/operations".to_owned(), "1000"),
    ] {
        for limit in ["0", "10001"] {
            let error = refused(&plant, &format!("{path}?limit={limit}"), 400).await;
            assert_eq!(error["parameter"], "limit");
            let detail = error["detail"].as_str().expect("words");
            assert!(detail.contains(most), "{detail}");
        }
        plant.api.get(&format!("{path}?limit={most}")).await.is(200);
    }
}

async fn names_that_contradict_each_other_name_no_device(registry: Registry) {
    let plant = Plant::new(registry).await;
    let mut sent = lines("A", 2);
    sent[1]["purchaseOrder"] = json!("PO-2");
    let sent = plant.send(200, &sent).await;
    let id = |n: usize| sent["results"][n]["deviceId"].as_str().expect("an id");
    let tuple = "manufacturer=Tallis&model=Slate+7&serialNumber=A000001";
    for (query, count) in [
        ("purchaseOrder=PO-1001&serialNumber=A000001".to_owned(), 1),
        ("purchaseOrder=PO-2&serialNumber=A000001".to_owned(), 0),
        (format!("id={}&reference=ref-A000001", id(0)), 1),
        (format!("id={}&reference=ref-A000001", id(1)), 0),
        (format!("reference=ref-A000001&{tuple}"), 1),
        (format!("reference=ref-A000002&{tuple}"), 0),
        (format!("productKeyId=3305612345678&{tuple}"), 0),
        (
            format!(
                "id={}&reference=ref-A000001&{tuple}&purchaseOrder=PO-1001",
                id(0)
            ),
            1,
        ),
    ] {
        let found = plant.api.read(&format!("/oem/v1/devices?{query}")).await;
        let found = found["devices"].as_array().map(Vec::len);
        assert_eq!(found, Some(count), "{query}");
    }
    for (query, parameter) in [
        ("id=nope", "id"),
        ("productKeyId=33056", "productKeyId"),
        ("manufacturer=Contoso", "serialNumber"),
        ("reference=ref-A000001&manufacturer=Tallis", "serialNumber"),
        ("model=x&serialNumber=A000001", "manufacturer"),
    ] {
        let error = refused(&plant, &format!("/oem/v1/devices?{query}"), 400).await;
        assert_eq!(error["parameter"], parameter, "{query}");
    }
    let path = "/oem/v1/registrations:deregister";
    let devices = json!({"devices": [
        {"reference": "ref-A000001", "id": id(1)},
        {"reference": "ref-A000001", "serialNumber": "A000002"},
        {"reference": "ref-A000001", "productKeyId": "3305612345678"},
        {"reference": "ref-A000001", "manufacturer": "Tallis"},
        {"productKeyId": "33056"},
    ]});
    let answer = value(&plant.api.post(path, &devices).await.is(200));
    let none = "not_registered";
    assert_eq!(outcomes(&answer), [none, none, none, "invalid", "invalid"]);
    let pointer = |n: usize| &answer["results"][n]["errors"][0]["pointer"];
    assert_eq!(pointer(3), "/devices/3/serialNumber");
    assert_eq!(pointer(4), "/devices/4/productKeyId");
    assert_eq!(plant.devices(&plant.customer).await, 2);
    let fits = json!({"devices": [{"reference": "ref-A000002", "id": id(1), "serialNumber": "A000002",
        "manufacturer": "Tallis", "model": "Slate 7"}]});
    let answer = value(&plant.api.post(path, &fits).await.is(200));
    assert_eq!(outcomes(&answer), ["deregistered"]);
}

async fn a_key_where_none_is_taken_is_refused(registry: Registry) {
    let plant = Plant::new(registry).await;
    let key = [
        ("idempotency-key", "k"),
        ("content-type", "application/json"),
    ];
    let sent = plant.send(200, &lines("A", 1)).await;
    let void = format!("/oem/v1/{}:void", sent["name"].as_str().expect("a name"));
    let devices = json!({"devices": [{"reference": "ref-A000001"}]}).to_string();
    for (path, body) in [
        ("/oem/v1/registrations:deregister", devices.as_str()),
        ("/oem/v1/registrations:validate", &devices),
        ("/oem/v1/directory/devices", &devices),
        (&void, ""),
    ] {
        let answer = plant.api.send(Method::POST, path, &key, body).await.is(400);
        let error = &value(&answer)["errors"][0];
        assert_eq!(error["parameter"], "Idempotency-Key", "{path}");
    }
    let twice = [key[0], ("idempotency-key", "l"), key[1]];
    plant
        .send_with(&twice, json!([line("B1")]).to_string())
        .await
        .is(400);
    plant.registry.work_off().await;
    assert_eq!(plant.devices(&plant.customer).await, 1);
}

async fn what_a_body_is_wrong_in_is_told_with_its_place(registry: Registry) {
    let plant = Plant::new(registry).await;
    let (lines, devices) = ("/oem/v1/registrations", "/oem/v1/registrations:deregister");
    let (customers, directory) = ("/oem/v1/consents:check", "/oem/v1/directory/devices");
    let good = line("A1");
    for (path, body, pointer, words) in [
        (
            lines,
            json!({"lines": [good], "x": 1}),
            "/x",
            "no such property",
        ),
        (
            lines,
            json!({"lines": [good], "a/b~": 1}),
            "/a~1b~0",
            "no such property",
        ),
        (lines, json!({"lines": "x"}), "/lines", "must be a list"),
        (lines, json!({"lines": null}), "/lines", "must be a list"),
        (lines, json!({"lines": []}), "/lines", "at least one"),
        (
            devices,
            json!({"devices": [{"reference": "x"}], "preview": true}),
            "/preview",
            "no such property",
        ),
        (
            devices,
            json!({"devices": {}}),
            "/devices",
            "must be a list",
        ),
        (
            directory,
            json!({"devices": [{}], "allOrNothing": true}),
            "/allOrNothing",
            "no such property",
        ),
        (
            customers,
            json!({"customers": "a"}),
            "/customers",
            "must be a list",
        ),
        (
            customers,
            json!({"customers": ["harrow.example", 5]}),
            "/customers/1",
            "quotes",
        ),
        (
            customers,
            json!({"customers": [null]}),
            "/customers/0",
            "quotes",
        ),
        (
            customers,
            json!({"customers": [["harrow.example"]]}),
            "/customers/0",
            "quotes",
        ),
    ] {
        let answer = value(&plant.api.post(path, &body).await.is(422));
        let error = &answer["errors"][0];
        assert_eq!(error["pointer"], pointer, "{body}");
        let detail = error["detail"].as_str().expect("words");
        assert!(detail.contains(words), "{body}: {detail}");
    }
    let kind = [("content-type", "application/json")];
    for body in [
        format!("{{\"lines\":[{good}],\"lines\":[{good}]}}"),
        format!("{{\"allOrNothing\":true,\"lines\":[{good}],\"allOrNothing\":false}}"),
    ] {
        let answer = plant.send_with(&kind, body).await.is(400);
        assert_eq!(value(&answer)["code"], "body_malformed");
    }
    assert_eq!(plant.devices(&plant.customer).await, 0);
}

async fn what_an_object_is_wrong_in_is_told(registry: Registry) {
    let plant = Plant::new(registry).await;
    let good = line("A1");
    let kind = [("content-type", "application/json")];
    let (lines, devices) = ("/oem/v1/registrations", "/oem/v1/registrations:deregister");
    let directory = "/oem/v1/directory/devices";
    // Values by their position are no object.
    let positions = json!({"lines": [["harrow.example", "Tallis", "Slate 7", "A1"]]});
    let answer = value(&plant.api.post(lines, &positions).await.is(200));
    assert_eq!(answer["results"][0]["errors"][0]["code"], "line_malformed");
    for path in [devices, directory] {
        let positions = json!({"devices": [["A1", "ref-A1"]]});
        let answer = value(&plant.api.post(path, &positions).await.is(200));
        let error = &answer["results"][0]["errors"][0];
        assert_eq!(error["code"], "line_malformed");
        let detail = error["detail"].as_str().expect("words");
        assert!(detail.contains("serialNumber"), "{detail}");
    }
    let unknown = json!({"lines": [line_with("A1", "colour", "red")]});
    let answer = plant.api.post(lines, &unknown).await.is(200);
    assert!(!answer.text().contains("hardwareHash"), "{}", answer.text());
    let twice = format!(
        "[{{\"customer\":\"oriel.example\",{}",
        &good.to_string()[1..]
    );
    let answer = value(&plant.send_with(&kind, format!("{twice}]")).await.is(200));
    assert_eq!(answer["results"][0]["errors"][0]["code"], "given_twice");
    let no_tuple = json!({"devices": [{"productKeyId": "3305644444444"}]});
    let answer = value(&plant.api.post(directory, &no_tuple).await.is(200));
    let error = &answer["results"][0]["errors"][0];
    assert_eq!(error["code"], "tuple_missing");
    assert_eq!(plant.devices(&plant.customer).await, 0);
}

async fn bodies_of_other_kinds_are_refused(registry: Registry) {
    let plant = Plant::new(registry).await;
    let body = json!([line("A1")]).to_string();
    for kind in [
        "text/csv",
        "application/xml",
        "multipart/form-data; boundary=x",
    ] {
        let answer = plant
            .send_with(&[("content-type", kind)], body.clone())
            .await;
        assert_eq!(value(&answer.is(415))["code"], "content_type", "{kind}");
    }
    assert_eq!(plant.devices(&plant.customer).await, 0);
    for kind in [
        "Application/JSON; charset=utf-8",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
        "text/plain",
    ] {
        plant
            .send_with(&[("content-type", kind)], body.clone())
            .await
            .is(200);
    }
    for (method, path) in [
        (Method::GET, "/oem/v1/nothing"),
        (Method::DELETE, "/oem/v1/operations"),
    ] {
        let answer = plant.api.send(method, path, &[], "").await;
        assert!(!header_of(&answer, "ratelimit").is_empty(), "{path}");
    }
}
