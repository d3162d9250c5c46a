//! `windowsAutopilotSettings` (api.md 5.2): when the last sync was, and asking for another.

use axum::http::StatusCode;
use axum::response::Response;
use registration::sync::SyncState;
use serde_json::json;

use super::body::Body;
use super::call::{Call, ManagesProfiles, Reads, Registers};
use super::collection::entity;
use super::device::NEVER;
use super::error::GraphError;

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
pub(super) async fn read(Reads(call): Reads) -> Result<Response, GraphError> {
    Ok(shown(&call, call.desk().sync_state(&call.caller).await?))
}

/// `PATCH …/windowsAutopilotSettings`: every property is the service's to set, so what is sent is
/// read and changes nothing.
pub(super) async fn change(
    ManagesProfiles(call): ManagesProfiles,
    body: Body,
) -> Result<Response, GraphError> {
    body.read::<serde_json::Map<_, _>>("an object")?;
    Ok(shown(
        &call,
        call.desk().keep_sync_settings(&call.caller).await?,
    ))
}

/// `DELETE …/windowsAutopilotSettings`: there is nothing in them to take away.
pub(super) async fn reset(
    ManagesProfiles(call): ManagesProfiles,
) -> Result<StatusCode, GraphError> {
    call.desk().keep_sync_settings(&call.caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/windowsAutopilotSettings/sync`: 409 while one runs, 429 within ten minutes.
pub(super) async fn sync(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    call.desk().ask_sync(&call.caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
