//! The calls that the beta version has alone (api.md 5.1), and those beside device management that
//! scripts need.

use axum::http::Method;

use super::{
    assigned_devices, assignments, device_acts, devices, events, groups, identifiers, organization,
    payload_links, profiles, settings,
};
use crate::routes::Routes;

const PROFILES: [&str; 1] = beta!("/deviceManagement/windowsAutopilotDeploymentProfiles");
const PROFILE_COUNT: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/$count");
const PROFILE: [&str; 1] = beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/{id}");
const LINKS: [&str; 1] =
    beta!("/deviceManagement/windowsAutopilotDeploymentProfiles/hasPayloadLinks");
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
const EVENT: [&str; 1] = beta!("/deviceManagement/autopilotEvents/{id}");
const ORGANIZATIONS: [&str; 2] = both!("/organization");
const ORGANIZATION: [&str; 2] = both!("/organization/{id}");
const GROUPS: [&str; 2] = both!("/groups");
const GROUP: [&str; 2] = both!("/groups/{id}");
const MEMBERS: [&str; 2] = both!("/groups/{id}/members/$ref");
const DEVICES: [&str; 2] = both!("/devices");

/// An address below one of a profile's devices.
macro_rules! of_assigned {
    ($rest:literal) => {
        [concat!(
            "/beta/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignedDevices/{device}",
            $rest
        )]
    };
}

/// What is done with a device, at the addresses of the profile that it has.
fn acts_on_assigned(routes: Routes) -> Routes {
    let post = &Method::POST;
    let (assign, unassign) = (
        of_assigned!("/assignUserToDevice"),
        of_assigned!("/unassignUserFromDevice"),
    );
    let (assign_account, unassign_account) = (
        of_assigned!("/assignResourceAccountToDevice"),
        of_assigned!("/unassignResourceAccountFromDevice"),
    );
    let (has, is_to_have) = (
        of_assigned!("/deploymentProfile"),
        of_assigned!("/intendedDeploymentProfile"),
    );
    routes
        .graph(post, &assign, device_acts::assign_user)
        .graph(post, &unassign, device_acts::unassign_user)
        .graph(
            post,
            &of_assigned!("/updateDeviceProperties"),
            device_acts::update,
        )
        .graph(post, &assign_account, device_acts::assign_account)
        .graph(post, &unassign_account, device_acts::unassign_account)
        .graph(
            post,
            &of_assigned!("/allowNextEnrollment"),
            device_acts::allow_enrollment,
        )
        .graph(&Method::GET, &has, devices::profile)
        .graph(&Method::GET, &is_to_have, devices::profile)
}

/// The calls.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .graph(&Method::GET, &PROFILES, profiles::list)
        .graph(&Method::POST, &PROFILES, profiles::create)
        .graph(&Method::GET, &PROFILE_COUNT, profiles::count)
        .graph(&Method::POST, &LINKS, payload_links::tell)
        .graph(&Method::GET, &PROFILE, profiles::one)
        .graph(&Method::PATCH, &PROFILE, profiles::change)
        .graph(&Method::DELETE, &PROFILE, profiles::delete)
        .graph(&Method::POST, &ASSIGN, assigned_devices::assign)
        .graph(&Method::GET, &ASSIGNED_DEVICES, assigned_devices::list)
        .graph(&Method::GET, &ASSIGNED_COUNT, assigned_devices::count)
        .graph(&Method::GET, &ASSIGNED_DEVICE, devices::one)
        .graph(&Method::PATCH, &ASSIGNED_DEVICE, devices::change)
        .graph(
            &Method::DELETE,
            &ASSIGNED_DEVICE,
            assigned_devices::take_back,
        )
        .with(acts_on_assigned)
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
        .graph(&Method::GET, &EVENT, events::one)
        .graph(&Method::GET, &ORGANIZATIONS, organization::list)
        .graph(&Method::GET, &ORGANIZATION, organization::one)
        .graph(&Method::GET, &GROUPS, groups::list)
        .graph(&Method::GET, &GROUP, groups::one)
        .graph(&Method::POST, &MEMBERS, groups::add)
        .graph(&Method::GET, &DEVICES, groups::devices)
}
