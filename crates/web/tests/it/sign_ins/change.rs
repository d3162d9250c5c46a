//! A client on other terms: its tokens follow at once.

use axum::http::Method;
use registration::api_client::ApiScopes;
use registration::ids::ClientId;
use registration::organization::OrganizationKind;
use registration::user::Role;
use serde_json::{Value, json};
use service::api_clients::ClientForm;
use service::client_terms::version_of;

use super::{REDIRECT, Stage, VERIFIER};
use crate::both::on_both;
use crate::harness::{Person, Registry};

on_both![
    tokens_given_before_lose_a_scope_and_a_role_at_once,
    a_code_on_its_way_to_an_address_that_is_gone_is_of_no_use,
];

/// Changes scopes, role and redirect addresses of a client, as its administrator.
async fn change(registry: &Registry, admin: &Person, id: &str, scopes: &str, role: Role, to: &str) {
    let (desk, caller) = (&registry.desk, &admin.caller);
    let id: ClientId = id.parse().expect("an id");
    let client = desk.api_client(caller, id).await.expect("is there").client;
    let form = ClientForm {
        name: client.name.clone(),
        role: role.as_str().to_owned(),
        scopes: vec![scopes.to_owned()],
        redirects: to.to_owned(),
        ..ClientForm::default()
    };
    let seen = version_of(&client);
    let intended = desk.intend_change(caller, id, &seen, &form).await;
    let changed = desk.change_api_client(caller, intended.expect("in order"));
    changed.await.expect("changes");
}

async fn tokens_given_before_lose_a_scope_and_a_role_at_once(registry: Registry) {
    let stage = Stage::set(registry).await;
    let (registry, admin) = (&stage.registry, &stage.admin);
    let (id, secret) = registry.api_client(admin).await;
    let given = registry
        .token("common", &id, &secret)
        .await
        .expect("a token");
    let alone = json!(given.access_token);
    let in_a_name = stage.signed_in(&stage.sales).await;
    let delegated = &in_a_name["access_token"];
    assert_eq!(
        (stage.call(&alone).await, stage.call(delegated).await),
        (200, 200)
    );

    let (less, all) = ("devices.read", ApiScopes::all().to_string());
    for client in [&id, &stage.client] {
        change(registry, admin, client, less, Role::AdminAgent, REDIRECT).await;
    }
    assert_eq!(
        (stage.call(&alone).await, stage.call(delegated).await),
        (403, 403)
    );
    let refresh = in_a_name["refresh_token"].as_str().expect("one");
    let next = super::json(&stage.refresh(&stage.client, refresh).await.is(200));
    assert_eq!(
        stage.call(&next["access_token"]).await,
        403,
        "nor by a refresh"
    );

    // What comes back comes back for what the token and the person were given.
    for client in [&id, &stage.client] {
        change(registry, admin, client, &all, Role::AdminAgent, REDIRECT).await;
    }
    assert_eq!(
        (stage.call(&alone).await, stage.call(delegated).await),
        (200, 200)
    );
    // A role is asked on each call as well: a sales agent does not withdraw.
    let (kind, domain) = (OrganizationKind::Customer, "harrow.example");
    let customer = registry.organization(&stage.operator, kind, "Harrow", domain);
    let customer = customer.await;
    registry.consent(admin, &customer).await;
    let path = format!("/v1/customers/{}", customer.organization_id());
    let mut api = registry.visitor();
    api.bearer = Some(given.access_token);
    for (role, status) in [(Role::SalesAgent, 403), (Role::AdminAgent, 200)] {
        change(registry, admin, &id, &all, role, REDIRECT).await;
        let withdraws = "{\"relationshipToPartner\": \"none\"}";
        api.call(Method::PATCH, &path, withdraws).await.is(status);
    }

    let mut browser = registry.client(admin);
    let log = browser.get("/activity").await.is(200).text();
    assert!(log.contains("API client changed"), "{log}");
    assert!(log.contains("Sales agent, before: Admin agent"), "{log}");
}

async fn a_code_on_its_way_to_an_address_that_is_gone_is_of_no_use(registry: Registry) {
    let stage = Stage::set(registry).await;
    let (registry, admin, client) = (&stage.registry, &stage.admin, &stage.client);
    let all = ApiScopes::all().to_string();
    let kept = stage.signed_in(&stage.sales).await;
    let code = stage.code(&stage.sales).await;
    let elsewhere = "https://elsewhere.example/cb";
    change(registry, admin, client, &all, Role::AdminAgent, elsewhere).await;
    let gone: Value = super::json(&stage.redeem(&code, VERIFIER).await.is(400));
    assert_eq!(gone["error"], "invalid_grant");
    assert_eq!(
        stage.call(&kept["access_token"]).await,
        200,
        "who was signed in stays so"
    );
}
