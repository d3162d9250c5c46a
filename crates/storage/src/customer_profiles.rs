//! Deployment profiles of a customer's own, and which of its devices get them.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::clock::Timestamp;
use registration::customer_profile::{
    CustomerProfile, GivenProfile, ProfileAssignment, ProfileChange, ProfileReach,
};
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, ProfileId};
use uuid::Uuid;

use crate::{Page, Result};

/// A customer's own profiles. Everything is about the scope's organization: to others there is
/// nothing (`NotFound`), except where a customer is named.
#[async_trait]
pub trait CustomerProfiles: Send + Sync {
    /// All of them, by name.
    async fn customer_profiles(&self, scope: &Scope) -> Result<Vec<CustomerProfile>>;

    /// One of them.
    async fn customer_profile(
        &self,
        scope: &Scope,
        id: ProfileId,
    ) -> Result<Option<CustomerProfile>>;

    /// Makes one. `Conflict::CustomerProfileNameTaken`, `Refused::TooManyProfiles`. Audit:
    /// `OwnProfileMade`.
    async fn make_customer_profile(
        &self,
        scope: &Scope,
        act: &Act,
        profile: CustomerProfile,
    ) -> Result<()>;

    /// Changes one; the answer is what it is now. `Refused::Profile` where the change does not
    /// fit. Audit: `OwnProfileChanged`.
    async fn change_customer_profile(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        change: ProfileChange,
    ) -> Result<CustomerProfile>;

    /// Deletes one, with its assignments; devices that have it go back to what they have without
    /// it. Audit: `OwnProfileDeleted`.
    async fn delete_customer_profile(&self, scope: &Scope, act: &Act, id: ProfileId) -> Result<()>;

    /// All assignments of all of them.
    async fn profile_assignments(&self, scope: &Scope) -> Result<Vec<ProfileAssignment>>;

    /// Assigns a profile (`to`), takes an assignment back (`from`), or both. What is assigned
    /// already stays so, without a second line in the audit log. `NotFound` if there is no such
    /// profile, or nothing like `from`; `Refused::TooManyAssignments`. Audit: `OwnProfileAssigned`,
    /// `OwnProfileUnassigned`.
    async fn change_assignment(
        &self,
        scope: &Scope,
        act: &Act,
        from: Option<ProfileAssignment>,
        to: Option<ProfileAssignment>,
    ) -> Result<()>;

    /// Gives devices a profile before all others. All or none: `NotFound` if one is not the
    /// customer's. Audit: `DeviceProfileSet` for each that had another.
    async fn give_profile(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        devices: &[DeviceId],
    ) -> Result<()>;

    /// Takes a profile back that was given to devices themselves; those that have another, or are
    /// not the customer's, stay as they are. The answer is from how many it was taken. `NotFound` if
    /// there is no such profile. Audit: `DeviceProfileTakenBack` for each.
    async fn take_profile_back(
        &self,
        scope: &Scope,
        act: &Act,
        id: ProfileId,
        devices: &[DeviceId],
    ) -> Result<u64>;

    /// How many devices have which profile or policy; those that none has are left out.
    async fn profile_reach(&self, scope: &Scope) -> Result<Vec<ProfileReach>>;

    /// The devices that have a profile now, by whatever assignment: any profile or policy. Newest
    /// first, before the id `before`.
    async fn devices_of_profile(
        &self,
        scope: &Scope,
        id: ProfileId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Device>>;

    /// Which profile or policy each of these devices of a customer has now, why, and since when; those
    /// without are left out. A party is told of the devices that it sees ([`crate::devices::Devices`]).
    async fn profiles_of_devices(
        &self,
        scope: &Scope,
        customer: OrganizationId,
        devices: &[DeviceId],
        now: Timestamp,
    ) -> Result<Vec<(DeviceId, GivenProfile)>>;

    /// A profile, for a device that has it: the device's own identity was proven before.
    async fn customer_profile_of_device(&self, id: ProfileId) -> Result<Option<CustomerProfile>>;
}
