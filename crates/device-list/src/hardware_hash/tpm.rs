//! Record 13: what a TPM says about itself, in one text (api.md 8.2).

use serde::Serialize;

use super::container::text;

/// Record 13 taken apart: `TPM-Version:2.0 -Level:0-Revision:1.38-VendorID:'INTC'-Firmware:1.2`.
/// What it does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TpmText {
    /// Version of the specification, `2.0` or `1.2`.
    pub version: String,
    /// Level of the specification.
    pub level: String,
    /// Revision of the specification.
    pub revision: String,
    /// Four letters for the maker.
    pub vendor: String,
    /// Version of the firmware.
    pub firmware: String,
}

impl TpmText {
    /// Reads the text; `None` when it names no version.
    pub(crate) fn read(record: &[u8]) -> Option<Self> {
        let owned = |name| {
            let value = part(record, name).unwrap_or_default();
            text(value).into_owned()
        };
        version(record).map(|version| Self {
            version: text(version).into_owned(),
            level: owned(b"Level:"),
            revision: owned(b"Revision:"),
            vendor: owned(b"VendorID:"),
            firmware: owned(b"Firmware:"),
        })
    }
}

/// The version of the specification in record 13.
pub(crate) fn version(record: &[u8]) -> Option<&[u8]> {
    let usual = record.strip_prefix(b"TPM-Version:").map(value);
    let version = usual.or_else(|| part(record, b"Version:"));
    version.filter(|version| !version.is_empty())
}

/// What stands behind a name.
fn part<'a>(record: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = memchr::memmem::find(record, name)?;
    Some(value(&record[at + name.len()..]))
}

/// A value: up to the next hyphen, or between quotes.
fn value(behind: &[u8]) -> &[u8] {
    let (value, end) = match behind.strip_prefix(b"'") {
        Some(quoted) => (quoted, b'\''),
        None => (behind, b'-'),
    };
    let end = memchr::memchr2(end, 0, value).unwrap_or(value.len());
    value[..end].trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_text_is_taken_apart() {
        let sample = b"TPM-Version:2.0 -Level:0-Revision:1.16-VendorID:'NTC '-Firmware:65539.65536";
        let tpm = TpmText::read(sample).unwrap();
        assert_eq!((&*tpm.version, &*tpm.level), ("2.0", "0"));
        assert_eq!((&*tpm.revision, &*tpm.vendor), ("1.16", "NTC"));
        assert_eq!(tpm.firmware, "65539.65536");
    }

    #[test]
    fn what_is_missing_stays_empty() {
        let tpm = TpmText::read(b"TPM-Version:1.2-VendorID:'A-B").unwrap();
        assert_eq!((&*tpm.version, &*tpm.vendor), ("1.2", "A-B"));
        assert_eq!((&*tpm.level, &*tpm.firmware), ("", ""));
        for nothing in [&b""[..], b"Version:", b"TPM-Version: -Level:0", b"2.0"] {
            assert_eq!(TpmText::read(nothing), None);
        }
    }
}
