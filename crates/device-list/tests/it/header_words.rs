//! What a header says of its column beside the name, told where a value is doubted.

use device_list::{CheckedList, Code, Identification, SampleDevice};

use crate::{checked, codes, places};

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

#[test]
fn misspelt_headers_are_read_as_what_they_are() {
    let hash = SampleDevice::new(1, 7).hash_text();
    let list = checked(format!(
        "Device Serial Numbr,Windwos Product ID,Hardware Hsh,Manufacturer name,Device model\n,,{hash},,\n"
    ));
    let expected = [1, 2, 3].map(|column| (Code::HEADER_MISSPELT, 1, column));
    assert_eq!(places(&list), expected);
    assert!(list.findings.iter().all(|finding| finding.certain));
    assert_eq!(list.findings[2].corrected.as_deref(), Some("Hardware Hash"));
    assert!(list.rows[0].identification.is_some());
}

#[test]
fn a_header_that_is_only_close_to_a_name_is_named_and_not_taken() {
    let list = checked("Serial Number,Manufacturer ID,Model\n0042,Contoso,Book 13\n");
    let extra = list
        .findings
        .iter()
        .find(|finding| finding.code == Code::EXTRA_COLUMN)
        .unwrap();
    assert!(
        extra
            .cause
            .ends_with("Its name is close to \"Manufacturer\"."),
        "{}",
        extra.cause
    );
    assert!(
        extra.fix.starts_with("Name it \"Manufacturer\" if"),
        "{}",
        extra.fix
    );
    assert!(list.rows[0].identification.is_none());
    // Beside the right name it is an extra column like any other.
    let list = checked("Manufacturer,Manufacturr,Model,Serial Number\nContoso,x,Book 13,0042\n");
    assert_eq!(codes(&list), [Code::EXTRA_COLUMN]);
}

#[test]
fn what_windows_calls_its_columns_is_known() {
    for text in [
        "IdentifyingNumber,Name,Vendor\n0042,Book 13,Contoso\n",
        "\"Vendor\",\"Name\",\"IdentifyingNumber\"\n\"Contoso\",\"Book 13\",\"0042\"\n",
        "Vendor,Product,Device S/N\nContoso,Book 13,0042\n",
    ] {
        let list = checked(text);
        let Some(Identification::Tuple { tuple }) = &list.rows[0].identification else {
            panic!("{:?}", list.findings);
        };
        let parts = [tuple.manufacturer.as_str(), tuple.model.as_str()];
        assert_eq!(parts, ["Contoso", "Book 13"], "{text}");
    }
    let list = checked("Name,Manufacturer,Model,Serial Number\nPC-1,Contoso,Book 13,0042\n");
    assert_eq!(codes(&list), [Code::EXTRA_COLUMN]);
}
