//! `autopilotEvents`: how devices were set up, which a registry does not see. Those who look find an
//! empty list.

use super::call::Reads;
use super::collection::Collection;
use super::error::GraphError;

/// `GET …/autopilotEvents`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let none = call.options(&[], &[])?.answer(Vec::new())?;
    Ok(Collection::of(
        &call,
        "deviceManagement/autopilotEvents",
        none,
    ))
}

/// `GET …/autopilotEvents/$count`
pub(super) async fn count(_: Reads) -> Result<&'static str, GraphError> {
    Ok("0")
}
