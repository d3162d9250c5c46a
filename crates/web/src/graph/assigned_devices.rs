//! The devices of a deployment profile: `…/assign` gives it to some of them themselves,
//! `…/assignedDevices` tells which have it, by whatever assignment, and takes it back from one.

use axum::http::StatusCode;
use registration::ids::{DeviceId, ProfileId};
use serde::Deserialize;
use serde_json::Value;
use service::Page;
use uuid::Uuid;

use super::body::Body;
use super::call::{Call, ManagesProfiles, Reads};
use super::collection::Collection;
use super::device;
use super::devices;
use super::error::GraphError;
use super::listing::{self, Source};
use super::odata::{Expand, Query};

const DEVICES: &str = "deviceManagement/windowsAutopilotDeviceIdentities";

/// Devices of a profile that come by `$expand`.
const EXPANDED: usize = 20;

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

/// The first devices that have a profile, and where the others are, for `$expand`.
pub(super) async fn first(
    call: &Call,
    profile: ProfileId,
    asked: &Expand,
) -> Result<(Vec<Value>, Option<String>), GraphError> {
    let query = Query::default();
    let source = Assigned {
        call,
        query: &query,
        profile,
    };
    let page = source.read(None, EXPANDED).await?;
    let next = page.next.map(|id| {
        let select = if asked.select.is_empty() {
            String::new()
        } else {
            format!("&$select={}", asked.select.join(","))
        };
        call.address(&format!(
            "deviceManagement/windowsAutopilotDeploymentProfiles/{profile}/assignedDevices\
             ?$skiptoken={id}{select}"
        ))
    });
    let items = page.items.into_iter().map(|(_, item)| item);
    Ok((items.collect(), next))
}

/// The device in the address.
fn of_address(call: &Call) -> Result<DeviceId, GraphError> {
    call.id("device").map(DeviceId)
}

/// The device in the address, if it has the profile there: one that has another is not there.
pub(super) async fn addressed(call: &Call) -> Result<DeviceId, GraphError> {
    let (desk, caller) = (call.desk(), &call.caller);
    let (profile, id) = (call.profile()?, of_address(call)?);
    desk.own_profile(caller, profile).await?;
    desk.device(caller, call.customer(), id).await?;
    let had = desk.profiles_of_devices(caller, &[id]).await?;
    let has_it = had.get(&id).is_some_and(|had| had.profile.id == profile);
    has_it.then_some(id).ok_or_else(GraphError::not_found)
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
