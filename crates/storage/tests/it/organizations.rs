//! Organizations and the first set-up.

use std::sync::Arc;

use registration::organization::OrganizationKind;
use storage::{Conflict, Refused, Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, World, link};

battery![
    the_first_operator_is_set_up_once,
    a_new_set_up_link_replaces_the_earlier_one,
    a_domain_and_an_email_are_taken_once,
    an_operator_lists_everybody_page_by_page,
    others_see_only_whom_they_deal_with,
];

async fn the_first_operator_is_set_up_once(store: Arc<dyn Storage>) {
    assert!(!store.is_set_up().await.expect("answers"));
    let link = link();
    store.offer_set_up(link).await.expect("offers");
    let late = START.plus_seconds(3600);
    assert!(
        store
            .set_up_link_holds(link.digest, START)
            .await
            .expect("answers")
    );
    assert!(
        !store
            .set_up_link_holds(link.digest, late)
            .await
            .expect("answers")
    );
    let operator = Person::of_kind(OrganizationKind::Operator, "Desk");
    let set_up = |digest, seconds| {
        let (organization, account) = (operator.organization.clone(), operator.account());
        let (store, act) = (&store, operator.act_at(seconds));
        async move {
            store
                .set_up(&act, digest, organization, account, "phc".to_owned())
                .await
        }
    };
    let wrong = set_up([9; 32], 0).await;
    assert!(
        matches!(wrong, Err(StorageError::Refused(Refused::LinkSpent))),
        "{wrong:?}"
    );
    let expired = set_up(link.digest, 3600).await;
    assert!(
        matches!(expired, Err(StorageError::Refused(Refused::LinkSpent))),
        "{expired:?}"
    );
    set_up(link.digest, 0).await.expect("sets up");
    assert!(store.is_set_up().await.expect("answers"));
    let again = set_up(link.digest, 0).await;
    let already = Conflict::SetUpAlready;
    assert!(
        matches!(again, Err(StorageError::Conflict(c)) if c == already),
        "{again:?}"
    );
    let offer = store.offer_set_up(crate::world::link()).await;
    assert!(
        matches!(offer, Err(StorageError::Conflict(c)) if c == already),
        "{offer:?}"
    );
}

async fn a_new_set_up_link_replaces_the_earlier_one(store: Arc<dyn Storage>) {
    let (first, second) = (link(), link());
    store.offer_set_up(first).await.expect("offers");
    store.offer_set_up(second).await.expect("offers");
    assert!(
        !store
            .set_up_link_holds(first.digest, START)
            .await
            .expect("answers")
    );
    assert!(
        store
            .set_up_link_holds(second.digest, START)
            .await
            .expect("answers")
    );
}

async fn a_domain_and_an_email_are_taken_once(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let mut twin = Person::of_kind(OrganizationKind::Customer, "Contoso");
    let refused = world.create(&twin).await;
    let taken = Conflict::DomainTaken;
    assert!(
        matches!(refused, Err(StorageError::Conflict(c)) if c == taken),
        "{refused:?}"
    );
    "twin.example".clone_into(&mut twin.organization.domain);
    let refused = world.create(&twin).await;
    let taken = Conflict::EmailTaken;
    assert!(
        matches!(refused, Err(StorageError::Conflict(c)) if c == taken),
        "{refused:?}"
    );
    let seen = world
        .store
        .organization(&world.operator.scope(), twin.id())
        .await;
    assert_eq!(
        seen.expect("answers"),
        None,
        "the organization was rolled back too"
    );
}

async fn an_operator_lists_everybody_page_by_page(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let scope = world.operator.scope();
    let mut before = None;
    let mut seen = Vec::new();
    loop {
        let page = world
            .store
            .organizations(&scope, None, "", before, 4)
            .await
            .expect("lists");
        assert!(page.items.len() <= 4);
        seen.extend(page.items.into_iter().map(|organization| organization.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
    let partner = Some(OrganizationKind::Partner);
    let found = world
        .store
        .organizations(&scope, partner, "spin", None, 9)
        .await
        .expect("lists");
    assert_eq!(found.items, std::slice::from_ref(&world.rival.organization));
    let by_domain = world
        .store
        .organizations(&scope, None, "contoso.ex", None, 9)
        .await;
    assert_eq!(
        by_domain.expect("lists").items,
        std::slice::from_ref(&world.customer.organization)
    );
    for pattern in ["%", "_", "\\"] {
        let found = world
            .store
            .organizations(&scope, None, pattern, None, 9)
            .await;
        assert_eq!(
            found.expect("lists").items,
            [],
            "{pattern} stands for itself"
        );
    }
    let partners = world.partner.scope();
    let hidden = world
        .store
        .organizations(&partners, None, "", None, 9)
        .await
        .expect("lists");
    assert_eq!((hidden.items, hidden.next), (Vec::new(), None));
}

async fn others_see_only_whom_they_deal_with(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let sees = async |who: &Person, whom: &Person| {
        let seen = world
            .store
            .organization(&who.scope(), whom.id())
            .await
            .expect("answers");
        seen.is_some()
    };
    assert!(sees(partner, partner).await && sees(&world.operator, partner).await);
    assert!(!sees(partner, customer).await && !sees(customer, partner).await);
    world.invite(partner, Some("contoso.example")).await;
    assert!(sees(customer, partner).await, "it was asked");
    assert!(
        !sees(partner, customer).await,
        "whether there is such a customer is not told"
    );
    world.consent(partner, customer, None).await;
    assert!(sees(partner, customer).await && sees(customer, partner).await);
    assert!(!sees(&world.rival, customer).await && !sees(&world.other, customer).await);
}
