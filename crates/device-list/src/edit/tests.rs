use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;

use super::*;
use crate::check::check;
use crate::code::Code;
use crate::finding::Finding;

const HEADER: &str = "Manufacturer,Model,Serial Number";

fn read(bytes: &[u8]) -> ListText {
    ListText::read(bytes, &CheckOptions::default()).unwrap()
}

fn texts(list: &ListText, line: u64) -> Vec<String> {
    let fields = list.fields(line).unwrap_or_default();
    fields.into_iter().map(|field| field.text).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_field_says_its_column_by_the_sender_s_name_and_by_ours() {
    let list = read(b"Notes;Serial number;Model;Maker\nx;0042;Book 13;Contoso\n");
    let fields = list.fields(2).unwrap();
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["Notes", "Serial number", "Model", "Maker"]);
    assert_eq!(fields[1].column, Some(Column::Serial));
    assert_eq!(fields[0].column, None);
    assert_eq!(texts(&list, 1), names, "the header is a line as well");
    assert_eq!(list.fields(3), None);
}

#[test]
fn a_line_that_is_too_short_can_be_completed() {
    let list = read(format!("{HEADER}\r\nContoso\r\n").as_bytes());
    assert_eq!(texts(&list, 2), ["Contoso", "", ""]);
    let mended = list
        .replace_fields(2, &[(3, " 0042 "), (2, "Book 13")])
        .unwrap();
    assert_eq!(
        mended,
        format!("{HEADER}\r\nContoso,Book 13,0042\r\n").into_bytes()
    );
    assert_eq!(list.replace_field(2, 4, "x"), Err(EditError::NoSuchField));
    assert_eq!(list.replace_field(2, 0, "x"), Err(EditError::NoSuchField));
    assert_eq!(list.replace_field(9, 1, "x"), Err(EditError::NoSuchLine));
}

#[test]
fn what_no_value_can_hold_is_refused_and_the_list_s_own_separator_is_quoted() {
    let list = read(b"Manufacturer;Model;Serial Number\nContoso;Book 13;0042\n");
    for value in ["a,b", "a\"b", "a\nb", "a\rb", "a\tb", "a\0b"] {
        assert_eq!(
            list.replace_field(2, 1, value),
            Err(EditError::Letters),
            "{value:?}"
        );
    }
    let long = "x".repeat(MAX_VALUE + 1);
    assert_eq!(
        list.replace_field(2, 1, &long),
        Err(EditError::TooLong { most: MAX_VALUE })
    );
    let mended = list.replace_field(2, 1, "A;B").unwrap();
    assert_eq!(texts(&read(&mended), 2), ["A;B", "Book 13", "0042"]);
}

#[test]
fn a_hash_may_be_long() {
    let list = read(b"Hardware Hash\nT0\n");
    let hash = "A".repeat(4000);
    let mended = list.replace_field(2, 1, &hash).unwrap();
    assert_eq!(texts(&read(&mended), 2), [hash.as_str()]);
    assert!(!format!("{:?}", read(&mended).fields(2)).contains("AAAA"));
    let long = "A".repeat(MAX_HASH + 1);
    assert_eq!(
        list.replace_field(2, 1, &long),
        Err(EditError::TooLong { most: MAX_HASH })
    );
}

#[test]
fn letters_are_written_as_the_file_has_them() {
    let ansi = WINDOWS_1252
        .encode("Manufacturer,Model,Serial Number\nMüller,B,1\n")
        .0;
    let mended = read(&ansi).replace_field(2, 2, "Köln").unwrap();
    assert!(mended.ends_with(b"M\xfcller,K\xf6ln,1\n"));
    let utf8 = format!("\u{feff}{HEADER}\nMüller,B,1\n");
    let mended = read(utf8.as_bytes()).replace_field(2, 2, "Köln").unwrap();
    assert_eq!(mended, utf8.replace(",B,", ",Köln,").into_bytes());
    let plain = format!("{HEADER}\nContoso,B,1\n");
    let mended = read(plain.as_bytes()).replace_field(2, 2, "Łódź").unwrap();
    assert_eq!(mended, plain.replace(",B,", ",Łódź,").into_bytes());
    // As ANSI these two bytes would read as one letter of UTF-8.
    let mended = read(plain.as_bytes()).replace_field(2, 2, "Ã©").unwrap();
    assert_eq!(texts(&read(&mended), 2)[1], "Ã©");
}

#[test]
fn utf_16_becomes_utf_8_with_the_same_lines() {
    let text = format!("{HEADER}\r\nMüller,Book 13,0042\r\n\r\nContoso,,0043\r\n");
    let list = read(&utf16(&text));
    assert_eq!(list.as_bytes(), text.as_bytes());
    let mended = list.replace_field(4, 2, "Book 14").unwrap();
    assert_eq!(
        mended,
        text.replace("Contoso,,", "Contoso,Book 14,").into_bytes()
    );
    let before = check(&utf16(&text), &CheckOptions::default());
    let after = check(list.as_bytes(), &CheckOptions::default());
    let lines = |list: &crate::CheckedList| -> Vec<_> {
        list.rows
            .iter()
            .map(|row| (row.line, row.cells.clone()))
            .collect()
    };
    assert_eq!(lines(&before), lines(&after));
}

#[test]
fn a_workbook_is_no_text() {
    let refused = ListText::read(b"PK\x03\x04rest", &CheckOptions::default());
    assert_eq!(refused.err(), Some(EditError::NotText));
}

#[test]
fn rows_of_a_sheet_become_lines_of_their_numbers() {
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let text = text_of_rows([
        (2, row(["Manufacturer", "Model", "Serial Number"])),
        (5, row(["Contoso, Ltd", "15\" Book", "00\n42"])),
    ]);
    let list = read(&text);
    assert_eq!(texts(&list, 5)[0], "Contoso, Ltd");
    assert_eq!(memchr::memchr_iter(b'\n', &text).count(), 5);
    let mended = list
        .replace_fields(5, &[(1, "Contoso"), (2, "Book"), (3, "0042")])
        .unwrap();
    let checked = check(&mended, &CheckOptions::default());
    assert_eq!(
        checked.rows.iter().map(|row| row.line).collect::<Vec<_>>(),
        [5]
    );
}

#[test]
fn a_line_goes_with_its_end_and_a_value_on_two_lines_with_both() {
    let text = format!("{HEADER}\r\nA,B,1\r\n\"A\r\nB\",C,2\r\nA,B,3");
    let list = read(text.as_bytes());
    assert_eq!(texts(&list, 3), ["A\r\nB", "C", "2"]);
    let without = |line| String::from_utf8(list.remove_line(line).unwrap()).unwrap();
    assert_eq!(without(2), text.replace("A,B,1\r\n", ""));
    assert_eq!(without(3), format!("{HEADER}\r\nA,B,1\r\nA,B,3"));
    assert_eq!(
        without(5),
        format!("{HEADER}\r\nA,B,1\r\n\"A\r\nB\",C,2\r\n")
    );
    assert_eq!(list.remove_line(4), Err(EditError::NoSuchLine));
    let mended = list.replace_field(3, 1, "A B").unwrap();
    assert_eq!(mended, text.replace("\"A\r\nB\"", "A B").into_bytes());
}

#[test]
fn a_skipped_line_on_two_lines_is_changed_as_one() {
    let text = format!("{HEADER}\n\na 0,eT A,\"a\na\"\nA,B,3\n");
    let mended = read(text.as_bytes()).replace_field(3, 1, "").unwrap();
    assert_eq!(mended, text.replace("a 0", "").into_bytes());
    let open = format!("{HEADER}\na 0,eT A a,\"a\nA,B,3\n");
    let mended = read(open.as_bytes()).replace_field(2, 1, "Book");
    assert!(mended.unwrap().ends_with(b"\nA,B,3\n"));
}

#[test]
fn quotes_that_are_never_closed_go_when_the_line_is_mended() {
    let list = read(format!("{HEADER}\nA,15\" screen,1\nA,\"B,2\nA,B,3\n").as_bytes());
    assert_eq!(texts(&list, 2), ["A", "15\" screen", "1"]);
    assert_eq!(texts(&list, 3), ["A", "B", "2"]);
    let other = list.replace_field(2, 1, "C").unwrap();
    assert_eq!(texts(&read(&other), 2), ["C", "15\" screen", "1"]);
    let mended = list.replace_field(3, 2, "Book").unwrap();
    assert!(mended.ends_with(b"\nA,Book,2\nA,B,3\n"));
    let checked = check(&mended, &CheckOptions::default());
    let stray = checked
        .findings
        .iter()
        .filter(|f| f.code == Code::QUOTE_UNCLOSED);
    assert_eq!(stray.map(|f| f.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_header_can_be_named_anew() {
    let list = read(b"Manufacturer,Modell,Serial Number,Hash\nContoso,Book 13,0042,\n");
    let mended = list.replace_field(1, 2, "Model").unwrap();
    assert!(mended.starts_with(b"Manufacturer,Model,Serial Number,Hash\n"));
}

/// The texts of the rows, without one line.
fn rows_but(list: &ListText, line: Option<u64>) -> impl Iterator<Item = Vec<String>> {
    let rows = list.lines.known.iter().filter(|row| row.is_row);
    rows.filter(move |row| Some(row.number) != line)
        .map(|row| texts(list, row.number))
}

/// A row as programs write it, now and then with quotes, letters outside ASCII or a value too few.
fn row() -> impl Strategy<Value = Vec<String>> {
    let value = prop_oneof![
        6 => "[A-Za-z0-9 .]{0,8}",
        1 => "[A-Za-zäöüŁ]{1,4}".prop_map(|text| text),
        1 => "[a-z]{1,3},[a-z;]{1,3}".prop_map(|text| format!("\"{text}\"")),
        1 => "[a-z]{1,3}\n[a-z]{1,3}".prop_map(|text| format!("\"{text}\"")),
        1 => "[a-z\"]{0,4}",
    ];
    prop::collection::vec(value, 1..5)
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        mark in prop::sample::select(vec!["", "\u{feff}", "\u{feff}\u{feff}"]),
        header in any::<bool>(),
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\r\n,;\"\0a".to_vec())], 0..80),
        (line, field) in (0..6_u64, 0..5_u32),
    ) {
        let header = if header { HEADER.as_bytes() } else { b"" };
        let list = read(&[mark.as_bytes(), header, b"\n", &bytes].concat());
        let _ = (list.fields(line), list.replace_field(line, field, "x"), list.remove_line(line));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    #[test]
    fn changing_a_field_changes_that_field_alone(
        rows in prop::collection::vec(row(), 1..6),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        by in prop::sample::select(vec![",", ";", "\t"]),
        mark in prop::sample::select(vec!["", "\u{feff}"]),
        wide in any::<bool>(),
        (pick, field) in (any::<prop::sample::Index>(), 1..4_u32),
        value in "[A-Za-z0-9äß€ł;. ]{0,10}",
    ) {
        let rows = rows.iter().map(|row| row.join(by));
        let lines = std::iter::once(HEADER.replace(',', by)).chain(rows);
        let text = format!("{mark}{}", lines.collect::<Vec<_>>().join(end));
        let bytes = if wide { utf16(text.trim_start_matches('\u{feff}')) } else { text.into_bytes() };
        let list = read(&bytes);
        let numbers: Vec<u64> = list.lines.known.iter().map(|line| line.number).collect();
        let below: Vec<u64> = numbers.into_iter().filter(|line| *line > 1).collect();
        prop_assume!(!below.is_empty());
        let line = *pick.get(&below);
        let mended = match list.replace_field(line, field, &value) {
            Ok(mended) => mended,
            Err(EditError::Entangled) if list.as_bytes().contains(&b'"') => return Ok(()),
            Err(other) => return Err(TestCaseError::fail(format!("{other}"))),
        };
        let after = read(&mended);
        let mut expected = texts(&list, line);
        let at = field as usize - 1;
        if expected[at] != value {
            expected[at] = value.trim().to_owned();
        }
        let is_row = |list: &ListText, line| list.line(line).is_ok_and(|line| line.is_row);
        if is_row(&after, line) {
            prop_assert_eq!(texts(&after, line), expected);
        } else {
            // Separators alone, a lone text, or what reads as a sentence make no row.
            let filled = expected.iter().filter(|text| !text.trim().is_empty());
            let checked = check(&mended, &CheckOptions::default());
            let told = |f: &Finding| f.code == Code::TEXT_LINE && f.line == line;
            let is_text = checked.findings.iter().any(told);
            prop_assert!(filled.count() <= 1 || is_text, "{:?}", expected);
        }
        // A value that was on two lines is on one now, so the rows below may have moved up.
        prop_assert!(rows_but(&list, Some(line)).eq(rows_but(&after, Some(line))));
    }

    #[test]
    fn taking_out_a_line_leaves_the_others(
        rows in prop::collection::vec(row(), 1..6),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        pick in any::<prop::sample::Index>(),
    ) {
        let rows = rows.iter().map(|row| row.join(","));
        let lines = std::iter::once(HEADER.to_owned()).chain(rows);
        let list = read(lines.collect::<Vec<_>>().join(end).as_bytes());
        let rows: Vec<u64> = list.lines.known.iter().filter(|l| l.is_row).map(|l| l.number).collect();
        prop_assume!(!rows.is_empty());
        let line = *pick.get(&rows);
        match list.remove_line(line) {
            Ok(without) => prop_assert!(rows_but(&list, Some(line)).eq(rows_but(&read(&without), None))),
            Err(EditError::Entangled) => prop_assert!(list.as_bytes().contains(&b'"')),
            Err(other) => return Err(TestCaseError::fail(format!("{other}"))),
        }
    }
}

#[test]
fn a_value_with_separators_does_not_become_a_row_in_quotes() {
    let list = read(b"Manufacturer;Model;Serial Number\nContoso\n");
    let mended = list.replace_field(2, 1, "a;b;1").unwrap();
    assert_eq!(texts(&read(&mended), 2), ["a;b;1", "", ""]);
}

#[test]
fn a_row_in_quotes_as_a_whole_loses_them_when_it_is_changed() {
    let list = read(b"Manufacturer;Model;Serial Number\n\"Contoso;B;0042\"\nContoso;B;1\n");
    assert_eq!(texts(&list, 2), ["Contoso", "B", "0042"]);
    let mended = list.replace_field(2, 2, "a;b").unwrap();
    assert!(mended.ends_with(b"Number\nContoso;\"a;b\";0042\nContoso;B;1\n"));
}

#[test]
fn a_row_of_which_something_is_said_about_the_file_is_still_a_row() {
    let text = "Manufacturer,Model,Serial Number\r\nContoso,B\u{fc}ro,0042\nContoso,B,1\r\n";
    let list = read(text.as_bytes());
    let rows: Vec<_> = list
        .lines
        .known
        .iter()
        .map(|l| (l.number, l.is_row))
        .collect();
    assert_eq!(rows, [(2, true), (3, true)]);
    let mended = list.replace_field(2, 2, "B").unwrap();
    assert!(mended.ends_with(b"Number\r\nContoso,B,0042\nContoso,B,1\r\n"));
}
