//! Deployment profiles as a customer sees them: its own, which it makes, changes and assigns, and
//! those of the service that the catalogue of group tags names, which it reads.

mod assignments;
mod given;

use registration::access::{Action, Scope};
use registration::clock::Timestamp;
use registration::customer_profile::{
    AssignmentTarget, CustomerProfile, CustomerSettings, ProfileAssignment, ProfileChange,
    ProfileReach,
};
use registration::ids::ProfileId;
use registration::profile::DeploymentProfile;

use crate::profiles::TagView;
use crate::{Caller, Desk, DeskError, Result};

pub use self::assignments::TargetForm;
pub use self::given::{GivenView, HadProfile};

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

/// A profile and what is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileUse {
    /// The profile.
    pub profile: ProfileView,
    /// Whether it is the customer's own: those of the service are there to read.
    pub is_own: bool,
    /// Whom it is assigned to; one of the service to the groups whose tags name it.
    pub assignments: Vec<ProfileAssignment>,
    /// Devices that get it.
    pub devices: u64,
    /// Those of them to which it is assigned itself.
    pub directly: u64,
}

impl ProfileUse {
    fn new(
        profile: ProfileView,
        is_own: bool,
        mut assignments: Vec<ProfileAssignment>,
        reach: &[ProfileReach],
    ) -> Self {
        assignments.retain(|assignment| assignment.profile_id == profile.id);
        let reach = reach.iter().find(|reach| reach.id == profile.id);
        Self {
            is_own,
            assignments,
            devices: reach.map_or(0, |reach| reach.devices),
            directly: reach.map_or(0, |reach| reach.directly),
            profile,
        }
    }

    /// Whether it is assigned to anything.
    pub fn is_assigned(&self) -> bool {
        self.directly > 0 || !self.assignments.is_empty()
    }
}

/// The assignments of the service's profiles: to the group tags that name them.
fn of_catalogue(tags: &[TagView]) -> Vec<ProfileAssignment> {
    let assignment = |named: &TagView| ProfileAssignment {
        profile_id: named.profile.id,
        target: AssignmentTarget::Group(named.tag.tag.to_owned()),
    };
    tags.iter().map(assignment).collect()
}

impl Desk {
    /// The caller's own profiles, by name, and behind them those of the service that the catalogue
    /// names, with what is made of each.
    pub async fn profile_uses(&self, caller: &Caller) -> Result<Vec<ProfileUse>> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        let reach = self.storage.profile_reach(&scope).await?;
        let assigned = self.storage.profile_assignments(&scope).await?;
        let of_catalogue = of_catalogue(&self.tags().await?);
        let own = self.storage.customer_profiles(&scope).await?.into_iter();
        let own = own.map(|own| ProfileUse::new(own.into(), true, assigned.clone(), &reach));
        let mut uses: Vec<_> = own.collect();
        for named in self.named_by_catalogue().await? {
            let assigned = of_catalogue.clone();
            uses.push(ProfileUse::new(named, false, assigned, &reach));
        }
        Ok(uses)
    }

    /// One of them.
    pub async fn profile_use(&self, caller: &Caller, id: ProfileId) -> Result<ProfileUse> {
        let all = self.profile_uses(caller).await?.into_iter();
        let mut found = all.filter(|used| used.profile.id == id);
        found.next().ok_or(DeskError::NotFound)
    }

    /// The profiles of the caller's own, by name.
    pub async fn customer_profiles(&self, caller: &Caller) -> Result<Vec<ProfileView>> {
        let scope = caller.may(Action::ViewOwnProfiles)?;
        let own = self.storage.customer_profiles(&scope).await?;
        Ok(own.into_iter().map(ProfileView::from).collect())
    }

    /// The profiles of the service that the catalogue names, and the caller's own, each by name.
    pub async fn own_profiles(&self, caller: &Caller) -> Result<Vec<ProfileView>> {
        let own = self.customer_profiles(caller).await?;
        let mut all = self.named_by_catalogue().await?;
        all.extend(own);
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

    /// Whether the caller may change this profile at all: it is its own, and its role allows it.
    pub async fn may_change_profile(&self, caller: &Caller, id: ProfileId) -> Result<()> {
        self.own_scope(caller, id).await.map(drop)
    }

    /// The scope in which a profile of the caller's own is changed. One of the service is not the
    /// caller's to change.
    pub(super) async fn own_scope(&self, caller: &Caller, id: ProfileId) -> Result<Scope> {
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
