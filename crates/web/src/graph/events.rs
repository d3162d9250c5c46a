//! `autopilotEvents`: how devices were set up, which a registry does not see. Those who look find an
//! empty list.

use registration::api_client::ApiScope;

use super::call::Call;
use super::collection::Collection;
use super::error::GraphError;

/// `GET …/autopilotEvents`
pub(super) async fn list(call: Call) -> Result<Collection, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let none = call.options(&[], &[])?.answer(Vec::new())?;
    Ok(Collection::of(
        &call,
        "deviceManagement/autopilotEvents",
        none,
    ))
}

/// `GET …/autopilotEvents/$count`
pub(super) async fn count(call: Call) -> Result<&'static str, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    Ok("0")
}
