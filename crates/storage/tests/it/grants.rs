//! Sign-ins of people through API clients.

mod ends;
mod refresh;

use std::sync::Arc;

use registration::access::Actor;
use registration::api_client::{ApiClient, ApiScopes};
use registration::clock::Timestamp;
use registration::ids::{ClientId, GrantId, UserId};
use registration::user::Role;
use storage::device_codes::{DeviceCodeState, NewDeviceCode};
use storage::grants::{NewCode, NewGrant, NewRefresh, Spending};
use storage::organizations::NewUser;
use storage::tokens::TokenRoot;
use storage::trail::TrailFilter;
use storage::{Refused, Storage, StorageError};

use crate::api_clients::add;
use crate::battery;
use crate::world::{Person, START, World, digest, fresh, link};

battery![
    a_code_is_spent_once_and_the_second_time_ends_what_came_of_it,
    a_code_of_two_at_once_is_spent_by_one,
    a_code_holds_while_its_time_its_client_and_its_person_do,
    a_device_code_is_decided_once_by_somebody_of_its_organization,
    a_device_code_is_spent_once,
    what_is_over_is_swept_a_day_later,
];

fn code(client: &ApiClient) -> NewCode {
    NewCode {
        digest: digest(),
        client: client.id,
        redirect: "http://localhost:4000".to_owned(),
        challenge: Some("x".repeat(43)),
        asked: "{}".to_owned(),
        expires_at: START.plus_seconds(300),
    }
}

fn grant(client: &ApiClient, person: &Person) -> NewGrant {
    NewGrant {
        id: GrantId(fresh()),
        client: client.id,
        person: person.actor.user_id,
        scopes: ApiScopes::parse("devices.read audit.read"),
        ends_at: START.plus_days(90),
    }
}

fn refresh() -> NewRefresh {
    NewRefresh {
        digest: digest(),
        expires_at: START.plus_days(90),
    }
}

/// What a token of this sign-in may be used for at this moment.
async fn stands(store: &Arc<dyn Storage>, grant: &NewGrant, now: Timestamp) -> Option<ApiScopes> {
    let root = TokenRoot::Grant(grant.id);
    let standing = store.standing(grant.client, root, now).await;
    let standing = standing.expect("answers")?;
    assert_eq!(standing.member.user.id, grant.person);
    assert_eq!(standing.client_name, "Stock system");
    Some(standing.scopes)
}

/// A sign-in of this person with its first refresh token.
async fn signed_in(world: &World, client: &ApiClient, person: &Person) -> (NewGrant, NewRefresh) {
    let (store, code) = (&world.store, code(client));
    let kept = store
        .keep_code(&person.scope(), &person.act(), code.clone())
        .await;
    kept.expect("keeps");
    let (grant, first) = (grant(client, person), refresh());
    let spent = store
        .redeem_code(&person.act(), code.digest, grant, Some(first))
        .await;
    assert_eq!(spent.expect("answers"), Spending::Spent);
    (grant, first)
}

async fn actions(store: &Arc<dyn Storage>, person: &Person) -> Vec<&'static str> {
    let filter = TrailFilter::default();
    let log = store.trail(&person.scope(), filter, None, 50).await;
    let lines = log.expect("reads").items;
    lines.into_iter().map(|line| line.action).collect()
}

/// A second person of the partner.
async fn colleague(world: &World) -> Person {
    let partner = &world.partner;
    let actor = Actor {
        user_id: UserId(fresh()),
        email: "second@fabrikam.example".to_owned(),
        ..partner.actor.clone()
    };
    let colleague = Person {
        actor,
        organization: partner.organization.clone(),
    };
    let account = NewUser {
        id: colleague.actor.user_id,
        email: colleague.actor.email.clone(),
        name: "Second".to_owned(),
        role: Role::SalesAgent,
    };
    let added = world
        .store
        .add_person(&partner.scope(), &partner.act(), account, link())
        .await;
    added.expect("adds");
    colleague
}

async fn a_code_is_spent_once_and_the_second_time_ends_what_came_of_it(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let code = code(&client);
    let kept = store
        .keep_code(&partner.scope(), &partner.act(), code.clone())
        .await;
    kept.expect("keeps");
    let known = store.code(code.digest).await.expect("answers");
    let known = known.expect("is there");
    assert_eq!(known.code, code);
    assert_eq!(known.member.user.id, partner.actor.user_id);
    assert_eq!(store.code(digest()).await.expect("answers"), None);
    let (first, second) = (grant(&client, partner), grant(&client, partner));
    let redeem = async |grant, refresh| {
        let spent = store
            .redeem_code(&partner.act(), code.digest, grant, refresh)
            .await;
        spent.expect("answers")
    };
    let token = refresh();
    assert_eq!(redeem(first, Some(token)).await, Spending::Spent);
    let scopes = ApiScopes::parse("devices.read");
    assert_eq!(stands(store, &first, START).await, Some(scopes));
    assert_eq!(redeem(second, None).await, Spending::Again);
    assert_eq!(stands(store, &first, START).await, None, "it is over");
    assert_eq!(stands(store, &second, START).await, None);
    assert_eq!(
        store.refresh_token(token.digest).await.expect("answers"),
        None
    );
    assert_eq!(redeem(second, None).await, Spending::Again);
    let log = actions(store, partner).await;
    let found = log.iter().filter(|word| **word == "client.reuse_found");
    assert_eq!(found.count(), 1, "{log:?}");
    assert!(log.contains(&"client.approved"));
}

async fn a_code_of_two_at_once_is_spent_by_one(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let partner = &world.partner;
    let (client, _) = add(&world, partner).await;
    let code = code(&client);
    let kept = world
        .store
        .keep_code(&partner.scope(), &partner.act(), code.clone())
        .await;
    kept.expect("keeps");
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (store, act) = (Arc::clone(&world.store), partner.act());
            let grant = grant(&client, partner);
            tokio::spawn(async move { store.redeem_code(&act, code.digest, grant, None).await })
        })
        .collect();
    let mut spent = 0;
    for one in tries {
        let answer = one.await.expect("ends").expect("answers");
        spent += usize::from(answer == Spending::Spent);
    }
    assert_eq!(spent, 1);
}

async fn a_code_holds_while_its_time_its_client_and_its_person_do(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let (late, stranger) = (code(&client), code(&client));
    let kept = store
        .keep_code(&partner.scope(), &partner.act(), late.clone())
        .await;
    kept.expect("keeps");
    let act = partner.act_at(300);
    let spent = store
        .redeem_code(&act, late.digest, grant(&client, partner), None)
        .await;
    assert_eq!(spent.expect("answers"), Spending::Void, "too late");
    let other = &world.customer;
    let kept = store
        .keep_code(&other.scope(), &other.act(), stranger.clone())
        .await;
    assert!(matches!(kept, Err(StorageError::NotFound)));
    let spent = store
        .redeem_code(&other.act(), late.digest, grant(&client, other), None)
        .await;
    assert_eq!(spent.expect("answers"), Spending::Void);
    let revoked = store
        .revoke_client(&partner.scope(), &partner.act(), client.id)
        .await;
    revoked.expect("revokes");
    let kept = store
        .keep_code(&partner.scope(), &partner.act(), stranger)
        .await;
    assert!(matches!(
        kept,
        Err(StorageError::Refused(Refused::ClientRevoked))
    ));
}

fn device_code(client: ClientId, user_code: &str) -> NewDeviceCode {
    NewDeviceCode {
        digest: digest(),
        user_code: user_code.to_owned(),
        client,
        asked: "{}".to_owned(),
        expires_at: START.plus_seconds(900),
    }
}

async fn a_device_code_is_decided_once_by_somebody_of_its_organization(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, other) = (&world.store, &world.partner, &world.customer);
    let (client, _) = add(&world, partner).await;
    let code = device_code(client.id, "BCDFGHJK");
    assert!(store.keep_device_code(code.clone()).await.expect("keeps"));
    let again = device_code(client.id, "BCDFGHJK");
    assert!(!store.keep_device_code(again).await.expect("answers"));
    let waiting = async |person: &Person, seconds| {
        let now = START.plus_seconds(seconds);
        let found = store.waiting_code(&person.scope(), "BCDFGHJK", now).await;
        found.expect("answers").map(|found| found.client)
    };
    assert_eq!(waiting(partner, 0).await, Some(client.clone()));
    assert_eq!(waiting(other, 0).await, None, "it does not exist for them");
    assert_eq!(waiting(partner, 900).await, None, "too late");
    let decide = async |person: &Person, approved| {
        let (scope, act) = (person.scope(), person.act());
        let decided = store
            .decide_device_code(&scope, &act, "BCDFGHJK", approved)
            .await;
        decided.expect("answers")
    };
    assert!(!decide(other, true).await);
    assert!(decide(partner, false).await);
    assert!(!decide(partner, true).await, "decided already");
    let polled = store.poll_device_code(code.digest, client.id, START).await;
    let polled = polled.expect("answers").expect("is there");
    assert_eq!(polled.state, DeviceCodeState::Declined);
    assert!(actions(store, partner).await.contains(&"client.declined"));
    assert!(!actions(store, other).await.contains(&"client.declined"));
}

async fn a_device_code_is_spent_once(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let code = device_code(client.id, "LMNPQRST");
    store.keep_device_code(code.clone()).await.expect("keeps");
    let poll = async |by, seconds| {
        let at = START.plus_seconds(seconds);
        let polled = store.poll_device_code(code.digest, by, at).await;
        polled.expect("answers").expect("is there")
    };
    let first = poll(client.id, 0).await;
    assert_eq!(
        (first.state, first.polled_at),
        (DeviceCodeState::Waiting, None)
    );
    assert_eq!(poll(client.id, 5).await.polled_at, Some(START));
    let five = Some(START.plus_seconds(5));
    assert_eq!(poll(ClientId(fresh()), 6).await.polled_at, five);
    assert_eq!(
        poll(client.id, 7).await.polled_at,
        five,
        "no poll of others"
    );
    let redeem = async |grant| {
        let done = store
            .redeem_device_code(code.digest, grant, None, START)
            .await;
        done.expect("answers")
    };
    let grant = grant(&client, partner);
    assert!(!redeem(grant).await, "nobody approved");
    let (scope, act) = (partner.scope(), partner.act());
    let decided = store
        .decide_device_code(&scope, &act, "LMNPQRST", true)
        .await;
    assert!(decided.expect("answers"));
    let member = poll(client.id, 12).await.member.expect("whoever approved");
    assert_eq!(member.user.id, partner.actor.user_id);
    assert!(redeem(grant).await);
    assert!(!redeem(self::grant(&client, partner)).await, "once");
    assert!(stands(store, &grant, START).await.is_some());
}

async fn what_is_over_is_swept_a_day_later(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let (grant, token) = signed_in(&world, &client, partner).await;
    let kept = code(&client);
    let keeps = store
        .keep_code(&partner.scope(), &partner.act(), kept.clone())
        .await;
    keeps.expect("keeps");
    store.sweep(START.plus_days(1)).await.expect("sweeps");
    assert!(store.code(kept.digest).await.expect("answers").is_some());
    store.sweep(START.plus_days(2)).await.expect("sweeps");
    assert!(store.code(kept.digest).await.expect("answers").is_none());
    assert!(stands(store, &grant, START.plus_days(2)).await.is_some());
    store.sweep(START.plus_days(91)).await.expect("sweeps");
    let token = store.refresh_token(token.digest).await;
    assert_eq!(token.expect("answers"), None);
    assert_eq!(stands(store, &grant, START).await, None);
}
