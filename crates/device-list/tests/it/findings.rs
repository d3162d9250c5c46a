//! The strict rules of the published page, each with its place, its repair and its text.

mod hashes;
mod places;

use device_list::{
    Channel, CheckOptions, CheckedList, Code, Column, Dialect, Event, HardwareHash, HashBuilder,
    Identification, SampleDevice, SampleDevices, check, check_stream, repair,
};

use crate::{checked, checked_for, codes, places};

const PARTNER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
const TUPLES: &str = "Manufacturer,Model,Serial Number";

fn partner(rows: &str) -> CheckedList {
    checked(format!("{PARTNER}\n{rows}\n"))
}

fn tuples(rows: &str) -> CheckedList {
    checked(format!("{TUPLES}\n{rows}\n"))
}

fn device() -> SampleDevice {
    SampleDevices::new(1)
        .find(|device| device.serial.as_str().starts_with('0'))
        .unwrap()
}

/// What the repaired list holds below its header.
fn repaired_rows(list: &CheckedList) -> String {
    let text = String::from_utf8(repair(list).bytes).unwrap();
    text.split_once("\r\n").unwrap().1.replace("\r\n", "\n")
}

#[test]
fn headers_must_be_exact_and_are_put_right() {
    let row = "0042,,,Contoso,Book 13";
    let cases = [
        (
            "device serial number,Windows Product ID,Hardware Hash,Manufacturer name,Device model",
            vec![(Code::HEADER_CASE, 1, 1)],
        ),
        (
            "Serial,Windows Product ID,Hardware Hash,OEM name,Device model",
            vec![(Code::HEADER_SYNONYM, 1, 1), (Code::HEADER_SYNONYM, 1, 4)],
        ),
        (
            "Device Serial Number, Windows Product ID,Hardware Hash,Manufacturer name,Device model",
            vec![(Code::HEADER_BLANKS, 1, 2)],
        ),
        (
            "\"Device Serial Number\",Windows Product ID,Hardware Hash,Manufacturer name,Device model",
            vec![(Code::HEADER_QUOTES, 1, 0)],
        ),
    ];
    for (header, expected) in cases {
        let list = checked(format!("{header}\n{row}\n"));
        assert_eq!(places(&list), expected, "{header}");
        assert!(list.findings.iter().all(|finding| finding.certain));
        assert_eq!(
            repair(&list).bytes,
            format!("{PARTNER}\r\n{row}\r\n").into_bytes()
        );
    }
}

#[test]
fn columns_may_be_reordered_missing_or_too_many_and_are_put_right() {
    let list = checked("Serial Number,Note,Model,Manufacturer\n0042,x,Book 13,Contoso\n");
    assert_eq!(
        places(&list),
        [(Code::EXTRA_COLUMN, 1, 2), (Code::HEADER_ORDER, 1, 0)]
    );
    assert_eq!(repaired_rows(&list), "Contoso,Book 13,0042\n");
    let list =
        checked("Device Serial Number,Manufacturer name,Device model\n0042,Contoso,Book 13\n");
    assert_eq!(codes(&list), [Code::MISSING_COLUMN; 2]);
    assert_eq!(repaired_rows(&list), "0042,,,Contoso,Book 13\n");
    let list = checked("Manufacturer;Model;Serial Number\nContoso;Book 13;0042\n");
    assert_eq!(codes(&list), [Code::SEPARATOR]);
    assert_eq!(repaired_rows(&list), "Contoso,Book 13,0042\n");
    let list = checked(format!(
        "Report of today\n\n{TUPLES}\nContoso,Book 13,0042\n"
    ));
    assert_eq!(places(&list), [(Code::TEXT_ABOVE_HEADER, 1, 0)]);
    assert_eq!(list.rows[0].line, 4);
}

#[test]
fn a_column_twice_counts_only_where_both_agree() {
    let header = "Manufacturer,Model,Serial Number,Serial Number";
    let list = checked(format!(
        "{header}\nContoso,B,0042,0042\nContoso,B,0043,\nContoso,B,44,45\n"
    ));
    let expected = [
        (Code::DUPLICATE_COLUMN, 1, 4),
        (Code::DUPLICATE_COLUMN, 4, 3),
    ];
    assert_eq!(places(&list), expected);
    assert_eq!(repaired_rows(&list), "Contoso,B,0042\nContoso,B,0043\n");
    assert_eq!(repair(&list).left_out, [3]);
}

#[test]
fn rows_that_are_no_devices_are_named_and_dropped() {
    let list = partner(&format!(
        "0042,,,Contoso,B\n\n,,,,\n  \n{PARTNER}\n , ,\t,,\n0043,,,Contoso,B"
    ));
    let expected = [
        (Code::BLANK_ROW, 3, 0),
        (Code::ROW_OF_COMMAS, 4, 0),
        (Code::BLANK_ROW, 5, 0),
        (Code::HEADER_REPEATED, 6, 0),
        (Code::ROW_OF_COMMAS, 7, 0),
    ];
    assert_eq!(places(&list), expected);
    let rows: Vec<_> = list.rows.iter().map(|row| (row.number, row.line)).collect();
    assert_eq!(rows, [(1, 2), (2, 8)]);
    assert_eq!(repaired_rows(&list), "0042,,,Contoso,B\n0043,,,Contoso,B\n");
}

#[test]
fn quotes_blanks_and_commas_at_the_end_are_put_right() {
    let list = tuples(
        "\"Contoso\",Book 13,\"0042\"\nContoso, Book 13,0043\t\nContoso,Book 13,0044,,\nContoso,B\u{200b}ook,45",
    );
    let expected = [
        (Code::QUOTES, 2, 1),
        (Code::BLANKS, 3, 2),
        (Code::BLANKS, 3, 3),
        (Code::EXTRA_FIELDS, 4, 4),
        (Code::UTF8_TEXT, 5, 0),
        (Code::BLANKS, 5, 2),
    ];
    assert_eq!(places(&list), expected);
    assert_eq!(list.findings[2].found.as_deref(), Some("0043\\u{9}"));
    assert_eq!(list.findings[2].corrected.as_deref(), Some("0043"));
    let repaired =
        "Contoso,Book 13,0042\nContoso,Book 13,0043\nContoso,Book 13,0044\nContoso,Book,45\n";
    assert_eq!(repaired_rows(&list), repaired);
    assert!(
        list.rows
            .iter()
            .all(|row| row.repaired && row.identification.is_some())
    );
}

#[test]
fn what_only_a_guess_could_repair_is_left_out() {
    let rows = "\"Contoso, Ltd\",B,1\nCon\"toso,B,2\nContoso,B,3,4\nCon\0toso,B,5\n\"Contoso,B,6\nContoso,B";
    let list = tuples(rows);
    let expected = [
        (Code::QUOTES, 2, 1),
        (Code::COMMA_IN_VALUE, 2, 1),
        (Code::QUOTE_UNCLOSED, 3, 1),
        (Code::EXTRA_FIELDS, 4, 4),
        (Code::CONTROL_CHARACTER, 5, 1),
        (Code::QUOTE_UNCLOSED, 6, 1),
        (Code::MISSING_FIELDS, 7, 0),
        (Code::NO_COMBINATION, 7, 0),
    ];
    assert_eq!(places(&list), expected);
    assert!(list.rows.iter().all(|row| row.identification.is_none()));
    assert_eq!(repair(&list).left_out, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_header_with_a_column_that_has_no_name_is_split_at_its_own_separator() {
    let list = checked(",PKID\nx,3305612345678\n");
    assert_eq!(repaired_rows(&list), ",3305612345678,,,\n");
}

#[test]
fn a_comma_in_a_value_is_seen_where_others_separate() {
    let list = checked("Manufacturer;Model;Serial Number\nContoso, Ltd;B;1\nContoso;B;2\n");
    let expected = [(Code::SEPARATOR, 1, 0), (Code::COMMA_IN_VALUE, 2, 1)];
    assert_eq!(places(&list), expected);
    assert_eq!(repair(&list).left_out, [1]);
}

#[test]
fn a_companys_name_that_a_comma_splits_is_put_together_where_that_is_accepted() {
    let text = "Manufacturer,Model,Serial Number\nVMware, Inc.,VMware7,A 1\n\
        SAMSUNG ELECTRONICS CO., LTD.,960XFG,AB.123\nB Co.,Ltd.,Llc,Inc.,3\nContoso,B,4,Inc.\n";
    let list = checked(text);
    let extra = |line, column| (Code::EXTRA_FIELDS, line, column);
    let expected = [extra(2, 2), extra(3, 2), extra(4, 4), extra(5, 4)];
    assert_eq!(places(&list), expected);
    assert!(list.findings[0].cause.contains("\"VMware, Inc.\""));
    assert_eq!(repair(&list).left_out, [1, 2, 3, 4]);
    let accept = [Code::EXTRA_FIELDS, Code::SERIAL_DOT].into_iter().collect();
    let options = CheckOptions {
        accept,
        ..CheckOptions::default()
    };
    let list = check(text.as_bytes(), &options);
    // What is found behind such a name is at its place in the line.
    assert!(places(&list).contains(&(Code::SERIAL_DOT, 3, 4)));
    let repaired = String::from_utf8(repair(&list).bytes).unwrap();
    let rows: Vec<_> = repaired.lines().skip(1).collect();
    let whole = [
        "VMware Inc.,VMware7,A 1",
        "SAMSUNG ELECTRONICS CO. LTD.,960XFG,AB.123",
    ];
    assert_eq!(rows[..2], whole);
}

#[test]
fn only_the_six_combinations_are_accepted() {
    let list = partner(
        "0042,,,,\n,,,Contoso,B\n0042,,,Contoso,\n0042,3305612345678,,,\n,3305612345678,,Contoso,B",
    );
    assert_eq!(codes(&list), [Code::NO_COMBINATION; 5]);
    let causes: Vec<_> = list
        .findings
        .iter()
        .map(|finding| finding.cause.as_str())
        .collect();
    assert!(
        causes[0].contains("manufacturer and model must be there too"),
        "{causes:?}"
    );
    assert!(causes[3].contains("PKID stands alone"), "{causes:?}");
    assert_eq!(list.findings[0].code.dds().unwrap().0, 803);
}

#[test]
fn what_is_no_pkid_is_told_apart_and_product_keys_are_not_shown() {
    let list = partner(
        ",123451234567,,,\n,00329-00000-00003-AA606,,,\n,12345-67890-09876-54321-13579,,,\n,3305-612345678,,,\n,0000000000000,,,",
    );
    let expected = [
        Code::PKID_TWELVE_DIGITS,
        Code::PKID_PRODUCT_ID,
        Code::PKID_PRODUCT_KEY,
        Code::PKID_FORM,
        Code::PLACEHOLDER,
    ];
    assert_eq!(codes(&list), expected);
    assert!(list.findings[0].cause.contains("12 digits"));
    assert!(list.findings[1].cause.contains("product ID"));
    assert!(list.findings[2].cause.contains("product key") && list.findings[2].found.is_none());
    assert_eq!(list.findings[3].corrected.as_deref(), Some("3305612345678"));
    assert_eq!(repaired_rows(&list), ",3305612345678,,,\n");
}

#[test]
fn placeholders_identify_nothing() {
    let list = tuples(
        "Contoso,B,To be filled by O.E.M.\nSystem manufacturer,System Product Name,123\nContoso,B,Default string",
    );
    assert_eq!(codes(&list), [Code::PLACEHOLDER; 4]);
    let hash = |serial: &str, pkid: &str| {
        let built = HashBuilder::default()
            .text(14, serial)
            .text(16, "Contoso")
            .text(24, pkid);
        HardwareHash::from_bytes(&built.uuid([7; 16]).finish())
            .unwrap()
            .to_padded_text()
    };
    let list = partner(&format!(",,{},,", hash("Default string", "")));
    assert_eq!(codes(&list), [Code::HASH_PLACEHOLDER, Code::PLACEHOLDER]);
    let list = partner(&format!(",,{},,", hash("Default string", "3305612345678")));
    assert_eq!(codes(&list), [Code::HASH_PLACEHOLDER]);
    assert_eq!(
        list.rows[0].identification.as_ref().unwrap().keys().len(),
        1
    );
    let list = partner(&format!("0042,,{},,", hash("Default string", "")));
    assert_eq!(codes(&list), [Code::HASH_PLACEHOLDER]);
    assert_eq!(
        list.rows[0].identification.as_ref().unwrap().keys().len(),
        1
    );
}

#[test]
fn the_row_limit_is_one_finding_that_says_how_to_split() {
    let rows: Vec<_> = (1..=7).map(|n| format!("Contoso,B,S{n}")).collect();
    let options = CheckOptions {
        channel: Channel::PartnerCenter,
        row_limit: Some(3),
        ..CheckOptions::default()
    };
    let list = check(
        format!("{TUPLES}\n{}\n", rows.join("\n")).as_bytes(),
        &options,
    );
    assert_eq!((codes(&list), list.rows.len()), (vec![Code::ROW_LIMIT], 7));
    let finding = &list.findings[0];
    assert!(finding.cause.contains("7 rows") && finding.cause.contains("may have 3"));
    assert!(
        finding.fix.contains("3 lists") && finding.fix.contains("line 5"),
        "{}",
        finding.fix
    );
}

#[test]
fn empty_files_and_endless_lines_are_named() {
    assert_eq!(codes(&checked("")), [Code::EMPTY_FILE]);
    assert_eq!(
        codes(&checked("\u{feff}")),
        [Code::UTF8_MARK, Code::EMPTY_FILE]
    );
    assert_eq!(codes(&checked("\n\n \n")), [Code::EMPTY_FILE]);
    assert_eq!(codes(&tuples("")), [Code::NO_ROWS, Code::BLANK_ROW]);
    let endless = "x".repeat(3_000_000);
    let list = tuples(&format!("Contoso,B,1\n{endless}\nContoso,B,2"));
    assert_eq!(places(&list), [(Code::LINE_TOO_LONG, 3, 0)]);
    assert_eq!((list.rows.len(), list.rows[1].line), (2, 4));
    assert_eq!(codes(&checked(&endless)), [Code::HEADER_UNKNOWN]);
    assert_eq!(codes(&checked("\0\0\0\0\0\0\0\0\0")), [Code::NUL_BYTES]);
}

#[test]
fn a_stream_tells_the_same_as_a_check_in_memory() {
    let device = device();
    let rows = format!(
        "{},,{},,\n\n,123,,,\n0042,,,Contoso,B",
        device.serial,
        device.hash_text()
    );
    let text = format!("{PARTNER}\n{}", format!("{rows}\n").repeat(200));
    let list = checked(&text);
    let (mut findings, mut numbers) = (Vec::new(), Vec::new());
    let mut on = |event: Event<'_>| match event {
        Event::Finding(finding) => findings.push(finding),
        Event::Row(row) => numbers.push((row.number(), row.value(Column::Serial).into_owned())),
        Event::Header(_) | Event::Unread(_) => {}
    };
    let summary = check_stream(text.as_bytes(), &CheckOptions::default(), &mut on).unwrap();
    assert_eq!(findings, list.findings);
    assert_eq!(numbers.len(), list.rows.len());
    assert_eq!(
        (summary.rows, summary.errors as usize),
        (600, list.errors())
    );
    assert_eq!(
        (summary.lines, summary.duplicates, summary.identified),
        (801, 398, 400)
    );
}

#[test]
fn one_device_outside_a_list_is_held_against_the_same_rules() {
    let options = CheckOptions::default();
    let cells = device()
        .cells(Dialect::PartnerCenter, device_list::SampleKind::Hash)
        .unwrap();
    let (row, findings) = device_list::check_cells(&cells, &options);
    assert!(findings.is_empty() && row.identification.is_some() && row.corrected.is_none());
    let cells = device_list::Cells::default().with(Column::Pkid, " 12 ");
    let (row, findings) = device_list::check_cells(&cells, &options);
    let found: Vec<_> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(
        (found, row.identification),
        (vec![Code::BLANKS, Code::PKID_FORM], None)
    );
    let own = checked_for(Channel::CustomerOwn, format!("{PARTNER}\n"));
    assert!(codes(&own).contains(&Code::NO_ROWS));
}
