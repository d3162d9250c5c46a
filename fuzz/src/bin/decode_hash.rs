//! Any text or bytes as a hash: no panic, and what is taken goes round.
#![no_main]

use device_list::{DigestState, HardwareHash, HashBuilder, HashContents};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = HashContents::inspect_bytes(bytes);
    let text = String::from_utf8_lossy(bytes);
    let _ = HashContents::inspect(&text);
    for contents in [HashContents::salvage_bytes(bytes), HashContents::salvage(&text)].into_iter().flatten() {
        let _ = (contents.faults(), contents.missing_critical(), contents.inventory());
        let _ = contents.facts.managed_desktop_gaps().count();
    }
    for hash in [HardwareHash::from_bytes(bytes), HardwareHash::from_text(&text)].into_iter().flatten() {
        round(&hash);
    }
    // The digest can't be found by trying, so a hash is built around the bytes as its records.
    let mut builder = HashBuilder::default().text(14, "0042").text(16, "Contoso");
    for record in bytes.chunks(32) {
        builder = builder.record(u16::from(record[0]) % 40, &record[1..]);
    }
    let hash = HardwareHash::from_bytes(&builder.finish()).expect("a built hash is whole");
    round(&hash);
});

fn round(hash: &HardwareHash) {
    let _ = (hash.serial(), hash.model(), hash.pkid(), hash.decode());
    for text in [hash.to_text(), hash.to_padded_text()] {
        let again = HardwareHash::from_text(&text).expect("a written hash can be read");
        assert!(again == *hash && again.digest() == DigestState::Verified);
    }
}
