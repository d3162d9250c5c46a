//! The portal's pages about API clients.

use registration::api_client::ApiScope;
use registration::organization::OrganizationKind;
use registration::user::Role;

use crate::harness::{Client, Person, Registry};

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

/// The hidden fields and boxes of the form that changes a client, as it is shown.
async fn change_form(browser: &mut Client, client: &str) -> Vec<(&'static str, String)> {
    let form = browser
        .get(&format!("/clients/{client}/change"))
        .await
        .is(200);
    let text = form.text();
    let mut fields = vec![
        ("seen", form.between("name=\"seen\" value=\"", "\"")),
        (
            "name",
            form.between("name=\"name\" type=\"text\" value=\"", "\""),
        ),
        ("role", "sales_agent".to_owned()),
        (
            "redirects",
            form.between("error\">", "</textarea>")
                .replace("&#10;", "\n"),
        ),
    ];
    assert!(text.contains("value=\"sales_agent\" checked"));
    for scope in ApiScope::ALL.iter().map(|scope| scope.as_str()) {
        if text.contains(&format!("value=\"{scope}\" checked")) {
            fields.push(("scopes[]", scope.to_owned()));
        }
    }
    fields
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[tokio::test]
async fn what_changes_of_a_client_is_shown_before_it_does() {
    let registry = Registry::empty().await;
    let admin = partner(&registry).await;
    let mut browser = registry.client(&admin);
    let made = browser.post("/clients", &NEW).await.is(200);
    let client = made.between("<span id=\"client-id\">", "<");
    let path = format!("/clients/{client}/change");
    let shown = change_form(&mut browser, &client).await;
    assert_eq!(shown[3].1, "https://stock.example/cb");
    // As it is already.
    let same = browser.post(&path, &borrowed(&shown)).await.is(303);
    assert_eq!(same.location(), format!("/clients/{client}"));
    let mut next = shown.clone();
    next.retain(|(name, value)| *name != "scopes[]" || value != "devices.register");
    next[1].1 = "Stock & system 2".to_owned();
    next[2].1 = "admin_agent".to_owned();
    next[3].1 = "https://stock.example/2\r\n".to_owned();
    next.push(("scopes[]", "audit.read".to_owned()));
    let page = browser.post(&path, &borrowed(&next)).await.is(200).text();
    for said in [
        "Change Stock system?",
        "<ins><span class=\"visually-hidden\">to </span>Stock &#38; system 2</ins>",
        "Admin agent</ins>",
        "Read the audit log <code>audit.read</code>",
        "Register, change and release devices <code>devices.register</code>",
        "New redirect address",
        "Redirect address that goes",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let before = browser.get(&format!("/clients/{client}")).await.is(200);
    assert!(before.text().contains("<h1>Stock system</h1>"), "not yet");
    let mut wrong = next.clone();
    wrong.push(("confirmed", "no".to_owned()));
    let again = browser.post(&path, &borrowed(&wrong)).await.is(200).text();
    assert!(
        again.contains("value=\"Stock &#38; system 2\"")
            && again.contains("value=\"audit.read\" checked")
    );
    let mut confirmed = next.clone();
    confirmed.push(("confirmed", "yes".to_owned()));
    browser.post(&path, &borrowed(&confirmed)).await.is(303);
    let after = browser
        .get(&format!("/clients/{client}"))
        .await
        .is(200)
        .text();
    assert!(after.contains("<h1>Stock &#38; system 2</h1>"), "{after}");
    assert!(after.contains("Admin agent, when it acts by itself"));
    assert!(after.contains("https://stock.example/2") && !after.contains("/cb<"));
    let log = browser.get("/activity").await.is(200).text();
    assert!(log.contains("API client changed"), "{log}");
    assert!(
        log.contains("called Stock &#38; system 2, before: Stock system"),
        "{log}"
    );
    // The form that was made before is out of date.
    browser.post(&path, &borrowed(&confirmed)).await.is(409);
    let mut wrong = change_form_of(&mut browser, &client).await;
    wrong.retain(|(name, _)| *name != "scopes[]");
    let again = browser.post(&path, &borrowed(&wrong)).await.is(422).text();
    assert!(again.contains("href=\"#scopes\""), "{again}");
    browser
        .post(&format!("/clients/{client}/revoke"), &[])
        .await
        .is(303);
    browser.post(&path, &borrowed(&wrong)).await.is(409);
}

/// The same of one that is an admin agent by now.
async fn change_form_of(browser: &mut Client, client: &str) -> Vec<(&'static str, String)> {
    let form = browser
        .get(&format!("/clients/{client}/change"))
        .await
        .is(200);
    vec![
        ("seen", form.between("name=\"seen\" value=\"", "\"")),
        ("name", "Stock".to_owned()),
        ("role", "admin_agent".to_owned()),
    ]
}

#[tokio::test]
async fn how_long_a_secret_or_key_holds_is_chosen() {
    let registry = Registry::empty().await;
    let admin = partner(&registry).await;
    let mut browser = registry.client(&admin);
    let page = browser.get("/clients").await.is(200).text();
    assert!(page.contains("value=\"180\" selected"), "{page}");
    let mut first = NEW.to_vec();
    first.push(("days", "30"));
    let made = browser.post("/clients", &first).await.is(200);
    assert!(
        made.text().contains("holds until 2026-12-22"),
        "{}",
        made.text()
    );
    let path = format!("/clients/{}", made.between("<span id=\"client-id\">", "<"));
    let second = browser
        .post(&format!("{path}/secret"), &[("days", "730")])
        .await
        .is(200);
    assert!(
        second.text().contains("holds until 2028-11-21"),
        "{}",
        second.text()
    );
    let key = include_str!("../../../service/src/oauth/test_keys/ec_public.pem");
    let key = [("key", key), ("days", "90")];
    browser.post(&format!("{path}/key"), &key).await.is(303);
    let page = browser.get(&path).await.is(200).text();
    for until in ["2026-12-22", "2028-11-21", "2027-02-20"] {
        assert!(page.contains(until), "{until}: {page}");
    }
    first[6].1 = "731";
    let page = browser.post("/clients", &first).await.is(422).text();
    assert!(
        page.contains("href=\"#days\"") && page.contains("1 to 730 days"),
        "{page}"
    );
    browser
        .post(&format!("{path}/key"), &[("days", "soon")])
        .await
        .is(422);
    browser
        .post(&format!("{path}/secret"), &[("days", "0")])
        .await
        .is(422);
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
