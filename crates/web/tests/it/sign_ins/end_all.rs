//! A person ends whatever acts in its name, at once and in one go.

use super::{Stage, VERIFIER, add_client, json};
use crate::both::on_both;
use crate::harness::Registry;

on_both![
    a_person_ends_every_sign_in_and_nobody_elses,
    signing_out_of_everything_ends_what_was_to_go_on_too,
];

async fn a_person_ends_every_sign_in_and_nobody_elses(registry: Registry) {
    let stage = Stage::set(registry).await;
    let first = stage.signed_in(&stage.sales).await;
    let second = stage.by_device_code(&stage.sales).await;
    let of_a_colleague = stage.signed_in(&stage.admin).await;
    let waiting = stage.code(&stage.sales).await;
    let (other, _) = add_client(&stage.registry, &stage.admin, true).await;
    let mut browser = stage.registry.client(&stage.sales);
    let page = browser.get("/clients").await.is(200).text();
    assert_eq!(page.matches("End<span").count(), 2, "{page}");
    assert!(page.contains("End all"), "{page}");

    let ended = browser.post("/clients/programs/end", &[]).await.is(303);
    assert_eq!(ended.location(), "/clients");
    for tokens in [&first, &second] {
        assert_eq!(stage.call(&tokens["access_token"]).await, 401);
        let refresh = tokens["refresh_token"].as_str().expect("one");
        let gone = json(&stage.refresh(&stage.client, refresh).await.is(400));
        assert_eq!(gone["error"], "invalid_grant");
    }
    stage.redeem(&waiting, VERIFIER).await.is(400);
    assert_eq!(stage.call(&of_a_colleague["access_token"]).await, 200);

    let page = browser.get("/clients").await.is(200).text();
    assert!(
        page.contains("2 sign-ins of programs") && !page.contains("End all"),
        "{page}"
    );
    let none = browser.post("/clients/programs/end", &[]).await.is(303);
    assert_eq!(none.location(), "/clients");
    let log = browser.get("/activity").await.is(200).text();
    let ends = log.matches("API client&#39;s sign-in ended").count();
    assert_eq!(
        ends, 2,
        "a line for each, and none where there was none: {log}"
    );
    assert!(!page.contains(&other));
    // It does not end for good: the person may sign in again.
    let again = stage.signed_in(&stage.sales).await;
    assert_eq!(stage.call(&again["access_token"]).await, 200);
}

async fn signing_out_of_everything_ends_what_was_to_go_on_too(registry: Registry) {
    let stage = Stage::set(registry).await;
    let tokens = stage.signed_in(&stage.sales).await;
    let mut browser = stage.registry.client(&stage.sales);
    let out = browser
        .post("/clients/programs/end", &[("sign_out", "yes")])
        .await
        .is(303);
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(stage.call(&tokens["access_token"]).await, 401);
    let refresh = tokens["refresh_token"].as_str().expect("one");
    stage.refresh(&stage.client, refresh).await.is(400);
    // The session is gone, and not the cookie alone.
    let mut stolen = stage.registry.client(&stage.sales);
    let answer = stolen.get("/clients").await.is(303);
    assert!(answer.location().starts_with("/sign-in"));
}
