//! Devices that the OEM built, for the device directory.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use serde_json::json;

use super::body::Sent;
use super::call::Call;
use super::error::OemError;
use super::object;
use super::registrations::few;
use super::results;
use crate::app::App;

/// `POST /oem/v1/directory/devices`
pub(super) async fn report(
    State(app): State<Arc<App>>,
    call: Call,
    sent: Sent,
) -> Result<Response, OemError> {
    call.needs(ApiScope::DirectoryReport, &[])?;
    let mut sent = sent.list("devices");
    let devices = few(&mut sent, "devices", object::built).await?;
    sent.beside(None)?;
    let reported = app.desk.report_built(&call.caller, devices).await?;
    let shown = |(n, one): (u64, Result<_, Vec<_>>)| match one {
        Ok(reported) => json!({ "line": n + 1, "outcome": reported }),
        Err(found) => {
            let errors = results::findings(&app, &format!("/devices/{n}"), &found);
            json!({ "line": n + 1, "outcome": "invalid", "errors": errors })
        }
    };
    let results: Vec<_> = (0..).zip(reported).map(shown).collect();
    Ok(Json(json!({ "results": results })).into_response())
}
