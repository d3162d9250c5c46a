//! `organization`: the caller's own. Scripts that turn a profile into its file ask for it
//! (api.md 5.4).

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::call::{Call, Reads};
use super::collection::{Collection, entity};
use super::error::GraphError;
use super::odata::Query;

fn shown(call: &Call) -> Value {
    let own = &call.caller.organization;
    json!({
        "id": own.id.to_string(),
        "displayName": own.name,
        "verifiedDomains": [{
            "capabilities": "Email",
            "isDefault": true,
            "isInitial": true,
            "name": own.domain,
            "type": "Managed",
        }],
    })
}

fn asked(call: &Call) -> Result<Query, GraphError> {
    call.loose_options()
}

/// `GET /{version}/organization`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let query = asked(&call)?;
    let found = query.answer(vec![shown(&call)])?;
    Ok(Collection::of(&call, "organization", found))
}

/// `GET /{version}/organization/{id}`
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = asked(&call)?;
    if call.id("id")? != call.customer().0 {
        return Err(GraphError::not_found());
    }
    let item = query.pick(shown(&call));
    Ok(entity(
        StatusCode::OK,
        call.context("organization/$entity"),
        item,
    ))
}
