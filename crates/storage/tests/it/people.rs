//! People, links and sessions.

use std::sync::Arc;

use registration::ids::UserId;
use registration::user::Role;
use storage::organizations::NewUser;
use storage::{Conflict, Refused, Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, World, digest, fresh, link};

battery![
    a_link_sets_the_password_once,
    a_new_link_spends_the_earlier_ones,
    links_are_made_for_ones_own_people,
    a_session_lasts_until_it_ends,
    a_new_password_closes_every_session,
    a_shut_account_has_no_session_and_no_link,
    one_sees_the_people_of_ones_own_organization,
];

async fn add(world: &World, by: &Person, name: &str, role: Role) -> (UserId, [u8; 32]) {
    let (id, link) = (UserId(fresh()), link());
    let email = format!("{name}@{}", by.organization.domain);
    let person = NewUser {
        id,
        email,
        name: name.to_owned(),
        role,
    };
    let added = world
        .store
        .add_person(&by.scope(), &by.act(), person, link)
        .await;
    added.expect("adds");
    (id, link.digest)
}

fn as_user(person: &Person, id: UserId) -> Person {
    let mut other = person.clone();
    other.actor.user_id = id;
    other
}

async fn a_link_sets_the_password_once(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (id, digest) = add(&world, partner, "ada", Role::SalesAgent).await;
    let email = "ada@fabrikam.example";
    let credential = store
        .credential(email)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(
        (credential.password_hash, credential.member.user.id),
        (None, id)
    );
    assert!(!credential.member.user.has_password);
    let owner = store
        .link_owner(digest, START)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(
        (owner.user.id, owner.organization),
        (id, partner.organization.clone())
    );
    let late = START.plus_seconds(3600);
    assert_eq!(store.link_owner(digest, late).await.expect("answers"), None);
    let ada = as_user(partner, id);
    let expired = store
        .set_password(&ada.act_at(3600), digest, "late".to_owned())
        .await;
    assert!(
        matches!(expired, Err(StorageError::Refused(Refused::LinkSpent))),
        "{expired:?}"
    );
    store
        .set_password(&ada.act(), digest, "phc".to_owned())
        .await
        .expect("sets");
    let credential = store
        .credential(email)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(credential.password_hash.as_deref(), Some("phc"));
    assert!(credential.member.user.has_password);
    assert_eq!(
        store.link_owner(digest, START).await.expect("answers"),
        None
    );
    let again = store
        .set_password(&ada.act(), digest, "other".to_owned())
        .await;
    assert!(
        matches!(again, Err(StorageError::Refused(Refused::LinkSpent))),
        "{again:?}"
    );
    assert!(
        store
            .credential("nobody@x.example")
            .await
            .expect("answers")
            .is_none()
    );
}

async fn a_new_link_spends_the_earlier_ones(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (id, first) = add(&world, partner, "ada", Role::SalesAgent).await;
    let second = link();
    store
        .make_link(&partner.scope(), &partner.act(), id, second)
        .await
        .expect("makes");
    assert_eq!(store.link_owner(first, START).await.expect("answers"), None);
    let third = link();
    store
        .make_link_at_console(&world.operator.act(), id, third)
        .await
        .expect("makes");
    assert_eq!(
        store
            .link_owner(second.digest, START)
            .await
            .expect("answers"),
        None
    );
    assert!(
        store
            .link_owner(third.digest, START)
            .await
            .expect("answers")
            .is_some()
    );
    let nobody = UserId(fresh());
    let act = world.operator.act();
    let unknown = store.make_link_at_console(&act, nobody, link()).await;
    assert!(
        matches!(unknown, Err(StorageError::NotFound)),
        "{unknown:?}"
    );
}

async fn links_are_made_for_ones_own_people(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (id, first) = add(&world, partner, "ada", Role::SalesAgent).await;
    for stranger in [&world.rival, &world.customer] {
        let (scope, act) = (stranger.scope(), stranger.act());
        let refused = store.make_link(&scope, &act, id, link()).await;
        assert!(
            matches!(refused, Err(StorageError::NotFound)),
            "{refused:?}"
        );
        let refused = store.set_disabled(&scope, &stranger.act(), id, true).await;
        assert!(
            matches!(refused, Err(StorageError::NotFound)),
            "{refused:?}"
        );
    }
    assert!(
        store
            .link_owner(first, START)
            .await
            .expect("answers")
            .is_some()
    );
    let (scope, act) = (world.operator.scope(), world.operator.act());
    store
        .make_link(&scope, &act, id, link())
        .await
        .expect("an operator may");
}

async fn a_session_lasts_until_it_ends(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let session = digest();
    let until = START.plus_seconds(100);
    store
        .open_session(&partner.act(), session, until)
        .await
        .expect("opens");
    let member = store
        .session(session, START)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(member.user.id, partner.actor.user_id);
    assert_eq!(member.user.email, partner.actor.email);
    assert_eq!(member.organization, partner.organization);
    assert!(
        store
            .session(session, START.plus_seconds(99))
            .await
            .expect("answers")
            .is_some()
    );
    assert_eq!(store.session(session, until).await.expect("answers"), None);
    assert_eq!(store.session(digest(), START).await.expect("answers"), None);
    store
        .close_session(&partner.act(), session)
        .await
        .expect("closes");
    assert_eq!(store.session(session, START).await.expect("answers"), None);
    store
        .close_session(&partner.act(), session)
        .await
        .expect("changes nothing");
}

async fn a_new_password_closes_every_session(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let session = digest();
    store
        .open_session(&partner.act(), session, START.plus_days(1))
        .await
        .expect("opens");
    let link = link();
    let id = partner.actor.user_id;
    store
        .make_link(&partner.scope(), &partner.act(), id, link)
        .await
        .expect("makes");
    assert!(
        store
            .session(session, START)
            .await
            .expect("answers")
            .is_some()
    );
    store
        .set_password(&partner.act(), link.digest, "phc".to_owned())
        .await
        .expect("sets");
    assert_eq!(store.session(session, START).await.expect("answers"), None);
}

async fn a_shut_account_has_no_session_and_no_link(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let (id, link_digest) = add(&world, partner, "ada", Role::SalesAgent).await;
    let (ada, session) = (as_user(partner, id), digest());
    store
        .open_session(&ada.act(), session, START.plus_days(1))
        .await
        .expect("opens");
    let set = async |who: UserId, disabled| {
        store
            .set_disabled(&partner.scope(), &partner.act_at(9), who, disabled)
            .await
    };
    for _ in 0..2 {
        set(id, true).await.expect("shuts, also twice");
    }
    assert_eq!(store.session(session, START).await.expect("answers"), None);
    assert_eq!(
        store.link_owner(link_digest, START).await.expect("answers"),
        None
    );
    let opened = store
        .open_session(&ada.act(), digest(), START.plus_days(1))
        .await;
    assert!(matches!(opened, Err(StorageError::NotFound)), "{opened:?}");
    let credential = store
        .credential("ada@fabrikam.example")
        .await
        .expect("answers");
    let user = credential.expect("is there").member.user;
    assert_eq!(user.disabled_at, Some(START.plus_seconds(9)));
    set(id, false).await.expect("opens again");
    assert_eq!(
        store.session(session, START).await.expect("answers"),
        None,
        "it stays closed"
    );
    let own = set(partner.actor.user_id, true).await;
    assert!(
        matches!(own, Err(StorageError::Refused(Refused::OwnAccount))),
        "{own:?}"
    );
}

async fn one_sees_the_people_of_ones_own_organization(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    add(&world, partner, "ada", Role::SalesAgent).await;
    let names = async |who: &Person| {
        let people = store.people(&who.scope()).await.expect("lists");
        people
            .into_iter()
            .map(|user| user.email)
            .collect::<Vec<_>>()
    };
    let mut own = names(partner).await;
    own.sort_unstable();
    assert_eq!(own, ["ada@fabrikam.example", "admin@fabrikam.example"]);
    assert_eq!(names(&world.rival).await, ["admin@tailspin.example"]);
    let taken = NewUser {
        id: UserId(fresh()),
        email: "ada@fabrikam.example".to_owned(),
        name: "Ada".to_owned(),
        role: Role::SalesAgent,
    };
    let (scope, act) = (world.rival.scope(), world.rival.act());
    let refused = store.add_person(&scope, &act, taken, link()).await;
    let expected = Conflict::EmailTaken;
    assert!(
        matches!(refused, Err(StorageError::Conflict(c)) if c == expected),
        "{refused:?}"
    );
}
