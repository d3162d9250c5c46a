//! Configuration policies, and which device has which.

use std::sync::Arc;

use device_list::Identification;
use registration::ids::{DeviceId, PolicyId, ProfileId, RequestId, UploadId};
use registration::policy::{Policy, PolicyChange, PolicyFailure, PolicySettings};
use storage::submissions::RequestKey;
use storage::trail::TrailFilter;
use storage::{Conflict, Refused, Storage, StorageError};

use crate::applying::{hash_row, sample};
use crate::battery;
use crate::world::{Person, START, World, digest, fresh};

battery![
    a_policy_is_made_changed_and_deleted_by_its_partner_alone,
    a_change_made_from_another_version_is_refused,
    devices_get_and_lose_policies_and_every_one_is_answered,
    an_update_sent_again_has_no_second_effect,
    what_is_sent_again_with_its_key_is_done_once,
    deleting_a_policy_takes_it_from_its_devices,
    policies_need_consent,
];

fn policy(party: &Person, customer: &Person, name: &str) -> Policy {
    Policy {
        id: PolicyId(fresh()),
        customer_id: customer.id(),
        party_id: party.id(),
        name: name.to_owned(),
        description: "For tills".to_owned(),
        settings: PolicySettings::of_flags(2 | 16),
        version: 1,
        device_count: 0,
        created_at: START,
        updated_at: START,
    }
}

async fn made(world: &World, party: &Person, customer: &Person, name: &str) -> Policy {
    let policy = policy(party, customer, name);
    world
        .store
        .make_policy(&party.scope(), &party.act(), policy.clone(), None)
        .await
        .expect("makes");
    policy
}

fn change(device: DeviceId, policy: Option<PolicyId>) -> PolicyChange {
    PolicyChange {
        device: device.to_string(),
        device_id: Some(device),
        policy: Ok(policy),
    }
}

/// A world in which the partner registered a device for the customer.
async fn with_device(store: Arc<dyn Storage>) -> (World, DeviceId) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let rows = world
        .register(partner, customer, &[hash_row(1, &sample(1))])
        .await;
    let id = rows[0].result.as_ref().and_then(|r| r.device_id);
    (world, id.expect("an id"))
}

async fn update(
    world: &World,
    party: &Person,
    key: Option<RequestKey>,
    changes: Vec<PolicyChange>,
) -> storage::Result<storage::policies::PolicyUpdate> {
    let (scope, act, customer) = (party.scope(), party.act_at(5), world.customer.id());
    world
        .store
        .update_policies(&scope, &act, UploadId(fresh()), customer, key, changes)
        .await
}

/// The profile or policy that the sample device would download.
async fn asked(world: &World) -> Option<ProfileId> {
    let device = sample(1);
    let hash = device.fresh_hash(3);
    let keys = Identification::Hash { hash }.keys();
    let found = world
        .store
        .find_asking(&keys, Some(Some(device.uuid)))
        .await;
    found.expect("answers").expect("is there").profile_id
}

async fn a_policy_is_made_changed_and_deleted_by_its_partner_alone(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, rival, customer) = (&world.partner, &world.rival, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(rival, customer, None).await;
    let made = made(&world, partner, customer, "Tills").await;
    let twice = world
        .store
        .make_policy(
            &partner.scope(),
            &partner.act(),
            policy(partner, customer, "Tills"),
            None,
        )
        .await;
    assert!(matches!(
        twice,
        Err(StorageError::Conflict(Conflict::PolicyNameTaken))
    ));
    let listed = async |person: &Person| {
        let found = world.store.policies(&person.scope(), customer.id()).await;
        found.expect("lists")
    };
    assert_eq!(listed(partner).await, std::slice::from_ref(&made));
    assert_eq!(listed(rival).await, []);
    let scope = rival.scope();
    let seen = world.store.policy(&scope, customer.id(), made.id).await;
    assert_eq!(seen.expect("answers"), None);
    let renamed = Policy {
        name: "Counters".to_owned(),
        settings: PolicySettings::of_flags(1),
        ..made.clone()
    };
    let act = rival.act();
    let refused = world
        .store
        .change_policy(&scope, &act, renamed.clone(), None, None)
        .await;
    assert!(matches!(refused, Err(StorageError::NotFound)));
    let (scope, act) = (partner.scope(), partner.act_at(7));
    world
        .store
        .change_policy(&scope, &act, renamed, Some(1), None)
        .await
        .expect("changes");
    let found = listed(partner).await.remove(0);
    assert_eq!(
        (found.name.as_str(), found.version, found.settings.flags()),
        ("Counters", 2, 1)
    );
    assert_eq!(found.updated_at, START.plus_seconds(7));
    world
        .store
        .delete_policy(
            &scope,
            &partner.act(),
            customer.id(),
            made.id,
            Some(2),
            None,
        )
        .await
        .expect("deletes");
    assert_eq!(listed(partner).await, []);
    // The customer can see what was done for it.
    let trail = world
        .store
        .trail(&customer.scope(), TrailFilter::default(), None, 50)
        .await
        .expect("lists");
    let acts: Vec<_> = trail
        .items
        .iter()
        .map(|line| line.action)
        .filter(|action| action.starts_with("policy."))
        .collect();
    assert_eq!(acts.len(), 3, "{acts:?}");
}

async fn a_change_made_from_another_version_is_refused(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let made = made(&world, partner, customer, "Tills").await;
    let (scope, act) = (partner.scope(), partner.act());
    let changed = world
        .store
        .change_policy(&scope, &act, made.clone(), Some(2), None)
        .await;
    assert!(matches!(
        changed,
        Err(StorageError::Refused(Refused::Changed))
    ));
    let deleted = world
        .store
        .delete_policy(&scope, &act, customer.id(), made.id, Some(7), None)
        .await;
    assert!(matches!(
        deleted,
        Err(StorageError::Refused(Refused::Changed))
    ));
}

async fn devices_get_and_lose_policies_and_every_one_is_answered(store: Arc<dyn Storage>) {
    let (world, device) = with_device(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let before = asked(&world).await;
    let tills = made(&world, partner, customer, "Tills").await;
    let changes = vec![
        change(device, Some(tills.id)),
        change(DeviceId(fresh()), Some(tills.id)),
        PolicyChange {
            device: "9993-8627-3608".to_owned(),
            device_id: None,
            policy: Ok(None),
        },
        change(device, Some(PolicyId(fresh()))),
    ];
    let updated = update(&world, partner, None, changes).await.expect("sets");
    let failures: Vec<_> = updated.results.iter().map(|r| r.failure).collect();
    let none = Some(PolicyFailure::NoSuchDevice);
    assert_eq!(
        failures,
        [None, none, none, Some(PolicyFailure::NoSuchPolicy)]
    );
    assert!(updated.results[0].serial.is_some());
    assert_eq!(updated.results[2].device, "9993-8627-3608");
    assert_eq!(asked(&world).await, Some(ProfileId(tills.id.0)));
    let kept = world
        .store
        .policy_update(&partner.scope(), updated.id)
        .await;
    assert_eq!(kept.expect("answers"), Some(updated.clone()));
    let kept = world
        .store
        .policy_update(&world.rival.scope(), updated.id)
        .await;
    assert_eq!(kept.expect("answers"), None);
    let known = world.store.policy_of_device(tills.id).await;
    assert_eq!(known.expect("answers").map(|p| p.device_count), Some(1));
    let taken = update(&world, partner, None, vec![change(device, None)]).await;
    assert_eq!(taken.expect("sets").results[0].failure, None);
    assert_eq!(asked(&world).await, before);
}

async fn an_update_sent_again_has_no_second_effect(store: Arc<dyn Storage>) {
    let (world, device) = with_device(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let tills = made(&world, partner, customer, "Tills").await;
    let key = RequestKey {
        request_id: RequestId(fresh()),
        digest: digest(),
    };
    let changes = || vec![change(device, Some(tills.id))];
    let first = update(&world, partner, Some(key), changes()).await;
    let first = first.expect("sets");
    update(&world, partner, None, vec![change(device, None)])
        .await
        .expect("sets");
    let again = update(&world, partner, Some(key), changes()).await;
    assert_eq!(again.expect("answers"), first);
    let key = RequestKey {
        digest: digest(),
        ..key
    };
    let other = update(&world, partner, Some(key), changes()).await;
    assert!(matches!(
        other,
        Err(StorageError::Refused(Refused::RequestIdReused))
    ));
    assert_ne!(asked(&world).await, Some(ProfileId(tills.id.0)));
}

async fn deleting_a_policy_takes_it_from_its_devices(store: Arc<dyn Storage>) {
    let (world, device) = with_device(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let before = asked(&world).await;
    let tills = made(&world, partner, customer, "Tills").await;
    let changes = vec![change(device, Some(tills.id))];
    update(&world, partner, None, changes).await.expect("sets");
    let (scope, act) = (partner.scope(), partner.act());
    world
        .store
        .delete_policy(&scope, &act, customer.id(), tills.id, None, None)
        .await
        .expect("deletes");
    assert_eq!(asked(&world).await, before);
}

async fn policies_need_consent(store: Arc<dyn Storage>) {
    let (world, device) = with_device(store).await;
    let rival = &world.rival;
    let made = world
        .store
        .make_policy(
            &rival.scope(),
            &rival.act(),
            policy(rival, &world.customer, "Tills"),
            None,
        )
        .await;
    assert!(matches!(
        made,
        Err(StorageError::Refused(Refused::NoConsent))
    ));
    let set = update(&world, rival, None, vec![change(device, None)]).await;
    assert!(matches!(
        set,
        Err(StorageError::Refused(Refused::NoConsent))
    ));
}

async fn what_is_sent_again_with_its_key_is_done_once(store: Arc<dyn Storage>) {
    let (world, device) = with_device(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let (scope, store) = (partner.scope(), &world.store);
    let key = || RequestKey {
        request_id: RequestId(fresh()),
        digest: digest(),
    };
    let made = key();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let new = policy(partner, customer, "Tills");
        let act = partner.act();
        let id = store.make_policy(&scope, &act, new, Some(made)).await;
        ids.push(id.expect("makes"));
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(
        store.known_request(&scope, made).await.expect("asks"),
        Some(ids[0].0)
    );
    let other = RequestKey {
        digest: [9; 32],
        ..made
    };
    let refused = store.known_request(&scope, other).await;
    assert!(matches!(
        refused,
        Err(StorageError::Refused(Refused::RequestIdReused))
    ));
    let rival = world.rival.scope();
    assert_eq!(store.known_request(&rival, made).await.expect("asks"), None);

    let changed = key();
    for _ in 0..2 {
        let policy = Policy {
            id: ids[0],
            ..policy(partner, customer, "Counters")
        };
        let act = partner.act();
        let done = store.change_policy(&scope, &act, policy, Some(1), Some(changed));
        done.await.expect("changes once");
    }
    let found = store.policy(&scope, customer.id(), ids[0]).await;
    assert_eq!(found.expect("asks").expect("is there").version, 2);
    let deleted = key();
    for _ in 0..2 {
        let act = partner.act();
        let done = store.delete_policy(&scope, &act, customer.id(), ids[0], None, Some(deleted));
        done.await.expect("deletes once");
    }
    let released = key();
    for _ in 0..2 {
        let act = partner.act();
        let done = store.deregister_once(&scope, &act, customer.id(), device, released);
        done.await.expect("releases once");
    }
    let act = partner.act();
    let again = store.deregister_once(&scope, &act, customer.id(), device, key());
    assert!(matches!(again.await, Err(StorageError::NotFound)));
    let reserved = key();
    for id in [7, 8].map(uuid::Uuid::from_u128) {
        let act = partner.act();
        let known = store.remember_request(&scope, &act, reserved, id).await;
        assert_eq!(known.expect("remembers").as_u128(), 7);
    }
}
