//! `autopilotEvents`: how devices were set up, which a registry does not see. Those who look find an
//! empty list.

use super::call::{Call, Reads};
use super::collection::Collection;
use super::error::GraphError;
use super::odata::Found;

/// The properties that an event has.
const PROPERTIES: [&str; 25] = [
    "id",
    "accountSetupDuration",
    "accountSetupStatus",
    "deploymentDuration",
    "deploymentEndDateTime",
    "deploymentStartDateTime",
    "deploymentState",
    "deploymentTotalDuration",
    "deviceId",
    "deviceRegisteredDateTime",
    "deviceSerialNumber",
    "deviceSetupDuration",
    "deviceSetupStatus",
    "enrollmentFailureDetails",
    "enrollmentStartDateTime",
    "enrollmentState",
    "enrollmentType",
    "eventDateTime",
    "managedDeviceName",
    "osVersion",
    "userId",
    "userPrincipalName",
    "windowsAutopilotDeploymentProfileDisplayName",
    "windows10EnrollmentCompletionPageConfigurationDisplayName",
    "windows10EnrollmentCompletionPageConfigurationId",
];

fn found(call: &Call) -> Result<Found, GraphError> {
    Ok(call.options(&PROPERTIES, &[])?.answer(Vec::new())?)
}

/// `GET …/autopilotEvents`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let set = "deviceManagement/autopilotEvents";
    Ok(Collection::of(&call, set, found(&call)?))
}

/// `GET …/autopilotEvents/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<&'static str, GraphError> {
    found(&call)?;
    Ok("0")
}

/// `GET …/autopilotEvents/{id}`: there is none.
pub(super) async fn one(_: Reads) -> GraphError {
    GraphError::not_found()
}
