//! Deployment profiles and the group tags that name them.

use registration::access::Action;
use registration::group_tag::{self, CATALOGUE, GroupTag};
use registration::ids::ProfileId;
use registration::organization::parse_name;
use registration::profile::{DeploymentProfile, DeploymentSettings};

use crate::{Caller, Desk, DeskError, Result};

/// A group tag with the deployment profile it names now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagView {
    /// The tag and its device profile.
    pub tag: &'static GroupTag,
    /// The deployment profile.
    pub profile: DeploymentProfile,
}

impl Desk {
    /// The catalogue of group tags, each with the deployment profile it names now.
    pub async fn tags(&self) -> Result<Vec<TagView>> {
        let profiles = self.storage.profiles().await?;
        let assigned = self.storage.tag_assignments().await?;
        let profile_of = |tag: &'static GroupTag| {
            let id = assigned
                .iter()
                .find(|(name, _)| name == tag.tag)
                .map(|(_, id)| *id);
            let id = id.unwrap_or(tag.deployment_profile);
            profiles.iter().find(|profile| profile.id == id).cloned()
        };
        Ok(CATALOGUE
            .iter()
            .filter_map(|tag| profile_of(tag).map(|profile| TagView { tag, profile }))
            .collect())
    }

    /// All deployment profiles.
    pub async fn profiles(&self, caller: &Caller) -> Result<Vec<DeploymentProfile>> {
        caller.may(Action::ManageProfiles)?;
        Ok(self.storage.profiles().await?)
    }

    /// One deployment profile.
    pub async fn profile(&self, caller: &Caller, id: ProfileId) -> Result<DeploymentProfile> {
        let all = self.profiles(caller).await?;
        all.into_iter()
            .find(|profile| profile.id == id)
            .ok_or(DeskError::NotFound)
    }

    /// Changes a profile. Devices get it when they next ask.
    pub async fn change_profile(
        &self,
        caller: &Caller,
        id: ProfileId,
        name: &str,
        settings: DeploymentSettings,
    ) -> Result<()> {
        let scope = caller.may(Action::ManageProfiles)?;
        self.profile(caller, id).await?;
        settings.check()?;
        let name = parse_name(name)?;
        let profile = DeploymentProfile {
            id,
            name,
            settings,
            updated_at: self.now(),
        };
        self.storage
            .change_profile(&scope, &caller.act(self), profile)
            .await?;
        self.forget_copies();
        Ok(())
    }

    /// Lets a tag of the catalogue name another deployment profile.
    pub async fn assign_tag(&self, caller: &Caller, tag: &str, profile: ProfileId) -> Result<()> {
        let scope = caller.may(Action::ManageProfiles)?;
        let tag = group_tag::parse(tag)?.tag;
        self.profile(caller, profile).await?;
        self.storage
            .assign_tag(&scope, &caller.act(self), tag, profile)
            .await?;
        Ok(())
    }
}
