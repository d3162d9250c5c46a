//! The device asks for its profile.

use device_list::sample::{SampleDevice, SampleKind};
use registration::organization::OrganizationKind;
use registration::profile::BASE;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Person, Registry, sample_list};

const SEED: u64 = 11;

async fn with_devices(kind: SampleKind) -> (Registry, Person, Person) {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let partner = OrganizationKind::Partner;
    let partner = registry
        .organization(&operator, partner, "Fabrikam", "fabrikam.example")
        .await;
    let customer = OrganizationKind::Customer;
    let customer = registry
        .organization(&operator, customer, "Contoso", "contoso.example")
        .await;
    registry.consent(&partner, &customer).await;
    registry
        .register(&partner, &customer, sample_list(kind, SEED, 3))
        .await;
    (registry, operator, customer)
}

async fn ask(client: &mut Client, body: &Value) -> Answer {
    client
        .post_raw("/device/profile", "application/json", body.to_string())
        .await
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).expect("JSON")
}

#[tokio::test]
async fn a_device_gets_the_profile_of_its_tag_with_a_fresh_hash_of_itself() {
    let (registry, _, customer) = with_devices(SampleKind::Hash).await;
    let device = SampleDevice::new(SEED, 1);
    let mut client = registry.visitor();
    let first = ask(&mut client, &json!({"hardwareHash": device.hash_text()}))
        .await
        .is(200);
    let profile = json_of(&first);
    assert_eq!(profile["Version"], 2049);
    assert_eq!(profile["ZtdCorrelationId"], BASE.to_string());
    assert_eq!(profile["CloudAssignedTenantDomain"], "contoso.example");
    let tenant = customer.organization_id().to_string();
    assert_eq!(profile["CloudAssignedTenantId"], tenant);
    assert_eq!(profile["CloudAssignedDeviceName"], "MMD-%RAND:11%");

    let fresh = device.fresh_hash(3).to_text();
    assert_ne!(fresh, device.hash_text());
    let again = ask(&mut client, &json!({"hardwareHash": fresh}))
        .await
        .is(200);
    assert_eq!(json_of(&again), profile);
}

#[tokio::test]
async fn a_change_of_the_profile_reaches_the_device_when_it_next_asks() {
    let (registry, operator, _) = with_devices(SampleKind::Hash).await;
    let body = json!({"hardwareHash": SampleDevice::new(SEED, 0).hash_text()});
    let mut device = registry.visitor();
    ask(&mut device, &body).await.is(200);
    let change = [("name", "Base"), ("name_template", "NEW-%RAND:4%")];
    let path = format!("/profiles/{BASE}");
    registry
        .client(&operator)
        .post(&path, &change)
        .await
        .is(303);
    let profile = json_of(&ask(&mut device, &body).await.is(200));
    assert_eq!(profile["CloudAssignedDeviceName"], "NEW-%RAND:4%");
}

#[tokio::test]
async fn a_device_that_nobody_registered_is_told_so_as_a_problem() {
    let (registry, ..) = with_devices(SampleKind::Hash).await;
    let mut client = registry.visitor();
    let hash = SampleDevice::new(99, 0).hash_text();
    let unknown = ask(&mut client, &json!({"hardwareHash": hash}))
        .await
        .is(404);
    assert_eq!(unknown.headers["content-type"], "application/problem+json");
    let problem = json_of(&unknown);
    assert_eq!(problem["title"], "Not registered");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["code"], "not_found");
    let id = unknown.headers["x-request-id"].to_str().expect("text");
    assert_eq!(problem["requestId"], id);
    assert!(
        !unknown.text().contains(&hash[..40]),
        "a hash never comes back"
    );
}

#[tokio::test]
async fn a_hash_that_repeats_a_serial_number_but_is_another_machine_learns_nothing() {
    let (registry, ..) = with_devices(SampleKind::Hash).await;
    let mut forged = SampleDevice::new(SEED, 0);
    forged.uuid[5] ^= 0xFF;
    let body = json!({"hardwareHash": forged.hash_text()});
    ask(&mut registry.visitor(), &body).await.is(404);
}

#[tokio::test]
async fn asking_by_what_can_be_guessed_is_off_until_the_operator_allows_it_and_slow_then() {
    let (registry, operator, _) = with_devices(SampleKind::Tuple).await;
    let device = SampleDevice::new(SEED, 2);
    let by_tuple = json!({
        "manufacturer": device.manufacturer.as_str(),
        "model": device.model.as_str(),
        "serialNumber": device.serial.as_str(),
    });
    ask(&mut registry.visitor(), &by_tuple).await.is(403);

    let on = [("ask_by_identifier", "yes")];
    registry
        .client(&operator)
        .post("/settings", &on)
        .await
        .is(303);
    let mut client = registry.visitor();
    ask(&mut client, &by_tuple).await.is(200);
    let unknown = json!({"productKey": "3305612345678"});
    ask(&mut client, &unknown).await.is(404);
    let mut slowed = None;
    for _ in 0..12 {
        let answer = ask(&mut client, &unknown).await;
        if answer.status == 429 {
            slowed = Some(answer);
        }
    }
    let slowed = slowed.expect("guessing is slowed down");
    assert!(slowed.headers.contains_key("retry-after"));
    // A hash can't be guessed: it is not slowed down.
    let hash = json!({"hardwareHash": SampleDevice::new(99, 0).hash_text()});
    ask(&mut client, &hash).await.is(404);
}

#[tokio::test]
async fn a_body_that_makes_no_sense_is_answered_with_what_to_send() {
    let registry = Registry::empty().await;
    let mut client = registry.visitor();
    for body in [
        "",
        "{}",
        "[]",
        "{\"hardwareHash\": 7}",
        "{\"hardwareHash\": \"%%%\"}",
        "{\"hardwareHash\": \"QUFB\", \"productKey\": \"3305612345678\"}",
        "{\"manufacturer\": \"Contoso\"}",
        "{\"something\": \"else\"}",
    ] {
        let answer = client
            .post_raw("/device/profile", "application/json", body)
            .await
            .is(422);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let large = format!("{{\"hardwareHash\": \"{}\"}}", "A".repeat(200_000));
    client
        .post_raw("/device/profile", "application/json", large)
        .await
        .is(413);
}

#[tokio::test]
async fn a_device_that_asked_is_active_for_seven_days() {
    use registration::device::DeviceState;
    use service::devices::DeviceQuery;

    let (registry, _, customer) = with_devices(SampleKind::Hash).await;
    let body = json!({"hardwareHash": SampleDevice::new(SEED, 0).hash_text()});
    ask(&mut registry.visitor(), &body).await.is(200);
    registry.desk.note_asked().await.expect("the ask is noted");
    let states = async || {
        let (desk, id) = (&registry.desk, customer.organization_id());
        let query = DeviceQuery::default();
        let devices = desk.devices(&customer.caller, id, &query, None, 10).await;
        let now = desk.now();
        let mut states: Vec<_> = devices
            .expect("the devices")
            .items
            .iter()
            .map(|device| device.state(now).title())
            .collect();
        states.sort_unstable();
        states
    };
    let (ready, active) = (
        DeviceState::ReadyForUser.title(),
        DeviceState::Active.title(),
    );
    assert_eq!(states().await, [active, ready, ready]);
    registry.clock.advance_seconds(7 * 86_400);
    let inactive = DeviceState::Inactive.title();
    assert_eq!(states().await, [inactive, ready, ready]);
}
