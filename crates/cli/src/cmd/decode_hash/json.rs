//! Hashes as JSON: one object, or one on each line.

use std::io::{self, Write};

use device_list::HashContents;
use device_list::hardware_hash::ManagedDesktopGap;
use serde::Serialize;

use super::output::{Decoded, Print};

pub(super) struct JsonPrint<W> {
    out: W,
    all: bool,
}

/// A hash with its place and what is to say about it.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(flatten)]
    contents: Option<&'a HashContents>,
    verdict: Verdict<'a>,
    /// Which of the fields that oa3tool calls critical are missing.
    missing_critical: Vec<&'static str>,
    /// What Managed Desktop asks for and the device does not have.
    managed_desktop_gaps: Vec<ManagedDesktopGap>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    right: bool,
    faults: &'a [String],
}

impl<W: Write> JsonPrint<W> {
    pub(super) fn new(out: W, all: bool) -> Self {
        Self { out, all }
    }
}

impl<W: Write> Print for JsonPrint<W> {
    fn one(&mut self, decoded: &Decoded) -> io::Result<()> {
        let contents = decoded.contents.as_ref().ok();
        let told = Told {
            row: decoded.place.map(|place| place.row),
            line: decoded.place.map(|place| place.line),
            error: decoded.contents.as_ref().err().map(ToString::to_string),
            contents,
            verdict: Verdict {
                right: decoded.faults.is_empty(),
                faults: &decoded.faults,
            },
            missing_critical: contents.map_or(Vec::new(), HashContents::missing_critical),
            managed_desktop_gaps: contents
                .into_iter()
                .flat_map(|contents| contents.facts.managed_desktop_gaps())
                .collect(),
        };
        if self.all {
            serde_json::to_writer(&mut self.out, &told)?;
        } else {
            serde_json::to_writer_pretty(&mut self.out, &told)?;
        }
        writeln!(self.out)
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
