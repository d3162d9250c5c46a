//! The same as a reader that others wrote: `calamine`, on workbooks that do no harm.

use std::fmt::Write as _;
use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, Xlsx};
use device_list::workbook::{CellKind, SheetRow};
use proptest::prelude::*;

use super::books::{XlsxBook, ods, table};
use super::rows;

#[derive(Debug, Clone)]
enum Value {
    Nothing,
    Text(String),
    Number(f64),
    Boolean(bool),
    Day(u32),
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => Just(Value::Nothing),
        3 => "[ -~äß€]{1,12}".prop_map(|text| Value::Text(format!("t{}t", text.trim()))),
        2 => any::<u32>().prop_map(|number| Value::Number(f64::from(number) * 20.0)),
        1 => (-1e9..1e9_f64).prop_map(Value::Number),
        1 => any::<bool>().prop_map(Value::Boolean),
        1 => (61..80_000_u32).prop_map(Value::Day),
    ]
}

fn sheet() -> impl Strategy<Value = Vec<Vec<Value>>> {
    prop::collection::vec(prop::collection::vec(value(), 0..6), 0..8)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn as_xlsx(sheet: &[Vec<Value>]) -> Vec<u8> {
    let (mut rows, mut strings, mut shared) = (String::new(), String::new(), 0);
    for (at, row) in sheet.iter().enumerate() {
        let number = at + 1;
        let _ = write!(rows, r#"<row r="{number}">"#);
        for (column, value) in row.iter().enumerate() {
            let address = format!("{}{number}", char::from(b'A' + column as u8));
            let _ = match value {
                Value::Nothing => Ok(()),
                Value::Text(text) if column % 2 == 0 => {
                    let _ = write!(strings, "<si><t>{}</t></si>", escaped(text));
                    shared += 1;
                    write!(rows, r#"<c r="{address}" t="s"><v>{}</v></c>"#, shared - 1)
                }
                Value::Text(text) => write!(
                    rows,
                    r#"<c r="{address}" t="inlineStr"><is><t>{}</t></is></c>"#,
                    escaped(text)
                ),
                Value::Number(number) => write!(rows, r#"<c r="{address}"><v>{number}</v></c>"#),
                Value::Boolean(yes) => write!(
                    rows,
                    r#"<c r="{address}" t="b"><v>{}</v></c>"#,
                    u8::from(*yes)
                ),
                Value::Day(day) => write!(rows, r#"<c r="{address}" s="1"><v>{day}</v></c>"#),
            };
        }
        rows.push_str("</row>");
    }
    let book = XlsxBook {
        strings: &strings,
        formats: vec!["yyyy-mm-dd"],
        ..XlsxBook::one(&rows)
    };
    book.bytes()
}

fn as_ods(sheet: &[Vec<Value>]) -> Vec<u8> {
    let mut rows = String::new();
    for row in sheet {
        rows.push_str("<table:table-row>");
        for value in row {
            let _ = match value {
                Value::Nothing | Value::Day(_) => write!(rows, "<table:table-cell/>"),
                Value::Text(text) => write!(
                    rows,
                    r#"<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>"#,
                    escaped(&text.replace("  ", " "))
                ),
                Value::Number(number) => write!(
                    rows,
                    r#"<table:table-cell office:value-type="float" office:value="{number}"><text:p>{number}</text:p></table:table-cell>"#
                ),
                Value::Boolean(yes) => write!(
                    rows,
                    r#"<table:table-cell office:value-type="boolean" office:boolean-value="{yes}"/>"#
                ),
            };
        }
        rows.push_str("</table:table-row>");
    }
    ods(&table("Devices", &rows.replace("  ", " ")))
}

/// Every cell that the other reader finds is found, and no other.
fn assert_same(rows: &[SheetRow], other: &Range<Data>) -> Result<(), TestCaseError> {
    let mut found = Vec::new();
    for row in rows {
        for (column, cell) in row.cells.iter().enumerate() {
            if !cell.is_empty() {
                found.push(((row.number - 1, column as u32), cell));
            }
        }
    }
    let (down, right) = other.start().unwrap_or_default();
    let others: Vec<_> = other
        .used_cells()
        .map(|(row, column, data)| ((row as u32 + down, column as u32 + right), data))
        .collect();
    prop_assert_eq!(found.len(), others.len());
    for ((at, cell), (other_at, data)) in found.into_iter().zip(others) {
        prop_assert_eq!(at, other_at);
        let text = cell.text.as_str();
        let same = match (cell.kind, data) {
            (CellKind::Text, Data::String(other)) => text == other,
            (CellKind::Number { .. }, Data::Float(other)) => {
                (text.parse::<f64>().unwrap() - other).abs() <= other.abs() * 1e-14
            }
            (CellKind::Boolean, Data::Bool(other)) => text == if *other { "TRUE" } else { "FALSE" },
            (CellKind::Date, Data::DateTime(other)) => {
                let (year, month, day, ..) = other.to_ymd_hms_milli();
                text == format!("{year:04}-{month:02}-{day:02}")
            }
            _ => false,
        };
        prop_assert!(same, "{:?} {} {:?}", cell.kind, text, data);
    }
    Ok(())
}

proptest! {
    #[test]
    fn xlsx_is_read_as_others_read_it(sheet in sheet()) {
        let bytes = as_xlsx(&sheet);
        let mut other: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
        assert_same(&rows(&bytes), &other.worksheet_range("Devices").unwrap())?;
    }

    #[test]
    fn ods_is_read_as_others_read_it(sheet in sheet()) {
        let bytes = as_ods(&sheet);
        let mut other: Ods<_> = Ods::new(Cursor::new(&bytes)).unwrap();
        assert_same(&rows(&bytes), &other.worksheet_range("Devices").unwrap())?;
    }
}
