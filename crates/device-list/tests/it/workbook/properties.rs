//! What holds for every file.

use std::fmt::Write as _;
use std::io::Cursor;

use device_list::workbook::{Workbook, WorkbookLimits};
use proptest::prelude::*;

use super::books::{XlsxBook, ods, ods_content, table};
use super::rows;

const LIMITS: WorkbookLimits = WorkbookLimits {
    entries: 50,
    unpacked: 200_000,
    ratio: 250,
    rows: 1000,
    columns: 100,
    cells: 1000,
    cell_text: 1000,
    text: 5000,
};

/// Reads all there is and holds it to the limits; whatever is refused is refused.
fn exhaust(bytes: &[u8]) {
    let Ok(mut workbook) = Workbook::open(Cursor::new(bytes), &LIMITS) else {
        return;
    };
    for number in 0..=workbook.sheets().len() {
        let number = (number > 0).then(|| number.to_string());
        let Ok(sheet) = workbook.sheet(number.as_deref()) else {
            continue;
        };
        let (mut cells, mut text, mut ended) = (0, 0, false);
        for row in sheet {
            assert!(!ended);
            let Ok(row) = row else {
                ended = true;
                continue;
            };
            assert!((1..=1000).contains(&row.number) && row.cells.len() <= 100);
            assert!(row.cells.last().is_some_and(|cell| !cell.is_empty()));
            cells += row.cells.len();
            text += row.cells.iter().map(|cell| cell.text.len()).sum::<usize>();
        }
        assert!(cells <= 1000 && text <= 5000);
    }
}

/// Pieces of sheets, put together in any way.
fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|all| all.concat())
}

fn xlsx_pieces() -> impl Strategy<Value = String> {
    pieces(&[
        "<row>",
        "</row>",
        "<row r=\"9\" hidden=\"1\">",
        "<row r=\"18446744073709551615\">",
        "<c>",
        "</c>",
        "<c r=\"B2\">",
        "<c r=\"XFD1\" t=\"s\">",
        "<c t=\"inlineStr\">",
        "<c t=\"b\">",
        "<c t=\"e\">",
        "<c t=\"str\" s=\"1\">",
        "<c s=\"1\">",
        "<c s=\"2\">",
        "<v>",
        "</v>",
        "<is>",
        "</is>",
        "<t>",
        "</t>",
        "<r>",
        "</r>",
        "<f/>",
        "<f>",
        "</f>",
        "0",
        "1.5E300",
        "45413",
        "-7",
        "A",
        "&amp;",
        "&#65;",
        "&x;",
        "<![CDATA[z]]>",
        "<!-- c -->",
        "<?p?>",
        "_x0041_",
        "</sheetData>",
        "<sheetData>",
        " ",
        "\n",
        "<",
        ">",
        "\"",
    ])
}

fn ods_pieces() -> impl Strategy<Value = String> {
    pieces(&[
        "<table:table table:name=\"T\">",
        "</table:table>",
        "<table:table-row>",
        "</table:table-row>",
        "<table:table-row table:number-rows-repeated=\"3\" table:visibility=\"filter\">",
        "<table:table-row table:number-rows-repeated=\"18446744073709551615\">",
        "<table:table-cell>",
        "</table:table-cell>",
        "<table:table-cell table:number-columns-repeated=\"5\" office:value=\"7\" office:value-type=\"float\">",
        "<table:table-cell office:value-type=\"date\" office:date-value=\"2024-05-01\">",
        "<table:table-cell table:number-columns-repeated=\"99999999999\">",
        "<text:p>",
        "</text:p>",
        "<text:s text:c=\"9\"/>",
        "<text:tab/>",
        "<text:span>",
        "</text:span>",
        "<office:annotation>",
        "</office:annotation>",
        "text",
        " ",
        "007",
        "&lt;",
        "&#0;",
        "&#xD800;",
        "<table:table-row-group>",
        "</table:table-row-group>",
        "<!DOCTYPE a []>",
        "]]>",
    ])
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        exhaust(&bytes);
        exhaust(&[b"PK\x03\x04", &bytes[..]].concat());
        exhaust(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &bytes[..]].concat());
    }

    #[test]
    fn any_change_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        which in any::<bool>(),
    ) {
        let mut bytes = if which {
            XlsxBook::one("<row><c><v>7</v></c></row>").bytes()
        } else {
            ods(&table("T", "<table:table-row><table:table-cell><text:p>7</text:p></table:table-cell></table:table-row>"))
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        exhaust(&bytes);
    }

    #[test]
    fn any_sheet_is_read_or_refused(sheet in xlsx_pieces(), strings in xlsx_pieces()) {
        let book = XlsxBook {
            sheets: vec![("A", "visible", &sheet), ("B", "visible", "<row><c><v>7</v></c></row>")],
            strings: &strings,
            formats: vec!["yyyy-mm-dd", "0000"],
            from_1904: true,
        };
        exhaust(&book.bytes());
    }

    #[test]
    fn any_part_is_read_or_refused(part in 0..6_usize, text in prop_oneof![xlsx_pieces(), ".{0,80}"]) {
        let part = [
            "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
            "xl/sharedStrings.xml", "mimetype",
        ][part];
        exhaust(&XlsxBook::one("<row><c><v>7</v></c></row>").bytes_with(&[(part, &text)]));
    }

    #[test]
    fn any_table_is_read_or_refused(tables in ods_pieces()) {
        exhaust(&ods(&tables));
        exhaust(&ods_content(&tables));
    }

    #[test]
    fn texts_come_back_as_they_are(texts in prop::collection::vec("[ -~äß€\u{a0}\u{200b}]{1,20}", 1..5)) {
        let mut cells = String::new();
        for text in &texts {
            let text = text.replace("_x", "_x005F_x").replace('&', "&amp;").replace('<', "&lt;");
            let _ = write!(cells, r#"<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#);
        }
        let read = rows(&XlsxBook::one(&format!("<row>{cells}</row>")).bytes());
        let read: Vec<&str> = read[0].cells.iter().map(|cell| cell.text.as_str()).collect();
        prop_assert_eq!(read, texts);
    }
}
