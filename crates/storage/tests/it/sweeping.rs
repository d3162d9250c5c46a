//! What goes away by itself.

use std::sync::Arc;

use registration::clock::Timestamp;
use registration::relationship::{EndReason, RelationshipState};
use storage::Storage;

use crate::battery;
use crate::world::{START, World, digest, draft, link, tuple_rows};

battery![
    sweeping_removes_what_is_over_and_nothing_else,
    sweeping_ends_consent_whose_date_has_passed,
    a_backend_answers_and_names_itself
];

async fn sweeping_removes_what_is_over_and_nothing_else(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, customer) = (&world.store, &world.partner, &world.customer);
    let until = START.plus_seconds(60);
    world.consent(partner, customer, None).await;
    let (short, long) = (digest(), digest());
    store
        .open_session(&partner.act(), short, until)
        .await
        .expect("opens");
    store
        .open_session(&partner.act(), long, START.plus_days(30))
        .await
        .expect("opens");
    let (id, spent) = (partner.actor.user_id, link());
    store
        .make_link(&partner.scope(), &partner.act(), id, spent)
        .await
        .expect("makes");
    let old = world.draft(partner, customer).await;
    let saved = world.saved(partner, customer, &tuple_rows("A", 1), 1).await;
    let day = START.plus_days(1);
    let young = draft(partner, customer, 86_400 - 5);
    store
        .keep_draft(&partner.scope(), young.clone(), vec![1])
        .await
        .expect("keeps");
    let check = async |now: Timestamp| {
        let scope = partner.scope();
        assert!(store.session(long, now).await.expect("answers").is_some());
        assert!(
            store
                .upload(&scope, young.id)
                .await
                .expect("answers")
                .is_some()
        );
        assert!(
            store
                .upload(&scope, saved.id)
                .await
                .expect("answers")
                .is_some()
        );
        store
            .upload(&scope, old.id)
            .await
            .expect("answers")
            .is_some()
    };
    store.sweep(until).await.expect("sweeps");
    assert!(check(until).await, "a draft has a day");
    for _ in 0..2 {
        store
            .sweep(day.plus_seconds(1))
            .await
            .expect("sweeps, also twice");
        assert!(!check(day).await);
    }
    assert_eq!(store.session(short, START).await.expect("answers"), None);
    assert_eq!(
        store
            .link_owner(spent.digest, START)
            .await
            .expect("answers"),
        None
    );
    let file = store
        .draft_file(&partner.scope(), old.id)
        .await
        .expect("answers");
    assert_eq!(file, None);
}

async fn sweeping_ends_consent_whose_date_has_passed(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, customer) = (&world.store, &world.partner, &world.customer);
    let until = START.plus_seconds(60);
    world.consent(partner, customer, Some(until)).await;
    world.consent(&world.rival, customer, None).await;
    for _ in 0..2 {
        store.sweep(until).await.expect("sweeps, also twice");
    }
    let list = store
        .relationships(&customer.scope(), "")
        .await
        .expect("lists");
    let states: Vec<_> = list.iter().map(|view| view.relationship.state).collect();
    let ended = RelationshipState::Ended {
        at: until,
        reason: EndReason::Expired,
    };
    assert!(states.contains(&ended));
    assert!(
        states
            .iter()
            .any(|state| matches!(state, RelationshipState::Active { .. }))
    );
    assert_eq!(states.len(), 2);
}

async fn a_backend_answers_and_names_itself(store: Arc<dyn Storage>) {
    store.ping().await.expect("answers");
    assert!(["sqlite", "postgres"].contains(&store.backend()));
}
