//! `groups` and `devices`, as far as scripts need them to put a device into a group (api.md 5.4,
//! `-AddToGroup`): there is a group for each group tag, and a device in it has that tag.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::api_client::ApiScope;
use registration::device::Device;
use registration::group::Group;
use registration::ids::DeviceId;
use serde::Deserialize;
use serde_json::{Value, json};
use service::DeskError;
use service::devices::DeviceQuery;

use super::body::Body;
use super::call::Call;
use super::collection::{Collection, entity};
use super::error::GraphError;
use super::listed::{collection, paged};
use super::odata::{Asked, Query};
use crate::app::App;

const GROUP: [&str; 6] = [
    "id",
    "displayName",
    "description",
    "groupTypes",
    "mailEnabled",
    "securityEnabled",
];
const DEVICE: [&str; 3] = ["id", "deviceId", "displayName"];

fn group(group: &Group) -> Value {
    json!({
        "id": group.id.to_string(),
        "displayName": group.tag,
        "description": "The devices with this group tag",
        "groupTypes": [],
        "mailEnabled": false,
        "securityEnabled": true,
    })
}

fn device(device: &Device) -> Value {
    json!({
        "id": device.id.to_string(),
        "deviceId": device.id.to_string(),
        "displayName": device.serial.as_deref().unwrap_or_default(),
    })
}

/// `GET /{version}/groups`
pub(super) async fn list(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Collection, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let query = Query::parse(call.query())?;
    query.check_names(&GROUP, &[])?;
    let found = app.desk.groups(&call.caller).await?;
    let items = found.iter().map(group).collect();
    Ok(collection(&call, "groups", query.answer(items)?))
}

async fn of_address(app: &App, call: &Call) -> Result<Group, GraphError> {
    let id = call.id("id")?;
    let all = app.desk.groups(&call.caller).await?;
    let found = all.into_iter().find(|group| group.id == id);
    found.ok_or_else(GraphError::not_found)
}

/// `GET /{version}/groups/{id}`
pub(super) async fn one(State(app): State<Arc<App>>, call: Call) -> Result<Response, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let query = Query::parse(call.query())?;
    query.check_names(&GROUP, &[])?;
    let item = query.pick(group(&of_address(&app, &call).await?));
    Ok(entity(StatusCode::OK, call.context("groups/$entity"), item))
}

/// `GET /{version}/devices`
pub(super) async fn devices(
    State(app): State<Arc<App>>,
    call: Call,
) -> Result<Response, GraphError> {
    call.needs(ApiScope::DevicesRead)?;
    let query = Query::parse(call.query())?;
    query.check_names(&DEVICE, &[])?;
    let (desk, caller, customer) = (&app.desk, &call.caller, call.customer());
    let filter = query.filter.as_ref();
    let asked = filter.and_then(|filter| filter.asks("deviceId").or(filter.asks("id")));
    let page = if let Some(Asked::OneOf(ids)) = asked {
        let mut items = Vec::new();
        for id in ids
            .iter()
            .take(20)
            .filter_map(|id| id.parse::<DeviceId>().ok())
        {
            match desk.device(caller, customer, id).await {
                Ok(found) => items.push(device(&found)),
                Err(DeskError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        query.answer(items)?
    } else {
        let all = &DeviceQuery::default();
        let fetch = |before, limit| desk.devices(caller, customer, all, before, limit);
        paged(&query, |one: &Device| one.id.0, device, fetch).await?
    };
    Ok(collection(&call, "devices", page).into_response())
}

/// What is to be a member; names are in lower case by then.
#[derive(Deserialize)]
struct Member {
    #[serde(rename = "@odata.id")]
    address: String,
}

/// `POST /{version}/groups/{id}/members/$ref`: the device gets the group's tag.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    call: Call,
    body: Body,
) -> Result<StatusCode, GraphError> {
    call.needs(ApiScope::DevicesRegister)?;
    let member = body.read::<Member>("an object with @odata.id, the address of a device")?;
    let last = member.address.trim_end_matches('/').rsplit('/').next();
    let id = last.unwrap_or_default().parse::<DeviceId>();
    let id = id.map_err(|_| GraphError::input("The @odata.id must end in the id of a device."))?;
    let group = of_address(&app, &call).await?;
    let (desk, caller, customer) = (&app.desk, &call.caller, call.customer());
    let changed = desk
        .change_group_tag(caller, customer, &[id], &group.tag)
        .await?;
    if changed == 0 {
        return Err(GraphError::not_found());
    }
    Ok(StatusCode::NO_CONTENT)
}
