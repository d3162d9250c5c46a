//! Which customers consent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use serde_json::json;
use service::operations::line::finding;

use super::body::Sent;
use super::call::Call;
use super::error::OemError;
use super::registrations::few;
use super::results;
use crate::app::App;

/// `POST /oem/v1/consents:check`
pub(super) async fn check(
    State(app): State<Arc<App>>,
    call: Call,
    sent: Sent,
) -> Result<Response, OemError> {
    call.needs(ApiScope::DevicesRead, &[])?;
    let text = |value: &[u8]| serde_json::from_slice::<String>(value).ok();
    let mut sent = sent.list("customers");
    let customers = few(&mut sent, "customers", text).await?;
    sent.beside(None)?;
    let not_text = (0..).zip(&customers).filter(|(_, one)| one.is_none());
    let wrong = not_text.map(|(n, _): (usize, _)| {
        let fix = "Write a tenant id or a domain, in quotes.";
        let found = finding("not_text", "", "This is no text.", fix);
        results::findings(&app, &format!("/customers/{n}"), &[found])
    });
    let wrong: Vec<_> = wrong.flatten().collect();
    if !wrong.is_empty() {
        return Err(OemError::invalid(wrong));
    }
    let customers: Vec<_> = customers.into_iter().flatten().collect();
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
