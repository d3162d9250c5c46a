//! Operations of OEMs: lines for many customers, applied chunk by chunk, known again by a key,
//! cancelled, voided.

mod ending;
mod knowing;

use std::slice::from_ref;
use std::sync::Arc;

use registration::ids::{JobId, OperationId, RequestId};
use registration::operation::{
    CustomerName, LineFinding, Operation, OperationLine, OperationRefusal, OperationStatus,
    Shipment,
};
use registration::plan::Outcome;
use registration::relationship::EndReason;
use storage::jobs::{JobKind, NewJob};
use storage::operations::{Intent, LineChunk, LinesDone, Moved, Sent};
use storage::shipments::KnownBy;
use storage::submissions::RequestKey;
use storage::{Refused, Storage, StorageError};

use crate::battery;
use crate::world::{Person, START, TAG, World, digest, fresh, tuple_rows};

battery![
    lines_are_applied_for_their_own_customers,
    chunks_are_applied_one_by_one_and_read_from_any_line,
    a_request_sent_again_has_no_second_effect,
    many_at_once_with_one_key_are_one,
    lines_that_contradict_each_other_at_once_end_all_the_same,
];

fn line(number: u64, customer: &Person, serial: &str) -> OperationLine {
    OperationLine {
        number,
        customer: customer.organization.domain.clone(),
        group_tag: TAG.to_owned(),
        manufacturer: "Contoso".to_owned(),
        model: "Book 13".to_owned(),
        serial: serial.to_owned(),
        pkid: String::new(),
        shipment: Shipment {
            reference: format!("R-{serial}"),
            purchase_order: "PO-7".to_owned(),
            ship_date: "2026-11-30".to_owned(),
        },
        findings: Vec::new(),
    }
}

fn broken(number: u64, customer: &Person) -> OperationLine {
    OperationLine {
        findings: vec![LineFinding {
            code: "EN0206".to_owned(),
            field: "serialNumber".to_owned(),
            cause: "wrong".to_owned(),
            fix: "mend it".to_owned(),
        }],
        ..line(number, customer, "")
    }
}

fn lines(customer: &Person, prefix: &str, count: u64) -> Vec<OperationLine> {
    (1..=count)
        .map(|n| line(n, customer, &format!("{prefix}{n:05}")))
        .collect()
}

fn new(oem: &Person) -> Operation {
    let request = RequestId(fresh());
    Operation::receiving(
        OperationId(fresh()),
        oem.id(),
        oem.actor.user_id,
        request,
        START,
    )
}

fn job(kind: JobKind) -> NewJob {
    NewJob {
        id: JobId(fresh()),
        kind,
        run_at: START,
    }
}

fn key() -> RequestKey {
    RequestKey {
        request_id: RequestId(fresh()),
        digest: digest(),
    }
}

/// Keeps lines in chunks of `size`.
async fn receive(world: &World, oem: &Person, lines: &[OperationLine], size: usize) -> Operation {
    let (operation, scope) = (new(oem), oem.scope());
    let store = &world.store;
    let received = store.receive_operation(&scope, operation.clone()).await;
    received.expect("is kept");
    for (number, lines) in (0..).zip(lines.chunks(size)) {
        let lines = lines.to_vec();
        let chunk = LineChunk { number, lines };
        let kept = store.receive_lines(&scope, operation.id, chunk).await;
        kept.expect("lines are kept");
    }
    operation
}

async fn queue(
    world: &World,
    oem: &Person,
    id: OperationId,
    key: Option<RequestKey>,
) -> storage::Result<Sent> {
    let job = job(JobKind::ApplyOperation(id));
    let (scope, act) = (oem.scope(), oem.act());
    world
        .store
        .queue_operation(&scope, &act, id, key, job)
        .await
}

async fn finish(world: &World, oem: &Person, id: OperationId) -> Operation {
    loop {
        let moved = world.store.apply_next_lines(&oem.act_at(2), id).await;
        if let Moved::Ended(operation) = moved.expect("applies") {
            return operation;
        }
    }
}

async fn register(
    world: &World,
    oem: &Person,
    lines: &[OperationLine],
    intent: Intent,
    key: Option<RequestKey>,
) -> storage::Result<LinesDone> {
    let (scope, act) = (oem.scope(), oem.act_at(1));
    let store = &world.store;
    store
        .register_lines(&scope, &act, new(oem), lines.to_vec(), intent, key)
        .await
}

/// The operation and the outcomes.
async fn done(world: &World, lines: &[OperationLine], intent: Intent) -> (Operation, Vec<Outcome>) {
    let done = register(world, &world.oem, lines, intent, None).await;
    match done.expect("answers") {
        LinesDone::Now { operation, results } => {
            let outcomes = results.iter().map(|result| result.outcome);
            (operation, outcomes.collect())
        }
        LinesDone::Before(id) => panic!("{id} was there before"),
    }
}

async fn known(world: &World, person: &Person, by: KnownBy) -> usize {
    known_by_all(world, person, &[by]).await
}

async fn known_by_all(world: &World, person: &Person, by: &[KnownBy]) -> usize {
    let now = START.plus_seconds(20);
    let found = world
        .store
        .shipped_devices(&person.scope(), by, now, None, 100)
        .await;
    found.expect("lists").items.len()
}

async fn devices(world: &World, customer: &Person) -> usize {
    let (scope, id) = (customer.scope(), customer.id());
    let filter = storage::devices::DeviceFilter::default();
    let found = world
        .store
        .devices(&scope, id, &filter, START.plus_seconds(20), None, 9000)
        .await;
    found.expect("lists").items.len()
}

async fn world(store: Arc<dyn Storage>) -> World {
    let world = World::new(store).await;
    world.consent(&world.oem, &world.customer, None).await;
    world
}

async fn lines_are_applied_for_their_own_customers(store: Arc<dyn Storage>) {
    let world = world(store).await;
    world.consent(&world.oem, &world.other, None).await;
    let (customer, other) = (&world.customer, &world.other);
    let sent = [
        line(1, customer, "A1"),
        OperationLine {
            customer: other.id().to_string(),
            group_tag: String::new(),
            ..line(2, other, "B1")
        },
        broken(3, customer),
        OperationLine {
            group_tag: "nonsense".to_owned(),
            ..line(4, customer, "A2")
        },
        line(5, &world.rival, "C1"),
        line(6, customer, "A1"),
        line(7, other, "A1"),
        OperationLine {
            customer: world.oem.id().to_string(),
            ..line(8, customer, "D1")
        },
    ];
    let (operation, outcomes) = done(&world, &sent, Intent::Each).await;
    let expected = [
        Outcome::Registered,
        Outcome::Registered,
        Outcome::Invalid,
        Outcome::WrongTag,
        Outcome::NoConsent,
        Outcome::AlreadyRegistered,
        Outcome::RegisteredElsewhere,
        Outcome::NoConsent,
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(operation.status, OperationStatus::Done);
    assert_eq!(operation.counts.of(Outcome::Registered), 2);
    assert_eq!(
        (
            devices(&world, customer).await,
            devices(&world, other).await
        ),
        (1, 1)
    );
    let batches = world.store.batches(&other.scope(), other.id()).await;
    let batches = batches.expect("lists");
    let order = batches.iter().find(|batch| batch.name == "PO-7");
    let order = order.expect("a batch for the purchase order");
    assert_eq!((order.group_tag.as_str(), order.device_count), ("", 1));
    let (scope, id) = (world.oem.scope(), operation.id);
    let kept = world.store.operation_lines(&scope, id, true, 0, 100).await;
    let kept: Vec<_> = kept.expect("reads").iter().map(|l| l.line.number).collect();
    assert_eq!(kept, [3, 4, 5, 7, 8]);
}

async fn chunks_are_applied_one_by_one_and_read_from_any_line(store: Arc<dyn Storage>) {
    let world = world(store).await;
    let (oem, customer) = (&world.oem, &world.customer);
    let mut sent = lines(customer, "A", 7);
    sent[4] = broken(5, customer);
    let operation = receive(&world, oem, &sent, 3).await;
    let queued = queue(&world, oem, operation.id, None)
        .await
        .expect("queues");
    let Sent::Now(queued) = queued else {
        panic!("it is new");
    };
    assert_eq!(
        (queued.status, queued.line_count),
        (OperationStatus::Queued, 7)
    );
    let first = world
        .store
        .apply_next_lines(&oem.act_at(1), operation.id)
        .await;
    let Moved::More(half) = first.expect("applies") else {
        panic!("there is more");
    };
    assert_eq!(
        (half.status, half.counts.decided()),
        (OperationStatus::Running, 3)
    );
    let ended = finish(&world, oem, operation.id).await;
    assert_eq!(
        (ended.status, ended.counts.of(Outcome::Registered)),
        (OperationStatus::Done, 6)
    );
    // Once more changes nothing.
    assert_eq!(finish(&world, oem, operation.id).await, ended);
    let read = async |failed, after, limit| {
        let (scope, id) = (oem.scope(), operation.id);
        let read = world
            .store
            .operation_lines(&scope, id, failed, after, limit)
            .await;
        let read = read.expect("reads");
        assert!(read.iter().all(|line| line.result.is_some()));
        read.iter().map(|line| line.line.number).collect::<Vec<_>>()
    };
    assert_eq!(read(false, 0, 100).await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(read(false, 2, 3).await, [3, 4, 5]);
    assert_eq!(read(false, 6, 3).await, [7]);
    assert_eq!(read(false, 7, 3).await, [0; 0]);
    assert_eq!(read(true, 0, 3).await, [5]);
    assert_eq!(devices(&world, customer).await, 6);
}

async fn a_request_sent_again_has_no_second_effect(store: Arc<dyn Storage>) {
    let world = world(store).await;
    let (oem, customer) = (&world.oem, &world.customer);
    let (key, sent) = (key(), lines(customer, "A", 3));
    let first = receive(&world, oem, &sent, 2).await;
    let queued = queue(&world, oem, first.id, Some(key)).await;
    assert!(matches!(queued, Ok(Sent::Now(_))));
    let second = receive(&world, oem, &sent, 2).await;
    let again = queue(&world, oem, second.id, Some(key)).await;
    assert_eq!(again.expect("answers"), Sent::Before(first.id));
    let (number, lines) = (9, sent.clone());
    let gone = world
        .store
        .receive_lines(&oem.scope(), second.id, LineChunk { number, lines })
        .await;
    assert!(matches!(gone, Err(StorageError::NotFound)));
    let known = register(&world, oem, &sent, Intent::Each, Some(key)).await;
    assert_eq!(known.expect("answers"), LinesDone::Before(first.id));
    let digest = digest();
    let other = RequestKey { digest, ..key };
    let refused = register(&world, oem, &sent, Intent::Each, Some(other)).await;
    let is_reused = |error: Option<StorageError>| {
        matches!(error, Some(StorageError::Refused(Refused::RequestIdReused)))
    };
    assert!(is_reused(refused.err()));
    let third = receive(&world, oem, &sent, 2).await;
    assert!(is_reused(
        queue(&world, oem, third.id, Some(other)).await.err()
    ));
    // Validating is no request of its own.
    let tried = register(&world, oem, &sent, Intent::Validate, Some(other)).await;
    assert!(matches!(tried, Ok(LinesDone::Now { .. })));
}

async fn many_at_once_with_one_key_are_one(store: Arc<dyn Storage>) {
    let world = Arc::new(world(store).await);
    let key = key();
    let running: Vec<_> = (0..12)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let sent = lines(&world.customer, "A", 5);
                let done = register(&world, &world.oem, &sent, Intent::Each, Some(key)).await;
                match done.expect("answers") {
                    LinesDone::Now { operation, .. } => (true, operation.id),
                    LinesDone::Before(id) => (false, id),
                }
            })
        })
        .collect();
    let mut ids = Vec::new();
    let mut firsts = 0;
    for one in running {
        let (first, id) = one.await.expect("ends");
        firsts += usize::from(first);
        ids.push(id);
    }
    assert!(firsts == 1 && ids.iter().all(|id| *id == ids[0]));
    assert_eq!(devices(&world, &world.customer).await, 5);
}

/// Several send the same devices for two customers, in other orders: each device ends with one of
/// them, and nobody is told that the database could not decide.
async fn lines_that_contradict_each_other_at_once_end_all_the_same(store: Arc<dyn Storage>) {
    let world = Arc::new(world(store).await);
    world.consent(&world.oem, &world.other, None).await;
    let running: Vec<_> = (0..4u64)
        .map(|n| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let (first, second) = if n % 2 == 0 {
                    (&world.customer, &world.other)
                } else {
                    (&world.other, &world.customer)
                };
                let (low, high) = if n < 2 { ("A", "B") } else { ("B", "A") };
                let mut sent = lines(first, low, 40);
                sent.extend(lines(second, high, 40));
                done(&world, &sent, Intent::Each).await.1
            })
        })
        .collect();
    let mut registered = 0;
    for one in running {
        let outcomes = one.await.expect("ends");
        let of = |outcome| outcomes.iter().filter(|one| **one == outcome).count();
        registered += of(Outcome::Registered);
        let known = of(Outcome::Registered)
            + of(Outcome::AlreadyRegistered)
            + of(Outcome::RegisteredElsewhere);
        assert_eq!(known, 80);
    }
    assert_eq!(registered, 80);
    let (one, other) = (&world.customer, &world.other);
    assert_eq!(
        devices(&world, one).await + devices(&world, other).await,
        80
    );
}
