//! What an object says: its properties, every one of which is text.

use registration::operation::LineFinding;
use serde_json::{Map, Value};
use service::operations::line::{GivenLine, finding};
use service::operations::report::GivenBuilt;

/// The properties of an object, and what is wrong with them.
pub(super) struct Properties {
    values: Map<String, Value>,
    pub(super) findings: Vec<LineFinding>,
}

impl Properties {
    /// Reads an object that may have these properties.
    pub(super) fn read(object: &[u8], known: &[&str]) -> Self {
        let Ok(values) = serde_json::from_slice::<Map<String, Value>>(object) else {
            let fix = "Write each line as an object: {\"customer\": \"contoso.example\", …}.";
            let malformed = finding("line_malformed", "", "This is no JSON object.", fix);
            return Self {
                values: Map::new(),
                findings: vec![malformed],
            };
        };
        let odd = values.keys().filter(|name| !known.contains(&name.as_str()));
        let unknown = |name: &String| {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
            let fix = format!("Leave it out. Known are {}.", known.join(", "));
            finding(
                "unknown_property",
                &shown,
                "There is no such property.",
                &fix,
            )
        };
        let findings = odd.take(3).map(unknown).collect();
        Self { values, findings }
    }

    /// Takes a property; empty if it is missing.
    pub(super) fn take(&mut self, name: &str) -> String {
        match self.values.remove(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text,
            Some(_) => {
                let fix = "Write it in quotes: numbers lose their zeros.";
                let odd = finding("not_text", name, "The value is no text.", fix);
                self.findings.push(odd);
                String::new()
            }
        }
    }

    /// Whether a property says anything at all.
    fn has(&self, name: &str) -> bool {
        match self.values.get(name) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        }
    }
}

/// The properties of a line.
pub(super) const LINE: [&str; 10] = [
    "customer",
    "manufacturer",
    "model",
    "serialNumber",
    "productKeyId",
    "groupTag",
    "purchaseOrder",
    "shipDate",
    "reference",
    "hardwareHash",
];

/// A line of a registration.
pub(super) fn line(object: &[u8]) -> GivenLine {
    let mut sent = Properties::read(object, &LINE);
    GivenLine {
        customer: sent.take("customer"),
        manufacturer: sent.take("manufacturer"),
        model: sent.take("model"),
        serial: sent.take("serialNumber"),
        pkid: sent.take("productKeyId"),
        group_tag: sent.take("groupTag"),
        purchase_order: sent.take("purchaseOrder"),
        ship_date: sent.take("shipDate"),
        reference: sent.take("reference"),
        has_hash: sent.has("hardwareHash"),
        findings: sent.findings,
    }
}

/// The properties of a device that was built.
pub(super) const BUILT: [&str; 5] = [
    "manufacturer",
    "model",
    "serialNumber",
    "productKeyId",
    "smbiosUuid",
];

/// A device that was built.
pub(super) fn built(object: &[u8]) -> GivenBuilt {
    let mut sent = Properties::read(object, &BUILT);
    GivenBuilt {
        manufacturer: sent.take("manufacturer"),
        model: sent.take("model"),
        serial: sent.take("serialNumber"),
        pkid: sent.take("productKeyId"),
        smbios_uuid: sent.take("smbiosUuid"),
        findings: sent.findings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_is_text_and_known() {
        let given =
            line(br#"{"customer":"a.example","serialNumber":42,"serial":"1","model":null}"#);
        let found: Vec<_> = given
            .findings
            .iter()
            .map(|known| (known.code.as_str(), known.field.as_str()))
            .collect();
        let expected = [("unknown_property", "serial"), ("not_text", "serialNumber")];
        assert_eq!(found, expected);
        assert_eq!(
            (given.customer.as_str(), given.model.as_str()),
            ("a.example", "")
        );
        for odd in ["7", "[]", "{\"a\":}", "\"x\"", "\u{1}"] {
            assert_eq!(line(odd.as_bytes()).findings[0].code, "line_malformed");
        }
        assert!(line(br#"{"hardwareHash":"T0Fs"}"#).has_hash);
        assert!(!line(br#"{"hardwareHash":" "}"#).has_hash);
    }
}
