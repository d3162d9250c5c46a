//! Deployment profiles of a customer's own: who sees them, and which device downloads which.

mod assigned;

use std::sync::Arc;

use device_list::Identification;
use registration::customer_profile::{
    ASSIGNMENTS_AT_ONCE, AssignmentTarget, CustomerProfile, GivenProfile, PROFILES_AT_ONCE,
    ProfileAssignment, ProfileChange, ProfileOrigin, ProfileReach, Said,
};
use registration::ids::{DeviceId, PolicyId, ProfileId, UploadId};
use registration::policy::{Policy, PolicyChange, PolicySettings};
use registration::profile::{BASE, ProfileError};
use storage::trail::TrailFilter;
use storage::{Conflict, Refused, Storage, StorageError};

use crate::applying::{hash_row, sample};
use crate::battery;
use crate::world::{OTHER_TAG, Person, START, TAG, World, fresh, fresh_at};

battery![
    a_profile_is_its_customers_alone,
    a_change_that_does_not_fit_changes_nothing,
    there_are_only_so_many_profiles_and_assignments,
    what_a_device_gets_and_why_is_told_to_those_who_see_it,
    a_profile_reaches_the_devices_that_get_it,
    deleting_a_profile_takes_it_from_its_devices,
];

fn named(name: &str) -> ProfileChange {
    ProfileChange {
        name: Said::once(Some(name.to_owned())),
        ..ProfileChange::default()
    }
}

fn blank(person: &Person, id: uuid::Uuid, name: &str) -> CustomerProfile {
    let blank = CustomerProfile::new(ProfileId(id), person.id(), START);
    blank.changed(named(name), START).expect("fits")
}

async fn made(world: &World, person: &Person, name: &str) -> CustomerProfile {
    let profile = blank(person, fresh(), name);
    make(world, person, profile.clone()).await.expect("makes");
    profile
}

async fn make(world: &World, person: &Person, profile: CustomerProfile) -> storage::Result<()> {
    let (scope, act) = (person.scope(), person.act());
    world
        .store
        .make_customer_profile(&scope, &act, profile)
        .await
}

async fn assign(
    world: &World,
    profile: &CustomerProfile,
    target: AssignmentTarget,
) -> storage::Result<ProfileAssignment> {
    let (scope, act) = (world.customer.scope(), world.customer.act());
    let to = ProfileAssignment {
        profile_id: profile.id,
        target,
    };
    let done = world
        .store
        .change_assignment(&scope, &act, None, Some(to.clone()));
    done.await.map(|()| to)
}

async fn take_back(world: &World, from: ProfileAssignment) {
    let (scope, act) = (world.customer.scope(), world.customer.act());
    let done = world
        .store
        .change_assignment(&scope, &act, Some(from), None);
    done.await.expect("takes back");
}

async fn give(world: &World, id: ProfileId, devices: &[DeviceId]) -> storage::Result<()> {
    let (scope, act) = (world.customer.scope(), world.customer.act());
    world.store.give_profile(&scope, &act, id, devices).await
}

/// A world in which the partner registered some sample devices for the customer.
async fn with_devices(store: Arc<dyn Storage>, count: u64) -> (World, Vec<DeviceId>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let rows: Vec<_> = (1..=count).map(|n| hash_row(n, &sample(n))).collect();
    let rows = world.register(partner, customer, &rows).await;
    let id = |row: &registration::upload::UploadRowResult| row.result.as_ref()?.device_id;
    let ids = rows.iter().filter_map(id).collect();
    (world, ids)
}

/// What each of these devices gets, and why, as far as this person is told.
async fn given(
    world: &World,
    person: &Person,
    devices: &[DeviceId],
) -> Vec<(DeviceId, ProfileId, ProfileOrigin)> {
    let (scope, customer) = (person.scope(), world.customer.id());
    let given = world
        .store
        .profiles_of_devices(&scope, customer, devices, START)
        .await;
    let given = given.expect("answers").into_iter();
    let mut given: Vec<_> = given
        .map(|(device, GivenProfile { id, origin, .. })| (device, id, origin))
        .collect();
    given.sort_unstable();
    given
}

async fn reach(world: &World) -> Vec<ProfileReach> {
    let scope = world.customer.scope();
    let mut all = world.store.profile_reach(&scope).await.expect("counts");
    all.sort_unstable();
    all
}

/// What the first sample device would download.
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

async fn audit(world: &World, action: &str) -> usize {
    let scope = world.customer.scope();
    let trail = world.store.trail(&scope, TrailFilter::default(), None, 500);
    let trail = trail.await.expect("lists");
    trail
        .items
        .iter()
        .filter(|line| line.action == action)
        .count()
}

/// A policy of the partner that the device has.
async fn policy(world: &World, device: DeviceId) -> ProfileId {
    let (partner, customer) = (&world.partner, &world.customer);
    let policy = Policy {
        id: PolicyId(fresh()),
        customer_id: customer.id(),
        party_id: partner.id(),
        name: "Tills".to_owned(),
        description: String::new(),
        settings: PolicySettings::of_flags(2),
        version: 1,
        device_count: 0,
        created_at: START,
        updated_at: START,
    };
    let (scope, act, id) = (partner.scope(), partner.act(), policy.id);
    let made = world.store.make_policy(&scope, &act, policy, None).await;
    made.expect("makes");
    let change = PolicyChange {
        device: device.to_string(),
        device_id: Some(device),
        policy: Ok(Some(id)),
    };
    let (update, act) = (UploadId(fresh()), partner.act());
    world
        .store
        .update_policies(&scope, &act, update, customer.id(), None, vec![change])
        .await
        .expect("sets");
    ProfileId(id.0)
}

async fn a_profile_is_its_customers_alone(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (customer, partner) = (&world.customer, &world.partner);
    let lab = made(&world, customer, "Lab").await;
    let twice = make(&world, customer, blank(customer, fresh(), "Lab")).await;
    assert!(matches!(
        twice,
        Err(StorageError::Conflict(Conflict::CustomerProfileNameTaken))
    ));
    // The same name elsewhere is another profile.
    made(&world, partner, "Lab").await;
    let scope = customer.scope();
    let all = world.store.customer_profiles(&scope).await.expect("lists");
    assert_eq!(all, std::slice::from_ref(&lab));
    let stranger = partner.scope();
    let seen = world.store.customer_profile(&stranger, lab.id).await;
    assert_eq!(seen.expect("answers"), None);
    let act = partner.act();
    let changed = world
        .store
        .change_customer_profile(&stranger, &act, lab.id, named("Mine"))
        .await;
    assert!(matches!(changed, Err(StorageError::NotFound)));
    let deleted = world.store.delete_customer_profile(&stranger, &act, lab.id);
    assert!(matches!(deleted.await, Err(StorageError::NotFound)));
    let to = ProfileAssignment {
        profile_id: lab.id,
        target: AssignmentTarget::AllDevices,
    };
    let assigned = world
        .store
        .change_assignment(&stranger, &act, None, Some(to));
    assert!(matches!(assigned.await, Err(StorageError::NotFound)));
    let act = customer.act_at(7);
    let changed = world
        .store
        .change_customer_profile(&scope, &act, lab.id, named("Labs"))
        .await
        .expect("changes");
    let now = world.store.customer_profile(&scope, lab.id).await;
    assert_eq!(now.expect("answers"), Some(changed.clone()));
    assert_eq!(
        (
            changed.name.as_str(),
            changed.updated_at,
            changed.created_at
        ),
        ("Labs", START.plus_seconds(7), START)
    );
    assert_eq!(audit(&world, "own_profile.made").await, 1);
    assert_eq!(audit(&world, "own_profile.changed").await, 1);
}

async fn a_change_that_does_not_fit_changes_nothing(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let lab = made(&world, &world.customer, "Lab").await;
    let (scope, act) = (world.customer.scope(), world.customer.act());
    let change = ProfileChange {
        skip_keyboard: Said::once(Some(true)),
        ..named("Other")
    };
    let changed = world
        .store
        .change_customer_profile(&scope, &act, lab.id, change);
    assert!(matches!(
        changed.await,
        Err(StorageError::Refused(Refused::Profile(
            ProfileError::Keyboard
        )))
    ));
    let now = world.store.customer_profile(&scope, lab.id).await;
    assert_eq!(now.expect("answers"), Some(lab));
}

async fn there_are_only_so_many_profiles_and_assignments(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let customer = &world.customer;
    let first = made(&world, customer, "First").await;
    for n in 1..PROFILES_AT_ONCE {
        made(&world, customer, &format!("Profile {n}")).await;
    }
    let more = make(&world, customer, blank(customer, fresh(), "One more")).await;
    assert!(matches!(
        more,
        Err(StorageError::Refused(Refused::TooManyProfiles))
    ));
    for n in 0..ASSIGNMENTS_AT_ONCE {
        let target = AssignmentTarget::Group(format!("Tag {n}"));
        assign(&world, &first, target).await.expect("assigns");
    }
    let more = assign(&world, &first, AssignmentTarget::AllDevices).await;
    assert!(matches!(
        more,
        Err(StorageError::Refused(Refused::TooManyAssignments))
    ));
    let again = AssignmentTarget::Group("Tag 0".to_owned());
    assign(&world, &first, again)
        .await
        .expect("is there already");
}

async fn deleting_a_profile_takes_it_from_its_devices(store: Arc<dyn Storage>) {
    let (world, devices) = with_devices(store, 1).await;
    let lab = made(&world, &world.customer, "Lab").await;
    give(&world, lab.id, &devices).await.expect("gives");
    let target = AssignmentTarget::AllDevices;
    assign(&world, &lab, target).await.expect("assigns");
    let kept = world.store.customer_profile_of_device(lab.id).await;
    assert_eq!(kept.expect("answers").as_ref(), Some(&lab));
    let (scope, act) = (world.customer.scope(), world.customer.act());
    let deleted = world.store.delete_customer_profile(&scope, &act, lab.id);
    deleted.await.expect("deletes");
    assert_eq!(asked(&world).await, Some(BASE));
    let kept = world.store.customer_profile_of_device(lab.id).await;
    assert_eq!(kept.expect("answers"), None);
    let again = world.store.delete_customer_profile(&scope, &act, lab.id);
    assert!(matches!(again.await, Err(StorageError::NotFound)));
}

async fn what_a_device_gets_and_why_is_told_to_those_who_see_it(store: Arc<dyn Storage>) {
    let (world, devices) = with_devices(store, 1).await;
    let (customer, partner, device) = (&world.customer, &world.partner, devices[0]);
    let told = async |person: &Person| {
        let all = given(&world, person, &devices).await;
        all.first().map(|(_, id, origin)| (*id, *origin))
    };
    let both = async |id: ProfileId, origin: ProfileOrigin| {
        assert_eq!(told(customer).await, Some((id, origin)));
        assert_eq!(told(partner).await, Some((id, origin)));
        assert_eq!(asked(&world).await, Some(id), "{origin:?}");
    };
    both(BASE, ProfileOrigin::Catalogue).await;
    let policy = policy(&world, device).await;
    both(policy, ProfileOrigin::Policy).await;
    let all = made(&world, customer, "Everywhere").await;
    let target = AssignmentTarget::AllDevices;
    assign(&world, &all, target).await.expect("assigns");
    both(all.id, ProfileOrigin::AllDevices).await;
    let tag = made(&world, customer, "Standard").await;
    let target = AssignmentTarget::Group(TAG.to_owned());
    assign(&world, &tag, target).await.expect("assigns");
    both(tag.id, ProfileOrigin::GroupTag).await;
    give(&world, all.id, &devices).await.expect("gives");
    both(all.id, ProfileOrigin::Device).await;
    // Another party learns nothing: not without consent, and not of devices it did not register.
    assert_eq!(told(&world.oem).await, None);
    world.consent(&world.oem, customer, None).await;
    assert_eq!(told(&world.oem).await, None);
    let stranger = given(&world, customer, &[DeviceId(fresh())]).await;
    assert_eq!(stranger, []);
}

async fn a_profile_reaches_the_devices_that_get_it(store: Arc<dyn Storage>) {
    let (world, devices) = with_devices(store, 3).await;
    let customer = &world.customer;
    let (lab, one) = (
        made(&world, customer, "Lab").await,
        made(&world, customer, "One").await,
    );
    let count = |id: ProfileId, devices: u64, directly: u64| ProfileReach {
        id,
        devices,
        directly,
    };
    assert_eq!(reach(&world).await, [count(BASE, 3, 0)]);
    give(&world, lab.id, &devices[..2]).await.expect("gives");
    let mut expected = [count(BASE, 1, 0), count(lab.id, 2, 2)];
    expected.sort_unstable();
    assert_eq!(reach(&world).await, expected);
    let target = AssignmentTarget::AllDevices;
    assign(&world, &lab, target).await.expect("assigns");
    give(&world, one.id, &devices[..1]).await.expect("gives");
    let mut expected = [count(lab.id, 2, 1), count(one.id, 1, 1)];
    expected.sort_unstable();
    assert_eq!(reach(&world).await, expected);
    let others = world.store.profile_reach(&world.partner.scope()).await;
    assert_eq!(others.expect("counts"), []);
}
