//! XLSX workbooks.

use device_list::workbook::{CellKind, WorkbookError, WorkbookKind};

use super::books::{PACKAGE_RELS, XlsxBook, pack};
use super::{NUMBER, cells, open, read, rows, texts};

#[test]
fn every_kind_of_cell() {
    let book = XlsxBook {
        sheets: vec![(
            "Devices",
            "visible",
            r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>in line</t></is></c>
            <c r="C1"><v>16520771357</v></c><c r="D1"><v>1.6520771357E10</v></c><c r="E1" t="n"><v>12.5</v></c>
            <c r="F1" s="1"><v>45413</v></c><c r="G1" s="2"><v>42</v></c><c r="H1" t="b"><v>1</v></c>
            <c r="I1" t="e"><v>#SPILL!</v></c><c r="J1" t="d"><v>2024-05-01T00:00:00</v></c>
            <c r="K1" t="str"><f>A1&amp;""</f><v>made &amp; kept</v></c><c r="L1"><f>2*21</f><v>42</v></c>
            <c r="M1"><f>2*21</f></c><c r="N1" t="str"><f>""</f><v></v></c><c r="O1" t="b"><v>0</v></c>
            <c r="P1"><v>1234567890123450</v></c><c r="Q1"><v>1234567890123456</v></c><c r="R1" s="3"><v>0.4375</v></c></row>"#,
        )],
        strings: "<si><t>shared</t></si>",
        formats: vec!["yyyy-mm-dd", "00000000000", "h:mm"],
        ..XlsxBook::default()
    };
    let rows = rows(&book.bytes());
    assert_eq!(
        cells(&rows[0]),
        [
            ("shared", CellKind::Text),
            ("in line", CellKind::Text),
            ("16520771357", NUMBER),
            ("16520771357", NUMBER),
            ("12.5", NUMBER),
            ("2024-05-01", CellKind::Date),
            ("00000000042", NUMBER),
            ("TRUE", CellKind::Boolean),
            ("#SPILL!", CellKind::Error),
            ("2024-05-01", CellKind::Date),
            ("made & kept", CellKind::Text),
            ("42", NUMBER),
            ("", CellKind::NotCalculated),
            ("", CellKind::Empty),
            ("FALSE", CellKind::Boolean),
            ("1234567890123450", CellKind::Number { lost_digits: true }),
            ("1234567890123456", NUMBER),
            ("10:30:00", CellKind::Date),
        ]
    );
}

#[test]
fn shared_texts_with_runs_blanks_and_escapes() {
    let book = XlsxBook {
        strings: r#"<si><r><rPr><b/></rPr><t>PF</t></r><r><t xml:space="preserve"> 42</t></r><rPh sb="0"><t>no</t></rPh></si>
            <si><t xml:space="preserve"> kept </t></si><si><t>
            trimmed </t></si><si/><si><t>a_x000D_b &lt;&#65;&gt;<![CDATA[<c>]]></t></si>"#,
        ..XlsxBook::one(
            r#"<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>4</v></c></row>"#,
        )
    };
    assert_eq!(
        texts(&rows(&book.bytes())),
        [(1, vec!["PF 42", " kept ", "trimmed", "", "a\rb <A><c>"])]
    );
}

#[test]
fn dates_counted_from_1904() {
    let book = XlsxBook {
        formats: vec!["d/m/yyyy"],
        from_1904: true,
        ..XlsxBook::one(r#"<row><c s="1"><v>43951</v></c></row>"#)
    };
    assert_eq!(rows(&book.bytes())[0].cells[0].text, "2024-05-01");
}

#[test]
fn blank_rows_are_counted_and_not_handed_out() {
    let rows_xml = r#"<row r="2"><c r="B2"><v>1</v></c></row><row r="3"/><row r="4"><c r="A4" s="0"/></row>
        <row r="7" hidden="1"><c r="A7" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row><row><c><v>2</v></c></row>"#;
    let rows = rows(&XlsxBook::one(rows_xml).bytes());
    assert_eq!(
        texts(&rows),
        [(2, vec!["", "1"]), (7, vec![" "]), (8, vec!["2"])]
    );
    assert_eq!(
        rows.iter().map(|row| row.hidden).collect::<Vec<_>>(),
        [false, true, false]
    );
}

#[test]
fn of_merged_cells_the_first_holds_the_value() {
    let bytes = XlsxBook::one("").bytes_with(&[(
        "xl/worksheets/sheet1.xml",
        r#"<x:worksheet xmlns:x="m"><x:dimension ref="B9:A1"/><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1"/><x:c r="C1"><x:v>3</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B1"/></x:mergeCells></x:worksheet>"#,
    )]);
    assert_eq!(texts(&rows(&bytes)), [(1, vec!["1", "", "3"])]);
}

#[test]
fn cells_in_any_order_find_their_columns() {
    let bytes = XlsxBook::one(r#"<row><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>"#).bytes();
    assert_eq!(texts(&rows(&bytes)), [(1, vec!["1", "", "3"])]);
}

const ONE: &str = "<row><c><v>1</v></c></row>";
const TWO: &str = "<row><c><v>2</v></c></row>";

#[test]
fn the_first_sheet_is_the_first_that_is_seen_and_not_empty() {
    let book = XlsxBook {
        sheets: vec![
            ("Lookup", "hidden", ONE),
            ("Macro", "veryHidden", ONE),
            ("Cover", "visible", r#"<row r="1"><c r="A1" s="0"/></row>"#),
            ("Devices", "visible", TWO),
        ],
        ..XlsxBook::default()
    };
    let bytes = book.bytes();
    let mut workbook = open(&bytes).unwrap();
    assert_eq!(workbook.kind(), WorkbookKind::Xlsx);
    let seen: Vec<_> = workbook
        .sheets()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.hidden))
        .collect();
    assert_eq!(
        seen,
        [
            ("Lookup".to_string(), true),
            ("Macro".to_string(), true),
            ("Cover".to_string(), false),
            ("Devices".to_string(), false)
        ]
    );
    assert_eq!(workbook.sheet(None).unwrap().name(), "Devices");
}

#[test]
fn where_nothing_stands_the_first_sheet_is_read_as_empty() {
    let book = XlsxBook {
        sheets: vec![("A", "visible", ""), ("B", "visible", "")],
        ..XlsxBook::default()
    };
    assert_eq!(rows(&book.bytes()), []);
    let hidden = XlsxBook {
        sheets: vec![("A", "hidden", ""), ("B", "hidden", ONE)],
        ..XlsxBook::default()
    };
    let bytes = hidden.bytes();
    assert_eq!(open(&bytes).unwrap().sheet(None).unwrap().name(), "B");
    let none = XlsxBook::default().bytes();
    assert!(matches!(read(&none, None), Err(WorkbookError::NoSheet)));
}

#[test]
fn sheets_by_name_and_number() {
    let book = XlsxBook {
        sheets: vec![
            ("Lists &amp; more", "visible", ONE),
            ("1", "visible", TWO),
            ("GERÄTE", "hidden", TWO),
        ],
        ..XlsxBook::default()
    };
    let bytes = book.bytes();
    for (asked, name) in [
        ("lists & MORE ", "Lists & more"),
        ("1", "1"),
        ("geräte", "GERÄTE"),
        ("3", "GERÄTE"),
    ] {
        let mut workbook = open(&bytes).unwrap();
        assert_eq!(workbook.sheet(Some(asked)).unwrap().name(), name);
    }
    for asked in ["Devices", "0", "4", ""] {
        let error = read(&bytes, Some(asked)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("it has no sheet '{asked}'; it has 'Lists & more', '1', 'GERÄTE'")
        );
    }
}

#[test]
fn parts_are_found_by_what_leads_to_them() {
    let bytes = pack(&[
        (
            "_rels/.rels",
            &PACKAGE_RELS.replace("xl/workbook.xml", "/Book/MyWorkbook.xml"),
        ),
        (
            "Book/_rels/MyWorkbook.xml.rels",
            r#"<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="..\data\First.xml"/><Relationship Id="b" Type="x/chartsheet" Target="chart.xml"/></Relationships>"#,
        ),
        (
            "book\\myworkbook.xml",
            r#"<workbook><sheets><sheet name="Chart" id="b"/><sheet name="First" id="a"/></sheets></workbook>"#,
        ),
        (
            "/data/first.xml",
            "<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>",
        ),
    ]);
    assert_eq!(open(&bytes).unwrap().sheets().len(), 1);
    assert_eq!(texts(&rows(&bytes)), [(1, vec!["7"])]);
}

#[test]
fn rows_in_front_of_damage_are_handed_out() {
    let good = r#"<row r="1"><c r="A1"><v>1</v></c></row>"#;
    for (broken, what) in [
        (
            r#"<row r="2"><c r="A2" t="s"><v>9</v></c></row>"#,
            "a text is missing",
        ),
        (
            r#"<row r="2"><c r="2"><v>9</v></c></row>"#,
            "a cell has no address",
        ),
        (r#"<row r="x"><c><v>9</v></c></row>"#, "a row has no number"),
        (
            r#"<row><c r="A2"><v>9</v></c><c r="A2"><v>8</v></c></row>"#,
            "a cell stands twice in it",
        ),
        ("<row><c><v>9</c></row>", "its XML is broken"),
        ("<row><c r=A2><v>9</v></c></row>", "its XML is broken"),
        (
            "<row><c t=\"str\"><v>&own;</v></c></row>",
            "it uses an entity that XML does not have",
        ),
    ] {
        let bytes = XlsxBook::one(&format!("{good}{broken}")).bytes();
        let mut workbook = open(&bytes).unwrap();
        let mut sheet = workbook.sheet(None).unwrap();
        assert_eq!(sheet.next().unwrap().unwrap().number, 1);
        let error = sheet.next().unwrap().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("it is damaged: {what} (in xl/worksheets/sheet1.xml)")
        );
        assert!(sheet.next().is_none());
    }
}

#[test]
fn a_sheet_can_be_read_in_another_thread() {
    let bytes = XlsxBook::one(ONE).bytes();
    let mut workbook = open(&bytes).unwrap();
    let sheet = workbook.sheet(None).unwrap();
    let count = std::thread::scope(|scope| scope.spawn(|| sheet.count()).join().unwrap());
    assert_eq!(count, 1);
}

#[test]
fn a_cell_hides_its_text_from_logs() {
    let bytes = XlsxBook::one(r#"<row><c t="str"><v>T0FTQ1JFVA==</v></c></row>"#).bytes();
    let shown = format!("{:?}", rows(&bytes));
    assert!(shown.contains("Text (12 bytes)") && !shown.contains("T0F"));
}
