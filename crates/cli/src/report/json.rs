//! Findings as one JSON document, written as they come: docs/schema/check-report.schema.json.

use std::collections::BTreeSet;
use std::io::{self, Write};

use device_list::{Code, Finding};
use serde::Serialize;
use serde_json::{Value, json};

use super::about::{About, Dds};
use super::json_text::write_json;
use super::tally::{Checked, Total};
use super::{Report, Settings, page_of};

/// The version of the document's form: the first number changes where a reader has to.
const VERSION: &str = "1.0";

/// Writes `{…,"files":[{"file":…,"findings":[…],"summary":{…}}],"total":{…},"codes":{…}}`.
pub(super) struct JsonReport<W> {
    out: W,
    settings: Settings,
    begun: bool,
    files: u64,
    findings: u64,
    codes: BTreeSet<Code>,
}

/// A finding with the short part of what its code says.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    title: &'static str,
    dds: Option<Dds>,
    help: String,
}

impl<W: Write> JsonReport<W> {
    pub(super) fn new(out: W, settings: Settings) -> Self {
        Self {
            out,
            settings,
            begun: false,
            files: 0,
            findings: 0,
            codes: BTreeSet::new(),
        }
    }

    fn head(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let tool = json!({ "name": "enlist", "version": env!("CARGO_PKG_VERSION") });
        let at = self.settings.at.to_string();
        let against = json!({ "for": self.settings.way, "row_limit": self.settings.row_limit });
        write!(
            self.out,
            "{{\"schema_version\":\"{VERSION}\",\"tool\":{tool},\"checked_at\":\"{at}\",\
             \"against\":{against},\n\"files\":["
        )
    }

    /// What there is to say once about each code that came up.
    fn codes(&mut self) -> io::Result<()> {
        self.out.write_all(b"\"codes\":{")?;
        for (at, code) in std::mem::take(&mut self.codes).into_iter().enumerate() {
            let before = if at == 0 { "\n" } else { ",\n" };
            write!(self.out, "{before}\"{code}\":")?;
            write_json(&mut self.out, &About::of(code))?;
        }
        self.out.write_all(b"}")
    }
}

impl<W: Write> Report for JsonReport<W> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        self.head()?;
        let before = if self.files == 0 { "\n" } else { ",\n" };
        self.files += 1;
        self.findings = 0;
        write!(self.out, "{before}{{\"file\":")?;
        write_json(&mut self.out, &name)?;
        self.out.write_all(b",\"findings\":[")
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let before = if self.findings == 0 { "\n" } else { ",\n" };
        self.findings += 1;
        self.codes.insert(finding.code);
        self.out.write_all(before.as_bytes())?;
        let told = Told {
            finding,
            title: finding.code.title(),
            dds: Dds::of(finding.code),
            help: page_of(finding.code),
        };
        write_json(&mut self.out, &told)
    }

    fn checked(&mut self, checked: &Checked) -> io::Result<()> {
        let summary = summary(checked)?;
        write!(self.out, "],\n\"summary\":{summary}}}")
    }

    fn end(&mut self, total: &Total) -> io::Result<()> {
        self.head()?;
        let total = serde_json::to_value(total)?;
        write!(self.out, "],\n\"total\":{total},\n")?;
        self.codes()?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// What the check says, and what was counted beside it: where both count the same, across lists.
fn summary(checked: &Checked) -> io::Result<Value> {
    let mut said = serde_json::to_value(checked.summary)?;
    said["usable"] = json!(checked.summary.is_usable());
    said["conforming"] = json!(checked.summary.is_conforming());
    if let Value::Object(counts) = serde_json::to_value(checked.counts)? {
        for (name, count) in counts {
            said[name] = count;
        }
    }
    Ok(said)
}
