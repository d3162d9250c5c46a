//! Deployment profiles as a customer sees them: its own, which it makes, changes and assigns, and
//! those of the service that the catalogue of group tags names, which it reads.

use std::collections::{BTreeSet, HashMap};

use registration::access::{Action, Scope};
use registration::clock::Timestamp;
use registration::customer_profile::{
    AssignmentTarget, CustomerProfile, CustomerSettings, DEVICES_AT_ONCE, ProfileAssignment,
    ProfileChange,
};
use registration::device::Device;
use registration::group::{ALL_DEVICES, Group};
use registration::group_tag::CATALOGUE;
use registration::ids::{DeviceId, PolicyId, ProfileId};
use registration::profile::DeploymentProfile;
use storage::Page;
use uuid::Uuid;

use crate::{Caller, Desk, DeskError, Result};

/// A profile as a customer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileView {
    /// Its id.
    pub id: ProfileId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its choices.
    pub settings: CustomerSettings,
    /// When it was made, as far as that is known.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl From<CustomerProfile> for ProfileView {
    fn from(profile: CustomerProfile) -> Self {
        Self {
            id: profile.id,
            name: profile.name,
            description: profile.description,
            settings: profile.settings,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
        }
    }
}

impl From<DeploymentProfile> for ProfileView {
    fn from(profile: DeploymentProfile) -> Self {
        Self {
            id: profile.id,
            name: profile.name,
            description: String::new(),
            settings: CustomerSettings {
                deployment: profile.settings,
                ..CustomerSettings::default()
            },
            created_at: profile.updated_at,
            updated_at: profile.updated_at,
        }
    }
}

/// Whom a profile is to be assigned to, as a client names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetForm {
    /// The devices of this group.
    Group(Uuid),
    /// Not the devices of this group.
    Exclusion(Uuid),
    /// All devices.
    AllDevices,
}

impl Desk {
    /// The profiles of the service that the catalogue names, and the caller's own, each by name.
    pub async fn own_profiles(&self, caller: &Caller) -> Result<Vec<ProfileView>> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        let mut all: Vec<ProfileView> = self.named_by_catalogue().await?;
        let own = self.storage.customer_profiles(&scope).await?;
        all.extend(own.into_iter().map(ProfileView::from));
        Ok(all)
    }

    /// One of them.
    pub async fn own_profile(&self, caller: &Caller, id: ProfileId) -> Result<ProfileView> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        if let Some(found) = self.storage.customer_profile(&scope, id).await? {
            return Ok(found.into());
        }
        let named = self.named_by_catalogue().await?;
        let found = named.into_iter().find(|profile| profile.id == id);
        found.ok_or(DeskError::NotFound)
    }

    /// Makes a profile of the caller's own.
    pub async fn make_own_profile(
        &self,
        caller: &Caller,
        change: ProfileChange,
    ) -> Result<ProfileView> {
        let scope = caller.may(Action::ManageOwnProfiles)?;
        let act = caller.act(self);
        let blank = CustomerProfile::new(ProfileId(self.uuid()), scope.organization_id(), act.at);
        let profile = blank.changed(change, act.at)?;
        self.storage
            .make_customer_profile(&scope, &act, profile.clone())
            .await?;
        Ok(profile.into())
    }

    /// Changes one. Devices get it when they next ask.
    pub async fn change_own_profile(
        &self,
        caller: &Caller,
        id: ProfileId,
        change: ProfileChange,
    ) -> Result<ProfileView> {
        let scope = self.own_scope(caller, id).await?;
        let changed = self
            .storage
            .change_customer_profile(&scope, &caller.act(self), id, change)
            .await?;
        self.forget_copies();
        Ok(changed.into())
    }

    /// Deletes one with its assignments. Devices that have it go back to what they have without it.
    pub async fn delete_own_profile(&self, caller: &Caller, id: ProfileId) -> Result<()> {
        let scope = self.own_scope(caller, id).await?;
        self.storage
            .delete_customer_profile(&scope, &caller.act(self), id)
            .await?;
        self.forget_copies();
        Ok(())
    }

    /// Whom a profile is assigned to; one of the service to the groups whose tags name it.
    pub async fn profile_assignments(
        &self,
        caller: &Caller,
        id: ProfileId,
    ) -> Result<Vec<ProfileAssignment>> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        if self.storage.customer_profile(&scope, id).await?.is_some() {
            let mut own = self.storage.profile_assignments(&scope).await?;
            own.retain(|assignment| assignment.profile_id == id);
            return Ok(own);
        }
        let tags = self.tags().await?.into_iter();
        let named = tags.filter(|named| named.profile.id == id);
        let assignments: Vec<_> = named
            .map(|named| ProfileAssignment {
                profile_id: id,
                target: AssignmentTarget::Group(named.tag.tag.to_owned()),
            })
            .collect();
        if assignments.is_empty() {
            return Err(DeskError::NotFound);
        }
        Ok(assignments)
    }

    /// One assignment by the id that clients have of it.
    pub async fn profile_assignment(
        &self,
        caller: &Caller,
        id: ProfileId,
        assignment: &str,
    ) -> Result<ProfileAssignment> {
        let customer = caller.organization.id;
        let all = self.profile_assignments(caller, id).await?;
        let named = |own: &ProfileAssignment| own.id(customer).eq_ignore_ascii_case(assignment);
        all.into_iter().find(named).ok_or(DeskError::NotFound)
    }

    /// Assigns a profile of the caller's own. What is assigned already stays so.
    pub async fn assign_own_profile(
        &self,
        caller: &Caller,
        id: ProfileId,
        target: TargetForm,
    ) -> Result<ProfileAssignment> {
        self.reassign(caller, id, None, Some(target))
            .await?
            .ok_or(DeskError::NotFound)
    }

    /// Assigns it to others instead.
    pub async fn change_own_assignment(
        &self,
        caller: &Caller,
        id: ProfileId,
        assignment: &str,
        target: TargetForm,
    ) -> Result<ProfileAssignment> {
        let changed = self
            .reassign(caller, id, Some(assignment), Some(target))
            .await?;
        changed.ok_or(DeskError::NotFound)
    }

    /// Takes an assignment back.
    pub async fn unassign_own_profile(
        &self,
        caller: &Caller,
        id: ProfileId,
        assignment: &str,
    ) -> Result<()> {
        self.reassign(caller, id, Some(assignment), None).await?;
        Ok(())
    }

    async fn reassign(
        &self,
        caller: &Caller,
        id: ProfileId,
        from: Option<&str>,
        to: Option<TargetForm>,
    ) -> Result<Option<ProfileAssignment>> {
        let scope = self.own_scope(caller, id).await?;
        let from = match from {
            Some(assignment) => Some(self.profile_assignment(caller, id, assignment).await?),
            None => None,
        };
        let to = match to {
            Some(target) => Some(ProfileAssignment {
                profile_id: id,
                target: self.target(caller, target).await?,
            }),
            None => None,
        };
        self.storage
            .change_assignment(&scope, &caller.act(self), from, to.clone())
            .await?;
        Ok(to)
    }

    async fn target(&self, caller: &Caller, form: TargetForm) -> Result<AssignmentTarget> {
        let group = match form {
            TargetForm::AllDevices | TargetForm::Group(ALL_DEVICES) => {
                return Ok(AssignmentTarget::AllDevices);
            }
            TargetForm::Group(id) | TargetForm::Exclusion(id) => id,
        };
        let known = self.groups(caller).await?;
        let found = known.into_iter().find(|known| known.id == group);
        let tag = found.map(|found| found.tag).ok_or_else(|| {
            DeskError::field(
                "groupId",
                "There is no such group. There is one for each group tag: ask for them at groups.",
            )
        })?;
        Ok(match form {
            TargetForm::Exclusion(_) => AssignmentTarget::Exclusion(tag),
            _ => AssignmentTarget::Group(tag),
        })
    }

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

    /// The profile that each of these devices of the caller's would download now, where there is
    /// one: it may also be a partner's configuration policy.
    pub async fn profiles_of_devices(
        &self,
        caller: &Caller,
        devices: &[DeviceId],
    ) -> Result<HashMap<DeviceId, ProfileView>> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        let had = self.storage.profiles_of_devices(&scope, devices).await?;
        let mut views = HashMap::new();
        for profile in had.iter().map(|(_, id)| *id).collect::<BTreeSet<_>>() {
            let view = self.view_of(&scope, profile).await?;
            views.extend(view.map(|view| (profile, view)));
        }
        let view = |(device, id)| Some((device, views.get(&id)?.clone()));
        Ok(had.into_iter().filter_map(view).collect())
    }

    async fn view_of(&self, scope: &Scope, id: ProfileId) -> Result<Option<ProfileView>> {
        if let Some(own) = self.storage.customer_profile(scope, id).await? {
            return Ok(Some(own.into()));
        }
        let profiles = self.storage.profiles().await?;
        if let Some(named) = profiles.into_iter().find(|profile| profile.id == id) {
            return Ok(Some(named.into()));
        }
        let policy = self.storage.policy_of_device(PolicyId(id.0)).await?;
        Ok(policy.map(|policy| policy.deployment_profile().into()))
    }

    /// The groups of the caller's devices: one for each group tag of the catalogue, of its devices
    /// and of its assignments.
    pub async fn groups(&self, caller: &Caller) -> Result<Vec<Group>> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        let customer = scope.organization_id();
        let devices = self
            .storage
            .device_totals(&scope, customer, self.now())
            .await?;
        let assigned = self.storage.profile_assignments(&scope).await?;
        let of_catalogue = CATALOGUE.iter().map(|tag| tag.tag.to_owned());
        let of_devices = devices.by_tag.into_iter().map(|(tag, _)| tag);
        let of_assignments = assigned.into_iter().filter_map(|own| match own.target {
            AssignmentTarget::Group(tag) | AssignmentTarget::Exclusion(tag) => Some(tag),
            AssignmentTarget::AllDevices => None,
        });
        let tags: BTreeSet<_> = of_catalogue
            .chain(of_devices)
            .chain(of_assignments)
            .collect();
        let tags = tags.into_iter().filter(|tag| !tag.is_empty());
        Ok(tags.map(|tag| Group::of(customer, &tag)).collect())
    }

    /// The scope in which a profile of the caller's own is changed. One of the service is not the
    /// caller's to change.
    async fn own_scope(&self, caller: &Caller, id: ProfileId) -> Result<Scope> {
        let scope = caller.may(Action::ManageOwnProfiles)?;
        if self.storage.customer_profile(&scope, id).await?.is_some() {
            return Ok(scope);
        }
        self.own_profile(caller, id).await?;
        Err(DeskError::Forbidden(
            "This profile is the service's own. Make a profile of your own and assign that."
                .to_owned(),
        ))
    }

    /// The profiles of the service that a group tag of the catalogue names.
    async fn named_by_catalogue(&self) -> Result<Vec<ProfileView>> {
        let tags = self.tags().await?;
        let mut named: Vec<ProfileView> = Vec::new();
        for tag in tags {
            if named.iter().all(|known| known.id != tag.profile.id) {
                named.push(tag.profile.into());
            }
        }
        named.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(named)
    }
}
