//! To which groups a deployment profile is assigned: `…/assignments` (api.md 5.2 and 5.3).

use axum::http::StatusCode;
use axum::response::Response;
use registration::customer_profile::{AssignmentTarget, ProfileAssignment};
use registration::ids::OrganizationId;
use serde::Deserialize;
use serde_json::{Value, json};
use service::customer_profiles::TargetForm;

use super::body::{Body, Object};
use super::call::{Call, ManagesProfiles, Reads};
use super::collection::{Collection, entity};
use super::error::GraphError;
use super::odata::Query;

const FORM: &str = "an object with target, an object with @odata.type and groupId";
pub(super) const PROPERTIES: [&str; 4] = ["id", "source", "sourceId", "target"];

/// An assignment as it is shown.
pub(super) fn shown(customer: OrganizationId, assignment: &ProfileAssignment) -> Value {
    let (kind, group) = match &assignment.target {
        AssignmentTarget::Group(_) => ("group", true),
        AssignmentTarget::Exclusion(_) => ("exclusionGroup", true),
        AssignmentTarget::AllDevices => ("allDevices", false),
    };
    let mut target = json!({
        "@odata.type": format!("#microsoft.graph.{kind}AssignmentTarget"),
        "deviceAndAppManagementAssignmentFilterId": null,
        "deviceAndAppManagementAssignmentFilterType": "none",
    });
    if group {
        target["groupId"] = json!(assignment.target.group_id(customer).to_string());
    }
    json!({
        "id": assignment.id(customer),
        "source": "direct",
        "sourceId": assignment.profile_id.to_string(),
        "target": target,
    })
}

/// An assignment as clients send it; names are in lower case by then.
#[derive(Deserialize)]
struct Sent {
    target: Object<Target>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(rename = "@odata.type")]
    kind: String,
    #[serde(default, rename = "groupid")]
    group: Option<String>,
}

impl Sent {
    fn form(&self) -> Result<TargetForm, GraphError> {
        let kind = self
            .target
            .0
            .kind
            .trim_start_matches('#')
            .to_ascii_lowercase();
        let kind = kind.strip_prefix("microsoft.graph.").unwrap_or(&kind);
        let group = || {
            let id = self.target.0.group.as_deref().unwrap_or_default();
            id.trim()
                .parse()
                .map_err(|_| GraphError::input("The groupId of a target must be a GUID."))
        };
        match kind {
            "groupassignmenttarget" => group().map(TargetForm::Group),
            "exclusiongroupassignmenttarget" => group().map(TargetForm::Exclusion),
            "alldevicesassignmenttarget" => Ok(TargetForm::AllDevices),
            _ => Err(GraphError::input(
                "The @odata.type of a target must be #microsoft.graph.groupAssignmentTarget, \
                 exclusionGroupAssignmentTarget or allDevicesAssignmentTarget.",
            )),
        }
    }
}

fn set(call: &Call, last: &str) -> String {
    let place = "deviceManagement/windowsAutopilotDeploymentProfiles";
    call.context(&format!(
        "{place}('{}')/assignments{last}",
        call.place("id").to_lowercase()
    ))
}

fn answer(call: &Call, status: StatusCode, assignment: &ProfileAssignment) -> Response {
    let item = shown(call.customer(), assignment);
    entity(status, set(call, "/$entity"), item)
}

async fn found(call: &Call) -> Result<(Query, Vec<Value>), GraphError> {
    let query = call.options(&PROPERTIES, &[])?;
    let found = call
        .desk()
        .profile_assignments(&call.caller, call.profile()?)
        .await?;
    let items = found
        .iter()
        .map(|one| shown(call.customer(), one))
        .collect();
    Ok((query, items))
}

/// `GET …/assignments`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let (query, items) = found(&call).await?;
    let mut answer = Collection::of(&call, "", query.answer(items)?);
    answer.context = set(&call, "");
    Ok(answer)
}

/// `GET …/assignments/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<String, GraphError> {
    let (query, items) = found(&call).await?;
    Ok(query.count_in(&items).to_string())
}

/// `POST …/assignments`: what is assigned already stays so.
pub(super) async fn create(
    ManagesProfiles(call): ManagesProfiles,
    body: Body,
) -> Result<Response, GraphError> {
    let profile = call.profile()?;
    let target = body.read::<Sent>(FORM)?.form()?;
    let made = call
        .desk()
        .assign_own_profile(&call.caller, profile, target)
        .await?;
    Ok(answer(&call, StatusCode::CREATED, &made))
}

/// `GET …/assignments/{assignment}`
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let (profile, id) = (call.profile()?, call.place("assignment"));
    let found = call
        .desk()
        .profile_assignment(&call.caller, profile, id)
        .await?;
    Ok(answer(&call, StatusCode::OK, &found))
}

/// `PATCH …/assignments/{assignment}`: to others instead, under another id.
pub(super) async fn change(
    ManagesProfiles(call): ManagesProfiles,
    body: Body,
) -> Result<Response, GraphError> {
    let (profile, id) = (call.profile()?, call.place("assignment"));
    let target = body.read::<Sent>(FORM)?.form()?;
    let (desk, caller) = (call.desk(), &call.caller);
    let changed = desk
        .change_own_assignment(caller, profile, id, target)
        .await?;
    Ok(answer(&call, StatusCode::OK, &changed))
}

/// `DELETE …/assignments/{assignment}`
pub(super) async fn delete(
    ManagesProfiles(call): ManagesProfiles,
) -> Result<StatusCode, GraphError> {
    let (profile, id) = (call.profile()?, call.place("assignment"));
    call.desk()
        .unassign_own_profile(&call.caller, profile, id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
