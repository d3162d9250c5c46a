//! A program that proves itself keeps one refresh token in a vault and uses it again and again
//! (api.md 1.2).

use serde_json::Value;

use super::{Stage, add_client, json, parameter};
use crate::both::on_both;
use crate::client::Answer;
use crate::harness::Registry;

const REDIRECT: &str = "https://app.example/cb";
const RESOURCE: &str = "https://api.partnercenter.microsoft.com";

on_both![a_refresh_token_in_a_vault_is_used_again_and_again];

/// A program with a secret.
struct Script {
    stage: Stage,
    client: String,
    secret: String,
}

impl Script {
    async fn set(registry: Registry) -> Self {
        let stage = Stage::set(registry).await;
        let (client, secret) = add_client(&stage.registry, &stage.admin, false).await;
        Self {
            stage,
            client,
            secret: secret.expect("a secret"),
        }
    }

    async fn ask(&self, secret: &str, more: &[(&str, &str)]) -> Answer {
        let mut form = vec![("client_id", &*self.client), ("client_secret", secret)];
        form.extend_from_slice(more);
        let mut program = self.stage.registry.visitor();
        program
            .post("/brightwater.example/oauth2/token", &form)
            .await
    }

    /// The tokens of somebody who signs in, once.
    async fn consented(&self) -> Value {
        let asks = [
            ("client_id", &*self.client),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("resource", RESOURCE),
            ("decision", "approve"),
        ];
        let mut browser = self.stage.registry.client(&self.stage.sales);
        let page = "/brightwater.example/oauth2/authorize";
        let answer = browser.post(page, &asks).await.is(303);
        let code = parameter(answer.location(), "code").expect("a code");
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", REDIRECT),
            ("resource", RESOURCE),
        ];
        json(&self.ask(&self.secret, &form).await.is(200))
    }

    /// A secret that lasts longer than a refresh token.
    async fn lasting_secret(&self) -> String {
        let client = self.client.parse().expect("an id");
        let admin = &self.stage.admin.caller;
        let desk = &self.stage.registry.desk;
        let made = desk.add_client_secret(admin, client, 180).await;
        made.expect("a secret").secret.reveal().to_owned()
    }

    async fn refresh(&self, token: &Value) -> Answer {
        let form = refreshing(token);
        self.ask(&self.secret, &form).await
    }
}

fn refreshing(token: &Value) -> [(&'static str, &str); 3] {
    [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str().expect("a refresh token")),
        ("scope", "openid"),
    ]
}

async fn a_refresh_token_in_a_vault_is_used_again_and_again(registry: Registry) {
    let script = Script::set(registry).await;
    let (stage, clock) = (&script.stage, &script.stage.registry.clock);
    let first = script.consented().await;
    let vaulted = &first["refresh_token"];
    let mut last = Value::Null;
    for _ in 0..3 {
        last = json(&script.refresh(vaulted).await.is(200));
        assert_eq!(stage.call(&last["access_token"]).await, 200);
        assert_ne!(&last["refresh_token"], vaulted, "a new one each time");
        clock.advance_seconds(600);
    }
    assert_eq!(
        stage.call(&first["access_token"]).await,
        200,
        "the tokens of before hold on"
    );
    // Without the secret it is of no use, and nothing ends by the attempt.
    script.ask("made-up", &refreshing(vaulted)).await.is(401);
    clock.advance_seconds(29 * 86_400);
    script.refresh(vaulted).await.is(200);
    // What ends the sign-in ends every token of it.
    let person = stage.sales.caller.user.id;
    let desk = &stage.registry.desk;
    let shut = desk.set_disabled(&stage.admin.caller, person, true).await;
    shut.expect("shuts");
    script.refresh(vaulted).await.is(400);
    script.refresh(&last["refresh_token"]).await.is(400);
}

#[tokio::test]
async fn a_refresh_token_in_a_vault_holds_ninety_days_and_its_successors_go_on() {
    let script = Script::set(Registry::empty().await).await;
    let first = script.consented().await;
    let clock = &script.stage.registry.clock;
    let secret = script.lasting_secret().await;
    let ask = async |token: &Value| script.ask(&secret, &refreshing(token)).await;
    clock.advance_seconds(89 * 86_400);
    let next = json(&ask(&first["refresh_token"]).await.is(200));
    clock.advance_seconds(2 * 86_400);
    let late = ask(&first["refresh_token"]).await.is(400);
    assert_eq!(json(&late)["error"], "invalid_grant");
    let next = json(&ask(&next["refresh_token"]).await.is(200));
    assert_eq!(script.stage.call(&next["access_token"]).await, 200);
}
