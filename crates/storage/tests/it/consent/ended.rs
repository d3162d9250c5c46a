//! Consents that end, and invitations that are declined or withdrawn.

use super::*;

battery![
    withdrawing_an_invitation_takes_its_request_back,
    declining_ends_the_request,
    either_side_ends_it_and_a_new_consent_makes_a_new_one,
    consent_with_a_date_ends_by_itself_and_can_be_renewed,
];

async fn withdrawing_an_invitation_takes_its_request_back(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let asked = world.invite(partner, Some("contoso.example")).await;
    let (rival, act) = (world.rival.scope(), world.rival.act());
    let refused = world
        .store
        .withdraw_invitation(&rival, &act, asked.id)
        .await;
    assert!(
        matches!(refused, Err(StorageError::NotFound)),
        "{refused:?}"
    );
    for _ in 0..2 {
        let act = partner.act_at(5);
        let withdrawn = world
            .store
            .withdraw_invitation(&partner.scope(), &act, asked.id)
            .await;
        withdrawn.expect("withdraws, also twice");
    }
    let list = world
        .store
        .relationships(&customer.scope(), "")
        .await
        .expect("lists");
    let ended = RelationshipState::Ended {
        at: START.plus_seconds(5),
        reason: EndReason::Withdrawn,
    };
    assert_eq!(list[0].relationship.state, ended);
    let (scope, act) = (customer.scope(), customer.act());
    let refused = world
        .store
        .accept_invitation(&scope, &act, &asked.token, None)
        .await;
    let expected = Refused::Invitation(InvitationRefusal::Withdrawn);
    assert!(
        matches!(refused, Err(StorageError::Refused(r)) if r == expected),
        "{refused:?}"
    );
    let answered = world.invite(partner, None).await;
    world
        .store
        .accept_invitation(&scope, &act, &answered.token, None)
        .await
        .expect("accepts");
    let late = world
        .store
        .withdraw_invitation(&partner.scope(), &partner.act(), answered.id)
        .await;
    let expected = Refused::Invitation(InvitationRefusal::Answered);
    assert!(
        matches!(late, Err(StorageError::Refused(r)) if r == expected),
        "{late:?}"
    );
}

async fn declining_ends_the_request(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let asked = world.invite(partner, Some("contoso.example")).await;
    let (scope, act) = (customer.scope(), customer.act_at(2));
    world
        .store
        .decline_invitation(&scope, &act, &asked.token)
        .await
        .expect("declines");
    let list = world.store.relationships(&scope, "").await.expect("lists");
    let ended = RelationshipState::Ended {
        at: START.plus_seconds(2),
        reason: EndReason::Declined,
    };
    assert_eq!(list[0].relationship.state, ended);
    assert_eq!(
        world
            .store
            .relationships(&partner.scope(), "")
            .await
            .expect("lists"),
        []
    );
    let (asked, _) = world
        .store
        .invitation(&asked.token)
        .await
        .expect("answers")
        .expect("is");
    assert_eq!(asked.state, InvitationState::Answered);
    let again = world
        .store
        .decline_invitation(&scope, &customer.act(), &asked.token)
        .await;
    let expected = Refused::Invitation(InvitationRefusal::Answered);
    assert!(
        matches!(again, Err(StorageError::Refused(r)) if r == expected),
        "{again:?}"
    );
    let unasked = world.invite(partner, None).await;
    world
        .store
        .decline_invitation(&scope, &customer.act(), &unasked.token)
        .await
        .expect("declines");
    assert_eq!(
        world
            .store
            .relationships(&scope, "")
            .await
            .expect("lists")
            .len(),
        1
    );
}

async fn either_side_ends_it_and_a_new_consent_makes_a_new_one(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let sides = [
        (customer, EndReason::Revoked),
        (partner, EndReason::Withdrawn),
    ];
    for (seconds, (side, reason)) in (10..).step_by(10).zip(sides) {
        world.consent(partner, customer, None).await;
        assert!(active(&world, customer, partner, seconds).await);
        let list = world
            .store
            .relationships(&side.scope(), "")
            .await
            .expect("lists");
        let mut standing = list.iter().map(|view| &view.relationship);
        let at = START.plus_seconds(seconds);
        let standing = standing.find(|relationship| relationship.is_active(at));
        let id = standing.expect("is active").id;
        let act = side.act_at(seconds);
        let ended = world
            .store
            .end_relationship(&side.scope(), &act, id, reason)
            .await;
        let state = RelationshipState::Ended { at, reason };
        assert_eq!(ended.expect("ends").state, state);
        assert!(!active(&world, customer, partner, seconds).await);
        let again = world
            .store
            .end_relationship(&side.scope(), &act, id, reason)
            .await;
        let expected = Refused::Relationship(RelationshipRefusal::Ended);
        assert!(
            matches!(again, Err(StorageError::Refused(r)) if r == expected),
            "{again:?}"
        );
    }
    let list = world
        .store
        .relationships(&partner.scope(), "")
        .await
        .expect("lists");
    assert_eq!(list.len(), 2, "what has ended stays on record");
}

async fn consent_with_a_date_ends_by_itself_and_can_be_renewed(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world
        .consent(partner, customer, Some(START.plus_seconds(60)))
        .await;
    assert!(active(&world, partner, partner, 59).await);
    assert!(!active(&world, partner, partner, 60).await);
    let asked = world.invite(partner, None).await;
    let (scope, act) = (customer.scope(), customer.act_at(70));
    let past = Some(START.plus_seconds(70));
    let refused = world
        .store
        .accept_invitation(&scope, &act, &asked.token, past)
        .await;
    let expected = Refused::Relationship(RelationshipRefusal::ExpiryInThePast);
    assert!(
        matches!(refused, Err(StorageError::Refused(r)) if r == expected),
        "{refused:?}"
    );
    let later = Some(START.plus_seconds(99));
    world
        .store
        .accept_invitation(&scope, &act, &asked.token, later)
        .await
        .expect("renews");
    let list = world.store.relationships(&scope, "").await.expect("lists");
    let ended = list.iter().filter(|view| {
        let at = START.plus_seconds(60);
        view.relationship.state
            == RelationshipState::Ended {
                at,
                reason: EndReason::Expired,
            }
    });
    assert_eq!((list.len(), ended.count()), (2, 1));
    assert!(active(&world, partner, partner, 98).await);
}
