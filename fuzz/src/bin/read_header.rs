//! Any text as a header above rows of every kind: no panic, the same for every separator, and the
//! rows are read or named.
#![no_main]

use device_list::{Channel, CheckOptions, Code, check, check_slice, repair};
use libfuzzer_sys::fuzz_target;

const CHANNELS: [Channel; 5] = [
    Channel::PartnerCenter,
    Channel::CustomerOwn,
    Channel::Intune,
    Channel::Oem,
    Channel::Enlist,
];

const ROWS: &str = "0042,3305612345678,,Contoso,Book 13,Tag,anna@contoso.example\n\
    0043,,,Contoso,Book 13,,\n\
    Contoso,Book 13,0044\n";

fuzz_target!(|text: &str| {
    let list = format!("{text}\n{ROWS}");
    for channel in CHANNELS {
        let options = CheckOptions { channel, ..CheckOptions::default() };
        let checked = check(list.as_bytes(), &options);
        let summary = check_slice(list.as_bytes(), &options, &mut |_| {});
        if !checked.is_usable() {
            continue;
        }
        let named = |code| checked.findings.iter().any(|finding| finding.code == code);
        let header = u64::from(!named(Code::HEADER_MISSING));
        assert!(summary.lines <= header + summary.row_lines + summary.skipped);
        assert!(summary.lines >= summary.row_lines + summary.skipped);
        let repaired = repair(&checked);
        let again = check(&repaired.bytes, &options);
        assert_eq!(again.dialect, repaired.dialect);
        assert!(again.findings.iter().all(|finding| !finding.certain), "{:?}", again.findings);
    }
});
