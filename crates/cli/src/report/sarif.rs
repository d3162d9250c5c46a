//! Findings as SARIF 2.1.0, the form that code-scanning tools read.

use std::fmt::Write as _;
use std::io::{self, Write};

use device_list::{Code, Column, Finding, Severity, Summary};
use serde_json::{Value, json};

use super::Report;

/// Writes one run; its results come as they are found.
pub(super) struct SarifReport<W> {
    out: W,
    uri: String,
    begun: bool,
    results: u64,
}

impl<W: Write> SarifReport<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            uri: String::new(),
            begun: false,
            results: 0,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let schema = "https://json.schemastore.org/sarif-2.1.0.json";
        let tool = json!({ "driver": {
            "name": "enlist",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": Code::all().map(rule).collect::<Vec<_>>(),
        }});
        write!(
            self.out,
            "{{\"$schema\":\"{schema}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{tool},\n\"results\":["
        )
    }
}

impl<W: Write> Report for SarifReport<W> {
    fn file(&mut self, name: &str) -> io::Result<()> {
        self.uri = uri(name);
        self.begin()
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let before = if self.results == 0 { "\n" } else { ",\n" };
        self.results += 1;
        write!(self.out, "{before}{}", result(finding, &self.uri))
    }

    fn summary(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.begin()?;
        writeln!(self.out, "]}}]}}")?;
        self.out.flush()
    }
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": code.why() },
        "help": { "text": code.fix_hint() },
        "defaultConfiguration": { "level": code.severity().as_str() },
    })
}

/// SARIF's columns count characters and ours count fields, so the field goes into the properties.
/// A corrected hash stays out: such reports are kept on other people's servers.
fn result(finding: &Finding, uri: &str) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri } });
    if finding.line > 0 {
        place["region"] = json!({ "startLine": finding.line });
    }
    let corrected = finding
        .corrected
        .as_deref()
        .filter(|_| finding.field != Some(Column::Hash));
    json!({
        "ruleId": finding.code.as_str(),
        "level": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": { "text": format!("{} {}", finding.cause, finding.fix) },
        "locations": [{ "physicalLocation": place }],
        "properties": {
            "column": finding.column,
            "field": finding.field.map(Column::name),
            "row": finding.row,
            "found": finding.found,
            "corrected": corrected,
            "certain": finding.certain,
        },
    })
}

/// A file's name as a relative URI reference.
fn uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn names_become_uris() {
        assert_eq!(uri("lists/May 2026.csv"), "lists/May%202026.csv");
        assert_eq!(uri("Müller.csv"), "M%C3%BCller.csv");
    }
}
