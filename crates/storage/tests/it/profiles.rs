//! Deployment profiles, tags and settings.

use std::sync::Arc;

use registration::group_tag::CATALOGUE;
use registration::ids::ProfileId;
use registration::profile::{self, SEEDED, seeded_settings};
use storage::{Conflict, Storage, StorageError};

use crate::battery;
use crate::world::{START, TAG, World, fresh};

battery![
    every_registry_starts_with_the_published_profiles,
    a_profile_is_changed_and_its_name_stays_unique,
    a_tag_names_another_profile,
    settings_are_kept,
    only_an_operator_changes_them,
];

async fn every_registry_starts_with_the_published_profiles(store: Arc<dyn Storage>) {
    let profiles = store.profiles().await.expect("lists");
    assert!(profiles.is_sorted_by(|a, b| a.name < b.name));
    assert_eq!(profiles.len(), SEEDED.len());
    for (id, name) in SEEDED {
        let found = profiles
            .iter()
            .find(|profile| profile.id == id)
            .expect("is there");
        assert_eq!(
            (found.name.as_str(), &found.settings),
            (name, &seeded_settings(id))
        );
    }
    let tags = store.tag_assignments().await.expect("lists");
    assert!(tags.is_sorted());
    assert_eq!(tags.len(), CATALOGUE.len());
    for entry in &CATALOGUE {
        assert!(tags.contains(&(entry.tag.to_owned(), entry.deployment_profile)));
    }
}

async fn a_profile_is_changed_and_its_name_stays_unique(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, scope) = (&world.store, world.operator.scope());
    let read = async || {
        let profiles = store.profiles().await.expect("lists");
        profiles
            .into_iter()
            .find(|profile| profile.id == profile::KIOSK)
            .expect("is there")
    };
    let mut kiosk = read().await;
    "Counter".clone_into(&mut kiosk.name);
    kiosk.settings.name_template = Some("Till-%RAND:4%".to_owned());
    let act = world.operator.act_at(7);
    store
        .change_profile(&scope, &act, kiosk.clone())
        .await
        .expect("changes");
    kiosk.updated_at = START.plus_seconds(7);
    assert_eq!(read().await, kiosk);
    let mut twin = kiosk.clone();
    SEEDED[0].1.clone_into(&mut twin.name);
    let refused = store
        .change_profile(&scope, &world.operator.act(), twin)
        .await;
    let expected = Conflict::ProfileNameTaken;
    assert!(
        matches!(refused, Err(StorageError::Conflict(c)) if c == expected),
        "{refused:?}"
    );
    let mut unknown = kiosk.clone();
    (unknown.id, unknown.name) = (ProfileId(fresh()), "New".to_owned());
    let refused = store
        .change_profile(&scope, &world.operator.act(), unknown)
        .await;
    assert!(
        matches!(refused, Err(StorageError::NotFound)),
        "{refused:?}"
    );
    store
        .migrate(START.plus_days(1))
        .await
        .expect("migrates again");
    assert_eq!(read().await, kiosk, "seeding does not touch what is there");
}

async fn a_tag_names_another_profile(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, scope) = (&world.store, world.operator.scope());
    let assign = async |tag: &str, profile| {
        store
            .assign_tag(&scope, &world.operator.act(), tag, profile)
            .await
    };
    assign(TAG, profile::KIOSK).await.expect("assigns");
    let tags = store.tag_assignments().await.expect("lists");
    assert!(tags.contains(&(TAG.to_owned(), profile::KIOSK)));
    for (tag, profile) in [("nonsense", profile::KIOSK), (TAG, ProfileId(fresh()))] {
        let refused = assign(tag, profile).await;
        assert!(
            matches!(refused, Err(StorageError::NotFound)),
            "{refused:?}"
        );
    }
}

async fn settings_are_kept(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, scope) = (&world.store, world.operator.scope());
    assert_eq!(store.settings().await.expect("lists"), []);
    for (name, value) in [("b", "1"), ("a", "2"), ("b", "3")] {
        store
            .change_setting(&scope, &world.operator.act(), name, value)
            .await
            .expect("sets");
    }
    let expected = [("a", "2"), ("b", "3")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!(store.settings().await.expect("lists"), expected);
}

async fn only_an_operator_changes_them(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let store = &world.store;
    let profile = store.profiles().await.expect("lists").remove(0);
    for stranger in [&world.partner, &world.customer, &world.oem] {
        let (scope, act) = (stranger.scope(), stranger.act());
        let results = [
            store.change_profile(&scope, &act, profile.clone()).await,
            store.assign_tag(&scope, &act, TAG, profile.id).await,
            store.change_setting(&scope, &act, "a", "b").await,
        ];
        for refused in results {
            assert!(
                matches!(refused, Err(StorageError::NotFound)),
                "{refused:?}"
            );
        }
    }
    assert_eq!(store.settings().await.expect("lists"), []);
}
