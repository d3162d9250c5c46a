//! API clients, their secrets, and what tokens hang on.

use std::sync::Arc;

use registration::api_client::{ApiClient, ApiScopes, ClientTerms, CredentialKind};
use registration::ids::{ClientId, CredentialId, SeededEntropy, SigningKeyId, uuid_v7};
use registration::user::Role;
use storage::api_clients::NewCredential;
use storage::tokens::{SigningKey, TenantName, TokenRoot};
use storage::trail::TrailFilter;
use storage::{Refused, Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, World, digest, fresh};

battery![
    a_client_is_an_account_that_nobody_signs_in_with,
    what_a_token_hangs_on_can_be_taken_away,
    a_client_has_two_secrets_at_most_and_expired_ones_make_room,
    keys_are_counted_and_removed_apart_from_secrets,
    an_assertion_is_of_use_once,
    clients_of_others_do_not_exist,
    a_client_is_changed_from_what_it_was_seen_as,
    the_use_of_a_client_is_noted_to_the_minute,
    tenants_are_found_by_id_and_domain,
    signing_keys_are_published_until_they_end,
];

pub(crate) fn secret(days: i64) -> NewCredential {
    NewCredential {
        id: CredentialId(fresh()),
        kind: CredentialKind::Secret,
        digest: digest(),
        public_key: None,
        hint: "enlist_0123…".to_owned(),
        expires_at: START.plus_days(days),
    }
}

pub(crate) async fn add(world: &World, by: &Person) -> (ApiClient, CredentialId) {
    let client = ApiClient {
        id: ClientId(fresh()),
        organization_id: by.organization.id,
        name: "Stock system".to_owned(),
        role: Role::SalesAgent,
        scopes: ApiScopes::parse("devices.read devices.register"),
        redirects: vec!["http://localhost".to_owned()],
        public: false,
        created_by: by.actor.user_id,
        created_at: START,
        revoked_at: None,
        last_used_at: None,
    };
    let first = secret(30);
    let id = first.id;
    let added = world
        .store
        .add_client(&by.scope(), &by.act(), client.clone(), Some(first))
        .await;
    added.expect("adds");
    (client, id)
}

async fn a_client_is_an_account_that_nobody_signs_in_with(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let partner = &world.partner;
    let (client, id) = add(&world, partner).await;
    let known = world.store.known_client(client.id).await.expect("answers");
    let known = known.expect("is there");
    assert_eq!(known.client, client);
    assert_eq!(known.member.organization, partner.organization);
    assert_eq!(known.member.user.role, Role::SalesAgent);
    assert_eq!(known.credentials[0].shown.id, id);
    let people = world.store.people(&partner.scope()).await.expect("answers");
    assert!(people.iter().all(|person| person.id != client.account_id()));
    let credential = world.store.credential(&client.called()).await;
    assert_eq!(credential.expect("answers"), None);
    let seen = world
        .store
        .clients(&partner.scope())
        .await
        .expect("answers");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].credentials[0].hint, "enlist_0123…");
}

async fn a_client_is_changed_from_what_it_was_seen_as(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, secret) = add(&world, partner).await;
    let seen = client.terms();
    let next = ClientTerms {
        name: "Stock system 2".to_owned(),
        role: Role::AdminAgent,
        scopes: ApiScopes::parse("devices.read audit.read"),
        redirects: vec!["https://stock.example/".to_owned()],
    };
    let change = async |by: &Person, before: &ClientTerms, after: &ClientTerms| {
        let (before, after) = (before.clone(), after.clone());
        store
            .change_client(&by.scope(), &by.act(), client.id, before, after)
            .await
    };
    let other = change(&world.customer, &seen, &next).await;
    assert!(matches!(other, Err(StorageError::NotFound)), "{other:?}");
    change(partner, &seen, &next).await.expect("changes");
    let known = store.known_client(client.id).await.expect("answers");
    let known = known.expect("is there");
    assert_eq!(known.client, client.clone().on(next.clone()));
    assert_eq!(known.member.user.role, Role::AdminAgent);
    assert_eq!(known.member.user.email, known.client.called());
    let root = TokenRoot::Credential(secret);
    let standing = store.standing(client.id, root, START).await;
    assert_eq!(
        standing.expect("answers").expect("stands").scopes,
        next.scopes
    );

    let late = change(partner, &seen, &next).await;
    assert!(
        matches!(late, Err(StorageError::Refused(Refused::Changed))),
        "{late:?}"
    );
    change(partner, &next, &next)
        .await
        .expect("changes nothing");
    let filter = TrailFilter::default();
    let log = store.trail(&partner.scope(), filter, None, 50).await;
    let log = log.expect("reads").items;
    let changes: Vec<_> = log
        .iter()
        .filter(|line| line.action == "client.changed")
        .collect();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].target, "Stock system 2");
    let (scope, act) = (partner.scope(), partner.act());
    let revoked = store.revoke_client(&scope, &act, client.id).await;
    revoked.expect("revokes");
    let gone = change(partner, &next, &seen).await;
    assert!(
        matches!(gone, Err(StorageError::Refused(Refused::ClientRevoked))),
        "{gone:?}"
    );
}

async fn what_a_token_hangs_on_can_be_taken_away(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, first) = add(&world, partner).await;
    let second = secret(30);
    let other = second.id;
    let scope = partner.scope();
    let added = store
        .add_credential(&scope, &partner.act(), client.id, second)
        .await;
    added.expect("adds");
    let stands = async |id| {
        let root = TokenRoot::Credential(id);
        let standing = store.standing(client.id, root, START).await;
        let standing = standing.expect("answers");
        standing.map(|standing| (standing.member.organization.id, standing.scopes))
    };
    let whole = Some((partner.organization.id, client.scopes));
    assert_eq!((stands(first).await, stands(other).await), (whole, whole));
    let root = TokenRoot::Credential(first);
    let stranger = store.standing(ClientId(fresh()), root, START).await;
    assert_eq!(stranger.expect("answers"), None, "the secret of another");
    let removed = store
        .remove_credential(&scope, &partner.act(), client.id, first)
        .await;
    removed.expect("removes");
    assert_eq!((stands(first).await, stands(other).await), (None, whole));
    for _ in 0..2 {
        let revoked = store.revoke_client(&scope, &partner.act(), client.id).await;
        revoked.expect("revokes, and twice is no mistake");
    }
    assert_eq!(stands(other).await, None);
    assert_eq!(store.known_client(client.id).await.expect("answers"), None);
    let late = store
        .add_credential(&scope, &partner.act(), client.id, secret(30))
        .await;
    assert!(
        matches!(late, Err(StorageError::Refused(Refused::ClientRevoked))),
        "{late:?}"
    );
}

async fn a_client_has_two_secrets_at_most_and_expired_ones_make_room(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let add = async |act, days| {
        let scope = partner.scope();
        store
            .add_credential(&scope, &act, client.id, secret(days))
            .await
    };
    add(partner.act(), 60).await.expect("a second");
    let third = add(partner.act(), 60).await;
    assert!(
        matches!(
            third,
            Err(StorageError::Refused(Refused::TooManyCredentials))
        ),
        "{third:?}"
    );
    let later = partner.act_at(31 * 86_400);
    add(later, 90).await.expect("the first has expired");
    let seen = store.clients(&partner.scope()).await.expect("answers");
    assert_eq!(seen[0].credentials.len(), 2);
}

async fn keys_are_counted_and_removed_apart_from_secrets(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, _) = add(&world, partner).await;
    let scope = partner.scope();
    let key = || NewCredential {
        kind: CredentialKind::Key,
        public_key: Some(vec![48, 1, 2]),
        hint: "0123456789abcdef".to_owned(),
        ..secret(60)
    };
    for credential in [secret(60), key(), key()] {
        let added = store
            .add_credential(&scope, &partner.act(), client.id, credential)
            .await;
        added.expect("two of each");
    }
    let third = store
        .add_credential(&scope, &partner.act(), client.id, key())
        .await;
    assert!(
        matches!(
            third,
            Err(StorageError::Refused(Refused::TooManyCredentials))
        ),
        "{third:?}"
    );
    let known = store.known_client(client.id).await.expect("answers");
    let known = known.expect("is there").credentials;
    assert_eq!(known.len(), 4);
    let first_key = known.iter().find(|c| c.shown.kind == CredentialKind::Key);
    let first_key = first_key.expect("a key");
    assert_eq!(first_key.public_key, Some(vec![48, 1, 2]));
    let id = first_key.shown.id;
    let removed = store
        .remove_credential(&scope, &partner.act(), client.id, id)
        .await;
    removed.expect("removes");
    let filter = TrailFilter::default();
    let log = store.trail(&scope, filter, None, 10).await.expect("reads");
    let actions: Vec<_> = log.items.iter().map(|line| line.action).collect();
    assert!(actions.contains(&"client.key_added") && actions.contains(&"client.key_removed"));
}

async fn an_assertion_is_of_use_once(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let store = &world.store;
    let (client, _) = add(&world, &world.partner).await;
    let id = digest();
    let until = START.plus_seconds(600);
    let spend = async |client, id| {
        let spent = store.spend_assertion(client, id, until).await;
        spent.expect("answers")
    };
    assert!(spend(client.id, id).await);
    assert!(!spend(client.id, id).await);
    assert!(spend(ClientId(fresh()), id).await, "of another client");
    store.sweep(until.plus_days(1)).await.expect("sweeps");
    assert!(spend(client.id, id).await, "forgotten once it has expired");
}

async fn clients_of_others_do_not_exist(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, other) = (&world.store, &world.customer);
    let (client, id) = add(&world, &world.partner).await;
    let (scope, act) = (other.scope(), other.act());
    assert!(store.clients(&scope).await.expect("answers").is_empty());
    assert_eq!(
        store.client(&scope, client.id).await.expect("answers"),
        None
    );
    let tried = [
        store
            .add_credential(&scope, &act, client.id, secret(1))
            .await,
        store.remove_credential(&scope, &act, client.id, id).await,
        store.revoke_client(&scope, &act, client.id).await,
    ];
    for answer in tried {
        assert!(matches!(answer, Err(StorageError::NotFound)), "{answer:?}");
    }
    let standing = store
        .standing(client.id, TokenRoot::Credential(id), START)
        .await;
    let standing = standing.expect("answers");
    assert!(standing.is_some(), "nothing of it was done");
}

async fn the_use_of_a_client_is_noted_to_the_minute(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (client, id) = add(&world, partner).await;
    let used = async |seconds| {
        let at = START.plus_seconds(seconds);
        store
            .note_client_use(client.id, Some(id), at)
            .await
            .expect("notes");
        let view = store.client(&partner.scope(), client.id).await;
        let view = view.expect("answers").expect("is there");
        (view.client.last_used_at, view.credentials[0].last_used_at)
    };
    let first = Some(START);
    assert_eq!(used(0).await, (first, first));
    assert_eq!(used(59).await, (first, first), "no write for each token");
    let next = Some(START.plus_seconds(61));
    assert_eq!(used(61).await, (next, next));
}

async fn tenants_are_found_by_id_and_domain(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let own = &world.partner.organization;
    for name in [
        TenantName::Id(own.id),
        TenantName::Domain(own.domain.clone()),
    ] {
        let found = world.store.tenant(name).await.expect("answers");
        assert_eq!(found.as_ref(), Some(own));
    }
    let nobody = TenantName::Domain("nowhere.example".to_owned());
    assert_eq!(world.store.tenant(nobody).await.expect("answers"), None);
}

async fn signing_keys_are_published_until_they_end(store: Arc<dyn Storage>) {
    let key = |days| SigningKey {
        id: SigningKeyId(uuid_v7(START.plus_days(days), &SeededEntropy::new(7))),
        public_key: vec![4; 65],
        sealed: vec![1, 2, 3],
        seal: [7; 16],
        created_at: START,
        signs_until: START.plus_days(days - 1),
        ends_at: START.plus_days(days),
    };
    let (first, second) = (key(31), key(61));
    for key in [&first, &second] {
        let added = store.add_signing_key(key.clone()).await;
        added.expect("keeps");
    }
    let at = async |days| {
        let keys = store.signing_keys(START.plus_days(days)).await;
        keys.expect("answers")
    };
    assert!(at(0).await == [second.clone(), first], "the newest first");
    assert!(at(31).await == [second]);
    store.sweep(START.plus_days(61)).await.expect("sweeps");
    assert!(at(0).await.is_empty(), "ended ones are dropped");
}
