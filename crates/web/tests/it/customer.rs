//! A customer's pages: partners and OEMs, its devices, and registering its own.

use device_list::Dialect;
use device_list::sample::{self, SampleKind};
use registration::organization::OrganizationKind as Kind;
use registration::user::Role;
use service::register::ListFile;

use crate::harness::{Person, Registry, TAG, sample_list};

async fn two() -> (Registry, Person, Person) {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let partner = registry
        .organization(&operator, Kind::Partner, "Brightwater", "bright.example")
        .await;
    let customer = registry
        .organization(&operator, Kind::Customer, "Harrow", "harrow.example")
        .await;
    registry.consent(&partner, &customer).await;
    (registry, partner, customer)
}

/// Hashes in Intune's layout, and behind them a line of the caller's.
fn own_list(count: usize, last: &str) -> ListFile {
    let mut bytes = Vec::new();
    sample::list(Dialect::Intune, SampleKind::Hash, 9, count, &mut bytes)
        .expect("the layout carries hashes");
    bytes.extend_from_slice(last.as_bytes());
    ListFile {
        name: "own.csv".to_owned(),
        bytes,
    }
}

#[tokio::test]
async fn revoking_asks_first_and_stops_the_partner_at_once() {
    let (registry, partner, customer) = two().await;
    registry
        .register(&partner, &customer, sample_list(SampleKind::Tuple, 5, 1))
        .await;
    let mut agent = registry.client(&partner);
    let add = format!("/customers/{}/add-devices", customer.organization_id());
    agent.get(&add).await.is(200);

    let mut admin = registry.client(&customer);
    let listed = admin.get("/partners").await.is(200);
    let relationship = listed.between("/partners/", "/revoke");
    let revoke = format!("/partners/{relationship}/revoke");
    let reader = registry.colleague(&customer, Role::Reader).await;
    let mut of_reader = registry.client(&reader);
    assert!(
        !of_reader
            .get("/partners")
            .await
            .is(200)
            .text()
            .contains("/revoke")
    );
    of_reader.get(&revoke).await.is(403);
    of_reader.post(&revoke, &[]).await.is(403);
    let asked = admin.get(&revoke).await.is(200).text();
    assert!(asked.contains("Revoke your consent for Brightwater?"));
    admin.post(&revoke, &[]).await.is(303);
    let after = admin.get("/partners").await.is(200).text();
    assert!(after.contains("Revoked by the customer") && after.contains("Ended"));
    admin.post(&revoke, &[]).await.is(409);

    let tag = [("group_tag", TAG)];
    let list = sample_list(SampleKind::Tuple, 6, 1);
    let refused = agent.post_file(&add, &tag, &list).await.is(409).text();
    assert!(refused.contains("consent is missing, revoked or expired"));
    assert!(refused.contains("new invitation"), "what to do next");
}

#[tokio::test]
async fn all_devices_are_listed_with_who_registered_them_and_their_state() {
    let (registry, partner, customer) = two().await;
    registry
        .register(&partner, &customer, sample_list(SampleKind::Hash, 5, 2))
        .await;
    let mut admin = registry.client(&customer);
    let list = admin.get("/devices").await.is(200);
    assert!(list.text().contains("Ready for user") && list.text().contains("Brightwater"));
    let device = list.between("<a href=\"/devices/", "\"");
    let device = if device == "register" {
        list.between("class=\"main mono\"><a href=\"/devices/", "\"")
    } else {
        device
    };
    let page = format!("/devices/{device}");
    assert!(
        admin
            .get(&page)
            .await
            .is(200)
            .text()
            .contains("Registered by")
    );
    let by = |id| format!("/devices?by={id}");
    let own = admin
        .get(&by(customer.organization_id()))
        .await
        .is(200)
        .text();
    assert!(own.contains("No registered device found"));
    let theirs = admin
        .get(&by(partner.organization_id()))
        .await
        .is(200)
        .text();
    assert!(theirs.contains("2 devices shown"));
    let active = admin.get("/devices?state=active").await.is(200).text();
    assert!(active.contains("0 devices shown"));
    admin.get("/devices?state=sleepy").await.is(404);

    let reader = registry.colleague(&customer, Role::Reader).await;
    let mut of_reader = registry.client(&reader);
    let read = of_reader.get(&page).await.is(200).text();
    assert!(!read.contains("/deregister") && !read.contains("/group-tag"));
    of_reader
        .post(&format!("{page}/deregister"), &[])
        .await
        .is(403);
    admin.get(&format!("{page}/deregister")).await.is(200);
    admin.post(&format!("{page}/deregister"), &[]).await.is(303);
    admin.get(&page).await.is(404);
    registry.client(&partner).get("/devices").await.is(404);
}

#[tokio::test]
async fn own_devices_are_registered_with_one_profile_and_failed_rows_stay_in_sight() {
    let (registry, _, customer) = two().await;
    let mut admin = registry.client(&customer);
    let empty = admin.get("/devices").await.is(200).text();
    assert!(empty.contains("No devices yet") && empty.contains("/devices/register"));
    let to = "/devices/register";
    admin.get(to).await.is(200);
    let list = own_list(2, "0042,,,,\r\n");
    let none = admin.post_file(to, &[], &list).await.is(422).text();
    assert!(none.contains("Choose a device profile"));
    let shared = [("device_profile", "PowerUser"), ("shared", "yes")];
    let refused = admin.post_file(to, &shared, &list).await.is(422).text();
    assert!(
        refused.contains("A Power user device can&#39;t be shared"),
        "{refused}"
    );
    assert!(
        refused.contains("value=\"PowerUser\" checked"),
        "what was chosen is kept"
    );

    let standard = [("device_profile", "Standard"), ("shared", "yes")];
    let sent = admin.post_file(to, &standard, &list).await.is(303);
    let findings = admin.get(sent.location()).await.is(200).text();
    assert!(findings.contains("EN0407"), "a hash is needed: {findings}");
    let upload = sent.location().replace("/check", "");
    admin.post(&format!("{upload}/save"), &[]).await.is(303);
    let pending = admin.get("/devices").await.is(200).text();
    assert!(pending.contains("Registration pending"));
    registry.work_off().await;
    let done = admin.get("/devices").await.is(200).text();
    assert!(done.contains("Registration failed") && done.contains(&upload));
    assert!(done.contains("Standard, shared device") && done.contains("2 devices shown"));
    let failed = admin
        .get("/devices?state=registration_failed")
        .await
        .is(200)
        .text();
    assert!(failed.contains("0042") && failed.contains("0 devices shown"));
    let mended = admin
        .get(&format!("{upload}/failed.csv"))
        .await
        .is(200)
        .text();
    assert_eq!(
        mended,
        format!("{}\r\n0042,,,,\r\n", Dialect::Intune.header())
    );
}
