//! How operations end: cancelled, voided, never received, without consent.

use super::*;

battery![
    what_is_not_received_as_a_whole_never_runs,
    all_or_nothing_writes_nothing_where_a_line_fails,
    a_cancelled_operation_goes_no_further,
    voiding_releases_what_was_registered_and_still_is_ones_own,
    consent_is_asked_for_every_chunk,
];

async fn void(world: &World, oem: &Person, id: OperationId) -> Operation {
    let (scope, act) = (oem.scope(), oem.act_at(9));
    let job = job(JobKind::VoidOperation(id));
    let begun = world.store.void_operation(&scope, &act, id, job).await;
    begun.expect("begins");
    loop {
        let moved = world.store.void_next_lines(&oem.act_at(9), id).await;
        if let Moved::Ended(operation) = moved.expect("voids") {
            return operation;
        }
    }
}

/// The customer revokes its consent to the OEM.
async fn revoke(world: &World, customer: &Person, seconds: i64) {
    let (scope, act) = (customer.scope(), customer.act_at(seconds));
    let (oem, id) = (world.oem.id(), customer.id());
    let standing = world
        .store
        .active_relationship(&scope, oem, id, act.at)
        .await;
    let standing = standing.expect("reads").expect("stands").id;
    let ended = world
        .store
        .end_relationship(&scope, &act, standing, EndReason::Revoked);
    ended.await.expect("revokes");
}

async fn what_is_not_received_as_a_whole_never_runs(store: Arc<dyn Storage>) {
    let world = world(store).await;
    let oem = &world.oem;
    let operation = receive(&world, oem, &lines(&world.customer, "A", 3), 2).await;
    let (scope, id) = (oem.scope(), operation.id);
    assert_eq!(
        world.store.operation(&scope, id).await.expect("reads"),
        None
    );
    let listed = world.store.operations(&scope, None, 10).await;
    assert_eq!(listed.expect("lists").items, []);
    let applied = world.store.apply_next_lines(&oem.act(), id).await;
    assert!(matches!(applied, Err(StorageError::NotFound)));
    world
        .store
        .sweep(START.plus_seconds(3600))
        .await
        .expect("sweeps");
    let kept = world.store.operation_for_job(id).await.expect("reads");
    assert!(kept.is_some(), "an hour is no day");
    for _ in 0..2 {
        world.store.sweep(START.plus_days(2)).await.expect("sweeps");
    }
    assert!(
        world
            .store
            .operation_for_job(id)
            .await
            .expect("reads")
            .is_none()
    );
    let dropped = receive(&world, oem, &lines(&world.customer, "A", 3), 2).await;
    world
        .store
        .drop_operation(&scope, dropped.id)
        .await
        .expect("drops");
    let kept = world.store.operation_for_job(dropped.id).await;
    assert!(kept.expect("reads").is_none());
}

async fn all_or_nothing_writes_nothing_where_a_line_fails(store: Arc<dyn Storage>) {
    let world = world(store).await;
    let customer = &world.customer;
    let good = lines(customer, "A", 3);
    let with_bad = [good.clone(), vec![broken(4, customer)]].concat();
    for (intent, status) in [
        (Intent::AllOrNothing, OperationStatus::Refused),
        (Intent::Validate, OperationStatus::Done),
    ] {
        let (operation, outcomes) = done(&world, &with_bad, intent).await;
        assert_eq!(operation.status, status);
        assert_eq!(outcomes[..3], [Outcome::Registered; 3]);
        assert_eq!(outcomes[3], Outcome::Invalid);
        assert_eq!(devices(&world, customer).await, 0);
    }
    let batches = world.store.batches(&customer.scope(), customer.id()).await;
    assert_eq!(batches.expect("lists").len(), 0);
    let (operation, outcomes) = done(&world, &good, Intent::AllOrNothing).await;
    assert_eq!(
        (operation.status, outcomes),
        (OperationStatus::Done, vec![Outcome::Registered; 3])
    );
    assert_eq!(devices(&world, customer).await, 3);
    let (_, outcomes) = done(&world, &good, Intent::Validate).await;
    assert_eq!(outcomes, [Outcome::AlreadyRegistered; 3]);
}

async fn a_cancelled_operation_goes_no_further(store: Arc<dyn Storage>) {
    let world = world(store).await;
    let (oem, scope) = (&world.oem, world.oem.scope());
    let operation = receive(&world, oem, &lines(&world.customer, "A", 6), 2).await;
    let id = operation.id;
    queue(&world, oem, id, None).await.expect("queues");
    world
        .store
        .apply_next_lines(&oem.act_at(1), id)
        .await
        .expect("applies");
    for _ in 0..2 {
        let cancelled = world
            .store
            .cancel_operation(&scope, &oem.act_at(2), id)
            .await;
        assert_eq!(
            cancelled.expect("cancels").status,
            OperationStatus::Cancelled
        );
    }
    let ended = finish(&world, oem, id).await;
    assert_eq!(
        (ended.status, ended.counts.decided()),
        (OperationStatus::Cancelled, 2)
    );
    assert_eq!(devices(&world, &world.customer).await, 2);
    let (done, _) = done(&world, &lines(&world.customer, "B", 1), Intent::Each).await;
    let refused = world
        .store
        .cancel_operation(&scope, &oem.act_at(2), done.id)
        .await;
    let ended = Refused::Operation(OperationRefusal::Ended);
    assert!(matches!(refused, Err(StorageError::Refused(known)) if known == ended));
    assert_eq!(void(&world, oem, id).await.released, 2);
}

async fn voiding_releases_what_was_registered_and_still_is_ones_own(store: Arc<dyn Storage>) {
    let world = world(store).await;
    world.consent(&world.oem, &world.other, None).await;
    let (oem, customer, other) = (&world.oem, &world.customer, &world.other);
    done(&world, &lines(customer, "Z", 1), Intent::Each).await;
    let mut sent = lines(customer, "A", 4);
    sent.extend((5..=6).map(|n| line(n, other, &format!("B{n}"))));
    sent.push(line(7, customer, "Z00001"));
    let operation = receive(&world, oem, &sent, 3).await;
    let (id, scope) = (operation.id, oem.scope());
    queue(&world, oem, id, None).await.expect("queues");
    let running = world
        .store
        .void_operation(&scope, &oem.act(), id, job(JobKind::VoidOperation(id)))
        .await;
    let runs = Refused::Operation(OperationRefusal::Runs);
    assert!(matches!(running, Err(StorageError::Refused(known)) if known == runs));
    finish(&world, oem, id).await;
    // The customer took one back, the other one revoked its consent.
    let found = world
        .store
        .shipped_devices(
            &scope,
            &[KnownBy::Reference("R-A00002".to_owned())],
            START,
            None,
            9,
        )
        .await
        .expect("finds");
    let gone = [found.items[0].device.id];
    let (by, act) = (customer.scope(), customer.act_at(3));
    let done = world
        .store
        .deregister(&by, &act, customer.id(), &gone)
        .await;
    assert_eq!(done.expect("releases").len(), 1);
    let preview = world.store.would_release(&scope, &oem.act_at(4), id).await;
    let mut preview: Vec<_> = preview
        .expect("previews")
        .iter()
        .map(|one| (one.customer_id, one.devices))
        .collect();
    preview.sort_unstable();
    let mut expected = [(customer.id(), 3), (other.id(), 2)];
    expected.sort_unstable();
    assert_eq!(preview, expected);
    revoke(&world, other, 5).await;
    let voided = void(&world, oem, id).await;
    assert_eq!(
        (voided.status, voided.released),
        (OperationStatus::Voided, 3)
    );
    assert_eq!(void(&world, oem, id).await, voided);
    assert_eq!(
        (
            devices(&world, customer).await,
            devices(&world, other).await
        ),
        (1, 2)
    );
    assert_eq!(
        known(&world, oem, KnownBy::Reference("R-A00001".to_owned())).await,
        0
    );
    // The devices are free again.
    let (_, again) = self::done(&world, &lines(customer, "A", 4), Intent::Each).await;
    assert_eq!(again, [Outcome::Registered; 4]);
}

async fn consent_is_asked_for_every_chunk(store: Arc<dyn Storage>) {
    let world = world(store).await;
    let (oem, customer) = (&world.oem, &world.customer);
    let operation = receive(&world, oem, &lines(customer, "A", 4), 2).await;
    queue(&world, oem, operation.id, None)
        .await
        .expect("queues");
    let first = world
        .store
        .apply_next_lines(&oem.act_at(1), operation.id)
        .await;
    assert!(matches!(first, Ok(Moved::More(_))));
    revoke(&world, customer, 1).await;
    let ended = finish(&world, oem, operation.id).await;
    assert_eq!(ended.counts.of(Outcome::Registered), 2);
    assert_eq!(ended.counts.of(Outcome::NoConsent), 2);
    assert_eq!(
        known(&world, oem, KnownBy::PurchaseOrder("PO-7".to_owned())).await,
        0
    );
}
