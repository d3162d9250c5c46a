//! Mending a draft: cells, lines, accepted guesses, the way back, and the rows to mend elsewhere.

use device_list::{CheckOptions, Code, Column, check};
use registration::ids::UploadId;
use registration::plan::Outcome;
use service::register::{DraftView, ListFile, Tally};
use service::{Caller, DeskError, Saved};

use crate::desk::World;

const TAG: &str = "Microsoft365Managed_PowerUser";
const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";

/// A partner whose customer consented.
async fn world() -> World {
    let world = World::new().await;
    world.consent(&world.partner, &world.customer).await;
    world
}

async fn draft_of(world: &World, bytes: impl Into<Vec<u8>>) -> UploadId {
    let file = ListFile {
        name: "ward.csv".into(),
        bytes: bytes.into(),
    };
    let customer = world.customer.organization.id;
    let draft = world.desk.browse(&world.partner, customer, TAG, file).await;
    draft.expect("a draft")
}

async fn view(world: &World, id: UploadId) -> DraftView {
    world.desk.draft(&world.partner, id).await.expect("a view")
}

async fn mend(
    world: &World,
    id: UploadId,
    line: u64,
    field: u32,
    text: &str,
) -> Result<service::register::Mended, DeskError> {
    let version = view(world, id).await.file.version;
    let values = [(field, text.to_owned())];
    let desk = &world.desk;
    desk.mend_line(&world.partner, id, version, line, &values)
        .await
}

/// A row that is fine, one whose PKID has twelve digits, one with a serial number alone.
fn with_mistakes() -> String {
    format!("{HEADER}\r\n0001,,,Contoso,Book 13\r\n,330500000001,,,\r\n0003,,,,\r\n")
}

fn tally(ready: u64, repaired: u64, to_mend: u64) -> Tally {
    Tally {
        ready,
        repaired,
        to_mend,
        duplicates: 0,
    }
}

#[tokio::test]
async fn a_cell_is_mended_and_everything_can_be_taken_back() {
    let world = world().await;
    let id = draft_of(&world, with_mistakes()).await;
    assert_eq!(view(&world, id).await.tally, tally(1, 0, 2));
    let still = mend(&world, id, 3, 2, "33050000001x1")
        .await
        .expect("mends");
    assert!(still.changed && still.worst().is_some(), "{still:?}");
    let mended = mend(&world, id, 3, 2, " 3305000000011 ")
        .await
        .expect("mends");
    assert!(mended.changed && mended.worst().is_none(), "{mended:?}");
    let same = mend(&world, id, 3, 2, "3305000000011")
        .await
        .expect("mends");
    assert!(!same.changed);

    let now = view(&world, id).await;
    assert_eq!(now.tally, tally(2, 0, 1));
    assert_eq!(now.counts.of(Outcome::Registered), 2);
    assert_eq!((now.file.changes, now.file.version), (2, 2));
    assert_eq!(now.file.last_change.as_deref(), Some("line 3, PKID"));
    assert_eq!(now.text.expect("a text").as_bytes(), now.file.bytes);

    let desk = &world.desk;
    let undone = desk
        .undo_change(&world.partner, id, 2)
        .await
        .expect("undone");
    assert_eq!(undone.as_deref(), Some("line 3, PKID"));
    let now = view(&world, id).await;
    assert!(String::from_utf8_lossy(&now.file.bytes).contains("33050000001x1"));
    let version = now.file.version;
    desk.use_repaired_list(&world.partner, id)
        .await
        .expect("repaired");
    assert_eq!(
        view(&world, id).await.rows.len(),
        1,
        "the others are left out"
    );
    desk.start_again(&world.partner, id, version + 1)
        .await
        .expect("as sent");
    let now = view(&world, id).await;
    assert_eq!(now.file.bytes, with_mistakes().into_bytes());
    assert_eq!(now.file.changes, 0);
    let nothing = desk.undo_change(&world.partner, id, now.file.version).await;
    assert_eq!(nothing.expect("answers"), None);
}

#[tokio::test]
async fn several_cells_of_a_line_are_mended_at_once_and_a_line_is_left_out() {
    let world = world().await;
    let id = draft_of(&world, with_mistakes()).await;
    let values = [(4, "Contoso".to_owned()), (5, "Book 13".to_owned())];
    let desk = &world.desk;
    let mended = desk
        .mend_line(&world.partner, id, 0, 4, &values)
        .await
        .expect("mends");
    assert!(mended.worst().is_none());
    let said = view(&world, id).await.file.last_change;
    assert_eq!(said.as_deref(), Some("line 4, manufacturer, model"));
    desk.leave_line_out(&world.partner, id, 1, 3)
        .await
        .expect("left out");
    let now = view(&world, id).await;
    assert_eq!(now.file.last_change.as_deref(), Some("line 3 left out"));
    let lines: Vec<_> = now
        .list
        .rows
        .iter()
        .map(|row| (row.line, row.value(Column::Serial)))
        .collect();
    assert_eq!(lines, [(2, "0001"), (3, "0003")]);
    let emptied = mend(&world, id, 3, 1, "").await.expect("mends");
    assert!(emptied.is_row && emptied.worst().is_some());
    for field in [4, 5] {
        let emptied = mend(&world, id, 3, field, "").await.expect("mends");
        assert_eq!(emptied.is_row, field == 4, "a row without a value is none");
    }
}

#[tokio::test]
async fn a_late_change_is_refused_and_loses_nothing() {
    let world = world().await;
    let id = draft_of(&world, with_mistakes()).await;
    let (desk, partner) = (&world.desk, &world.partner);
    mend(&world, id, 3, 2, "3305000000011")
        .await
        .expect("mends");
    let before = view(&world, id).await.file;
    let late = [(2, "3305000000028".to_owned())];
    let refused = [
        desk.mend_line(partner, id, 0, 3, &late).await.map(drop),
        desk.leave_line_out(partner, id, 0, 3).await,
        desk.undo_change(partner, id, 0).await.map(drop),
        desk.start_again(partner, id, 9).await,
        desk.save_version(partner, id, Some(0)).await.map(drop),
    ];
    for refused in refused {
        let code = refused.expect_err("is refused").code();
        assert_eq!(code, "draft_changed");
    }
    assert_eq!(view(&world, id).await.file, before);
}

#[tokio::test]
async fn an_accepted_guess_stays_with_the_draft_until_it_is_saved_or_taken_back() {
    let world = world().await;
    let id = draft_of(&world, with_mistakes()).await;
    let (desk, partner) = (&world.desk, &world.partner);
    let code = Code::COMMA_IN_VALUE;
    assert!(
        desk.accept_guesses(partner, id, code, true)
            .await
            .expect("accepts")
    );
    assert!(
        !desk
            .accept_guesses(partner, id, code, true)
            .await
            .expect("accepts")
    );
    let now = view(&world, id).await;
    assert!(now.accepts(code) && now.file.changes == 0);
    assert_eq!(now.file.bytes, with_mistakes().into_bytes());
    mend(&world, id, 4, 4, "Contoso").await.expect("mends");
    assert!(view(&world, id).await.accepts(code), "stays beside changes");
    assert!(
        desk.accept_guesses(partner, id, code, false)
            .await
            .expect("takes back")
    );
    assert!(!view(&world, id).await.accepts(code));
    let version = view(&world, id).await.file.version;
    desk.accept_guesses(partner, id, code, true)
        .await
        .expect("accepts");
    desk.start_again(partner, id, version + 1)
        .await
        .expect("as sent");
    assert!(!view(&world, id).await.accepts(code));
    let none = desk
        .accept_guesses(partner, id, Code::ROW_LIMIT, true)
        .await;
    assert!(matches!(none, Err(DeskError::NotFound)), "nothing to guess");
}

#[tokio::test]
async fn a_comma_that_a_guess_takes_out_is_registered_without_it() {
    let world = world().await;
    let list = format!("{HEADER}\r\n0001,,,\"Contoso, Ltd\",Book 13\r\n");
    let id = draft_of(&world, list).await;
    let (desk, partner) = (&world.desk, &world.partner);
    assert_eq!(view(&world, id).await.counts.of(Outcome::Registered), 0);
    desk.accept_guesses(partner, id, Code::COMMA_IN_VALUE, true)
        .await
        .expect("accepts");
    let now = view(&world, id).await;
    assert_eq!(
        (now.counts.of(Outcome::Registered), now.tally),
        (1, tally(0, 1, 0))
    );
    let saved = desk.save(partner, id).await.expect("saves");
    assert!(matches!(saved, Saved::Now(_)));
    world.work_off().await;
    let query = service::devices::DeviceQuery {
        search: "0001".into(),
        ..Default::default()
    };
    let customer = world.customer.organization.id;
    let found = desk
        .devices(partner, customer, &query, None, 9)
        .await
        .expect("devices");
    assert_eq!(found.items[0].manufacturer.as_deref(), Some("Contoso Ltd"));
}

#[tokio::test]
async fn a_value_that_no_list_can_hold_is_refused_with_what_is_wrong() {
    let world = world().await;
    let id = draft_of(&world, with_mistakes()).await;
    for text in ["a,b", "a\"b", "a\nb", &"x".repeat(129)] {
        let refused = mend(&world, id, 3, 2, text).await.expect_err("is refused");
        assert!(
            matches!(&refused, DeskError::Invalid(errors) if errors[0].field == "value"),
            "{refused:?}"
        );
    }
    for (line, field) in [(3, 6), (3, 0), (99, 1)] {
        let refused = mend(&world, id, line, field, "x").await;
        assert!(matches!(refused, Err(DeskError::NotFound)), "{refused:?}");
    }
    assert_eq!(view(&world, id).await.file.changes, 0);
    let workbook = draft_of(&world, *b"PK\x03\x04 and so on").await;
    let refused = mend(&world, workbook, 1, 1, "x")
        .await
        .expect_err("is refused");
    assert_eq!(refused.code(), "not_text");
}

#[tokio::test]
async fn a_list_in_utf_16_is_mended_in_its_lines() {
    let world = world().await;
    let units = std::iter::once(0xfeff).chain(with_mistakes().encode_utf16().collect::<Vec<_>>());
    let sent: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let id = draft_of(&world, sent.clone()).await;
    let mended = mend(&world, id, 3, 2, "3305000000011")
        .await
        .expect("mends");
    assert!(mended.worst().is_none());
    let now = view(&world, id).await;
    let expected = with_mistakes().replace("330500000001,", "3305000000011,");
    assert_eq!(now.file.bytes, expected.into_bytes());
    world
        .desk
        .start_again(&world.partner, id, 1)
        .await
        .expect("as sent");
    assert_eq!(view(&world, id).await.file.bytes, sent);
}

#[tokio::test]
async fn rows_to_mend_keep_the_sender_s_columns_and_read_back_in() {
    let world = world().await;
    world.consent(&world.rival, &world.other_customer).await;
    let (desk, partner) = (&world.desk, &world.partner);
    let other = world.other_customer.organization.id;
    let theirs = ListFile {
        name: "theirs.csv".into(),
        bytes: format!("{HEADER}\r\n0009,,,Contoso,Book 13\r\n").into_bytes(),
    };
    let theirs = desk
        .browse(&world.rival, other, TAG, theirs)
        .await
        .expect("a draft");
    desk.save(&world.rival, theirs).await.expect("saved");
    world.work_off().await;

    let list = "Shelf;Serial number;Manufacturer;Model\n\
                A 1;0001;Contoso;Book 13\n\
                =A;0002;;Book 13\n\
                \"B; 2\";0009;Contoso;Book 13\n\
                C;0003;;\n";
    let id = draft_of(&world, list).await;
    let file = desk.rows_to_mend(partner, id).await.expect("a file");
    assert_eq!(file.name, "ward-to-mend.csv");
    let text = String::from_utf8(file.bytes.clone()).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "enlist code;enlist advice;enlist line;Shelf;Serial number;Manufacturer;Model"
    );
    assert!(lines[1].starts_with("EN0401 "), "{text}");
    assert!(lines[1].ends_with(";3;'=A;'0002;;Book 13"), "{text}");
    assert!(
        lines[2].contains("ZtdDeviceAssignedToOtherTenant"),
        "{text}"
    );
    assert!(
        lines[2].contains("The device belongs to another organization."),
        "{text}"
    );
    assert!(
        lines[2].ends_with(";\"B; 2\";'0009;Contoso;Book 13"),
        "{text}"
    );
    assert_eq!(lines.len(), 4, "the good row is not in it");
    let again = check(&file.bytes, &CheckOptions::default());
    let serials: Vec<_> = again
        .rows
        .iter()
        .map(|row| row.value(Column::Serial))
        .collect();
    assert_eq!(serials, ["0002", "0009", "0003"]);
    assert!(again.rows[1].identification.is_some());
    // Nothing is said of the columns in front, nor of what guards the zeros.
    let codes: Vec<_> = again.findings.iter().map(|finding| finding.code).collect();
    let own = check(list.as_bytes(), &CheckOptions::default());
    let sent: Vec<_> = own.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, sent);
}

#[tokio::test]
async fn nobody_else_mends_a_draft_and_a_saved_list_stays_as_it_is() {
    let world = world().await;
    let id = draft_of(&world, with_mistakes()).await;
    let (desk, value) = (&world.desk, [(2, "3305000000011".to_owned())]);
    let everything = async |caller: &Caller| {
        [
            desk.mend_line(caller, id, 0, 3, &value).await.map(drop),
            desk.leave_line_out(caller, id, 0, 3).await,
            desk.accept_guesses(caller, id, Code::COMMA_IN_VALUE, true)
                .await
                .map(drop),
            desk.undo_change(caller, id, 0).await.map(drop),
            desk.start_again(caller, id, 0).await,
            desk.use_repaired_list(caller, id).await,
            desk.rows_to_mend(caller, id).await.map(drop),
        ]
    };
    for stranger in [&world.rival, &world.customer, &world.oem, &world.operator] {
        for answer in everything(stranger).await {
            assert!(matches!(answer, Err(DeskError::NotFound)), "{answer:?}");
        }
    }
    desk.save(&world.partner, id).await.expect("saves");
    for answer in everything(&world.partner).await {
        assert!(matches!(answer, Err(DeskError::NotFound)), "{answer:?}");
    }
}
