//! `windowsAutopilotDeploymentProfiles` (api.md 5.2): the customer's own, and to read those of the
//! service that the catalogue of group tags names.

use axum::http::StatusCode;
use axum::response::Response;
use registration::ids::ProfileId;
use serde_json::Value;
use service::customer_profiles::ProfileView;

use super::assignments;
use super::body::Body;
use super::call::{Call, ManagesProfiles, Reads};
use super::collection::{Collection, entity};
use super::error::GraphError;
use super::odata::Query;
use super::profile::{PROPERTIES, Sent, shown};

const SET: &str = "deviceManagement/windowsAutopilotDeploymentProfiles";
const ENTITY: &str = "deviceManagement/windowsAutopilotDeploymentProfiles/$entity";
const FORM: &str = "an object with displayName and the properties of a deployment profile";
const EXPANDABLE: [&str; 1] = ["assignments"];

impl Call {
    /// The profile in the address; what can't be one does not exist.
    pub(super) fn profile(&self) -> Result<ProfileId, GraphError> {
        self.id("id").map(ProfileId)
    }
}

/// A profile as it is shown, with its assignments if the query asks for them.
async fn expanded(call: &Call, query: &Query, profile: &ProfileView) -> Result<Value, GraphError> {
    let mut item = shown(profile);
    if query.expands(EXPANDABLE[0]) {
        let found = call
            .desk()
            .profile_assignments(&call.caller, profile.id)
            .await?;
        let assignments = found
            .iter()
            .map(|one| assignments::shown(call.customer(), one));
        item[EXPANDABLE[0]] = assignments.collect();
    }
    Ok(item)
}

async fn found(call: &Call) -> Result<(Query, Vec<Value>), GraphError> {
    let query = call.options(&PROPERTIES, &EXPANDABLE)?;
    let mut items = Vec::new();
    for profile in call.desk().own_profiles(&call.caller).await? {
        items.push(expanded(call, &query, &profile).await?);
    }
    Ok((query, items))
}

/// `GET …/windowsAutopilotDeploymentProfiles`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let (query, items) = found(&call).await?;
    Ok(Collection::of(&call, SET, query.answer(items)?))
}

/// `GET …/windowsAutopilotDeploymentProfiles/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<String, GraphError> {
    let (query, items) = found(&call).await?;
    Ok(query.count_in(&items).to_string())
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
    let query = call.options(&PROPERTIES, &EXPANDABLE)?;
    let profile = call
        .desk()
        .own_profile(&call.caller, call.profile()?)
        .await?;
    let item = query.pick(expanded(&call, &query, &profile).await?);
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
