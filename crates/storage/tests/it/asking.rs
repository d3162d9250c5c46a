//! The device that asks for its profile.

use std::sync::Arc;

use device_list::{Identification, IdentityKey};
use registration::profile;
use storage::Storage;

use crate::applying::{hash_row, sample, sample_tuple_row};
use crate::battery;
use crate::world::{START, TAG, World};

battery![
    a_device_is_found_by_a_fresh_hash_of_the_same_machine,
    a_guessed_serial_number_learns_nothing,
    the_answer_follows_what_the_tag_names_now,
    later_asks_win,
];

fn keys_of(hash: device_list::HardwareHash) -> Vec<IdentityKey> {
    Identification::Hash { hash }.keys()
}

async fn a_device_is_found_by_a_fresh_hash_of_the_same_machine(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let device = sample(1);
    let rows = world
        .register(partner, customer, &[hash_row(1, &device)])
        .await;
    let id = rows[0]
        .result
        .as_ref()
        .and_then(|r| r.device_id)
        .expect("an id");
    let keys = keys_of(device.fresh_hash(9));
    let uuid = Some(Some(device.uuid));
    let asked = world
        .store
        .find_asking(&keys, uuid)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!((asked.device_id, asked.customer_id), (id, customer.id()));
    assert_eq!(asked.customer_domain, customer.organization.domain);
    assert_eq!(
        (asked.group_tag.as_str(), asked.profile_id),
        (TAG, Some(profile::BASE))
    );
    assert_eq!(asked.last_asked_at, None);
    let stranger = keys_of(sample(2).hash());
    assert_eq!(
        world
            .store
            .find_asking(&stranger, None)
            .await
            .expect("answers"),
        None
    );
    assert_eq!(
        world.store.find_asking(&[], None).await.expect("answers"),
        None
    );
}

async fn a_guessed_serial_number_learns_nothing(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let (hashed, plain) = (sample(1), sample(2));
    let rows = [hash_row(1, &hashed), sample_tuple_row(2, &plain)];
    world.register(partner, customer, &rows).await;
    let finds = async |device: &device_list::SampleDevice, uuid| {
        let tuple = [device.tuple().key().expect("a key")];
        world
            .store
            .find_asking(&tuple, uuid)
            .await
            .expect("answers")
            .is_some()
    };
    assert!(
        !finds(&hashed, Some(Some([7; 16]))).await,
        "another machine's UUID"
    );
    assert!(!finds(&hashed, Some(None)).await, "no UUID at all");
    assert!(finds(&hashed, Some(Some(hashed.uuid))).await);
    assert!(finds(&hashed, None).await, "the operator allowed tuples");
    assert!(
        finds(&plain, Some(Some([7; 16]))).await,
        "there is no UUID to compare"
    );
    let [first, second] = [&hashed, &plain].map(|d| d.tuple().key().expect("a key"));
    let both = world
        .store
        .find_asking(&[first, second], Some(None))
        .await
        .expect("answers");
    assert_eq!(both, None, "the first key on record decides");
    let unknown = IdentityKey([9; 16]);
    let found = world
        .store
        .find_asking(&[unknown, second], Some(None))
        .await
        .expect("answers");
    assert!(found.is_some());
}

async fn the_answer_follows_what_the_tag_names_now(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let device = sample(3);
    world
        .register(partner, customer, &[sample_tuple_row(1, &device)])
        .await;
    let (scope, act) = (world.operator.scope(), world.operator.act());
    world
        .store
        .assign_tag(&scope, &act, TAG, profile::KIOSK)
        .await
        .expect("assigns");
    let keys = [device.tuple().key().expect("a key")];
    let asked = world
        .store
        .find_asking(&keys, None)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(asked.profile_id, Some(profile::KIOSK));
    let (scope, act) = (customer.scope(), customer.act());
    let id = [asked.device_id];
    world
        .store
        .deregister(&scope, &act, customer.id(), &id)
        .await
        .expect("releases");
    assert_eq!(
        world.store.find_asking(&keys, None).await.expect("answers"),
        None
    );
}

async fn later_asks_win(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let device = sample(4);
    let rows = world
        .register(partner, customer, &[sample_tuple_row(1, &device)])
        .await;
    let id = rows[0]
        .result
        .as_ref()
        .and_then(|r| r.device_id)
        .expect("an id");
    let at = |seconds| (customer.id(), id, START.plus_seconds(seconds));
    world
        .store
        .note_asked(&[at(10), at(30), at(20)])
        .await
        .expect("notes");
    world.store.note_asked(&[at(5)]).await.expect("notes");
    world.store.note_asked(&[]).await.expect("notes nothing");
    let keys = [device.tuple().key().expect("a key")];
    let asked = world
        .store
        .find_asking(&keys, None)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(asked.last_asked_at, Some(START.plus_seconds(30)));
}
