//! What is found about hashes and by them.

use super::*;

#[test]
fn a_serial_number_that_lost_its_zeros_is_proven_by_the_hash() {
    let device = device();
    let (serial, hash) = (device.serial.as_str(), device.hash_text());
    let short = serial.trim_start_matches('0');
    let number = format!("{:.5E}", serial.parse::<f64>().unwrap()).replace('E', "E+");
    for (own, code) in [
        (short, Code::SERIAL_LOST_ZEROS),
        (&number, Code::SERIAL_FROM_NUMBER),
    ] {
        let list = partner(&format!("{own},,{hash},,"));
        assert_eq!(places(&list), [(code, 2, 1)]);
        assert_eq!(list.findings[0].corrected.as_deref(), Some(serial));
        assert_eq!(
            list.rows[0]
                .identification
                .as_ref()
                .unwrap()
                .serial()
                .unwrap()
                .as_str(),
            serial
        );
        assert_eq!(repaired_rows(&list), format!("{serial},,{hash},,\n"));
    }
    let list = tuples("Contoso,B,1.65208E+10");
    assert_eq!(codes(&list), [Code::SERIAL_AS_NUMBER]);
}

#[test]
fn a_row_whose_hash_belongs_to_another_device_is_found() {
    let device = device();
    let hash = device.hash_text();
    let list = partner(&format!("OTHER1,3305000000001,{hash},Other,Other"));
    let expected = [
        (Code::SERIAL_DIFFERS, 2, 1),
        (Code::MANUFACTURER_DIFFERS, 2, 4),
        (Code::MODEL_DIFFERS, 2, 5),
        (Code::BESIDE_HASH, 2, 0),
        (Code::PKID_DIFFERS, 2, 2),
    ];
    assert_eq!(places(&list), expected);
    assert_eq!(list.rows[0].identification, None);
    let header = Dialect::ManagedDesktopSelf.header();
    let list = checked(format!("{header}\nOther,Other,OTHER1,{hash}\n"));
    assert_eq!((list.errors(), list.warnings()), (0, 3));
    assert!(matches!(
        list.rows[0].identification,
        Some(Identification::Hash { .. })
    ));
}

#[test]
fn every_fault_of_a_hash_has_its_code_and_shows_nothing_of_it() {
    let device = device();
    let (whole, text) = (device.hash(), device.hash().to_text());
    let bytes = whole.as_bytes();
    let encode = |bytes: &[u8]| {
        // Every text here is a whole number of groups, so the library's own padding is right.
        base64_simd::STANDARD.encode_to_string(bytes)
    };
    let mut flipped = bytes.to_vec();
    flipped[40] ^= 1;
    let rest = [bytes, b"rest"].concat();
    let end = bytes.len();
    let cases = [
        (format!("!{}", &text[1..]), Code::HASH_NOT_BASE64, None),
        (
            encode(b"something else altogether"),
            Code::HASH_NO_MAGIC,
            None,
        ),
        (encode(&bytes[..100]), Code::HASH_CONTENT_CUT, None),
        (encode(&bytes[..end - 36]), Code::HASH_TRAILER_MISSING, None),
        (
            encode(&bytes[..end - 3]),
            Code::HASH_TRAILER_CUT,
            Some(&text),
        ),
        (encode(&bytes[..end - 30]), Code::HASH_TRAILER_BROKEN, None),
        (encode(&flipped), Code::HASH_DIGEST, None),
        (
            encode(&HashBuilder::default().text(16, "Contoso").finish()),
            Code::HASH_EMPTY_INSIDE,
            None,
        ),
        (encode(&rest), Code::HASH_REST, Some(&text)),
        (
            format!("{} {}", &text[..60], &text[60..]),
            Code::HASH_ALPHABET,
            Some(&text),
        ),
    ];
    for (hash, code, corrected) in cases {
        let list = partner(&format!(",,{hash},,"));
        assert_eq!(places(&list), [(code, 2, 3)]);
        let finding = &list.findings[0];
        assert_eq!(
            (finding.found.as_ref(), finding.corrected.as_ref()),
            (None, corrected),
            "{code}"
        );
        assert!(!finding.cause.contains(&text[4..14]));
        assert_eq!(list.rows[0].identification.is_some(), corrected.is_some());
    }
    let unpadded = text.trim_end_matches('=');
    if unpadded != text {
        let list = partner(&format!(",,{unpadded},,"));
        assert_eq!(
            (codes(&list), list.findings[0].certain),
            (vec![Code::HASH_PADDING], true)
        );
    }
}

#[test]
fn the_same_device_twice_is_found_by_any_identity() {
    let device = device();
    let (serial, hash, fresh) = (
        &device.serial,
        device.hash_text(),
        device.fresh_hash(1).to_padded_text(),
    );
    let (maker, model, pkid) = (&device.manufacturer, &device.model, device.pkid);
    let list = partner(&format!(
        "{serial},,{hash},,\n{serial},,{hash},,\n{serial},,{fresh},,\n{serial},,,{maker},{model}\n,{pkid},,,\n{},,,{maker},{model}x",
        serial.as_str()
    ));
    let expected = [
        (Code::DUPLICATE_ROW, 3, 0),
        (Code::TWO_HASHES, 4, 0),
        (Code::DUPLICATE_DEVICE, 5, 0),
        (Code::DUPLICATE_DEVICE, 6, 0),
        (Code::SERIAL_TWO_MODELS, 7, 1),
    ];
    assert_eq!(places(&list), expected);
    let of: Vec<_> = list.rows.iter().map(|row| row.duplicate_of).collect();
    assert_eq!(of, [None, Some(1), Some(1), Some(1), Some(1), None]);
    let repaired = repair(&list);
    assert_eq!((repaired.left_out, repaired.rows), (vec![3, 4, 5], 2));
    let list = tuples("Contoso,Book 13,ab1\nCONTOSO,book  13,AB1");
    assert_eq!(codes(&list), [Code::BLANKS_INSIDE, Code::DUPLICATE_DEVICE]);
}

#[test]
fn a_hash_with_too_much_padding_is_proven_by_its_digest() {
    let hash = device().hash_text();
    let bare = hash.trim_end_matches('=');
    let list = partner(&format!(",,{bare}===,,"));
    assert_eq!(codes(&list), [Code::HASH_ALPHABET]);
    assert!(list.findings[0].certain && list.rows[0].identification.is_some());
}

#[test]
fn a_hash_in_apostrophes_is_taken_out_of_both() {
    let hash = device().hash_text();
    let list = partner(&format!(",,'{hash}',,"));
    assert_eq!(codes(&list), [Code::APOSTROPHE]);
    assert_eq!(repaired_rows(&list), format!(",,{hash},,\n"));
}

#[test]
fn a_placeholder_for_the_manufacturer_inside_a_hash_is_named() {
    let built = HashBuilder::default()
        .uuid([7; 16])
        .text(14, "PF02NCT8")
        .text(16, "To be filled by O.E.M.")
        .text(17, "Default string");
    let hash = base64_simd::STANDARD.encode_to_string(built.finish());
    let list = partner(&format!(",,{hash},,"));
    assert_eq!(codes(&list), [Code::HASH_PLACEHOLDER]);
    let expected = "The manufacturer and the model inside the hash are placeholders.";
    assert_eq!(list.findings[0].cause, expected);
}
