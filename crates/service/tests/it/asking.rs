//! A device asks for its profile.

use device_list::{Dialect, SampleDevice, SampleDevices};
use registration::device::DeviceState;
use serde_json::Value;
use service::DeskError;
use service::ask::Ask;
use service::devices::DeviceQuery;
use service::register::ListFile;
use service::settings::Settings;

use crate::desk::World;

async fn register(world: &World, tag: &str, rows: &str) {
    let customer = world.customer.organization.id;
    let bytes = format!("{}\r\n{rows}", Dialect::PartnerCenter.header()).into_bytes();
    let file = ListFile {
        name: "devices.csv".into(),
        bytes,
    };
    let id = world
        .desk
        .browse(&world.partner, customer, tag, file)
        .await
        .expect("a draft");
    world.desk.save(&world.partner, id).await.expect("saved");
    world.work_off().await;
}

fn tuple_row(device: &SampleDevice) -> String {
    format!(
        "{},,,{},{}\r\n",
        device.serial, device.manufacturer, device.model
    )
}

#[tokio::test]
async fn a_fresh_hash_of_a_machine_registered_by_tuple_or_hash_gets_the_profile_of_its_tag() {
    let world = World::new().await;
    world.consent(&world.partner, &world.customer).await;
    let devices: Vec<_> = SampleDevices::new(9).take(3).collect();
    register(
        &world,
        "Microsoft365Managed_PowerUser",
        &tuple_row(&devices[0]),
    )
    .await;
    let hash_row = format!(",,{},,\r\n", devices[1].hash_text());
    register(&world, "Microsoft365Managed_Kiosk", &hash_row).await;
    for (device, name) in [
        (
            &devices[0],
            "Profile Modern Workplace Autopilot Profile Power User",
        ),
        (
            &devices[1],
            "Profile Modern Workplace Autopilot Profile Kiosk",
        ),
    ] {
        let fresh = device.fresh_hash(3).to_text();
        assert_ne!(fresh, device.hash_text());
        let profile = world.desk.ask(&Ask::Hash(fresh)).await.expect("a profile");
        let profile: Value = serde_json::from_str(&profile).expect("JSON");
        assert_eq!(profile["Comment_File"], name);
        let tenant = world.customer.organization.id.to_string();
        assert_eq!(profile["CloudAssignedTenantId"], tenant.as_str());
    }
    let unknown = world.desk.ask(&Ask::Hash(devices[2].hash_text())).await;
    assert!(matches!(unknown, Err(DeskError::NotFound)));
    let broken = world.desk.ask(&Ask::Hash("T0FsAAEA".into())).await;
    assert!(matches!(broken, Err(DeskError::Invalid(_))));
}

#[tokio::test]
async fn asking_makes_a_device_active_and_silence_inactive() {
    let world = World::new().await;
    world.consent(&world.partner, &world.customer).await;
    let device = SampleDevices::new(9).next().expect("a device");
    register(&world, "Microsoft365Managed_Standard", &tuple_row(&device)).await;
    let state = || async {
        let customer = world.customer.organization.id;
        let query = DeviceQuery::default();
        let page = world
            .desk
            .devices(&world.customer, customer, &query, None, 10)
            .await;
        page.expect("devices").items[0].state(world.desk.now())
    };
    assert_eq!(state().await, DeviceState::ReadyForUser);
    world
        .desk
        .ask(&Ask::Hash(device.hash_text()))
        .await
        .expect("a profile");
    world.desk.note_asked().await.expect("noted");
    assert_eq!(state().await, DeviceState::Active);
    world.clock.advance_seconds(8 * 86_400);
    assert_eq!(state().await, DeviceState::Inactive);
}

#[tokio::test]
async fn what_can_be_guessed_opens_nothing_unless_the_operator_says_so() {
    let world = World::new().await;
    world.consent(&world.partner, &world.customer).await;
    let device = SampleDevices::new(9).next().expect("a device");
    register(&world, "Microsoft365Managed_Standard", &tuple_row(&device)).await;
    let ask = Ask::Tuple {
        manufacturer: device.manufacturer.to_string(),
        model: device.model.to_string(),
        serial: device.serial.to_string(),
    };
    assert!(matches!(
        world.desk.ask(&ask).await,
        Err(DeskError::Forbidden(_))
    ));
    let on = Settings {
        ask_by_identifier: true,
    };
    assert!(
        world
            .desk
            .change_settings(&world.partner, on)
            .await
            .is_err()
    );
    world
        .desk
        .change_settings(&world.operator, on)
        .await
        .expect("changed");
    assert!(world.desk.ask(&ask).await.is_ok());
}
