//! `POST /{version}/$batch` (api.md 5.7): up to 20 calls in one. Each goes the way of any other
//! call, in the name of whoever sent the batch, and has an answer of its own.

mod part;
mod told;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use self::part::Part;
use self::told::{failed_dependency, told, unreadable};
use super::body::{Body, Object};
use super::call::Call;
use super::error::GraphError;
use super::paths::Again;
use crate::app::App;

/// Calls of a batch at most.
pub(crate) const CALLS: usize = 20;

/// A batch; names are in lower case by then.
#[derive(Deserialize)]
struct Batch {
    requests: Vec<Object<Part>>,
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
    let parts: Vec<Part> = batch.requests.into_iter().map(|part| part.0).collect();
    let order = order(&parts)?;
    let mut answers = vec![Value::Null; parts.len()];
    for at in order {
        let part = &parts[at];
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
}
