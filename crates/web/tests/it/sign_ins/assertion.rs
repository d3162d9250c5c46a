//! Clients that prove themselves by a key.

use base64_simd::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use super::{Stage, add_client, json as body, post_token};
use crate::both::on_both;
use crate::client::Answer;
use crate::harness::{PUBLIC_URL, Registry};

on_both![an_assertion_gives_a_token_once];

const BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// What stands before the point in the `SubjectPublicKeyInfo` of a P-256 key.
const INFO: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 6, 8, 0x2A, 0x86, 0x48, 0xCE,
    0x3D, 3, 1, 7, 3, 0x42, 0,
];

/// A program with a key of its own.
struct Program {
    stage: Stage,
    client: String,
    pair: EcdsaKeyPair,
    thumbprint: String,
}

impl Program {
    async fn set(registry: Registry) -> Self {
        let stage = Stage::set(registry).await;
        let (client, _) = add_client(&stage.registry, &stage.admin, false).await;
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random);
        let pair = pair.expect("a key");
        let info = [&INFO, pair.public_key().as_ref()].concat();
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode_to_string(info)
        );
        let id = client.parse().expect("an id");
        let (desk, admin) = (&stage.registry.desk, &stage.admin.caller);
        let thumbprint = desk.add_client_key(admin, id, &pem, 30).await;
        Self {
            thumbprint: thumbprint.expect("the key is registered"),
            stage,
            client,
            pair,
        }
    }

    fn claims(&self, jti: &str) -> Value {
        let now = self.stage.registry.desk.now().0 / 1_000_000;
        json!({
            "iss": self.client, "sub": self.client, "jti": jti,
            "aud": format!("{PUBLIC_URL}/brightwater.example/oauth2/v2.0/token"),
            "nbf": now, "iat": now, "exp": now + 600,
        })
    }

    fn sign(&self, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode_to_string(value.to_string());
        let header = json!({ "alg": "ES256", "typ": "JWT", "x5t": "whatever" });
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode_to_string(signature.expect("signs"));
        format!("{signed}.{signature}")
    }

    async fn ask(&self, assertion: &str) -> Answer {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &*self.client),
            ("client_assertion_type", BEARER),
            ("client_assertion", assertion),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        post_token(&self.stage.registry, &form).await
    }
}

async fn an_assertion_gives_a_token_once(registry: Registry) {
    let program = Program::set(registry).await;
    let assertion = program.sign(&program.claims("one"));
    let tokens = body(&program.ask(&assertion).await.is(200));
    assert_eq!(program.stage.call(&tokens["access_token"]).await, 200);
    let again = body(&program.ask(&assertion).await.is(401));
    assert_eq!(again["error_codes"][0], 700_030);
    program
        .ask(&program.sign(&program.claims("two")))
        .await
        .is(200);
    // The key goes, and with it the token.
    let mut browser = program.stage.registry.client(&program.stage.admin);
    let path = format!("/clients/{}", program.client);
    let page = browser.get(&path).await.is(200);
    assert!(page.text().contains(&program.thumbprint));
    let keys = page.between(&program.thumbprint, "/remove");
    let (_, id) = keys.rsplit_once('/').expect("an address");
    let remove = format!("{path}/credentials/{id}/remove");
    browser.post(&remove, &[]).await.is(303);
    assert_eq!(program.stage.call(&tokens["access_token"]).await, 401);
    let gone = body(&program.ask(&program.sign(&program.claims("three"))).await);
    assert_eq!(gone["error_codes"][0], 700_027);
}

#[tokio::test]
async fn an_assertion_must_be_of_this_client_for_this_service_and_now() {
    let program = Program::set(Registry::empty().await).await;
    let with = |name: &str, value: Value| {
        let mut claims = program.claims(name);
        claims[name] = value;
        program.sign(&claims)
    };
    let now = program.stage.registry.desk.now().0 / 1_000_000;
    for (name, value) in [
        ("iss", json!("somebody")),
        ("sub", json!("somebody")),
        ("aud", json!("https://login.example/token")),
        ("aud", json!([])),
        ("exp", json!(now - 61)),
        ("exp", json!(now + 4000)),
        ("exp", json!("soon")),
        ("nbf", json!(now + 120)),
        ("jti", json!("")),
        ("jti", Value::Null),
    ] {
        let answer = program.ask(&with(name, value.clone())).await;
        assert_eq!(answer.status, 401, "{name} {value}: {}", answer.text());
    }
    for broken in ["", "a", "a.b.c", "..", "é.é.é"] {
        let answer = program.ask(broken).await;
        assert_eq!(answer.status, 401, "{broken}: {}", answer.text());
    }
    let good = with("aud", json!([PUBLIC_URL, "https://other.example"]));
    program.ask(&good).await.is(200);
}

#[tokio::test]
async fn the_client_id_may_be_left_out_and_another_sort_of_assertion_is_refused() {
    let program = Program::set(Registry::empty().await).await;
    let (one, two) = (
        program.sign(&program.claims("one")),
        program.sign(&program.claims("two")),
    );
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_assertion_type", BEARER),
        ("client_assertion", &*one),
        ("scope", ".default"),
    ];
    post_token(&program.stage.registry, &form).await.is(200);
    form[1].1 = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    form[2].1 = &two;
    post_token(&program.stage.registry, &form).await.is(400);
}
