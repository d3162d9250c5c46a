//! What is wrong with a request for a token is told as it is, and what is left of the limits.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::client::{Answer, Client};
use crate::harness::{PUBLIC_URL, Registry};

const FORM: &str = "application/x-www-form-urlencoded";
const TOKEN: &str = "/common/oauth2/v2.0/token";

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| panic!("no JSON: {}", answer.text()))
}

/// The number and the words of a refusal.
fn told(answer: &Answer) -> (u64, String) {
    let body = json(answer);
    let text = body["error_description"].as_str().expect("words");
    let number = body["error_codes"][0].as_u64().expect("a number");
    assert!(text.starts_with(&format!("AADSTS{number}: ")), "{text}");
    (number, text.to_owned())
}

fn head<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let value = answer.headers.get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

/// A form by a client that comes with HTTP Basic.
async fn by_basic(registry: &Registry, id: &str, secret: &str, form: &str) -> Answer {
    let coded = base64_simd::STANDARD.encode_to_string(format!("{id}:{secret}"));
    let request = Request::post(TOKEN)
        .header(header::HOST, "registry.example")
        .header(header::CONTENT_TYPE, FORM)
        .header(header::AUTHORIZATION, format!("Basic {coded}"));
    let request = request.body(Body::from(form.to_owned()));
    let answered = registry.router.clone().oneshot(request.expect("a request"));
    let (parts, body) = answered.await.expect("answers").into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        bytes: to_bytes(body, usize::MAX).await.expect("a body").to_vec(),
    }
}

#[tokio::test]
async fn a_form_that_can_not_be_read_is_told_why() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, secret) = registry.api_client(&operator).await;
    let mut visitor = registry.visitor();
    let right = format!(
        "grant_type=client_credentials&client_id={client}&client_secret={secret}&scope=.default"
    );
    for kind in [
        FORM,
        "APPLICATION/X-WWW-FORM-URLENCODED",
        "application/x-www-form-urlencoded; charset=UTF-8",
    ] {
        visitor.post_raw(TOKEN, kind, &*right).await.is(200);
    }
    let twice = format!("{right}&client_id={client}");
    for path in [TOKEN, "/common/oauth2/v2.0/devicecode"] {
        let twice = visitor.post_raw(path, FORM, &*twice).await.is(400);
        let (number, text) = told(&twice);
        assert_eq!(number, 9_000_411);
        assert!(text.contains("'client_id' is duplicated"), "{text}");
        let other = visitor.post_raw(path, "application/json", "{}").await;
        let (number, text) = told(&other.is(400));
        assert_eq!(number, 9_002_313);
        assert!(text.contains(FORM), "{text}");
    }
    let (number, text) = told(&visitor.post_raw(TOKEN, FORM, "").await.is(400));
    assert_eq!(number, 900_144);
    assert!(text.contains("'grant_type'"), "{text}");
}

#[tokio::test]
async fn a_form_above_the_published_limit_is_told_the_limit() {
    let registry = Registry::empty().await;
    let mut visitor = registry.visitor();
    let limits = json(&visitor.get("/limits").await.is(200));
    let sizes = limits["sizes"].as_array().expect("sizes");
    let size = sizes.iter().find(|size| size["name"] == "form-bytes");
    let most = size.expect("it is published")["most"].as_u64();
    let most = usize::try_from(most.expect("a number")).expect("fits");
    for path in [TOKEN, "/common/oauth2/token"] {
        let fits = "x".repeat(most);
        visitor.post_raw(path, FORM, fits).await.is(400);
        let more = "x".repeat(most + 1);
        let (_, text) = told(&visitor.post_raw(path, FORM, more).await.is(413));
        assert!(text.contains(&format!("{most} bytes")), "{text}");
    }
}

#[tokio::test]
async fn header_and_form_name_one_client() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, secret) = registry.api_client(&operator).await;
    let (other, its) = registry.api_client(&operator).await;
    let form = "grant_type=client_credentials&scope=.default";
    let ask =
        async |more: &str| by_basic(&registry, &client, &secret, &format!("{form}{more}")).await;
    ask("").await.is(200);
    ask(&format!("&client_id={client}")).await.is(200);
    ask(&format!(
        "&client_id={}&client_secret={secret}",
        client.to_uppercase()
    ))
    .await
    .is(200);
    for more in [
        format!("&client_id={other}"),
        format!("&client_id={other}&client_secret={its}"),
        format!("&client_id={client}&client_secret={its}"),
    ] {
        let refused = ask(&more).await.is(400);
        assert_eq!(json(&refused)["error"], "invalid_request");
        assert_eq!(told(&refused).0, 9_002_313);
    }
}

#[tokio::test]
async fn every_refusal_says_when_which_request_and_where_to_read_more() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let mut visitor = registry.visitor();
    let unknown = "/nonesuch.example/v2.0/.well-known/openid-configuration";
    let form = [("grant_type", "client_credentials"), ("client_id", "x")];
    for answer in [
        visitor.post(TOKEN, &form).await.is(400),
        visitor.get(unknown).await.is(400),
        visitor.post("/%ff/oauth2/v2.0/token", &form).await.is(400),
        visitor
            .get("/%ff/.well-known/openid-configuration")
            .await
            .is(400),
    ] {
        let body = json(&answer);
        let request = head(&answer, "x-request-id");
        assert!(!request.is_empty());
        assert_eq!(
            (&body["trace_id"], &body["correlation_id"]),
            (&request.into(), &request.into())
        );
        let at = body["timestamp"].as_str().expect("a time");
        assert!(at.ends_with('Z') && at.as_bytes()[10] == b' ', "{at}");
        let more = body["error_uri"].as_str().expect("an address");
        let page = more.strip_prefix(PUBLIC_URL).expect("ours");
        let (page, part) = page.split_once('#').expect("a part");
        let page = registry.visitor().get(page).await.is(200);
        assert!(page.text().contains(&format!("id=\"{part}\"")));
    }
    let not_text = visitor.post("/%ff/oauth2/v2.0/devicecode", &form).await;
    assert_eq!(told(&not_text.is(400)).0, 90_002);
    visitor.get("/%ff/discovery/v2.0/keys").await.is(200);
    let mut browser = registry.client(&operator);
    let page = browser.get("/%ff/oauth2/v2.0/authorize?client_id=x").await;
    assert!(page.is(400).text().contains("AADSTS90002"));
}

/// The names of the limits that an answer tells of.
fn limits(answer: &Answer) -> Vec<String> {
    let named = |header| {
        let items = head(answer, header)
            .split(", ")
            .filter(|item| !item.is_empty());
        let names = items.map(|item| item.split('"').nth(1).expect("a name").to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(named("ratelimit"), named("ratelimit-policy"));
    named("ratelimit")
}

#[tokio::test]
async fn every_answer_for_programs_tells_what_is_left() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, secret) = registry.api_client(&operator).await;
    let mut visitor = registry.visitor();
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("scope", ".default"),
        ("client_id", &*client),
        ("client_secret", &*secret),
    ];
    let by_address = ["unknown-callers"];
    assert_eq!(
        limits(&visitor.post(TOKEN, &form).await.is(200)),
        by_address
    );
    form[0].1 = "password";
    assert_eq!(
        limits(&visitor.post(TOKEN, &form).await.is(400)),
        by_address
    );
    form[0].1 = "client_credentials";
    form[3].1 = "guess";
    let guess = limits(&visitor.post(TOKEN, &form).await.is(401));
    assert_eq!(guess, ["unknown-callers", "wrong-secrets"]);
    for path in [
        "/common/v2.0/.well-known/openid-configuration",
        "/common/discovery/v2.0/keys",
        "/common/discovery/instance",
        "/limits",
    ] {
        assert_eq!(
            limits(&visitor.get(path).await.is(200)),
            by_address,
            "{path}"
        );
    }
    let begun = visitor.post("/common/oauth2/v2.0/devicecode", &form).await;
    assert_eq!(limits(&begun), ["unknown-callers", "device-codes"]);

    let token = registry.token("common", &client, &secret).await;
    let mut api = registry.visitor();
    api.bearer = Some(token.expect("a token").access_token);
    for face in ["/v1", "/V1/", "/v1.0", "/beta", "/oem/v1"] {
        let path = format!("{face}/nonesuch");
        let known = limits(&api.get(&path).await.is(404));
        assert_eq!(known, ["calls"], "{path}");
        let stranger = limits(&visitor.get(&path).await.is(404));
        assert_eq!(stranger, by_address, "{path}");
    }
    for path in [
        "/v1/customers",
        "/V1/Customers",
        "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities",
        "/oem/v1/registrations",
    ] {
        let refused = api.call(Method::TRACE, path, "").await.is(405);
        assert_eq!(limits(&refused), ["calls"], "{path}");
    }
    let page = limits(&visitor.get("/sign-in").await);
    assert!(page.is_empty(), "pages have no such limit");
}

async fn guess(visitor: &mut Client, client: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("client_secret", "guess"),
        ("scope", ".default"),
    ];
    visitor.post(TOKEN, &form).await
}

#[tokio::test]
async fn who_has_to_wait_is_told_for_which_limit_and_how_long() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let (client, _) = registry.api_client(&operator).await;
    let mut visitor = registry.visitor();
    for _ in 0..20 {
        guess(&mut visitor, &client).await.is(401);
    }
    let answer = guess(&mut visitor, &client).await.is(429);
    let wait = head(&answer, "retry-after").to_owned();
    let (number, text) = told(&answer);
    assert_eq!(number, 90_055);
    assert!(text.contains("'wrong-secrets'"), "{text}");
    assert!(text.contains(&format!("in {wait} seconds")), "{text}");
}
