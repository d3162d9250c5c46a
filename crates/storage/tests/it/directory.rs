//! The device directory and its policies.

use std::sync::Arc;

use device_list::{IdentityKey, Manufacturer, Model, Pkid, SampleDevice, SerialNumber};
use registration::directory::{BuiltDevice, Reported, UnknownDevicePolicy};
use registration::plan::Outcome;
use storage::directory::Imported;
use storage::{Storage, StorageError};

use crate::applying::{hash_row, outcomes, pkid_row, sample, sample_tuple_row};
use crate::battery;
use crate::world::{START, World, tuple_row};

battery![
    importing_again_adds_nothing,
    what_is_reported_later_completes_an_entry,
    the_same_device_twice_in_an_import_is_one_entry,
    a_pkid_resolves_to_the_machine_with_all_its_keys,
    unknown_devices_are_accepted_or_refused_by_manufacturer,
    only_an_operator_looks_into_the_directory,
    oems_report_and_replace_nothing_of_anybody,
];

fn built(device: &SampleDevice) -> BuiltDevice {
    BuiltDevice {
        manufacturer: device.manufacturer.clone(),
        model: device.model.clone(),
        serial: device.serial.clone(),
        pkid: Some(device.pkid),
        smbios_uuid: None,
    }
}

async fn import(world: &World, devices: &[BuiltDevice]) -> Imported {
    let act = world.operator.act();
    world
        .store
        .import_directory(&act, "built.csv", devices)
        .await
        .expect("imports")
}

async fn size(world: &World) -> u64 {
    world
        .store
        .directory_size(&world.operator.scope())
        .await
        .expect("counts")
}

async fn importing_again_adds_nothing(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let devices: Vec<_> = (0..50).map(|n| built(&sample(n))).collect();
    assert_eq!(
        import(&world, &devices).await,
        Imported {
            added: 50,
            known: 0
        }
    );
    assert_eq!(
        import(&world, &devices).await,
        Imported {
            added: 0,
            known: 50
        }
    );
    let more: Vec<_> = (40..60).map(|n| built(&sample(n))).collect();
    assert_eq!(
        import(&world, &more).await,
        Imported {
            added: 10,
            known: 10
        }
    );
    assert_eq!(import(&world, &[]).await, Imported::default());
    assert_eq!(size(&world).await, 60);
}

async fn what_is_reported_later_completes_an_entry(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let device = sample(1);
    let first = BuiltDevice {
        pkid: None,
        ..built(&device)
    };
    import(&world, std::slice::from_ref(&first)).await;
    let pkid = [IdentityKey::pkid(device.pkid.as_str()).expect("a key")];
    let scope = world.operator.scope();
    let find = async |keys: &[IdentityKey]| {
        world
            .store
            .directory_entries(&scope, keys)
            .await
            .expect("answers")
    };
    assert_eq!(find(&pkid).await, []);
    let later = BuiltDevice {
        smbios_uuid: Some(device.uuid),
        ..built(&device)
    };
    let done = import(&world, std::slice::from_ref(&later)).await;
    assert_eq!(done, Imported { added: 0, known: 1 });
    let found = find(&pkid).await;
    assert_eq!(
        (found.len(), &found[0].device, found[0].imported_at),
        (1, &later, START)
    );
    let tuple = device.tuple().key().expect("a key");
    assert_eq!(find(&[tuple, pkid[0]]).await, found, "each entry once");
    import(&world, &[first]).await;
    assert_eq!(find(&[tuple]).await, found, "nothing is taken away");
}

async fn the_same_device_twice_in_an_import_is_one_entry(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let device = sample(1);
    let bare = BuiltDevice {
        pkid: None,
        ..built(&device)
    };
    let done = import(&world, &[bare, built(&device)]).await;
    assert_eq!(done, Imported { added: 1, known: 1 });
    let keys = [IdentityKey::pkid(device.pkid.as_str()).expect("a key")];
    let scope = world.operator.scope();
    let found = world
        .store
        .directory_entries(&scope, &keys)
        .await
        .expect("answers");
    assert_eq!(found.len(), 1, "the key of the second is the entry's");
    assert_eq!(found[0].device, built(&device));
}

async fn a_pkid_resolves_to_the_machine_with_all_its_keys(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let device = sample(1);
    let full = BuiltDevice {
        smbios_uuid: Some(device.uuid),
        ..built(&device)
    };
    import(&world, &[full]).await;
    let first = world
        .register(partner, customer, &[pkid_row(1, &device)])
        .await;
    assert_eq!(outcomes(&first), [Outcome::Registered]);
    let result = first[0].result.as_ref().expect("has its result");
    assert!(!result.unverified, "the directory vouches for it");
    let id = result.device_id.expect("an id");
    let stored = world
        .store
        .device(&partner.scope(), id, customer.id(), START)
        .await;
    let stored = stored.expect("answers").expect("is there");
    assert!(stored.verified && !stored.has_hash);
    assert_eq!(stored.serial.as_deref(), Some(device.serial.as_str()));
    assert_eq!(stored.smbios_uuid, Some(device.uuid));
    for row in [sample_tuple_row(1, &device), hash_row(1, &device)] {
        let again = world.register(partner, customer, &[row]).await;
        assert_eq!(outcomes(&again), [Outcome::AlreadyRegistered]);
        assert_eq!(again[0].result.as_ref().and_then(|r| r.device_id), Some(id));
    }
}

async fn unknown_devices_are_accepted_or_refused_by_manufacturer(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let set = async |manufacturer: &str, policy| {
        let (scope, act) = (world.operator.scope(), world.operator.act());
        world
            .store
            .set_directory_policy(&scope, &act, manufacturer, policy)
            .await
            .expect("sets");
    };
    let register = async |serial: &str| {
        let rows = world
            .register(partner, customer, &[tuple_row(1, serial)])
            .await;
        (
            outcomes(&rows)[0],
            rows[0].result.as_ref().is_some_and(|r| r.unverified),
        )
    };
    assert_eq!(register("U1").await, (Outcome::Registered, true));
    set(" CONTOSO ", Some(UnknownDevicePolicy::Refuse)).await;
    assert_eq!(register("U2").await, (Outcome::NotFound, false));
    assert_eq!(register("U1").await, (Outcome::AlreadyRegistered, false));
    let hashed = world
        .register(partner, customer, &[hash_row(1, &sample(7))])
        .await;
    assert_eq!(
        outcomes(&hashed),
        [Outcome::Registered],
        "a hash vouches for itself"
    );
    let (policies, shown) = world
        .store
        .directory_policies(&world.operator.scope())
        .await
        .expect("answers");
    assert_eq!(shown, [("contoso".to_owned(), "CONTOSO".to_owned())]);
    assert_eq!(policies.default, UnknownDevicePolicy::Accept);
    let contoso = BuiltDevice {
        manufacturer: Manufacturer::parse("Contoso").expect("a name"),
        model: Model::parse("Book 13").expect("a model"),
        serial: SerialNumber::parse("U2").expect("a serial number"),
        pkid: Pkid::parse("3305000000017").ok(),
        smbios_uuid: None,
    };
    import(&world, &[contoso]).await;
    assert_eq!(
        register("U2").await,
        (Outcome::Registered, false),
        "now it is known"
    );
    set("", Some(UnknownDevicePolicy::Refuse)).await;
    set("Contoso", Some(UnknownDevicePolicy::Accept)).await;
    assert_eq!(register("U3").await, (Outcome::Registered, true));
    set("Contoso", None).await;
    assert_eq!(register("U4").await, (Outcome::NotFound, false));
    set("", None).await;
    assert_eq!(register("U4").await, (Outcome::Registered, true));
}

async fn only_an_operator_looks_into_the_directory(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let device = sample(1);
    import(&world, &[built(&device)]).await;
    let keys = [device.tuple().key().expect("a key")];
    for stranger in [&world.partner, &world.oem, &world.customer] {
        let scope = stranger.scope();
        assert_eq!(
            world.store.directory_size(&scope).await.expect("answers"),
            0
        );
        let found = world
            .store
            .directory_entries(&scope, &keys)
            .await
            .expect("answers");
        assert_eq!(found, []);
        let policies = world.store.directory_policies(&scope).await;
        assert!(
            matches!(policies, Err(StorageError::NotFound)),
            "{policies:?}"
        );
        let set = world
            .store
            .set_directory_policy(&scope, &stranger.act(), "", None)
            .await;
        assert!(matches!(set, Err(StorageError::NotFound)), "{set:?}");
    }
}

async fn oems_report_and_replace_nothing_of_anybody(store: Arc<dyn Storage>) {
    use Reported::{Added, Completed, Contradicts, Known, ReportedElsewhere};
    let world = World::new(store).await;
    let report = async |by: &crate::world::Person, devices: &[BuiltDevice]| {
        let (scope, act) = (by.scope(), by.act());
        let reported = world.store.report_devices(&scope, &act, devices).await;
        reported.expect("reports")
    };
    let without = |n| BuiltDevice {
        pkid: None,
        ..built(&sample(n))
    };
    let (oem, rival) = (&world.oem, &world.rival);
    import(&world, &[without(9)]).await;
    let first = report(
        oem,
        &[without(1), built(&sample(2)), without(9), built(&sample(9))],
    )
    .await;
    assert_eq!(first, [Added, Added, Known, ReportedElsewhere]);
    assert_eq!(
        report(rival, &[built(&sample(1))]).await,
        [ReportedElsewhere]
    );
    let mixed = BuiltDevice {
        pkid: Some(sample(2).pkid),
        ..without(1)
    };
    let second = [
        built(&sample(1)),
        mixed,
        without(1),
        without(3),
        built(&sample(3)),
    ];
    let expected = [Completed, Contradicts, Known, Added, Completed];
    assert_eq!(report(oem, &second).await, expected);
    assert_eq!(size(&world).await, 4);
    let key = [IdentityKey::pkid(sample(1).pkid.as_str()).expect("a key")];
    let scope = world.operator.scope();
    let found = world.store.directory_entries(&scope, &key).await;
    assert_eq!(found.expect("finds")[0].device, built(&sample(1)));
}
