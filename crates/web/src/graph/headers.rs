//! The headers of every answer, and the bodies of errors, which have the ids of their request
//! (api.md 5.5).

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::Fault;
use crate::app::App;
use crate::request::id_of;

/// The request's id here.
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
/// The client's id of it; comes back.
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
/// Where it was answered.
const DIAGNOSTIC: HeaderName = HeaderName::from_static("x-ms-ags-diagnostic");
const HERE: &str = r#"{"ServerInfo":{"DataCenter":"enlist","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"enlist"}}"#;
/// A year.
const TRANSPORT_SECURITY: &str = "max-age=31536000";

/// What an error says of its request.
pub(super) struct Occurrence {
    /// The request's id here.
    pub(super) request_id: String,
    /// The client's id of it, or the one here.
    pub(super) client_request_id: String,
    /// When.
    pub(super) date: String,
    /// Which call it was: its address without what stands in it.
    pub(super) url: String,
}

/// Sets the headers, and writes out what went wrong.
pub(super) async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let occurrence = Occurrence::of(&app, &request);
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        fault.write(&occurrence, &mut response);
    }
    let headers = response.headers_mut();
    for (name, text) in [
        (REQUEST_ID, &occurrence.request_id),
        (CLIENT_REQUEST_ID, &occurrence.client_request_id),
    ] {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    }
    headers.insert(DIAGNOSTIC, HeaderValue::from_static(HERE));
    if app.is_secure() {
        let value = HeaderValue::from_static(TRANSPORT_SECURITY);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

impl Occurrence {
    fn of(app: &App, request: &Request) -> Self {
        let request_id = id_of(request.extensions(), app).to_string();
        let sent = client_request_id(request.headers());
        Self {
            client_request_id: sent.unwrap_or_else(|| request_id.clone()),
            request_id,
            date: app.desk.now().to_string().trim_end_matches('Z').to_owned(),
            url: app.link(request.extensions().get().map_or("", MatchedPath::as_str)),
        }
    }
}

/// What a client calls its request, if that can be said again.
fn client_request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CLIENT_REQUEST_ID)?.to_str().ok()?.trim();
    (!text.is_empty() && text.len() <= 128).then(|| text.to_owned())
}
