//! Holds a filter against an item as it is shown.

use std::cmp::Ordering;

use registration::clock::Timestamp;
use serde_json::Value;

use super::filter::{Comparison, Filter, PropertyPath, TextTest};
use super::literal::{Literal, folded};

impl Filter {
    /// Whether the filter lets this item through. What an item does not have is null there.
    pub fn matches(&self, item: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(item)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(item)),
            Self::Not(part) => !part.matches(item),
            Self::Compare(path, comparison, literal) => {
                compares(path.of_item(item), *comparison, literal)
            }
            Self::In(path, literals) => {
                let value = path.of_item(item);
                literals
                    .iter()
                    .any(|literal| compares(value, Comparison::Equal, literal))
            }
            Self::Test(kind, path, text) => match path.of_item(item) {
                Value::String(own) => {
                    let (own, text) = (folded(own), text.folded());
                    match kind {
                        TextTest::Contains => own.contains(text),
                        TextTest::StartsWith => own.starts_with(text),
                        TextTest::EndsWith => own.ends_with(text),
                    }
                }
                _ => false,
            },
        }
    }
}

impl PropertyPath {
    /// The value there.
    pub(super) fn of_item<'a>(&self, item: &'a Value) -> &'a Value {
        let inner = |value: &'a Value, name: &String| property(value, name);
        self.names().iter().fold(item, inner)
    }
}

/// A property of an object by its name in any case.
fn property<'a>(value: &'a Value, name: &str) -> &'a Value {
    let Value::Object(fields) = value else {
        return &Value::Null;
    };
    let exact = fields.get(name);
    let named = || {
        let found = fields
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    };
    exact.or_else(named).unwrap_or(&Value::Null)
}

fn compares(value: &Value, comparison: Comparison, literal: &Literal) -> bool {
    let order = order(value, literal);
    match comparison {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::NotEqual => order != Some(Ordering::Equal),
        // Nothing is greater or less than null.
        _ if value.is_null() => false,
        Comparison::Greater => order.is_some_and(Ordering::is_gt),
        Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        Comparison::Less => order.is_some_and(Ordering::is_lt),
        Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
    }
}

/// How a value stands to a literal; none where they can't be compared.
fn order(value: &Value, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (Value::Null, Literal::Null) => Some(Ordering::Equal),
        (Value::Bool(own), Literal::Flag(flag)) => Some(own.cmp(flag)),
        (Value::Number(own), Literal::Number(number)) => own.as_f64()?.partial_cmp(number),
        (Value::String(own), Literal::Text(text)) => Some(folded(own).as_str().cmp(text.folded())),
        (Value::String(own), Literal::Moment(at)) => Some(Timestamp::of_moment(own)?.cmp(at)),
        // A number may be the name of something that is a text.
        (Value::String(own), Literal::Number(number)) => {
            own.parse::<f64>().ok()?.partial_cmp(number)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lets_through(text: &str) -> bool {
        let item = json!({
            "serialNumber": "PF-0042a",
            "groupTag": "O'Neill Élan",
            "model": null,
            "count": 7,
            "enabled": true,
            "lastContactedDateTime": "2026-11-22T10:15:00Z",
            "state": {"deviceImportStatus": "complete", "deviceErrorCode": 0},
        });
        Filter::parse(text).expect(text).matches(&item)
    }

    #[test]
    fn a_filter_lets_through_what_it_says() {
        for yes in [
            "contains(serialNumber,'0042A')",
            "startswith(serialnumber,'pf-')",
            "endswith(serialNumber,'2A')",
            "contains(serialNumber,'')",
            "serialNumber eq 'pf-0042A'",
            "serialNumber ne 'x'",
            "groupTag eq 'o''neill éLAN'",
            "serialNumber in ('x', 'PF-0042A')",
            "state/deviceImportStatus eq 'complete'",
            "state/deviceErrorCode eq 0 and count gt 6 and count le 7",
            "model eq null and nothing eq null",
            "model ne 'x'",
            "enabled eq true",
            "lastContactedDateTime ge 2026-11-22T10:15:00Z",
            "lastContactedDateTime lt 2026-11-23",
            "not (serialNumber eq 'x') and not contains(serialNumber,'zz')",
            "serialNumber eq 'x' or count eq 7",
        ] {
            assert!(lets_through(yes), "{yes}");
        }
        for no in [
            "serialNumber eq null",
            "model lt 'x'",
            "model ge null",
            "contains(model,'x')",
            "count eq '7'",
            "contains(count,'7')",
            "serialNumber eq 'x' or count eq 8",
            "state eq 'complete'",
            "lastContactedDateTime gt 2026-11-22T10:15:00Z",
        ] {
            assert!(!lets_through(no), "{no}");
        }
    }
}
