//! Hashes in the three forms of `enlist decode-hash`, written as they come.

use std::io::{self, Write};

use device_list::{HashContents, HashError};

use super::{Format, json, table, xml};

/// Where in a list a hash stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) row: u32,
    pub(super) line: u64,
}

/// A hash that was read, or not.
pub(super) struct Decoded {
    /// Where it stands, when it comes from a list.
    pub(super) place: Option<Place>,
    pub(super) contents: Result<HashContents, HashError>,
    /// What is wrong with it, see [`HashContents::faults`].
    pub(super) faults: Vec<String>,
}

impl Decoded {
    pub(super) fn new(place: Option<Place>, contents: Result<HashContents, HashError>) -> Self {
        let faults = match &contents {
            Ok(contents) => contents.faults(),
            Err(error) => vec![error.to_string()],
        };
        Self {
            place,
            contents,
            faults,
        }
    }
}

/// Writes hashes, one after another.
pub(super) trait Print {
    /// The next hash.
    fn one(&mut self, decoded: &Decoded) -> io::Result<()>;
    /// There are no more.
    fn end(&mut self) -> io::Result<()>;
}

/// Writes in this form; `all` where there can be several, `verify` to say whether they are right.
pub(super) fn to<'a>(
    out: impl Write + 'a,
    format: Format,
    all: bool,
    verify: bool,
) -> Box<dyn Print + 'a> {
    match format {
        Format::Table => Box::new(table::TablePrint::new(out, verify)),
        Format::Json => Box::new(json::JsonPrint::new(out, all)),
        Format::Xml => Box::new(xml::XmlPrint::new(out, all, verify)),
    }
}

/// The verdict in words.
pub(super) fn verdict(decoded: &Decoded) -> String {
    if decoded.faults.is_empty() {
        return "Right: the checksum is whole and fits, the records add up, serial number and \
                manufacturer are there."
            .to_owned();
    }
    format!("Not right: {}.", decoded.faults.join("; "))
}

/// What Microsoft's tool would miss, in words; nothing where it misses nothing.
pub(super) fn missing(contents: &HashContents) -> Option<String> {
    let missing = contents.missing_critical();
    (!missing.is_empty()).then(|| {
        format!(
            "For your information: oa3tool /ValidateHwHash would miss {}.",
            missing.join(", ")
        )
    })
}
