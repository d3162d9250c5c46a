//! ODS workbooks.

use device_list::workbook::{CellKind, WorkbookError, WorkbookKind};

use super::books::{ODS_MIME, ods, ods_content, pack, table};
use super::{NUMBER, cells, open, read, rows, texts};

#[test]
fn every_kind_of_cell() {
    let bytes = ods(&table(
        "Devices",
        r#"<table:table-column table:number-columns-repeated="16384"/><table:table-row>
        <table:table-cell office:value-type="string"><text:p>text</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="16520771357"><text:p>1.65E+10</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="42"><text:p>00000000042</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="1234567890123450"><text:p>1.23456789012345E+15</text:p></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="2024-05-01"><text:p>01.05.24</text:p></table:table-cell>
        <table:table-cell office:value-type="time" office:time-value="PT10H30M00S"><text:p>10:30</text:p></table:table-cell>
        <table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell>
        <table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
        <table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0"><text:p>Err:502</text:p></table:table-cell>
        <table:table-cell table:formula="of:=2*21" office:value-type="float" office:value="42"><text:p>42</text:p></table:table-cell>
        <table:table-cell table:formula="of:=2*21"/>
        <table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string"/>
        <table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50 %</text:p></table:table-cell>
        <table:table-cell office:value-type="string" office:string-value="from the attribute"><text:p>shown</text:p></table:table-cell>
        </table:table-row>"#,
    ));
    assert_eq!(open(&bytes).unwrap().kind(), WorkbookKind::Ods);
    assert_eq!(
        cells(&rows(&bytes)[0]),
        [
            ("text", CellKind::Text),
            ("16520771357", NUMBER),
            ("00000000042", NUMBER),
            ("1234567890123450", CellKind::Number { lost_digits: true }),
            ("2024-05-01", CellKind::Date),
            ("10:30:00", CellKind::Date),
            ("TRUE", CellKind::Boolean),
            ("#DIV/0!", CellKind::Error),
            ("Err:502", CellKind::Error),
            ("42", NUMBER),
            ("", CellKind::NotCalculated),
            ("", CellKind::Empty),
            ("0.5", NUMBER),
            ("from the attribute", CellKind::Text),
        ]
    );
}

fn cell(text: &str) -> String {
    format!(
        r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
    )
}

fn row(text: &str) -> String {
    format!("<table:table-row>{}</table:table-row>", cell(text))
}

#[test]
fn texts_with_blanks_breaks_spans_and_comments() {
    let cell = r#"<table:table-cell office:value-type="string"><office:annotation><text:p>comment</text:p></office:annotation><text:p>
        A<text:s text:c="3"/>B <text:span>C</text:span><text:tab/>D<text:line-break/>E &amp; F<text:note><text:p>note</text:p></text:note></text:p><text:p>second</text:p><draw:frame><text:p>picture</text:p></draw:frame></table:table-cell>"#;
    let bytes = ods(&table(
        "T",
        &format!("<table:table-row>{cell}</table:table-row>"),
    ));
    assert_eq!(
        texts(&rows(&bytes)),
        [(1, vec!["A   B C\tD\nE & F\nsecond"])]
    );
}

#[test]
fn repeated_rows_and_cells() {
    let bytes = ods(&table(
        "T",
        &format!(
            r#"<table:table-header-rows>{}</table:table-header-rows>
            <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
            <table:table-row-group><table:table-row table:number-rows-repeated="2" table:visibility="filter"><table:table-cell table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/><table:table-cell table:number-columns-repeated="16380"/></table:table-row></table:table-row-group>
            <table:table-row><table:covered-table-cell/>{}</table:table-row>
            <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
            row("header"),
            cell("last")
        ),
    ));
    let rows = rows(&bytes);
    assert_eq!(
        texts(&rows),
        [
            (1, vec!["header"]),
            (5, vec!["", "", "7", "7"]),
            (6, vec!["", "", "7", "7"]),
            (7, vec!["", "last"]),
        ]
    );
    assert!(rows[1].hidden && rows[2].hidden && !rows[3].hidden);
}

#[test]
fn sheets_are_chosen_like_in_other_workbooks() {
    let hidden = table("Hidden", &row("1")).replace("ta1", "ta2");
    let tables = [
        hidden,
        table(
            "Empty",
            "<table:table-row><table:table-cell/></table:table-row>",
        ),
        table("Devices", &row("2")),
        table("Other", &row("3")),
    ];
    let bytes = ods(&tables.concat());
    let hidden: Vec<bool> = open(&bytes)
        .unwrap()
        .sheets()
        .iter()
        .map(|s| s.hidden)
        .collect();
    assert_eq!(hidden, [true, false, false, false]);
    let text = |sheet| read(&bytes, sheet).unwrap()[0].cells[0].text.clone();
    assert_eq!(text(None), "2");
    assert_eq!(text(Some("other")), "3");
    assert_eq!(text(Some("1")), "1");
    assert_eq!(
        read(&bytes, Some("Devise")).unwrap_err().to_string(),
        "it has no sheet 'Devise'; it has 'Hidden', 'Empty', 'Devices', 'Other'"
    );
}

#[test]
fn tables_within_cells_are_passed_over() {
    let nested = format!(
        "<table:table-row><table:table-cell>{}</table:table-cell>{}</table:table-row>",
        table("Inner", &row("inner")),
        cell("outer")
    );
    let bytes = ods(&table("Outer", &nested));
    assert_eq!(open(&bytes).unwrap().sheets().len(), 1);
    assert_eq!(texts(&rows(&bytes)), [(1, vec!["", "outer"])]);
}

#[test]
fn rows_in_front_of_damage_are_handed_out() {
    let whole = format!(
        "<office:document-content><office:body><office:spreadsheet>{}",
        table("T", &format!("{}{}", row("1"), row("2")))
    );
    let cut = whole.find("<text:p>2").unwrap();
    let bytes = ods_content(&whole[..cut]);
    let mut workbook = open(&bytes).unwrap();
    let mut sheet = workbook.sheet(None).unwrap();
    assert_eq!(sheet.next().unwrap().unwrap().cells[0].text, "1");
    assert_eq!(
        sheet.next().unwrap().unwrap_err().to_string(),
        "it is damaged: it ends early (in content.xml)"
    );
    assert!(sheet.next().is_none());
}

#[test]
fn a_locked_one_is_refused() {
    let bytes = pack(&[
        ("mimetype", ODS_MIME),
        (
            "META-INF/manifest.xml",
            "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>",
        ),
        ("content.xml", "\u{1}\u{2}"),
    ]);
    assert!(matches!(open(&bytes), Err(WorkbookError::Locked)));
}
