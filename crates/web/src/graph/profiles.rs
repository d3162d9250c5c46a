//! `windowsAutopilotDeploymentProfiles` (api.md 5.2): the customer's own, and to read those of the
//! service that the catalogue of group tags names.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use registration::api_client::ApiScope;
use registration::ids::ProfileId;
use serde_json::Value;
use service::customer_profiles::ProfileView;

use super::assignments;
use super::body::Body;
use super::call::Call;
use super::collection::{Collection, entity};
use super::error::GraphError;
use super::odata::Query;
use super::profile::{PROPERTIES, Sent, shown};
use crate::app::App;

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
async fn expanded(
    app: &App,
    call: &Call,
    query: &Query,
    profile: &ProfileView,
) -> Result<Value, GraphError> {
    let mut item = shown(profile);
    if query.expands(EXPANDABLE[0]) {
        let found = app
            .desk
            .profile_assignments(&call.caller, profile.id)
            .await?;
        let assignments = found
            .iter()
            .map(|one| assignments::shown(call.customer(), one));
        item[EXPANDABLE[0]] = assignments.collect();
    }
    Ok(item)
}

async fn found(app: &App, call: &Call) -> Result<(Query, Vec<Value>), GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let query = call.options(&PROPERTIES, &EXPANDABLE)?;
    let mut items = Vec::new();
    for profile in app.desk.own_profiles(&call.caller).await? {
        items.push(expanded(app, call, &query, &profile).await?);
    }
    Ok((query, items))
}

/// `GET …/windowsAutopilotDeploymentProfiles`
pub(super) async fn list(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Collection, GraphError> {
    let (query, items) = found(&app, &call).await?;
    Ok(Collection::of(&call, SET, query.answer(items)?))
}

/// `GET …/windowsAutopilotDeploymentProfiles/$count`
pub(super) async fn count(State(app): State<Arc<App>>, call: Call) -> Result<String, GraphError> {
    let (query, items) = found(&app, &call).await?;
    Ok(query.count_in(&items).to_string())
}

/// `POST …/windowsAutopilotDeploymentProfiles`
pub(super) async fn create(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Response, GraphError> {
    call.needs(ApiScope::ProfilesManage)?;
    let change = body.read::<Sent>(FORM)?.change()?;
    let made = app.desk.make_own_profile(&call.caller, change).await?;
    Ok(entity(
        StatusCode::CREATED,
        call.context(ENTITY),
        shown(&made),
    ))
}

/// `GET …/windowsAutopilotDeploymentProfiles/{id}`
pub(super) async fn one(State(app): State<Arc<App>>, call: Call) -> Result<Response, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let query = call.options(&PROPERTIES, &EXPANDABLE)?;
    let profile = app.desk.own_profile(&call.caller, call.profile()?).await?;
    let item = query.pick(expanded(&app, &call, &query, &profile).await?);
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// `PATCH …/windowsAutopilotDeploymentProfiles/{id}`: what is not said stays.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<Response, GraphError> {
    call.needs(ApiScope::ProfilesManage)?;
    let id = call.profile()?;
    let change = body.read::<Sent>(FORM)?.change()?;
    let changed = app
        .desk
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
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<StatusCode, GraphError> {
    call.needs(ApiScope::ProfilesManage)?;
    app.desk
        .delete_own_profile(&call.caller, call.profile()?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
