//! Deployment profiles, what each group tag names, and the settings of the service.

use async_trait::async_trait;
use registration::access::Scope;
use registration::audit::Act;
use registration::ids::ProfileId;
use registration::profile::DeploymentProfile;

use crate::Result;

/// Profiles and settings. Reading takes no scope: profiles and tags are the same for everybody.
#[async_trait]
pub trait Profiles: Send + Sync {
    /// All deployment profiles, by name.
    async fn profiles(&self) -> Result<Vec<DeploymentProfile>>;

    /// Changes a profile's name and settings (checked by the caller). Audit: `ProfileChanged`.
    async fn change_profile(
        &self,
        scope: &Scope,
        act: &Act,
        profile: DeploymentProfile,
    ) -> Result<()>;

    /// Which deployment profile each group tag names, by tag.
    async fn tag_assignments(&self) -> Result<Vec<(String, ProfileId)>>;

    /// Lets a group tag name another deployment profile. Audit: `TagAssigned`.
    async fn assign_tag(
        &self,
        scope: &Scope,
        act: &Act,
        tag: &str,
        profile: ProfileId,
    ) -> Result<()>;

    /// The settings that were changed from their defaults: name and value.
    async fn settings(&self) -> Result<Vec<(String, String)>>;

    /// Changes a setting. Audit: `SettingChanged`.
    async fn change_setting(&self, scope: &Scope, act: &Act, name: &str, value: &str)
    -> Result<()>;
}
