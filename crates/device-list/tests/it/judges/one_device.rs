//! One device outside a list, and the rules of channels.

use super::*;

#[test]
fn an_oem_sends_no_hash() {
    let (whole, other) = (hash("PF02NCT8"), hash("PF02NCT9"));
    let oem = |row: String| accepting(&row, &[], Channel::Oem);
    for (row, left) in [
        (
            format!("PF02NCT8,,{whole},Contoso,Book 13"),
            "PF02NCT8,,,Contoso,Book 13\n",
        ),
        (format!(",{PKID},{whole},,"), ",3305612345678,,,\n"),
        (
            "PF02NCT8,,T0damaged,Contoso,Book 13".into(),
            "PF02NCT8,,,Contoso,Book 13\n",
        ),
    ] {
        let list = oem(row);
        assert_eq!(
            (codes(&list), list.findings[0].certain),
            (vec![Code::HASH_NOT_TAKEN], true)
        );
        assert_eq!(repaired(&list), left);
    }
    for row in [
        format!("PF02NCT8,,{whole},,"),
        format!("PF02NCT8,,{other},Contoso,Book 13"),
        format!(",,{other},,"),
        "PF02NCT8,,T0damaged,,".into(),
    ] {
        let list = oem(row);
        assert_eq!(codes(&list), [Code::HASH_NOT_TAKEN]);
        assert!(list.rows[0].identification.is_none());
    }
    let list = accepting(
        &format!("PF02NCT8,,{whole},,"),
        &[Code::HASH_NOT_TAKEN],
        Channel::Oem,
    );
    assert_eq!(repaired(&list), "PF02NCT8,,,Contoso,Book 13\n");
    // A contradiction is none that accepting could settle.
    let row = format!("PF02NCT8,,{other},Contoso,Book 13");
    let list = accepting(&row, &[Code::HASH_NOT_TAKEN], Channel::Oem);
    assert!(list.rows[0].identification.is_none());
    assert!(codes(&oem("PF02NCT8,,,Contoso,Book 13".into())).is_empty());
}

#[test]
fn one_device_outside_a_list_is_judged_like_a_row() {
    let options = CheckOptions::default();
    let judged = |cells: Cells| {
        let (row, findings) = check_cells(&cells, &options);
        let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
        (codes, row)
    };
    let tuple = |serial: &str| {
        Cells::default()
            .with(Column::Manufacturer, "Contoso")
            .with(Column::Model, "Book 13")
            .with(Column::Serial, serial)
    };
    let (codes, row) = judged(tuple("=\"0042\""));
    assert_eq!(
        (codes, row.value(Column::Serial)),
        (vec![Code::FORMULA_TEXT], "0042")
    );
    for (serial, code) in [
        ("1.65208E+10", Code::SERIAL_AS_NUMBER),
        ("12-Mar", Code::SERIAL_AS_DATE),
        ("#N/A", Code::SPREADSHEET_ERROR),
        ("PF\u{2013}02", Code::AUTOCORRECTED),
        ("'0042", Code::APOSTROPHE),
        ("PF\"02", Code::QUOTE_UNCLOSED),
        ("Default string", Code::PLACEHOLDER),
    ] {
        let (codes, row) = judged(tuple(serial));
        assert_eq!(codes, [code], "{serial}");
        assert!(row.identification.is_none(), "{serial}");
    }
    let hash = hash("016520771357");
    let sent = Cells::default()
        .with(Column::Serial, "1.65208E+10")
        .with(Column::Hash, hash.as_str());
    let (codes, row) = judged(sent);
    assert_eq!(
        (codes, row.value(Column::Serial)),
        (vec![Code::SERIAL_FROM_NUMBER], "016520771357")
    );
    let swapped = Cells::default().with(Column::Serial, hash);
    let (codes, row) = judged(swapped);
    assert_eq!(codes, [Code::COLUMNS_SWAPPED]);
    assert!(matches!(
        row.identification,
        Some(Identification::Hash { .. })
    ));
}

#[test]
fn customers_own_lists_are_held_against_the_same_rules() {
    let header = Dialect::Intune3.header();
    let row = format!("42,,{}", hash("0042"));
    for channel in [Channel::CustomerOwn, Channel::Intune, Channel::Enlist] {
        let list = checked_for(channel, format!("{header}\n{row}\n"));
        assert_eq!(codes(&list), [Code::SERIAL_LOST_ZEROS], "{channel:?}");
    }
}
