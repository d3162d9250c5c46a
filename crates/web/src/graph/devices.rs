//! The calls about registered devices: `windowsAutopilotDeviceIdentities` (api.md 5.2).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use registration::api_client::ApiScope;

use super::call::Call;
use super::collection::entity;
use super::device::shown;
use super::error::GraphError;
use crate::app::App;

const ENTITY: &str = "deviceManagement/windowsAutopilotDeviceIdentities/$entity";

/// `GET …/windowsAutopilotDeviceIdentities/{id}`
pub(super) async fn one(State(app): State<Arc<App>>, call: Call) -> Result<Response, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let found = app
        .desk
        .device(&call.caller, call.customer(), call.device()?)
        .await?;
    let item = shown(call.version, &found);
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}
