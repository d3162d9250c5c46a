//! The operator's pages: organizations, profiles and tags, the directory, settings; and what every
//! organization has: people and activity.

use device_list::sample::{SampleDevice, SampleKind};
use registration::organization::OrganizationKind;
use registration::profile::{BASE, KIOSK};

use crate::harness::{Registry, TAG, sample_list};

#[tokio::test]
async fn organizations_are_found_by_name_and_kind_and_a_taken_domain_is_said_so() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let partner = OrganizationKind::Partner;
    registry
        .organization(&operator, partner, "Fabrikam", "fabrikam.example")
        .await;
    let customer = OrganizationKind::Customer;
    let contoso = registry
        .organization(&operator, customer, "Contoso", "contoso.example")
        .await;
    let mut client = registry.client(&operator);
    let found = client.get("/organizations?q=FABRI").await.is(200).text();
    assert!(found.contains("fabrikam.example") && !found.contains("contoso.example"));
    let found = client
        .get("/organizations?kind=customer")
        .await
        .is(200)
        .text();
    assert!(!found.contains("fabrikam.example") && found.contains("contoso.example"));

    let fields = [
        ("kind", "partner"),
        ("name", "Again"),
        ("domain", "fabrikam.example"),
        ("person_name", "Ann"),
        ("email", "ann@fabrikam.example"),
    ];
    let again = client
        .post("/organizations/new", &fields)
        .await
        .is(422)
        .text();
    assert!(again.contains("domain exists already") && again.contains("ann@fabrikam.example"));

    let path = format!("/organizations/{}", contoso.organization_id());
    let shown = client.get(&path).await.is(200);
    let link = shown.between("action=\"/people/", "\"");
    let link = client.post(&format!("/people/{link}"), &[]).await.is(200);
    let welcome = link.between("http://registry.example/welcome/", "<");
    let page = registry
        .visitor()
        .get(&format!("/welcome/{welcome}"))
        .await
        .is(200);
    assert!(page.text().contains("admin@contoso.example"));
}

#[tokio::test]
async fn a_profile_is_changed_and_a_tag_names_another() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let mut client = registry.client(&operator);
    let path = format!("/profiles/{BASE}");
    let before = client.get(&path).await.is(200).text();
    assert!(before.contains("MMD-%RAND:11%") && before.contains(TAG));

    let wrong = [
        ("name", "Base"),
        ("name_template", "far-too-long-for-a-name"),
    ];
    let again = client.post(&path, &wrong).await.is(422).text();
    assert!(again.contains("1 to 15 letters") && again.contains("far-too-long-for-a-name"));

    let right = [
        ("name", "Base of ours"),
        ("name_template", "DESK-%RAND:5%"),
        ("standard_user", "yes"),
    ];
    client.post(&path, &right).await.is(303);
    let after = client.get(&path).await.is(200).text();
    assert!(after.contains("Base of ours") && after.contains("DESK-%RAND:5%"));

    let assign = format!("/profiles/tags/{TAG}");
    let kiosk = KIOSK.to_string();
    client.post(&assign, &[("profile", &kiosk)]).await.is(303);
    let kiosk_page = client
        .get(&format!("/profiles/{KIOSK}"))
        .await
        .is(200)
        .text();
    assert!(kiosk_page.contains(&format!("<code class=\"tag\">{TAG}</code>")));
    let miss = format!("/profiles/tags/{}", TAG.to_lowercase());
    client.post(&miss, &[("profile", &kiosk)]).await.is(422);
}

#[tokio::test]
async fn a_list_of_what_was_built_is_imported_once_and_looked_up() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let mut client = registry.client(&operator);
    let list = sample_list(SampleKind::Tuple, 5, 3);
    client
        .post_file("/directory/import", &[], &list)
        .await
        .is(303);
    let first = client.get("/directory").await.is(200).text();
    assert!(first.contains("3 rows read: 3 devices are new"), "{first}");
    client
        .post_file("/directory/import", &[], &list)
        .await
        .is(303);
    let second = client.get("/directory").await.is(200).text();
    assert!(second.contains("0 devices are new to the directory, 3 were known"));

    let built = SampleDevice::new(5, 0);
    let tuple = format!("{}, {}, {}", built.manufacturer, built.model, built.serial);
    let query = web::session::percent_encoded(&tuple);
    let found = client
        .get(&format!("/directory?q={query}"))
        .await
        .is(200)
        .text();
    assert!(found.contains(built.serial.as_str()));
    let none = client
        .get("/directory?q=3305612345678")
        .await
        .is(200)
        .text();
    assert!(none.contains("does not know it"));

    let refuse = [("manufacturer", "Contoso"), ("policy", "refuse")];
    client.post("/directory/policy", &refuse).await.is(303);
    let shown = client.get("/directory").await.is(200).text();
    assert!(shown.contains("Refuse as not found"));
    let remove = [("manufacturer", "Contoso"), ("policy", "remove")];
    client.post("/directory/policy", &remove).await.is(303);
    let shown = client.get("/directory").await.is(200).text();
    assert!(!shown.contains("Refuse as not found"));
    let odd = [("manufacturer", "Contoso"), ("policy", "perhaps")];
    client.post("/directory/policy", &odd).await.is(422);
}

#[tokio::test]
async fn a_file_without_a_token_before_it_is_not_read() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let mut client = registry.client(&operator);
    let body = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n\
                a\r\n--x--\r\n";
    let kind = "multipart/form-data; boundary=x";
    client
        .post_raw("/directory/import", kind, body)
        .await
        .is(403);
}

#[tokio::test]
async fn people_are_added_by_administrators_and_the_log_says_who_did_what() {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let customer = OrganizationKind::Customer;
    let admin = registry
        .organization(&operator, customer, "Contoso", "contoso.example")
        .await;
    let mut client = registry.client(&admin);
    let fields = [
        ("person_name", "Rita"),
        ("email", "rita@contoso.example"),
        ("role", "reader"),
    ];
    let link = client.post("/people", &fields).await.is(200);
    let welcome = link.between("http://registry.example/welcome/", "<");
    assert_eq!(welcome.len(), 64);
    let people = client.get("/people").await.is(200).text();
    assert!(
        people.contains("Rita") && !people.contains(&welcome),
        "a link is shown once"
    );
    client.post("/people", &fields).await.is(422);
    let other_kind = [
        ("person_name", "Sam"),
        ("email", "sam@contoso.example"),
        ("role", "sales_agent"),
    ];
    client.post("/people", &other_kind).await.is(422);

    let log = client.get("/activity").await.is(200).text();
    assert!(log.contains("Person added") && log.contains("rita@contoso.example"));
    assert!(!log.contains(&welcome), "no secret is in the log");
    assert!(
        !log.contains("mara@registry.example"),
        "other organizations' people are not named"
    );
}
