//! `windowsAutopilotDeploymentProfiles` (api.md 5.2): the customer's own, and to read those of the
//! service that the catalogue of group tags names.

use axum::http::StatusCode;
use axum::response::Response;
use registration::ids::ProfileId;
use serde_json::Value;

use super::assigned_devices;
use super::assignments;
use super::body::Body;
use super::call::{Call, ManagesProfiles, Reads};
use super::collection::{Collection, entity};
use super::device;
use super::error::GraphError;
use super::odata::{PAGE_MOST, Query};
use super::profile::{PROPERTIES, Sent, shown};

const SET: &str = "deviceManagement/windowsAutopilotDeploymentProfiles";
const ENTITY: &str = "deviceManagement/windowsAutopilotDeploymentProfiles/$entity";
const FORM: &str = "an object with displayName and the properties of a deployment profile";
const ASSIGNMENTS: &str = "assignments";
const ASSIGNED_DEVICES: &str = "assignedDevices";
/// Profiles of a page at most where their devices are told too.
const WITH_DEVICES: usize = 10;

impl Call {
    /// The profile in the address; what can't be one does not exist.
    pub(super) fn profile(&self) -> Result<ProfileId, GraphError> {
        self.id("id").map(ProfileId)
    }
}

/// The query options, with what can be asked for by `$expand`.
fn options(call: &Call) -> Result<Query, GraphError> {
    let of_device = device::properties(call.version);
    let expandable = [
        (ASSIGNMENTS, &assignments::PROPERTIES[..]),
        (ASSIGNED_DEVICES, &of_device[..]),
    ];
    call.options(&PROPERTIES, &expandable)
}

/// Adds to a profile as it is shown what the query expands.
async fn expand(
    call: &Call,
    query: &Query,
    id: ProfileId,
    item: &mut Value,
) -> Result<(), GraphError> {
    if query.expands(ASSIGNMENTS) {
        let found = call.desk().profile_assignments(&call.caller, id).await?;
        let shown = |one| assignments::shown(call.customer(), one);
        item[ASSIGNMENTS] = found.iter().map(shown).collect();
    }
    if let Some(asked) = query.expand(ASSIGNED_DEVICES) {
        let (devices, next) = assigned_devices::first(call, id, asked).await?;
        item[ASSIGNED_DEVICES] = Value::Array(devices);
        if let Some(next) = next {
            item[format!("{ASSIGNED_DEVICES}@odata.nextLink")] = Value::String(next);
        }
    }
    Ok(())
}

async fn all(call: &Call) -> Result<Vec<Value>, GraphError> {
    let found = call.desk().own_profiles(&call.caller).await?;
    Ok(found.iter().map(shown).collect())
}

/// `GET …/windowsAutopilotDeploymentProfiles`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let query = options(&call)?;
    let most = if query.expands(ASSIGNED_DEVICES) {
        WITH_DEVICES
    } else {
        PAGE_MOST
    };
    let mut found = query.page(all(&call).await?, most)?;
    let mut items = Vec::with_capacity(found.items.len());
    for mut item in found.items {
        if let Some(id) = item["id"].as_str().and_then(|id| id.parse().ok()) {
            expand(&call, &query, ProfileId(id), &mut item).await?;
        }
        items.push(query.pick(item));
    }
    found.items = items;
    Ok(Collection::of(&call, SET, found))
}

/// `GET …/windowsAutopilotDeploymentProfiles/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<String, GraphError> {
    let query = options(&call)?;
    Ok(query.count_in(&all(&call).await?).to_string())
}

/// `POST …/windowsAutopilotDeploymentProfiles`
pub(super) async fn create(
    ManagesProfiles(call): ManagesProfiles,
    body: Body,
) -> Result<Response, GraphError> {
    let change = body.read::<Sent>(FORM)?.change()?;
    let made = call.desk().make_own_profile(&call.caller, change).await?;
    Ok(entity(
        StatusCode::CREATED,
        call.context(ENTITY),
        shown(&made),
    ))
}

/// `GET …/windowsAutopilotDeploymentProfiles/{id}`
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = options(&call)?;
    let profile = call
        .desk()
        .own_profile(&call.caller, call.profile()?)
        .await?;
    let mut item = shown(&profile);
    expand(&call, &query, profile.id, &mut item).await?;
    let item = query.pick(item);
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// `PATCH …/windowsAutopilotDeploymentProfiles/{id}`: what is not said stays.
pub(super) async fn change(
    ManagesProfiles(call): ManagesProfiles,
    body: Body,
) -> Result<Response, GraphError> {
    let id = call.profile()?;
    let change = body.read::<Sent>(FORM)?.change()?;
    let changed = call
        .desk()
        .change_own_profile(&call.caller, id, change)
        .await?;
    Ok(entity(
        StatusCode::OK,
        call.context(ENTITY),
        shown(&changed),
    ))
}

/// `DELETE …/windowsAutopilotDeploymentProfiles/{id}`
pub(super) async fn delete(
    ManagesProfiles(call): ManagesProfiles,
) -> Result<StatusCode, GraphError> {
    call.desk()
        .delete_own_profile(&call.caller, call.profile()?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
