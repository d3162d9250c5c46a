//! The calls about registered devices: `windowsAutopilotDeviceIdentities` (api.md 5.2).

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::device::Device;
use registration::ids::DeviceId;
use serde_json::Value;
use service::Page;
use uuid::Uuid;

use super::body::Body;
use super::call::{Call, Reads, Registers, Version};
use super::collection::{Collection, entity};
use super::device::{self, Sent, shown};
use super::error::GraphError;
use super::identity;
use super::listing::{self, Source};
use super::narrowed::Narrowed;
use super::odata::{Expandable, Filter, PropertyPath, Query};
use super::profile;

const SET: &str = "deviceManagement/windowsAutopilotDeviceIdentities";
const ENTITY: &str = "deviceManagement/windowsAutopilotDeviceIdentities/$entity";

const EXPANDABLE: [Expandable<'_>; 2] = [
    ("deploymentProfile", &profile::PROPERTIES),
    ("intendedDeploymentProfile", &profile::PROPERTIES),
];

/// The caller's devices in the database, as far as it narrows them down.
struct Devices<'a> {
    call: &'a Call,
    query: &'a Query,
    narrowed: Narrowed,
}

impl<'a> Devices<'a> {
    async fn new(call: &'a Call, query: &'a Query) -> Result<Self, GraphError> {
        Ok(Self {
            call,
            query,
            narrowed: Narrowed::of(call, query.filter.as_ref()).await?,
        })
    }
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
            .devices(caller, customer, &self.narrowed.wanted, before, limit)
            .await?;
        Ok(Page {
            items: items(call, self.query, &found.items).await?,
            next: found.next,
        })
    }

    async fn look(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<(Uuid, Value)>, GraphError> {
        let paths = self.query.filter.iter().flat_map(Filter::paths);
        let asked: Vec<_> = paths.map(PropertyPath::property).collect();
        if asked.iter().any(|name| device::tells_profile(name)) {
            return self.read(before, limit).await;
        }
        let (desk, call) = (self.call.desk(), self.call);
        let wanted = &self.narrowed.wanted;
        let found = desk.devices(&call.caller, call.customer(), wanted, before, limit);
        let found = found.await?;
        let mut noted = if asked.iter().all(|name| device::is_on_record(name)) {
            HashMap::new()
        } else {
            desk.properties(&call.caller, &found.items).await?
        };
        let item = |device: &Device| {
            let noted = noted.remove(&device.id).unwrap_or_default();
            (device.id.0, shown(call.version, device, &noted, None))
        };
        Ok(Page {
            items: found.items.iter().map(item).collect(),
            next: found.next,
        })
    }

    async fn total(&self) -> Result<u64, GraphError> {
        let (desk, call) = (self.call.desk(), self.call);
        let wanted = &self.narrowed.wanted;
        let counted = desk.count_devices(&call.caller, call.customer(), wanted);
        Ok(counted.await?)
    }

    fn counts_what_is_asked(&self) -> bool {
        self.narrowed.says_all
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
        let had = had.get(&device.id);
        let mut item = shown(call.version, device, &noted, had.map(|had| had.since));
        for (name, _) in EXPANDABLE.iter().filter(|(name, _)| query.expands(name)) {
            item[*name] = had.map_or(Value::Null, |had| profile::shown(&had.profile));
        }
        (device.id.0, item)
    };
    Ok(devices.iter().map(item).collect())
}

/// What can be asked for by `$expand` in a version.
pub(super) fn expandable(version: Version) -> &'static [Expandable<'static>] {
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
    let (desk, caller, id) = (call.desk(), &call.caller, call.addressed_device().await?);
    desk.device(caller, call.customer(), id).await?;
    let mut had = desk.profiles_of_devices(caller, &[id]).await?;
    let had = had.remove(&id).ok_or_else(GraphError::not_found)?;
    let context = call.context("deviceManagement/windowsAutopilotDeploymentProfiles/$entity");
    Ok(entity(
        StatusCode::OK,
        context,
        query.pick(profile::shown(&had.profile)),
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
    let item = query.pick(item(&call, &query, call.addressed_device().await?).await?);
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
    let change = sent.change(call.version)?;
    let id = desk.register_now(caller, given.given()).await?;
    desk.change_properties(caller, id, change).await?;
    let item = item(&call, &Query::default(), id).await?;
    Ok(entity(StatusCode::CREATED, call.context(ENTITY), item))
}

/// `PATCH …/windowsAutopilotDeviceIdentities/{id}`
pub(super) async fn change(Registers(call): Registers, body: Body) -> Result<Response, GraphError> {
    let id = call.addressed_device().await?;
    let (desk, caller) = (call.desk(), &call.caller);
    let known = desk.device(caller, call.customer(), id).await?;
    let sent: Sent = body.read("a device identity")?;
    if !sent.is_same(&known) {
        return Err(GraphError::input(
            "A device's identifiers can't be changed. Delete it and import it anew.",
        ));
    }
    let change = sent.change(call.version)?;
    desk.change_properties(caller, id, change).await?;
    let item = item(&call, &Query::default(), id).await?;
    Ok(entity(StatusCode::OK, call.context(ENTITY), item))
}

/// `DELETE …/windowsAutopilotDeviceIdentities/{id}`: releases it.
pub(super) async fn delete(Registers(call): Registers) -> Result<StatusCode, GraphError> {
    let id = call.addressed_device().await?;
    call.desk()
        .deregister(&call.caller, call.customer(), &[id])
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
