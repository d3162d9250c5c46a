//! The line that each request leaves in the log: who acted where and how it ended, and nothing that
//! must not stand in a log.

use device_list::sample::SampleDevice;
use registration::organization::OrganizationKind;
use serde_json::json;

use crate::clients::client_of;
use crate::support::Scratch;
use crate::world::desk::Ground;
use crate::world::server::Server;
use crate::world::webdriver::until;

#[test]
fn a_request_leaves_a_line_without_secrets() {
    let scratch = Scratch::new();
    let database = format!("sqlite:{}", scratch.path("enlist.db").display());
    let ground = Ground::lay(&database);
    let partner = ground.organization(OrganizationKind::Partner, "Contoso");
    let customer = ground.organization(OrganizationKind::Customer, "Northwind");
    ground.consent(&partner, &customer);
    let (id, secret) = client_of(&scratch, &partner, "sales_agent");
    let server = Server::start(&database, &[]);

    let mut client = server.client();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("scope", ".default"),
    ];
    let answer = client.post_form("/contoso.example/oauth2/v2.0/token", &fields);
    let answer = answer.expect("an answer");
    let token: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    let token = token["access_token"].as_str().expect("a token").to_owned();
    client.set_bearer(&token);
    let hash = SampleDevice::new(7, 0).hash_text();
    let body = json!({"batchId": "Ward 7", "devices": [{"hardwareHash": hash, "serialNumber": "SER-0042"}]});
    let path = format!(
        "//V1/customers/{}/devicebatches?a=b",
        customer.organization()
    );
    assert_eq!(
        client.post_json(&path, &body).expect("an answer").status,
        202
    );
    client.get("/v1/customers/not-a-guid").expect("an answer");

    let said = until("the log has the requests", || {
        let said = server.said();
        if said.contains("status=202") && said.contains("status=400") {
            Ok(said)
        } else {
            Err(said)
        }
    });
    let actor = format!("actor={id} organization={}", partner.organization());
    for line in [
        format!(
            "{actor} method=POST route=\"/v1/customers/{{customer}}/deviceBatches\" status=202"
        ),
        format!("{actor} method=GET route=\"/v1/customers/{{customer}}\" status=400"),
        "method=POST route=\"/{tenant}/oauth2/v2.0/token\" status=200".to_owned(),
    ] {
        assert!(said.contains(&line), "{line} is not in:\n{said}");
    }
    for secret in [&secret, &token, &hash[..40], "SER-0042", "a=b"] {
        assert!(!said.contains(secret), "{secret} is in the log");
    }
}
