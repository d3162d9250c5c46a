//! Refresh tokens: each is followed by the next, and which used ones are taken again.

use std::sync::Arc;

use registration::api_client::ApiClient;
use registration::clock::Timestamp;
use storage::Storage;
use storage::grants::{NewGrant, NewRefresh, Reuse, Spending};

use super::{actions, refresh, signed_in, stands};
use crate::api_clients::add;
use crate::battery;
use crate::world::{START, World};

/// As the desk takes used tokens of public clients.
const GRACE: Reuse = Reuse::Seconds(60);

battery![
    refresh_tokens_follow_each_other_and_a_spent_one_ends_them_all,
    a_refresh_token_that_has_expired_unused_is_no_theft,
    a_used_refresh_token_is_taken_again_for_a_while,
    a_client_that_proves_itself_uses_a_refresh_token_as_long_as_it_holds,
    one_refresh_token_used_by_several_at_once_ends_nothing,
];

/// A sign-in with its first refresh token.
struct Scene {
    world: World,
    client: ApiClient,
    grant: NewGrant,
    first: NewRefresh,
}

impl Scene {
    async fn set(store: Arc<dyn Storage>) -> Self {
        let world = World::new(store).await;
        let (client, _) = add(&world, &world.partner).await;
        let (grant, first) = signed_in(&world, &client, &world.partner).await;
        Self {
            world,
            client,
            grant,
            first,
        }
    }

    /// What becomes of this token so many seconds later.
    async fn rotate(
        &self,
        seconds: i64,
        from: NewRefresh,
        to: NewRefresh,
        reuse: Reuse,
    ) -> Spending {
        let (act, client) = (self.world.partner.act_at(seconds), self.client.id);
        let store = &self.world.store;
        let spent = store.rotate_refresh(&act, from.digest, client, to, reuse);
        spent.await.expect("answers")
    }

    async fn stands(&self, now: Timestamp) -> bool {
        stands(&self.world.store, &self.grant, now).await.is_some()
    }

    async fn theft_found(&self) -> bool {
        let log = actions(&self.world.store, &self.world.partner).await;
        log.contains(&"client.reuse_found")
    }
}

async fn refresh_tokens_follow_each_other_and_a_spent_one_ends_them_all(store: Arc<dyn Storage>) {
    let scene = Scene::set(store).await;
    let (first, later) = (scene.first, 60 * 86_400);
    let second = NewRefresh {
        expires_at: START.plus_days(150),
        ..refresh()
    };
    assert_eq!(
        scene.rotate(later, first, second, GRACE).await,
        Spending::Spent
    );
    let known = scene.world.store.refresh_token(second.digest).await;
    let known = known.expect("answers").expect("is there");
    assert_eq!(
        (known.grant, known.client),
        (scene.grant.id, scene.client.id)
    );
    assert_eq!(known.scopes, scene.grant.scopes);
    assert!(scene.stands(START.plus_days(149)).await, "prolonged");
    assert!(!scene.stands(START.plus_days(150)).await);
    let again = scene.rotate(later + 60, first, refresh(), GRACE).await;
    assert_eq!(again, Spending::Again);
    assert!(!scene.stands(START.plus_days(149)).await);
    let follower = scene.rotate(later + 60, second, refresh(), GRACE).await;
    assert_eq!(follower, Spending::Void);
    assert!(scene.theft_found().await);
}

async fn a_refresh_token_that_has_expired_unused_is_no_theft(store: Arc<dyn Storage>) {
    let scene = Scene::set(store).await;
    let late = scene
        .rotate(90 * 86_400, scene.first, refresh(), GRACE)
        .await;
    assert_eq!(late, Spending::Void);
    assert!(!scene.theft_found().await);
}

async fn a_used_refresh_token_is_taken_again_for_a_while(store: Arc<dyn Storage>) {
    let scene = Scene::set(store).await;
    for seconds in [0, 30, 59] {
        let spent = scene.rotate(seconds, scene.first, refresh(), GRACE).await;
        assert_eq!(spent, Spending::Spent, "{seconds}");
    }
    assert!(scene.stands(START).await);
    // The while is counted from the first use, so that it comes to an end.
    let again = scene.rotate(60, scene.first, refresh(), GRACE).await;
    assert_eq!(again, Spending::Again);
    assert!(!scene.stands(START).await);
    assert!(scene.theft_found().await);
}

async fn a_client_that_proves_itself_uses_a_refresh_token_as_long_as_it_holds(
    store: Arc<dyn Storage>,
) {
    let scene = Scene::set(store).await;
    let (first, held) = (scene.first, Reuse::WhileItHolds);
    let second = NewRefresh {
        expires_at: START.plus_days(179),
        ..refresh()
    };
    for (day, next) in [(0, refresh()), (1, refresh()), (89, second)] {
        let spent = scene.rotate(day * 86_400, first, next, held).await;
        assert_eq!(spent, Spending::Spent, "day {day}");
    }
    let late = scene.rotate(90 * 86_400, first, refresh(), held).await;
    assert_eq!(late, Spending::Void, "it has expired");
    assert!(!scene.theft_found().await);
    let spent = scene.rotate(91 * 86_400, second, refresh(), held).await;
    assert_eq!(spent, Spending::Spent, "its successor holds");
    let (store, partner) = (&scene.world.store, &scene.world.partner);
    let (scope, act) = (partner.scope(), partner.act());
    let ended = store.end_grant(&scope, &act, scene.grant.id).await;
    ended.expect("ends");
    let spent = scene.rotate(91 * 86_400, second, refresh(), held).await;
    assert_eq!(spent, Spending::Void, "the sign-in is over");
}

async fn one_refresh_token_used_by_several_at_once_ends_nothing(store: Arc<dyn Storage>) {
    let scene = Scene::set(store).await;
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&scene.world.store);
            let (act, client) = (scene.world.partner.act(), scene.client.id);
            let digest = scene.first.digest;
            tokio::spawn(async move {
                store
                    .rotate_refresh(&act, digest, client, refresh(), GRACE)
                    .await
            })
        })
        .collect();
    for one in tries {
        let answer = one.await.expect("ends").expect("answers");
        assert_eq!(answer, Spending::Spent);
    }
    assert!(scene.stands(START).await);
}
