//! The audit log.

use std::sync::Arc;

use registration::audit::{AuditAction, AuditLine};
use registration::relationship::EndReason;
use storage::Storage;
use storage::trail::TrailFilter;
use uuid::Uuid;

use crate::battery;
use crate::world::{OTHER_TAG, Person, TAG, World, invitation, tuple_rows};

battery![
    each_side_reads_what_concerns_it_and_third_parties_nothing,
    the_log_is_read_page_by_page,
    filters_narrow_the_log,
    a_refused_attempt_is_noted,
    every_move_has_its_line,
];

async fn lines(world: &World, who: &Person, filter: TrailFilter) -> Vec<AuditLine> {
    let page = world.store.trail(&who.scope(), filter, None, 1000).await;
    page.expect("reads").items
}

async fn all(world: &World, who: &Person) -> Vec<AuditLine> {
    lines(world, who, TrailFilter::default()).await
}

fn words(lines: &[AuditLine]) -> Vec<&'static str> {
    let mut words: Vec<_> = lines.iter().map(|line| line.action).collect();
    words.sort_unstable();
    words
}

async fn each_side_reads_what_concerns_it_and_third_parties_nothing(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let before = all(&world, &world.rival).await;
    world.consent(partner, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 2)).await;
    let applied = AuditAction::UploadApplied.as_str();
    let of = |lines: Vec<AuditLine>| lines.into_iter().find(|line| line.action == applied);
    let own = of(all(&world, partner).await).expect("the partner did it");
    assert_eq!(own.person.as_deref(), Some(partner.actor.email.as_str()));
    assert_eq!(
        (own.organization.as_str(), own.organization_id),
        ("Fabrikam", partner.id())
    );
    assert_eq!(own.concerned.as_deref(), Some("Contoso"));
    assert_eq!(
        (own.target.as_str(), own.detail.as_str()),
        ("devices.csv", "2 registered")
    );
    assert!(own.done);
    let seen = of(all(&world, customer).await).expect("it concerns the customer");
    assert_eq!(seen.person, None, "the other side's people stay unnamed");
    assert_eq!(
        seen,
        AuditLine {
            person: None,
            ..own
        }
    );
    for line in all(&world, customer).await {
        let everything = format!("{line:?}");
        assert!(
            !everything.contains("@fabrikam"),
            "no e-mail address: {everything}"
        );
    }
    assert_eq!(all(&world, &world.rival).await, before);
    for stranger in [&world.other, &world.oem, &world.operator] {
        assert!(
            all(&world, stranger)
                .await
                .iter()
                .all(|line| line.action != applied)
        );
    }
}

async fn the_log_is_read_page_by_page(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 2)).await;
    let everything = all(&world, customer).await;
    assert!(everything.len() > 4 && everything.is_sorted_by(|a, b| a.id > b.id));
    let mut seen = Vec::new();
    let mut before: Option<Uuid> = None;
    loop {
        let filter = TrailFilter::default();
        let page = world
            .store
            .trail(&customer.scope(), filter, before, 2)
            .await
            .expect("reads");
        seen.extend(page.items);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, everything);
}

async fn filters_narrow_the_log(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    world.register(partner, customer, &tuple_rows("A", 1)).await;
    world
        .register(&world.rival, customer, &tuple_rows("B", 1))
        .await;
    let with = |who: &Person| TrailFilter {
        with: Some(who.id()),
        target: None,
    };
    let both = lines(&world, customer, with(partner)).await;
    assert!(!both.is_empty());
    assert!(both.iter().all(|line| {
        line.organization_id == partner.id() || line.concerned.as_deref() == Some("Fabrikam")
    }));
    let target = both[0].target_id;
    let narrow = TrailFilter {
        with: Some(partner.id()),
        target: Some(target),
    };
    let about = lines(&world, customer, narrow).await;
    assert!(!about.is_empty() && about.len() < both.len());
    assert!(about.iter().all(|line| line.target_id == target));
    assert_eq!(lines(&world, partner, with(&world.rival)).await, []);
    assert_eq!(lines(&world, &world.other, with(partner)).await, []);
    let strange = TrailFilter {
        with: None,
        target: Some(target),
    };
    assert_eq!(lines(&world, &world.rival, strange).await, []);
}

async fn a_refused_attempt_is_noted(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let partner = &world.partner;
    let target = partner.actor.user_id.0;
    let entry = partner
        .act()
        .entry(0, AuditAction::SignInRefused, target, "sign-in")
        .refused();
    world.store.note(entry).await.expect("notes");
    let filter = TrailFilter {
        with: None,
        target: Some(target),
    };
    let noted = lines(&world, partner, filter).await;
    let line = noted
        .iter()
        .find(|l| l.action == AuditAction::SignInRefused.as_str());
    assert!(line.is_some_and(|line| !line.done && line.concerned.is_none()));
}

/// Consent, an upload in two chunks, two tags changed, three devices released, a refusal, the
/// end of the consent, and a declined invitation.
async fn make_every_move(world: &World) {
    let (partner, customer) = (&world.partner, &world.customer);
    let store = &world.store;
    world.consent(partner, customer, None).await;
    let upload = world.saved(partner, customer, &tuple_rows("A", 4), 2).await;
    world.finish(partner, upload.id, 1).await;
    let filter = storage::devices::DeviceFilter::default();
    let now = crate::world::START;
    let devices = store
        .devices(&partner.scope(), customer.id(), &filter, now, None, 9)
        .await;
    let ids: Vec<_> = devices
        .expect("lists")
        .items
        .iter()
        .map(|device| device.id)
        .collect();
    let (scope, act) = (partner.scope(), partner.act());
    let tagged = store
        .change_group_tag(&scope, &act, customer.id(), &ids[..2], OTHER_TAG)
        .await;
    tagged.expect("tags");
    let (scope, act) = (customer.scope(), customer.act());
    store
        .deregister(&scope, &act, customer.id(), &ids[1..])
        .await
        .expect("releases");
    let declined = world.invite(partner, None).await;
    let act = customer.act();
    store
        .decline_invitation(&scope, &act, &declined.token)
        .await
        .expect_err("is active");
    let id = store.relationships(&scope, "").await.expect("lists")[0]
        .relationship
        .id;
    let act = customer.act_at(9);
    store
        .end_relationship(&scope, &act, id, EndReason::Revoked)
        .await
        .expect("revokes");
    let act = customer.act_at(10);
    store
        .decline_invitation(&scope, &act, &declined.token)
        .await
        .expect("declines");
}

async fn every_move_has_its_line(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let store = &world.store;
    let created = ["organization.created", "user.added"];
    assert_eq!(words(&all(&world, customer).await), created);
    assert_eq!(
        all(&world, customer).await[0].person,
        None,
        "the operator did it"
    );
    make_every_move(&world).await;
    let shared = [
        "consent.given",
        "consent.revoked",
        "device.deregistered",
        "device.deregistered",
        "device.deregistered",
        "device.retagged",
        "device.retagged",
        "invitation.declined",
    ];
    let uploads = [
        "upload.applied",
        "upload.applied",
        "upload.finished",
        "upload.queued",
    ];
    let mut of_customer = [shared.as_slice(), &created, &uploads].concat();
    of_customer.sort_unstable();
    assert_eq!(words(&all(&world, customer).await), of_customer);
    let mut of_partner = [of_customer.as_slice(), &["invitation.made"; 2]].concat();
    of_partner.sort_unstable();
    assert_eq!(words(&all(&world, partner).await), of_partner);
    let retagged = all(&world, customer)
        .await
        .into_iter()
        .find(|l| l.action == "device.retagged");
    let detail = retagged.expect("is there").detail;
    assert!(
        detail.contains(TAG) && detail.contains(OTHER_TAG),
        "{detail}"
    );
    let released = all(&world, partner).await;
    let released = released
        .iter()
        .find(|l| l.action == "device.deregistered")
        .expect("is there");
    assert!(released.target.starts_with('A') && released.detail.contains("Fabrikam"));
    let unseen = invitation(&world.rival, Some("contoso.example"));
    let (scope, act) = (world.rival.scope(), world.rival.act());
    store
        .make_invitation(&scope, &act, unseen)
        .await
        .expect("invites");
    assert_eq!(
        words(&all(&world, customer).await),
        of_customer,
        "an invitation is its maker's"
    );
}
