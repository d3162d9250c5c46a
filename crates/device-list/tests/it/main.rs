//! Device lists from the first byte to the repaired file.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

mod dialects;
mod far_headers;
mod findings;
mod fixtures;
mod header_words;
mod judges;
mod mend_properties;
mod mends;
mod odd_bytes;
mod odd_files;
mod properties;
mod rest;
mod samples;
mod workbook;

use device_list::{Channel, CheckOptions, CheckedList, Code, check};

/// Checks a text with the options that most tests use.
fn checked(text: impl AsRef<[u8]>) -> CheckedList {
    check(text.as_ref(), &CheckOptions::default())
}

/// Checks a text for a channel.
fn checked_for(channel: Channel, text: impl AsRef<[u8]>) -> CheckedList {
    check(
        text.as_ref(),
        &CheckOptions {
            channel,
            row_limit: None,
            ..CheckOptions::default()
        },
    )
}

/// Code, line and column of every finding.
fn places(list: &CheckedList) -> Vec<(Code, u64, u32)> {
    list.findings
        .iter()
        .map(|finding| (finding.code, finding.line, finding.column))
        .collect()
}

/// The codes of every finding.
fn codes(list: &CheckedList) -> Vec<Code> {
    list.findings.iter().map(|finding| finding.code).collect()
}
