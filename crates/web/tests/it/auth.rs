//! Set-up, one-time links, signing in and out, and the token of forms.

use axum::http::header;
use registration::organization::OrganizationKind;
use registration::user::Role;

use crate::harness::{PASSWORD, Registry};

#[tokio::test]
async fn an_empty_registry_is_set_up_through_its_link_and_creates_organizations() {
    let registry = Registry::empty().await;
    let link = registry.desk.offer_set_up().await.expect("a link");
    let path = format!("/set-up/{}", link.reveal());
    let mut operator = registry.visitor();
    assert!(
        operator
            .get("/sign-in")
            .await
            .is(200)
            .text()
            .contains("no operator yet")
    );
    operator.get(&path).await.is(200);

    let mut fields = vec![
        ("name", "Registry Operations"),
        ("domain", "registry.example"),
        ("person_name", "Mara Lind"),
        ("email", "mara@registry.example"),
        ("password", PASSWORD),
        ("password_again", "something else entirely"),
    ];
    let again = operator.post(&path, &fields).await.is(422).text();
    assert!(again.contains("The two passwords differ"));
    assert!(again.contains("Mara Lind"), "what was typed is kept");
    assert!(!again.contains(PASSWORD), "a password is never sent back");

    fields[5] = ("password_again", PASSWORD);
    operator.post(&path, &fields).await.is(303);
    assert_eq!(operator.get("/").await.is(303).location(), "/organizations");
    registry.visitor().get(&path).await.is(409);

    let created = operator
        .post(
            "/organizations/new",
            &[
                ("kind", "customer"),
                ("name", "Contoso <Hospital>"),
                ("domain", "contoso.example"),
                ("person_name", "Ada"),
                ("email", "ada@contoso.example"),
            ],
        )
        .await
        .is(200);
    assert!(
        created.text().contains("Contoso &#60;Hospital&#62;"),
        "{}",
        created.text()
    );
    let welcome = created.between("http://registry.example/welcome/", "<");

    let mut ada = registry.visitor();
    let path = format!("/welcome/{welcome}");
    assert!(ada.get(&path).await.is(200).text().contains("Welcome, Ada"));
    let short = [("password", "short"), ("password_again", "short")];
    ada.post(&path, &short).await.is(422);
    let chosen = [("password", PASSWORD), ("password_again", PASSWORD)];
    ada.post(&path, &chosen).await.is(303);
    assert_eq!(ada.get("/").await.is(303).location(), "/devices");
    registry.visitor().get(&path).await.is(409);
}

#[tokio::test]
async fn signing_in_leads_back_to_where_one_wanted_to_go_and_nowhere_else() {
    let registry = Registry::empty().await;
    registry.operator().await;
    let mut visitor = registry.visitor();
    let sent = visitor.get("/organizations?q=a%26b").await.is(303);
    assert_eq!(
        sent.location(),
        "/sign-in?next=/organizations%3Fq%3Da%2526b"
    );
    let form = visitor.get(sent.location()).await.is(200);
    let next = form.between("name=\"next\" value=\"", "\"");
    assert_eq!(next, "/organizations?q=a%26b");

    let wrong = [
        ("email", "mara@registry.example"),
        ("password", "wrong wrong wrong"),
    ];
    let refused = visitor.post("/sign-in", &wrong).await.is(422).text();
    let nobody = [("email", "nobody@registry.example"), ("password", PASSWORD)];
    let unknown = visitor.post("/sign-in", &nobody).await.is(422).text();
    let plain = |text: &str| text.replace("mara@", "").replace("nobody@", "");
    assert_eq!(
        plain(&refused),
        plain(&unknown),
        "who has an account is not told"
    );

    let right = |next| {
        [
            ("email", "Mara@registry.example"),
            ("password", PASSWORD),
            ("next", next),
        ]
    };
    let done = visitor.post("/sign-in", &right(&next)).await.is(303);
    assert_eq!(done.location(), "/organizations?q=a%26b");
    let cookie = done.headers[header::SET_COOKIE].to_str().expect("a cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    visitor.get("/organizations").await.is(200);
    let elsewhere = visitor
        .post("/sign-in", &right("//evil.example/"))
        .await
        .is(303);
    assert_eq!(elsewhere.location(), "/");

    visitor.post("/sign-out", &[]).await.is(303);
    visitor.get("/organizations").await.is(303);
}

#[tokio::test]
async fn a_session_that_was_signed_out_or_shut_opens_nothing() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let partner = OrganizationKind::Partner;
    let admin = registry
        .organization(&operator, partner, "Fabrikam", "fabrikam.example")
        .await;
    let agent = registry.colleague(&admin, Role::SalesAgent).await;
    let mut of_agent = registry.client(&agent);
    of_agent.get("/people").await.is(200);

    let shut = format!("/people/{}/disable", agent.caller.user.id);
    registry.client(&admin).post(&shut, &[]).await.is(303);
    of_agent.get("/people").await.is(303);
    let own = format!("/people/{}/disable", admin.caller.user.id);
    registry.client(&admin).post(&own, &[]).await.is(409);

    let mut of_admin = registry.client(&admin);
    let mut kept = registry.client(&admin);
    of_admin.post("/sign-out", &[]).await.is(303);
    kept.get("/people").await.is(303);
}

#[tokio::test]
async fn a_form_without_the_right_token_or_from_another_site_changes_nothing() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let kind = "application/x-www-form-urlencoded";
    let body = "kind=partner&name=X&domain=x.example&person_name=A&email=a@x.example";
    let mut client = registry.client(&operator);
    client
        .post_raw("/organizations/new", kind, body)
        .await
        .is(403);
    let wrong = format!("{body}&csrf=0000");
    client
        .post_raw("/organizations/new", kind, wrong)
        .await
        .is(403);
    let page = client.get("/organizations?kind=partner").await.is(200);
    assert!(page.text().contains("No organization found"));
    let token = client.token();
    let right = format!("{body}&csrf={token}");
    client
        .post_raw("/organizations/new", kind, right)
        .await
        .is(200);
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down() {
    let registry = Registry::empty().await;
    registry.operator().await;
    let mut visitor = registry.visitor();
    let wrong = [("email", "nobody@x.example"), ("password", "x")];
    let mut slowed = 0;
    for _ in 0..12 {
        let answer = visitor.post("/sign-in", &wrong).await;
        if answer.status == 429 {
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
            slowed += 1;
        }
    }
    assert!((1..=2).contains(&slowed), "{slowed}");
}

#[tokio::test]
async fn every_answer_bears_its_headers_and_a_missing_page_says_so() {
    let registry = Registry::empty().await;
    let mut visitor = registry.visitor();
    assert_eq!(visitor.get("/health").await.is(200).text(), "ok\n");
    let missing = visitor.get("/no-such-page").await.is(404);
    assert!(missing.headers.contains_key("x-request-id"));
    let policy = missing.headers["content-security-policy"].to_str();
    assert!(policy.expect("text").starts_with("default-src 'self'"));
    assert_eq!(missing.headers["cache-control"], "no-store");
    assert!(missing.text().contains("Start page"));
}
