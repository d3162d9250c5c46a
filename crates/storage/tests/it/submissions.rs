//! Devices that come through an API: known again by the request's id, batches by name.

use std::sync::Arc;

use registration::ids::{BatchId, JobId, OrganizationId, RequestId};
use registration::plan::Outcome;
use registration::upload::{Upload, UploadRow, UploadStatus};
use storage::devices::DeviceFilter;
use storage::jobs::{JobKind, NewJob};
use storage::submissions::{IntoBatch, RequestKey, Submission, Submitted};
use storage::{Refused, Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, TAG, World, digest, draft, fresh, tuple_rows};

battery![
    a_submission_is_queued_in_one_step_and_applied_like_any_upload,
    a_request_sent_again_has_no_second_effect,
    many_at_once_with_one_id_are_one,
    batch_names_are_kept_to_the_letter_and_differ_by_more_than_case,
    without_consent_nothing_is_kept,
    requests_are_forgotten_after_their_time,
];

fn submission(party: &Person, customer: &Person, batch: &str, rows: &[UploadRow]) -> Submission {
    let upload = draft(party, customer, 1);
    let tag = if batch == TAG { TAG } else { "" };
    Submission {
        job: NewJob {
            id: JobId(fresh()),
            kind: JobKind::ApplyUpload(upload.id),
            run_at: START,
        },
        upload,
        batch: IntoBatch::Named {
            name: batch.to_owned(),
            group_tag: tag.to_owned(),
            id: BatchId(fresh()),
        },
        key: None,
        chunks: rows.chunks(2).map(<[UploadRow]>::to_vec).collect(),
        policies: Vec::new(),
    }
}

fn key() -> RequestKey {
    RequestKey {
        request_id: RequestId(fresh()),
        digest: digest(),
    }
}

async fn submit(world: &World, party: &Person, sent: Submission) -> storage::Result<Submitted> {
    world.store.submit(&party.scope(), &party.act(), sent).await
}

fn now(submitted: Submitted) -> Upload {
    match submitted {
        Submitted::Now(upload) => *upload,
        Submitted::Before(id) => panic!("{id} was there before"),
    }
}

async fn uploads(world: &World, party: &Person, customer: OrganizationId) -> usize {
    let scope = party.scope();
    let found = world.store.uploads(&scope, customer, None, 100);
    found.await.expect("lists").items.len()
}

async fn a_submission_is_queued_in_one_step_and_applied_like_any_upload(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let sent = submission(partner, customer, "Autumn order", &tuple_rows("A", 5));
    let upload = now(submit(&world, partner, sent).await.expect("submits"));
    assert_eq!(
        (upload.status, upload.row_count, upload.group_tag.as_str()),
        (UploadStatus::Queued, 5, "")
    );
    let finished = world.finish(partner, upload.id, 2).await;
    assert_eq!(finished.counts.of(Outcome::Registered), 5);
    let batch = world
        .store
        .batch_named(&partner.scope(), customer.id(), "AUTUMN order")
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!(
        (batch.name.as_str(), batch.device_count),
        ("Autumn order", 5)
    );
    let filter = DeviceFilter {
        batch: Some(batch.id),
        ..DeviceFilter::default()
    };
    let (scope, at) = (customer.scope(), START.plus_seconds(9));
    let devices = world
        .store
        .devices(&scope, customer.id(), &filter, at, None, 10)
        .await
        .expect("lists");
    assert_eq!(devices.items.len(), 5);
    assert_eq!(devices.items[0].group_tag, "");
    // A rival's batch is none of ours.
    let rival = world.rival.scope();
    let other = world
        .store
        .batch_named(&rival, customer.id(), "Autumn order");
    assert_eq!(other.await.expect("answers"), None);
}

async fn a_request_sent_again_has_no_second_effect(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    let key = key();
    let sent = |party| Submission {
        key: Some(key),
        ..submission(party, customer, TAG, &tuple_rows("B", 3))
    };
    let first = now(submit(&world, partner, sent(partner))
        .await
        .expect("submits"));
    assert_eq!(first.group_tag, TAG);
    let again = submit(&world, partner, sent(partner)).await;
    assert_eq!(again.expect("answers"), Submitted::Before(first.id));
    let other = Submission {
        key: Some(RequestKey {
            digest: digest(),
            ..key
        }),
        ..sent(partner)
    };
    let refused = submit(&world, partner, other).await;
    assert!(matches!(
        refused,
        Err(StorageError::Refused(Refused::RequestIdReused))
    ));
    assert_eq!(uploads(&world, partner, customer.id()).await, 1);
    // Somebody else's ids are its own.
    now(submit(&world, &world.rival, sent(&world.rival))
        .await
        .expect("submits"));
}

async fn many_at_once_with_one_id_are_one(store: Arc<dyn Storage>) {
    let world = Arc::new(World::new(store).await);
    world.consent(&world.partner, &world.customer, None).await;
    let key = key();
    let running: Vec<_> = (0..20)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let (partner, customer) = (&world.partner, &world.customer);
                let sent = Submission {
                    key: Some(key),
                    ..submission(partner, customer, "Once", &tuple_rows("C", 3))
                };
                match submit(&world, partner, sent).await.expect("submits") {
                    Submitted::Now(upload) => (true, upload.id),
                    Submitted::Before(id) => (false, id),
                }
            })
        })
        .collect();
    let mut answers = Vec::new();
    for one in running {
        answers.push(one.await.expect("ends"));
    }
    assert_eq!(answers.iter().filter(|(new, _)| *new).count(), 1);
    assert!(answers.iter().all(|(_, id)| *id == answers[0].1));
    let customer = world.customer.id();
    assert_eq!(uploads(&world, &world.partner, customer).await, 1);
}

async fn batch_names_are_kept_to_the_letter_and_differ_by_more_than_case(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let first = submission(partner, customer, "Ward 7", &tuple_rows("D", 1));
    let first = now(submit(&world, partner, first).await.expect("submits"));
    let more = submission(partner, customer, "Ward 7", &tuple_rows("E", 1));
    let more = now(submit(&world, partner, more).await.expect("submits"));
    assert_eq!(more.batch_id, first.batch_id);
    let near = submission(partner, customer, "WARD 7", &tuple_rows("F", 1));
    assert!(matches!(
        submit(&world, partner, near).await,
        Err(StorageError::Refused(Refused::BatchNameTaken))
    ));
    let existing = |name: &str| Submission {
        batch: IntoBatch::Existing(name.to_owned()),
        ..submission(partner, customer, "", &tuple_rows("G", 1))
    };
    let added = now(submit(&world, partner, existing("ward 7"))
        .await
        .expect("submits"));
    assert_eq!(added.batch_id, first.batch_id);
    let missing = submit(&world, partner, existing("Ward 8")).await;
    assert!(matches!(missing, Err(StorageError::NotFound)));
    let scope = partner.scope();
    let batches = world.store.batches(&scope, customer.id());
    let names: Vec<_> = batches
        .await
        .expect("lists")
        .into_iter()
        .map(|batch| batch.name)
        .collect();
    assert_eq!(names, ["Ward 7"]);
}

async fn without_consent_nothing_is_kept(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    let sent = || Submission {
        key: Some(key()),
        ..submission(partner, customer, TAG, &tuple_rows("H", 2))
    };
    assert!(matches!(
        submit(&world, partner, sent()).await,
        Err(StorageError::Refused(Refused::NoConsent))
    ));
    assert_eq!(uploads(&world, partner, customer.id()).await, 0);
    world.consent(partner, customer, None).await;
    // A policy that is not there is refused, and its upload with it.
    let with_policy = Submission {
        policies: vec![(1, registration::ids::PolicyId(fresh()))],
        ..sent()
    };
    let refused = submit(&world, partner, with_policy).await;
    assert!(matches!(refused, Err(StorageError::NotFound)));
    assert_eq!(uploads(&world, partner, customer.id()).await, 0);
}

async fn requests_are_forgotten_after_their_time(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (partner, customer) = (&world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    let key = key();
    let sent = || Submission {
        key: Some(key),
        ..submission(partner, customer, TAG, &tuple_rows("K", 1))
    };
    let first = now(submit(&world, partner, sent()).await.expect("submits"));
    world
        .store
        .sweep(START.plus_days(400))
        .await
        .expect("sweeps");
    let again = submit(&world, partner, sent()).await.expect("answers");
    assert_eq!(again, Submitted::Before(first.id));
    world
        .store
        .sweep(START.plus_days(401))
        .await
        .expect("sweeps");
    let again = now(submit(&world, partner, sent()).await.expect("answers"));
    assert_ne!(again.id, first.id);
}
