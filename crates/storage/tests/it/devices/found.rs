//! Devices filtered, searched and counted.

use super::*;

battery![
    filters_narrow_the_list,
    devices_are_narrowed_down_by_kind_and_contact,
    devices_are_found_by_any_identifier,
    totals_count_what_is_in_sight,
];

/// How many of the customer's devices a filter lets through: listed and counted.
async fn counted(world: &World, filter: &DeviceFilter, now: Timestamp) -> usize {
    let customer = &world.customer;
    let listed = list(world, customer, filter, now).await.len();
    let scope = customer.scope();
    let counted = world
        .store
        .count_devices(&scope, customer.id(), filter, now);
    assert_eq!(counted.await.expect("counts"), listed as u64, "{filter:?}");
    listed
}

async fn devices_are_narrowed_down_by_kind_and_contact(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 5)).await;
    let devices = all(&world, customer).await;
    let day = 86_400;
    let asked = [
        (customer.id(), devices[0].id, START),
        (customer.id(), devices[1].id, START.plus_seconds(7 * day)),
    ];
    world.store.note_asked(&asked).await.expect("notes");
    let count = async |filter: DeviceFilter| counted(&world, &filter, START).await;
    let none = DeviceFilter::default;
    let upper = |text: &Option<String>| text.as_deref().map(str::to_uppercase);
    let kind = DeviceFilter {
        manufacturer: upper(&devices[0].manufacturer),
        model: upper(&devices[0].model),
        ..none()
    };
    assert_eq!(count(kind).await, 5, "in letters of any case");
    let other = DeviceFilter {
        model: Some("Another".to_owned()),
        ..none()
    };
    assert_eq!(count(other).await, 0);
    let contacted = |contacted: bool| DeviceFilter {
        contacted: Some(contacted),
        ..none()
    };
    assert_eq!(count(contacted(true)).await, 2);
    assert_eq!(count(contacted(false)).await, 3);
    let between = |from: Option<i64>, before: Option<i64>| DeviceFilter {
        contacted_from: from.map(|day_of| START.plus_seconds(day_of * day)),
        contacted_before: before.map(|day_of| START.plus_seconds(day_of * day)),
        ..none()
    };
    assert_eq!(count(between(Some(0), None)).await, 2);
    assert_eq!(count(between(Some(7), None)).await, 1);
    assert_eq!(count(between(Some(8), None)).await, 0);
    assert_eq!(
        count(between(None, Some(0))).await,
        3,
        "those that never asked"
    );
    assert_eq!(count(between(None, Some(7))).await, 4);
    assert_eq!(count(between(Some(0), Some(7))).await, 1);
    let (scope, all_of_them) = (world.rival.scope(), none());
    let stranger = world
        .store
        .count_devices(&scope, customer.id(), &all_of_them, START);
    assert_eq!(stranger.await.expect("counts"), 0);
}

async fn filters_narrow_the_list(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 3)).await;
    world
        .register(&world.rival, customer, &tuple_rows("B", 2))
        .await;
    let devices = all(&world, customer).await;
    let (scope, act) = (customer.scope(), customer.act());
    let chosen = [devices[0].id];
    let changed = world
        .store
        .change_group_tag(&scope, &act, customer.id(), &chosen, OTHER_TAG)
        .await;
    assert_eq!(changed.expect("changes"), chosen);
    let day = 86_400;
    let asked = [
        (customer.id(), devices[0].id, START),
        (customer.id(), devices[1].id, START.plus_seconds(7 * day)),
    ];
    world.store.note_asked(&asked).await.expect("notes");
    let now = START.plus_seconds(7 * day);
    let count = async |filter: DeviceFilter| counted(&world, &filter, now).await;
    let none = DeviceFilter::default;
    let by = |party: OrganizationId| DeviceFilter {
        registered_by: Some(party),
        ..none()
    };
    assert_eq!(count(by(partner.id())).await, 3);
    assert_eq!(count(by(customer.id())).await, 0);
    let tagged = |tag: &str| DeviceFilter {
        group_tag: Some(tag.to_owned()),
        ..none()
    };
    assert_eq!(count(tagged(OTHER_TAG)).await, 1);
    assert_eq!(count(tagged(TAG)).await, 4);
    let in_state = |state| DeviceFilter {
        state: Some(state),
        ..none()
    };
    let counts = [0, 0, 3, 1, 1];
    for (state, expected) in DeviceState::ALL.into_iter().zip(counts) {
        assert_eq!(count(in_state(state)).await, expected, "{state:?}");
        let listed = list(&world, customer, &in_state(state), now).await;
        assert!(listed.iter().all(|device| device.state(now) == state));
    }
    let batch = devices[0].batch_id;
    let in_batch = devices
        .iter()
        .filter(|device| device.batch_id == batch)
        .count();
    assert!((2..=3).contains(&in_batch));
    let mut filter = DeviceFilter {
        batch: Some(batch),
        ..none()
    };
    assert_eq!(count(filter.clone()).await, in_batch);
    filter.group_tag = Some(OTHER_TAG.to_owned());
    assert_eq!(count(filter).await, 1, "every part narrows further");
}

async fn devices_are_found_by_any_identifier(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(partner, &world.other, None).await;
    let device = sample(1);
    let rows = [
        hash_row(1, &device),
        tuple_row(2, "0042-Ä%"),
        tuple_row(3, "0042-B"),
    ];
    world.register(partner, customer, &rows).await;
    world
        .register(partner, &world.other, &[tuple_row(1, "0042-C")])
        .await;
    let search = async |search: DeviceSearch| {
        let filter = DeviceFilter {
            search: Some(search),
            ..DeviceFilter::default()
        };
        let found = list(&world, partner, &filter, START).await;
        found
            .into_iter()
            .filter_map(|device| device.serial)
            .collect::<Vec<_>>()
    };
    let none = DeviceSearch::default;
    assert_eq!(
        search(none()).await,
        [""; 0],
        "nothing that could be looked for"
    );
    let pkid = IdentityKey::pkid(device.pkid.as_str()).expect("a key");
    let by_key = DeviceSearch {
        keys: vec![IdentityKey([7; 16]), pkid],
        ..none()
    };
    assert_eq!(search(by_key).await, [device.serial.as_str()]);
    let by_uuid = DeviceSearch {
        smbios_uuid: Some(device.uuid),
        ..none()
    };
    assert_eq!(search(by_uuid).await, [device.serial.as_str()]);
    let begins = |prefix: &str| {
        let serial = SerialNumber::parse(prefix).expect("a serial number");
        DeviceSearch {
            serial_prefix: Some(serial.folded()),
            ..none()
        }
    };
    assert_eq!(search(begins("0042")).await.len(), 2);
    assert_eq!(search(begins("0042-b")).await, ["0042-B"]);
    assert_eq!(search(begins("0042-Ä%")).await, ["0042-Ä%"]);
    assert_eq!(search(begins("0042-%")).await, [""; 0]);
    let foreign = IdentityKey::tuple("Contoso", "Book 13", "0042-C").expect("a key");
    let foreign = DeviceSearch {
        keys: vec![foreign],
        ..none()
    };
    assert_eq!(
        search(foreign).await,
        [""; 0],
        "another customer's device stays hidden"
    );
    let any = DeviceSearch {
        keys: vec![pkid],
        ..begins("0042-b")
    };
    assert_eq!(search(any).await.len(), 2, "any of them");
}

async fn totals_count_what_is_in_sight(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 3)).await;
    world
        .register(&world.rival, customer, &tuple_rows("B", 2))
        .await;
    let devices = all(&world, partner).await;
    let (scope, act) = (customer.scope(), customer.act());
    let id = [devices[2].id];
    world
        .store
        .change_group_tag(&scope, &act, customer.id(), &id, OTHER_TAG)
        .await
        .expect("tags");
    let week = START.plus_days(7);
    let asked = [
        (customer.id(), devices[0].id, START),
        (customer.id(), devices[1].id, week),
    ];
    world.store.note_asked(&asked).await.expect("notes");
    let totals = async |who: &Person| {
        let totals = world
            .store
            .device_totals(&who.scope(), customer.id(), week)
            .await;
        totals.expect("counts")
    };
    let of_customer = totals(customer).await;
    assert_eq!(
        of_customer.by_tag,
        [(OTHER_TAG.to_owned(), 1), (TAG.to_owned(), 4)]
    );
    assert_eq!(of_customer.by_state, [3, 1, 1]);
    let of_partner = totals(partner).await;
    assert_eq!(
        of_partner.by_tag,
        [(OTHER_TAG.to_owned(), 1), (TAG.to_owned(), 2)]
    );
    assert_eq!(of_partner.by_state, [1, 1, 1]);
    let of_stranger = totals(&world.other).await;
    assert_eq!(
        (of_stranger.by_tag.len(), of_stranger.by_state),
        (0, [0, 0, 0])
    );
}
