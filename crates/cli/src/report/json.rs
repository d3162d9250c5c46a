//! Findings as one JSON document, written as they come.

use std::io::{self, Write};

use device_list::{Finding, Summary};
use serde_json::json;

use super::Report;

/// Writes `{"files":[{"file":…,"findings":[…],"summary":{…}}]}`.
pub(super) struct JsonReport<W> {
    out: W,
    files: u64,
    findings: u64,
}

impl<W: Write> JsonReport<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            files: 0,
            findings: 0,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        let before = if self.files == 0 {
            "{\"files\":[\n"
        } else {
            ",\n"
        };
        self.files += 1;
        self.findings = 0;
        self.out.write_all(before.as_bytes())
    }
}

impl<W: Write> Report for JsonReport<W> {
    fn file(&mut self, name: &str) -> io::Result<()> {
        self.begin()?;
        write!(self.out, "{{\"file\":{},\"findings\":[", json!(name))
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let before = if self.findings == 0 { "\n" } else { ",\n" };
        self.findings += 1;
        self.out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut self.out, finding).map_err(io::Error::from)
    }

    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let mut said = serde_json::to_value(summary)?;
        said["usable"] = json!(summary.is_usable());
        said["conforming"] = json!(summary.is_conforming());
        write!(self.out, "],\n\"summary\":{said}}}")
    }

    fn end(&mut self) -> io::Result<()> {
        let before = if self.files == 0 { "{\"files\":[" } else { "" };
        writeln!(self.out, "{before}]}}")?;
        self.out.flush()
    }
}
