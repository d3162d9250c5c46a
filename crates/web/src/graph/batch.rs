//! `POST /{version}/$batch` (api.md 5.7): up to 20 calls in one. Each goes the way of any other
//! call, in the name of whoever sent the batch, and has an answer of its own.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::body::{Body as Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::body::Body;
use super::call::{Call, Version};
use super::error::GraphError;
use super::paths::{Again, is_ours};
use crate::app::App;

/// Calls of a batch at most.
const CALLS: usize = 20;
/// Bytes of one answer at most: a full page of devices has a twentieth of it.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// The headers that a call in a batch may bring. Who calls is said by the batch alone.
const BROUGHT: [&str; 7] = [
    "accept",
    "accept-language",
    "client-request-id",
    "consistencylevel",
    "content-type",
    "if-match",
    "prefer",
];
/// The headers that the answer to a call in a batch has.
const TOLD: [&str; 6] = [
    "cache-control",
    "content-type",
    "location",
    "request-id",
    "retry-after",
    "www-authenticate",
];

/// A batch; names are in lower case by then.
#[derive(Deserialize)]
struct Batch {
    requests: Vec<Part>,
}

/// One call of it.
#[derive(Deserialize)]
struct Part {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(default)]
    body: Option<Value>,
    /// Calls that must have gone well before this one; one client writes `depends_on`.
    #[serde(default, rename = "dependson", alias = "depends_on")]
    depends_on: Option<Vec<String>>,
}

/// `POST /{version}/$batch`
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    call: Call,
    calls: Option<Extension<Again>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, GraphError> {
    // A call in a batch does not know the way back to the calls.
    let Some(Extension(calls)) = calls else {
        return Err(GraphError::query("A batch can't be part of a batch."));
    };
    let batch =
        body.read::<Batch>("an object with requests, a list of objects with id, method and url")?;
    let order = order(&batch.requests)?;
    let mut answers = vec![Value::Null; batch.requests.len()];
    for at in order {
        let part = &batch.requests[at];
        let failed = |id: &String| {
            let status = answers.iter().find(|answer: &&Value| answer["id"] == **id);
            status.and_then(|answer| answer["status"].as_u64()) >= Some(400)
        };
        answers[at] = if part.waits_for().any(failed) {
            failed_dependency(part)
        } else {
            match part.request(&app, call.version, &headers) {
                Ok(request) => told(part, calls.clone().part(request).await).await,
                Err(message) => unreadable(part, message),
            }
        };
    }
    Ok(Json(json!({ "responses": answers })))
}

/// In which order the calls are made, or what is wrong with the batch.
fn order(parts: &[Part]) -> Result<Vec<usize>, GraphError> {
    if parts.is_empty() || parts.len() > CALLS {
        let message = format!(
            "A batch has 1 to {CALLS} requests; this one has {}.",
            parts.len()
        );
        return Err(GraphError::query(message));
    }
    let mut places = HashMap::new();
    for (at, part) in parts.iter().enumerate() {
        part.check()?;
        if places.insert(part.id.as_str(), at).is_some() {
            return Err(GraphError::query(
                "The ids of a batch's requests must be unique.",
            ));
        }
    }
    if parts
        .iter()
        .flat_map(Part::waits_for)
        .any(|id| !places.contains_key(id.as_str()))
    {
        return Err(GraphError::query(
            "A request depends on one that is not in the batch.",
        ));
    }
    let mut order = Vec::with_capacity(parts.len());
    while order.len() < parts.len() {
        let is_done = |id: &String| order.contains(&places[id.as_str()]);
        let ready = |at: &usize| !order.contains(at) && parts[*at].waits_for().all(is_done);
        let next = (0..parts.len()).find(ready);
        order.push(next.ok_or_else(|| {
            GraphError::query("Requests of the batch depend on each other in a circle.")
        })?);
    }
    Ok(order)
}

impl Part {
    fn waits_for(&self) -> impl Iterator<Item = &String> {
        self.depends_on.iter().flatten()
    }

    fn check(&self) -> Result<(), GraphError> {
        if self.id.is_empty() || self.url.trim().is_empty() {
            return Err(GraphError::query(
                "Every request of a batch must have an id and a url.",
            ));
        }
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
        if !methods
            .iter()
            .any(|known| self.method.eq_ignore_ascii_case(known))
        {
            return Err(GraphError::query(
                "The method of a batch's request must be GET, POST, PUT, PATCH, DELETE or HEAD.",
            ));
        }
        let has_kind = self
            .headers
            .iter()
            .flatten()
            .any(|(name, _)| name == "content-type");
        if self.body.as_ref().is_some_and(|body| !body.is_null()) && !has_kind {
            return Err(GraphError::query(
                "A request of a batch that has a body must have the header Content-Type.",
            ));
        }
        Ok(())
    }

    /// The call itself, by whoever sent the batch.
    fn request(
        &self,
        app: &App,
        version: Version,
        batch: &HeaderMap,
    ) -> Result<Request, &'static str> {
        let public = app
            .public_url
            .split_once("://")
            .map_or("", |(_, host)| host);
        let host = batch.get(header::HOST).and_then(|host| host.to_str().ok());
        let hosts = [public, host.unwrap_or_default()];
        let address = address(version, &self.url, &hosts)
            .ok_or("The url of a batch's request must be relative: /deviceManagement/…")?;
        let method = Method::from_bytes(self.method.to_ascii_uppercase().as_bytes());
        let method = method.map_err(|_| "The method is none.")?;
        let bytes = match &self.body {
            None | Some(Value::Null) => Vec::new(),
            Some(body) => body.to_string().into_bytes(),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .body(Bytes::from(bytes))
            .map_err(|_| "The url of a batch's request can't be read.")?;
        let headers = request.headers_mut();
        for (name, value) in self.headers.iter().flatten() {
            let value = value
                .as_str()
                .and_then(|text| HeaderValue::from_str(text).ok());
            let name = name.parse::<HeaderName>().ok();
            let brought = name
                .filter(|name| BROUGHT.contains(&name.as_str()))
                .zip(value);
            if let Some((name, value)) = brought {
                headers.insert(name, value);
            }
        }
        if let Some(caller) = batch.get(header::AUTHORIZATION) {
            headers.insert(header::AUTHORIZATION, caller.clone());
        }
        request.extensions_mut().insert(app.desk.request_id());
        Ok(request)
    }
}

/// The address of a call in a batch: below the batch's version unless it names one itself. One
/// client library sends absolute ones, which must be at one of `hosts`. What an address must have
/// encoded and clients don't is encoded. `None` where it leads elsewhere.
fn address(version: Version, url: &str, hosts: &[&str]) -> Option<String> {
    let url = match url.trim().split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
            let (host, rest) = rest.split_once('/')?;
            let is_here = hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
            is_here.then_some(rest)?
        }
        _ => url.trim(),
    };
    let url = url.trim_start_matches('/');
    let mut written = String::with_capacity(url.len() + 8);
    if !is_ours(url.split('?').next().unwrap_or_default()) {
        written.push('/');
        written.push_str(version.as_str());
    }
    written.push('/');
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    Some(written)
}

/// The answer to a call as the batch tells it.
async fn told(part: &Part, response: Response) -> Value {
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

fn failed_dependency(part: &Part) -> Value {
    let message = "A request that this one depends on failed.";
    refused(part, 424, "FailedDependency", message)
}

fn unreadable(part: &Part, message: &str) -> Value {
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

    fn parts(value: Value) -> Vec<Part> {
        serde_json::from_value(value).expect("parts")
    }

    fn part(id: &str, after: &[&str]) -> Value {
        json!({"id": id, "method": "get", "url": "/x", "depends_on": after})
    }

    #[test]
    fn calls_come_after_those_they_depend_on() {
        let batch = parts(json!([
            part("a", &["c"]),
            part("b", &[]),
            part("c", &["b"])
        ]));
        assert_eq!(order(&batch).expect("an order"), [1, 2, 0]);
    }

    #[test]
    fn a_malformed_batch_is_refused() {
        let many: Vec<_> = (0..21).map(|n| part(&n.to_string(), &[])).collect();
        for (wrong, says) in [
            (json!([]), "1 to 20"),
            (json!(many), "1 to 20"),
            (json!([part("a", &[]), part("a", &[])]), "unique"),
            (json!([part("a", &["b"])]), "not in the batch"),
            (json!([part("a", &["b"]), part("b", &["a"])]), "circle"),
            (json!([part("a", &["a"])]), "circle"),
            (json!([part("", &[])]), "must have an id"),
            (
                json!([{"id": "a", "method": "TRACE", "url": "x"}]),
                "method",
            ),
            (
                json!([{"id": "a", "method": "POST", "url": "x", "body": {}}]),
                "Content-Type",
            ),
        ] {
            let error = order(&parts(wrong.clone())).expect_err(says);
            assert!(format!("{error:?}").contains(says), "{wrong}: {error:?}");
        }
    }

    #[test]
    fn addresses_are_relative_to_the_version() {
        let of = |url: &str| address(Version::Beta, url, &["registry.example", "127.0.0.1:80"]);
        for (url, written) in [
            (
                "/deviceManagement/x?$top=1",
                "/beta/deviceManagement/x?$top=1",
            ),
            ("deviceManagement/x", "/beta/deviceManagement/x"),
            ("/v1.0/deviceManagement/x", "/v1.0/deviceManagement/x"),
            ("BETA/x", "/BETA/x"),
            (
                "/x?$filter=contains(a,'b c\u{e9}')",
                "/beta/x?$filter=contains(a,'b%20c%C3%A9')",
            ),
            ("//customers", "/beta/customers"),
            ("/x?at=10:15", "/beta/x?at=10:15"),
            ("https://Registry.example/v1.0/x?y=1", "/v1.0/x?y=1"),
            ("http://127.0.0.1:80/beta/x", "/beta/x"),
            (
                "/x?from=http://elsewhere.example/y",
                "/beta/x?from=http://elsewhere.example/y",
            ),
        ] {
            assert_eq!(of(url).as_deref(), Some(written));
        }
        for elsewhere in [
            "https://elsewhere.example/beta/x",
            "http://127.0.0.1:81/beta/x",
            "https://registry.example",
        ] {
            assert_eq!(of(elsewhere), None, "{elsewhere}");
        }
    }

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
