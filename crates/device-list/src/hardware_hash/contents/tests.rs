use super::*;
use crate::hardware_hash::{HashBuilder, captured::Captured};
use proptest::prelude::*;

fn built() -> HashBuilder {
    HashBuilder::default()
        .text(14, "0042")
        .text(16, "Contoso")
        .text(19, "Books")
        .text(17, "Book 13")
}

fn text_of(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

#[test]
fn the_published_sample_is_decoded_to_the_last_byte() {
    let list = include_str!("../../../tests/data/managed-desktop-sample-self.csv");
    let text = list.trim_end().rsplit(',').next().unwrap();
    let contents = HashContents::inspect(text).unwrap();
    assert_eq!(contents.tpm.as_ref().unwrap().revision, "1.16");
    assert_eq!(contents.offline_id_fits, Some(true));
    assert_eq!(
        contents.facts.captured.map(Captured::day).as_deref(),
        Some("2019-02-15")
    );
    let told = printed(&contents.records);
    for record in [
        "Disk { capacity: 256, bus: 17, seek_penalty: Some(0), trim: Some(1) }",
        "Chassis { chassis: 9, role: 2, optical_drive: Some(0), touch: Some(197), \
         touch_points: Some(10) }",
        "Display { width: 285, height: 190, columns: 2256, rows: 1504, output: Some(2147483648) }",
        "Unknown { kind: 27, bytes: 1d001300 }",
        "DiskSerial(\"3333_4A30_4A21_6115_0025_3859_0000_0001.|SAMSUNG KUS030202M-B000|\")",
    ] {
        assert!(told.contains(&record.to_owned()), "{record} in {told:#?}");
    }
    assert_eq!(contents.missing_critical(), [""; 0]);
    let cut = "its checksum has lost 1 of 32 bytes, and those that are left fit";
    assert_eq!(contents.faults(), [cut]);
}

/// Each record as its `Debug` prints it.
fn printed(records: &[Record]) -> Vec<String> {
    records.iter().map(|record| format!("{record:?}")).collect()
}

#[test]
fn repeated_records_and_unknown_ones_are_kept_in_order() {
    let bytes = built()
        .text(7, " 1|A|")
        .record(99, &[1, 2])
        .text(7, "2|B|")
        .record(6, &[1])
        .record(29, &[1, 0, 0, 0, 2, 0, 0, 0, 9])
        .record(29, &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1])
        .record(30, &[b'G', 0, b'|', 0, b'1', 0, 0, 0])
        .finish();
    let records = HashContents::inspect_bytes(&bytes).unwrap().records;
    let graphics = |rest: &[u8]| Record::GraphicsMemory {
        video: 1,
        system: 2,
        rest: Hex(rest.into()),
    };
    let kept = |kind, bytes: &[u8]| Record::Unknown {
        kind,
        bytes: Hex(bytes.into()),
    };
    assert_eq!(
        records[4..],
        [
            Record::DiskSerial(" 1|A|".to_owned()),
            kept(99, &[1, 2]),
            Record::DiskSerial("2|B|".to_owned()),
            kept(6, &[1]),
            graphics(&[9]),
            graphics(&[1, 1]),
            Record::GraphicsName("G|1".to_owned()),
        ]
    );
}

#[test]
fn damage_leaves_what_was_read_before_it() {
    let whole = built().finish();
    let salvaged = |bytes: &[u8]| HashContents::salvage(&text_of(bytes)).unwrap();
    let right = salvaged(&whole);
    assert!(right.is_right() && right.fault.is_none());
    // The content ends within the model.
    let cut = salvaged(&whole[..44]);
    assert_eq!(
        (&*cut.serial, &*cut.manufacturer, &*cut.model),
        ("0042", "Contoso", "")
    );
    let expected = usize::from(u16::from_le_bytes([whole[2], whole[3]]));
    let fault = HashError::ContentCut {
        expected,
        found: 44,
    };
    assert_eq!(cut.fault, Some(fault));
    assert_eq!(cut.faults(), [fault.to_string()]);
    assert_eq!(HashContents::inspect(&text_of(&whole[..44])), Err(fault));
    // A record longer than what is left.
    let mut broken = whole.clone();
    broken[15] = 0xff;
    let broken = salvaged(&broken);
    assert_eq!((&*broken.serial, &*broken.manufacturer), ("0042", ""));
    assert_eq!(broken.fault, Some(HashError::Records { at: 13 }));
    assert_eq!(broken.faults().len(), 3, "{:?}", broken.faults());
}

#[test]
fn a_foreign_character_ends_reading_and_a_blank_does_not() {
    let text = text_of(&built().finish());
    let spoilt = format!("{}!{}", &text[..40], &text[41..]);
    let contents = HashContents::salvage(&spoilt).unwrap();
    assert_eq!(contents.fault, Some(HashError::NotBase64 { position: 40 }));
    assert_eq!(contents.serial, "0042");
    assert_eq!(contents.faults().len(), 1);
    let wrapped = format!("{}\r\n{}", &text[..40], &text[40..]);
    let contents = HashContents::salvage(&wrapped).unwrap();
    assert!(contents.altered && contents.fault.is_none() && !contents.is_right());
    assert_eq!(contents.digest, DigestState::Verified);
    for nothing in ["", "!", "T0", "UEsDBA==", "T0!FAAAA"] {
        assert!(HashContents::salvage(nothing).is_err(), "{nothing}");
    }
}

#[test]
fn what_the_tool_calls_critical_is_missed() {
    let bare = HashContents::inspect_bytes(&built().finish()).unwrap();
    let missing = [
        "DiskSerialNumber",
        "TpmVersion",
        "EkPubHash",
        "MacAddress",
        "ProductKeyId",
    ];
    assert_eq!(
        bare.missing_critical(),
        [&missing[..], &["SmbiosUuid"]].concat()
    );
    let other = built().record(25, &[1; 256]);
    let other = other.record(
        11,
        &[&[0, 0, 0, 0, 1, 0, 32, 0, 0, 0][..], &[7; 32]].concat(),
    );
    let other = HashContents::inspect_bytes(&other.finish()).unwrap();
    assert_eq!(other.offline_id_fits, Some(false));
    assert!(!other.missing_critical().contains(&"EkPubHash"));
}

#[test]
fn something_behind_the_end_is_a_fault() {
    let bytes = [built().finish(), vec![0, 0, 7]].concat();
    let contents = HashContents::inspect_bytes(&bytes).unwrap();
    assert_eq!(contents.faults(), ["something follows its end"]);
}

proptest! {
    #[test]
    fn any_text_is_salvaged_without_panic(text in "T0[EF]\\PC{0,300}", at in 0_usize..200) {
        let _ = HashContents::salvage(&text);
        let whole = text_of(&built().finish());
        let cut = &whole[..at.min(whole.len())];
        if let Ok(contents) = HashContents::salvage(cut) {
            let _ = (contents.faults(), contents.missing_critical(), contents.inventory());
        }
    }

    #[test]
    fn what_is_right_is_what_the_strict_reader_takes(at in 0_usize..200, change in 0_u8..=255) {
        let mut bytes = built().finish();
        let at = at % bytes.len();
        bytes[at] ^= change;
        let strict = crate::HardwareHash::from_bytes(&bytes);
        let right = strict.is_ok_and(|hash| hash.digest() == DigestState::Verified);
        let salvaged = HashContents::salvage_bytes(&bytes);
        prop_assert_eq!(salvaged.is_ok_and(|contents| contents.is_right()), right);
    }
}
