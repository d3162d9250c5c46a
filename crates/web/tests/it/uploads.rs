//! Adding devices: group tag, browse, findings, the repaired list, save, progress, result.

use std::fmt::Write;

use axum::http::header;
use device_list::sample::SampleKind;
use device_list::{Channel, CheckOptions, Dialect, check};
use registration::organization::OrganizationKind as Kind;
use service::register::ListFile;

use crate::client::Client;
use crate::harness::{Person, Registry, TAG, sample_list};

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";

async fn consented() -> (Registry, Person, Person) {
    let registry = Registry::empty().await;
    let operator = registry.operator().await;
    let partner = registry
        .organization(&operator, Kind::Partner, "Brightwater", "bright.example")
        .await;
    let customer = registry
        .organization(&operator, Kind::Customer, "Harrow", "harrow.example")
        .await;
    registry.consent(&partner, &customer).await;
    (registry, partner, customer)
}

fn add(customer: &Person) -> String {
    format!("/customers/{}/add-devices", customer.organization_id())
}

fn file(name: &str, text: impl Into<Vec<u8>>) -> ListFile {
    ListFile {
        name: name.to_owned(),
        bytes: text.into(),
    }
}

/// Five rows: two that are fine, one with blanks around its serial number, one that identifies
/// nothing, one that comes twice; and a blank row.
fn with_mistakes() -> ListFile {
    let rows = "0001,,,Contoso,Book 13\r\n0002,,,Contoso,Book 13\r\n 0003,,,Contoso,Book 13\r\n\
                \r\n0004,,,,\r\n0001,,,Contoso,Book 13\r\n";
    file("ward <1>.csv", format!("{HEADER}\r\n{rows}"))
}

#[tokio::test]
async fn a_list_with_mistakes_goes_from_findings_over_save_to_its_result() {
    let (registry, partner, customer) = consented().await;
    let mut agent = registry.client(&partner);
    let form = agent.get(&add(&customer)).await.is(200).text();
    assert_eq!(
        form.matches("name=\"group_tag\"").count(),
        7,
        "the whole catalogue"
    );
    let tag = [("group_tag", TAG), ("group_tag_typed", " ")];
    let sent = agent
        .post_file(&add(&customer), &tag, &with_mistakes())
        .await;
    let check_page = sent.is(303).location().to_owned();
    let upload = check_page.replace("/check", "");
    assert_eq!(agent.get(&upload).await.is(303).location(), check_page);
    let found = agent.get(&check_page).await.is(200).text();
    assert!(found.contains("ward &#60;1&#62;.csv"), "names are escaped");
    for code in ["EN0310", "EN0302", "EN0401", "EN0701"] {
        assert!(found.contains(code), "{code} is not in {found}");
    }
    assert!(found.contains("Save and register 3"), "{found}");
    assert!(found.contains("<b>1</b> Duplicate in the list"));

    let saved = agent.post(&format!("{upload}/save"), &[]).await.is(303);
    assert_eq!(saved.location(), upload);
    let running = agent.get(&upload).await.is(200).text();
    assert!(running.contains(&format!("data-live=\"{upload}\"")));
    assert!(running.contains("<noscript><meta http-equiv=\"refresh\""));
    assert!(running.contains(">Refresh</a>"));
    let part = agent.get_fragment(&upload).await.is(200).text();
    assert!(part.contains("0 of 5") && !part.contains("<html"));
    registry.work_off().await;
    let part = agent.get_fragment(&upload).await.is(200).text();
    assert!(part.contains(&format!("data-goto=\"{upload}\"")) && !part.contains("data-live"));

    let result = agent.get(&upload).await.is(200).text();
    assert!(result.contains("3 of 5 devices registered") && result.contains("One row failed."));
    assert!(!result.contains("http-equiv"), "nothing is fetched again");
    let failed = agent
        .get(&format!("{upload}?show=failed"))
        .await
        .is(200)
        .text();
    assert!(failed.contains("0004") && !failed.contains("0002"));
    let rows = agent
        .get(&format!("{upload}?show=registered"))
        .await
        .is(200)
        .text();
    assert!(rows.contains("0003") && !rows.contains("0004"));
    agent.get(&format!("{upload}?show=nonsense")).await.is(404);
    let mend = agent.get(&format!("{upload}/failed.csv")).await.is(200);
    assert_eq!(mend.headers[header::CONTENT_TYPE], "text/csv");
    let name = mend.headers[header::CONTENT_DISPOSITION]
        .to_str()
        .expect("a header");
    assert_eq!(name, "attachment; filename=\"ward__1_-failed.csv\"");
    assert_eq!(mend.text(), format!("{HEADER}\r\n0004,,,,\r\n"));

    agent.post(&format!("{upload}/save"), &[]).await.is(303);
    assert!(
        agent
            .get(&upload)
            .await
            .text()
            .contains("nothing was done twice")
    );
    assert_eq!(agent.get(&check_page).await.is(303).location(), upload);
    let of_customer = registry.client(&customer).get(&upload).await.is(200).text();
    assert!(of_customer.contains("Sent by") && of_customer.contains("Brightwater"));
}

#[tokio::test]
async fn the_repaired_list_can_be_taken_and_used() {
    let (registry, partner, customer) = consented().await;
    let draft = registry.draft(&partner, &customer, with_mistakes()).await;
    let mut agent = registry.client(&partner);
    let upload = format!("/uploads/{draft}");
    let repaired = agent.get(&format!("{upload}/repaired.csv")).await.is(200);
    let rows = ["0001", "0002", "0003"].map(|serial| format!("{serial},,,Contoso,Book 13\r\n"));
    assert_eq!(repaired.text(), format!("{HEADER}\r\n{}", rows.concat()));
    agent
        .post(&format!("{upload}/use-repaired"), &[])
        .await
        .is(303);
    let page = agent.get(&format!("{upload}/check")).await.is(200).text();
    assert!(page.contains("Nothing to mend") && page.contains("Save and register 3"));
    agent.post(&format!("{upload}/drop"), &[]).await.is(303);
    agent.get(&format!("{upload}/check")).await.is(404);
}

#[tokio::test]
async fn a_tag_that_is_typed_wins_and_must_match_exactly() {
    let (registry, partner, customer) = consented().await;
    let mut agent = registry.client(&partner);
    let list = sample_list(SampleKind::Tuple, 5, 1);
    let near = [
        ("group_tag", TAG),
        ("group_tag_typed", "microsoft365managed_poweruser"),
    ];
    let again = agent
        .post_file(&add(&customer), &near, &list)
        .await
        .is(422)
        .text();
    assert!(
        again.contains("Microsoft365Managed_PowerUser&#34; is"),
        "{again}"
    );
    assert!(
        again.contains("value=\"microsoft365managed_poweruser\""),
        "kept to mend"
    );
    assert!(
        again.contains("href=\"#group_tag_typed\""),
        "the summary leads to the field"
    );
    let none = agent
        .post_file(&add(&customer), &[], &list)
        .await
        .is(422)
        .text();
    assert!(none.contains("Choose a group tag"));
    let exact = [
        ("group_tag", TAG),
        ("group_tag_typed", "Microsoft365Managed_PowerUser"),
    ];
    let sent = agent
        .post_file(&add(&customer), &exact, &list)
        .await
        .is(303);
    let page = agent.get(sent.location()).await.is(200).text();
    assert!(page.contains("Power user"));
    let no_file = agent
        .post_file(&add(&customer), &exact[..1], &file("", ""))
        .await
        .is(422)
        .text();
    assert!(no_file.contains("Choose the device list to upload."));
    assert!(
        no_file.contains(&format!("value=\"{TAG}\" checked")),
        "what was chosen is kept"
    );
}

#[tokio::test]
async fn limits_are_answered_with_what_they_are() {
    let (registry, partner, customer) = consented().await;
    let mut agent = registry.client(&partner);
    let tag = [("group_tag", TAG)];
    let long = sample_list(SampleKind::Tuple, 5, 1001);
    let sent = agent.post_file(&add(&customer), &tag, &long).await.is(303);
    let page = agent.get(sent.location()).await.is(200).text();
    assert!(page.contains("EN0703") && page.contains("1000"), "{page}");
    assert!(
        page.contains("This list can&#39;t be saved") || page.contains("This list can't be saved")
    );
    assert!(!page.contains("/save\""), "no Save");
    let save = sent.location().replace("/check", "/save");
    agent.post(&save, &[]).await.is(409);
    let drop = sent.location().replace("/check", "/drop");
    let dropped = agent.post(&drop, &[]).await.is(303);
    assert_eq!(dropped.location(), add(&customer), "to choose another file");

    let limit = usize::try_from(registry.desk.limits().upload_bytes).expect("a size");
    let large = file("large.csv", vec![b'a'; limit + 1]);
    let refused = agent
        .post_file(&add(&customer), &tag, &large)
        .await
        .is(413)
        .text();
    assert!(refused.contains(&limit.to_string()), "{refused}");
    let larger = file("larger.csv", vec![b'a'; limit + 200_000]);
    agent
        .post_file(&add(&customer), &tag, &larger)
        .await
        .is(413);
}

#[tokio::test]
async fn a_file_that_was_sent_before_is_recognized() {
    let (registry, partner, customer) = consented().await;
    let list = || sample_list(SampleKind::Tuple, 5, 2);
    let first = registry.register(&partner, &customer, list()).await;
    let second = registry.draft(&partner, &customer, list()).await;
    let mut agent = registry.client(&partner);
    let page = agent
        .get(&format!("/uploads/{second}/check"))
        .await
        .is(200)
        .text();
    assert!(page.contains("The very same file was uploaded before"));
    assert!(page.contains(&format!("/uploads/{first}")));
    assert!(page.contains("<b>2</b> Already registered here"));
}

#[tokio::test]
async fn nobody_else_sees_a_draft_and_no_list_is_taken_without_the_token() {
    let (registry, partner, customer) = consented().await;
    let list = sample_list(SampleKind::Tuple, 5, 1);
    let draft = registry.draft(&partner, &customer, list.clone()).await;
    let mut of_customer = registry.client(&customer);
    of_customer
        .get(&format!("/uploads/{draft}/check"))
        .await
        .is(404);
    of_customer.get(&format!("/uploads/{draft}")).await.is(404);
    of_customer
        .post(&format!("/uploads/{draft}/save"), &[])
        .await
        .is(404);
    registry
        .visitor()
        .post_file(&add(&customer), &[], &list)
        .await
        .is(303);
    let part = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n\
                a\r\n--x--\r\n";
    let mut agent = registry.client(&partner);
    let kind = "multipart/form-data; boundary=x";
    agent.post_raw(&add(&customer), kind, part).await.is(403);
}

#[tokio::test]
async fn every_sample_conforms_and_an_oem_gets_none_with_hashes() {
    let (registry, partner, _) = consented().await;
    let mut agent = registry.client(&partner);
    let options = CheckOptions {
        channel: Channel::Enlist,
        row_limit: None,
        ..CheckOptions::default()
    };
    for dialect in Dialect::ALL {
        let sample = agent
            .get(&format!("/samples/{}.csv", dialect.name()))
            .await
            .is(200);
        assert_eq!(sample.headers[header::CONTENT_TYPE], "text/csv");
        let list = check(&sample.bytes, &options);
        assert!(
            list.is_conforming() && list.rows.len() > 1,
            "{dialect:?} {:?}",
            list.findings
        );
        assert_eq!(list.dialect, Some(dialect));
    }
    agent.get("/samples/devices.csv").await.is(404);
    agent.get("/samples/partner-center").await.is(404);

    let other = Registry::empty().await;
    let operator = other.operator().await;
    let oem = other
        .organization(&operator, Kind::Oem, "Tallis", "tallis.example")
        .await;
    let sample = other
        .client(&oem)
        .get("/samples/partner-center.csv")
        .await
        .is(200);
    let list = check(&sample.bytes, &options);
    let hashes = list
        .rows
        .iter()
        .filter_map(|row| row.identification.as_ref()?.hash())
        .count();
    assert_eq!((list.rows.is_empty(), hashes), (false, 0));
}

#[tokio::test]
async fn many_places_and_many_rows_are_read_page_by_page() {
    let (registry, partner, customer) = consented().await;
    let mut list = format!("{HEADER}\r\n");
    for n in 1..=250 {
        write!(list, " {n:04},,,Contoso,Book 13\r\n").expect("text");
    }
    let draft = registry
        .draft(&partner, &customer, file("many.csv", list))
        .await;
    let mut agent = registry.client(&partner);
    let upload = format!("/uploads/{draft}");
    let check_page = format!("{upload}/check");
    let first = agent.get(&check_page).await.is(200).text();
    assert_eq!(first.matches("class=\"place\"").count(), 5);
    assert!(first.contains("250 errors") && first.contains("All 250 places"));
    assert!(first.contains("More rows"));
    let page = async |agent: &mut Client, from: usize| {
        let address = format!("{check_page}?code=EN0310&from={from}");
        agent.get(&address).await.is(200).text()
    };
    let second = page(&mut agent, 25).await;
    assert_eq!(second.matches("class=\"place\"").count(), 25);
    assert!(second.contains("id=\"EN0310-27-1\"") && second.contains("26 to 50 of 250"));
    assert!(
        second.contains("code=EN0310&amp;from=0#") && second.contains("code=EN0310&amp;from=50#")
    );
    let end = page(&mut agent, 225).await;
    assert!(end.contains("226 to 250 of 250") && !end.contains(">Next<"));
    assert!(page(&mut agent, 999_999_999).await.contains("250 errors"));
    let other = agent
        .get(&format!("{check_page}?code=EN0402"))
        .await
        .is(200);
    assert!(other.text().contains("Nothing of this kind any more"));

    agent.post(&format!("{upload}/save"), &[]).await.is(303);
    registry.work_off().await;
    let rows = agent.get(&upload).await.is(200);
    assert!(rows.text().contains("250 of 250 devices registered"));
    let next = rows.between(&format!("href=\"{upload}?show=&#38;after="), "#");
    assert_eq!(next, "200");
    let second_page = agent
        .get(&format!("{upload}?after=200"))
        .await
        .is(200)
        .text();
    assert!(second_page.contains(">0250<") && !second_page.contains(">0200<"));
}

#[tokio::test]
async fn an_oem_sends_no_hashes_and_its_rows_say_so() {
    let (registry, _, customer) = consented().await;
    let request = registry.desk.request_id();
    let operator =
        registry
            .desk
            .sign_in("mara@registry.example", crate::harness::PASSWORD, request);
    let session = operator.await.expect("the operator signs in");
    let caller = registry
        .desk
        .caller(&session, request)
        .await
        .expect("a session");
    let operator = Person { caller, session };
    let oem = registry
        .organization(&operator, Kind::Oem, "Tallis", "tallis.example")
        .await;
    registry.consent(&oem, &customer).await;
    let mut agent = registry.client(&oem);
    let tag = [("group_tag", TAG)];
    let list = sample_list(SampleKind::Hash, 5, 1);
    let sent = agent.post_file(&add(&customer), &tag, &list).await.is(303);
    let upload = sent.location().replace("/check", "");
    let plan = agent.get(sent.location()).await.is(200).text();
    assert!(plan.contains("<b>1</b> Invalid"), "{plan}");
    agent.post(&format!("{upload}/save"), &[]).await.is(303);
    registry.work_off().await;
    let result = agent.get(&upload).await.is(200).text();
    assert!(result.contains("hardware hashes are not accepted"));
    assert!(!result.contains(&String::from_utf8_lossy(&list.bytes[200..400]).into_owned()));
}
