//! The two published sample files, byte by byte as published.

use device_list::{
    Channel, Code, Column, Dialect, DigestState, Encoding, HardwareHash, Identification, Severity,
    repair,
};

use crate::{checked, checked_for, codes, places};

const OWN: &[u8] = include_bytes!("../data/managed-desktop-sample-self.csv");
const PARTNER: &[u8] = include_bytes!("../data/managed-desktop-sample-partner.csv");

#[test]
fn the_sample_with_a_hash_has_lost_its_last_digest_byte_and_keeps_its_zero() {
    for channel in [
        Channel::PartnerCenter,
        Channel::CustomerOwn,
        Channel::Enlist,
    ] {
        let list = checked_for(channel, OWN);
        assert_eq!(list.encoding, Encoding::Utf8Mark);
        assert_eq!(list.dialect, Some(Dialect::ManagedDesktopSelf));
        assert_eq!(
            places(&list),
            [
                (Code::UTF8_MARK, 0, 0),
                (Code::HASH_TRAILER_CUT, 2, 4),
                (Code::HASH_OLD, 2, 4)
            ]
        );
        let warnings = &list.findings[..2];
        assert!(
            warnings
                .iter()
                .all(|f| f.certain && f.severity == Severity::Warning)
        );
        let note = &list.findings[2];
        assert_eq!((note.severity, note.certain), (Severity::Note, false));
        assert!(
            note.cause.contains("2019-02-15 under Windows 10 1809"),
            "{note:?}"
        );
        assert!(list.is_usable() && !list.is_conforming());
        let row = &list.rows[0];
        assert_eq!(row.cells.get(Column::Serial), "016520771357");
        let Some(Identification::HashSerial { hash, serial }) = &row.identification else {
            panic!("{row:?}");
        };
        assert_eq!(serial.as_str(), "016520771357");
        assert_eq!(hash.digest(), DigestState::CutShort { missing: 1 });
        assert_eq!(row.identification.as_ref().unwrap().keys().len(), 3);
    }
}

#[test]
fn the_corrected_hash_is_the_text_with_the_whole_digest() {
    let list = checked(OWN);
    let corrected = list.findings[1].corrected.clone().unwrap();
    let sent = list.rows[0].cells.get(Column::Hash);
    assert_eq!(sent.len(), 1452);
    assert!(corrected.starts_with(sent) && corrected.ends_with("=="));
    assert_eq!(
        HardwareHash::from_text(&corrected).unwrap().digest(),
        DigestState::Verified
    );
    let repaired = repair(&list);
    assert!(repaired.left_out.is_empty());
    assert!(checked(&repaired.bytes).is_conforming());
    let shown = format!("{:?} {:?}", list.findings, repaired.changes);
    assert!(!shown.contains(&sent[..40]) && !format!("{:?}", list.rows).contains(&sent[..40]));
}

#[test]
fn the_hash_of_the_sample_reads_record_by_record() {
    let list = checked(OWN);
    let hash = list.rows[0]
        .identification
        .as_ref()
        .unwrap()
        .hash()
        .unwrap()
        .clone();
    let contents = hash.decode();
    assert_eq!(contents.manufacturer, "Microsoft Corporation");
    assert_eq!(contents.model, "Surface Laptop");
    assert_eq!(contents.pkid, "3863475297787");
    assert_eq!(contents.records.len(), 29);
    let unknown = |r: &&device_list::Record| matches!(r, device_list::Record::Unknown { .. });
    assert_eq!(contents.records.iter().filter(unknown).count(), 1);
    assert_eq!(contents.tpm_ek.unwrap().0.len(), 256);
    assert_eq!(contents.os_version.unwrap().to_string(), "10.0.17763.288");
}

#[test]
fn the_sample_for_partners_has_a_serial_number_of_zeros_only() {
    let list = checked(PARTNER);
    assert_eq!(list.dialect, Some(Dialect::ManagedDesktopPartner));
    assert_eq!(codes(&list), [Code::UTF8_MARK, Code::PLACEHOLDER]);
    let finding = &list.findings[1];
    assert_eq!((finding.line, finding.column, finding.row), (2, 3, Some(1)));
    assert_eq!(finding.found.as_deref(), Some("000000000000"));
    assert!(!finding.certain);
    assert_eq!(list.rows[0].cells.get(Column::Serial), "000000000000");
    assert_eq!(list.rows[0].identification, None);
    assert_eq!(repair(&list).left_out, [1]);
}
