//! The Graph-compatible API: Windows Autopilot below `/v1.0/deviceManagement` and
//! `/beta/deviceManagement`, to the letter of api.md section 5. For a customer's own
//! administrators and their scripts. A file a family of calls.

/// An address below both versions.
macro_rules! both {
    ($rest:literal) => {
        [concat!("/v1.0", $rest), concat!("/beta", $rest)]
    };
}

/// An address below beta alone.
macro_rules! beta {
    ($rest:literal) => {
        [concat!("/beta", $rest)]
    };
}

mod assigned_devices;
mod assignments;
mod batch;
mod beta;
mod body;
mod call;
mod collection;
mod device;
mod device_acts;
mod devices;
mod error;
mod events;
mod groups;
mod headers;
mod identifiers;
mod identity;
mod imports;
mod listing;
mod narrowed;
pub mod odata;
mod organization;
mod paths;
mod payload_links;
mod profile;
mod profiles;
mod relaxed;
mod settings;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::from_fn_with_state;

pub(crate) use self::batch::CALLS as BATCH_CALLS;
pub(crate) use self::body::BODY_BYTES;
pub(crate) use self::odata::{FILTER_CHARS, PAGE_MOST};
pub(crate) use self::paths::{Again, is_ours};
use crate::app::App;
use crate::routes::Routes;

const IMPORTS: [&str; 2] = both!("/deviceManagement/importedWindowsAutopilotDeviceIdentities");
const IMPORTS_COUNT: [&str; 2] =
    both!("/deviceManagement/importedWindowsAutopilotDeviceIdentities/$count");
const IMPORT: [&str; 2] =
    both!("/deviceManagement/importedWindowsAutopilotDeviceIdentities/import");
const IMPORTED: [&str; 2] =
    both!("/deviceManagement/importedWindowsAutopilotDeviceIdentities/{id}");
const DEVICES: [&str; 2] = both!("/deviceManagement/windowsAutopilotDeviceIdentities");
const DEVICES_COUNT: [&str; 2] = both!("/deviceManagement/windowsAutopilotDeviceIdentities/$count");
const DELETE_DEVICES: [&str; 2] =
    both!("/deviceManagement/windowsAutopilotDeviceIdentities/deleteDevices");
const DEVICE: [&str; 2] = both!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}");
const ASSIGN_USER: [&str; 2] =
    both!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}/assignUserToDevice");
const UNASSIGN_USER: [&str; 2] =
    both!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}/unassignUserFromDevice");
const UPDATE: [&str; 2] =
    both!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}/updateDeviceProperties");
const ASSIGN_ACCOUNT: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}/assignResourceAccountToDevice");
const UNASSIGN_ACCOUNT: [&str; 1] = beta!(
    "/deviceManagement/windowsAutopilotDeviceIdentities/{id}/unassignResourceAccountFromDevice"
);
const ALLOW_ENROLLMENT: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}/allowNextEnrollment");

const PROFILE_OF_DEVICE: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}/deploymentProfile");
const INTENDED_PROFILE: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}/intendedDeploymentProfile");
const BATCH: [&str; 2] = both!("/$batch");

/// The calls.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .graph(&Method::GET, &IMPORTS, imports::list)
        .graph(&Method::POST, &IMPORTS, imports::create)
        .graph(&Method::GET, &IMPORTS_COUNT, imports::count)
        .graph(&Method::POST, &IMPORT, imports::import)
        .graph(&Method::GET, &IMPORTED, imports::one)
        .graph(&Method::PATCH, &IMPORTED, imports::change)
        .graph(&Method::DELETE, &IMPORTED, imports::delete)
        .graph(&Method::GET, &DEVICES, devices::list)
        .graph(&Method::POST, &DEVICES, devices::create)
        .graph(&Method::GET, &DEVICES_COUNT, devices::count)
        .graph(&Method::POST, &DELETE_DEVICES, device_acts::delete_several)
        .graph(&Method::GET, &DEVICE, devices::one)
        .graph(&Method::PATCH, &DEVICE, devices::change)
        .graph(&Method::DELETE, &DEVICE, devices::delete)
        .graph(&Method::POST, &ASSIGN_USER, device_acts::assign_user)
        .graph(&Method::POST, &UNASSIGN_USER, device_acts::unassign_user)
        .graph(&Method::POST, &UPDATE, device_acts::update)
        .graph(&Method::POST, &ASSIGN_ACCOUNT, device_acts::assign_account)
        .graph(
            &Method::POST,
            &UNASSIGN_ACCOUNT,
            device_acts::unassign_account,
        )
        .graph(
            &Method::POST,
            &ALLOW_ENROLLMENT,
            device_acts::allow_enrollment,
        )
        .graph(&Method::GET, &PROFILE_OF_DEVICE, devices::profile)
        .graph(&Method::GET, &INTENDED_PROFILE, devices::profile)
        .graph(&Method::POST, &BATCH, batch::answer)
        .with(beta::routes)
}

/// The router of the calls with what every answer of theirs has.
pub(crate) fn layered(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router
        .method_not_allowed_fallback(call::no_such_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(Arc::clone(app), headers::around))
}
