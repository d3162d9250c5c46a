//! Invitations, relationships and consent.

mod ended;

use std::sync::Arc;

use registration::invitation::{InvitationRefusal, InvitationState};
use registration::organization::OrganizationKind;
use registration::relationship::{EndReason, RelationshipRefusal, RelationshipState};
use storage::{Refused, Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, World, invitation};

battery![
    accepting_makes_the_relationship_active_at_once,
    an_invitation_is_answered_once,
    only_the_customer_it_is_addressed_to_may_answer,
    an_addressed_customer_gets_a_request_and_the_party_learns_nothing,
    a_customer_created_later_gets_its_requests,
    the_link_of_an_oem_stays_open,
    third_parties_see_no_relationship,
    relationships_are_found_by_the_other_side,
];

async fn active(world: &World, who: &Person, party: &Person, seconds: i64) -> bool {
    let now = START.plus_seconds(seconds);
    let (party, customer) = (party.id(), world.customer.id());
    let found = world
        .store
        .active_relationship(&who.scope(), party, customer, now)
        .await;
    found.expect("answers").is_some()
}

async fn accepting_makes_the_relationship_active_at_once(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let mut asked = invitation(partner, None);
    asked.delegated_administration = true;
    let (scope, act) = (partner.scope(), partner.act());
    world
        .store
        .make_invitation(&scope, &act, asked.clone())
        .await
        .expect("invites");
    let seen = world
        .store
        .invitation(&asked.token)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(seen, (asked.clone(), partner.organization.clone()));
    assert!(!active(&world, customer, partner, 0).await);
    let act = customer.act_at(3);
    let made = world
        .store
        .accept_invitation(&customer.scope(), &act, &asked.token, None)
        .await;
    let made = made.expect("accepts");
    let state = RelationshipState::Active {
        since: START.plus_seconds(3),
        accepted_by: customer.actor.user_id,
        expires_at: None,
    };
    assert_eq!((made.state, made.delegated_administration), (state, true));
    assert_eq!(
        (made.party_id, made.customer_id),
        (partner.id(), customer.id())
    );
    assert!(
        active(&world, customer, partner, 3).await && active(&world, partner, partner, 3).await
    );
    let (scope, party) = (customer.scope(), partner.id());
    let at = START.plus_seconds(3);
    let stored = world
        .store
        .active_relationship(&scope, party, customer.id(), at)
        .await;
    assert_eq!(stored.expect("answers"), Some(made.clone()));
    let list = world
        .store
        .relationships(&partner.scope(), "")
        .await
        .expect("lists");
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].relationship, made);
    assert_eq!(list[0].party, partner.organization);
    assert_eq!(list[0].customer, customer.organization);
    assert_eq!(list[0].invitation_token, asked.token);
}

async fn an_invitation_is_answered_once(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let asked = world.invite(partner, None).await;
    let accept = async |who: &Person| {
        world
            .store
            .accept_invitation(&who.scope(), &who.act(), &asked.token, None)
            .await
    };
    accept(customer).await.expect("accepts");
    for who in [customer, &world.other] {
        let again = accept(who).await;
        let answered = Refused::Invitation(InvitationRefusal::Answered);
        assert!(
            matches!(again, Err(StorageError::Refused(r)) if r == answered),
            "{again:?}"
        );
    }
    let second = world.invite(partner, None).await;
    let scope = customer.scope();
    let again = world
        .store
        .accept_invitation(&scope, &customer.act(), &second.token, None)
        .await;
    let active = Refused::Relationship(RelationshipRefusal::AlreadyActive);
    assert!(
        matches!(again, Err(StorageError::Refused(r)) if r == active),
        "{again:?}"
    );
    let (second, _) = world
        .store
        .invitation(&second.token)
        .await
        .expect("answers")
        .expect("is");
    assert_eq!(
        second.state,
        InvitationState::Open,
        "a refusal answers nothing"
    );
    let unknown = world
        .store
        .accept_invitation(&scope, &customer.act(), "no such", None)
        .await;
    assert!(
        matches!(unknown, Err(StorageError::NotFound)),
        "{unknown:?}"
    );
}

async fn only_the_customer_it_is_addressed_to_may_answer(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let asked = world.invite(&world.partner, Some("contoso.example")).await;
    let (scope, act) = (world.other.scope(), world.other.act());
    let refused = world
        .store
        .accept_invitation(&scope, &act, &asked.token, None)
        .await;
    let expected = Refused::Invitation(InvitationRefusal::OtherCustomer);
    assert!(
        matches!(refused, Err(StorageError::Refused(r)) if r == expected),
        "{refused:?}"
    );
    let (scope, late) = (world.customer.scope(), world.customer.act_at(90 * 86_400));
    let refused = world
        .store
        .accept_invitation(&scope, &late, &asked.token, None)
        .await;
    let expected = Refused::Invitation(InvitationRefusal::Expired);
    assert!(
        matches!(refused, Err(StorageError::Refused(r)) if r == expected),
        "{refused:?}"
    );
    let act = world.customer.act();
    world
        .store
        .accept_invitation(&scope, &act, &asked.token, None)
        .await
        .expect("accepts");
}

async fn an_addressed_customer_gets_a_request_and_the_party_learns_nothing(
    store: Arc<dyn Storage>,
) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let asked = world.invite(partner, Some("contoso.example")).await;
    world.invite(partner, Some("contoso.example")).await;
    let list = world
        .store
        .relationships(&customer.scope(), "")
        .await
        .expect("lists");
    assert_eq!(list.len(), 1, "one standing relationship per pair");
    assert_eq!(list[0].relationship.state, RelationshipState::Requested);
    assert_eq!(list[0].invitation_token, asked.token);
    let partners = world
        .store
        .relationships(&partner.scope(), "")
        .await
        .expect("lists");
    assert_eq!(partners, []);
    let id = list[0].relationship.id;
    let (scope, act) = (partner.scope(), partner.act());
    let ended = world
        .store
        .end_relationship(&scope, &act, id, EndReason::Withdrawn)
        .await;
    assert!(matches!(ended, Err(StorageError::NotFound)), "{ended:?}");
    let (scope, act) = (customer.scope(), customer.act());
    let made = world
        .store
        .accept_invitation(&scope, &act, &asked.token, None)
        .await;
    assert_eq!(
        made.expect("accepts").id,
        id,
        "the requested one becomes active"
    );
    world.invite(partner, Some("nobody.example")).await;
    let own = world
        .store
        .invitations(&partner.scope())
        .await
        .expect("lists");
    assert_eq!(own.len(), 3);
    assert!(own.is_sorted_by(|a, b| a.id > b.id), "newest first");
    assert_eq!(
        world
            .store
            .invitations(&world.rival.scope())
            .await
            .expect("lists"),
        []
    );
}

async fn a_customer_created_later_gets_its_requests(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let late = Person::of_kind(OrganizationKind::Customer, "Wingtip");
    let domain = Some(late.organization.domain.as_str());
    world.invite(&world.partner, domain).await;
    world.invite(&world.partner, domain).await;
    world.invite(&world.oem, domain).await;
    let withdrawn = world.invite(&world.rival, domain).await;
    let (scope, act) = (world.rival.scope(), world.rival.act());
    world
        .store
        .withdraw_invitation(&scope, &act, withdrawn.id)
        .await
        .expect("withdraws");
    world.create(&late).await.expect("creates");
    let list = world
        .store
        .relationships(&late.scope(), "")
        .await
        .expect("lists");
    assert_eq!(
        list.len(),
        2,
        "one a party, none from a withdrawn invitation"
    );
    assert!(
        list.iter()
            .all(|r| r.relationship.state == RelationshipState::Requested)
    );
}

async fn the_link_of_an_oem_stays_open(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let oem = &world.oem;
    let mut link = invitation(oem, None);
    (link.reusable, link.expires_at) = (true, None);
    let made = world
        .store
        .unique_link(&oem.scope(), &oem.act(), link.clone())
        .await;
    assert_eq!(made.expect("makes it"), link);
    let other = invitation(oem, None);
    let again = world
        .store
        .unique_link(&oem.scope(), &oem.act(), other)
        .await;
    assert_eq!(again.expect("answers"), link, "there is one");
    assert_eq!(
        world.store.invitations(&oem.scope()).await.expect("lists"),
        []
    );
    for customer in [&world.customer, &world.other] {
        let (scope, act) = (customer.scope(), customer.act());
        world
            .store
            .accept_invitation(&scope, &act, &link.token, None)
            .await
            .expect("accepts");
    }
    let (link, _) = world
        .store
        .invitation(&link.token)
        .await
        .expect("answers")
        .expect("is");
    assert_eq!(link.state, InvitationState::Open);
    assert_eq!(
        world
            .store
            .relationships(&oem.scope(), "")
            .await
            .expect("lists")
            .len(),
        2
    );
}

async fn third_parties_see_no_relationship(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    world.consent(&world.partner, &world.customer, None).await;
    let list = world
        .store
        .relationships(&world.customer.scope(), "")
        .await
        .expect("lists");
    let id = list[0].relationship.id;
    for stranger in [&world.rival, &world.other, &world.oem, &world.operator] {
        let scope = stranger.scope();
        assert_eq!(
            world.store.relationships(&scope, "").await.expect("lists"),
            []
        );
        assert!(!active(&world, stranger, &world.partner, 0).await);
        let act = stranger.act();
        let ended = world
            .store
            .end_relationship(&scope, &act, id, EndReason::Revoked)
            .await;
        assert!(matches!(ended, Err(StorageError::NotFound)), "{ended:?}");
    }
    assert!(active(&world, &world.customer, &world.partner, 0).await);
}

async fn relationships_are_found_by_the_other_side(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    world.consent(&world.partner, &world.customer, None).await;
    world.consent(&world.partner, &world.other, None).await;
    world.consent(&world.rival, &world.customer, None).await;
    let count = async |who: &Person, search| {
        world
            .store
            .relationships(&who.scope(), search)
            .await
            .expect("lists")
            .len()
    };
    assert_eq!(count(&world.partner, "").await, 2);
    assert_eq!(count(&world.partner, "toso").await, 1);
    assert_eq!(count(&world.partner, "litware.ex").await, 1);
    assert_eq!(
        count(&world.partner, "fabrikam").await,
        0,
        "one's own name is not searched"
    );
    assert_eq!(count(&world.customer, "tailspin").await, 1);
    assert_eq!(count(&world.customer, "%").await, 0);
}
