//! The job queue.

use std::sync::Arc;

use registration::ids::{JobId, UploadId};
use storage::Storage;
use storage::jobs::{Job, JobKind};
use uuid::Uuid;

use crate::battery;
use crate::world::{START, World, draft, fresh, save};

battery![
    two_workers_never_get_the_same_job,
    a_lost_lease_is_told_and_takes_nothing_away,
    a_failed_job_comes_back_later,
    the_oldest_due_job_comes_first,
    a_job_that_gave_way_lets_the_others_go_first,
];

/// Saves an upload without rows whose job is due some seconds after the start.
async fn queue(world: &World, due: i64) -> (JobId, UploadId) {
    let customer = &world.customer;
    let upload = draft(customer, customer, 0);
    let (scope, act) = (customer.scope(), customer.act());
    world
        .store
        .keep_draft(&scope, upload.clone(), vec![])
        .await
        .expect("keeps");
    let mut save = save(upload.id, &[], 1);
    save.job.run_at = START.plus_seconds(due);
    let job = save.job.id;
    world
        .store
        .save_upload(&scope, &act, save)
        .await
        .expect("saves");
    (job, upload.id)
}

async fn claim(world: &World, worker: Uuid, seconds: i64) -> Option<Job> {
    let now = START.plus_seconds(seconds);
    world
        .store
        .claim_job(worker, now, 60)
        .await
        .expect("answers")
}

async fn two_workers_never_get_the_same_job(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let mut expected = Vec::new();
    for _ in 0..20 {
        expected.push(queue(&world, 0).await.0);
    }
    let worker = || {
        let store = Arc::clone(&world.store);
        tokio::spawn(async move {
            let (me, mut mine) = (fresh(), Vec::new());
            while let Some(job) = store.claim_job(me, START, 60).await.expect("answers") {
                mine.push(job.id);
            }
            mine
        })
    };
    let (first, second) = tokio::join!(worker(), worker());
    let mut claimed = [first.expect("ends"), second.expect("ends")].concat();
    claimed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(claimed, expected, "each of them once");
}

async fn a_lost_lease_is_told_and_takes_nothing_away(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (id, upload) = queue(&world, 0).await;
    let (slow, quick) = (fresh(), fresh());
    let job = claim(&world, slow, 0).await;
    let kind = JobKind::ApplyUpload(upload);
    assert_eq!(
        job,
        Some(Job {
            id,
            kind,
            attempts: 0
        })
    );
    assert_eq!(claim(&world, quick, 59).await, None, "it is leased");
    let later = START.plus_seconds(90);
    assert!(
        world
            .store
            .keep_lease(id, slow, later)
            .await
            .expect("answers")
    );
    assert_eq!(claim(&world, quick, 89).await, None, "and was prolonged");
    let job = claim(&world, quick, 90)
        .await
        .expect("the lease has run out");
    assert_eq!(job.attempts, 1);
    assert!(
        !world
            .store
            .keep_lease(id, slow, later)
            .await
            .expect("answers")
    );
    world
        .store
        .retry_job(id, slow, START, "late")
        .await
        .expect("changes nothing");
    world
        .store
        .finish_job(id, slow)
        .await
        .expect("changes nothing");
    assert!(
        world
            .store
            .keep_lease(id, quick, later)
            .await
            .expect("still holds it")
    );
    world.store.finish_job(id, quick).await.expect("finishes");
    assert!(
        !world
            .store
            .keep_lease(id, quick, later)
            .await
            .expect("answers")
    );
    assert_eq!(claim(&world, slow, 9999).await, None);
}

async fn a_failed_job_comes_back_later(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (id, _) = queue(&world, 0).await;
    let worker = fresh();
    assert!(claim(&world, worker, 0).await.is_some());
    let later = START.plus_seconds(30);
    world
        .store
        .retry_job(id, worker, later, "the database was busy")
        .await
        .expect("retries");
    assert_eq!(claim(&world, worker, 29).await, None);
    let job = claim(&world, fresh(), 30).await.expect("is due again");
    assert_eq!((job.id, job.attempts), (id, 1));
}

async fn the_oldest_due_job_comes_first(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let late = queue(&world, 20).await.0;
    let early = queue(&world, 10).await.0;
    let worker = fresh();
    assert_eq!(claim(&world, worker, 9).await, None);
    assert_eq!(
        claim(&world, worker, 20).await.map(|job| job.id),
        Some(early)
    );
    assert_eq!(
        claim(&world, worker, 20).await.map(|job| job.id),
        Some(late)
    );
}

async fn a_job_that_gave_way_lets_the_others_go_first(store: Arc<dyn Storage>) {
    let world = World::new(store).await;
    let (long, _) = queue(&world, 0).await;
    let worker = fresh();
    let claimed = async || claim(&world, worker, 5).await.expect("one is due");
    assert_eq!(claimed().await.id, long);
    let (short, _) = queue(&world, 1).await;
    world.store.give_way(long, fresh()).await.expect("answers");
    assert_eq!(claimed().await.id, short, "only its holder gives way");
    world.store.give_way(long, worker).await.expect("gives way");
    let again = claimed().await;
    assert_eq!((again.id, again.attempts), (long, 0));
    world.store.give_way(long, worker).await.expect("gives way");
    world
        .store
        .give_way(short, worker)
        .await
        .expect("gives way");
    assert_eq!(claimed().await.id, short, "it had fewer turns");
}
