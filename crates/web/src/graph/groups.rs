//! `groups` and `devices`, as far as scripts need them to put a device into a group (api.md 5.4,
//! `-AddToGroup`): there is a group for each group tag, and a device in it has that tag.

use axum::http::StatusCode;
use axum::response::Response;
use registration::device::Device;
use registration::group::Group;
use registration::ids::DeviceId;
use registration::properties::PropertiesChange;
use serde::Deserialize;
use serde_json::{Value, json};
use service::devices::DeviceQuery;
use service::{DeskError, Page};
use uuid::Uuid;

use super::body::Body;
use super::call::{Call, Reads, Registers};
use super::collection::{Collection, entity};
use super::error::GraphError;
use super::listing::{self, Source};
use super::odata::Asked;

/// Devices that can be named in one filter.
const NAMED: usize = 20;

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
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let query = call.loose_options()?;
    let found = call.desk().groups(&call.caller).await?;
    let items = found.iter().map(group).collect();
    Ok(Collection::of(&call, "groups", query.answer(items)?))
}

async fn of_address(call: &Call) -> Result<Group, GraphError> {
    let id = call.id("id")?;
    let all = call.desk().groups(&call.caller).await?;
    let found = all.into_iter().find(|group| group.id == id);
    found.ok_or_else(GraphError::not_found)
}

/// `GET /{version}/groups/{id}`
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = call.loose_options()?;
    let item = query.pick(group(&of_address(&call).await?));
    Ok(entity(StatusCode::OK, call.context("groups/$entity"), item))
}

/// The caller's devices in the database.
struct Devices<'a> {
    call: &'a Call,
}

impl Source for Devices<'_> {
    async fn read(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<(Uuid, Value)>, GraphError> {
        let (desk, all) = (self.call.desk(), DeviceQuery::default());
        let (caller, customer) = (&self.call.caller, self.call.customer());
        let found = desk.devices(caller, customer, &all, before, limit).await?;
        Ok(Page {
            items: found
                .items
                .iter()
                .map(|one| (one.id.0, device(one)))
                .collect(),
            next: found.next,
        })
    }

    async fn total(&self) -> Result<u64, GraphError> {
        let (desk, call) = (self.call.desk(), self.call);
        let totals = desk.device_totals(&call.caller, call.customer()).await?;
        Ok(totals.by_tag.iter().map(|(_, count)| count).sum())
    }
}

/// `GET /{version}/devices`
pub(super) async fn devices(Reads(call): Reads) -> Result<Collection, GraphError> {
    let query = call.loose_options()?;
    let filter = query.filter.as_ref();
    let asked = filter.and_then(|filter| filter.asks("deviceId").or(filter.asks("id")));
    let found = match asked {
        Some(Asked::OneOf(ids)) => query.answer(named(&call, &ids).await?)?,
        _ => listing::list(&Devices { call: &call }, &query).await?,
    };
    Ok(Collection::of(&call, "devices", found))
}

/// The devices with these ids, as far as they are the caller's.
async fn named(call: &Call, ids: &[&str]) -> Result<Vec<Value>, GraphError> {
    let mut items = Vec::new();
    for id in ids.iter().take(NAMED).filter_map(|id| id.parse().ok()) {
        match call.desk().device(&call.caller, call.customer(), id).await {
            Ok(found) => items.push(device(&found)),
            Err(DeskError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(items)
}

/// What is to be a member; names are in lower case by then.
#[derive(Deserialize)]
struct Member {
    #[serde(rename = "@odata.id")]
    address: String,
}

/// `POST /{version}/groups/{id}/members/$ref`: the device gets the group's tag.
pub(super) async fn add(Registers(call): Registers, body: Body) -> Result<StatusCode, GraphError> {
    let member = body.read::<Member>("an object with @odata.id, the address of a device")?;
    let last = member.address.trim_end_matches('/').rsplit('/').next();
    let id = last.unwrap_or_default().parse::<DeviceId>();
    let id = id.map_err(|_| GraphError::input("The @odata.id must end in the id of a device."))?;
    let group = of_address(&call).await?;
    let change = PropertiesChange {
        group_tag: Some(group.tag),
        ..PropertiesChange::default()
    };
    call.desk()
        .change_properties(&call.caller, id, change)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
