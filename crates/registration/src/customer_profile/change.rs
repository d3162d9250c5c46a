//! Changes of a profile, as clients ask for them.

use super::{CustomerProfile, DeviceType, StatusScreen};
use crate::clock::Timestamp;
use crate::organization::parse_name;
use crate::profile::ProfileError;

/// What a client says of one choice, under its old and under its new name (api.md 5.3). Whoever
/// read a profile sends both back and changed one of them: the one that differs from what is counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<T> {
    /// Under the old name.
    pub old: Option<T>,
    /// Under the new name; counts more if both differ.
    pub new: Option<T>,
}

impl<T> Default for Said<T> {
    fn default() -> Self {
        Self {
            old: None,
            new: None,
        }
    }
}

impl<T: PartialEq> Said<T> {
    /// Said under the one name that there is.
    pub fn once(value: Option<T>) -> Self {
        Self {
            old: None,
            new: value,
        }
    }

    fn over(self, now: &mut T) {
        let said = [self.new, self.old].into_iter().flatten();
        if let Some(other) = said.into_iter().find(|said| said != now) {
            *now = other;
        }
    }
}

/// A change of a profile: what is not said stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChange {
    /// Its name.
    pub name: Said<String>,
    /// What it is for.
    pub description: Said<String>,
    /// Whether it joins the customer's own directory as well.
    pub hybrid_join: Said<bool>,
    /// Whether it does so without asking first.
    pub skip_connectivity_check: Said<bool>,
    /// Whether several people share the device.
    pub shared: Said<bool>,
    /// Whether the user becomes a standard user.
    pub standard_user: Said<bool>,
    /// Whether the privacy page is hidden.
    pub hide_privacy: Said<bool>,
    /// Whether the licence terms are hidden.
    pub hide_license_terms: Said<bool>,
    /// Whether the options to change the account are hidden.
    pub hide_change_account: Said<bool>,
    /// Whether the keyboard page is skipped.
    pub skip_keyboard: Said<bool>,
    /// The language, which is the region too.
    pub language: Said<Option<String>>,
    /// The name of the device.
    pub name_template: Said<Option<String>>,
    /// For which sort of device.
    pub device_type: Said<DeviceType>,
    /// Whether hashes are to be collected.
    pub extract_hash: Said<bool>,
    /// Whether the device may be set up beforehand.
    pub preprovisioning: Said<bool>,
    /// Scope tags.
    pub scope_tags: Said<Vec<String>>,
    /// An application id.
    pub management_app: Said<Option<String>>,
    /// What is shown while the device is set up.
    pub status_screen: Said<Option<StatusScreen>>,
}

impl CustomerProfile {
    /// The profile with this change, checked as a whole.
    pub fn changed(mut self, change: ProfileChange, now: Timestamp) -> Result<Self, ProfileError> {
        change.name.over(&mut self.name);
        change.description.over(&mut self.description);
        let settings = &mut self.settings;
        change.device_type.over(&mut settings.device_type);
        change.extract_hash.over(&mut settings.extract_hash);
        change.preprovisioning.over(&mut settings.preprovisioning);
        change.scope_tags.over(&mut settings.scope_tags);
        change.management_app.over(&mut settings.management_app);
        change.status_screen.over(&mut settings.status_screen);
        let chosen = &mut settings.deployment;
        change.hybrid_join.over(&mut chosen.hybrid_join);
        change
            .skip_connectivity_check
            .over(&mut chosen.skip_connectivity_check);
        change.shared.over(&mut chosen.self_deploying);
        change.standard_user.over(&mut chosen.standard_user);
        change.hide_privacy.over(&mut chosen.hide_privacy);
        change
            .hide_license_terms
            .over(&mut chosen.hide_license_terms);
        change
            .hide_change_account
            .over(&mut chosen.hide_change_account);
        change.skip_keyboard.over(&mut chosen.skip_keyboard);
        change.language.over(&mut chosen.language);
        chosen.region.clone_from(&chosen.language);
        change.name_template.over(&mut chosen.name_template);
        self.name = parse_name(&self.name).map_err(|_| ProfileError::Name)?;
        self.updated_at = now;
        self.check()?;
        Ok(self)
    }
}
