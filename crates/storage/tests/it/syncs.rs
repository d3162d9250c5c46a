//! Syncs: one in ten minutes, and none while another runs.

use std::sync::Arc;

use registration::sync::SyncRefusal;
use storage::{Refused, Storage, StorageError};

use crate::applying::{hash_row, sample};
use crate::battery;
use crate::world::{START, World};

battery![
    a_sync_is_asked_for_once_in_ten_minutes,
    a_sync_runs_until_what_waits_is_registered,
];

async fn ask(world: &World, seconds: i64) -> storage::Result<()> {
    let customer = &world.customer;
    let act = customer.act_at(seconds);
    world.store.ask_sync(&customer.scope(), &act).await
}

async fn a_sync_is_asked_for_once_in_ten_minutes(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let scope = world.customer.scope();
    let state = async || world.store.sync_state(&scope).await.expect("answers");
    assert_eq!(state().await.asked_at, None);
    ask(&world, 0).await.expect("asks");
    assert_eq!(state().await.asked_at, Some(START));
    assert!(matches!(
        ask(&world, 599).await,
        Err(StorageError::Refused(Refused::Sync(SyncRefusal::TooSoon(
            2
        ))))
    ));
    assert_eq!(state().await.asked_at, Some(START));
    ask(&world, 600).await.expect("asks again");
    let other = world.store.sync_state(&world.partner.scope()).await;
    assert_eq!(other.expect("answers").asked_at, None);
}

async fn a_sync_runs_until_what_waits_is_registered(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let rows = [hash_row(1, &sample(1))];
    let saved = world.saved(partner, customer, &rows, 1000).await;
    ask(&world, 0).await.expect("asks");
    let scope = customer.scope();
    let state = async || world.store.sync_state(&scope).await.expect("answers");
    assert!(state().await.is_running);
    assert!(matches!(
        ask(&world, 700).await,
        Err(StorageError::Refused(Refused::Sync(SyncRefusal::Running)))
    ));
    world.finish(partner, saved.id, 1).await;
    assert!(!state().await.is_running);
    ask(&world, 700).await.expect("asks");
}
