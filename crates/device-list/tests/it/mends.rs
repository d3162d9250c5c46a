//! Mending as a stream: into any layout, with the rest in a file that is mended by hand and read
//! again.

use std::io::Cursor;

use device_list::{
    Change, Channel, CheckOptions, CheckedList, Checker, Code, CodeSet, Column, Dialect,
    ListWriter, Mend, MendTarget, Mended, Mender, RestWriter, RowForm, SampleDevice, check,
    encode_rest,
};

/// What mending lists comes to.
pub(crate) struct Outcome {
    pub(crate) list: Vec<u8>,
    pub(crate) rest: Vec<u8>,
    pub(crate) changes: Vec<Change>,
    /// Row and codes of what stands in the way.
    pub(crate) left: Vec<(u32, Vec<Code>)>,
    pub(crate) mended: Mended,
}

impl Outcome {
    pub(crate) fn list(&self) -> &str {
        std::str::from_utf8(&self.list).unwrap()
    }

    fn rest(&self) -> &str {
        std::str::from_utf8(&self.rest).unwrap()
    }

    fn changed(&self) -> Vec<(Code, &str, &str)> {
        self.changes
            .iter()
            .map(|change| (change.code, &*change.before, &*change.after))
            .collect()
    }
}

pub(crate) fn mend_all(lists: &[&[u8]], options: &CheckOptions, target: MendTarget) -> Outcome {
    let (mut changes, mut left) = (Vec::new(), Vec::new());
    let mut writer = ListWriter::new(Vec::new());
    let mut rest = RestWriter::new(Vec::new());
    let mut mender = Mender::new(options, target);
    let mut keep = |mend: Mend<'_>| match mend {
        Mend::Change(change) => changes.push(change),
        Mend::Row(row) => writer.row(&row).unwrap(),
        Mend::Left(row) => {
            left.push((row.row.number(), row.reasons().map(|f| f.code).collect()));
            rest.row(&row, None).unwrap();
        }
        Mend::Unread(line) => rest.line(&line, None).unwrap(),
        Mend::Repeated(_) | Mend::Finding(_) => {}
    };
    let mut checker = Checker::new(options.clone());
    for (at, list) in lists.iter().enumerate() {
        let mut on = |event: device_list::Event<'_>| mender.take(event, &mut keep);
        let summary = checker.check(&at.to_string(), *list, &mut on).unwrap();
        mender.end_file(&summary, &mut keep);
    }
    let result = mender.mended();
    let list = match result.dialect {
        Some(dialect) => writer.end(dialect).unwrap(),
        None => Vec::new(),
    };
    let (text, encoding) = rest.end().unwrap();
    let mut rest = Vec::new();
    encode_rest(Cursor::new(text), &mut rest, encoding).unwrap();
    Outcome {
        list,
        rest,
        changes,
        left,
        mended: result,
    }
}

pub(crate) fn mend(list: impl AsRef<[u8]>, options: &CheckOptions, target: MendTarget) -> Outcome {
    mend_all(&[list.as_ref()], options, target)
}

fn plainly(list: impl AsRef<[u8]>) -> Outcome {
    mend(list, &CheckOptions::default(), MendTarget::default())
}

fn to(dialect: Dialect) -> MendTarget {
    MendTarget {
        dialect: Some(dialect),
        ..MendTarget::default()
    }
}

fn any_layout() -> CheckOptions {
    CheckOptions {
        channel: Channel::Enlist,
        ..CheckOptions::default()
    }
}

const TUPLES: &str = "Manufacturer,Model,Serial Number";

#[test]
fn rows_that_need_a_guess_go_to_the_rest_as_they_were_sent() {
    let outcome = plainly(
        "Serial Number,Note,Manufacturer,Model\n0042, kept ,Contoso,Book 13\n\
         0043,\"a, b\",Contoso\n=1+2,-,Con\"toso,B,9\n\"Contoso,B",
    );
    assert_eq!(
        outcome.list(),
        format!("{TUPLES}\r\nContoso,Book 13,0042\r\n")
    );
    let lines: Vec<_> = outcome.rest().lines().collect();
    assert_eq!(
        lines[0],
        "enlist code,enlist advice,enlist line,Serial Number,Note,Manufacturer,Model"
    );
    // Fields are as many as were sent, and a stray quote is a part of its value.
    assert!(
        lines[1].starts_with("EN0401,\"The row has only"),
        "{}",
        lines[1]
    );
    assert!(
        lines[1].ends_with(",3,'0043,\"a, b\",Contoso"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].ends_with(",4,'=1+2,'-,\"Con\"\"toso\",B,9"),
        "{}",
        lines[2]
    );
    assert!(lines[3].ends_with(",5,\"\"\"Contoso,B\""), "{}", lines[3]);
    assert_eq!(outcome.mended.left_out, 3);
    assert!(outcome.mended.is_conforming() && !outcome.mended.is_whole());
}

#[test]
fn a_mended_rest_file_is_read_as_the_list_it_was() {
    let outcome = plainly("Serial Number,Note,Manufacturer,Model\n'0043,=x,Contoso,\n");
    let mended = outcome.rest().replace("Contoso,", "Contoso,Book 13");
    assert!(mended.contains(",2,''0043,'=x,Contoso,Book 13"), "{mended}");
    let list = check(mended.as_bytes(), &CheckOptions::default());
    let expected = [Code::EXTRA_COLUMN, Code::HEADER_ORDER, Code::APOSTROPHE];
    assert_eq!(crate::codes(&list), expected, "{:?}", list.findings);
    assert_eq!(list.rows[0].value(Column::Serial), "'0043");
    // What is left of it goes to a rest file without remarks about remarks.
    let again = plainly(outcome.rest());
    assert_eq!(again.rest, outcome.rest);
}

#[test]
fn a_rest_file_is_ansi_where_it_can_be_and_utf_8_with_a_mark_where_it_cant() {
    let row = |maker: &str| format!("{TUPLES}\n{maker},Book 13,\n");
    assert!(plainly(row("Muller")).rest.is_ascii());
    let ansi = plainly(row("Müller")).rest;
    assert!(ansi.windows(6).any(|bytes| bytes == b"M\xfcller"));
    let utf8 = plainly(row("Łódź")).rest;
    assert!(utf8.starts_with(b"\xef\xbb\xbfenlist code"));
    // As ANSI this would be read as one other letter.
    let ambiguous = plainly(row("Ã©")).rest;
    assert!(ambiguous.starts_with(b"\xef\xbb\xbf"));
    for rest in [ansi, utf8, ambiguous] {
        let codes = &plainly(&rest).left[0].1;
        assert!(codes.contains(&Code::NO_COMBINATION), "{codes:?}");
    }
}

#[test]
fn a_value_that_ansi_would_turn_into_another_is_left_with_a_reason() {
    let outcome = plainly(format!("{TUPLES}\nÃ©,Book 13,0042\n"));
    assert_eq!(outcome.left, [(1, vec![Code::NOT_ANSI])]);
    assert_eq!(outcome.list(), format!("{TUPLES}\r\n"));
}

#[test]
fn a_list_without_a_header_gets_one_in_its_rest_file() {
    let outcome = plainly("0042,,,Contoso,Book 13\n0043,,,Contoso,\n");
    let header = outcome.rest().lines().next().unwrap();
    let own = Dialect::PartnerCenter.header();
    assert_eq!(
        header,
        format!("enlist code,enlist advice,enlist line,{own}")
    );
    let list = check(&outcome.rest, &CheckOptions::default());
    assert_eq!(crate::codes(&list), [Code::NO_COMBINATION]);
}

#[test]
fn repetitions_are_dropped_and_contradictions_left_unless_accepted() {
    let header = Dialect::Intune4.header();
    let device = SampleDevice::new(3, 0);
    let (hash, fresh) = (device.hash_text(), device.fresh_hash(1).to_padded_text());
    let (serial, other) = (&device.serial, SampleDevice::new(3, 1));
    let rows = format!(
        "{header}\n{serial},,{hash},A\n{serial},,{hash},A\n{serial},,{fresh},B\n{},,{},C\n",
        other.serial,
        other.hash_text()
    );
    let mut options = any_layout();
    let outcome = mend(&rows, &options, MendTarget::default());
    assert_eq!(outcome.left.len(), 1);
    assert_eq!((outcome.mended.rows, outcome.mended.repeated), (2, 1));
    assert_eq!(
        outcome.changed(),
        [(Code::DUPLICATE_ROW, "The same row again", "")]
    );
    options.accept = CodeSet::from_iter([outcome.left[0].1[0]]);
    let outcome = mend(&rows, &options, MendTarget::default());
    assert_eq!((outcome.mended.rows, outcome.mended.repeated), (2, 2));
    assert!(outcome.left.is_empty() && outcome.mended.is_whole());
}

#[test]
fn what_a_layout_cant_carry_is_named() {
    let header = Dialect::Intune.header();
    let device = SampleDevice::new(3, 0);
    let (serial, hash) = (&device.serial, device.hash_text());
    let list = format!("{header}\n{serial},,{hash},A,ada@contoso.example\n,3305612345678,,,\n");
    let outcome = mend(&list, &any_layout(), to(Dialect::PartnerCenter));
    let header = Dialect::PartnerCenter.header();
    let expected = format!("{header}\r\n{serial},,{hash},,\r\n,3305612345678,,,\r\n");
    assert_eq!(outcome.list(), expected);
    let dropped = [
        (Code::EXTRA_COLUMN, "A", ""),
        (Code::EXTRA_COLUMN, "ada@contoso.example", ""),
    ];
    assert_eq!(outcome.changed(), dropped);
    let outcome = mend(&list, &any_layout(), to(Dialect::ManagedDesktopSelf));
    let (maker, model) = (&device.manufacturer, &device.model);
    let header = Dialect::ManagedDesktopSelf.header();
    assert_eq!(
        outcome.list(),
        format!("{header}\r\n{maker},{model},{serial},{hash}\r\n")
    );
    assert_eq!(outcome.left, [(2, vec![Code::NO_COMBINATION])]);
    let outcome = mend(&list, &any_layout(), to(Dialect::ManagedDesktopPartner));
    assert_eq!(outcome.left.len(), 2);
    assert!(outcome.rest().contains("which the hash carries"));
    assert!(!outcome.mended.is_conforming());
}

#[test]
fn a_row_that_would_be_read_as_a_comment_is_left() {
    let list = "Manufacturer,Model,Serial Number\nContoso,B,#42\nContoso,B,0043\n";
    let outcome = mend(list.as_bytes(), &any_layout(), to(Dialect::PartnerCenter));
    assert_eq!(outcome.mended.rows, 1);
    assert_eq!(outcome.left, [(1, vec![Code::TEXT_LINE])]);
    assert!(
        plainly(list).left.is_empty(),
        "it does not stand first there"
    );
}

#[test]
fn a_hash_row_can_be_written_as_what_its_hash_carries() {
    let device = SampleDevice::new(3, 0);
    let (serial, hash, pkid) = (&device.serial, device.hash_text(), device.pkid);
    let (maker, model) = (&device.manufacturer, &device.model);
    let list = format!("{}\n,,{hash}\n", Dialect::Intune3.header());
    let form = |form| MendTarget {
        dialect: Some(Dialect::PartnerCenter),
        form,
    };
    let rows = |target, list: &str| {
        let outcome = mend(list, &any_layout(), target);
        outcome.list().lines().nth(1).map(str::to_owned)
    };
    let tuple = format!("{serial},,,{maker},{model}");
    assert_eq!(rows(form(RowForm::Tuple), &list), Some(tuple.clone()));
    assert_eq!(
        rows(form(RowForm::Pkid), &list),
        Some(format!(",{},,,", pkid.as_str()))
    );
    assert_eq!(
        rows(form(RowForm::Hash), &list),
        Some(format!(",,{hash},,"))
    );
    let list = format!("{}\n{tuple}\n", Dialect::PartnerCenter.header());
    assert_eq!(rows(form(RowForm::Tuple), &list), Some(tuple));
    assert_eq!(rows(form(RowForm::Pkid), &list), None);
    assert_eq!(rows(form(RowForm::Hash), &list), None);
}

#[test]
fn values_that_are_only_for_people_to_read_dont_become_identifiers() {
    let device = SampleDevice::new(3, 0);
    let hash = device.hash_text();
    let header = Dialect::ManagedDesktopSelf.header();
    let list = format!("{header}\nSome maker,Some model,Some serial,{hash}\n");
    let outcome = mend(&list, &any_layout(), to(Dialect::Intune3));
    assert_eq!(
        outcome.list().lines().nth(1),
        Some(format!(",,{hash}").as_str())
    );
    let before: Vec<_> = outcome
        .changes
        .iter()
        .map(|change| &*change.before)
        .collect();
    assert_eq!(before, ["Some serial", "Some maker", "Some model"]);
    // In its own layout they stay.
    let outcome = mend(&list, &any_layout(), MendTarget::default());
    assert!(
        outcome
            .list()
            .contains("Some maker,Some model,Some serial,")
    );
    assert!(outcome.changes.is_empty());
}

#[test]
fn the_lists_tag_is_filled_in_where_the_layout_has_one() {
    let device = SampleDevice::new(3, 0);
    let (serial, hash) = (&device.serial, device.hash_text());
    let list = format!("{}\n{serial},,{hash},,\n", Dialect::PartnerCenter.header());
    let options = CheckOptions {
        tag: Some("Microsoft365Managed_Kiosk".into()),
        ..any_layout()
    };
    let outcome = mend(&list, &options, to(Dialect::Intune4));
    assert!(outcome.list().ends_with(",Microsoft365Managed_Kiosk\r\n"));
    assert_eq!(outcome.changes.len(), 1);
    let again = mend(&outcome.list, &options, MendTarget::default());
    assert!(again.changes.is_empty() && again.list == outcome.list);
    assert!(
        mend(&list, &options, MendTarget::default())
            .changes
            .is_empty()
    );
}

#[test]
fn lists_are_merged_by_identity() {
    let a = format!("{TUPLES}\nContoso,B,1\nContoso,B,2\n");
    let b = "Serial Number,Manufacturer,Model\n2,Contoso,B\n3,Contoso,B\n1,CONTOSO,B\n,Contoso,B\n";
    let lists = [a.as_bytes(), b.as_bytes()];
    let outcome = mend_all(&lists, &CheckOptions::default(), MendTarget::default());
    let expected = format!("{TUPLES}\r\nContoso,B,1\r\nContoso,B,2\r\nContoso,B,3\r\n");
    assert_eq!(outcome.list(), expected);
    assert_eq!(outcome.mended.repeated, 1);
    let left = [
        (3, vec![Code::IN_OTHER_FILE]),
        (4, vec![Code::NO_COMBINATION]),
    ];
    assert_eq!(outcome.left, left);
}

#[test]
fn a_mended_list_knows_what_is_still_wrong_with_it() {
    let rows = |rows: &str| format!("{TUPLES}\n{rows}");
    let options = CheckOptions {
        row_limit: Some(1),
        ..CheckOptions::default()
    };
    let long = rows("Contoso,B,1\nContoso,B,2\n");
    assert!(
        !mend(&long, &options, MendTarget::default())
            .mended
            .is_conforming()
    );
    let repeated = rows("Contoso,B,1\nContoso,B,1\n");
    let outcome = mend(&repeated, &options, MendTarget::default());
    assert!(outcome.mended.is_whole(), "{:?}", outcome.mended);
    assert!(!plainly(rows("")).mended.is_conforming());
    let endless = rows(&format!("Contoso,B,1\n{}\n", "x".repeat(100_000)));
    let mended = plainly(endless).mended;
    assert!(mended.is_conforming() && !mended.is_whole());
    let foreign = mend(rows("Contoso,B,1\n"), &any_layout(), to(Dialect::Intune3));
    assert_eq!((foreign.mended.rows, foreign.mended.left_out), (0, 1));
}

/// The same list, checked in memory.
pub(crate) fn repaired(list: &[u8], options: &CheckOptions) -> (CheckedList, Vec<u8>) {
    let checked = check(list, options);
    let bytes = device_list::repair(&checked).bytes;
    (checked, bytes)
}

#[test]
fn a_row_that_would_be_read_as_a_header_is_left() {
    let list = "Manufacturer,Model,Serial Number,Notes\nFabrikam,Product ID,Hardware Hash,13\n";
    let outcome = mend(list, &any_layout(), to(Dialect::PartnerCenter));
    assert_eq!(outcome.left, [(1, vec![Code::HEADER_REPEATED])]);
}

#[test]
fn a_rest_of_a_list_without_a_header_begins_with_its_own() {
    let hash = SampleDevice::new(1, 7).hash_text();
    let list = format!(
        "Manufacturer name\nA0,{hash},{hash},Default string\naa,Default string,{hash},Aa\n{}\n\
         0624102792477\n",
        Dialect::PartnerCenter.header()
    );
    let outcome = mend(&list, &CheckOptions::default(), MendTarget::default());
    assert_eq!(outcome.left.len(), 2);
    let read = check(&outcome.rest, &CheckOptions::default());
    assert_eq!(read.rows.len(), 2, "{}", outcome.rest());
}
