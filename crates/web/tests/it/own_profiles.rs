//! A customer's pages about its own deployment profiles, and what pages of devices say of them.

use device_list::sample::SampleKind;
use registration::organization::OrganizationKind as Kind;
use registration::user::Role;

use crate::client::Client;
use crate::harness::{Person, Registry, TAG, sample_list};

const PAGE: &str = "/deployment-profiles";

/// A registry in which the partner registered two devices for the customer.
struct Ground {
    registry: Registry,
    partner: Person,
    customer: Person,
}

impl Ground {
    async fn lay() -> Self {
        let registry = Registry::empty().await;
        let operator = registry.operator().await;
        let make =
            async |kind, name, domain| registry.organization(&operator, kind, name, domain).await;
        let partner = make(Kind::Partner, "Brightwater", "bright.example").await;
        let customer = make(Kind::Customer, "Harrow", "harrow.example").await;
        registry.consent(&partner, &customer).await;
        let list = sample_list(SampleKind::Hash, 5, 2);
        registry.register(&partner, &customer, list).await;
        Self {
            registry,
            partner,
            customer,
        }
    }

    fn admin(&self) -> Client {
        self.registry.client(&self.customer)
    }

    /// The addresses of the devices, as the customer's list has them.
    async fn devices(&self) -> Vec<String> {
        let list = self.admin().get("/devices").await.is(200).text();
        let links = list.split("class=\"main mono\"><a href=\"").skip(1);
        let end = |link: &str| link.split('"').next().expect("its end").to_owned();
        links.map(end).collect()
    }
}

/// Makes a profile; the answer is the address of its page.
async fn made(admin: &mut Client, name: &str) -> String {
    let fields = [("name", name), ("name_template", "LAB-%RAND:5%")];
    let made = admin.post(&format!("{PAGE}/new"), &fields).await.is(303);
    made.location().to_owned()
}

/// The id of the group of a tag, as the page of a profile offers it.
async fn group(admin: &mut Client, profile: &str, tag: &str) -> String {
    let page = admin.get(profile).await.is(200).text();
    let options = page.split("<option value=\"").skip(1);
    let mut of_tag = options.filter(|option| option.contains(&format!(">{tag}</option>")));
    let option = of_tag.next().expect("the tag is offered");
    option.split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn a_profile_is_made_changed_and_deleted_and_the_activity_says_so() {
    let ground = Ground::lay().await;
    let mut admin = ground.admin();
    let empty = admin.get(PAGE).await.is(200).text();
    assert!(empty.contains("No profiles of your own"));
    assert!(empty.contains("Modern Workplace Autopilot Profile Power User"));
    let new = format!("{PAGE}/new");
    let wrong = [
        ("name", "Lab"),
        ("name_template", "LAB-%RAND:15%"),
        ("hide_privacy", "yes"),
    ];
    let refused = admin.post(&new, &wrong).await.is(422).text();
    assert!(refused.contains("id=\"name_template-error\"") && refused.contains("LAB-%RAND:15%"));
    let page = made(&mut admin, "Lab").await;
    let again = admin.post(&new, &[("name", "Lab")]).await.is(422).text();
    assert!(again.contains("id=\"name-error\""));

    let keyboard = [("name", "Lab"), ("skip_keyboard", "yes")];
    let refused = admin.post(&page, &keyboard).await.is(422).text();
    assert!(refused.contains("id=\"language-error\""));
    let change = [
        ("name", "Labs"),
        ("description", "Rooms 1 to 7"),
        ("skip_keyboard", "yes"),
        ("language", "de-DE"),
    ];
    admin.post(&page, &change).await.is(303);
    let shown = admin.get(&page).await.is(200).text();
    assert!(shown.contains("Rooms 1 to 7") && shown.contains("CloudAssignedRegion"));
    // Readers see it and change nothing.
    let reader = ground
        .registry
        .colleague(&ground.customer, Role::Reader)
        .await;
    let mut of_reader = ground.registry.client(&reader);
    let read = of_reader.get(&page).await.is(200).text();
    assert!(read.contains("de-DE") && !read.contains("<button class=\"button\""));
    assert!(!of_reader.get(PAGE).await.is(200).text().contains("/new"));

    let asked = admin.get(&format!("{page}/delete")).await.is(200).text();
    assert!(asked.contains("Delete Labs?") && asked.contains("No device gets it now"));
    admin.post(&format!("{page}/delete"), &[]).await.is(303);
    admin.get(&page).await.is(404);
    let activity = admin.get("/activity").await.is(200).text();
    for line in [
        "Own profile made",
        "Own profile changed",
        "Own profile deleted",
    ] {
        assert!(activity.contains(line), "{line}");
    }
}

#[tokio::test]
async fn what_is_assigned_reaches_devices_and_is_taken_back() {
    let ground = Ground::lay().await;
    let mut admin = ground.admin();
    let page = made(&mut admin, "Lab").await;
    let assignments = format!("{page}/assignments");
    let nothing = admin
        .post(&assignments, &[("target", "group")])
        .await
        .is(422);
    assert!(nothing.text().contains("Choose a group tag."));
    let none = [("target", "nowhere")];
    let none = admin.post(&assignments, &none).await.is(422).text();
    assert!(none.contains("Choose what to assign it to."));
    let tag = group(&mut admin, &page, TAG).await;
    let to_tag = [("target", "group"), ("group", &*tag)];
    admin.post(&assignments, &to_tag).await.is(303);
    let shown = admin.get(&page).await.is(200);
    assert!(shown.text().contains("2 devices get it now"));
    let asked = admin.get(&format!("{page}/delete")).await.is(200).text();
    assert!(asked.contains("2 devices get it now") && asked.contains("group tag"));
    let taken = shown.between(&format!("{assignments}/"), "/take-back");
    let take_back = format!("{assignments}/{taken}/take-back");
    admin.post(&take_back, &[]).await.is(303);
    admin.post(&take_back, &[]).await.is(404);
    admin.post(&assignments, &[("target", "all")]).await.is(303);
    let not_these = [("target", "exclusion"), ("group", &*tag)];
    admin.post(&assignments, &not_these).await.is(303);
    let shown = admin.get(&page).await.is(200).text();
    assert!(shown.contains("0 devices get it now") && shown.contains("Not group tag"));
    let listed = admin.get(PAGE).await.is(200).text();
    assert!(listed.contains("All devices") && listed.contains("Not group tag"));
}

#[tokio::test]
async fn a_device_says_what_it_gets_and_why_and_a_party_not_more_than_it_may_know() {
    let ground = Ground::lay().await;
    let mut admin = ground.admin();
    let mut agent = ground.registry.client(&ground.partner);
    let customer = format!("/customers/{}", ground.customer.organization_id());
    let devices = ground.devices().await;
    let device = &devices[0];
    let seen = async |client: &mut Client, page: &str| client.get(page).await.is(200).text();
    let of_partner = format!("{customer}{device}");
    for text in [
        seen(&mut admin, device).await,
        seen(&mut agent, &of_partner).await,
    ] {
        assert!(text.contains("The catalogue, by its group tag"));
    }
    let list = seen(&mut admin, "/devices").await;
    assert!(
        !list.contains("The catalogue, by its group tag"),
        "as most: not said in a list"
    );
    let page = made(&mut admin, "Secret lab").await;
    admin
        .post(&format!("{page}/assignments"), &[("target", "all")])
        .await
        .is(303);
    let text = seen(&mut admin, device).await;
    assert!(text.contains("Secret lab") && text.contains("Assigned to all devices"));
    assert!(!text.contains("/deployment-profile/take-back"));
    for page in [of_partner.clone(), format!("{customer}/devices")] {
        let text = seen(&mut agent, &page).await;
        assert!(
            text.contains("A profile of the customer&#39;s own"),
            "{text}"
        );
        assert!(!text.contains("Secret lab") && !text.contains("all devices"));
    }

    let id = page.trim_start_matches("/deployment-profiles/");
    let profile = [("profile", id)];
    let act = format!("{device}/deployment-profile");
    admin
        .post(&format!("{act}/take-back"), &profile)
        .await
        .is(409);
    admin.post(&act, &profile).await.is(303);
    assert!(
        seen(&mut admin, device)
            .await
            .contains("Assigned to this device")
    );
    let narrowed = seen(&mut admin, &format!("/devices?profile={id}")).await;
    assert!(narrowed.contains("1 device shown"));
    agent
        .get(&format!("{customer}/devices?profile={id}"))
        .await
        .is(404);
    admin
        .post(&format!("{act}/take-back"), &profile)
        .await
        .is(303);
    assert!(
        seen(&mut admin, device)
            .await
            .contains("Assigned to all devices")
    );
    let activity = seen(&mut admin, "/activity").await;
    assert!(activity.contains("Profile of device taken back"));
}

#[tokio::test]
async fn several_devices_get_a_profile_at_once() {
    let ground = Ground::lay().await;
    let mut admin = ground.admin();
    let page = made(&mut admin, "Lab").await;
    let id = page.trim_start_matches("/deployment-profiles/");
    let devices = ground.devices().await;
    let mut fields = vec![("action", "profile"), ("profile", id)];
    let ids = devices
        .iter()
        .map(|device| device.trim_start_matches("/devices/"));
    fields.extend(ids.map(|id| ("devices[]", id)));
    admin.post("/devices", &fields).await.is(303);
    let shown = admin.get(&page).await.is(200).text();
    assert!(shown.contains("2 single devices"));
    // A partner has no profiles of its own to assign.
    let mut agent = ground.registry.client(&ground.partner);
    let list = format!("/customers/{}/devices", ground.customer.organization_id());
    agent.post(&list, &fields).await.is(422);
}
