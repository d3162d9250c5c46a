//! What devices get: profiles given to them themselves, and which one each of them downloads.

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};

use registration::access::{Action, Scope};
use registration::clock::Timestamp;
use registration::customer_profile::{DEVICES_AT_ONCE, GivenProfile, ProfileOrigin};
use registration::device::Device;
use registration::ids::{DeviceId, OrganizationId, PolicyId, ProfileId};
use registration::organization::OrganizationKind;
use storage::Page;
use uuid::Uuid;

use super::ProfileView;
use crate::{Caller, Desk, DeskError, Result};

/// What a device gets, as far as the caller is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenView {
    /// The profile. A party is not told which of its customer's own it is, nor anything of another
    /// party's policy.
    pub profile: Option<ProfileView>,
    /// Why that one.
    pub origin: ProfileOrigin,
    /// Since when.
    pub since: Timestamp,
}

/// The profile that a device of the caller's would download now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HadProfile {
    /// The profile; it may also be a partner's configuration policy.
    pub profile: ProfileView,
    /// When it was assigned to the device.
    pub since: Timestamp,
}

impl Desk {
    /// Gives devices a profile of the caller's own before all others: all of them or none.
    pub async fn give_own_profile(
        &self,
        caller: &Caller,
        id: ProfileId,
        devices: &[DeviceId],
    ) -> Result<()> {
        let scope = self.own_scope(caller, id).await?;
        if devices.len() > DEVICES_AT_ONCE {
            return Err(DeskError::TooLarge {
                limit: DEVICES_AT_ONCE as u64,
                unit: "devices",
            });
        }
        let act = caller.act(self);
        Ok(self.storage.give_profile(&scope, &act, id, devices).await?)
    }

    /// The devices that have a profile now, newest first.
    pub async fn devices_of_profile(
        &self,
        caller: &Caller,
        id: ProfileId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<Device>> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        self.own_profile(caller, id).await?;
        let page = self.storage.devices_of_profile(&scope, id, before, limit);
        Ok(page.await?)
    }

    /// How many devices have a profile now.
    pub async fn count_devices_of_profile(&self, caller: &Caller, id: ProfileId) -> Result<u64> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        self.own_profile(caller, id).await?;
        let reach = self.storage.profile_reach(&scope).await?.into_iter();
        let mut found = reach.filter(|reach| reach.id == id);
        Ok(found.next().map_or(0, |reach| reach.devices))
    }

    /// Takes a profile of the caller's own back from a device that it was given to itself: the
    /// device goes back to what it has without it. `not_assigned_directly` where the device gets the
    /// profile by a group or not at all.
    pub async fn take_own_profile_back(
        &self,
        caller: &Caller,
        id: ProfileId,
        device: DeviceId,
    ) -> Result<()> {
        let scope = self.own_scope(caller, id).await?;
        self.device(caller, scope.organization_id(), device).await?;
        let act = caller.act(self);
        let taken = self
            .storage
            .take_profile_back(&scope, &act, id, &[device])
            .await?;
        if taken == 0 {
            return Err(DeskError::conflict(
                "not_assigned_directly",
                "This profile is not assigned to the device itself. What the device gets by its \
                 group tag, or as one of all devices, is taken back where the profile is assigned.",
            ));
        }
        Ok(())
    }

    /// What each of these devices of a customer would download now, where there is something, and
    /// why. A customer passes its own id.
    pub async fn given_profiles(
        &self,
        caller: &Caller,
        customer: OrganizationId,
        devices: &[DeviceId],
    ) -> Result<HashMap<DeviceId, GivenView>> {
        let scope = self
            .device_scope(caller, Action::ViewDevices, customer)
            .await?;
        let given = self
            .storage
            .profiles_of_devices(&scope, customer, devices, self.now())
            .await?;
        let mut views = BTreeMap::new();
        for (_, given) in &given {
            if let Entry::Vacant(place) = views.entry((given.origin, given.id)) {
                place.insert(self.view_of(&scope, *given).await?);
            }
        }
        let view = |(device, given): (DeviceId, GivenProfile)| {
            let GivenProfile { id, origin, since } = given;
            let profile = views.get(&(origin, id)).cloned().flatten();
            let view = GivenView {
                profile,
                origin,
                since,
            };
            (device, view)
        };
        Ok(given.into_iter().map(view).collect())
    }

    /// The profile that each of these devices of the caller's would download now, where there is
    /// one.
    pub async fn profiles_of_devices(
        &self,
        caller: &Caller,
        devices: &[DeviceId],
    ) -> Result<HashMap<DeviceId, HadProfile>> {
        caller.may(Action::ViewOwnProfiles)?;
        let customer = caller.organization.id;
        let given = self.given_profiles(caller, customer, devices).await?;
        let view = |(device, given): (DeviceId, GivenView)| {
            let (profile, since) = (given.profile?, given.since);
            Some((device, HadProfile { profile, since }))
        };
        Ok(given.into_iter().filter_map(view).collect())
    }

    /// The profile, as far as whoever has this scope is told of it.
    async fn view_of(&self, scope: &Scope, given: GivenProfile) -> Result<Option<ProfileView>> {
        let (id, is_customer) = (given.id, scope.kind() == OrganizationKind::Customer);
        match given.origin {
            origin if origin.is_customers_own() && !is_customer => Ok(None),
            ProfileOrigin::Device | ProfileOrigin::GroupTag | ProfileOrigin::AllDevices => {
                let own = self.storage.customer_profile(scope, id).await?;
                Ok(own.map(ProfileView::from))
            }
            ProfileOrigin::Policy => {
                let policy = self.storage.policy_of_device(PolicyId(id.0)).await?;
                let seen = policy
                    .filter(|policy| is_customer || policy.party_id == scope.organization_id());
                Ok(seen.map(|policy| policy.deployment_profile().into()))
            }
            ProfileOrigin::Catalogue => {
                let all = self.storage.profiles().await?.into_iter();
                let mut named = all.filter(|profile| profile.id == id);
                Ok(named.next().map(ProfileView::from))
            }
        }
    }
}
