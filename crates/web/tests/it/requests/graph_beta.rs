//! Calls of the Graph API that beta has alone, and those beside device management, about what is
//! tenant A's customer's.

use axum::http::Method;

use super::{Case, by_token};
use crate::world::World;

const PROFILES: &str = "/beta/deviceManagement/windowsAutopilotDeploymentProfiles";
const SETTINGS: &str = "/beta/deviceManagement/windowsAutopilotSettings";
const IDENTIFIERS: &str = "/beta/deviceManagement/importedDeviceIdentities";
const EVENTS: &str = "/beta/deviceManagement/autopilotEvents";

/// The list of routes has the same words for the whole run.
fn call(method: &Method, pattern: String, ids: [&str; 3], json: &str) -> Case {
    let path = pattern
        .replace("{id}", ids[0])
        .replace("{device}", ids[2])
        .replace("{assignment}", ids[1]);
    by_token(method.clone(), pattern.leak(), path, json)
}

/// Syncs and events.
fn of_settings() -> Vec<Case> {
    let calls = [
        (Method::GET, SETTINGS.to_owned(), ""),
        (Method::PATCH, SETTINGS.to_owned(), "{}"),
        (Method::DELETE, SETTINGS.to_owned(), ""),
        (Method::POST, format!("{SETTINGS}/sync"), ""),
        (Method::GET, EVENTS.to_owned(), ""),
        (Method::GET, format!("{EVENTS}/$count"), ""),
        (Method::GET, format!("{EVENTS}/{{id}}"), ""),
    ];
    let calls = calls.into_iter();
    calls
        .map(|(method, pattern, json)| call(&method, pattern, [""; 3], json))
        .collect()
}

/// Profiles, their assignments and devices.
fn of_profiles(world: &World) -> Vec<Case> {
    let (get, post) = (&Method::GET, &Method::POST);
    let (patch, delete) = (&Method::PATCH, &Method::DELETE);
    let (profile, assignment) = (&*world.profile.to_string(), &*world.assignment);
    let device = &*world.own_device.to_string();
    let devices = format!(r#"{{"deviceIds":["{device}"]}}"#);
    let name = r#"{"displayName":"Counters"}"#;
    let target = r##"{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}"##;
    let profiles = |rest: &str| format!("{PROFILES}{rest}");
    let of_profile = [profile, assignment, device];
    let mut all = Vec::new();
    for (method, pattern, ids, json) in [
        (get, profiles(""), of_profile, ""),
        (post, profiles(""), of_profile, name),
        (get, profiles("/$count"), of_profile, ""),
        (get, profiles("/{id}"), of_profile, ""),
        (patch, profiles("/{id}"), of_profile, name),
        (delete, profiles("/{id}"), of_profile, ""),
        (post, profiles("/{id}/assign"), of_profile, &*devices),
        (get, profiles("/{id}/assignedDevices"), of_profile, ""),
        (
            get,
            profiles("/{id}/assignedDevices/$count"),
            of_profile,
            "",
        ),
        (
            get,
            profiles("/{id}/assignedDevices/{device}"),
            of_profile,
            "",
        ),
        (
            delete,
            profiles("/{id}/assignedDevices/{device}"),
            of_profile,
            "",
        ),
        (get, profiles("/{id}/assignments"), of_profile, ""),
        (post, profiles("/{id}/assignments"), of_profile, target),
        (get, profiles("/{id}/assignments/$count"), of_profile, ""),
        (
            get,
            profiles("/{id}/assignments/{assignment}"),
            of_profile,
            "",
        ),
        (
            patch,
            profiles("/{id}/assignments/{assignment}"),
            of_profile,
            target,
        ),
        (
            delete,
            profiles("/{id}/assignments/{assignment}"),
            of_profile,
            "",
        ),
    ] {
        all.push(call(method, pattern, ids, json));
    }
    all
}

/// What is done with a device below its profile, and which profiles are assigned.
fn of_assigned_devices(world: &World) -> Vec<Case> {
    let (get, post, patch) = (&Method::GET, &Method::POST, &Method::PATCH);
    let (profile, device) = (&*world.profile.to_string(), &*world.own_device.to_string());
    let user = r#"{"userPrincipalName":"ada@harrow.example"}"#;
    // Whoever names a profile that is another's is told just what it would be of one that is none.
    let links = call(
        post,
        format!("{PROFILES}/hasPayloadLinks"),
        [""; 3],
        r#"{"payloadIds":["x"]}"#,
    );
    let mut all = vec![links];
    for (method, act, json) in [
        (patch, "", "{}"),
        (post, "/assignUserToDevice", user),
        (post, "/unassignUserFromDevice", ""),
        (post, "/updateDeviceProperties", "{}"),
        (post, "/assignResourceAccountToDevice", user),
        (post, "/unassignResourceAccountFromDevice", ""),
        (post, "/allowNextEnrollment", ""),
        (get, "/deploymentProfile", ""),
        (get, "/intendedDeploymentProfile", ""),
    ] {
        let pattern = format!("{PROFILES}/{{id}}/assignedDevices/{{device}}{act}");
        all.push(call(method, pattern, [profile, "", device], json));
    }
    all
}

/// Corporate identifiers.
fn of_identifiers(world: &World) -> Vec<Case> {
    let (get, post) = (&Method::GET, &Method::POST);
    let (patch, delete) = (&Method::PATCH, &Method::DELETE);
    let identifier = &*world.identifier.to_string();
    let one = r#"{"importedDeviceIdentifier":"8","importedDeviceIdentityType":"serialNumber"}"#;
    let list = &*format!(r#"{{"importedDeviceIdentities":[{one}]}}"#);
    let identifiers = |rest: &str| format!("{IDENTIFIERS}{rest}");
    let of_identifier = [identifier, "", ""];
    let mut all = Vec::new();
    for (method, pattern, ids, json) in [
        (get, identifiers(""), of_identifier, ""),
        (post, identifiers(""), of_identifier, one),
        (get, identifiers("/$count"), of_identifier, ""),
        (
            post,
            identifiers("/importDeviceIdentityList"),
            of_identifier,
            list,
        ),
        (
            post,
            identifiers("/searchExistingIdentities"),
            of_identifier,
            list,
        ),
        (get, identifiers("/{id}"), of_identifier, ""),
        (patch, identifiers("/{id}"), of_identifier, "{}"),
        (delete, identifiers("/{id}"), of_identifier, ""),
    ] {
        all.push(call(method, pattern, ids, json));
    }
    all
}

/// Batches, the organization, groups.
fn beside(world: &World) -> Vec<Case> {
    let (get, post) = (&Method::GET, &Method::POST);
    let organization = world.customer.organization_id().to_string();
    let device = world.own_device;
    let member = format!(r#"{{"@odata.id":"https://graph.example/v1.0/devices/{device}"}}"#);
    let batch = r#"{"requests":[{"id":"1","method":"GET","url":"/organization"}]}"#;
    let mut all = Vec::new();
    for version in ["/v1.0", "/beta"] {
        for (method, rest, id, json) in [
            (post, "/$batch", "", batch),
            (get, "/organization", "", ""),
            (get, "/organization/{id}", &*organization, ""),
            (get, "/groups", "", ""),
            (get, "/groups/{id}", &*world.group, ""),
            (post, "/groups/{id}/members/$ref", &*world.group, &*member),
            (get, "/devices", "", ""),
        ] {
            all.push(call(method, format!("{version}{rest}"), [id, "", ""], json));
        }
    }
    all
}

/// All of them.
pub(super) fn cases(world: &World) -> Vec<Case> {
    let mut all = of_profiles(world);
    all.extend(of_assigned_devices(world));
    all.extend(of_identifiers(world));
    all.extend(of_settings());
    all.extend(beside(world));
    all
}
