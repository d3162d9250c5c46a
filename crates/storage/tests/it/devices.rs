//! Lists of devices, release and change of tag.

use std::sync::Arc;

use device_list::{IdentityKey, SerialNumber};
use registration::clock::Timestamp;
use registration::device::{Device, DeviceState};
use registration::ids::{DeviceId, OrganizationId};
use registration::plan::Outcome;
use registration::upload::RowVerdict;
use storage::Storage;
use storage::devices::{DeviceFilter, DeviceSearch};

use crate::applying::{hash_row, outcomes, sample};
use crate::battery;
use crate::world::{OTHER_TAG, Person, START, TAG, World, fresh, tuple_row, tuple_rows};

battery![
    a_party_sees_what_it_registered_while_consent_holds,
    devices_are_listed_page_by_page_newest_first,
    filters_narrow_the_list,
    devices_are_narrowed_down_by_kind_and_contact,
    devices_are_found_by_any_identifier,
    totals_count_what_is_in_sight,
    a_released_device_is_free_for_anybody,
    only_what_is_in_sight_is_released_or_changed,
    a_changed_tag_stays,
    the_customers_own_rows_that_wait_or_failed_are_listed,
];

async fn list(world: &World, who: &Person, filter: &DeviceFilter, now: Timestamp) -> Vec<Device> {
    let (scope, customer) = (who.scope(), world.customer.id());
    let page = world
        .store
        .devices(&scope, customer, filter, now, None, 1000)
        .await;
    page.expect("lists").items
}

async fn all(world: &World, who: &Person) -> Vec<Device> {
    list(world, who, &DeviceFilter::default(), START).await
}

fn ids(devices: &[Device]) -> Vec<DeviceId> {
    devices.iter().map(|device| device.id).collect()
}

async fn a_party_sees_what_it_registered_while_consent_holds(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let until = START.plus_seconds(60);
    world.consent(partner, customer, Some(until)).await;
    world.consent(&world.rival, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 3)).await;
    world
        .register(&world.rival, customer, &tuple_rows("B", 2))
        .await;
    assert_eq!(all(&world, customer).await.len(), 5);
    assert_eq!(all(&world, partner).await.len(), 3);
    assert_eq!(all(&world, &world.rival).await.len(), 2);
    for stranger in [&world.other, &world.oem, &world.operator] {
        assert_eq!(all(&world, stranger).await, []);
    }
    assert_eq!(
        list(&world, partner, &DeviceFilter::default(), until).await,
        []
    );
    let device = all(&world, partner).await[0].clone();
    let one = async |who: &Person, now| {
        let found = world
            .store
            .device(&who.scope(), device.id, customer.id(), now)
            .await;
        found.expect("answers")
    };
    assert_eq!(one(partner, START).await, Some(device.clone()));
    assert_eq!(one(customer, until).await, Some(device.clone()));
    assert_eq!(one(partner, until).await, None);
    for stranger in [&world.rival, &world.other, &world.operator] {
        assert_eq!(one(stranger, START).await, None);
    }
    let elsewhere = world.other.id();
    let found = world
        .store
        .device(&world.other.scope(), device.id, elsewhere, START)
        .await;
    assert_eq!(found.expect("answers"), None);
}

async fn devices_are_listed_page_by_page_newest_first(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 7)).await;
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let (scope, filter) = (partner.scope(), DeviceFilter::default());
        let page = world
            .store
            .devices(&scope, customer.id(), &filter, START, before, 3)
            .await;
        let page = page.expect("lists");
        assert!(page.items.len() <= 3);
        seen.extend(ids(&page.items));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.is_sorted_by(|a, b| a > b));
}

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

async fn a_released_device_is_free_for_anybody(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, &world.other, None).await;
    let device = sample(2);
    world
        .register(partner, customer, &[hash_row(1, &device)])
        .await;
    let held = world
        .register(&world.rival, &world.other, &[hash_row(1, &device)])
        .await;
    assert_eq!(outcomes(&held), [Outcome::RegisteredElsewhere]);
    let id = all(&world, customer).await[0].id;
    let (scope, act) = (customer.scope(), customer.act_at(9));
    let twice = [id, id];
    let gone = world
        .store
        .deregister(&scope, &act, customer.id(), &twice)
        .await;
    assert_eq!(gone.expect("releases"), [id]);
    assert_eq!(all(&world, customer).await, []);
    let act = customer.act_at(10);
    let again = world
        .store
        .deregister(&scope, &act, customer.id(), &[id])
        .await;
    assert_eq!(again.expect("answers"), []);
    let free = world
        .register(&world.rival, &world.other, &[hash_row(1, &device)])
        .await;
    assert_eq!(outcomes(&free), [Outcome::Registered]);
}

async fn only_what_is_in_sight_is_released_or_changed(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let until = 60;
    world
        .consent(partner, customer, Some(START.plus_seconds(until)))
        .await;
    world.consent(&world.rival, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 1)).await;
    world
        .register(&world.rival, customer, &tuple_rows("B", 1))
        .await;
    let everything = ids(&all(&world, customer).await);
    let own = ids(&all(&world, partner).await);
    let seen = async |who: &Person, seconds| {
        let (scope, now) = (who.scope(), START.plus_seconds(seconds));
        let (store, customer) = (&world.store, customer.id());
        let found = store.devices_of(&scope, &everything, customer, now).await;
        let mut found = ids(&found.expect("answers"));
        found.sort_unstable();
        found
    };
    let mut both = everything.clone();
    both.sort_unstable();
    assert_eq!(seen(customer, 1).await, both);
    assert_eq!(seen(partner, 1).await, own);
    assert_eq!(seen(partner, until).await, [], "consent has expired");
    assert_eq!(seen(&world.other, 1).await, []);
    let release = async |who: &Person, seconds| {
        let (scope, act) = (who.scope(), who.act_at(seconds));
        let gone = world
            .store
            .deregister(&scope, &act, customer.id(), &everything)
            .await;
        gone.expect("answers")
    };
    let tag = async |who: &Person, seconds| {
        let (scope, act) = (who.scope(), who.act_at(seconds));
        let customer = customer.id();
        let changed = world
            .store
            .change_group_tag(&scope, &act, customer, &everything, OTHER_TAG)
            .await;
        changed.expect("answers")
    };
    for stranger in [&world.other, &world.oem] {
        assert_eq!(tag(stranger, 0).await, []);
        assert_eq!(release(stranger, 0).await, []);
    }
    assert_eq!(tag(partner, until).await, [], "its consent has ended");
    assert_eq!(release(partner, until).await, []);
    assert!(
        all(&world, customer)
            .await
            .iter()
            .all(|device| device.group_tag == TAG)
    );
    assert_eq!(tag(partner, 1).await, own);
    assert_eq!(release(partner, 1).await, own);
    let left = ids(&all(&world, customer).await);
    assert_eq!(release(customer, 1).await, left);
    assert_eq!(all(&world, customer).await, []);
}

async fn a_changed_tag_stays(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 2)).await;
    let devices = ids(&all(&world, partner).await);
    for seconds in [5, 6] {
        let (scope, act) = (partner.scope(), partner.act_at(seconds));
        let changed = world
            .store
            .change_group_tag(&scope, &act, customer.id(), &devices[..1], OTHER_TAG)
            .await;
        assert_eq!(
            changed.expect("changes"),
            devices[..1],
            "also the second time"
        );
    }
    let tags: Vec<_> = all(&world, partner)
        .await
        .into_iter()
        .map(|d| d.group_tag)
        .collect();
    assert_eq!(tags, [OTHER_TAG, TAG]);
    let unknown = [DeviceId(fresh())];
    let (scope, act) = (partner.scope(), partner.act());
    let none = world
        .store
        .change_group_tag(&scope, &act, customer.id(), &unknown, TAG)
        .await;
    assert_eq!(none.expect("answers"), []);
}

async fn the_customers_own_rows_that_wait_or_failed_are_listed(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, customer) = (&world.store, &world.customer);
    let mut rows = tuple_rows("OWN", 4);
    rows[1].verdict = RowVerdict::Invalid {
        code: "EN0401".to_owned(),
        cause: "wrong".to_owned(),
        fix: "mend it".to_owned(),
        dds: None,
    };
    let upload = world.saved(customer, customer, &rows, 2).await;
    world.consent(&world.partner, customer, None).await;
    world
        .saved(&world.partner, customer, &tuple_rows("P", 2), 2)
        .await;
    let listed = async |who: &Person, limit| {
        let rows = store
            .unregistered_rows(&who.scope(), limit)
            .await
            .expect("lists");
        let number = |(id, row): &(_, registration::upload::UploadRowResult)| {
            assert_eq!(*id, upload.id);
            (row.row.number, row.result.as_ref().map(|r| r.outcome))
        };
        rows.iter().map(number).collect::<Vec<_>>()
    };
    let waiting = [(1, None), (2, None), (3, None), (4, None)];
    assert_eq!(listed(customer, 9).await, waiting);
    assert_eq!(listed(customer, 3).await, waiting[..3]);
    store
        .apply_next_chunk(&customer.act_at(1), upload.id)
        .await
        .expect("applies");
    let failed = (2, Some(Outcome::Invalid));
    assert_eq!(listed(customer, 9).await, [failed, (3, None), (4, None)]);
    world.finish(customer, upload.id, 2).await;
    assert_eq!(listed(customer, 9).await, [failed]);
    assert_eq!(listed(&world.partner, 9).await, []);
}
