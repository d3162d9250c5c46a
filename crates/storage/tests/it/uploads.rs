//! Saving, lists and rows.

mod listed;

use std::sync::Arc;

use registration::plan::Outcome;
use registration::upload::{RowVerdict, UploadRow, UploadStatus};
use storage::drafts::DraftUpdate;
use storage::jobs::JobKind;
use storage::uploads::{Applied, RowFilter, Saved};
use storage::{Refused, Storage, StorageError};

use crate::battery;
use crate::world::{
    OTHER_TAG, START, TAG, World, digest, draft, fresh, save, tuple_row, tuple_rows,
};

battery![
    saving_twice_changes_nothing_and_says_so,
    saving_needs_consent_at_that_moment,
    a_saved_upload_is_never_dropped,
    the_customer_sees_what_was_saved_for_it_and_nobody_else_does,
    the_same_file_is_recognized,
    an_upload_without_rows_finishes,
    the_job_finds_the_upload_and_its_person,
];

async fn saving_twice_changes_nothing_and_says_so(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    world.consent(partner, &world.customer, None).await;
    let upload = world.draft(partner, &world.customer).await;
    let first = save(upload.id, &tuple_rows("A", 5), 2);
    let saved = store
        .save_upload(&partner.scope(), &partner.act(), first.clone())
        .await;
    let Ok(Saved::Now(now)) = saved else {
        panic!("{saved:?}")
    };
    assert_eq!((now.status, now.row_count), (UploadStatus::Queued, 5));
    assert_eq!(
        (now.queued_at, now.request_id),
        (Some(START), first.request_id)
    );
    assert_eq!(now.batch_id, Some(first.batch_id));
    let mut second = save(upload.id, &tuple_rows("B", 9), 3);
    OTHER_TAG.clone_into(&mut second.group_tag);
    let saved = store
        .save_upload(&partner.scope(), &partner.act_at(5), second)
        .await;
    let Ok(Saved::Before(before)) = saved else {
        panic!("{saved:?}")
    };
    assert_eq!(before, now);
    let stored = store
        .upload(&partner.scope(), upload.id)
        .await
        .expect("answers");
    assert_eq!(stored, Some(now));
    assert_eq!(
        store
            .draft_file(&partner.scope(), upload.id)
            .await
            .expect("answers"),
        None
    );
    let rows = world.rows(partner, upload.id).await;
    assert_eq!(
        rows.iter().map(|r| r.row.clone()).collect::<Vec<_>>(),
        tuple_rows("A", 5)
    );
    assert!(rows.iter().all(|row| row.result.is_none()));
    let job = store
        .claim_job(fresh(), START, 60)
        .await
        .expect("claims")
        .expect("a job");
    assert_eq!(job.kind, JobKind::ApplyUpload(upload.id));
    let other = store.claim_job(fresh(), START, 60).await.expect("claims");
    assert_eq!(other, None, "one job only");
}

async fn saving_needs_consent_at_that_moment(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    let until = START.plus_seconds(60);
    world.consent(partner, &world.customer, Some(until)).await;
    let upload = world.draft(partner, &world.customer).await;
    let save_at = async |seconds| {
        let save = save(upload.id, &tuple_rows("A", 1), 10);
        store
            .save_upload(&partner.scope(), &partner.act_at(seconds), save)
            .await
    };
    let late = save_at(60).await;
    assert!(
        matches!(late, Err(StorageError::Refused(Refused::NoConsent))),
        "{late:?}"
    );
    let still = store
        .upload(&partner.scope(), upload.id)
        .await
        .expect("answers");
    assert_eq!(still, Some(upload.clone()), "nothing of it stays");
    save_at(59).await.expect("saves in time");
    let strange = draft(partner, &world.other, 0);
    store
        .keep_draft(&partner.scope(), strange.clone(), vec![1])
        .await
        .expect("keeps");
    let save = save(strange.id, &tuple_rows("A", 1), 10);
    let never = store
        .save_upload(&partner.scope(), &partner.act(), save)
        .await;
    assert!(
        matches!(never, Err(StorageError::Refused(Refused::NoConsent))),
        "{never:?}"
    );
    let own = world
        .saved(&world.customer, &world.customer, &tuple_rows("B", 1), 10)
        .await;
    assert_eq!(
        own.party_id, own.customer_id,
        "a customer needs nobody's consent"
    );
}

async fn a_saved_upload_is_never_dropped(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    world.consent(partner, &world.customer, None).await;
    let upload = world
        .saved(partner, &world.customer, &tuple_rows("A", 2), 10)
        .await;
    store
        .drop_draft(&partner.scope(), upload.id)
        .await
        .expect("changes nothing");
    let mended = store
        .update_draft(&partner.scope(), upload.id, DraftUpdate::default())
        .await;
    assert!(matches!(mended, Err(StorageError::NotFound)), "{mended:?}");
    assert_eq!(world.rows(partner, upload.id).await.len(), 2);
}

async fn the_customer_sees_what_was_saved_for_it_and_nobody_else_does(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, customer) = (&world.store, &world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    let upload = world
        .saved(partner, customer, &tuple_rows("A", 2), 10)
        .await;
    for person in [partner, customer] {
        let scope = person.scope();
        assert!(
            store
                .upload(&scope, upload.id)
                .await
                .expect("answers")
                .is_some()
        );
        let page = store
            .uploads(&scope, customer.id(), None, 9)
            .await
            .expect("lists");
        assert_eq!(page.items.len(), 1);
        assert_eq!(
            store
                .batches(&scope, customer.id())
                .await
                .expect("lists")
                .len(),
            1
        );
    }
    for stranger in [&world.rival, &world.other, &world.oem, &world.operator] {
        let scope = stranger.scope();
        assert_eq!(
            store.upload(&scope, upload.id).await.expect("answers"),
            None
        );
        let page = store
            .uploads(&scope, customer.id(), None, 9)
            .await
            .expect("lists");
        assert_eq!(page.items, []);
        assert_eq!(
            store.batches(&scope, customer.id()).await.expect("lists"),
            []
        );
        let rows = store
            .upload_rows(&scope, upload.id, RowFilter::All, 0, 9)
            .await;
        assert!(matches!(rows, Err(StorageError::NotFound)), "{rows:?}");
        let saved = save(upload.id, &[], 1);
        let saved = store.save_upload(&scope, &stranger.act(), saved).await;
        assert!(matches!(saved, Err(StorageError::NotFound)), "{saved:?}");
    }
}

async fn the_same_file_is_recognized(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner, customer) = (&world.store, &world.partner, &world.customer);
    world.consent(partner, customer, None).await;
    world.consent(&world.rival, customer, None).await;
    let upload = world.draft(partner, customer).await;
    let same = async |who: &crate::world::Person, digest| {
        let found = store
            .same_file(&who.scope(), customer.id(), digest)
            .await
            .expect("answers");
        found.map(|upload| upload.id)
    };
    assert_eq!(
        same(partner, upload.file_digest).await,
        None,
        "a draft does not count"
    );
    let saved = save(upload.id, &tuple_rows("A", 1), 10);
    store
        .save_upload(&partner.scope(), &partner.act(), saved)
        .await
        .expect("saves");
    assert_eq!(same(partner, upload.file_digest).await, Some(upload.id));
    assert_eq!(same(partner, digest()).await, None);
    assert_eq!(same(&world.rival, upload.file_digest).await, None);
    let mut again = draft(partner, customer, 10);
    again.file_digest = upload.file_digest;
    store
        .keep_draft(&partner.scope(), again.clone(), vec![1])
        .await
        .expect("keeps");
    let saved = save(again.id, &tuple_rows("A", 1), 10);
    store
        .save_upload(&partner.scope(), &partner.act(), saved)
        .await
        .expect("saves");
    assert_eq!(
        same(partner, upload.file_digest).await,
        Some(again.id),
        "the latest one"
    );
}

async fn an_upload_without_rows_finishes(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    world.consent(&world.partner, &world.customer, None).await;
    let upload = world.saved(&world.partner, &world.customer, &[], 10).await;
    let upload = world.finish(&world.partner, upload.id, 1).await;
    assert_eq!(
        (upload.status, upload.row_count),
        (UploadStatus::Finished, 0)
    );
    assert_eq!(upload.completed_at, Some(START.plus_seconds(1)));
}

async fn the_job_finds_the_upload_and_its_person(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    world.consent(partner, &world.customer, None).await;
    let upload = world.draft(partner, &world.customer).await;
    let draft = store.apply_next_chunk(&partner.act(), upload.id).await;
    assert!(
        matches!(draft, Err(StorageError::NotFound)),
        "a draft is not applied: {draft:?}"
    );
    let saved = save(upload.id, &[tuple_row(1, "X1")], 10);
    store
        .save_upload(&partner.scope(), &partner.act(), saved)
        .await
        .expect("saves");
    let (found, member) = store
        .upload_for_job(upload.id)
        .await
        .expect("answers")
        .expect("is there");
    assert_eq!((found.id, found.status), (upload.id, UploadStatus::Queued));
    assert_eq!(member.user.id, partner.actor.user_id);
    assert_eq!(member.organization, partner.organization);
    let none = store.upload_for_job(draft_id()).await.expect("answers");
    assert!(none.is_none());
    let applied = store
        .apply_next_chunk(&partner.act(), upload.id)
        .await
        .expect("applies");
    assert!(matches!(applied, Applied::Finished(_)));
}

fn draft_id() -> registration::ids::UploadId {
    registration::ids::UploadId(fresh())
}
