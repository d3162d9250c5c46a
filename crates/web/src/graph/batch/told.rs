//! The answers to the calls of a batch, as the batch tells them.

use axum::body::to_bytes;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::part::Part;

/// Bytes of one answer at most: a full page of devices has a twentieth of it.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// The headers that the answer to a call in a batch has.
const TOLD: [&str; 6] = [
    "cache-control",
    "content-type",
    "location",
    "request-id",
    "retry-after",
    "www-authenticate",
];

/// The answer to a call as the batch tells it.
pub(super) async fn told(part: &Part, response: Response) -> Value {
    let (head, body) = response.into_parts();
    let told = |name: &&str| {
        let value = head.headers.get(*name)?.to_str().ok()?;
        Some((written_as_usual(name), json!(value)))
    };
    let headers: Map<_, _> = TOLD.iter().filter_map(told).collect();
    let mut answer = json!({
        "id": part.id,
        "status": head.status.as_u16(),
        "headers": headers,
    });
    // Every answer of this face is shorter; a longer one would be told without its body.
    let bytes = to_bytes(body, ANSWER_BYTES).await.unwrap_or_default();
    if !bytes.is_empty() {
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        let is_json = headers.get("Content-Type").is_some_and(is_json);
        let body = is_json
            .then(|| serde_json::from_slice(&bytes).ok())
            .flatten();
        answer["body"] = body.unwrap_or_else(text);
    }
    answer
}

fn is_json(kind: &Value) -> bool {
    kind.as_str()
        .is_some_and(|kind| kind.starts_with("application/json"))
}

/// A header's name with capitals: some clients look for `Retry-After` to the letter.
fn written_as_usual(name: &str) -> String {
    if name == "request-id" {
        return name.to_owned();
    }
    let word = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    let words: Vec<_> = name.split('-').map(word).collect();
    words.join("-").replace("Www", "WWW")
}

/// The answer to a call that was not made, since one that it depends on failed.
pub(super) fn failed_dependency(part: &Part) -> Value {
    let message = "A request that this one depends on failed.";
    refused(part, 424, "FailedDependency", message)
}

/// The answer to a call that can't be made as it is written.
pub(super) fn unreadable(part: &Part, message: &str) -> Value {
    refused(part, 400, "BadRequest", message)
}

fn refused(part: &Part, status: u16, code: &str, message: &str) -> Value {
    json!({
        "id": part.id,
        "status": status,
        "headers": {"Content-Type": "application/json"},
        "body": {"error": {"code": code, "message": message}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_written_as_clients_look_for_them() {
        let written = TOLD.map(written_as_usual);
        assert_eq!(
            written,
            [
                "Cache-Control",
                "Content-Type",
                "Location",
                "request-id",
                "Retry-After",
                "WWW-Authenticate"
            ]
        );
    }
}
