//! Calls of the Graph API, in both versions, about what is tenant A's customer's.

use axum::http::Method;
use device_list::sample::SampleDevice;

use super::{Case, by_token};
use crate::world::World;

const IMPORTS: &str = "/deviceManagement/importedWindowsAutopilotDeviceIdentities";
const DEVICES: &str = "/deviceManagement/windowsAutopilotDeviceIdentities";

/// A call at the same address of each of these versions.
fn call(versions: &[&str], method: &Method, pattern: &str, id: &str, json: &str) -> Vec<Case> {
    let one = |version: &&str| {
        let pattern = format!("{version}{pattern}");
        let path = pattern.replace("{id}", id);
        // The list of routes has the same words for the whole run.
        by_token(method.clone(), pattern.leak(), path, json)
    };
    versions.iter().map(one).collect()
}

/// Imports and devices.
pub(super) fn cases(world: &World) -> Vec<Case> {
    const BOTH: [&str; 2] = ["/v1.0", "/beta"];
    const BETA: [&str; 1] = ["/beta"];
    let hash = SampleDevice::new(7, 900).hash_text();
    let one = format!(r#"{{"hardwareIdentifier":"{hash}"}}"#);
    let several = format!(r#"{{"importedWindowsAutopilotDeviceIdentities":[{one}]}}"#);
    let (import, device) = (world.import.to_string(), world.own_device.to_string());
    let user = r#"{"userPrincipalName":"ada@harrow.example"}"#;
    let imports = |rest: &str| format!("{IMPORTS}{rest}");
    let devices = |rest: &str| format!("{DEVICES}{rest}");
    let (get, post) = (&Method::GET, &Method::POST);
    let mut all = Vec::new();
    for (method, pattern, id, json) in [
        (get, imports(""), "", ""),
        (post, imports(""), "", &*one),
        (get, imports("/$count"), "", ""),
        (post, imports("/import"), "", &*several),
        (get, imports("/{id}"), &*import, ""),
        (&Method::PATCH, imports("/{id}"), &*import, "{}"),
        (&Method::DELETE, imports("/{id}"), &*import, ""),
        (get, devices(""), "", ""),
        (post, devices(""), "", &*one),
        (get, devices("/$count"), "", ""),
        (
            post,
            devices("/deleteDevices"),
            "",
            r#"{"serialNumbers":["x"]}"#,
        ),
        (get, devices("/{id}"), &*device, ""),
        (&Method::PATCH, devices("/{id}"), &*device, "{}"),
        (&Method::DELETE, devices("/{id}"), &*device, ""),
        (post, devices("/{id}/assignUserToDevice"), &*device, user),
        (post, devices("/{id}/unassignUserFromDevice"), &*device, ""),
        (
            post,
            devices("/{id}/updateDeviceProperties"),
            &*device,
            "{}",
        ),
    ] {
        all.extend(call(&BOTH, method, &pattern, id, json));
    }
    for (act, json) in [
        ("assignResourceAccountToDevice", user),
        ("unassignResourceAccountFromDevice", ""),
        ("allowNextEnrollment", ""),
    ] {
        let pattern = devices(&format!("/{{id}}/{act}"));
        all.extend(call(&BETA, post, &pattern, &device, json));
    }
    for profile in ["deploymentProfile", "intendedDeploymentProfile"] {
        let pattern = devices(&format!("/{{id}}/{profile}"));
        all.extend(call(&BETA, get, &pattern, &device, ""));
    }
    all
}
