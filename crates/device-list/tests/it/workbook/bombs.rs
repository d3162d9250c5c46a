//! Files made to do harm: each is refused with its cause, in no time and no memory to speak of.

use std::fmt::Write as _;
use std::io::Cursor;

use device_list::workbook::{Limit, Workbook, WorkbookError, WorkbookLimits};

use super::books::{ODS_MIME, XlsxBook, ods, pack, table};
use super::{open, read, rows, texts};

/// Reads the first sheet and keeps nothing of it.
fn read_within(bytes: &[u8], limits: &WorkbookLimits) -> Result<(), WorkbookError> {
    Workbook::open(Cursor::new(bytes), limits)?
        .sheet(None)?
        .try_for_each(|row| row.map(drop))
}

/// The limit at which reading stops, and how much it allows.
fn refused(bytes: &[u8], limits: &WorkbookLimits) -> (Limit, u64) {
    match read_within(bytes, limits) {
        Err(WorkbookError::TooLarge { limit, allowed }) => (limit, allowed),
        other => panic!("{other:?}"),
    }
}

fn refused_by_default(bytes: &[u8]) -> Limit {
    refused(bytes, &WorkbookLimits::default()).0
}

const LIMITS: WorkbookLimits = WorkbookLimits {
    entries: 20,
    unpacked: 1_000_000,
    ratio: 250,
    rows: 100,
    columns: 10,
    cells: 500,
    cell_text: 1000,
    text: 10_000,
};

/// So many bytes that say nothing, in pieces that could be honest.
fn blanks(length: usize) -> String {
    format!("<!--{}-->", " ".repeat(60_000)).repeat(length / 60_000)
}

#[test]
fn what_unpacks_to_far_more_than_it_is() {
    let blanks = blanks(30 << 20);
    let bytes = XlsxBook::one(&blanks).bytes();
    assert!(bytes.len() < 40_000);
    assert_eq!(refused_by_default(&bytes), Limit::Ratio);
    let book = XlsxBook {
        strings: &blanks,
        ..XlsxBook::one("")
    };
    assert_eq!(refused_by_default(&book.bytes()), Limit::Ratio);
    let bytes = ods(&table("T", &blanks));
    assert_eq!(refused_by_default(&bytes), Limit::Ratio);
}

#[test]
fn what_unpacks_to_more_than_is_allowed_in_all() {
    let empty = "<sheetPr/>".repeat(60_000);
    let bytes = XlsxBook::one(&empty.repeat(2)).bytes();
    assert_eq!(refused(&bytes, &LIMITS), (Limit::Unpacked, 1_000_000));
    // The second sheet is too much, not the first.
    let book = XlsxBook {
        sheets: vec![("A", "visible", &empty), ("B", "visible", &empty)],
        ..XlsxBook::default()
    };
    let bytes = book.bytes();
    let mut workbook = Workbook::open(Cursor::new(&bytes), &LIMITS).unwrap();
    assert_eq!(workbook.sheet(Some("A")).unwrap().count(), 0);
    let error = workbook
        .sheet(Some("B"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "it holds too much: more than 1000000 bytes unpacked"
    );
}

#[test]
fn small_parts_that_are_large() {
    let blanks = blanks(33 << 20);
    let bytes = XlsxBook::one("").bytes_with(&[("xl/styles.xml", &blanks)]);
    let limits = WorkbookLimits {
        ratio: u64::MAX,
        ..WorkbookLimits::default()
    };
    assert_eq!(refused(&bytes, &limits), (Limit::Part, 32 << 20));
}

#[test]
fn a_stated_size_that_lies() {
    let mut bytes = XlsxBook::one("<row><c><v>7</v></c></row>").bytes();
    // The sizes unpacked in the directory, 24 bytes behind the beginning of each entry.
    let entries: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    for at in &entries {
        bytes[at + 24..at + 28].copy_from_slice(&u32::MAX.wrapping_sub(9).to_le_bytes());
    }
    assert_eq!(texts(&rows(&bytes)), [(1, vec!["7"])]);
    for at in &entries {
        bytes[at + 24..at + 28].copy_from_slice(&1_u32.to_le_bytes());
    }
    assert!(matches!(
        read(&bytes, None),
        Err(WorkbookError::Damaged { .. })
    ));
}

#[test]
fn numbers_of_texts_and_styles_are_not_believed() {
    let name = "A".repeat(500_000);
    let styles = format!(
        r#"<styleSheet><fonts><font><name val="{name}"/></font></fonts><cellXfs count="999999999999">{}</cellXfs></styleSheet>"#,
        r#"<xf fontId="0"/>"#.repeat(10_000)
    );
    let bytes = XlsxBook::one(r#"<row><c s="9999"><v>7</v></c></row>"#).bytes_with(&[
        (
            "xl/sharedStrings.xml",
            r#"<sst count="18446744073709551615" uniqueCount="9999999999999"/>"#,
        ),
        ("xl/styles.xml", &styles),
    ]);
    assert_eq!(texts(&rows(&bytes)), [(1, vec!["7"])]);
}

#[test]
fn one_text_shared_by_many_cells() {
    let strings = format!("<si><t>{}</t></si>", "A".repeat(900));
    let rows = r#"<row><c t="s"><v>0</v></c></row>"#.repeat(20);
    let book = XlsxBook {
        strings: &strings,
        ..XlsxBook::one(&rows)
    };
    assert_eq!(refused(&book.bytes(), &LIMITS), (Limit::Text, 10_000));
}

#[test]
fn more_shared_text_than_is_allowed() {
    let strings = format!("<si><t>{}</t></si>", "A".repeat(900)).repeat(20);
    let book = XlsxBook {
        strings: &strings,
        ..XlsxBook::one("")
    };
    assert_eq!(refused(&book.bytes(), &LIMITS), (Limit::Text, 10_000));
}

#[test]
fn a_cell_in_the_last_corner_costs_one_row() {
    let bytes = XlsxBook::one(r#"<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>"#).bytes();
    let rows = rows(&bytes);
    assert_eq!((rows.len(), rows[0].number), (1, 1_048_576));
    assert_eq!(
        (rows[0].cells.len(), rows[0].cells[16_383].text.as_str()),
        (16_384, "7")
    );
}

#[test]
fn cells_beyond_the_last_corner() {
    for (address, limit) in [("XFE1", Limit::Columns), ("ZZZZZ1", Limit::Columns)] {
        let row = format!(r#"<row r="1"><c r="{address}"><v>7</v></c></row>"#);
        assert_eq!(refused_by_default(&XlsxBook::one(&row).bytes()), limit);
    }
    for number in [1_048_577, u64::MAX] {
        let row = format!(r#"<row r="{number}"><c><v>7</v></c></row><row><c><v>8</v></c></row>"#);
        assert_eq!(
            refused_by_default(&XlsxBook::one(&row).bytes()),
            Limit::Rows
        );
    }
}

#[test]
fn more_rows_than_a_sheet_can_have_even_empty_ones() {
    let limits = WorkbookLimits {
        rows: 3,
        ..WorkbookLimits::default()
    };
    let sheet = r#"<row r="1"/>"#;
    let table_row = "<table:table-row/>";
    for (times, refuses) in [(3, false), (4, true)] {
        for bytes in [
            XlsxBook::one(&sheet.repeat(times)).bytes(),
            ods(&table("T", &table_row.repeat(times))),
        ] {
            assert_eq!(read_within(&bytes, &limits).is_err(), refuses);
        }
    }
}

#[test]
fn many_rows_with_a_cell_far_right() {
    let rows = r#"<row><c r="XFD1"><v>7</v></c></row>"#.repeat(4000);
    assert_eq!(
        refused_by_default(&XlsxBook::one(&rows).bytes()),
        Limit::Cells
    );
}

#[test]
fn elements_within_each_other() {
    let deep = |name: &str| format!("<{name}>").repeat(100_000);
    for rows in [
        deep("row"),
        format!("<row>{}", deep("c")),
        format!("<row><c>{}", deep("v")),
        format!("<row><c><is>{}", deep("r")),
    ] {
        assert_eq!(
            refused_by_default(&XlsxBook::one(&rows).bytes()),
            Limit::Nesting
        );
    }
    let spans = format!(
        "<table:table-row><table:table-cell><text:p>{}",
        deep("text:span")
    );
    for rows in [deep("table:table-row-group"), spans] {
        assert_eq!(refused_by_default(&ods(&table("T", &rows))), Limit::Nesting);
    }
}

#[test]
fn one_piece_that_is_as_long_as_many_cells() {
    let long = "A".repeat(2_000_000);
    for rows in [
        format!(r#"<row><c t="str"><v>{long}</v></c></row>"#),
        format!(r#"<row><c r="{long}"><v>1</v></c></row>"#),
        format!("<!-- {long} -->"),
        format!("<?{long}?>"),
        format!("<![CDATA[{long}]]>"),
        format!("<{long}/>"),
        format!("&{long}"),
        format!(
            r#"<row><c t="str"><v>{}</v></c></row>"#,
            "&#65;".repeat(1_100_000)
        ),
        format!("<row><c><v>{}</v></c></row>", "1".repeat(1_100_000)),
        format!(
            "<row><c><is>{}</is></c></row>",
            format!("<r><t>{}</t></r>", "A".repeat(60_000)).repeat(20)
        ),
    ] {
        assert_eq!(
            refused_by_default(&XlsxBook::one(&rows).bytes()),
            Limit::CellText
        );
    }
}

#[test]
fn entities_that_multiply_are_never_resolved() {
    let mut laughs = String::from("<!DOCTYPE lolz [<!ENTITY lol0 \"lol\">");
    for level in 1..20 {
        let _ = write!(
            laughs,
            "<!ENTITY lol{level} \"{}\">",
            format!("&lol{};", level - 1).repeat(10)
        );
    }
    let sheet = format!(
        "{laughs}]><worksheet><sheetData><row><c t=\"str\"><v>&lol19;</v></c></row></sheetData></worksheet>"
    );
    let bytes = XlsxBook::one("").bytes_with(&[("xl/worksheets/sheet1.xml", &sheet)]);
    assert_eq!(
        read(&bytes, None).unwrap_err().to_string(),
        "it is damaged: it uses an entity that XML does not have (in xl/worksheets/sheet1.xml)"
    );
    let outside = r#"<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>&x;</v></c></row></sheetData></worksheet>"#;
    let bytes = XlsxBook::one("").bytes_with(&[("xl/worksheets/sheet1.xml", outside)]);
    assert!(matches!(
        read(&bytes, None),
        Err(WorkbookError::Damaged { .. })
    ));
}

#[test]
fn more_entries_than_a_workbook_has() {
    let names: Vec<String> = (0..21)
        .map(|at| format!("xl/media/image{at}.png"))
        .collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(
        refused(&XlsxBook::one("").bytes_with(&parts), &LIMITS),
        (Limit::Entries, 20)
    );
    // A directory longer than any that is allowed is not even gone through.
    let names: Vec<String> = (0..3000).map(|at| format!("{at:01000}")).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let bytes = pack(&parts);
    assert_eq!(refused(&bytes, &LIMITS), (Limit::Entries, 20));
}

#[test]
fn more_sheets_than_a_workbook_has() {
    let book = XlsxBook {
        sheets: vec![("A", "visible", ""); 10_001],
        ..XlsxBook::default()
    };
    let limits = WorkbookLimits {
        entries: 20_000,
        ..WorkbookLimits::default()
    };
    assert_eq!(refused(&book.bytes(), &limits), (Limit::Sheets, 10_000));
    let bytes = ods(&table("T", "").repeat(10_001));
    assert_eq!(refused(&bytes, &limits), (Limit::Sheets, 10_000));
}

fn ods_row(rows: &str, columns: &str, value: &str) -> Vec<u8> {
    ods(&table(
        "T",
        &format!(
            r#"<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}">{value}</table:table-cell></table:table-row>"#
        ),
    ))
}

#[test]
fn repetitions_that_fill_a_sheet() {
    let most = u64::MAX.to_string();
    let text = "<text:p>A</text:p>";
    assert_eq!(rows(&ods_row(&most, &most, "")), []);
    assert_eq!(refused_by_default(&ods_row(&most, "1", text)), Limit::Rows);
    assert_eq!(
        refused_by_default(&ods_row("1048577", "1", text)),
        Limit::Rows
    );
    assert_eq!(
        refused_by_default(&ods_row("1", &most, text)),
        Limit::Columns
    );
    assert_eq!(
        refused_by_default(&ods_row("1048576", "16384", text)),
        Limit::Cells
    );
    let long = format!("<text:p>{}</text:p>", "A".repeat(900));
    assert_eq!(
        refused(
            &ods_row("1", "10", &long),
            &WorkbookLimits {
                text: 5000,
                ..LIMITS
            }
        ),
        (Limit::Text, 5000)
    );
    assert_eq!(
        refused(&ods_row("100", "1", &long), &LIMITS),
        (Limit::Text, 10_000)
    );
    let blanks = format!(r#"<text:p><text:s text:c="{most}"/></text:p>"#);
    assert_eq!(
        refused_by_default(&ods_row("1", "1", &blanks)),
        Limit::CellText
    );
    for times in ["0", "-1", "18446744073709551616", "x"] {
        assert_eq!(
            read(&ods_row(times, "1", text), None)
                .unwrap_err()
                .to_string(),
            "it is damaged: something is repeated no number of times (in content.xml)"
        );
    }
}

#[test]
fn rows_that_are_formatted_and_empty_cost_nothing() {
    let mut all = String::from(r#"<row r="1"><c r="A1"><v>7</v></c></row>"#);
    for row in 2..=100_000 {
        let _ = write!(
            all,
            r#"<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/></row>"#
        );
    }
    assert_eq!(texts(&rows(&XlsxBook::one(&all).bytes())), [(1, vec!["7"])]);
}

#[test]
fn a_media_type_that_never_ends_is_not_read_to_its_end() {
    let mime = format!("{ODS_MIME}{}", " ".repeat(1_000_000));
    let bytes = pack(&[("mimetype", &mime), ("content.xml", "<a/>")]);
    assert!(open(&bytes).unwrap().sheets().is_empty());
}
