//! From a list to registered devices.

use device_list::{Dialect, SampleDevices};
use registration::plan::Outcome;
use registration::profile::DeviceProfile;
use registration::upload::UploadStatus;
use service::DeskError;
use service::devices::DeviceQuery;
use service::register::ListFile;
use service::uploads::explain;
use storage::uploads::{RowFilter, Saved};

use crate::desk::World;

const TAG: &str = "Microsoft365Managed_PowerUser";

fn file(text: &str) -> ListFile {
    ListFile {
        name: "devices.csv".into(),
        bytes: text.as_bytes().to_vec(),
    }
}

fn tuples(range: std::ops::Range<u32>) -> ListFile {
    let rows: Vec<_> = range
        .map(|n| format!("Contoso,Book 13,SN{n:06}\r\n"))
        .collect();
    let rows = rows.concat();
    file(&format!("Manufacturer,Model,Serial Number\r\n{rows}"))
}

#[tokio::test]
async fn every_row_gets_one_outcome_and_the_failed_ones_come_back() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    world.consent(&world.rival, &world.other_customer).await;
    let other = world.other_customer.organization.id;
    let theirs = desk
        .browse(&world.rival, other, TAG, tuples(100..101))
        .await
        .expect("a draft");
    desk.save(&world.rival, theirs).await.expect("saved");
    world.work_off().await;

    let customer = world.customer.organization.id;
    let list = file(
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\r\n\
         SN000001,,,Contoso,Book 13\r\n\
         SN000100,,,Contoso,Book 13\r\n\
         sn000001,,,contoso,Book  13\r\n\
         ,123451234567,,,\r\n\
         ,3305612345678,,,\r\n",
    );
    let id = desk
        .browse(&world.partner, customer, TAG, list)
        .await
        .expect("a draft");
    let draft = desk.draft(&world.partner, id).await.expect("a view");
    assert!(draft.can_save);
    assert_eq!(draft.plan.len(), 5);
    assert_eq!(draft.counts.of(Outcome::Registered), 2);
    assert_eq!(draft.counts.of(Outcome::RegisteredElsewhere), 1);
    assert!(matches!(
        desk.save(&world.partner, id).await,
        Ok(Saved::Now(_))
    ));
    assert!(matches!(
        desk.save(&world.partner, id).await,
        Ok(Saved::Before(_))
    ));
    world.work_off().await;

    let view = desk.upload(&world.partner, id).await.expect("an upload");
    assert_eq!(view.upload.status, UploadStatus::FinishedWithErrors);
    let rows = desk
        .upload_rows(&world.partner, id, RowFilter::All, 0, 100)
        .await
        .expect("rows");
    let outcomes: Vec<_> = rows
        .iter()
        .flat_map(|row| &row.result)
        .map(|r| r.outcome)
        .collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Registered,
            Outcome::RegisteredElsewhere,
            Outcome::DuplicateInList,
            Outcome::Invalid,
            Outcome::Registered,
        ]
    );
    let elsewhere = explain(&rows[1], TAG).expect("an explanation");
    assert_eq!(elsewhere.code, "808 ZtdDeviceAssignedToOtherTenant");
    let invalid = explain(&rows[3], TAG).expect("an explanation");
    assert!(invalid.code.starts_with("EN04"), "{invalid:?}");

    let failed = desk.failed_rows(&world.partner, id).await.expect("a file");
    let text = String::from_utf8(failed.bytes).expect("text");
    assert_eq!(
        text,
        format!(
            "{}\r\nSN000100,,,Contoso,Book 13\r\n,123451234567,,,\r\n",
            Dialect::PartnerCenter.header()
        )
    );
}

#[tokio::test]
async fn a_second_upload_of_the_same_file_says_so_and_registers_nothing_twice() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    let customer = world.customer.organization.id;
    for round in 0..2 {
        let id = desk
            .browse(&world.partner, customer, TAG, tuples(0..10))
            .await
            .expect("a draft");
        let draft = desk.draft(&world.partner, id).await.expect("a view");
        assert_eq!(draft.same_file.is_some(), round == 1);
        desk.save(&world.partner, id).await.expect("saved");
        world.work_off().await;
        let upload = desk
            .upload(&world.partner, id)
            .await
            .expect("an upload")
            .upload;
        assert_eq!(upload.status, UploadStatus::Finished);
        let known = if round == 0 {
            Outcome::Registered
        } else {
            Outcome::AlreadyRegistered
        };
        assert_eq!(upload.counts.of(known), 10);
    }
    let query = DeviceQuery::default();
    let devices = desk
        .devices(&world.customer, customer, &query, None, 100)
        .await
        .expect("devices");
    assert_eq!(devices.items.len(), 10);
    let batches = desk
        .batches(&world.partner, customer)
        .await
        .expect("batches");
    assert_eq!((batches.len(), batches[0].device_count), (1, 10));
}

#[tokio::test]
async fn the_repaired_list_takes_the_place_of_the_file() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    let customer = world.customer.organization.id;
    let list = file("manufacturer,\"Model\",Serial number\nContoso , Book 13,0042\n,,\n");
    let id = desk
        .browse(&world.partner, customer, TAG, list)
        .await
        .expect("a draft");
    let draft = desk.draft(&world.partner, id).await.expect("a view");
    assert!(!draft.list.is_conforming());
    assert!(!draft.repaired.changes.is_empty());
    desk.use_repaired_list(&world.partner, id)
        .await
        .expect("repaired");
    let draft = desk.draft(&world.partner, id).await.expect("a view");
    assert!(draft.list.is_conforming(), "{:?}", draft.list.findings);
    assert_eq!(draft.counts.of(Outcome::Registered), 1);
    desk.save(&world.partner, id).await.expect("saved");
    world.work_off().await;
    let query = DeviceQuery {
        search: "0042".into(),
        ..DeviceQuery::default()
    };
    let found = desk
        .devices(&world.partner, customer, &query, None, 10)
        .await
        .expect("devices");
    assert_eq!(found.items[0].serial.as_deref(), Some("0042"));
}

#[tokio::test]
async fn more_than_the_limit_is_one_finding_and_cannot_be_saved() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    let customer = world.customer.organization.id;
    let id = desk
        .browse(&world.partner, customer, TAG, tuples(0..1001))
        .await
        .expect("a draft");
    let draft = desk.draft(&world.partner, id).await.expect("a view");
    assert!(!draft.can_save);
    assert_eq!(draft.list.findings.len(), 1, "{:?}", draft.list.findings);
    assert!(
        draft.list.findings[0].cause.contains("1,000")
            || draft.list.findings[0].cause.contains("1000")
    );
    let refused = desk.save(&world.partner, id).await;
    assert!(matches!(
        refused,
        Err(DeskError::Conflict {
            code: "list_unusable",
            ..
        })
    ));
}

#[tokio::test]
async fn a_near_miss_of_a_tag_is_refused_and_named() {
    let world = World::new().await;
    world.consent(&world.partner, &world.customer).await;
    let customer = world.customer.organization.id;
    let refused = world
        .desk
        .browse(
            &world.partner,
            customer,
            "microsoft365managed_poweruser",
            tuples(0..1),
        )
        .await
        .expect_err("a near miss");
    assert!(refused.to_string().contains(TAG), "{refused}");
}

#[tokio::test]
async fn a_customer_registers_its_own_devices_by_hash_with_one_profile() {
    let world = World::new().await;
    let desk = &world.desk;
    let rows: Vec<_> = SampleDevices::new(5)
        .take(2)
        .map(|device| format!("{},,{}\r\n", device.serial, device.hash_text()))
        .collect();
    let list = format!(
        "Device Serial Number,Windows Product ID,Hardware Hash\r\n{}0815,,\r\n",
        rows.concat()
    );
    let refused = desk
        .browse_own(&world.customer, DeviceProfile::PowerUser, true, file(&list))
        .await;
    assert!(matches!(refused, Err(DeskError::Invalid(_))));
    let id = desk
        .browse_own(&world.customer, DeviceProfile::Standard, true, file(&list))
        .await
        .expect("a draft");
    desk.save(&world.customer, id).await.expect("saved");
    let pending = desk
        .unregistered_rows(&world.customer, 10)
        .await
        .expect("rows");
    assert_eq!(pending.len(), 3);
    world.work_off().await;
    let failed = desk
        .unregistered_rows(&world.customer, 10)
        .await
        .expect("rows");
    assert_eq!(failed.len(), 1);
    let customer = world.customer.organization.id;
    let query = DeviceQuery::default();
    let devices = desk
        .devices(&world.customer, customer, &query, None, 10)
        .await
        .expect("devices");
    assert_eq!(devices.items.len(), 2);
    assert!(devices.items.iter().all(|d| d.verified && d.has_hash));
    assert_eq!(
        devices.items[0].group_tag,
        "Microsoft365Managed_Standard-Shared"
    );
}

#[tokio::test]
async fn an_oem_registers_without_hashes() {
    let world = World::new().await;
    let desk = &world.desk;
    let link = desk.unique_link(&world.oem).await.expect("a link");
    desk.accept_invitation(&world.customer, &link.token, true, "")
        .await
        .expect("accepted");
    let device = SampleDevices::new(6).next().expect("a device");
    let list = format!(
        "{}\r\n{},,{},,\r\nSN1,,,Tailspin,Glider\r\n",
        Dialect::PartnerCenter.header(),
        device.serial,
        device.hash_text()
    );
    let customer = world.customer.organization.id;
    let id = desk
        .browse(&world.oem, customer, TAG, file(&list))
        .await
        .expect("a draft");
    let draft = desk.draft(&world.oem, id).await.expect("a view");
    let outcomes: Vec<_> = draft.plan.iter().map(|result| result.outcome).collect();
    assert_eq!(outcomes, [Outcome::Invalid, Outcome::Registered]);
}

#[tokio::test]
async fn nobody_else_sees_an_upload_or_its_devices() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    world.consent(&world.rival, &world.customer).await;
    let customer = world.customer.organization.id;
    let id = desk
        .browse(&world.partner, customer, TAG, tuples(0..2))
        .await
        .expect("a draft");
    assert!(desk.draft(&world.rival, id).await.is_err());
    assert!(
        desk.upload(&world.customer, id).await.is_err(),
        "a draft is nobody else's"
    );
    desk.save(&world.partner, id).await.expect("saved");
    world.work_off().await;
    assert!(desk.upload(&world.customer, id).await.is_ok());
    for stranger in [&world.rival, &world.other_customer, &world.oem] {
        assert!(matches!(
            desk.upload(stranger, id).await,
            Err(DeskError::NotFound)
        ));
    }
    let query = DeviceQuery::default();
    let mine = desk
        .devices(&world.partner, customer, &query, None, 10)
        .await
        .expect("devices");
    assert_eq!(mine.items.len(), 2);
    let rivals = desk
        .devices(&world.rival, customer, &query, None, 10)
        .await
        .expect("devices");
    assert!(rivals.items.is_empty());
    let device = mine.items[0].id;
    assert!(desk.device(&world.rival, customer, device).await.is_err());
    assert!(
        desk.deregister(&world.rival, customer, &[device])
            .await
            .is_err()
    );
    assert_eq!(
        desk.deregister(&world.customer, customer, &[device])
            .await
            .expect("released"),
        1
    );
}
