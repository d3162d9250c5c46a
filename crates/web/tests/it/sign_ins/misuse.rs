//! What must not work.

use super::{Stage, VERIFIER, add_client, address, decide, json, post_token};
use crate::both::on_both;
use crate::harness::Registry;

on_both![a_code_is_good_once_and_the_second_time_ends_the_sign_in];

async fn a_code_is_good_once_and_the_second_time_ends_the_sign_in(registry: Registry) {
    let stage = Stage::set(registry).await;
    let code = stage.code(&stage.sales).await;
    for wrong in ["", "another-verifier-that-somebody-made-up-0123456789"] {
        let answer = stage.redeem(&code, wrong).await.is(400);
        assert_eq!(json(&answer)["error"], "invalid_grant");
    }
    let tokens = json(&stage.redeem(&code, VERIFIER).await.is(200));
    assert_eq!(stage.call(&tokens["access_token"]).await, 200);
    let again = stage.redeem(&code, VERIFIER).await.is(400);
    assert_eq!(json(&again)["error"], "invalid_grant");
    assert_eq!(stage.call(&tokens["access_token"]).await, 401);
    let refresh = tokens["refresh_token"].as_str().expect("one");
    stage.refresh(&stage.client, refresh).await.is(400);
    let mut browser = stage.registry.client(&stage.admin);
    let log = browser.get("/activity").await.is(200).text();
    assert!(log.contains("Stolen token suspected"));
}

#[tokio::test]
async fn a_code_is_for_its_client_its_address_and_five_minutes() {
    let stage = Stage::set(Registry::empty().await).await;
    let (other, _) = add_client(&stage.registry, &stage.admin, true).await;
    let (foreign, _) = add_client(&stage.registry, &stage.operator, true).await;
    let code = stage.code(&stage.sales).await;
    let form = |client| {
        [
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code.as_str()),
            ("code_verifier", VERIFIER),
            ("redirect_uri", super::REDIRECT),
        ]
    };
    for client in [&*other, &*foreign] {
        let answer = post_token(&stage.registry, &form(client)).await.is(400);
        assert_eq!(json(&answer)["error"], "invalid_grant", "{client}");
    }
    let mut elsewhere = form(&stage.client);
    elsewhere[4].1 = "https://app.example/cb";
    post_token(&stage.registry, &elsewhere).await.is(400);
    stage.registry.clock.advance_seconds(300);
    let late = stage.redeem(&code, VERIFIER).await.is(400);
    assert_eq!(json(&late)["error"], "invalid_grant");
}

#[tokio::test]
async fn nobody_of_another_organization_lets_a_program_act() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut browser = stage.registry.client(&stage.operator);
    let page = browser.get(&address(&stage.asks())).await.is(403);
    assert!(page.text().contains("Another account is needed"));
    assert!(!page.text().contains("Desk script") && !page.text().contains("Brightwater"));
    decide(&mut browser, &stage.asks(), "approve").await.is(403);
}

#[tokio::test]
async fn another_site_sends_no_answer_in_a_persons_name() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut browser = stage.registry.client(&stage.sales);
    let body = "decision=approve&csrf=made-up";
    let path = "/common/oauth2/v2.0/authorize";
    let kind = "application/x-www-form-urlencoded";
    browser.post_raw(path, kind, body).await.is(403);
}

#[tokio::test]
async fn a_public_client_is_never_itself_and_brings_no_secret() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_id", &*stage.client),
        ("scope", ".default"),
    ];
    let answer = post_token(&stage.registry, &form).await.is(400);
    assert_eq!(json(&answer)["error"], "unauthorized_client");
    form.push(("client_secret", "x"));
    let answer = post_token(&stage.registry, &form).await.is(401);
    assert_eq!(json(&answer)["error"], "invalid_client");
}
