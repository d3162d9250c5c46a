//! The headers of every answer (api.md 1.3): the client's ids come back, or new ones.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// The request's id: known again by it.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
/// Groups calls.
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
/// The correlation vector.
const VECTOR: HeaderName = HeaderName::from_static("ms-cv");
/// Which server answered.
const SERVER_ID: HeaderName = HeaderName::from_static("ms-serverid");
/// Where the page before ended.
pub(crate) const CONTINUATION: HeaderName = HeaderName::from_static("ms-continuationtoken");

/// Characters of the beginning of a correlation vector.
const VECTOR_BASE: usize = 22;

/// Sets them.
pub(crate) async fn echo(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let set = of_answer(&app, request.headers());
    let mut response = next.run(request).await;
    for (name, value) in set {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn of_answer(app: &App, headers: &HeaderMap) -> [(HeaderName, Option<HeaderValue>); 4] {
    let fresh = || app.desk.request_id().0;
    let sent = |name: &HeaderName| {
        let value = headers.get(name).cloned();
        value.filter(|value| !value.is_empty() && value.len() <= 128)
    };
    let or_id =
        |name: &HeaderName| sent(name).or_else(|| HeaderValue::from_str(&fresh().to_string()).ok());
    let vector = sent(&VECTOR).or_else(|| {
        let id = fresh().simple().to_string();
        HeaderValue::from_str(&format!("{}.0", &id[..VECTOR_BASE])).ok()
    });
    [
        (REQUEST_ID, or_id(&REQUEST_ID)),
        (CORRELATION_ID, or_id(&CORRELATION_ID)),
        (VECTOR, vector),
        (SERVER_ID, Some(HeaderValue::from_static("enlist"))),
    ]
}
