//! The calls that the beta version has alone (api.md 5.1), and those beside device management that
//! scripts need.

use axum::http::Method;

use super::{
    assigned_devices, assignments, events, groups, identifiers, organization, profiles, settings,
};
use crate::routes::Routes;

const PROFILES: [&str; 1] = beta!("/deviceManagement/windowsAutopilotDeploymentProfiles");
const PROFILE_COUNT: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/$count");
const PROFILE: [&str; 1] = beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}");
const ASSIGN: [&str; 1] = beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assign");
const ASSIGNED_DEVICES: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignedDevices");
const ASSIGNED_COUNT: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignedDevices/$count");
const ASSIGNED_DEVICE: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignedDevices/{device}");
const ASSIGNMENTS: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignments");
const ASSIGNMENT_COUNT: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignments/$count");
const ASSIGNMENT: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignments/{assignment}");
const SETTINGS: [&str; 1] = beta!("/deviceManagement/windowsAutopilotSettings");
const SYNC: [&str; 1] = beta!("/deviceManagement/windowsAutopilotSettings/sync");
const IDENTIFIERS: [&str; 1] = beta!("/deviceManagement/importedDeviceIdentities");
const IDENTIFIER_COUNT: [&str; 1] = beta!("/deviceManagement/importedDeviceIdentities/$count");
const IDENTIFIER: [&str; 1] = beta!("/deviceManagement/importedDeviceIdentities/{id}");
const IMPORT: [&str; 1] =
    beta!("/deviceManagement/importedDeviceIdentities/importDeviceIdentityList");
const SEARCH: [&str; 1] =
    beta!("/deviceManagement/importedDeviceIdentities/searchExistingIdentities");
const EVENTS: [&str; 1] = beta!("/deviceManagement/autopilotEvents");
const EVENT_COUNT: [&str; 1] = beta!("/deviceManagement/autopilotEvents/$count");
const ORGANIZATIONS: [&str; 2] = both!("/organization");
const ORGANIZATION: [&str; 2] = both!("/organization/{id}");
const GROUPS: [&str; 2] = both!("/groups");
const GROUP: [&str; 2] = both!("/groups/{id}");
const MEMBERS: [&str; 2] = both!("/groups/{id}/members/$ref");
const DEVICES: [&str; 2] = both!("/devices");

/// The calls.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .graph(&Method::GET, &PROFILES, profiles::list)
        .graph(&Method::POST, &PROFILES, profiles::create)
        .graph(&Method::GET, &PROFILE_COUNT, profiles::count)
        .graph(&Method::GET, &PROFILE, profiles::one)
        .graph(&Method::PATCH, &PROFILE, profiles::change)
        .graph(&Method::DELETE, &PROFILE, profiles::delete)
        .graph(&Method::POST, &ASSIGN, assigned_devices::assign)
        .graph(&Method::GET, &ASSIGNED_DEVICES, assigned_devices::list)
        .graph(&Method::GET, &ASSIGNED_COUNT, assigned_devices::count)
        .graph(&Method::GET, &ASSIGNED_DEVICE, assigned_devices::one)
        .graph(
            &Method::DELETE,
            &ASSIGNED_DEVICE,
            assigned_devices::take_back,
        )
        .graph(&Method::GET, &ASSIGNMENTS, assignments::list)
        .graph(&Method::POST, &ASSIGNMENTS, assignments::create)
        .graph(&Method::GET, &ASSIGNMENT_COUNT, assignments::count)
        .graph(&Method::GET, &ASSIGNMENT, assignments::one)
        .graph(&Method::PATCH, &ASSIGNMENT, assignments::change)
        .graph(&Method::DELETE, &ASSIGNMENT, assignments::delete)
        .graph(&Method::GET, &SETTINGS, settings::read)
        .graph(&Method::PATCH, &SETTINGS, settings::change)
        .graph(&Method::DELETE, &SETTINGS, settings::reset)
        .graph(&Method::POST, &SYNC, settings::sync)
        .graph(&Method::GET, &IDENTIFIERS, identifiers::list)
        .graph(&Method::POST, &IDENTIFIERS, identifiers::create)
        .graph(&Method::GET, &IDENTIFIER_COUNT, identifiers::count)
        .graph(&Method::POST, &IMPORT, identifiers::import)
        .graph(&Method::POST, &SEARCH, identifiers::search)
        .graph(&Method::GET, &IDENTIFIER, identifiers::one)
        .graph(&Method::PATCH, &IDENTIFIER, identifiers::change)
        .graph(&Method::DELETE, &IDENTIFIER, identifiers::delete)
        .graph(&Method::GET, &EVENTS, events::list)
        .graph(&Method::GET, &EVENT_COUNT, events::count)
        .graph(&Method::GET, &ORGANIZATIONS, organization::list)
        .graph(&Method::GET, &ORGANIZATION, organization::one)
        .graph(&Method::GET, &GROUPS, groups::list)
        .graph(&Method::GET, &GROUP, groups::one)
        .graph(&Method::POST, &MEMBERS, groups::add)
        .graph(&Method::GET, &DEVICES, groups::devices)
}
