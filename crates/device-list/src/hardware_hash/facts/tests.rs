use super::*;
use crate::hardware_hash::HashBuilder;

/// The facts of a built hash's content.
fn facts(builder: HashBuilder) -> HardwareFacts {
    let bytes = builder.finish();
    hardware_facts(&bytes[..bytes.len() - crate::hardware_hash::container::TRAILER])
}

/// Record 1 of Windows 10.0.`build`, with a stamp, type, architecture.
fn build(build: u16, stamp: [u8; 5], os_type: u8, architecture: u8) -> HashBuilder {
    let [low, high] = build.to_le_bytes();
    let version = [0, 0, 10, 0, 1, 0, low, high];
    let end = [os_type, architecture, 3];
    HashBuilder::default().record(1, &[&version[..], &version, &stamp, &end].concat())
}

const FEBRUARY_2019: [u8; 5] = [0x4f, 0x0e, 0xfa, 0x23, 0x78];

#[test]
fn the_published_sample_tells_what_it_is() {
    let list = include_str!("../../../tests/data/managed-desktop-sample-self.csv");
    let text = list.trim_end().rsplit(',').next().unwrap();
    let hash = crate::HardwareHash::from_text(text).unwrap();
    let bytes = hash.as_bytes();
    let facts = hardware_facts(&bytes[..bytes.len() - 36]);
    assert_eq!(facts.virtual_machine, None);
    assert_eq!(facts.architecture, Some(Architecture::X64));
    assert_eq!(facts.full_os, Some(true));
    assert_eq!(facts.windows, Some("Windows 10 1809"));
    assert_eq!(facts.not_before.unwrap().to_string(), "2018-09");
    assert_eq!(facts.collected().unwrap().day(), "2019-02-15");
    assert_eq!(facts.tpm, TpmState::V2);
    assert_eq!((facts.ram_gib, facts.disk_gb), (Some(8), Some(256)));
    assert_eq!(facts.disk_media, Some(DiskMedia::Ssd));
    assert_eq!(facts.chassis, Some(9));
    assert_eq!(
        (facts.uuid, facts.pkid),
        (Presence::Present, Presence::Present)
    );
    assert!(facts.has_inventory && facts.has_disk_serial && facts.has_network && facts.has_tpm_key);
    assert_eq!(facts.managed_desktop_gaps().count(), 0);
}

#[test]
fn a_hash_of_names_only_says_nothing_about_its_hardware() {
    let facts = facts(HashBuilder::default().text(14, "0042").text(16, "Contoso"));
    assert_eq!(facts, HardwareFacts::default());
}

#[test]
fn the_first_disk_counts_and_any_serial_number_will_do() {
    let disk = |gb: u8, bus: u8, seek: u8| [gb, 0, 0, 0, 0, 0, 0, 0, bus, 0, seek, 0];
    let made = HashBuilder::default()
        .record(6, &disk(64, 11, 255))
        .record(6, &disk(200, 17, 0))
        .record(7, b"0000_0000|A DISK|")
        .record(28, b"|A DISK|");
    let found = facts(made.clone());
    assert_eq!(
        (found.disk_gb, found.disk_media),
        (Some(64), Some(DiskMedia::Hdd))
    );
    assert!(found.has_inventory && !found.has_disk_serial);
    assert!(facts(made.record(7, b"S1|B|")).has_disk_serial);
    let media = |bus, seek| facts(HashBuilder::default().record(6, &disk(1, bus, seek))).disk_media;
    assert_eq!(media(17, 9), Some(DiskMedia::Ssd));
    assert_eq!(media(11, 0), Some(DiskMedia::Ssd));
    assert_eq!(media(11, 9), None);
}

#[test]
fn tpm_versions_are_told_apart() {
    let tpm = |text| facts(HashBuilder::default().text(13, text)).tpm;
    assert_eq!(tpm("TPM-Version:2.0 -Level:0"), TpmState::V2);
    assert_eq!(tpm("TPM-Version:1.2 -Level:2"), TpmState::V1);
    assert_eq!(tpm("something"), TpmState::Unknown);
    assert_eq!(tpm(""), TpmState::Absent);
}

#[test]
fn keys_addresses_and_uuids_of_nothing_do_not_count() {
    let empty = facts(
        HashBuilder::default()
            .record(25, &[0; 256])
            .record(11, &[0, 0, 0, 0, 2, 0, 32, 0, 0, 0])
            .record(8, &[14, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            .uuid([0xff; 16])
            .text(24, "0000000000000"),
    );
    assert!(!empty.has_tpm_key && !empty.has_network);
    assert_eq!(empty.uuid, Presence::Placeholder);
    assert_eq!(empty.pkid, Presence::Placeholder);
    let key = facts(HashBuilder::default().record(11, &[0, 0, 0, 0, 1, 0]));
    assert!(key.has_tpm_key);
}

#[test]
fn windows_pe_and_arm_are_seen() {
    let pe = facts(build(17763, FEBRUARY_2019, 1, 12));
    assert_eq!(pe.full_os, Some(false));
    assert_eq!(pe.architecture, Some(Architecture::Arm64));
    let cpu = facts(HashBuilder::default().record(2, &[12, 0]));
    assert_eq!(cpu.architecture, Some(Architecture::Arm64));
}

#[test]
fn a_clock_before_its_windows_is_not_believed() {
    let right = facts(build(17763, FEBRUARY_2019, 2, 9));
    assert!(!right.clock_wrong && right.collected().is_some());
    let wrong = facts(build(22000, FEBRUARY_2019, 2, 9));
    assert!(wrong.clock_wrong && wrong.captured.is_some());
    assert_eq!(wrong.collected(), None);
    assert_eq!(wrong.not_before.unwrap().to_string(), "2021-06");
    let none = facts(build(17763, [0; 5], 2, 9));
    assert!(!none.clock_wrong && none.captured.is_none());
}

#[test]
fn records_that_are_too_short_or_do_not_add_up_are_passed_over() {
    for kind in 0..40 {
        for length in 0..30 {
            let _ = facts(HashBuilder::default().record(kind, &vec![7; length]));
        }
    }
    let bytes = HashBuilder::default()
        .text(13, "TPM-Version:2.0 -")
        .finish();
    let cut = &bytes[..bytes.len() - 36 - 3];
    assert_eq!(hardware_facts(cut), HardwareFacts::default());
    assert_eq!(hardware_facts(b""), HardwareFacts::default());
}
