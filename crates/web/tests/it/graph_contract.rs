//! Answers of the Graph API against the published contract, `tests/graph-autopilot-openapi.json`: the
//! part of JSON Schema that it uses, and no property that it does not name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::Method;
use registration::clock::Timestamp;
use serde_json::{Map, Value};

use crate::client::Answer;

static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../graph-autopilot-openapi.json")).expect("JSON")
});

/// Asserts that an answer to this call is one that the contract has.
pub(crate) fn fits(method: &Method, path: &str, answer: &Answer) {
    let wrong = faults(method, path, answer);
    assert!(
        wrong.is_empty(),
        "{method} {path}: {wrong:#?}\n{}",
        answer.text()
    );
}

fn faults(method: &Method, path: &str, answer: &Answer) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default();
    let Some(operation) = operation(method, path) else {
        return vec!["no such operation".to_owned()];
    };
    let status = answer.status.as_u16();
    let class = format!("{}XX", status / 100);
    let responses = &operation["responses"];
    let response = [status.to_string(), class]
        .iter()
        .map(|key| &responses[key])
        .find(|response| !response.is_null());
    let Some(response) = response.map(resolved) else {
        return vec![format!("no status {status}")];
    };
    let kind = answer.headers.get("content-type");
    let kind = kind.map_or("", |kind| kind.to_str().expect("ASCII"));
    let kind = kind.split(';').next().unwrap_or_default();
    match response["content"].as_object() {
        None if answer.bytes.is_empty() => Vec::new(),
        None => vec!["a body where there is none".to_owned()],
        Some(content) => match content.get(kind) {
            None => vec![format!("the type {kind}")],
            Some(media) => {
                let value = serde_json::from_slice(&answer.bytes).expect("JSON");
                let mut wrong = Vec::new();
                check(&media["schema"], &value, "", &mut wrong);
                wrong
            }
        },
    }
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let given: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let paths = CONTRACT["paths"].as_object().expect("paths");
    let fits = |pattern: &str| {
        let words: Vec<_> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        let same = |(word, given): (&&str, &&str)| {
            word.starts_with('{') || word.eq_ignore_ascii_case(given)
        };
        words.len() == given.len() && words.iter().zip(&given).all(same)
    };
    let fitting = paths.iter().filter(|(pattern, _)| fits(pattern));
    let (_, item) = fitting.min_by_key(|(pattern, _)| pattern.matches('{').count())?;
    let operation = &item[method.as_str().to_lowercase()];
    (!operation.is_null()).then_some(operation)
}

fn resolved(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(place) => {
            let found = CONTRACT.pointer(place.trim_start_matches('#'));
            resolved(found.unwrap_or_else(|| panic!("{place} is not there")))
        }
        None => schema,
    }
}

fn check(schema: &'static Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let schema = resolved(schema);
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = |choice: &'static Value| {
            let mut wrong = Vec::new();
            check(choice, value, at, &mut wrong);
            // An object without properties stands for null there.
            wrong.is_empty() && (value.is_null() || !is_empty_object(choice))
        };
        if !choices.iter().any(fits) {
            wrong.push(format!("{at}: none of the choices fits"));
        }
        return;
    }
    match value {
        Value::Object(object) if is_object(schema) => check_object(schema, object, at, wrong),
        Value::Null => {
            if !schema["nullable"].as_bool().unwrap_or(false) && !is_anything(schema) {
                wrong.push(format!("{at}: null"));
            }
        }
        _ if is_object(schema) => wrong.push(format!("{at}: no object")),
        value => check_scalar(schema, value, at, wrong),
    }
}

fn is_object(schema: &Value) -> bool {
    schema["type"] == "object" || schema["allOf"].is_array()
}

fn is_empty_object(schema: &Value) -> bool {
    schema["type"] == "object" && schema["properties"].is_null()
}

fn is_anything(schema: &Value) -> bool {
    schema.as_object().is_some_and(Map::is_empty)
}

fn check_object(
    schema: &'static Value,
    object: &Map<String, Value>,
    at: &str,
    wrong: &mut Vec<String>,
) {
    let derived = object.get("@odata.type").and_then(Value::as_str);
    let derived = derived.and_then(|name| schema["x-odata-derived-types"][name].as_str());
    if let Some(place) = derived {
        let found = CONTRACT.pointer(place.trim_start_matches('#'));
        return check_object(resolved(found.expect("a type")), object, at, wrong);
    }
    let mut known = BTreeMap::new();
    collect(schema, &mut known);
    let any = schema
        .get("additionalProperties")
        .filter(|any| any.is_object());
    for (name, value) in object {
        let place = format!("{at}/{name}");
        match known.get(name.as_str()).copied().or(any) {
            Some(property) => check(property, value, &place, wrong),
            None if name.contains("@odata.") => {}
            None => wrong.push(format!("{place}: no such property")),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if !object.contains_key(name.as_str().expect("a name")) {
            wrong.push(format!("{at}: {name} is missing"));
        }
    }
}

/// The properties of a schema and of those it is made of.
fn collect(schema: &'static Value, known: &mut BTreeMap<&'static str, &'static Value>) {
    let schema = resolved(schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect(part, known);
    }
    let own = schema["properties"].as_object().into_iter().flatten();
    known.extend(own.map(|(name, property)| (name.as_str(), property)));
}

fn check_scalar(schema: &'static Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let fits = match (schema["type"].as_str(), value) {
        (None, _) | (Some("boolean"), Value::Bool(_)) | (Some("number"), Value::Number(_)) => true,
        (Some("string"), Value::String(text)) => fits_format(schema, text),
        (Some("integer"), Value::Number(number)) => number.is_i64() || number.is_u64(),
        (Some("array"), Value::Array(items)) => {
            for (n, item) in items.iter().enumerate() {
                check(&schema["items"], item, &format!("{at}/{n}"), wrong);
            }
            true
        }
        _ => false,
    };
    let words = schema["enum"].as_array();
    if !fits || words.is_some_and(|words| !words.contains(value)) {
        wrong.push(format!("{at}: {value}"));
    }
}

fn fits_format(schema: &Value, text: &str) -> bool {
    match schema["format"].as_str() {
        Some("date-time") => Timestamp::of_moment(text).is_some(),
        Some("byte") => text.len().is_multiple_of(4) && !text.contains(char::is_whitespace),
        Some("duration") => text.starts_with('P'),
        _ => true,
    }
}

#[test]
fn what_does_not_fit_is_found() {
    let device = "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities/7";
    let wrong = |body: &str| {
        let answer = Answer {
            status: axum::http::StatusCode::OK,
            headers: [(
                axum::http::header::CONTENT_TYPE,
                "application/json".parse().expect("a type"),
            )]
            .into_iter()
            .collect(),
            bytes: body.as_bytes().to_vec(),
        };
        faults(&Method::GET, device, &answer)
    };
    assert!(wrong(r#"{"id":"7","groupTag":null,"enrollmentState":"enrolled"}"#).is_empty());
    for body in [
        r#"{"id":null}"#,
        r#"{"enrollmentState":"blocked"}"#,
        r#"{"deviceFriendlyName":"only in beta"}"#,
        r#"{"lastContactedDateTime":"never"}"#,
        r#"{"groupTag":7}"#,
        "[]",
    ] {
        assert_eq!(wrong(body).len(), 1, "{body}");
    }
}
