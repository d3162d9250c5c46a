//! Refresh tokens, and what ends a sign-in.

use super::{Stage, add_client, claims, json, post_token};
use crate::both::on_both;
use crate::harness::Registry;

on_both![
    refresh_tokens_follow_each_other_and_reuse_ends_the_sign_in,
    programs_that_share_a_cache_do_not_end_each_others_sign_in,
    a_sign_in_ends_with_the_account_the_client_and_the_persons_word,
];

async fn refresh_tokens_follow_each_other_and_reuse_ends_the_sign_in(registry: Registry) {
    let stage = Stage::set(registry).await;
    let tokens = stage.signed_in(&stage.sales).await;
    let first = tokens["refresh_token"].as_str().expect("one").to_owned();
    let next = json(&stage.refresh(&stage.client, &first).await.is(200));
    let second = next["refresh_token"].as_str().expect("one").to_owned();
    assert_ne!(first, second);
    assert_eq!(stage.call(&next["access_token"]).await, 200);
    stage.registry.clock.advance_seconds(60);
    let again = stage.refresh(&stage.client, &first).await.is(400);
    assert_eq!(json(&again)["error"], "invalid_grant");
    assert_eq!(stage.call(&next["access_token"]).await, 401);
    stage.refresh(&stage.client, &second).await.is(400);
}

async fn programs_that_share_a_cache_do_not_end_each_others_sign_in(registry: Registry) {
    let stage = Stage::set(registry).await;
    let tokens = stage.signed_in(&stage.sales).await;
    let shared = tokens["refresh_token"].as_str().expect("one").to_owned();
    let one = json(&stage.refresh(&stage.client, &shared).await.is(200));
    stage.registry.clock.advance_seconds(59);
    let other = json(&stage.refresh(&stage.client, &shared).await.is(200));
    stage.registry.clock.advance_seconds(600);
    for tokens in [one, other] {
        assert_eq!(stage.call(&tokens["access_token"]).await, 200);
        let next = tokens["refresh_token"].as_str().expect("one");
        stage.refresh(&stage.client, next).await.is(200);
    }
}

async fn a_sign_in_ends_with_the_account_the_client_and_the_persons_word(registry: Registry) {
    let stage = Stage::set(registry).await;
    let desk = &stage.registry.desk;
    // The person ends it.
    let tokens = stage.signed_in(&stage.sales).await;
    let mut browser = stage.registry.client(&stage.sales);
    let page = browser.get("/clients").await.is(200);
    assert!(page.text().contains("Desk script"));
    let grant = page.between("/clients/programs/", "/end");
    let path = format!("/clients/programs/{grant}/end");
    let mut stranger = stage.registry.client(&stage.operator);
    stranger.post(&path, &[]).await.is(404);
    let mut colleague = stage.registry.client(&stage.admin);
    colleague.post(&path, &[]).await.is(404);
    assert_eq!(stage.call(&tokens["access_token"]).await, 200);
    browser.post(&path, &[]).await.is(303);
    assert_eq!(stage.call(&tokens["access_token"]).await, 401);
    // The account is shut, and stays without sign-ins when it is opened again.
    let tokens = stage.signed_in(&stage.sales).await;
    let person = stage.sales.caller.user.id;
    for shut in [true, false] {
        let set = desk.set_disabled(&stage.admin.caller, person, shut).await;
        set.expect("sets");
        assert_eq!(stage.call(&tokens["access_token"]).await, 401);
        let refresh = tokens["refresh_token"].as_str().expect("one");
        stage.refresh(&stage.client, refresh).await.is(400);
    }
    // The client is revoked.
    let tokens = stage.signed_in(&stage.admin).await;
    let revoked = desk.revoke_api_client(&stage.admin.caller, stage.client_id());
    revoked.await.expect("revokes");
    assert_eq!(stage.call(&tokens["access_token"]).await, 401);
    let refresh = tokens["refresh_token"].as_str().expect("one");
    let gone = stage.refresh(&stage.client, refresh).await.is(400);
    assert_eq!(json(&gone)["error"], "unauthorized_client");
}

#[tokio::test]
async fn a_refresh_token_is_its_clients_and_holds_ninety_days() {
    let stage = Stage::set(Registry::empty().await).await;
    let tokens = stage.signed_in(&stage.sales).await;
    let token = tokens["refresh_token"].as_str().expect("one");
    let (other, _) = add_client(&stage.registry, &stage.admin, true).await;
    stage.refresh(&other, token).await.is(400);
    stage.registry.clock.advance_seconds(89 * 86_400);
    let next = json(&stage.refresh(&stage.client, token).await.is(200));
    let token = next["refresh_token"].as_str().expect("one");
    stage.registry.clock.advance_seconds(90 * 86_400);
    stage.refresh(&stage.client, token).await.is(400);
    let mut browser = stage.registry.visitor();
    let log = stage
        .registry
        .desk
        .sign_in(
            "admin@brightwater.example",
            crate::harness::PASSWORD,
            stage.registry.desk.request_id(),
        )
        .await
        .expect("signs in");
    browser
        .cookies
        .insert("enlist_session".to_owned(), log.reveal().to_owned());
    let log = browser.get("/activity").await.is(200).text();
    assert!(
        !log.contains("Stolen token suspected"),
        "it had only expired"
    );
}

#[tokio::test]
async fn a_refresh_narrows_and_never_widens() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut asks = stage.asks();
    asks.retain(|(name, _)| *name != "scope");
    asks.push((
        "scope",
        "devices.read customers.read offline_access".to_owned(),
    ));
    let mut browser = stage.registry.client(&stage.sales);
    let answer = super::decide(&mut browser, &asks, "approve").await.is(303);
    let code = super::parameter(answer.location(), "code").expect("a code");
    let tokens = json(&stage.redeem(&code, super::VERIFIER).await.is(200));
    assert!(tokens.get("id_token").is_none(), "openid was not asked for");
    let refresh = async |token: &str, scope: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &*stage.client),
            ("refresh_token", token),
            ("scope", scope),
        ];
        json(&post_token(&stage.registry, &form).await.is(200))
    };
    let first = tokens["refresh_token"].as_str().expect("one");
    let narrow = refresh(first, "devices.read").await;
    let scp = |tokens: &serde_json::Value| {
        claims(tokens["access_token"].as_str().expect("a token"))["scp"].clone()
    };
    assert_eq!(scp(&narrow), "devices.read");
    assert_eq!(stage.call(&narrow["access_token"]).await, 403);
    let second = narrow["refresh_token"].as_str().expect("one");
    let wide = refresh(second, "https://graph.microsoft.com/.default").await;
    assert_eq!(scp(&wide), "devices.read customers.read");
}

#[tokio::test]
async fn a_program_that_did_not_ask_to_go_on_gets_no_refresh_token() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut asks = stage.asks();
    asks.retain(|(name, _)| *name != "scope");
    asks.push(("scope", "openid customers.read".to_owned()));
    let mut browser = stage.registry.client(&stage.sales);
    let answer = super::decide(&mut browser, &asks, "approve").await.is(303);
    let code = super::parameter(answer.location(), "code").expect("a code");
    let tokens = json(&stage.redeem(&code, super::VERIFIER).await.is(200));
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(stage.call(&tokens["access_token"]).await, 200);
    let going_on = stage.signed_in(&stage.sales).await;
    browser.post("/sign-out", &[]).await.is(303);
    assert_eq!(
        stage.call(&tokens["access_token"]).await,
        401,
        "it ends with the person's session"
    );
    assert_eq!(stage.call(&going_on["access_token"]).await, 200);
    stage.registry.clock.advance_seconds(3600);
    assert_eq!(stage.call(&going_on["access_token"]).await, 401);
}
