//! What an object says: its properties, every one of which is text.

use std::fmt;

use registration::operation::LineFinding;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use service::operations::line::{GivenLine, finding};
use service::operations::report::GivenBuilt;

/// What an object says, with the first name that stands in it twice.
#[derive(Default)]
struct Once {
    values: Map<String, Value>,
    twice: Option<String>,
}

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OnceVisitor)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Once;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
        let mut read = Once::default();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if read.values.contains_key(&name) {
                read.twice.get_or_insert(name);
            } else {
                read.values.insert(name, value);
            }
        }
        Ok(read)
    }
}

/// The properties of an object, and what is wrong with them.
pub(super) struct Properties {
    values: Map<String, Value>,
    pub(super) findings: Vec<LineFinding>,
}

impl Properties {
    /// Reads an object that may have these properties, such as this one.
    pub(super) fn read(object: &[u8], known: &[&str], example: &str) -> Self {
        let Ok(Once { values, twice }) = serde_json::from_slice(object) else {
            let fix = format!("Write each as an object, such as {example}.");
            let malformed = finding("line_malformed", "", "This is no JSON object.", &fix);
            return Self {
                values: Map::new(),
                findings: vec![malformed],
            };
        };
        let odd = values.keys().filter(|name| !known.contains(&name.as_str()));
        let taken: Vec<_> = known.iter().copied().filter(|name| *name != HASH).collect();
        let unknown = |name: &String| {
            let fix = format!("Leave it out. Known are {}.", taken.join(", "));
            let cause = "There is no such property.";
            finding("unknown_property", &shown(name), cause, &fix)
        };
        let mut findings: Vec<_> = odd.take(3).map(unknown).collect();
        findings.extend(twice.map(|name| {
            let cause = "This property is there more than once.";
            finding("given_twice", &shown(&name), cause, "Leave one of them.")
        }));
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

/// A name as it can be told again.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// Known, so that it can be refused: it is not among what is taken.
const HASH: &str = "hardwareHash";

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
    HASH,
];

/// A line of a registration.
pub(super) fn line(object: &[u8]) -> GivenLine {
    let mut sent = Properties::read(object, &LINE, r#"{"customer": "contoso.example", …}"#);
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
        has_hash: sent.has(HASH),
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
    let example = r#"{"manufacturer": "Contoso", "model": "Book 13", "serialNumber": "0042"}"#;
    let mut sent = Properties::read(object, &BUILT, example);
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
