//! What a header says of its column beside the name, told where a value is doubted.

use device_list::{CheckedList, Code, SampleDevice};

use crate::checked;

/// The code and cause of every finding about a row.
fn about_rows(list: &CheckedList) -> Vec<(Code, &str)> {
    let findings = list.findings.iter().filter(|finding| finding.row.is_some());
    findings
        .map(|finding| (finding.code, &*finding.cause))
        .collect()
}

#[test]
fn a_serial_number_that_the_header_calls_an_imei_is_one() {
    // Without its check digit, and with a wrong one.
    for value in ["49015420323751", "490154203237519", "490154203237518"] {
        let list = checked(format!(
            "Manufacturer,Model,Serial Number (IMEI)\nContoso,Book 13,{value}\n"
        ));
        let [(code, cause)] = about_rows(&list)[..] else {
            panic!("{:?}", list.findings);
        };
        assert_eq!(code, Code::SERIAL_IS_IMEI, "{value}");
        assert!(
            cause.contains("The header says that this is an IMEI"),
            "{cause}"
        );
        let plain = value != "490154203237518";
        let list = checked(format!(
            "Manufacturer,Model,Serial Number\nContoso,Book 13,{value}\n"
        ));
        assert_eq!(about_rows(&list).is_empty(), plain, "{value}");
    }
}

#[test]
fn a_serial_number_that_the_header_calls_a_network_address_is_one() {
    let list = checked("Hersteller;Modell;Seriennummer / MAC\nContoso;Book 13;001A2B3C4D5E\n");
    let [(code, cause)] = about_rows(&list)[..] else {
        panic!("{:?}", list.findings);
    };
    assert_eq!(code, Code::SERIAL_IS_MAC);
    assert!(cause.contains("network adapter"), "{cause}");
}

#[test]
fn what_is_in_order_stays_so_under_any_header() {
    for value in ["PF02NCT8", "016520771357", "0042"] {
        let list = checked(format!(
            "Manufacturer,Model,IMEI/Serial Number\nContoso,Book 13,{value}\n"
        ));
        assert!(about_rows(&list).is_empty(), "{:?}", list.findings);
        assert_eq!(list.rows.len(), 1);
    }
}

#[test]
fn a_serial_number_that_is_not_its_hashs_is_explained_by_the_header() {
    let hash = SampleDevice::new(1, 7).hash_text();
    let list = checked(format!(
        "Serial Number (MAC),Windows Product ID,Hardware Hash\n00:1A:2B:3C:4D:5E,,{hash}\n"
    ));
    let [(code, cause)] = about_rows(&list)[..] else {
        panic!("{:?}", list.findings);
    };
    assert_eq!(code, Code::SERIAL_DIFFERS);
    assert!(
        cause.ends_with("The header says that this is a network adapter's address (MAC)."),
        "{cause}"
    );
}

#[test]
fn a_column_that_cant_take_the_serial_numbers_place_is_named() {
    let list = checked("Manufacturer,Model,MAC address\nContoso,Book 13,00:1A:2B:3C:4D:5E\n");
    let missing = list
        .findings
        .iter()
        .find(|finding| finding.code == Code::MISSING_COLUMN)
        .unwrap();
    assert!(
        missing.cause.ends_with(
            "What stands under \"MAC address\" can't take its place: a network adapter's address \
             is no serial number."
        ),
        "{}",
        missing.cause
    );
}
