//! Plan and apply.

mod hashes;

use std::collections::BTreeSet;
use std::sync::Arc;

use device_list::{SampleDevice, SampleDevices};
use registration::ids::OrganizationId;
use registration::plan::Outcome;
use registration::relationship::EndReason;
use registration::upload::{RowVerdict, UploadRow, UploadRowResult, UploadStatus};
use storage::Storage;
use storage::devices::DeviceFilter;
use storage::uploads::Applied;

use crate::battery;
use crate::world::{OTHER_TAG, Person, START, TAG, World, empty_row, tuple_row, tuple_rows};

battery![
    a_tuple_is_registered_and_then_already_registered,
    chunks_are_applied_one_at_a_time_and_never_twice,
    a_device_held_elsewhere_is_refused_and_its_free_keys_stay_free,
    consent_revoked_between_saving_and_applying_stops_the_rest,
    consent_that_expires_stops_the_rest,
    every_kind_of_row_gets_its_outcome,
    the_plan_says_what_applying_does_and_writes_nothing,
];

pub(crate) fn outcomes(rows: &[UploadRowResult]) -> Vec<Outcome> {
    let results = rows
        .iter()
        .map(|row| row.result.as_ref().expect("has its result"));
    results.map(|result| result.outcome).collect()
}

pub(crate) fn hash_row(number: u64, device: &SampleDevice) -> UploadRow {
    UploadRow {
        hash: device.hash_text(),
        ..empty_row(number)
    }
}

pub(crate) fn sample_tuple_row(number: u64, device: &SampleDevice) -> UploadRow {
    UploadRow {
        manufacturer: device.manufacturer.as_str().to_owned(),
        model: device.model.as_str().to_owned(),
        serial: device.serial.as_str().to_owned(),
        ..empty_row(number)
    }
}

pub(crate) fn pkid_row(number: u64, device: &SampleDevice) -> UploadRow {
    UploadRow {
        pkid: device.pkid.as_str().to_owned(),
        ..empty_row(number)
    }
}

pub(crate) fn sample(n: u64) -> SampleDevice {
    SampleDevices::new(11)
        .nth(usize::try_from(n).expect("small"))
        .expect("no end")
}

async fn device_count(world: &World, who: &Person, customer: OrganizationId) -> usize {
    let filter = DeviceFilter::default();
    let scope = who.scope();
    let page = world
        .store
        .devices(&scope, customer, &filter, START, None, 10_000)
        .await;
    page.expect("lists").items.len()
}

async fn a_tuple_is_registered_and_then_already_registered(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let rows = tuple_rows("00", 3);
    let first = world.register(partner, customer, &rows).await;
    assert_eq!(outcomes(&first), [Outcome::Registered; 3]);
    let again = world.register(partner, customer, &rows).await;
    assert_eq!(outcomes(&again), [Outcome::AlreadyRegistered; 3]);
    let id = |row: &UploadRowResult| row.result.as_ref().and_then(|r| r.device_id);
    for (before, after) in first.iter().zip(&again) {
        assert!(id(before).is_some());
        assert_eq!(id(before), id(after), "the same device");
    }
    let device = id(&first[0]).expect("an id");
    let device = world
        .store
        .device(&partner.scope(), device, customer.id(), START)
        .await;
    let device = device.expect("answers").expect("is there");
    assert_eq!(
        device.serial.as_deref(),
        Some("0000001"),
        "zeros are part of it"
    );
    assert_eq!(
        (device.registered_by, device.customer_id),
        (partner.id(), customer.id())
    );
    assert_eq!(device.registered_by_user, partner.actor.user_id);
    assert_eq!(
        (device.group_tag.as_str(), device.verified, device.has_hash),
        (TAG, false, false)
    );
    assert_eq!(device.registered_at, START.plus_seconds(1));
    assert!(
        first
            .iter()
            .all(|row| row.result.as_ref().is_some_and(|r| r.unverified))
    );
    assert_eq!(device_count(&world, partner, customer.id()).await, 3);
}

async fn chunks_are_applied_one_at_a_time_and_never_twice(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let upload = world.saved(partner, customer, &tuple_rows("A", 5), 2).await;
    let mut decided = Vec::new();
    for seconds in 1..=2 {
        let act = partner.act_at(seconds);
        let applied = world
            .store
            .apply_next_chunk(&act, upload.id)
            .await
            .expect("applies");
        let Applied::More(upload) = applied else {
            panic!("{applied:?}")
        };
        assert_eq!(upload.status, UploadStatus::Processing);
        decided.push(upload.counts.decided());
    }
    assert_eq!(decided, [2, 4]);
    let finished = world.finish(partner, upload.id, 3).await;
    assert_eq!(
        (finished.status, finished.pending()),
        (UploadStatus::Finished, 0)
    );
    assert_eq!(finished.counts.of(Outcome::Registered), 5);
    assert_eq!(finished.completed_at, Some(START.plus_seconds(3)));
    let rows = world.rows(partner, upload.id).await;
    let again = world.finish(partner, upload.id, 99).await;
    assert_eq!(again, finished, "applying again changes nothing");
    assert_eq!(world.rows(partner, upload.id).await, rows);
    assert_eq!(device_count(&world, partner, customer.id()).await, 5);
}

async fn a_device_held_elsewhere_is_refused_and_its_free_keys_stay_free(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer, other) = (&world.partner, &world.customer, &world.other);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, other, None).await;
    let device = sample(1);
    world
        .register(partner, customer, &[sample_tuple_row(1, &device)])
        .await;
    let refused = world
        .register(&world.rival, other, &[hash_row(1, &device)])
        .await;
    assert_eq!(outcomes(&refused), [Outcome::RegisteredElsewhere]);
    let result = refused[0].result.as_ref().expect("has its result");
    assert_eq!(result.device_id, None, "by whom is never told");
    assert_eq!(
        refused[0].row.hash,
        device.hash_text(),
        "the row can be sent again"
    );
    assert_eq!(device_count(&world, other, other.id()).await, 0);
    let by_pkid = world
        .register(&world.rival, other, &[pkid_row(1, &device)])
        .await;
    assert_eq!(
        outcomes(&by_pkid),
        [Outcome::Registered],
        "its PKID was given back"
    );
}

async fn consent_revoked_between_saving_and_applying_stops_the_rest(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let upload = world.saved(partner, customer, &tuple_rows("A", 4), 2).await;
    let applied = world
        .store
        .apply_next_chunk(&partner.act_at(1), upload.id)
        .await;
    assert!(matches!(applied, Ok(Applied::More(_))), "{applied:?}");
    let list = world
        .store
        .relationships(&customer.scope(), "")
        .await
        .expect("lists");
    let (scope, act, id) = (
        customer.scope(),
        customer.act_at(2),
        list[0].relationship.id,
    );
    world
        .store
        .end_relationship(&scope, &act, id, EndReason::Revoked)
        .await
        .expect("revokes");
    let upload = world.finish(partner, upload.id, 3).await;
    assert_eq!(upload.status, UploadStatus::FinishedWithErrors);
    let rows = world.rows(partner, upload.id).await;
    let (yes, no) = (Outcome::Registered, Outcome::NoConsent);
    assert_eq!(outcomes(&rows), [yes, yes, no, no]);
    assert_eq!(device_count(&world, customer, customer.id()).await, 2);
    assert_eq!(
        device_count(&world, partner, customer.id()).await,
        0,
        "out of its sight"
    );
}

async fn consent_that_expires_stops_the_rest(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world
        .consent(partner, customer, Some(START.plus_seconds(60)))
        .await;
    let upload = world.saved(partner, customer, &tuple_rows("A", 2), 1).await;
    let applied = world
        .store
        .apply_next_chunk(&partner.act_at(59), upload.id)
        .await;
    assert!(matches!(applied, Ok(Applied::More(_))), "{applied:?}");
    world.finish(partner, upload.id, 60).await;
    let rows = world.rows(partner, upload.id).await;
    assert_eq!(outcomes(&rows), [Outcome::Registered, Outcome::NoConsent]);
}

async fn every_kind_of_row_gets_its_outcome(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let mut rows = tuple_rows("K", 5);
    rows[1].verdict = RowVerdict::Duplicate { of_line: 2 };
    rows[2].verdict = RowVerdict::Invalid {
        code: "EN0401".to_owned(),
        cause: "wrong".to_owned(),
        fix: "mend it".to_owned(),
        dds: None,
    };
    rows[3].group_tag = Some(OTHER_TAG.to_owned());
    rows[4].group_tag = Some(TAG.to_owned());
    rows.push(empty_row(6));
    let results = world.register(partner, customer, &rows).await;
    assert_eq!(
        outcomes(&results),
        [
            Outcome::Registered,
            Outcome::DuplicateInList,
            Outcome::Invalid,
            Outcome::WrongTag,
            Outcome::Registered,
            Outcome::Invalid,
        ]
    );
    let upload = world.draft(partner, customer).await;
    let mut save = crate::world::save(upload.id, &tuple_rows("L", 1), 10);
    "microsoft365managed_standard".clone_into(&mut save.group_tag);
    world
        .store
        .save_upload(&partner.scope(), &partner.act(), save)
        .await
        .expect("saves");
    world.finish(partner, upload.id, 1).await;
    assert_eq!(
        outcomes(&world.rows(partner, upload.id).await),
        [Outcome::WrongTag]
    );
}

async fn the_plan_says_what_applying_does_and_writes_nothing(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer, other) = (&world.partner, &world.customer, &world.other);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, other, None).await;
    world
        .register(partner, customer, &tuple_rows("MINE", 1))
        .await;
    world
        .register(&world.rival, other, &tuple_rows("THEIRS", 1))
        .await;
    let mut rows = vec![
        tuple_row(1, "MINE00001"),
        tuple_row(2, "THEIRS00001"),
        tuple_row(3, "FREE"),
        hash_row(4, &sample(5)),
        tuple_row(5, "free"),
        empty_row(6),
    ];
    rows[2].group_tag = Some(TAG.to_owned());
    let plan = async |who: &Person, tag| {
        let (scope, act) = (who.scope(), who.act_at(1));
        let planned = world
            .store
            .plan_rows(&scope, &act, customer.id(), tag, &rows)
            .await;
        planned
            .expect("plans")
            .iter()
            .map(|result| result.outcome)
            .collect::<Vec<_>>()
    };
    let expected = [
        Outcome::AlreadyRegistered,
        Outcome::RegisteredElsewhere,
        Outcome::Registered,
        Outcome::Registered,
        Outcome::AlreadyRegistered,
        Outcome::Invalid,
    ];
    assert_eq!(plan(partner, TAG).await, expected);
    assert_eq!(plan(partner, TAG).await, expected, "nothing was written");
    assert_eq!(device_count(&world, partner, customer.id()).await, 1);
    let no_consent = plan(&world.rival, TAG).await;
    assert_eq!(
        no_consent[..5],
        [Outcome::NoConsent; 5],
        "and nothing about who holds what"
    );
    assert_eq!(plan(partner, "nonsense").await[..5], [Outcome::WrongTag; 5]);
    let applied = world.register(partner, customer, &rows).await;
    assert_eq!(outcomes(&applied), expected);
}
