//! Devices registered by their hashes.

use super::*;

battery![
    a_hash_is_stored_and_leaves_the_row,
    a_hash_completes_a_device_known_by_its_tuple,
    only_the_party_that_registered_it_completes_a_device,
    two_identifications_of_one_machine_in_a_list_make_one_device,
];

async fn a_hash_is_stored_and_leaves_the_row(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let device = sample(2);
    let rows = world
        .register(partner, customer, &[hash_row(1, &device)])
        .await;
    assert_eq!(outcomes(&rows), [Outcome::Registered]);
    assert_eq!(rows[0].row.hash, "", "the registry holds it");
    let id = rows[0]
        .result
        .as_ref()
        .and_then(|r| r.device_id)
        .expect("an id");
    let stored = world
        .store
        .device(&customer.scope(), id, customer.id(), START)
        .await;
    let stored = stored.expect("answers").expect("is there");
    assert!(stored.has_hash && stored.verified);
    assert_eq!(stored.serial.as_deref(), Some(device.serial.as_str()));
    assert_eq!(
        stored.manufacturer.as_deref(),
        Some(device.manufacturer.as_str())
    );
    assert_eq!(stored.pkid.as_deref(), Some(device.pkid.as_str()));
    assert_eq!(stored.smbios_uuid, Some(device.uuid));
    let mut fresh = hash_row(1, &device);
    fresh.hash = device.fresh_hash(5).to_padded_text();
    let again = world.register(partner, customer, &[fresh]).await;
    assert_eq!(
        outcomes(&again),
        [Outcome::AlreadyRegistered],
        "another text, the same machine"
    );
}

async fn a_hash_completes_a_device_known_by_its_tuple(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let device = sample(3);
    let first = world
        .register(partner, customer, &[sample_tuple_row(1, &device)])
        .await;
    let second = world
        .register(partner, customer, &[hash_row(1, &device)])
        .await;
    assert_eq!(outcomes(&second), [Outcome::AlreadyRegistered]);
    let id = first[0]
        .result
        .as_ref()
        .and_then(|r| r.device_id)
        .expect("an id");
    let stored = world
        .store
        .device(&customer.scope(), id, customer.id(), START)
        .await;
    let stored = stored.expect("answers").expect("is there");
    assert!(stored.has_hash && stored.verified);
    assert_eq!(stored.smbios_uuid, Some(device.uuid));
    assert_eq!(stored.pkid.as_deref(), Some(device.pkid.as_str()));
    let by_pkid = world
        .register(partner, customer, &[pkid_row(1, &device)])
        .await;
    assert_eq!(outcomes(&by_pkid), [Outcome::AlreadyRegistered]);
    let result = by_pkid[0].result.as_ref().expect("has its result");
    assert_eq!(
        result.device_id,
        Some(id),
        "its PKID is a key of the same device now"
    );
    let (scope, act) = (customer.scope(), customer.act_at(5));
    let gone = world
        .store
        .deregister(&scope, &act, customer.id(), &[id])
        .await;
    assert_eq!(gone.expect("releases"), [id]);
    world.consent(&world.rival, &world.other, None).await;
    for row in [pkid_row(1, &device), hash_row(1, &device)] {
        let free = world.register(&world.rival, &world.other, &[row]).await;
        assert!(matches!(
            outcomes(&free)[..],
            [Outcome::Registered | Outcome::AlreadyRegistered]
        ));
    }
}

async fn only_the_party_that_registered_it_completes_a_device(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    let device = sample(4);
    let first = world
        .register(partner, customer, &[sample_tuple_row(1, &device)])
        .await;
    let second = world
        .register(&world.rival, customer, &[hash_row(1, &device)])
        .await;
    assert_eq!(outcomes(&second), [Outcome::AlreadyRegistered]);
    let id = first[0]
        .result
        .as_ref()
        .and_then(|r| r.device_id)
        .expect("an id");
    let read = async || {
        let stored = world
            .store
            .device(&customer.scope(), id, customer.id(), START)
            .await;
        stored.expect("answers").expect("is there")
    };
    assert!(!read().await.has_hash, "another party adds nothing to it");
    world
        .register(customer, customer, &[hash_row(1, &device)])
        .await;
    assert!(read().await.has_hash, "the customer may");
}

async fn two_identifications_of_one_machine_in_a_list_make_one_device(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let device = sample(6);
    let rows = [
        sample_tuple_row(1, &device),
        hash_row(2, &device),
        pkid_row(3, &device),
    ];
    let results = world.register(partner, customer, &rows).await;
    let ids: BTreeSet<_> = results
        .iter()
        .filter_map(|row| row.result.as_ref().and_then(|r| r.device_id))
        .collect();
    assert_eq!(outcomes(&results)[0], Outcome::Registered);
    assert!(
        outcomes(&results)
            .iter()
            .all(|outcome| !outcome.is_failure())
    );
    assert_eq!(ids.len(), 1, "{:?}", outcomes(&results));
    assert_eq!(device_count(&world, customer, customer.id()).await, 1);
    let id = *ids.first().expect("one");
    let stored = world
        .store
        .device(&customer.scope(), id, customer.id(), START)
        .await;
    let stored = stored.expect("answers").expect("is there");
    assert!(stored.has_hash, "what the second row knew is kept");
}
