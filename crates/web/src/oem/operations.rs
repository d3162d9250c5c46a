//! Operations: where they stand, what became of their lines, cancelling and voiding them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use registration::api_client::ApiScope;
use registration::ids::OperationId;
use serde_json::json;
use service::DeskError;

use super::body;
use super::call::Call;
use super::error::OemError;
use super::incoming::Incoming;
use super::results::{self, shown};
use crate::app::App;

/// Operations on a page.
const PAGE: usize = 50;
/// Results in one answer.
pub(crate) const RESULTS: usize = 10_000;

fn id(text: &str) -> Result<OperationId, OemError> {
    text.parse().map_err(|_| DeskError::NotFound.into())
}

/// `GET /oem/v1/operations`
pub(super) async fn list(State(app): State<Arc<App>>, call: Call) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRead, &["limit", "before"])?;
    let (before, limit) = (call.before()?, call.limit(PAGE, 1000)?);
    let page = app.desk.operations(&call.caller, before, limit).await?;
    let operations: Vec<_> = page.items.iter().map(results::operation).collect();
    let next = page.next.map(|id| id.to_string());
    Ok(Json(json!({ "operations": operations, "next": next })).into_response())
}

/// `GET /oem/v1/operations/{operation}`
pub(super) async fn one(State(app): State<Arc<App>>, call: Call) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRead, &[])?;
    let operation = app.desk.operation(&call.caller, id(&call.place)?).await?;
    Ok(Json(results::operation(&operation)).into_response())
}

/// `GET /oem/v1/operations/{operation}/results`: as far as they are known, in order.
pub(super) async fn results(State(app): State<Arc<App>>, call: Call) -> Result<Response, OemError> {
    call.needs(
        ApiScope::DevicesRead,
        &["after", "offset", "failed", "limit"],
    )?;
    let id = id(&call.place)?;
    let after = after(&call)?;
    let failed = call.flag("failed")?.unwrap_or(false);
    let limit = call.limit(RESULTS, RESULTS)?;
    let operation = app.desk.operation(&call.caller, id).await?;
    let lines = app
        .desk
        .operation_lines(&call.caller, id, failed, after, limit)
        .await?;
    let is_full = lines.len() == limit;
    let mut last = after;
    let mut body = Vec::new();
    // Lines get their results in order: behind the first that waits all wait.
    for line in lines {
        let number = line.line.number;
        let Some(shown) = shown(&app, &operation, line) else {
            break;
        };
        serde_json::to_writer(&mut body, &shown)
            .map_err(|error| DeskError::Internal(error.into()))?;
        body.push(b'\n');
        last = number;
    }
    let mut response = Body::from(body).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/x-ndjson");
    headers.insert(header::CONTENT_TYPE, kind);
    if is_full && last > after {
        let filter = if failed { "&failed=true" } else { "" };
        let place = format!("/oem/v1/operations/{id}/results?after={last}&limit={limit}{filter}");
        if let Ok(link) = HeaderValue::from_str(&format!("<{place}>; rel=\"next\"")) {
            headers.insert(header::LINK, link);
        }
    }
    Ok(response)
}

/// The line after which results begin. Lines count from 1, so it is also how many are left out.
fn after(call: &Call) -> Result<u64, OemError> {
    match (call.number("after")?, call.number("offset")?) {
        (Some(_), Some(_)) => {
            let detail = "Give after or offset, not both: they say the same.";
            Err(OemError::parameter("offset", detail))
        }
        (after, offset) => Ok(after.or(offset).unwrap_or(0)),
    }
}

/// `POST /oem/v1/operations/{operation}:cancel` and `…:void`
pub(super) async fn act(
    State(app): State<Arc<App>>,
    call: Call,
    Extension(incoming): Extension<Incoming>,
) -> Result<Response, OemError> {
    let parameters: &[_] = if call.place.ends_with(":void") {
        &["preview"]
    } else {
        &[]
    };
    call.needs(ApiScope::DevicesRegister, parameters)?;
    body::none(&incoming).await?;
    let (desk, caller) = (&app.desk, &call.caller);
    match call.place.split_once(':') {
        Some((place, "cancel")) => {
            let operation = desk.cancel_operation(caller, id(place)?).await?;
            Ok(Json(results::operation(&operation)).into_response())
        }
        Some((place, "void")) if call.flag("preview")? == Some(true) => {
            let found = desk.would_release(caller, id(place)?).await?;
            let all: u64 = found.iter().map(|one| one.devices).sum();
            let customers: Vec<_> = found
                .iter()
                .map(|one| json!({"customer": one.customer_id.to_string(), "devices": one.devices}))
                .collect();
            Ok(Json(json!({ "wouldRelease": all, "customers": customers })).into_response())
        }
        Some((place, "void")) => {
            let operation = desk.void_operation(caller, id(place)?).await?;
            let answer = Json(results::operation(&operation));
            Ok((StatusCode::ACCEPTED, answer).into_response())
        }
        _ => Err(OemError::no_such_call()),
    }
}
