//! `autopilotEvents`: how devices were set up, which a registry does not see. Those who look find an
//! empty list.

use axum::response::Response;
use registration::api_client::ApiScope;

use super::call::Call;
use super::collection::Collection;
use super::error::GraphError;
use super::listed::{collection, number};
use super::odata::Query;

/// `GET …/autopilotEvents`
pub(super) async fn list(call: Call) -> Result<Collection, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let none = Query::parse(call.query())?.answer(Vec::new())?;
    Ok(collection(&call, "deviceManagement/autopilotEvents", none))
}

/// `GET …/autopilotEvents/$count`
pub(super) async fn count(call: Call) -> Result<Response, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    Ok(number(0))
}
