//! Workbooks as device lists.

use device_list::{CheckOptions, CheckedList, Code, Column, Encoding, MendTarget, check, repair};

use super::books::{XlsxBook, ods, table};

const HEADER: &str = r#"<row r="1"><c t="inlineStr"><is><t>Manufacturer</t></is></c><c t="inlineStr"><is><t>Model</t></is></c><c t="inlineStr"><is><t>Serial Number</t></is></c></row>"#;

fn row(number: u32, serial: &str) -> String {
    format!(
        r#"<row r="{number}"><c t="inlineStr"><is><t>Contoso</t></is></c><c t="inlineStr"><is><t>Book 13</t></is></c>{serial}</row>"#
    )
}

fn text(value: &str) -> String {
    format!(r#"<c t="inlineStr"><is><t>{value}</t></is></c>"#)
}

fn checked(book: &[u8]) -> CheckedList {
    check(book, &CheckOptions::default())
}

fn places(list: &CheckedList) -> Vec<(Code, u64)> {
    let places = list.findings.iter();
    places.map(|finding| (finding.code, finding.line)).collect()
}

#[test]
fn a_sheet_is_a_list_and_its_rows_keep_their_numbers() {
    let rows = [
        HEADER.to_owned(),
        row(2, &text("0042")),
        row(5, &text("0043, \"a\"")),
        row(6, &text("0044")),
    ];
    let list = checked(&XlsxBook::one(&rows.concat()).bytes());
    let expected = [
        (Code::WORKBOOK, 0),
        (Code::BLANK_ROW, 3),
        (Code::QUOTE_UNCLOSED, 5),
        (Code::COMMA_IN_VALUE, 5),
    ];
    assert_eq!(places(&list), expected);
    assert_eq!(list.encoding, Encoding::Workbook);
    let lines: Vec<_> = list.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 5, 6]);
    assert_eq!(list.rows[1].cells.get(Column::Serial), "0043, \"a\"");
    assert!(list.findings[1].cause.contains("Rows 3 to 4"));
    assert!(list.findings.iter().all(|finding| finding.byte.is_none()));
    let repaired = repair(&list);
    let expected =
        "Manufacturer,Model,Serial Number\r\nContoso,Book 13,0042\r\nContoso,Book 13,0044\r\n";
    assert_eq!(String::from_utf8(repaired.bytes).unwrap(), expected);
}

#[test]
fn an_ods_sheet_reads_the_same() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: [&str; 3]| {
        let cells: String = cells.map(cell).concat();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let rows = [
        row(["Manufacturer", "Model", "Serial Number"]),
        row(["Contoso", "Book 13", "0042"]),
    ];
    let list = checked(&ods(&table("Geräte", &rows.concat())));
    assert_eq!(places(&list), [(Code::WORKBOOK, 0)]);
    assert!(
        list.findings[0]
            .cause
            .contains("\"Geräte\" of an OpenDocument")
    );
    assert_eq!(list.rows[0].value(Column::Serial), "0042");
}

#[test]
fn other_sheets_and_hidden_rows_are_named() {
    let hidden = row(3, &text("0043")).replace("r=\"3\"", "r=\"3\" hidden=\"1\"");
    let rows = [HEADER.to_owned(), row(2, &text("0042")), hidden].concat();
    let other = [HEADER.to_owned(), row(2, &text("0099"))].concat();
    let book = XlsxBook {
        sheets: vec![
            ("May", "visible", &rows),
            ("June", "visible", &other),
            ("Notes", "visible", ""),
            ("Old", "hidden", &other),
        ],
        ..XlsxBook::default()
    };
    let list = checked(&book.bytes());
    let expected = [Code::WORKBOOK, Code::OTHER_SHEETS, Code::HIDDEN_ROWS];
    let codes: Vec<_> = list.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, expected);
    assert!(
        list.findings[1]
            .cause
            .contains("\"June\" too, and on the hidden \"Old\"")
    );
    for sheet in ["june", "2"] {
        let options = CheckOptions {
            sheet: Some(sheet.into()),
            ..CheckOptions::default()
        };
        let list = check(&book.bytes(), &options);
        assert_eq!(list.rows[0].value(Column::Serial), "0099", "{sheet}");
    }
    let options = CheckOptions {
        sheet: Some("July".into()),
        ..CheckOptions::default()
    };
    let list = check(&book.bytes(), &options);
    assert_eq!(places(&list), [(Code::WORKBOOK_REFUSED, 0)]);
    assert!(
        list.findings[0].cause.contains("'June'"),
        "{}",
        list.findings[0].cause
    );
}

#[test]
fn a_serial_number_stored_as_a_number_is_told_with_its_digits() {
    let rows = [HEADER.to_owned(), row(2, "<c><v>1.6520771357E10</v></c>")].concat();
    let list = checked(&XlsxBook::one(&rows).bytes());
    assert_eq!(places(&list), [(Code::WORKBOOK, 0), (Code::NUMBER_CELL, 2)]);
    assert_eq!(list.findings[1].found.as_deref(), Some("16520771357"));
    assert!(list.rows[0].identification.is_none());
    let options = CheckOptions {
        accept: [Code::NUMBER_CELL].into_iter().collect(),
        ..CheckOptions::default()
    };
    let list = check(&XlsxBook::one(&rows).bytes(), &options);
    assert_eq!(list.rows[0].value(Column::Serial), "16520771357");
    assert!(list.rows[0].identification.is_some());
    // The first row too, where no header says what the columns are.
    let header = "<row r=\"1\"></row>";
    let hash = device_list::SampleDevice::new(1, 1).hash_text();
    let first = format!(
        r#"<row r="2"><c><v>42</v></c><c t="inlineStr"><is><t></t></is></c>{}</row>"#,
        text(&hash)
    );
    let list = checked(&XlsxBook::one(&format!("{header}{first}")).bytes());
    assert!(
        places(&list).contains(&(Code::HEADER_MISSING, 1)),
        "{:?}",
        list.findings
    );
    assert_eq!((list.rows.len(), list.rows[0].line), (1, 2));
}

#[test]
fn what_is_no_workbook_or_a_broken_one_is_said() {
    let whole = XlsxBook::one(HEADER).bytes();
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(100);
    for bytes in [&whole[..whole.len() / 2], &old] {
        let list = checked(bytes);
        assert_eq!(places(&list), [(Code::WORKBOOK_REFUSED, 0)]);
        assert!(!list.is_usable() && list.rows.is_empty());
    }
    let list = checked(&XlsxBook::one("").bytes());
    assert_eq!(places(&list), [(Code::WORKBOOK, 0), (Code::EMPTY_FILE, 0)]);
}

#[test]
fn a_workbook_that_breaks_off_says_so_in_its_rest() {
    let rows = [
        HEADER.to_owned(),
        row(2, &text("0042")),
        "<row r=\"3\"><c".into(),
    ]
    .concat();
    let book = XlsxBook::one(&rows).bytes();
    let outcome = crate::mends::mend(&book, &CheckOptions::default(), MendTarget::default());
    assert_eq!((outcome.mended.rows, outcome.mended.unread), (1, 1));
    let rest = String::from_utf8(outcome.rest).unwrap();
    let line = rest.lines().nth(1).unwrap();
    assert!(
        line.starts_with("EN0114,") && line.ends_with(",3,[no row]"),
        "{rest}"
    );
    let read = check(rest.as_bytes(), &CheckOptions::default());
    let expected = [(Code::NO_ROWS, 0), (Code::WORKBOOK_REFUSED, 2)];
    assert_eq!(places(&read), expected);
    // Where it breaks off before the first device, nobody knows whether there is one.
    let rows = format!("{HEADER}<row r=\"2\"><c");
    let list = checked(&XlsxBook::one(&rows).bytes());
    let expected = [(Code::WORKBOOK, 0), (Code::WORKBOOK_REFUSED, 2)];
    assert_eq!(places(&list), expected);
}

#[test]
fn a_cells_quotation_mark_is_left_out_only_where_that_is_accepted() {
    let rows = [
        HEADER.to_owned(),
        row(2, &text("5CG&quot;1234")),
        row(3, &text("0043")),
    ];
    let rows = rows.concat().replacen("Book 13", "15&quot; Book", 1);
    let book = XlsxBook::one(&rows).bytes();
    let list = checked(&book);
    let found: Vec<_> = list
        .findings
        .iter()
        .skip(1)
        .map(|f| (f.code, f.line, f.column))
        .collect();
    let expected = [(Code::QUOTE_UNCLOSED, 2, 2), (Code::QUOTE_UNCLOSED, 2, 3)];
    assert_eq!(found, expected);
    assert!(list.findings[1..].iter().all(|f| f.guess && !f.certain));
    assert_eq!(list.findings[2].corrected.as_deref(), Some("5CG1234"));
    assert_eq!(list.rows[0].value(Column::Serial), "5CG\"1234");
    assert_eq!(repair(&list).left_out, [1]);
    let options = CheckOptions {
        accept: [Code::QUOTE_UNCLOSED].into_iter().collect(),
        ..CheckOptions::default()
    };
    let list = check(&book, &options);
    assert_eq!(list.rows[0].value(Column::Serial), "5CG1234");
    assert_eq!(list.rows[0].value(Column::Model), "15 Book");
    assert!(list.rows[0].identification.is_some());
}

#[test]
fn cells_that_rows_share_are_named() {
    let merged = r#"</sheetData><mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="D1:E1"/></mergeCells><sheetData>"#;
    let empty = r#"<row r="3"><c r="B3" t="inlineStr"><is><t>Book 13</t></is></c><c t="inlineStr"><is><t>0043</t></is></c></row>"#;
    let rows = [HEADER, &row(2, &text("0042")), empty, merged].concat();
    let xlsx = XlsxBook::one(&rows).bytes();
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let ods_row = |cells: [&str; 3]| {
        let cells: String = cells.map(cell).concat();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let rows = [
        ods_row(["Manufacturer", "Model", "Serial Number"]),
        ods_row(["Contoso", "Book 13", "0042"]).replacen(
            "<table:table-cell>",
            "<table:table-cell table:number-columns-spanned=\"1\" table:number-rows-spanned=\"2\">",
            1,
        ),
        ods_row(["", "Book 13", "0043"]).replacen("table-cell>", "covered-table-cell>", 2),
    ];
    for book in [xlsx, ods(&table("Devices", &rows.concat()))] {
        let list = checked(&book);
        let expected = [
            (Code::WORKBOOK, 0),
            (Code::MERGED_CELLS, 0),
            (Code::NO_COMBINATION, 3),
        ];
        assert_eq!(places(&list), expected);
        let cause = &list.findings[1].cause;
        assert!(
            cause.starts_with("One cell is merged over rows, the first in row 2"),
            "{cause}"
        );
    }
}

#[test]
fn a_title_over_two_rows_above_the_header_is_no_matter() {
    let merged =
        r#"</sheetData><mergeCells count="1"><mergeCell ref="A1:C2"/></mergeCells><sheetData>"#;
    let title = format!("<row r=\"1\">{}</row>", text("Delivery of May"));
    let header = HEADER.replace("r=\"1\"", "r=\"3\"");
    let rows = [&title, &header, &row(4, &text("0042")), merged].concat();
    let list = checked(&XlsxBook::one(&rows).bytes());
    let expected = [(Code::WORKBOOK, 0), (Code::TEXT_ABOVE_HEADER, 1)];
    assert_eq!(places(&list), expected);
}

#[test]
fn a_truth_value_is_no_serial_number() {
    let rows = [HEADER.to_owned(), row(2, "<c t=\"b\"><v>1</v></c>")].concat();
    let list = checked(&XlsxBook::one(&rows).bytes());
    assert_eq!(
        places(&list),
        [(Code::WORKBOOK, 0), (Code::SPREADSHEET_ERROR, 2)]
    );
    assert!(list.rows[0].identification.is_none());
}

#[test]
fn a_header_far_below_is_found_in_a_workbook_too() {
    let notes = (1..=30).map(|at| {
        format!(
            "<row r=\"{at}\">{}</row>",
            text("Dear colleague, read this.")
        )
    });
    let header = HEADER.replace("r=\"1\"", "r=\"60\"");
    let rows: String = notes.chain([header, row(61, &text("0042"))]).collect();
    let list = checked(&XlsxBook::one(&rows).bytes());
    assert_eq!(
        places(&list),
        [(Code::WORKBOOK, 0), (Code::TEXT_ABOVE_HEADER, 1)]
    );
    assert_eq!((list.rows.len(), list.rows[0].line), (1, 61));
}

#[test]
fn a_cell_can_be_changed_unless_text_would_hide_what_is_wrong() {
    let rows = [HEADER.to_owned(), row(4, &text("42"))].concat();
    let options = CheckOptions::default();
    let book = XlsxBook::one(&rows).bytes();
    let list = device_list::edit::ListText::read(&book, &options).unwrap();
    let mended = list.replace_field(4, 3, "0042").unwrap();
    let expected = "Manufacturer,Model,Serial Number\r\n\r\n\r\nContoso,Book 13,0042\r\n";
    assert_eq!(String::from_utf8(mended).unwrap(), expected);
    let rows = [HEADER.to_owned(), row(2, "<c><v>42</v></c>")].concat();
    let book = XlsxBook::one(&rows).bytes();
    let list = device_list::edit::ListText::read(&book, &options).unwrap();
    let mended = list.replace_field(2, 3, "42").unwrap();
    let expected = "Manufacturer,Model,Serial Number\r\nContoso,Book 13,42\r\n";
    assert_eq!(String::from_utf8(mended).unwrap(), expected, "42 it is");
    let rows = [&rows, row(3, "<c><v>43</v></c>").as_str()].concat();
    let book = XlsxBook::one(&rows).bytes();
    let list = device_list::edit::ListText::read(&book, &options).unwrap();
    assert_eq!(list.fields(3).unwrap()[2].text, "43");
    let hidden = Err(device_list::edit::EditError::NumberCells);
    assert_eq!(
        list.replace_field(2, 3, "0042"),
        hidden,
        "43 would look right"
    );
    assert_eq!(list.remove_line(2), hidden);
    assert!(!list.can_change(2, 3) && !list.can_change(3, 0));
    let accepting = CheckOptions {
        accept: [Code::NUMBER_CELL].into_iter().collect(),
        ..options
    };
    let list = device_list::edit::ListText::read(&book, &accepting).unwrap();
    assert!(list.can_change(2, 3));
    let mended = list.replace_field(2, 3, "0042").unwrap();
    assert!(mended.ends_with(b"Contoso,Book 13,0042\r\nContoso,Book 13,43\r\n"));
}
