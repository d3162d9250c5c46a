//! `windowsAutopilotSettings` (api.md 5.2): when the last sync was, and asking for another.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use registration::api_client::ApiScope;
use registration::sync::SyncState;
use serde_json::json;

use super::body::Body;
use super::call::Call;
use super::collection::entity;
use super::device::NEVER;
use super::error::GraphError;
use crate::app::App;

const ENTITY: &str = "deviceManagement/windowsAutopilotSettings/$entity";

fn shown(call: &Call, state: SyncState) -> Response {
    let asked = state.asked_at.map_or(NEVER.to_owned(), |at| at.to_string());
    let item = json!({
        "id": call.customer().to_string(),
        "lastSyncDateTime": if state.is_running { NEVER } else { &asked },
        "lastManualSyncTriggerDateTime": asked,
        "syncStatus": if state.is_running {
            "inProgress"
        } else if state.asked_at.is_some() {
            "completed"
        } else {
            "unknown"
        },
    });
    entity(StatusCode::OK, call.context(ENTITY), item)
}

/// `GET …/windowsAutopilotSettings`
pub(super) async fn read(State(app): State<Arc<App>>, call: Call) -> Result<Response, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    Ok(shown(&call, app.desk.sync_state(&call.caller).await?))
}

/// `PATCH …/windowsAutopilotSettings`: every property is the service's to set, so what is sent is
/// read and changes nothing.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Response, GraphError> {
    call.needs(ApiScope::ProfilesManage)?;
    body.read::<serde_json::Map<_, _>>("an object")?;
    Ok(shown(
        &call,
        app.desk.keep_sync_settings(&call.caller).await?,
    ))
}

/// `DELETE …/windowsAutopilotSettings`: there is nothing in them to take away.
pub(super) async fn reset(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<StatusCode, GraphError> {
    call.needs(ApiScope::ProfilesManage)?;
    app.desk.keep_sync_settings(&call.caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/windowsAutopilotSettings/sync`: 409 while one runs, 429 within ten minutes.
pub(super) async fn sync(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<StatusCode, GraphError> {
    call.needs(ApiScope::DevicesRegister)?;
    app.desk.ask_sync(&call.caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
