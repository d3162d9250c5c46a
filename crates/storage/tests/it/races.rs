//! Many at once: the unique keys decide, and every device has exactly one owner.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use registration::ids::{DeviceId, OrganizationId, UploadId};
use registration::plan::Outcome;
use registration::upload::UploadStatus;
use storage::Storage;
use storage::devices::DeviceFilter;
use storage::uploads::Applied;

use crate::battery;
use crate::world::{Person, START, World, tuple_rows};

battery![
    twenty_uploads_of_the_same_devices_leave_one_owner_each,
    the_same_upload_applied_by_many_is_applied_once,
    many_set_up_links_are_offered_and_one_operator_results,
];

/// Devices in each upload.
const DEVICES: u64 = 500;

async fn apply_all(store: Arc<dyn Storage>, who: Person, id: UploadId) {
    loop {
        let applied = store
            .apply_next_chunk(&who.act_at(1), id)
            .await
            .expect("applies");
        if matches!(applied, Applied::Finished(_)) {
            return;
        }
    }
}

async fn owners(world: &World, customer: &Person) -> BTreeMap<String, DeviceId> {
    let (scope, filter) = (customer.scope(), DeviceFilter::default());
    let page = world
        .store
        .devices(&scope, customer.id(), &filter, START, None, 10_000)
        .await;
    let devices = page.expect("lists").items;
    let count = devices.len();
    let named = devices
        .into_iter()
        .map(|d| (d.serial.expect("has one"), d.id));
    let named: BTreeMap<_, _> = named.collect();
    assert_eq!(named.len(), count, "no device is there twice");
    named
}

async fn twenty_uploads_of_the_same_devices_leave_one_owner_each(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let pairs = [
        (&world.partner, &world.customer),
        (&world.rival, &world.other),
    ];
    let mut uploads: Vec<(Person, OrganizationId, UploadId)> = Vec::new();
    for (party, customer) in pairs {
        world.consent(party, customer, None).await;
    }
    for n in 0..10 {
        for (party, customer) in pairs {
            let mut rows = tuple_rows("R", DEVICES);
            rows.rotate_left(n * 50);
            let upload = world.saved(party, customer, &rows, 100).await;
            uploads.push((party.clone(), customer.id(), upload.id));
        }
    }
    let running: Vec<_> = uploads
        .iter()
        .map(|(party, _, id)| tokio::spawn(apply_all(world.store.clone(), party.clone(), *id)))
        .collect();
    for upload in running {
        upload.await.expect("ends");
    }
    let mine = owners(&world, &world.customer).await;
    let theirs = owners(&world, &world.other).await;
    let both: BTreeSet<_> = mine.keys().chain(theirs.keys()).collect();
    assert_eq!(
        both.len(),
        mine.len() + theirs.len(),
        "no device has two owners"
    );
    assert_eq!(both.len() as u64, DEVICES, "and each has one");
    let mut registered = 0;
    for (party, customer, id) in &uploads {
        let own = if *customer == world.customer.id() {
            &mine
        } else {
            &theirs
        };
        let upload = world
            .store
            .upload(&party.scope(), *id)
            .await
            .expect("answers");
        let upload = upload.expect("is there");
        assert!(upload.status.is_final());
        assert_eq!(
            upload.counts.decided(),
            DEVICES,
            "every row has its outcome"
        );
        registered += upload.counts.of(Outcome::Registered);
        for row in world.rows(party, *id).await {
            let result = row.result.expect("has its result");
            let held = own.get(&row.row.serial).copied();
            let expected = if held.is_some() {
                [Outcome::Registered, Outcome::AlreadyRegistered].as_slice()
            } else {
                &[Outcome::RegisteredElsewhere]
            };
            assert!(expected.contains(&result.outcome), "{:?}", result.outcome);
            assert_eq!(result.device_id, held);
        }
    }
    assert_eq!(registered, DEVICES, "each was registered once");
}

async fn the_same_upload_applied_by_many_is_applied_once(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let upload = world
        .saved(partner, customer, &tuple_rows("S", 60), 10)
        .await;
    let running: Vec<_> = (0..8)
        .map(|_| tokio::spawn(apply_all(world.store.clone(), partner.clone(), upload.id)))
        .collect();
    for one in running {
        one.await.expect("ends");
    }
    let upload = world
        .store
        .upload(&partner.scope(), upload.id)
        .await
        .expect("answers");
    let upload = upload.expect("is there");
    assert_eq!(upload.status, UploadStatus::Finished);
    assert_eq!(upload.counts.of(Outcome::Registered), 60);
    assert_eq!(upload.counts.decided(), 60);
    assert_eq!(owners(&world, customer).await.len(), 60);
}

async fn many_set_up_links_are_offered_and_one_operator_results(store: Arc<dyn Storage>) {
    use registration::organization::OrganizationKind::Operator;
    let link = crate::world::link();
    store.offer_set_up(link).await.expect("offers");
    let running: Vec<_> = (0..6)
        .map(|n| {
            let (store, desk) = (
                store.clone(),
                Person::of_kind(Operator, &format!("Desk {n}")),
            );
            tokio::spawn(async move {
                let (organization, account) = (desk.organization.clone(), desk.account());
                let phc = "phc".to_owned();
                store
                    .set_up(&desk.act(), link.digest, organization, account, phc)
                    .await
                    .is_ok()
            })
        })
        .collect();
    let mut done = 0;
    for one in running {
        done += usize::from(one.await.expect("ends"));
    }
    assert_eq!(done, 1);
}
