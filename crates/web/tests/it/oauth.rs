//! Tokens for API clients, through the real router.

use serde_json::Value;
use service::oauth::{Endpoint, TokenForm, Version};

use crate::client::Answer;
use crate::harness::Registry;

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

fn form<'a>(client: &'a str, secret: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("client_secret", secret),
        ("scope", "https://graph.microsoft.com/.default"),
    ]
}

#[tokio::test]
async fn a_secret_gives_a_token_in_both_versions_and_the_keys_are_published() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, secret) = registry.api_client(&operator).await;
    let tenant = operator.organization_id().to_string();
    for name in [&tenant, "registry.example", "common"] {
        let mut visitor = registry.visitor();
        let path = format!("/{name}/oauth2/v2.0/token");
        let answer = visitor.post(&path, &form(&client, &secret)).await.is(200);
        let body = json(&answer);
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 3599);
        assert!(body.get("refresh_token").is_none());
    }
    let mut visitor = registry.visitor();
    let v1 = [
        ("grant_type", "client_credentials"),
        ("client_id", &*client),
        ("client_secret", &*secret),
        ("resource", "https://graph.windows.net"),
    ];
    let path = format!("/{tenant}/oauth2/token");
    let body = json(&visitor.post(&path, &v1).await.is(200));
    assert_eq!(body["expires_in"], "3599");
    assert_eq!(body["resource"], "https://graph.windows.net");
    let keys = json(&visitor.get("/common/discovery/v2.0/keys").await.is(200));
    assert_eq!(keys["keys"][0]["alg"], "ES256");
    assert!(keys["keys"][0].get("d").is_none(), "the private half stays");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_words_that_clients_read() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, secret) = registry.api_client(&operator).await;
    let mut visitor = registry.visitor();
    let path = "/registry.example/oauth2/v2.0/token";
    let answer = visitor.post(path, &form(&client, "wrong")).await.is(401);
    let body = json(&answer);
    assert_eq!(body["error"], "invalid_client");
    assert_eq!(body["error_codes"][0], 7_000_215);
    let text = body["error_description"].as_str().expect("a text");
    assert!(text.starts_with("AADSTS7000215: "), "{text}");
    assert!(!text.contains(&secret));
    let activity = registry.client(&operator).get("/activity").await.is(200);
    assert!(
        activity.text().contains("API client refused"),
        "it stands in the audit log"
    );
    let elsewhere = "/nowhere.example/oauth2/v2.0/token";
    let answer = visitor
        .post(elsewhere, &form(&client, &secret))
        .await
        .is(400);
    assert_eq!(json(&answer)["error_codes"][0], 90_002);
    let nothing = visitor.post_raw(path, "text/plain", "x").await.is(400);
    assert_eq!(json(&nothing)["error"], "invalid_request");
}

#[tokio::test]
async fn who_guesses_secrets_is_told_to_wait() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, _) = registry.api_client(&operator).await;
    let mut visitor = registry.visitor();
    let path = "/common/oauth2/v2.0/token";
    for _ in 0..20 {
        visitor.post(path, &form(&client, "guess")).await.is(401);
    }
    let answer = visitor.post(path, &form(&client, "guess")).await.is(429);
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn discovery_leads_to_the_endpoints() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let tenant = operator.organization_id().to_string();
    let mut visitor = registry.visitor();
    let path = "/registry.example/v2.0/.well-known/openid-configuration";
    let found = json(&visitor.get(path).await.is(200));
    let issuer = found["issuer"].as_str().expect("an issuer");
    assert!(issuer.ends_with(&format!("/{tenant}/v2.0")), "{issuer}");
    let tokens = found["token_endpoint"].as_str().expect("an address");
    assert!(tokens.ends_with(&format!("/{tenant}/oauth2/v2.0/token")));
    let instance = json(&visitor.get("/common/discovery/instance").await.is(200));
    assert!(instance["tenant_discovery_endpoint"].is_string());
}

#[tokio::test]
async fn a_revoked_client_has_no_token_any_more() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, secret) = registry.api_client(&operator).await;
    let token = registry.token("common", &client, &secret).await;
    let mut api = registry.visitor();
    api.bearer = Some(token.expect("a token").access_token);
    let known = api.get("/v1/customers").await;
    assert_ne!(known.status, 401, "{}", known.text());
    let id = client.parse().expect("an id");
    let revoked = registry.desk.revoke_api_client(&operator.caller, id).await;
    revoked.expect("the client is revoked");
    api.get("/v1/customers").await.is(401);
    assert!(registry.token("common", &client, &secret).await.is_err());
}

#[tokio::test]
async fn a_token_is_for_this_service_and_an_hour_as_it_was_signed() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, secret) = registry.api_client(&operator).await;
    let mut api = registry.visitor();
    let form = TokenForm {
        grant_type: "client_credentials".to_owned(),
        client_id: client.clone(),
        client_secret: Some(secret.clone()),
        scope: ".default".to_owned(),
        ..TokenForm::default()
    };
    let elsewhere = Endpoint {
        base: "https://other.example",
        tenant: "common",
        version: Version::V2,
        request_id: registry.desk.request_id(),
    };
    let foreign = registry.desk.token(&elsewhere, &form).await.expect("given");
    let own = registry.token("common", &client, &secret).await;
    let own = own.expect("given").access_token;
    let (signed, signature) = own.rsplit_once('.').expect("a token");
    let letter = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{signed}.{letter}{}", &signature[1..]);
    for (token, wanted) in [
        (&own, true),
        (&foreign.access_token, false),
        (&forged, false),
        (&String::from("a.b.c"), false),
    ] {
        api.bearer = Some(token.clone());
        let answer = api.get("/v1/customers").await;
        assert_eq!(answer.status != 401, wanted, "{}", answer.text());
    }
    registry.clock.advance_seconds(3600);
    api.bearer = Some(own);
    let late = api.get("/v1/customers").await.is(401);
    assert!(late.text().contains("expired"), "{}", late.text());
}
