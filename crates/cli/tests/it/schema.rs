//! Holds a JSON document against a JSON Schema: as much of draft 2020-12 as our schemas use. A word
//! it does not know fails the test, and so does a property that the schema does not tell of.

use serde_json::{Map, Value};

/// Words that say something to people only.
const TOLD: [&str; 5] = ["$schema", "$id", "$defs", "title", "description"];

/// What does not fit, each with where it is; nothing where all is well.
pub(crate) fn differences(schema: &Value, document: &Value) -> Vec<String> {
    let mut check = Check {
        root: schema,
        wrong: Vec::new(),
    };
    check.value(schema, document, "");
    check.wrong
}

struct Check<'a> {
    root: &'a Value,
    wrong: Vec<String>,
}

impl<'a> Check<'a> {
    fn say(&mut self, at: &str, what: &str) {
        self.wrong.push(format!("{at}: {what}"));
    }

    fn value(&mut self, schema: &'a Value, value: &Value, at: &str) {
        for (word, rule) in schema.as_object().expect("a schema is an object") {
            match word.as_str() {
                "type" if !is_of_type(rule, value) => {
                    self.say(at, &format!("{value} is not {rule}"));
                }
                "const" if rule != value => self.say(at, &format!("{value} is not {rule}")),
                "enum" if !rule.as_array().unwrap().contains(value) => {
                    self.say(at, &format!("{value} is none of {rule}"));
                }
                "minimum" if value.as_i64() < rule.as_i64() && value.is_number() => {
                    self.say(at, &format!("{value} is less than {rule}"));
                }
                "pattern" => {
                    let pattern = rule.as_str().unwrap();
                    if value.as_str().is_some_and(|text| !matches(pattern, text)) {
                        self.say(at, &format!("{value} is not like {pattern}"));
                    }
                }
                "required" => self.required(rule, value, at),
                "$ref" => self.value(self.definition(rule), value, at),
                "items" => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(rule, item, &format!("{at}/{number}"));
                    }
                }
                "properties" | "additionalProperties" | "type" | "const" | "enum" | "minimum" => {}
                word if TOLD.contains(&word) => {}
                word => panic!("this checker does not know {word}"),
            }
        }
        if let Value::Object(object) = value {
            self.properties(schema, object, at);
        }
    }

    fn required(&mut self, names: &Value, value: &Value, at: &str) {
        for name in names.as_array().unwrap() {
            let name = name.as_str().unwrap();
            if value
                .as_object()
                .is_some_and(|object| !object.contains_key(name))
            {
                self.say(at, &format!("{name} is missing"));
            }
        }
    }

    /// Properties are looked at where they are told of: here, or in what is referred to.
    fn properties(&mut self, schema: &'a Value, object: &Map<String, Value>, at: &str) {
        let (own, others) = (schema.get("properties"), schema.get("additionalProperties"));
        if own.is_none() && others.is_none() {
            return;
        }
        for (name, value) in object {
            let place = format!("{at}/{name}");
            match own.and_then(|own| own.get(name)).or(others) {
                Some(rule) => self.value(rule, value, &place),
                None if self.is_told_in_reference(schema, name) => {}
                None if at.is_empty() || !self.is_part(schema) => {
                    self.say(&place, "the schema does not tell of it");
                }
                None => {}
            }
        }
    }

    fn is_told_in_reference(&self, schema: &'a Value, name: &str) -> bool {
        let Some(reference) = schema.get("$ref") else {
            return false;
        };
        self.definition(reference)["properties"].get(name).is_some()
    }

    /// Whether other definitions build on this one, so that they tell of what it leaves out.
    fn is_part(&self, schema: &Value) -> bool {
        let definitions = self.root["$defs"].as_object().into_iter().flatten();
        let builds_on = |other: &Value| {
            let reference = other.get("$ref");
            other.get("properties").is_some()
                && reference.is_some_and(|reference| self.definition(reference) == schema)
        };
        definitions.into_iter().any(|(_, other)| builds_on(other))
    }

    fn definition(&self, reference: &Value) -> &'a Value {
        let name = reference
            .as_str()
            .unwrap()
            .strip_prefix("#/$defs/")
            .unwrap();
        &self.root["$defs"][name]
    }
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "null" => value.is_null(),
        other => panic!("this checker does not know the type {other}"),
    };
    match rule {
        Value::Array(names) => names.iter().any(is),
        name => is(name),
    }
}

/// Whether a text is like `^…$`: letters, `\.`, `[0-9]`, each with `{n}` or `+` behind.
fn matches(pattern: &str, text: &str) -> bool {
    let inner = pattern
        .strip_prefix('^')
        .and_then(|rest| rest.strip_suffix('$'));
    let mut pattern = inner
        .expect("a pattern for the whole text")
        .chars()
        .peekable();
    let mut text = text.chars().peekable();
    while let Some(sign) = pattern.next() {
        let (low, high) = match sign {
            '[' => {
                let range: String = pattern.by_ref().take_while(|c| *c != ']').collect();
                let (low, high) = range.split_once('-').unwrap();
                (low.chars().next().unwrap(), high.chars().next().unwrap())
            }
            '\\' => pattern.next().map(|c| (c, c)).unwrap(),
            plain => (plain, plain),
        };
        let (least, most) = match pattern.peek() {
            Some('{') => {
                let times: String = pattern.by_ref().skip(1).take_while(|c| *c != '}').collect();
                (times.parse().unwrap(), times.parse().unwrap())
            }
            Some('+') => {
                pattern.next();
                (1, usize::MAX)
            }
            _ => (1, 1),
        };
        let mut times = 0;
        while times < most && text.next_if(|c| (low..=high).contains(c)).is_some() {
            times += 1;
        }
        if times < least {
            return false;
        }
    }
    text.next().is_none()
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": { "type": "string", "pattern": "^EN[0-9]{2}\\.x+$" },
            "b": { "type": ["integer", "null"], "minimum": 1 },
        },
    });
    let wrong = |document| differences(&schema, &document).len();
    assert_eq!(wrong(serde_json::json!({ "a": "EN07.xx", "b": 1 })), 0);
    assert_eq!(wrong(serde_json::json!({ "a": "EN07.xx", "b": null })), 0);
    assert_eq!(wrong(serde_json::json!({ "b": 1 })), 1);
    for a in ["EN7.x", "EN07x", "EN07.", "EN07.xy"] {
        assert_eq!(wrong(serde_json::json!({ "a": a })), 1, "{a}");
    }
    assert_eq!(wrong(serde_json::json!({ "a": "EN07.x", "b": 0 })), 1);
    assert_eq!(wrong(serde_json::json!({ "a": "EN07.x", "b": "1" })), 1);
    assert_eq!(wrong(serde_json::json!({ "a": "EN07.x", "c": 1 })), 1);
}
