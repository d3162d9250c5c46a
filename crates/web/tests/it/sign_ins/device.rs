//! Programs without a browser.

use serde_json::Value;

use super::{Stage, add_client, json, post_token};
use crate::both::on_both;
use crate::harness::{Person, Registry};

on_both![a_person_types_a_code_in_and_the_program_goes_on];

const SCOPE: &str = "https://graph.microsoft.com/.default openid profile offline_access";

async fn begin(stage: &Stage, client: &str) -> Value {
    let mut program = stage.registry.visitor();
    let path = "/brightwater.example/oauth2/v2.0/devicecode";
    let form = [("client_id", client), ("scope", SCOPE)];
    json(&program.post(path, &form).await.is(200))
}

/// The error of a poll, or the tokens.
async fn poll(stage: &Stage, client: &str, begun: &Value) -> Result<Value, String> {
    let code = begun["device_code"].as_str().expect("a code");
    // As msal sends it: under both names.
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", client),
        ("code", code),
        ("device_code", code),
    ];
    let answer = post_token(&stage.registry, &form).await;
    let body = json(&answer);
    match body["error"].as_str() {
        Some(error) => {
            assert_eq!(answer.status, 400);
            Err(error.to_owned())
        }
        None => Ok(body),
    }
}

impl Stage {
    /// Tokens of a person who approved a device code.
    pub(crate) async fn by_device_code(&self, person: &Person) -> Value {
        let begun = begin(self, &self.client).await;
        let shown = begun["user_code"].as_str().expect("a code");
        let mut browser = self.registry.client(person);
        let answer = [("code", shown), ("decision", "approve")];
        browser.post("/device-login", &answer).await.is(200);
        let tokens = poll(self, &self.client, &begun).await;
        tokens.expect("tokens")
    }
}

async fn a_person_types_a_code_in_and_the_program_goes_on(registry: Registry) {
    let stage = Stage::set(registry).await;
    let clock = &stage.registry.clock;
    let begun = begin(&stage, &stage.client).await;
    assert_eq!(
        (&begun["expires_in"], &begun["interval"]),
        (&900.into(), &5.into())
    );
    let page = begun["verification_uri"].as_str().expect("an address");
    assert_eq!(page, "http://registry.example/device-login");
    let shown = begun["user_code"].as_str().expect("a code").to_owned();
    assert!(begun["message"].as_str().expect("text").contains(&shown));

    let error = |answer: Result<Value, String>| answer.expect_err("not yet");
    let client = &stage.client;
    assert_eq!(
        error(poll(&stage, client, &begun).await),
        "authorization_pending"
    );
    assert_eq!(error(poll(&stage, client, &begun).await), "slow_down");
    clock.advance_seconds(5);
    assert_eq!(
        error(poll(&stage, client, &begun).await),
        "authorization_pending"
    );

    let mut browser = stage.registry.client(&stage.sales);
    let asked = browser.get("/device-login").await.is(200).text();
    assert!(asked.contains("Type it in here"));
    let typed = shown.to_lowercase().replace('-', " ");
    let path = format!("/device-login?code={}", typed.replace(' ', "+"));
    let page = browser.get(&path).await.is(200).text();
    assert!(
        page.contains("Desk script") && page.contains(&shown),
        "{page}"
    );
    let answer = [("code", shown.as_str()), ("decision", "approve")];
    let done = browser.post("/device-login", &answer).await.is(200);
    assert!(done.text().contains("Approved"));
    browser.post("/device-login", &answer).await.is(422);

    let tokens = poll(&stage, client, &begun).await.expect("tokens");
    assert!(tokens["refresh_token"].is_string() && tokens["id_token"].is_string());
    assert_eq!(tokens["scope"], SCOPE);
    assert_eq!(stage.call(&tokens["access_token"]).await, 200);
    assert_eq!(
        error(poll(&stage, client, &begun).await),
        "bad_verification_code",
        "it is of use once"
    );
}

#[tokio::test]
async fn a_declined_an_expired_and_anothers_code_give_nothing() {
    let stage = Stage::set(Registry::empty().await).await;
    let (other, _) = add_client(&stage.registry, &stage.admin, true).await;
    let begun = begin(&stage, &stage.client).await;
    let stranger = poll(&stage, &other, &begun).await;
    assert_eq!(stranger.expect_err("another's"), "bad_verification_code");
    let code = begun["user_code"].as_str().expect("a code");
    let mut browser = stage.registry.client(&stage.sales);
    let answer = [("code", code), ("decision", "decline")];
    browser.post("/device-login", &answer).await.is(200);
    let declined = poll(&stage, &stage.client, &begun).await;
    assert_eq!(declined.expect_err("declined"), "authorization_declined");
    let begun = begin(&stage, &stage.client).await;
    stage.registry.clock.advance_seconds(900);
    let expired = poll(&stage, &stage.client, &begun).await;
    assert_eq!(expired.expect_err("expired"), "expired_token");
    let code = begun["user_code"].as_str().expect("a code");
    let answer = [("code", code), ("decision", "approve")];
    browser.post("/device-login", &answer).await.is(422);
}

#[tokio::test]
async fn a_code_of_another_organization_is_none_and_guessing_is_slow() {
    let stage = Stage::set(Registry::empty().await).await;
    let begun = begin(&stage, &stage.client).await;
    let code = begun["user_code"].as_str().expect("a code");
    let mut stranger = stage.registry.client(&stage.operator);
    let page = stranger.get(&format!("/device-login?code={code}")).await;
    let page = page.is(422).text();
    assert!(!page.contains("Desk script"), "{page}");
    let answer = [("code", code), ("decision", "approve")];
    stranger.post("/device-login", &answer).await.is(422);
    for _ in 0..8 {
        stranger.get("/device-login?code=BBBB-BBBB").await.is(422);
    }
    let wait = stranger.get("/device-login?code=BBBB-BBBB").await.is(429);
    assert!(wait.headers.contains_key("retry-after"));
    let mut own = stage.registry.client(&stage.sales);
    own.get(&format!("/device-login?code={code}")).await.is(200);
}

#[tokio::test]
async fn whoever_approved_and_was_shut_out_since_gives_no_token() {
    let stage = Stage::set(Registry::empty().await).await;
    let begun = begin(&stage, &stage.client).await;
    let code = begun["user_code"].as_str().expect("a code");
    let mut browser = stage.registry.client(&stage.sales);
    let answer = [("code", code), ("decision", "approve")];
    browser.post("/device-login", &answer).await.is(200);
    let (desk, person) = (&stage.registry.desk, stage.sales.caller.user.id);
    let shut = desk.set_disabled(&stage.admin.caller, person, true).await;
    shut.expect("shuts");
    let gone = poll(&stage, &stage.client, &begun).await;
    assert_eq!(gone.expect_err("shut out"), "bad_verification_code");
}
