//! Authorization codes with PKCE.

use base64_simd::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{
    REDIRECT, Stage, VERIFIER, add_client, address, claims, decide, json, parameter, post_token,
};
use crate::both::on_both;
use crate::harness::Registry;

on_both![a_person_signs_in_and_the_program_acts_in_its_name];

async fn a_person_signs_in_and_the_program_acts_in_its_name(registry: Registry) {
    let stage = Stage::set(registry).await;
    let mut browser = stage.registry.client(&stage.sales);
    let page = browser.get(&address(&stage.asks())).await.is(200);
    let text = page.text();
    assert!(text.contains("Desk script") && text.contains("See devices, batches and results"));
    let policy = page.headers["content-security-policy"].to_str();
    let policy = policy.expect("text");
    assert!(policy.contains("form-action 'self' http://localhost:4711;"));
    let answer = decide(&mut browser, &stage.asks(), "approve").await.is(303);
    let to = answer.location().to_owned();
    assert!(to.starts_with("http://localhost:4711/?code="), "{to}");
    assert_eq!(parameter(&to, "state").as_deref(), Some("a state & more"));
    let code = parameter(&to, "code").expect("a code");
    let tokens = json(&stage.redeem(&code, VERIFIER).await.is(200));
    assert_eq!(tokens["expires_in"], 3599);
    assert!(
        tokens["scope"]
            .as_str()
            .expect("words")
            .contains(".default")
    );
    assert_eq!(stage.call(&tokens["access_token"]).await, 200);

    let person = stage.sales.caller.user.id.to_string();
    let tenant = stage.sales.organization_id().to_string();
    let id = claims(tokens["id_token"].as_str().expect("an id_token"));
    assert_eq!(id["aud"], stage.client);
    assert_eq!((&id["oid"], &id["tid"]), (&person.into(), &tenant.into()));
    assert_eq!(id["preferred_username"], "sales_agent@brightwater.example");
    assert_eq!(id["nonce"], "n-0S6");
    let info = tokens["client_info"].as_str().expect("client_info");
    let info = URL_SAFE_NO_PAD.decode_to_vec(info).expect("base64url");
    let info: Value = serde_json::from_slice(&info).expect("JSON");
    assert_eq!((&info["uid"], &info["utid"]), (&id["oid"], &id["tid"]));
    let access = claims(tokens["access_token"].as_str().expect("a token"));
    assert!(access["scp"].is_string() && access.get("roles").is_none());
    assert_eq!(
        stage.call(&tokens["id_token"]).await,
        401,
        "it is no access token"
    );
}

#[tokio::test]
async fn the_audit_log_names_person_and_program() {
    let stage = Stage::set(Registry::empty().await).await;
    let tokens = stage.signed_in(&stage.sales).await;
    let mut api = stage.registry.visitor();
    api.bearer = tokens["access_token"].as_str().map(str::to_owned);
    api.get("/v1/customers/relationshiprequests").await.is(200);
    let mut browser = stage.registry.client(&stage.admin);
    let log = browser.get("/activity").await.is(200).text();
    let named = format!(
        "sales_agent@brightwater.example by API client Desk script ({})",
        stage.client
    );
    assert!(log.contains(&named), "{log}");
    assert!(log.contains("API client approved"));
}

#[tokio::test]
async fn version_1_answers_in_its_own_form_and_a_server_proves_itself_without_pkce() {
    let stage = Stage::set(Registry::empty().await).await;
    let (client, secret) = add_client(&stage.registry, &stage.admin, false).await;
    let secret = secret.expect("a secret");
    let mut browser = stage.registry.client(&stage.sales);
    let fields = [
        ("client_id", &*client),
        ("response_type", "code"),
        ("redirect_uri", "https://app.example/cb"),
        ("resource", "https://api.partnercenter.microsoft.com"),
        ("decision", "approve"),
    ];
    let path = "/brightwater.example/oauth2/authorize";
    let answer = browser.post(path, &fields).await.is(303);
    let code = parameter(answer.location(), "code").expect("a code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &*client),
        ("client_secret", &*secret),
        ("code", &*code),
        ("redirect_uri", "https://app.example/cb"),
        ("resource", "https://api.partnercenter.microsoft.com"),
    ];
    let mut program = stage.registry.visitor();
    let path = "/brightwater.example/oauth2/token";
    let tokens = json(&program.post(path, &form).await.is(200));
    assert_eq!(tokens["scope"], "user_impersonation");
    assert_eq!(tokens["expires_in"], "3599");
    assert!(tokens["refresh_token"].is_string() && tokens["id_token"].is_string());
    assert!(tokens.get("client_info").is_none(), "nobody asked for it");
    assert_eq!(stage.call(&tokens["access_token"]).await, 200);
    let again = [
        ("grant_type", "refresh_token"),
        ("client_id", &*client),
        ("client_secret", &*secret),
        (
            "refresh_token",
            tokens["refresh_token"].as_str().expect("one"),
        ),
        ("scope", "openid"),
    ];
    let next = json(&program.post(path, &again).await.is(200));
    assert_eq!(next["scope"], "user_impersonation");
    let unproven = [again[0], again[1], again[3]];
    let answer = post_token(&stage.registry, &unproven).await.is(401);
    assert_eq!(json(&answer)["error"], "invalid_client");
}

#[tokio::test]
async fn errors_go_to_the_program_once_its_address_is_known_to_be_right() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut browser = stage.registry.client(&stage.sales);
    let with = |name: &'static str, value: &str| {
        let mut asks = stage.asks();
        asks.retain(|(known, _)| *known != name);
        asks.push((name, value.to_owned()));
        asks
    };
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("scope", "devices.fly", "invalid_scope"),
        ("response_mode", "smoke", "invalid_request"),
        ("prompt", "none", "consent_required"),
    ] {
        let answer = browser.get(&address(&with(name, value))).await.is(303);
        let to = answer.location();
        assert!(to.starts_with("http://localhost:4711/?error="), "{to}");
        assert_eq!(parameter(to, "error").as_deref(), Some(error), "{name}");
        assert!(parameter(to, "state").is_some() && parameter(to, "code").is_none());
    }
    let long = "x".repeat(5000);
    let answer = browser.get(&address(&with("state", &long))).await.is(303);
    let text = parameter(answer.location(), "error_description").expect("words");
    assert!(text.starts_with("AADSTS90015: "), "{text}");
    let query = address(&stage.asks()) + "&client_id=x";
    let page = browser.get(&query).await.is(400);
    assert!(page.text().contains("more than once"), "{}", page.text());
    for (name, value) in [
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", "http://localhost:4711/elsewhere"),
        ("redirect_uri", ""),
        ("client_id", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ("client_id", ""),
    ] {
        for answer in [
            browser.get(&address(&with(name, value))).await,
            decide(&mut browser, &with(name, value), "approve").await,
        ] {
            let page = answer.is(400);
            assert_eq!(page.location(), "", "nobody else is told");
            assert!(page.text().contains("can&#39;t sign you in") || page.text().contains("can't"));
        }
    }
    let answer = decide(&mut browser, &stage.asks(), "decline").await.is(303);
    let declined = parameter(answer.location(), "error");
    assert_eq!(declined.as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn who_is_not_signed_in_signs_in_first_and_comes_back() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut visitor = stage.registry.visitor();
    let asked = address(&stage.asks());
    let answer = visitor.get(&asked).await.is(303);
    let next = parameter(answer.location(), "next").expect("the way back");
    assert_eq!(next, asked);
    let mut silent = stage.asks();
    silent.push(("prompt", "none".to_owned()));
    let answer = visitor.get(&address(&silent)).await.is(303);
    let error = parameter(answer.location(), "error");
    assert_eq!(error.as_deref(), Some("login_required"));
}

#[tokio::test]
async fn the_answer_travels_as_the_program_wished() {
    let stage = Stage::set(Registry::empty().await).await;
    let mut browser = stage.registry.client(&stage.sales);
    let mut asks = stage.asks();
    asks.push(("response_mode", "fragment".to_owned()));
    let answer = decide(&mut browser, &asks, "approve").await.is(303);
    let to = answer.location();
    assert!(to.starts_with("http://localhost:4711/#code="), "{to}");
    asks.pop();
    asks.push(("response_mode", "form_post".to_owned()));
    let page = decide(&mut browser, &asks, "approve").await.is(200);
    let text = page.text();
    assert!(text.contains(&format!("action=\"{REDIRECT}\"")), "{text}");
    let code = page.between("name=\"code\" value=\"", "\"");
    assert!(text.contains("value=\"a state &#38; more\""), "{text}");
    stage.redeem(&code, VERIFIER).await.is(200);
}
