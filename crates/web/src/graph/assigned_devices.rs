//! The devices of a deployment profile: `…/assign` gives it to some of them themselves,
//! `…/assignedDevices` tells which have it, by whatever assignment, and takes it back from one.

use axum::http::StatusCode;
use axum::response::Response;
use registration::ids::{DeviceId, ProfileId};
use serde::Deserialize;
use serde_json::Value;
use service::Page;
use uuid::Uuid;

use super::body::Body;
use super::call::{Call, ManagesProfiles, Reads};
use super::collection::{Collection, entity};
use super::device;
use super::devices;
use super::error::GraphError;
use super::listing::{self, Source};
use super::odata::Query;

const DEVICES: &str = "deviceManagement/windowsAutopilotDeviceIdentities";
const ENTITY: &str = "deviceManagement/windowsAutopilotDeviceIdentities/$entity";

/// Devices that are to have a profile; names are in lower case by then.
#[derive(Deserialize)]
pub(super) struct Devices {
    #[serde(rename = "deviceids")]
    ids: Vec<String>,
}

/// `POST …/windowsAutopilotDeploymentProfiles/{id}/assign`
pub(super) async fn assign(
    ManagesProfiles(call): ManagesProfiles,
    body: Body,
) -> Result<StatusCode, GraphError> {
    let profile = call.profile()?;
    let sent = body.read::<Devices>("an object with deviceIds, a list of ids of devices")?;
    let ids: Result<Vec<DeviceId>, _> = sent.ids.iter().map(|id| id.trim().parse()).collect();
    let ids = ids.map_err(|_| GraphError::input("Every one of deviceIds must be a GUID."))?;
    call.desk()
        .give_own_profile(&call.caller, profile, &ids)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The devices that have a profile.
struct Assigned<'a> {
    call: &'a Call,
    query: &'a Query,
    profile: ProfileId,
}

impl Source for Assigned<'_> {
    async fn read(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<(Uuid, Value)>, GraphError> {
        let (desk, caller) = (self.call.desk(), &self.call.caller);
        let found = desk
            .devices_of_profile(caller, self.profile, before, limit)
            .await?;
        Ok(Page {
            items: devices::items(self.call, self.query, &found.items).await?,
            next: found.next,
        })
    }

    async fn total(&self) -> Result<u64, GraphError> {
        let (desk, caller) = (self.call.desk(), &self.call.caller);
        Ok(desk.count_devices_of_profile(caller, self.profile).await?)
    }
}

/// The query options that a list of devices takes.
fn assigned_options(call: &Call) -> Result<Query, GraphError> {
    let expandable = devices::expandable(call.version);
    call.options(&device::properties(call.version), expandable)
}

impl<'a> Assigned<'a> {
    fn new(call: &'a Call, query: &'a Query) -> Result<Self, GraphError> {
        Ok(Self {
            call,
            query,
            profile: call.profile()?,
        })
    }
}

/// `GET …/windowsAutopilotDeploymentProfiles/{id}/assignedDevices`
pub(super) async fn list(Reads(call): Reads) -> Result<Collection, GraphError> {
    let query = assigned_options(&call)?;
    let source = Assigned::new(&call, &query)?;
    let found = listing::list(&source, &query).await?;
    Ok(Collection::of(&call, DEVICES, found))
}

/// `GET …/windowsAutopilotDeploymentProfiles/{id}/assignedDevices/$count`
pub(super) async fn count(Reads(call): Reads) -> Result<String, GraphError> {
    let query = assigned_options(&call)?;
    let source = Assigned::new(&call, &query)?;
    Ok(listing::count(&source, &query).await?.to_string())
}

/// The device in the address.
fn of_address(call: &Call) -> Result<DeviceId, GraphError> {
    call.id("device").map(DeviceId)
}

/// `GET …/assignedDevices/{device}`: one that has another profile is not there.
pub(super) async fn one(Reads(call): Reads) -> Result<Response, GraphError> {
    let query = assigned_options(&call)?;
    let (desk, caller) = (call.desk(), &call.caller);
    let (profile, id) = (call.profile()?, of_address(&call)?);
    desk.own_profile(caller, profile).await?;
    let device = desk.device(caller, call.customer(), id).await?;
    let had = desk.profiles_of_devices(caller, &[id]).await?;
    if had.get(&id).is_none_or(|had| had.profile.id != profile) {
        return Err(GraphError::not_found());
    }
    let items = devices::items(&call, &query, std::slice::from_ref(&device)).await?;
    let (_, item) = items.into_iter().next().ok_or_else(GraphError::not_found)?;
    Ok(entity(
        StatusCode::OK,
        call.context(ENTITY),
        query.pick(item),
    ))
}

/// `DELETE …/assignedDevices/{device}`: takes back what `…/assign` gave; the device stays.
pub(super) async fn take_back(
    ManagesProfiles(call): ManagesProfiles,
) -> Result<StatusCode, GraphError> {
    let (profile, device) = (call.profile()?, of_address(&call)?);
    call.desk()
        .take_own_profile_back(&call.caller, profile, device)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
