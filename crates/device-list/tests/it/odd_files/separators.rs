//! Lists with other separators than commas.

use super::*;

#[test]
fn every_separator_and_a_spreadsheets_hint_are_understood() {
    for by in [";", "\t", "|"] {
        let text = format!("{TUPLES}\nContoso,Book 13,0042\n").replace(',', by);
        let list = checked(&text);
        assert_eq!(codes(&list), [Code::SEPARATOR], "{by:?}");
        assert_eq!(repaired(&list), format!("{TUPLES}\nContoso,Book 13,0042\n"));
    }
    let text = "sep=~\nManufacturer~Model~Serial Number\nContoso~Book 13~0042\n";
    let list = checked(text);
    assert_eq!(codes(&list), [Code::TEXT_ABOVE_HEADER, Code::SEPARATOR]);
    assert_eq!(serials(&list), ["0042"]);
    let list = checked("sep=;\n0042;;;Contoso;Book 13\n");
    assert_eq!(
        codes(&list),
        [Code::HEADER_MISSING, Code::SEPARATOR, Code::TEXT_LINE]
    );
    assert_eq!(serials(&list), ["0042"]);
}

#[test]
fn rows_with_another_separator_than_the_header_are_split_where_that_is_certain() {
    let text = format!(
        "{TUPLES}\nContoso,Book 13,0042\nContoso;Book 13;0043\nContoso\tBook 13\t0044\nContoso;Book;13;0045\nContoso;Ltd,Book 13,0046\n"
    );
    let list = checked(&text);
    let expected = [
        (Code::OTHER_SEPARATOR, 3, 0),
        (Code::OTHER_SEPARATOR, 4, 0),
        (Code::OTHER_SEPARATOR, 5, 0),
    ];
    assert_eq!(places(&list), expected);
    let certain: Vec<_> = list
        .findings
        .iter()
        .map(|finding| finding.certain)
        .collect();
    assert_eq!(certain, [true, true, false]);
    assert_eq!(repair(&list).left_out, [4]);
    let list = checked("Manufacturer;Model;Serial Number\nContoso,Book 13,0042\n");
    assert_eq!(codes(&list), [Code::SEPARATOR, Code::OTHER_SEPARATOR]);
    assert_eq!(repaired(&list), format!("{TUPLES}\nContoso,Book 13,0042\n"));
}

#[test]
fn a_row_with_another_separator_shows_its_own_fields() {
    let text = format!("{TUPLES}\nContoso;Book 13;0042\n");
    let mut fields = Vec::new();
    check_slice(text.as_bytes(), &CheckOptions::default(), &mut |event| {
        if let device_list::Event::Row(row) = event {
            fields = row.fields();
        }
    });
    assert_eq!(fields, ["Contoso", "Book 13", "0042"]);
}

#[test]
fn a_row_with_another_separator_is_no_text_whatever_its_words_are() {
    let row = "016520771357,,,Microsoft Corporation,Surface Pro 10 for Business";
    for by in [";", "\t", "|"] {
        let list = checked(
            format!("{PARTNER}\n{row}\n{}\n", row.replace(',', by))
                .replace("016520771357;", "016520771358;"),
        );
        assert!(
            places(&list).contains(&(Code::OTHER_SEPARATOR, 3, 0)),
            "{by:?}"
        );
        assert!(list.findings.iter().all(|finding| finding.certain));
        assert_eq!(list.rows.len(), 2, "{by:?}");
    }
}
