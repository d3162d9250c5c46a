//! A partner's pages: customers, invitations, a customer's devices, and the way out.

use device_list::sample::SampleKind;
use registration::organization::OrganizationKind as Kind;
use registration::user::Role;

use crate::harness::{PUBLIC_URL, Person, Registry, TAG, sample_list};

/// A registry with a partner and a customer that don't know each other yet.
async fn two() -> (Registry, Person, Person) {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let partner = registry
        .organization(&operator, Kind::Partner, "Brightwater", "bright.example")
        .await;
    let customer = registry
        .organization(&operator, Kind::Customer, "Harrow", "harrow.example")
        .await;
    (registry, partner, customer)
}

#[tokio::test]
async fn an_invitation_is_made_opened_accepted_and_makes_a_customer() {
    let (registry, partner, customer) = two().await;
    let mut agent = registry.client(&partner);
    let empty = agent.get("/customers").await.is(200).text();
    assert!(empty.contains("No customers yet") && empty.contains("/customers/invite"));

    let wrong = [("customer_label", "Harrow"), ("customer_domain", "not one")];
    let again = agent.post("/customers/invite", &wrong).await.is(422).text();
    assert!(again.contains("The domain must look like") && again.contains("value=\"not one\""));
    let right = [
        ("customer_label", "Harrow Trust"),
        ("customer_domain", "harrow.example"),
        ("delegated_administration", "yes"),
    ];
    let made = agent.post("/customers/invite", &right).await.is(303);
    let text = agent.get(made.location()).await.is(200);
    let token = text.between(&format!("{PUBLIC_URL}/invitations/"), "\n");
    assert!(
        text.text()
            .contains("We also ask for delegated administration")
    );
    let pending = agent.get("/customers?q=harrow").await.is(200).text();
    assert!(pending.contains("Harrow Trust") && pending.contains("Waits for the customer"));

    let link = format!("/invitations/{token}");
    let sent = registry.visitor().get(&link).await.is(303);
    assert_eq!(sent.location(), format!("/sign-in?next={link}"));
    let mut admin = registry.client(&customer);
    let asked = admin.get(&link).await.is(200).text();
    assert!(asked.contains("Brightwater asks to register devices for you"));
    assert!(asked.contains("They ask for it."));
    let accept = format!("{link}/accept");
    let unticked = admin.post(&accept, &[]).await.is(422).text();
    assert!(
        unticked.contains("Tick &#34;Yes&#34; to accept."),
        "{unticked}"
    );
    let past = [("yes", "yes"), ("until", "2020-01-01")];
    let kept = admin.post(&accept, &past).await.is(422).text();
    assert!(kept.contains("value=\"2020-01-01\"") && kept.contains("checked"));
    let yes = [("yes", "yes"), ("until", "2030-12-31")];
    let accepted = admin.post(&accept, &yes).await.is(303);
    assert_eq!(accepted.location(), "/partners");
    let partners = admin.get("/partners").await.is(200).text();
    assert!(partners.contains("You accepted") && partners.contains("Active until 2030-12-31"));
    assert!(
        !admin.get("/partners").await.text().contains("You accepted"),
        "said once"
    );

    let listed = agent.get("/customers").await.is(200).text();
    let page = format!("/customers/{}", customer.organization_id());
    assert!(listed.contains(&page) && !listed.contains("Waits for the customer"));
    let account = agent.get(&page).await.is(200).text();
    assert!(account.contains("harrow.example") && account.contains("Active until 2030-12-31"));
    let log = agent.get(&format!("{page}/activity")).await.is(200).text();
    assert!(log.contains("Consent given"));
    agent.get(&link).await.is(200);
}

#[tokio::test]
async fn only_a_global_administrator_of_the_customer_answers_an_invitation() {
    let (registry, partner, customer) = two().await;
    let link = format!(
        "/invitations/{}",
        registry.invite(&partner, &customer).await.token
    );
    let reader = registry.colleague(&customer, Role::Reader).await;
    let mut of_reader = registry.client(&reader);
    let needed = of_reader.get(&link).await.is(200).text();
    assert!(needed.contains("A global administrator is needed"));
    assert!(needed.contains("admin of harrow.example") && !needed.contains("Accept</button>"));
    let yes = [("yes", "yes")];
    of_reader
        .post(&format!("{link}/accept"), &yes)
        .await
        .is(403);
    let mut of_partner = registry.client(&partner);
    let other = of_partner.get(&link).await.is(200).text();
    assert!(other.contains("A global administrator is needed"));
    of_partner
        .post(&format!("{link}/accept"), &yes)
        .await
        .is(404);

    let mut admin = registry.client(&customer);
    let waiting = admin.get("/partners").await.is(200).text();
    assert!(waiting.contains("Waiting for your answer") && waiting.contains(&link));
    admin.post(&format!("{link}/decline"), &[]).await.is(303);
    let closed = admin.get(&link).await.is(200).text();
    assert!(closed.contains("was answered already") && !closed.contains("Accept</button>"));
    admin.post(&format!("{link}/accept"), &yes).await.is(409);
    admin.get("/invitations/0123456789abcdef").await.is(404);
}

#[tokio::test]
async fn an_invitation_can_be_taken_back() {
    let (registry, partner, customer) = two().await;
    let invitation = registry.invite(&partner, &customer).await;
    let mut agent = registry.client(&partner);
    let page = format!("/customers/invitations/{}", invitation.id);
    agent.post(&format!("{page}/withdraw"), &[]).await.is(303);
    assert!(
        agent
            .get("/customers")
            .await
            .text()
            .contains("is withdrawn")
    );
    assert!(
        agent
            .get(&page)
            .await
            .is(200)
            .text()
            .contains("can't be accepted any more")
    );
    let link = format!("/invitations/{}", invitation.token);
    let closed = registry.client(&customer).get(&link).await.is(200).text();
    assert!(closed.contains("The partner withdrew this invitation"));
}

#[tokio::test]
async fn devices_are_found_get_another_tag_and_are_released_after_a_question() {
    let (registry, partner, customer) = two().await;
    registry.consent(&partner, &customer).await;
    registry
        .register(&partner, &customer, sample_list(SampleKind::Tuple, 5, 3))
        .await;
    let mut agent = registry.client(&partner);
    let devices = format!("/customers/{}/devices", customer.organization_id());
    let list = agent.get(&devices).await.is(200);
    assert!(list.text().contains("Apply profiles to devices"));
    assert!(list.text().contains("/samples/partner-center.csv"));
    assert!(list.text().contains("<b>3</b> Standard"), "the chart");
    let device = list.between(&format!("<a href=\"{devices}/"), "\"");
    let name = list.between(&format!("{device}\">"), "<");
    let found = agent
        .get(&format!("{devices}?q={name}"))
        .await
        .is(200)
        .text();
    assert!(found.contains(&device) && found.contains("1 device shown"));
    let none = agent
        .get(&format!("{devices}?q=nosuch"))
        .await
        .is(200)
        .text();
    assert!(none.contains("No registered device found"));
    agent
        .get(&format!("{devices}?batch=nonsense"))
        .await
        .is(404);

    let page = format!("{devices}/{device}");
    let shown = agent.get(&page).await.is(200).text();
    assert!(shown.contains(&name) && shown.contains("Brightwater") && shown.contains("Unverified"));
    let kiosk = "Microsoft365Managed_Kiosk";
    let tag = format!("{page}/group-tag");
    agent.post(&tag, &[("group_tag", kiosk)]).await.is(303);
    assert!(agent.get(&page).await.text().contains("Group tag changed"));
    agent.post(&tag, &[("group_tag", "kiosk")]).await.is(422);
    let both = [
        ("action", "group_tag"),
        ("group_tag", TAG),
        ("devices[]", &device),
    ];
    agent.post(&devices, &both).await.is(303);

    let release = [("action", "deregister"), ("devices[]", device.as_str())];
    let asked = agent.post(&devices, &release).await.is(200).text();
    assert!(asked.contains(&format!("Deregister {name}?")) && asked.contains("name=\"confirm\""));
    agent.get(&page).await.is(200);
    agent.get(&format!("{page}/deregister")).await.is(200);
    let sure = [release[0], release[1], ("confirm", "yes")];
    agent.post(&devices, &sure).await.is(303);
    assert!(
        agent
            .get(&devices)
            .await
            .text()
            .contains("1 device deregistered.")
    );
    agent.get(&page).await.is(404);
    agent
        .post(&devices, &[("action", "deregister")])
        .await
        .is(303);
    assert!(
        agent
            .get(&devices)
            .await
            .text()
            .contains("Tick the devices first")
    );
    agent.post(&devices, &[("action", "dance")]).await.is(422);
}

#[tokio::test]
async fn a_partner_that_withdraws_sees_no_device_any_more() {
    let (registry, partner, customer) = two().await;
    registry.consent(&partner, &customer).await;
    registry
        .register(&partner, &customer, sample_list(SampleKind::Tuple, 5, 1))
        .await;
    let mut agent = registry.client(&partner);
    let page = format!("/customers/{}", customer.organization_id());
    let withdraw = format!("{page}/withdraw");
    assert!(
        agent
            .get(&withdraw)
            .await
            .is(200)
            .text()
            .contains("Withdraw from Harrow?")
    );
    agent.post(&withdraw, &[]).await.is(303);
    let ended = agent.get(&page).await.is(200).text();
    assert!(
        ended.contains("Withdrawn") && ended.contains("devices.csv"),
        "uploads stay readable"
    );
    agent.get(&format!("{page}/devices")).await.is(409);
    agent.get(&format!("{page}/add-devices")).await.is(409);
    let kept = registry
        .client(&customer)
        .get("/devices")
        .await
        .is(200)
        .text();
    assert!(
        kept.contains("Brightwater"),
        "the customer keeps its devices"
    );
}

#[tokio::test]
async fn long_lists_of_devices_are_read_page_by_page_with_their_filter() {
    let (registry, partner, customer) = two().await;
    registry.consent(&partner, &customer).await;
    registry
        .register(&partner, &customer, sample_list(SampleKind::Tuple, 5, 60))
        .await;
    let mut agent = registry.client(&partner);
    let devices = format!("/customers/{}/devices", customer.organization_id());
    let first = agent.get(&format!("{devices}?tag={TAG}")).await.is(200);
    assert_eq!(first.text().matches("name=\"devices[]\"").count(), 50);
    let next = first.between(&format!("href=\"{devices}?before="), "\"");
    let next = next.replace("&#38;", "&");
    assert!(next.ends_with(&format!("&tag={TAG}")), "{next}");
    let last = agent
        .get(&format!("{devices}?before={next}"))
        .await
        .is(200)
        .text();
    assert_eq!(last.matches("name=\"devices[]\"").count(), 10);
    assert!(!last.contains("Older devices"));
    let link = first.between(&format!("<a href=\"{devices}/"), "\"");
    assert!(!last.contains(&link), "no device on both pages");
}
