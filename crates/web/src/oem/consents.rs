//! Which customers consent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use serde_json::json;

use super::body::Sent;
use super::call::Call;
use super::error::OemError;
use super::registrations::few;
use crate::app::App;

/// `POST /oem/v1/consents:check`
pub(super) async fn check(
    State(app): State<Arc<App>>,
    call: Call,
    sent: Sent,
) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRead)?;
    let text = |value: &[u8]| serde_json::from_slice::<String>(value).unwrap_or_default();
    let customers = few(sent.list("customers"), "customers", text).await?;
    let found = app.desk.check_consents(&call.caller, &customers).await?;
    let consents: Vec<_> = customers
        .iter()
        .zip(found)
        .map(|(customer, known)| match known {
            Some(known) => json!({
                "customer": customer,
                "active": true,
                "tenantId": known.id.to_string(),
                "domain": known.domain,
            }),
            None => json!({ "customer": customer, "active": false }),
        })
        .collect();
    Ok(Json(json!({ "consents": consents })).into_response())
}
