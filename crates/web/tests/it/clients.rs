//! The portal's pages about API clients.

use registration::organization::OrganizationKind;
use registration::user::Role;

use crate::harness::{Person, Registry};

const NEW: [(&str, &str); 6] = [
    ("name", "Stock system"),
    ("role", "sales_agent"),
    ("scopes[]", "devices.read"),
    ("scopes[]", "devices.register"),
    ("kind", "confidential"),
    ("redirects", "https://stock.example/cb"),
];

async fn partner(registry: &Registry) -> Person {
    let operator = registry.operator().await;
    let (kind, domain) = (OrganizationKind::Partner, "brightwater.example");
    registry
        .organization(&operator, kind, "Brightwater", domain)
        .await
}

#[tokio::test]
async fn a_client_is_added_used_rotated_and_revoked_in_the_portal() {
    let registry = Registry::empty().await;
    let admin = partner(&registry).await;
    let mut browser = registry.client(&admin);
    let empty = browser.get("/clients").await.is(200).text();
    assert!(empty.contains("No API clients yet"));
    let made = browser.post("/clients", &NEW).await.is(200);
    let client = made.between("<span id=\"client-id\">", "<");
    let secret = made.between("<span id=\"secret\">", "<");
    assert!(secret.starts_with("enlist_"));
    registry
        .token("common", &client, &secret)
        .await
        .expect("a token");

    let list = browser.get("/clients").await.is(200).text();
    assert!(list.contains("Stock system") && !list.contains(&secret));
    assert!(list.contains("Active until"));
    let path = format!("/clients/{client}");
    let page = browser.get(&path).await.is(200);
    assert!(page.text().contains("https://stock.example/cb"));
    assert!(page.text().contains(&secret[..11]) && !page.text().contains(&secret));
    let first = page.between("/credentials/", "/remove");
    let second = browser.post(&format!("{path}/secret"), &[]).await.is(200);
    let second = second.between("<span id=\"secret\">", "<");
    let third = browser.post(&format!("{path}/secret"), &[]).await.is(409);
    assert!(third.text().contains("two of them already"));
    let remove = format!("{path}/credentials/{first}/remove");
    browser.post(&remove, &[]).await.is(303);
    assert!(registry.token("common", &client, &secret).await.is_err());
    registry
        .token("common", &client, &second)
        .await
        .expect("a token");

    let ask = browser.get(&format!("{path}/revoke")).await.is(200);
    assert!(ask.text().contains("What happens"));
    browser.post(&format!("{path}/revoke"), &[]).await.is(303);
    assert!(registry.token("common", &client, &second).await.is_err());
    let page = browser.get(&path).await.is(200).text();
    assert!(page.contains("Revoked") && !page.contains("Another secret"));
}

#[tokio::test]
async fn what_is_wrong_in_the_form_stands_beside_its_field_and_the_rest_is_kept() {
    let registry = Registry::empty().await;
    let admin = partner(&registry).await;
    let mut browser = registry.client(&admin);
    for (field, value, wanted) in [
        ("name", "", "href=\"#name\""),
        ("role", "administrator", "href=\"#role\""),
        ("redirects", "http://evil.example/", "href=\"#redirects\""),
    ] {
        let fields: Vec<_> = NEW
            .iter()
            .map(|(n, v)| if *n == field { (*n, value) } else { (*n, *v) })
            .collect();
        let page = browser.post("/clients", &fields).await.is(422).text();
        assert!(page.contains(wanted), "{page}");
        assert!(page.contains("value=\"devices.register\" checked"));
    }
    let none = [NEW[0], NEW[1]];
    let page = browser.post("/clients", &none).await.is(422).text();
    assert!(page.contains("href=\"#scopes\""), "{page}");
}

#[tokio::test]
async fn a_public_client_has_no_secret_and_a_private_key_is_refused() {
    let registry = Registry::empty().await;
    let admin = partner(&registry).await;
    let mut browser = registry.client(&admin);
    let mut public = NEW;
    public[4].1 = "public";
    let added = browser.post("/clients", &public).await.is(303);
    let path = added.location().to_owned();
    let page = browser.get(&path).await.is(200).text();
    assert!(page.contains("It has no secret") && !page.contains("Make a secret"));
    let form = browser.post(&format!("{path}/secret"), &[]).await;
    assert_eq!(form.status, 422, "{}", form.text());
    let made = browser.post("/clients", &NEW).await.is(200);
    let client = made.between("<span id=\"client-id\">", "<");
    let private = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
    let path = format!("/clients/{client}/key");
    let page = browser.post(&path, &[("key", private)]).await.is(422);
    assert!(page.text().contains("never leaves your program"));
    assert!(!page.text().contains("MIIE"), "it is not shown again");
}

#[tokio::test]
async fn a_colleague_sees_its_own_programs_alone() {
    let registry = Registry::empty().await;
    let admin = partner(&registry).await;
    let mut browser = registry.client(&admin);
    browser.post("/clients", &NEW).await.is(200);
    let sales = registry.colleague(&admin, Role::SalesAgent).await;
    let mut browser = registry.client(&sales);
    let page = browser.get("/clients").await.is(200).text();
    assert!(page.contains("Programs that act in your name"));
    assert!(!page.contains("Stock system") && !page.contains("Add a client"));
}
