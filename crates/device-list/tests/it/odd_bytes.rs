//! Files whose bytes are odd: two encodings, two line ends, NUL bytes, cut ends, no text at all.

use device_list::{CheckOptions, CheckedList, Code, Column, SampleDevice, Severity, check_slice};

use crate::{checked, codes, places};

const PARTNER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
const TUPLES: &str = "Manufacturer,Model,Serial Number";

fn serials(list: &CheckedList) -> Vec<&str> {
    list.rows
        .iter()
        .map(|row| row.value(Column::Serial))
        .collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn files_of_two_encodings_are_read_in_both() {
    let (first, second) = (
        format!("{TUPLES}\r\nContoso,Büro,0042\r\n"),
        "Contoso,Büro,0043\r\n,,\r\n",
    );
    let ansi = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let appended = [ansi(&first), utf16(second)].concat();
    let before = [vec![0xff, 0xfe], utf16(&first), ansi(second)].concat();
    for bytes in [appended, before] {
        let list = checked(&bytes);
        assert_eq!(serials(&list), ["0042", "0043"]);
        assert!(
            list.rows
                .iter()
                .all(|row| row.value(Column::Model) == "Büro")
        );
        assert_eq!(list.encoding, device_list::Encoding::Mixed);
        let mixed = list
            .findings
            .iter()
            .find(|f| f.code == Code::MIXED_ENCODINGS)
            .unwrap();
        assert_eq!(mixed.line, 3);
        // Places are counted in the bytes of the file.
        let commas = list.findings.last().unwrap();
        assert_eq!((commas.code, commas.line), (Code::ROW_OF_COMMAS, 4));
        let at = commas.byte.unwrap() as usize;
        let from = bytes.len() - if bytes.starts_with(&[0xff]) { 4 } else { 8 };
        assert!(from.abs_diff(at) <= 1, "{at} {from}");
    }
}

#[test]
fn nul_bytes_and_cut_ends_are_named() {
    let rows = format!("{TUPLES}\nContoso,Book 13,0042\n");
    let list = checked([rows.as_bytes(), &vec![0; 100_000]].concat());
    assert_eq!(places(&list), [(Code::NUL_BYTES, 3, 0)]);
    let list = checked(format!("{TUPLES}\n\0\0\0\0\nContoso,Book 13,0042\n"));
    assert_eq!(places(&list), [(Code::NUL_BYTES, 2, 0)]);
    let list = checked(format!("{PARTNER}\n0042,,,Contoso,Book 13\n0043,,,Conto"));
    assert_eq!(
        codes(&list),
        [Code::MISSING_FIELDS, Code::NO_COMBINATION, Code::CUT_OFF]
    );
    let hash = SampleDevice::new(40, 4).hash_text();
    let list = checked(format!("{PARTNER}\n,,{hash},,\n,,{}", &hash[..400]));
    assert!(codes(&list).contains(&Code::CUT_OFF));
    // Where all rows are short, the last one is like the others.
    let list = checked(format!("{PARTNER}\n,3305612345678\n,3305612345679"));
    assert_eq!(codes(&list), [Code::MISSING_FIELDS; 2]);
    let bytes = utf16(&format!("{TUPLES}\nContoso,Book 13,0042"));
    let list = checked(&bytes[..bytes.len() - 1]);
    assert!(codes(&list).contains(&Code::CUT_OFF));
}

#[test]
fn line_ends_of_two_kinds_are_told() {
    let list = checked(format!(
        "{TUPLES}\r\nContoso,Book 13,1\r\nContoso,Book 13,2\nContoso,Book 13,3\r\n"
    ));
    assert_eq!(places(&list), [(Code::MIXED_LINE_ENDS, 3, 0)]);
    assert_eq!(list.findings[0].severity, Severity::Note);
    assert!(list.is_conforming());
    let list = checked(format!(
        "{TUPLES}\nContoso,Book 13,1\rContoso,Book 13,2\nContoso,Book 13,3\n"
    ));
    assert_eq!(codes(&list), [Code::MIXED_LINE_ENDS]);
    assert_eq!(list.findings[0].severity, Severity::Warning);
    assert_eq!(serials(&list), ["1", "2", "3"]);
}

#[test]
fn what_is_no_list_is_named() {
    for (bytes, code, said) in [
        (&b"%PDF-1.7\nx\n"[..], Code::NOT_TEXT, "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", Code::NOT_TEXT, "PNG"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
            Code::WORKBOOK_REFUSED,
            "office document",
        ),
        (b"\xff\xfe\0\0M\0\0\0a\0\0\0", Code::NOT_TEXT, "UTF-32"),
        (
            b"\x01\x02\x03\x04\x05\x06\x07\x08\n\x02\x02\x02",
            Code::NOT_TEXT,
            "no text",
        ),
        (
            b"<!doctype html>\n<html></html>\n",
            Code::WEB_PAGE,
            "web page",
        ),
        (
            b"[{\"serialNumber\":\"0042\"}]\n",
            Code::HEADER_UNKNOWN,
            "JSON",
        ),
        (
            b"<?xml version=\"1.0\"?>\n<HardwareReport><HardwareInventory/></HardwareReport>\n",
            Code::HEADER_UNKNOWN,
            "oa3tool",
        ),
        (
            b"\nDevice Serial Number : 0042\nWindows Product ID   :\nHardware Hash        : T0Fz\n",
            Code::HEADER_UNKNOWN,
            "-OutputFile",
        ),
        (b"\0\0\0\0\0\0", Code::NUL_BYTES, "nothing but NUL"),
        (
            b"ABCDE-FGHJK-MNPQR-STVWX-YZ234,x y\n",
            Code::HEADER_UNKNOWN,
            "None of the first lines",
        ),
    ] {
        let list = checked(bytes);
        assert_eq!(codes(&list), [code], "{said}");
        let finding = &list.findings[0];
        assert!(finding.cause.contains(said), "{}", finding.cause);
        assert!(
            finding
                .found
                .as_ref()
                .is_none_or(|found| !found.contains("FGHJK"))
        );
        assert!(!list.is_usable());
        let summary = check_slice(bytes, &CheckOptions::default(), &mut |_| {});
        assert_eq!(summary.lines, summary.skipped);
    }
}

#[test]
fn what_is_said_once_about_a_file_has_its_place() {
    let text =
        format!("{TUPLES}\r\nContoso,Book 13,1\r\nContoso,B\u{fc}ro,2\nContoso,Book 13,3\r\n");
    let list = checked(&text);
    assert_eq!(
        places(&list),
        [(Code::MIXED_LINE_ENDS, 3, 0), (Code::UTF8_TEXT, 3, 0)]
    );
    let line = text.find("Contoso,B\u{fc}ro").map(|at| at as u64);
    assert!(list.findings.iter().all(|finding| finding.byte == line));
    let length = "Contoso,B\u{fc}ro,2".len() as u64;
    assert!(
        list.findings
            .iter()
            .all(|finding| finding.length == Some(length))
    );
}

#[test]
fn the_end_mark_of_an_old_system_is_no_row() {
    let list = checked(format!("{TUPLES}\r\nContoso,Book 13,1\r\n\x1a"));
    assert_eq!(codes(&list), [Code::TEXT_LINE]);
    assert!(list.findings[0].certain && list.rows.len() == 1);
}

#[test]
fn a_line_break_in_a_value_is_told_once() {
    let list = checked(format!("{TUPLES}\r\nContoso,\"Book\n13\",1\r\n"));
    assert_eq!(codes(&list), [Code::QUOTES, Code::VALUE_ON_TWO_LINES]);
}
