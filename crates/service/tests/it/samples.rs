//! The two published sample lists, all the way to the registry.

use registration::plan::Outcome;
use registration::profile::DeviceProfile;
use service::devices::DeviceQuery;
use service::register::ListFile;
use service::uploads::explain;
use storage::uploads::RowFilter;

use crate::desk::World;

const TAG: &str = "Microsoft365Managed_Standard";

fn published(name: &str, bytes: &[u8]) -> ListFile {
    ListFile {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    }
}

#[tokio::test]
async fn the_customers_sample_is_registered_with_its_zero_and_its_digest_mended() {
    let world = World::new().await;
    let desk = &world.desk;
    let bytes = include_bytes!("../../../device-list/tests/data/managed-desktop-sample-self.csv");
    let list = published("self.csv", bytes);
    let id = desk
        .browse_own(&world.customer, DeviceProfile::Standard, false, list)
        .await
        .expect("a draft");
    let draft = desk.draft(&world.customer, id).await.expect("a view");
    let codes: Vec<_> = draft
        .list
        .findings
        .iter()
        .map(|f| f.code.as_str())
        .collect();
    assert_eq!(codes, ["EN0102", "EN0506", "EN0517"]);
    desk.save(&world.customer, id).await.expect("saved");
    world.work_off().await;
    let customer = world.customer.organization.id;
    let query = DeviceQuery {
        search: "016520771357".to_owned(),
        ..DeviceQuery::default()
    };
    let found = desk
        .devices(&world.customer, customer, &query, None, 10)
        .await
        .expect("devices");
    let device = &found.items[0];
    assert_eq!(device.serial.as_deref(), Some("016520771357"));
    assert_eq!(device.model.as_deref(), Some("Surface Laptop"));
    assert!(device.verified && device.has_hash && device.pkid.is_some());
}

#[tokio::test]
async fn the_partners_sample_has_a_placeholder_for_a_serial_number_and_is_told_so() {
    let world = World::new().await;
    let desk = &world.desk;
    world.consent(&world.partner, &world.customer).await;
    let bytes =
        include_bytes!("../../../device-list/tests/data/managed-desktop-sample-partner.csv");
    let customer = world.customer.organization.id;
    let list = published("partner.csv", bytes);
    let id = desk
        .browse(&world.partner, customer, TAG, list)
        .await
        .expect("a draft");
    desk.save(&world.partner, id).await.expect("saved");
    world.work_off().await;
    let rows = desk
        .upload_rows(&world.partner, id, RowFilter::All, 0, 10)
        .await
        .expect("rows");
    let outcome = rows[0].result.as_ref().map(|result| result.outcome);
    assert_eq!(outcome, Some(Outcome::Invalid));
    let said = explain(&rows[0], TAG).expect("an explanation");
    assert!(said.code.starts_with("EN0403"), "{said:?}");
    assert_eq!(rows[0].row.serial, "000000000000");
}
