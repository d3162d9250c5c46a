//! Findings as SARIF 2.1.0, the form that code-scanning tools read.

use std::fmt::Write as _;
use std::io::{self, Write};

use device_list::{Code, Column, Finding, Severity};
use serde_json::{Value, json};

use super::json_text::write_json;
use super::tally::{Checked, Total};
use super::{Report, address_of, original_code};

/// Writes one run; its results come as they are found.
pub(super) struct SarifReport<W> {
    out: W,
    /// The lists, as SARIF calls them.
    artifacts: Vec<Value>,
    uri: String,
    begun: bool,
    results: u64,
}

impl<W: Write> SarifReport<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            artifacts: Vec::new(),
            uri: String::new(),
            begun: false,
            results: 0,
        }
    }

    fn head(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let schema = "https://json.schemastore.org/sarif-2.1.0.json";
        let tool = json!({ "driver": {
            "name": "enlist",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": Code::all().map(rule).collect::<Vec<_>>(),
        }});
        write!(
            self.out,
            "{{\"$schema\":\"{schema}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{tool},\n\
             \"columnKind\":\"unicodeCodePoints\",\n\"results\":["
        )
    }

    /// Which of the artifacts is the list in hand.
    fn artifact(&self) -> Value {
        json!({ "uri": self.uri, "index": self.artifacts.len().saturating_sub(1) })
    }
}

impl<W: Write> Report for SarifReport<W> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        self.uri = uri(name);
        self.artifacts
            .push(json!({ "location": { "uri": self.uri }, "roles": ["analysisTarget"] }));
        self.head()
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let before = if self.results == 0 { "\n" } else { ",\n" };
        self.results += 1;
        self.out.write_all(before.as_bytes())?;
        let result = result(finding, &self.artifact());
        write_json(&mut self.out, &result)
    }

    fn checked(&mut self, _: &Checked) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _: &Total) -> io::Result<()> {
        self.head()?;
        let artifacts = json!(self.artifacts);
        writeln!(self.out, "],\n\"artifacts\":{artifacts}}}]}}")?;
        self.out.flush()
    }
}

fn rule(code: Code) -> Value {
    let mut help = format!("{} {}", code.why(), code.fix_hint());
    if let Some(accept) = code.accepting() {
        // Writing to a string can't fail.
        let _ = write!(help, " With --accept {code}: {accept}");
    }
    let mut rule = json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": code.why() },
        "help": { "text": help },
        "defaultConfiguration": { "level": code.severity().as_str() },
        "properties": { "group": code.group(), "dds": original_code(code) },
    });
    if let Some(address) = address_of(code) {
        rule["helpUri"] = json!(address);
    }
    rule
}

/// SARIF's columns count characters and ours count fields, so the region is the whole line, and the
/// field goes into the properties. A region may not tell a line and some of its bytes together (SARIF
/// 3.30.4).
fn result(finding: &Finding, artifact: &Value) -> Value {
    let mut place = json!({ "artifactLocation": artifact });
    if finding.line > 0 {
        place["region"] = json!({ "startLine": finding.line });
    }
    let mut result = json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": Code::all().position(|code| code == finding.code),
        "level": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": { "text": format!("{} {}", finding.cause, finding.fix) },
        "locations": [{ "physicalLocation": place }],
        "properties": {
            "byte": finding.byte,
            "length": finding.length,
            "column": finding.column,
            "field": finding.field.map(Column::name),
            "row": finding.row,
            "found": finding.found,
            "corrected": corrected(finding),
            "certain": finding.certain,
            "excerpt": finding.excerpt.as_ref().map(|excerpt| &excerpt.text),
        },
    });
    if let Some(fix) = fix(finding, artifact) {
        result["fixes"] = json!([fix]);
    }
    result
}

/// A corrected hash stays out: such reports are kept on other people's servers.
fn corrected(finding: &Finding) -> Option<&str> {
    let corrected = finding.corrected.as_deref();
    corrected.filter(|_| finding.field != Some(Column::Hash))
}

/// What a tool may put in the field's place: certain values only.
fn fix(finding: &Finding, artifact: &Value) -> Option<Value> {
    let corrected = corrected(finding).filter(|_| finding.certain)?;
    let field = json!({ "byteOffset": finding.byte?, "byteLength": finding.length? });
    Some(json!({
        "description": { "text": finding.fix },
        "artifactChanges": [{
            "artifactLocation": artifact,
            "replacements": [{
                "deletedRegion": field,
                "insertedContent": { "text": corrected },
            }],
        }],
    }))
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
        assert_eq!(uri("lists\\a\u{1b}.csv"), "lists/a%1B.csv");
    }
}
