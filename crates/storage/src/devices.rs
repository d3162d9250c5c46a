//! Registered devices: lists, release, change of tag, and the device that asks.

use async_trait::async_trait;
use device_list::IdentityKey;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::device::{Device, DeviceState};
use registration::ids::{BatchId, DeviceId, OrganizationId, ProfileId};
use registration::upload::UploadRowResult;

use crate::Result;
use crate::submissions::RequestKey;

/// Which devices of a customer to list. Every part narrows further.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceFilter {
    /// Those of one batch.
    pub batch: Option<BatchId>,
    /// Those registered by one organization.
    pub registered_by: Option<OrganizationId>,
    /// Those with this group tag.
    pub group_tag: Option<String>,
    /// Those to which their customer assigned this profile of its own themselves.
    pub given_profile: Option<ProfileId>,
    /// Those in one of the states of a registered device.
    pub state: Option<DeviceState>,
    /// Those of this manufacturer; the case of ASCII letters plays no part.
    pub manufacturer: Option<String>,
    /// Those of this model, likewise.
    pub model: Option<String>,
    /// Those that asked for their profile, or never did.
    pub contacted: Option<bool>,
    /// Those that asked last at this moment or after it.
    pub contacted_from: Option<Timestamp>,
    /// Those that asked last before this moment, or never did.
    pub contacted_before: Option<Timestamp>,
    /// Those with exactly this folded serial number.
    pub serial: Option<String>,
    /// Those whose folded serial number has this in it.
    pub serial_contains: Option<String>,
    /// Those that have one of these identity keys, or whose folded serial number begins with
    /// `serial_prefix`, or whose SMBIOS UUID is this one.
    pub search: Option<DeviceSearch>,
}

/// What was typed into the search box, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceSearch {
    /// Identity keys it stands for (a PKID, or all those of a hash).
    pub keys: Vec<IdentityKey>,
    /// The beginning of a serial number, folded ([`device_list::SerialNumber::folded`]).
    pub serial_prefix: Option<String>,
    /// An SMBIOS UUID.
    pub smbios_uuid: Option<[u8; 16]>,
}

/// How many devices a customer has, for charts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceTotals {
    /// By group tag, in the order of the tags' text.
    pub by_tag: Vec<(String, u64)>,
    /// Ready for user, active, inactive.
    pub by_state: [u64; 3],
}

/// What a device that asks is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The device.
    pub device_id: DeviceId,
    /// Whose it is: tenant id of the profile.
    pub customer_id: OrganizationId,
    /// The domain of the customer.
    pub customer_domain: String,
    /// Its group tag.
    pub group_tag: String,
    /// The profile of its customer's own that it has, else the configuration policy, else the
    /// deployment profile that its tag names now. It has none where its tag is not of the catalogue
    /// and nobody gave it another.
    pub profile_id: Option<ProfileId>,
    /// When it asked before this time.
    pub last_asked_at: Option<Timestamp>,
}

/// Devices. A customer sees its own; a party those it registered for customers whose
/// relationship with it is active at `now`.
#[async_trait]
pub trait Devices: Send + Sync {
    /// Devices of a customer, newest first (by id, descending), before the id `before`.
    async fn devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        filter: &DeviceFilter,
        now: Timestamp,
        before: Option<uuid::Uuid>,
        limit: usize,
    ) -> Result<crate::Page<Device>>;

    /// How many devices of a customer the filter lets through.
    async fn count_devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        filter: &DeviceFilter,
        now: Timestamp,
    ) -> Result<u64>;

    /// One device.
    async fn device(
        &self,
        scope: &Scope,
        id: DeviceId,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Option<Device>>;

    /// Those of these devices that the scope sees, in no order.
    async fn devices_of(
        &self,
        scope: &Scope,
        devices: &[DeviceId],
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<Device>>;

    /// Counts over the devices of a customer that the scope sees.
    async fn device_totals(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        now: Timestamp,
    ) -> Result<DeviceTotals>;

    /// Rows of the customer's own uploads that wait or failed, newest upload first: devices that
    /// are "Registration pending" or "Registration failed". Only for the customer's scope.
    async fn unregistered_rows(
        &self,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<(registration::ids::UploadId, UploadRowResult)>>;

    /// Releases devices: the row, its keys and its hash go; the audit log keeps that it was.
    /// `act.at` is "now" for the relationship. Those out of sight are left out: the answer lists
    /// the ones released. Audit: `DeviceDeregistered` each (target: serial or PKID or id; detail:
    /// tag and who had registered it), concerning the customer or, when the customer does it, the
    /// party that had registered it.
    async fn deregister(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        devices: &[DeviceId],
    ) -> Result<Vec<DeviceId>>;

    /// Releases one device as [`Self::deregister`] does; `NotFound` if it is out of sight. Sent again
    /// with the same key, it does nothing (`Refused::RequestIdReused` if the key said something
    /// else).
    async fn deregister_once(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        device: DeviceId,
        key: RequestKey,
    ) -> Result<()>;

    /// Gives devices another group tag (checked by the caller). Sight and answer as in
    /// [`Self::deregister`]. Audit: `DeviceRetagged` each (detail: before → after).
    async fn change_group_tag(
        &self,
        scope: &Scope,
        act: &Act,
        customer: OrganizationId,
        devices: &[DeviceId],
        group_tag: &str,
    ) -> Result<Vec<DeviceId>>;

    /// The registered device that has one of these keys (the first of them that is on record
    /// decides), with what its tag names now. A device on record with an SMBIOS UUID is only
    /// found by keys if `smbios_uuid` is the same: a hash that merely repeats a guessed serial
    /// number learns nothing. `None` for `smbios_uuid` skips that check (an ask by PKID or tuple,
    /// which the operator allowed).
    async fn find_asking(
        &self,
        keys: &[IdentityKey],
        smbios_uuid: Option<Option<[u8; 16]>>,
    ) -> Result<Option<Asked>>;

    /// Notes when devices last asked; later times win.
    async fn note_asked(&self, asked: &[(OrganizationId, DeviceId, Timestamp)]) -> Result<()>;
}
