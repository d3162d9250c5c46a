//! Mending a list in its page: cells in their place, guesses, lines left out, and the way back.

mod files;
mod taken_away;
mod taken_back;

use device_list::Dialect;
use device_list::sample::{self, SampleDevice, SampleKind};
use registration::ids::UploadId;
use registration::organization::OrganizationKind as Kind;
use registration::profile::DeviceProfile;
use service::register::ListFile;

use crate::client::{Answer, Client};
use crate::harness::{Person, Registry};

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";

/// A partner with a draft for its customer.
struct Desk {
    registry: Registry,
    partner: Person,
    customer: Person,
    upload: UploadId,
}

impl Desk {
    async fn with(list: impl Into<Vec<u8>>) -> Self {
        let registry = Registry::empty().await;
        let operator = registry.operator().await;
        let partner = registry
            .organization(&operator, Kind::Partner, "Brightwater", "bright.example")
            .await;
        let customer = registry
            .organization(&operator, Kind::Customer, "Harrow", "harrow.example")
            .await;
        registry.consent(&partner, &customer).await;
        let file = ListFile {
            name: "ward.csv".to_owned(),
            bytes: list.into(),
        };
        let upload = registry.draft(&partner, &customer, file).await;
        Self {
            registry,
            partner,
            customer,
            upload,
        }
    }

    fn agent(&self) -> Client {
        self.registry.client(&self.partner)
    }

    fn at(&self, what: &str) -> String {
        format!("/uploads/{}/{what}", self.upload)
    }

    /// The page as it stands.
    async fn page(&self, agent: &mut Client) -> String {
        agent.get(&self.at("check")).await.is(200).text()
    }

    /// Sends the form of a place.
    async fn send(
        &self,
        agent: &mut Client,
        what: &str,
        (of, line, at): (&str, &str, &str),
        values: &[(&str, &str)],
    ) -> Answer {
        let mut fields = vec![("of", of), ("line", line), ("at", at)];
        for (number, value) in values {
            fields.extend([("column[]", *number), ("value[]", *value)]);
        }
        agent.post(&self.at(what), &fields).await
    }
}

/// A good row, a PKID that is none, a serial number with blanks, a maker with a comma, a row that says
/// too little.
fn with_mistakes() -> String {
    format!(
        "{HEADER}\r\n0001,,,Contoso,Book 13\r\n,33x5,,,\r\n\u{20}0003,,,Contoso,Book 13\r\n\
         0004,,,\"Contoso, <Ltd>\",Book 13\r\n0005,,,,\r\n"
    )
}

/// What stands in the part of the page about this code.
fn group(page: &str, code: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("id=\"{code}\""))
        .expect("its group");
    rest.split("<details").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn findings_stand_by_their_code_with_the_rows_they_are_about() {
    let desk = Desk::with(with_mistakes()).await;
    let page = desk.page(&mut desk.agent()).await;
    let figures = ["<dd>5</dd>", "<dd>1</dd>", "<dd>1</dd>", "<dd>3</dd>"];
    let tally = page.split_once("class=\"tally\"").expect("figures").1;
    let mut rest = tally.split("</dl>").next().unwrap_or_default();
    for figure in figures {
        rest = rest
            .split_once(figure)
            .unwrap_or_else(|| panic!("{figure}: {tally}"))
            .1;
    }
    let sections: Vec<_> = page.matches("class=\"standing\"").collect();
    assert_eq!(sections.len(), 2, "to mend, and repaired: {page}");

    let blanks = group(&page, "EN0310");
    assert!(blanks.contains("Blanks around a value") && blanks.contains("/findings/EN0310"));
    assert!(
        blanks.contains("<span class=\"sign\" title=\"blank\">·<span"),
        "{blanks}"
    );
    assert!(blanks.contains("<ins><span class=\"visually-hidden\">to </span>0003</ins>"));
    assert!(blanks.contains("value=\"0003\"") && !blanks.contains("leave-out"));

    let pkid = group(&page, "EN0402");
    assert!(
        pkid.contains("<th class=\"marked\">Windows Product ID</th>"),
        "{pkid}"
    );
    assert!(
        pkid.contains("<mark>33x5") && pkid.contains("aria-label=\"Windows Product ID in line 3\"")
    );
    assert_eq!(
        pkid.matches("name=\"value[]\"").count(),
        1,
        "the others are only shown"
    );

    let comma = group(&page, "EN0307");
    assert!(comma.contains("Contoso, &#60;Ltd&#62;") && !page.contains("<Ltd>"));
    assert!(comma.contains("Accept this for 1 row") && comma.contains("The guess:"));

    let row = group(&page, "EN0401");
    assert_eq!(
        row.matches("name=\"value[]\"").count(),
        5,
        "the whole row: {row}"
    );
    assert!(row.contains("Manufacturer name in line 6"));
}

#[tokio::test]
async fn a_cell_is_mended_in_its_place_and_the_answer_is_said_there() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    let place = ("0", "3", "EN0402-3-2");
    let sent = desk
        .send(&mut agent, "cell", place, &[("2", "3305000000x11")])
        .await
        .is(303);
    let to = format!("{}?at=EN0402-3-2#said", desk.at("check"));
    assert_eq!(sent.location(), to);
    let there = agent.get(to.trim_end_matches("#said")).await.is(200).text();
    let pkid = group(&there, "EN0402");
    let said = pkid
        .find("Line 3: changed, and still wrong.")
        .expect("it is said in the group");
    assert!(
        said < pkid.find("id=\"EN0402-3-2\"").expect("the place"),
        "before the place"
    );
    assert_eq!(
        there.matches("still wrong").count(),
        2,
        "and to scripts, and nowhere else"
    );
    assert!(
        !desk.page(&mut agent).await.contains("still wrong"),
        "said once"
    );

    let place = ("1", "3", "EN0402-3-2");
    let sent = desk
        .send(&mut agent, "cell", place, &[("2", "3305000000011")])
        .await
        .is(303);
    let there = agent
        .get(sent.location().trim_end_matches("#said"))
        .await
        .is(200)
        .text();
    assert!(there.contains("id=\"said\"") && there.contains("Line 3: mended."));
    assert!(
        !there.contains("id=\"EN0402\"") && there.contains("Save and register 3"),
        "{there}"
    );

    let whole = ("2", "6", "EN0401-6-0");
    let sent = desk
        .send(
            &mut agent,
            "cell",
            whole,
            &[("1", "0005"), ("2", ""), ("4", "Contoso"), ("5", "Book 13")],
        )
        .await;
    sent.is(303);
    let there = desk.page(&mut agent).await;
    assert!(there.contains("Line 6: mended.") && there.contains("Save and register 4"));
    assert!(there.contains("Undo: line 6, manufacturer, model"));
}

#[tokio::test]
async fn what_can_not_be_taken_over_is_kept_as_it_was_typed() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    let place = ("0", "3", "EN0402-3-2");
    let sent = desk
        .send(&mut agent, "cell", place, &[("2", "33,\"05")])
        .await
        .is(422);
    let pkid = group(&sent.text(), "EN0402");
    assert!(
        pkid.contains("A value can't hold commas")
            || pkid.contains("A value can&#39;t hold commas"),
        "{pkid}"
    );
    assert!(pkid.contains("value=\"33,&#34;05\"") && pkid.contains("aria-invalid=\"true\""));
    let long = "9".repeat(129);
    let sent = desk
        .send(&mut agent, "cell", place, &[("2", &long)])
        .await
        .is(422);
    assert!(sent.text().contains("at most 128 characters"));

    desk.send(&mut agent, "leave-out", ("0", "2", ""), &[])
        .await
        .is(303);
    let late = desk
        .send(
            &mut agent,
            "cell",
            ("0", "3", "EN0402-3-2"),
            &[("2", "3305000000011")],
        )
        .await;
    let late = late.is(409).text();
    assert!(
        late.contains("The list was changed in the meantime"),
        "{late}"
    );
    assert!(late.contains("What you typed") && late.contains("value=\"3305000000011\" readonly"));
    assert!(
        late.contains("name=\"of\" value=\"1\""),
        "what is sent next is of this version"
    );
    let late = desk
        .send(&mut agent, "leave-out", ("0", "2", ""), &[])
        .await;
    late.is(409);
    assert!(
        desk.page(&mut agent).await.contains("Save and register 1"),
        "line 2 went once"
    );
}

#[tokio::test]
async fn a_script_is_given_the_part_that_it_replaces() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    let part = agent.get_fragment(&desk.at("check")).await.is(200).text();
    assert!(
        part.trim_start()
            .starts_with("<div class=\"page\" id=\"check\"")
            && !part.contains("<html")
    );
    desk.send(
        &mut agent,
        "cell",
        ("0", "3", "EN0402-3-2"),
        &[("2", "3305000000011")],
    )
    .await
    .is(303);
    let part = agent.get_fragment(&desk.at("check")).await.is(200).text();
    assert!(part.contains("data-announce=\"Line 3: mended.\""), "{part}");
    let part = agent.get_fragment(&desk.at("check")).await.is(200).text();
    assert!(part.contains("data-announce=\"\""));
}

#[tokio::test]
async fn a_hash_is_pasted_anew_and_never_shown_whole() {
    let device = SampleDevice::new(7, 0);
    let good = device.hash_text();
    let broken = good.replacen('A', "B", 40);
    let list = format!("{HEADER}\r\n0001,,{broken},,\r\n");
    let desk = Desk::with(list).await;
    let mut agent = desk.agent();
    let page = desk.page(&mut agent).await;
    assert!(!page.contains(&broken[..60]) && page.contains("placeholder=\"Paste the new hash\""));
    assert!(page.contains("Leave the hash empty"), "{page}");
    let place = page
        .split_once("id=\"EN05")
        .expect("a finding about the hash")
        .1;
    let at = format!("EN05{}-2-3", &place[..2]);
    let place = ("0", "2", at.as_str());
    desk.send(&mut agent, "cell", place, &[("3", &good)])
        .await
        .is(303);
    let now = desk.page(&mut agent).await;
    assert!(!now.contains(&good[..60]), "{now}");
    assert!(now.contains("Undo: line 2, hardware hash"));

    let huge = "A".repeat(64 * 1024 + 1);
    let place = ("1", "2", at.as_str());
    let refused = desk
        .send(&mut agent, "cell", place, &[("3", &huge)])
        .await
        .is(422);
    assert!(refused.text().contains("at most 65536 characters"));
    let refused = desk
        .send(&mut agent, "cell", place, &[("3", &"A".repeat(300_000))])
        .await;
    assert!(refused.is(413).text().contains(&(256 * 1024).to_string()));

    let empty = [
        ("of", "1"),
        ("line", "2"),
        ("empty", "3"),
        ("at", at.as_str()),
    ];
    agent.post(&desk.at("cell"), &empty).await.is(303);
    let undo = desk.page(&mut agent).await;
    assert!(undo.contains("Line 2: changed, and still wrong."), "{undo}");
}

#[tokio::test]
async fn every_code_has_a_page_and_the_list_names_them_all() {
    let desk = Desk::with(with_mistakes()).await;
    let mut agent = desk.agent();
    let list = agent.get("/findings").await.is(200).text();
    for code in device_list::Code::all() {
        let address = format!("/findings/{code}");
        assert!(list.contains(&format!("href=\"{address}\"")), "{code}");
        let page = agent.get(&address).await.is(200).text();
        assert!(
            page.contains("How to mend it") && page.contains(code.as_str()),
            "{code}"
        );
        let offered = page.contains("A guess you can accept");
        assert_eq!(offered, code.accepting().is_some(), "{code}");
    }
    let small = agent.get("/findings/en0402").await.is(303);
    assert_eq!(small.location(), "/findings/EN0402");
    agent.get("/findings/EN9999").await.is(404);
    // Whoever is led here by a program reads the same without an account.
    let mut stranger = desk.registry.visitor();
    let page = stranger.get("/findings/EN0402").await.is(200).text();
    assert!(page.contains("How to mend it") && page.contains("Sign in"));
    assert!(!page.contains("Sign out"));
    stranger.get("/findings").await.is(200);
    stranger.get("/findings/EN9999").await.is(404);
    for line in service::operations::codes::LineCode::ALL {
        assert!(list.contains(&format!("href=\"/findings/{}\"", line.code)));
        let page = stranger
            .get(&format!("/findings/{}", line.code))
            .await
            .is(200);
        assert!(page.text().contains(line.code));
    }
}
