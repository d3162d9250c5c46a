//! Files of other kinds, and of customers themselves.

use super::*;

#[tokio::test]
async fn a_file_that_can_not_be_read_and_one_over_the_limit_say_what_to_do() {
    let desk = Desk::with("Dear all,\r\nthe devices come tomorrow.\r\n").await;
    let page = desk.page(&mut desk.agent()).await;
    assert!(page.contains("No row of it could be read") && page.contains("Not recognized"));
    assert!(!page.contains("class=\"tally\"") && !page.contains("repaired.csv"));
    let workbook = Desk::with(*b"PK\x03\x04 and so on").await;
    let page = workbook.page(&mut workbook.agent()).await;
    assert!(page.contains("This list can") && !page.contains("name=\"value[]\""));

    let mut long = Vec::new();
    sample::list(
        Dialect::PartnerCenter,
        SampleKind::Tuple,
        5,
        1001,
        &mut long,
    )
    .expect("a list");
    let long = Desk::with(long).await;
    let mut agent = long.agent();
    let page = long.page(&mut agent).await;
    assert!(page.contains("EN0703") && page.matches("<details").count() == 1);
    long.send(&mut agent, "leave-out", ("0", "2", ""), &[])
        .await
        .is(303);
    assert!(
        long.page(&mut agent)
            .await
            .contains("Save and register 1000")
    );
}

#[tokio::test]
async fn a_cell_of_a_workbook_is_mended_and_the_file_is_text_from_then_on() {
    // One device, whose serial number is a number.
    let book = include_bytes!("../../../../device-list/tests/fixtures/EN0417.xlsx");
    let desk = Desk::with(*book).await;
    let mut agent = desk.agent();
    let page = desk.page(&mut agent).await;
    let number = group(&page, "EN0417");
    assert!(
        number.contains("aria-label=\"Serial Number in line 2\"") && number.contains("Accept this"),
        "{number}"
    );
    assert!(page.contains("Other cells can be changed here once those are accepted"));
    let refused = desk
        .send(&mut agent, "cell", ("0", "2", ""), &[("1", "Litware")])
        .await;
    assert!(
        refused
            .is(409)
            .text()
            .contains("keeps other values as numbers")
    );
    let place = ("0", "2", "EN0417-2-3");
    desk.send(&mut agent, "cell", place, &[("3", "016520771357")])
        .await
        .is(303);
    let page = desk.page(&mut agent).await;
    assert!(
        page.contains("Line 2: mended.") && page.contains("Nothing to mend"),
        "{page}"
    );
    assert!(page.contains("Save and register 1") && page.contains("ASCII"));
    agent.post(&desk.at("undo"), &[("of", "1")]).await.is(303);
    let page = desk.page(&mut agent).await;
    assert!(page.contains("id=\"EN0417\""), "the workbook again");
    let as_shown = [("3", "16520771357")];
    desk.send(&mut agent, "cell", ("2", "2", "EN0417-2-3"), &as_shown)
        .await
        .is(303);
    assert!(
        desk.page(&mut agent).await.contains("Line 2: mended."),
        "it is as shown"
    );
}

#[tokio::test]
async fn a_customer_mends_its_own_list_in_the_same_page() {
    let desk = Desk::with(with_mistakes()).await;
    let device = SampleDevice::new(7, 0);
    let list = format!(
        "Device Serial Number,Windows Product ID,Hardware Hash\r\n{},,{}\r\n0002,,,\r\n",
        device.serial,
        device.hash_text()
    );
    let file = ListFile {
        name: "own.csv".to_owned(),
        bytes: list.into_bytes(),
    };
    let (service, caller) = (&desk.registry.desk, &desk.customer.caller);
    let draft = service
        .browse_own(caller, DeviceProfile::Standard, false, file)
        .await;
    let upload = format!("/uploads/{}", draft.expect("a draft"));
    let mut client = desk.registry.client(&desk.customer);
    let page = client.get(&format!("{upload}/check")).await.is(200).text();
    assert!(page.contains("Register devices") && page.contains("Save and register 1"));
    assert!(
        page.contains("in line 3") && page.contains("Leave this line out"),
        "{page}"
    );
    let line = [("of", "0"), ("line", "3")];
    client
        .post(&format!("{upload}/leave-out"), &line)
        .await
        .is(303);
    let page = client.get(&format!("{upload}/check")).await.is(200).text();
    assert!(page.contains("Nothing to mend") && page.contains("Start again from the file as sent"));
}
