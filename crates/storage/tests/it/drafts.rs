//! Drafts: their file, what was changed in it, and who may.

use std::sync::Arc;

use registration::ids::UploadId;
use storage::drafts::{Changes, DraftChange, DraftFile, DraftUpdate, Splice};
use storage::uploads::Saved;
use storage::{Refused, Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, World, save, tuple_rows};

battery![
    a_draft_is_kept_and_dropped_by_its_party_alone,
    changes_are_kept_in_their_order_and_taken_back,
    accepted_guesses_stay_with_the_draft,
    a_change_of_an_older_version_is_refused,
    of_many_changes_at_once_one_is_made,
    a_draft_that_was_changed_meanwhile_is_not_saved,
    what_was_changed_goes_with_the_draft,
];

/// A change from one file to another, made from this version.
fn change(version: u64, from: &[u8], to: &[u8]) -> DraftUpdate {
    DraftUpdate {
        version,
        file: Some((to.to_vec(), [to[0]; 32])),
        accepted: Vec::new(),
        changes: Changes::Add(DraftChange {
            said: format!("change {}", version + 1),
            back: Splice::between(to, from),
        }),
    }
}

async fn file(store: &Arc<dyn Storage>, person: &Person, id: UploadId) -> DraftFile {
    let file = store.draft_file(&person.scope(), id).await;
    file.expect("answers").expect("is there")
}

fn is_changed(answer: &Result<impl std::fmt::Debug, StorageError>) -> bool {
    matches!(answer, Err(StorageError::Refused(Refused::DraftChanged)))
}

async fn a_draft_is_kept_and_dropped_by_its_party_alone(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, own) = (&world.store, world.partner.scope());
    let upload = world.draft(&world.partner, &world.customer).await;
    let kept = store.upload(&own, upload.id).await.expect("answers");
    assert_eq!(kept, Some(upload.clone()));
    let update = change(0, b"file", b"mended");
    store
        .update_draft(&own, upload.id, update.clone())
        .await
        .expect("mends");
    for stranger in [&world.rival, &world.customer, &world.other, &world.operator] {
        let scope = stranger.scope();
        let upload_seen = store.upload(&scope, upload.id).await.expect("answers");
        assert_eq!(upload_seen, None);
        let file_seen = store.draft_file(&scope, upload.id).await.expect("answers");
        assert_eq!(file_seen, None);
        let changes = store.draft_changes(&scope, upload.id).await;
        assert_eq!(changes.expect("answers"), []);
        let mended = store.update_draft(&scope, upload.id, update.clone()).await;
        assert!(matches!(mended, Err(StorageError::NotFound)), "{mended:?}");
        store
            .drop_draft(&scope, upload.id)
            .await
            .expect("changes nothing");
    }
    assert_eq!(
        file(store, &world.partner, upload.id).await.bytes,
        b"mended"
    );
    let mended = store.upload(&own, upload.id).await.expect("answers");
    assert_eq!(mended.expect("is there").file_digest, [b'm'; 32]);
    for _ in 0..2 {
        store
            .drop_draft(&own, upload.id)
            .await
            .expect("drops, and then changes nothing");
    }
    assert_eq!(store.upload(&own, upload.id).await.expect("answers"), None);
    let gone = store.draft_file(&own, upload.id).await.expect("answers");
    assert_eq!(gone, None);
}

async fn changes_are_kept_in_their_order_and_taken_back(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, person) = (&world.store, &world.partner);
    let id = world.draft(person, &world.customer).await.id;
    let files: [&[u8]; 4] = [b"file", b"file, mended", b"mended", b"men\0ded\xff"];
    for (version, pair) in (0..).zip(files.windows(2)) {
        store
            .update_draft(&person.scope(), id, change(version, pair[0], pair[1]))
            .await
            .expect("mends");
    }
    let now = file(store, person, id).await;
    assert_eq!((now.version, now.changes), (3, 3));
    assert_eq!(now.last_change.as_deref(), Some("change 3"));
    let mut bytes = now.bytes;
    let changes = store
        .draft_changes(&person.scope(), id)
        .await
        .expect("answers");
    for (change, before) in changes.iter().zip(files).rev() {
        bytes = change.back.apply(&bytes).expect("fits");
        assert_eq!(bytes, before);
    }
    let back = DraftUpdate {
        version: 3,
        file: Some((files[1].to_vec(), [9; 32])),
        changes: Changes::First(1),
        ..DraftUpdate::default()
    };
    store
        .update_draft(&person.scope(), id, back)
        .await
        .expect("takes back");
    let now = file(store, person, id).await;
    assert_eq!((now.version, now.changes), (4, 1));
    assert_eq!(now.bytes, files[1]);
    assert_eq!(now.last_change.as_deref(), Some("change 1"));
    store
        .update_draft(&person.scope(), id, change(4, files[1], b"again"))
        .await
        .expect("mends again");
    assert_eq!(file(store, person, id).await.changes, 2);
}

async fn accepted_guesses_stay_with_the_draft(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, person) = (&world.store, &world.partner);
    let id = world.draft(person, &world.customer).await.id;
    let accepted = vec!["EN0411".to_owned(), "EN0702".to_owned()];
    let update = DraftUpdate {
        accepted: accepted.clone(),
        ..DraftUpdate::default()
    };
    store
        .update_draft(&person.scope(), id, update)
        .await
        .expect("accepts");
    let now = file(store, person, id).await;
    assert_eq!((now.bytes, now.version), (b"file".to_vec(), 1));
    assert_eq!((now.accepted, now.changes), (accepted, 0));
    let upload = store.upload(&person.scope(), id).await.expect("answers");
    assert_ne!(upload.expect("is there").file_digest, [0; 32], "stays");
}

async fn a_change_of_an_older_version_is_refused(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, person) = (&world.store, &world.partner);
    let id = world.draft(person, &world.customer).await.id;
    let first = change(0, b"file", b"mine");
    store
        .update_draft(&person.scope(), id, first)
        .await
        .expect("mends");
    for version in [0, 2, u64::MAX - 1] {
        let late = change(version, b"file", b"yours");
        let refused = store.update_draft(&person.scope(), id, late).await;
        assert!(is_changed(&refused), "{refused:?}");
    }
    let now = file(store, person, id).await;
    assert_eq!((now.bytes, now.changes), (b"mine".to_vec(), 1));
}

async fn of_many_changes_at_once_one_is_made(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, person) = (&world.store, &world.partner);
    let id = world.draft(person, &world.customer).await.id;
    let running: Vec<_> = (b'a'..b'i')
        .map(|letter| {
            let (store, scope) = (Arc::clone(store), person.scope());
            let update = change(0, b"file", &[letter]);
            tokio::spawn(async move { store.update_draft(&scope, id, update).await })
        })
        .collect();
    let mut made = 0;
    for one in running {
        match one.await.expect("ends") {
            Ok(()) => made += 1,
            refused => assert!(is_changed(&refused), "{refused:?}"),
        }
    }
    let now = file(store, person, id).await;
    assert_eq!((made, now.version, now.changes), (1, 1, 1));
}

async fn a_draft_that_was_changed_meanwhile_is_not_saved(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, partner) = (&world.store, &world.partner);
    world.consent(partner, &world.customer, None).await;
    let id = world.draft(partner, &world.customer).await.id;
    let mut saving = save(id, &tuple_rows("A", 2), 10);
    store
        .update_draft(&partner.scope(), id, change(0, b"file", b"mended"))
        .await
        .expect("mends");
    let refused = store
        .save_upload(&partner.scope(), &partner.act(), saving.clone())
        .await;
    assert!(is_changed(&refused), "{refused:?}");
    assert_eq!(file(store, partner, id).await.bytes, b"mended");
    saving.draft_version = 1;
    let saved = store
        .save_upload(&partner.scope(), &partner.act(), saving)
        .await;
    assert!(matches!(saved, Ok(Saved::Now(_))), "{saved:?}");
    let gone = store.draft_file(&partner.scope(), id).await;
    assert_eq!(gone.expect("answers"), None);
    let gone = store.draft_changes(&partner.scope(), id).await;
    assert_eq!(gone.expect("answers"), []);
}

async fn what_was_changed_goes_with_the_draft(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (store, person) = (&world.store, &world.partner);
    for dropped in [true, false] {
        let id = world.draft(person, &world.customer).await.id;
        store
            .update_draft(&person.scope(), id, change(0, b"file", b"mended"))
            .await
            .expect("mends");
        if dropped {
            store.drop_draft(&person.scope(), id).await.expect("drops");
        } else {
            let later = START.plus_days(2);
            store.sweep(later).await.expect("sweeps");
        }
        let gone = store.upload(&person.scope(), id).await;
        assert_eq!(gone.expect("answers"), None);
    }
}
