//! Lists of devices, release and change of tag.

mod found;

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
