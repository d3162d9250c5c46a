//! Profiles assigned to groups, to all devices and to devices themselves.

use super::*;

battery![
    the_nearest_assignment_decides_what_a_device_downloads,
    of_two_profiles_for_one_group_the_older_one_counts,
    an_assignment_made_twice_is_one,
    devices_get_a_profile_all_or_none,
    a_profile_given_to_devices_is_taken_back_from_those_that_have_it,
];

async fn the_nearest_assignment_decides_what_a_device_downloads(store: Arc<dyn Storage>) {
    let (world, devices) = with_devices(store, 2).await;
    let customer = &world.customer;
    assert_eq!(asked(&world).await, Some(BASE));
    let policy = policy(&world, devices[0]).await;
    assert_eq!(asked(&world).await, Some(policy), "a partner's policy");

    let all = made(&world, customer, "Everywhere").await;
    let everywhere = assign(&world, &all, AssignmentTarget::AllDevices).await;
    let everywhere = everywhere.expect("assigns");
    assert_eq!(asked(&world).await, Some(all.id), "all devices");
    let tag = made(&world, customer, "Standard").await;
    let other = AssignmentTarget::Group(OTHER_TAG.to_owned());
    assign(&world, &tag, other).await.expect("assigns");
    assert_eq!(asked(&world).await, Some(all.id), "another group tag");
    let group = AssignmentTarget::Group(TAG.to_owned());
    let group = assign(&world, &tag, group).await.expect("assigns");
    assert_eq!(asked(&world).await, Some(tag.id), "its group tag");
    let own = made(&world, customer, "This one").await;
    give(&world, own.id, &devices[..1]).await.expect("gives");
    assert_eq!(asked(&world).await, Some(own.id), "the device itself");

    let scope = customer.scope();
    let mut expected = vec![
        (devices[0], own.id, ProfileOrigin::Device),
        (devices[1], tag.id, ProfileOrigin::GroupTag),
    ];
    expected.sort_unstable();
    assert_eq!(given(&world, customer, &devices).await, expected);
    let have = async |id: ProfileId| {
        let page = world.store.devices_of_profile(&scope, id, None, 10).await;
        let page = page.expect("lists");
        page.items
            .iter()
            .map(|device| device.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(have(tag.id).await, [devices[1]]);
    assert_eq!(have(own.id).await, [devices[0]]);
    assert_eq!(have(all.id).await, []);

    let (scope, act) = (customer.scope(), customer.act());
    let deleted = world.store.delete_customer_profile(&scope, &act, own.id);
    deleted.await.expect("deletes");
    take_back(&world, group).await;
    let not_these = AssignmentTarget::Exclusion(TAG.to_owned());
    assign(&world, &all, not_these).await.expect("assigns");
    assert_eq!(asked(&world).await, Some(policy), "excluded");
    take_back(&world, everywhere).await;
    assert_eq!(asked(&world).await, Some(policy));
}

async fn of_two_profiles_for_one_group_the_older_one_counts(store: Arc<dyn Storage>) {
    let (world, _) = with_devices(store, 1).await;
    let customer = &world.customer;
    let younger = blank(customer, fresh_at(60), "Younger");
    make(&world, customer, younger.clone())
        .await
        .expect("makes");
    let older = made(&world, customer, "Older").await;
    for profile in [&younger, &older] {
        let group = AssignmentTarget::Group(TAG.to_owned());
        assign(&world, profile, group).await.expect("assigns");
    }
    assert_eq!(asked(&world).await, Some(older.id));
    let not_these = AssignmentTarget::Exclusion(TAG.to_owned());
    assign(&world, &older, not_these).await.expect("assigns");
    assert_eq!(asked(&world).await, Some(younger.id));
}

async fn an_assignment_made_twice_is_one(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let lab = made(&world, &world.customer, "Lab").await;
    for _ in 0..2 {
        let group = AssignmentTarget::Group(TAG.to_owned());
        assign(&world, &lab, group).await.expect("assigns");
    }
    let scope = world.customer.scope();
    let all = async || {
        world
            .store
            .profile_assignments(&scope)
            .await
            .expect("lists")
    };
    assert_eq!(all().await.len(), 1);
    assert_eq!(audit(&world, "own_profile.assigned").await, 1);
    let from = all().await.remove(0);
    let to = ProfileAssignment {
        profile_id: lab.id,
        target: AssignmentTarget::AllDevices,
    };
    let act = world.customer.act();
    let (from, to) = (Some(from), Some(to));
    let moved = world
        .store
        .change_assignment(&scope, &act, from.clone(), to.clone());
    moved.await.expect("changes");
    assert_eq!(all().await, to.into_iter().collect::<Vec<_>>());
    let act = world.customer.act();
    let again = world
        .store
        .change_assignment(&scope, &act, from, None)
        .await;
    assert!(matches!(again, Err(StorageError::NotFound)));
    let stranger = world.partner.scope();
    let seen = world.store.profile_assignments(&stranger).await;
    assert_eq!(seen.expect("lists"), []);
}

async fn devices_get_a_profile_all_or_none(store: Arc<dyn Storage>) {
    let (world, devices) = with_devices(store, 2).await;
    let lab = made(&world, &world.customer, "Lab").await;
    let with_stranger = [devices[0], DeviceId(fresh())];
    let given = give(&world, lab.id, &with_stranger).await;
    assert!(matches!(given, Err(StorageError::NotFound)));
    assert_eq!(asked(&world).await, Some(BASE));
    give(&world, lab.id, &[devices[0], devices[1], devices[0]])
        .await
        .expect("gives");
    give(&world, lab.id, &devices).await.expect("gives again");
    assert_eq!(audit(&world, "device.profile_set").await, 2);
    assert_eq!(asked(&world).await, Some(lab.id));
    // A profile of somebody else's is none.
    let other = made(&world, &world.partner, "Other").await;
    let given = give(&world, other.id, &devices).await;
    assert!(matches!(given, Err(StorageError::NotFound)));
}

async fn a_profile_given_to_devices_is_taken_back_from_those_that_have_it(store: Arc<dyn Storage>) {
    let (world, devices) = with_devices(store, 3).await;
    let customer = &world.customer;
    let (lab, other) = (
        made(&world, customer, "Lab").await,
        made(&world, customer, "Other").await,
    );
    give(&world, lab.id, &devices[..2]).await.expect("gives");
    give(&world, other.id, &devices[2..]).await.expect("gives");
    let take = async |person: &Person, id: ProfileId| {
        let (scope, act) = (person.scope(), person.act());
        world
            .store
            .take_profile_back(&scope, &act, id, &devices)
            .await
    };
    let refused = take(&world.partner, lab.id).await;
    assert!(matches!(refused, Err(StorageError::NotFound)));
    assert_eq!(take(customer, lab.id).await.expect("takes back"), 2);
    assert_eq!(take(customer, lab.id).await.expect("there is none"), 0);
    assert_eq!(asked(&world).await, Some(BASE));
    let kept = given(&world, customer, &devices[2..]).await;
    assert_eq!(kept, [(devices[2], other.id, ProfileOrigin::Device)]);
    assert_eq!(audit(&world, "device.profile_taken_back").await, 2);
}
