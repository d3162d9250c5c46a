//! To which groups of its devices a customer assigns its profiles.

use std::collections::BTreeSet;

use registration::access::Action;
use registration::customer_profile::{AssignmentTarget, ProfileAssignment};
use registration::group::{ALL_DEVICES, Group};
use registration::group_tag::CATALOGUE;
use registration::ids::ProfileId;
use uuid::Uuid;

use super::of_catalogue;
use crate::{Caller, Desk, DeskError, Result};

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
        let mut assignments = of_catalogue(&self.tags().await?);
        assignments.retain(|assignment| assignment.profile_id == id);
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
}
