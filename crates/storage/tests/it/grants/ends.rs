//! What ends sign-ins through API clients before their time.

use std::sync::Arc;

use storage::grants::{Reuse, Spending};
use storage::{Storage, StorageError};

use super::{actions, code, colleague, grant, refresh, signed_in, stands};
use crate::api_clients::add;
use crate::battery;
use crate::world::{Person, START, World, digest};

battery![
    a_person_sees_and_ends_its_own_sign_ins_alone,
    a_person_ends_all_its_sign_ins_and_what_waits,
    a_code_redeemed_while_all_is_ended_leaves_no_sign_in,
    shutting_an_account_and_revoking_a_client_end_every_sign_in,
    signing_out_ends_what_was_not_to_go_on,
];

async fn a_person_sees_and_ends_its_own_sign_ins_alone(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let second = colleague(&world).await;
    let (grant, _) = signed_in(&world, &client, partner).await;
    let seen = async |person: &Person, days| {
        let (id, now) = (person.actor.user_id, START.plus_days(days));
        let seen = store.grants(&person.scope(), id, now).await;
        seen.expect("answers")
    };
    let own = seen(partner, 0).await;
    assert_eq!((own[0].id, &own[0].client), (grant.id, &client));
    assert_eq!((own[0].created_at, own[0].scopes), (START, grant.scopes));
    assert!(seen(&second, 0).await.is_empty());
    assert!(seen(partner, 90).await.is_empty(), "it is over by then");
    for stranger in [&second, &world.customer] {
        let (scope, act) = (stranger.scope(), stranger.act());
        let ended = store.end_grant(&scope, &act, grant.id).await;
        assert!(matches!(ended, Err(StorageError::NotFound)), "{ended:?}");
    }
    assert!(stands(store, &grant, START).await.is_some());
    let ended = store
        .end_grant(&partner.scope(), &partner.act(), grant.id)
        .await;
    ended.expect("ends");
    assert_eq!(stands(store, &grant, START).await, None);
    let log = actions(store, partner).await;
    assert!(log.contains(&"client.approval_ended"));
}

async fn a_person_ends_all_its_sign_ins_and_what_waits(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let scope = partner.scope();
    let (act, next, last) = (partner.act(), partner.act(), partner.act());
    let (client, _) = add(&world, partner).await;
    let second = colleague(&world).await;
    let (one, first) = signed_in(&world, &client, partner).await;
    let (other, _) = signed_in(&world, &client, partner).await;
    let (of_second, _) = signed_in(&world, &client, &second).await;
    let waiting = code(&client);
    let kept = store.keep_code(&scope, &act, waiting.clone());
    kept.await.expect("keeps");
    let ended = store.end_all_grants(&scope, &next).await;
    assert_eq!(ended.expect("ends"), 2);
    assert_eq!(stands(store, &one, START).await, None);
    assert_eq!(stands(store, &other, START).await, None);
    assert!(stands(store, &of_second, START).await.is_some());
    let rotated =
        store.rotate_refresh(&act, first.digest, client.id, refresh(), Reuse::Seconds(60));
    assert_eq!(rotated.await.expect("answers"), Spending::Void);
    let late = grant(&client, partner);
    let spent = store.redeem_code(&act, waiting.digest, late, None);
    assert_eq!(spent.await.expect("answers"), Spending::Void);
    let ends = |log: Vec<&str>| {
        log.iter()
            .filter(|one| **one == "client.approval_ended")
            .count()
    };
    assert_eq!(ends(actions(store, partner).await), 2);
    let again = store.end_all_grants(&scope, &last).await;
    assert_eq!(again.expect("ends"), 0);
    assert_eq!(ends(actions(store, partner).await), 2);
}

async fn a_code_redeemed_while_all_is_ended_leaves_no_sign_in(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    for _ in 0..20 {
        let (waiting, late) = (code(&client), grant(&client, partner));
        let (scope, act, next) = (partner.scope(), partner.act(), partner.act());
        let kept = store.keep_code(&scope, &act, waiting.clone()).await;
        kept.expect("keeps");
        let (ended, spent) = tokio::join!(
            store.end_all_grants(&scope, &next),
            store.redeem_code(&act, waiting.digest, late, Some(refresh())),
        );
        let came_first = spent.expect("answers") == Spending::Spent;
        assert_eq!(ended.expect("ends"), usize::from(came_first));
        assert_eq!(stands(store, &late, START).await, None);
    }
}

async fn shutting_an_account_and_revoking_a_client_end_every_sign_in(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let second = colleague(&world).await;
    let (of_second, token) = signed_in(&world, &client, &second).await;
    let (own, _) = signed_in(&world, &client, partner).await;
    let (scope, person) = (partner.scope(), second.actor.user_id);
    for disabled in [true, false] {
        let set = store
            .set_disabled(&scope, &partner.act(), person, disabled)
            .await;
        set.expect("sets");
        assert_eq!(stands(store, &of_second, START).await, None);
        let token = store.refresh_token(token.digest).await;
        assert_eq!(token.expect("answers"), None);
    }
    assert!(stands(store, &own, START).await.is_some());
    let revoked = store.revoke_client(&scope, &partner.act(), client.id).await;
    revoked.expect("revokes");
    assert_eq!(stands(store, &own, START).await, None);
}

async fn signing_out_ends_what_was_not_to_go_on(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let second = colleague(&world).await;
    let (going_on, _) = signed_in(&world, &client, partner).await;
    let mut present = Vec::new();
    for person in [partner, &second] {
        let (code, grant) = (code(&client), grant(&client, person));
        let (scope, act) = (person.scope(), person.act());
        let kept = store.keep_code(&scope, &act, code.clone()).await;
        kept.expect("keeps");
        let spent = store.redeem_code(&act, code.digest, grant, None).await;
        assert_eq!(spent.expect("answers"), Spending::Spent);
        present.push(grant);
    }
    let session = digest();
    let opened = store
        .open_session(&partner.act(), session, START.plus_days(1))
        .await;
    opened.expect("opens");
    for _ in 0..2 {
        let closed = store.close_session(&partner.act(), session).await;
        closed.expect("closes");
        assert_eq!(stands(store, &present[0], START).await, None);
    }
    assert!(stands(store, &going_on, START).await.is_some());
    assert!(
        stands(store, &present[1], START).await.is_some(),
        "another's"
    );
}
