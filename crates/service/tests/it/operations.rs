//! Lines on their way in: how many, for how many customers, and what is left of those that are too
//! many.

use registration::operation::{Operation, OperationStatus};
use registration::plan::Outcome;
use service::operations::intake::{Order, Taken};
use service::operations::line::GivenLine;
use service::{Caller, DeskError};

use crate::desk::World;

fn line(n: usize, customer: &str) -> GivenLine {
    GivenLine {
        customer: customer.to_owned(),
        manufacturer: "Contoso".to_owned(),
        model: "Book 13".to_owned(),
        serial: format!("S{n:05}"),
        ..GivenLine::default()
    }
}

async fn send(
    world: &World,
    caller: &Caller,
    lines: impl Iterator<Item = GivenLine>,
) -> Result<Taken, DeskError> {
    let mut intake = world.desk.intake(caller)?;
    for line in lines {
        if let Err(error) = intake.add(line).await {
            intake.drop_received().await?;
            return Err(error);
        }
    }
    intake.finish(&Order::default()).await
}

async fn waits(world: &World, lines: impl Iterator<Item = GivenLine>) -> Operation {
    match send(world, &world.oem, lines).await.expect("is taken") {
        Taken::Waits(operation) => operation,
        Taken::Done(operation, _) => panic!("{} was answered at once", operation.id),
    }
}

#[tokio::test]
async fn more_lines_than_the_limit_are_refused_and_nothing_is_left() {
    let world = World::new().await;
    world.consent(&world.oem, &world.customer).await;
    let domain = world.customer.organization.domain.clone();
    let too_many = (0..3001).map(|n| line(n, &domain));
    let refused = send(&world, &world.oem, too_many).await;
    let limit = |error| matches!(error, DeskError::TooLarge { limit: 3000, .. });
    assert!(refused.is_err_and(limit));
    let none = send(&world, &world.oem, std::iter::empty()).await;
    assert!(matches!(none, Err(DeskError::Invalid(_))));
    world.work_off().await;
    let page = world.desk.operations(&world.oem, None, 10).await;
    assert_eq!(page.expect("lists").items, []);
    let most = waits(&world, (0..3000).map(|n| line(n, &domain))).await;
    world.work_off().await;
    let done = world.desk.operation(&world.oem, most.id).await;
    let done = done.expect("is there");
    assert_eq!(done.counts.of(Outcome::Registered), 3000);
}

#[tokio::test]
async fn lines_for_many_customers_come_back_in_order() {
    let world = World::new().await;
    world.consent(&world.oem, &world.customer).await;
    let domain = world.customer.organization.domain.clone();
    let customer = |n: usize| {
        if n.is_multiple_of(7) {
            domain.clone()
        } else {
            format!("nobody-{n}.example")
        }
    };
    let sent = waits(&world, (0..1500).map(|n| line(n, &customer(n)))).await;
    world.work_off().await;
    let done = world
        .desk
        .operation(&world.oem, sent.id)
        .await
        .expect("is there");
    assert_eq!(done.status, OperationStatus::Done);
    let lines = world
        .desk
        .operation_lines(&world.oem, sent.id, false, 0, 5000)
        .await
        .expect("reads");
    assert_eq!(lines.len(), 1500);
    for (n, line) in lines.iter().enumerate() {
        let outcome = line.result.as_ref().map(|result| result.outcome);
        let expected = if n.is_multiple_of(7) {
            Outcome::Registered
        } else {
            Outcome::NoConsent
        };
        assert_eq!((line.line.number, outcome), (n as u64 + 1, Some(expected)));
    }
}

#[tokio::test]
async fn the_channel_is_the_oems_alone() {
    let world = World::new().await;
    for caller in [&world.partner, &world.customer, &world.operator] {
        let refused = world.desk.intake(caller).err();
        assert!(matches!(refused, Some(DeskError::NotFound)));
        let refused = world
            .desk
            .check_consents(caller, &["a.example".to_owned()])
            .await;
        assert!(matches!(refused, Err(DeskError::NotFound)));
    }
}
