//! The calls about registered devices: `windowsAutopilotDeviceIdentities` (api.md 5.2).

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::device::Device;
use registration::ids::DeviceId;
use serde_json::Value;
use service::Page;
use service::devices::DeviceQuery;
use uuid::Uuid;

use super::body::Body;
use super::call::{Call, Reads, Registers, Version};
use super::collection::{Collection, entity};
use super::device::{self, Sent, shown};
use super::error::GraphError;
use super::identity;
use super::listing::{self, Source};
use super::odata::{Asked, Filter, Query};
use super::profile;

const SET: &str = "deviceManagement/windowsAutopilotDeviceIdentities";
const ENTITY: &str = "deviceManagement/windowsAutopilotDeviceIdentities/$entity";

const EXPANDABLE: [&str; 2] = ["deploymentProfile", "intendedDeploymentProfile"];

/// The caller's devices in the database, as far as it narrows them down.
struct Devices<'a> {
    call: &'a Call,
    query: &'a Query,
    wanted: DeviceQuery,
}

impl<'a> Devices<'a> {
    async fn new(call: &'a Call, query: &'a Query) -> Result<Self, GraphError> {
        let mut wanted = DeviceQuery::default();
        if let Some(filter) = &query.filter {
            narrow_by_serial(filter, &mut wanted);
            narrow_by_tag(call, filter, &mut wanted).await?;
        }
        Ok(Self {
            call,
            query,
            wanted,
        })
    }
}

/// Takes over what the filter asks of serial numbers; the filter itself has the last word.
fn narrow_by_serial(filter: &Filter, wanted: &mut DeviceQuery) {
    let fits = |text: &str| text.is_ascii() && !text.trim().is_empty() && text.len() <= 64;
    match filter.asks("serialNumber") {
        Some(Asked::OneOf(texts)) => {
            if let [text] = texts[..]
                && fits(text)
            {
                wanted.serial = Some(text.to_owned());
            }
        }
        Some(Asked::StartsWith(text)) if fits(text) => text.clone_into(&mut wanted.search),
        Some(Asked::Contains(text)) if fits(text) => wanted.serial_contains = Some(text.to_owned()),
        _ => {}
    }
}

/// The same of group tags, if one of the caller's is meant: the case of its letters plays no part in
/// a filter, and does in the database.
async fn narrow_by_tag(
    call: &Call,
    filter: &Filter,
    wanted: &mut DeviceQuery,
) -> Result<(), GraphError> {
    let Some(Asked::OneOf(texts)) = filter.asks("groupTag") else {
        return Ok(());
    };
    let [text] = texts[..] else { return Ok(()) };
    let totals = call
        .desk()
        .device_totals(&call.caller, call.customer())
        .await?;
    let lower = text.to_lowercase();
    let tags = totals.by_tag.into_iter().map(|(tag, _)| tag);
    let mut tags = tags.filter(|tag| tag.to_lowercase() == lower);
    if let (Some(tag), None) = (tags.next(), tags.next()) {
        wanted.group_tag = Some(tag);
    }
    Ok(())
}

impl Source for Devices<'_> {
    async fn read(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<(Uuid, Value)>, GraphError> {
        let (desk, call) = (self.call.desk(), self.call);
        let (caller, customer) = (&call.caller, call.customer());
        let found = desk
            .devices(caller, customer, &self.wanted, before, limit)
            .await?;
        Ok(Page {
            items: items(call, self.query, &found.items).await?,
            next: found.next,
        })
    }

    async fn total(&self) -> Result<u64, GraphError> {
        let (desk, call) = (self.call.desk(), self.call);
        let totals = desk.device_totals(&call.caller, call.customer()).await?;
        Ok(totals.by_tag.iter().map(|(_, count)| count).sum())
    }
}

/// Devices of the caller's as they are shown, with what the query expands.
pub(super) async fn items(
    call: &Call,
    query: &Query,
    devices: &[Device],
) -> Result<Vec<(Uuid, Value)>, GraphError> {
    let (desk, caller) = (call.desk(), &call.caller);
    let mut noted = desk.properties(caller, devices).await?;
    let ids: Vec<_> = devices.iter().map(|device| device.id).collect();
    let had = match call.version {
        Version::V1 => HashMap::new(),
        Version::Beta => desk.profiles_of_devices(caller, &ids).await?,
    };
    let item = |device: &Device| {
        let noted = noted.remove(&device.id).unwrap_or_default();
        let profile = had.get(&device.id);
        let mut item = shown(call.version, device, &noted, profile.is_some());
        for name in EXPANDABLE.iter().filter(|name| query.expands(name)) {
            item[*name] = profile.map_or(Value::Null, profile::shown);
        }
        (device.id.0, item)
    };
    Ok(devices.iter().map(item).collect())
}

/// What can be asked for by `$expand` in a version.
pub(super) fn expandable(version: Version) -> &'static [&'static str] {
    match version {
        Version::V1 => &[],
        Version::Beta => &EXPANDABLE,
    }
}

fn options(call: &Call) -> Result<Query, GraphError> {
    call.options(&device::properties(call.version), expandable(call.version))
}

/// `GET …/{id}/deploymentProfile`, `…/{id}/intendedDeploymentProfile`: what the device downloads.
pub(super) async fn profile(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = call.options(&profile::PROPERTIES, &[])?;
    let (desk, caller, id) = (call.desk(), &call.caller, call.device()?);
    desk.device(caller, call.customer(), id).await?;
    let mut had = desk.profiles_of_devices(caller, &[id]).await?;
    let had = had.remove(&id).ok_or_else(GraphError::not_found)?;
    let context = call.context("deviceManagement/windowsAutopilotDeploymentProfiles/$entity");
    Ok(entity(
        StatusCode::OK,
        context,
        query.pick(profile::shown(&had)),
    ))
}

/// `GET …/windowsAutopilotDeviceIdentities`
pub(super) async fn list(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = options(&call)?;
    let source = Devices::new(&call, &query).await?;
    let found = listing::list(&source, &query).await?;
    Ok(Collection::of(&call, SET, found).into_response())
}

/// `GET …/windowsAutopilotDeviceIdentities/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<String, GraphError> {
    let query = options(&call)?;
    let source = Devices::new(&call, &query).await?;
    Ok(listing::count(&source, &query).await?.to_string())
}

/// `GET …/windowsAutopilotDeviceIdentities/{id}`
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = options(&call)?;
    let item = query.pick(item(&call, &query, call.device()?).await?);
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// The device with this id as it is shown.
async fn item(call: &Call, query: &Query, id: DeviceId) -> Result<Value, GraphError> {
    let found = call
        .desk()
        .device(&call.caller, call.customer(), id)
        .await?;
    let items = items(call, query, std::slice::from_ref(&found)).await?;
    let (_, item) = items.into_iter().next().ok_or_else(GraphError::not_found)?;
    Ok(item)
}

/// `POST …/windowsAutopilotDeviceIdentities`: registers one device at once, by its hash, which the
/// body has besides as `hardwareIdentifier`.
pub(super) async fn create(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let (desk, caller) = (call.desk(), &call.caller);
    let (sent, given): (Sent, identity::Sent) = body.read_twice("a device identity")?;
    let change = sent.change();
    let id = desk.register_now(caller, given.given()).await?;
    desk.change_properties(caller, id, change).await?;
    let item = item(&call, &Query::default(), id).await?;
    Ok(entity(StatusCode::CREATED, call.context(ENTITY), item))
}

/// `PATCH …/windowsAutopilotDeviceIdentities/{id}`
pub(super) async fn change(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let id = call.device()?;
    let (desk, caller) = (call.desk(), &call.caller);
    let known = desk.device(caller, call.customer(), id).await?;
    let sent: Sent = body.read("a device identity")?;
    if !sent.is_same(&known) {
        return Err(GraphError::input(
            "A device's identifiers can't be changed. Delete it and import it anew.",
        ));
    }
    desk.change_properties(caller, id, sent.change()).await?;
    let item = item(&call, &Query::default(), id).await?;
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// `DELETE …/windowsAutopilotDeviceIdentities/{id}`: releases it.
pub(super) async fn delete(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    let id = call.device()?;
    call.desk()
        .deregister(&call.caller, call.customer(), &[id])
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
