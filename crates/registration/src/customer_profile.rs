//! Deployment profiles of a customer's own (api.md 5.3, `windowsAutopilotDeploymentProfile`), and
//! to which of its devices they are assigned.
//!
//! A device downloads the first of these that there is (`docs/adr/0016`): the customer's own
//! profile assigned to the device itself; one assigned to its group tag; one assigned to all
//! devices; the partner's configuration policy; what the catalogue says of its group tag.

mod assignment;
mod change;
mod origin;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::ids::{OrganizationId, ProfileId};
use crate::profile::{DeploymentProfile, DeploymentSettings, ProfileError};

pub use assignment::{AssignmentTarget, ProfileAssignment};
pub use change::{ProfileChange, Said};
pub use origin::{GivenProfile, ProfileOrigin, ProfileReach};

/// Profiles of one customer at most.
pub const PROFILES_AT_ONCE: usize = 100;
/// Assignments of one profile at most.
pub const ASSIGNMENTS_AT_ONCE: usize = 100;
/// Devices in one request at most.
pub const DEVICES_AT_ONCE: usize = 1000;
/// Characters of a description or message at most.
const DESCRIPTION: usize = 1024;
/// Characters of a word, and items of a list.
const WORD: usize = 128;

/// What sort of device a profile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeviceType {
    /// A computer.
    #[default]
    WindowsPc,
    /// A headset.
    HoloLens,
    /// A wall display.
    SurfaceHub2,
    /// A wall display of the second edition.
    SurfaceHub2S,
    /// A virtual machine.
    VirtualMachine,
}

impl DeviceType {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WindowsPc => "windowsPc",
            Self::HoloLens => "holoLens",
            Self::SurfaceHub2 => "surfaceHub2",
            Self::SurfaceHub2S => "surfaceHub2S",
            Self::VirtualMachine => "virtualMachine",
        }
    }

    /// The sort that this word means, in letters of any case.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::WindowsPc,
            Self::HoloLens,
            Self::SurfaceHub2,
            Self::SurfaceHub2S,
            Self::VirtualMachine,
        ]
        .into_iter()
        .find(|own| own.as_str().eq_ignore_ascii_case(word))
    }
}

/// What a device shows while it is set up. Kept for whoever asks: the file that a device downloads
/// has no place for it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the published type is a set of switches"
)]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatusScreen {
    /// Hides the progress.
    pub hide_installation_progress: bool,
    /// The device may be used before all is installed.
    pub allow_device_use_before_profile_and_app_install_complete: bool,
    /// The user may not try again.
    pub block_device_setup_retry_by_user: bool,
    /// Logs may be collected after a failure.
    pub allow_log_collection_on_install_failure: bool,
    /// What is shown after a failure.
    pub custom_error_message: Option<String>,
    /// Minutes after which it counts as failed.
    pub install_progress_timeout_in_minutes: u32,
    /// The device may be used after a failure.
    pub allow_device_use_on_install_failure: bool,
}

/// The choices of a customer's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerSettings {
    /// What the device downloads.
    pub deployment: DeploymentSettings,
    /// For which sort of device.
    pub device_type: DeviceType,
    /// Whether hashes of devices that have the profile are to be collected.
    pub extract_hash: bool,
    /// Whether a technician may set the device up beforehand.
    pub preprovisioning: bool,
    /// Scope tags of the client's own, kept as they are.
    pub scope_tags: Vec<String>,
    /// An application id of the client's own, kept as it is.
    pub management_app: Option<String>,
    /// What is shown while the device is set up.
    pub status_screen: Option<StatusScreen>,
}

impl Default for CustomerSettings {
    fn default() -> Self {
        Self {
            deployment: DeploymentSettings {
                hybrid_join: false,
                skip_connectivity_check: false,
                self_deploying: false,
                standard_user: false,
                hide_privacy: false,
                hide_license_terms: false,
                hide_change_account: false,
                skip_keyboard: false,
                language: None,
                region: None,
                name_template: None,
            },
            device_type: DeviceType::default(),
            extract_hash: false,
            preprovisioning: false,
            scope_tags: Vec::new(),
            management_app: None,
            status_screen: None,
        }
    }
}

/// A deployment profile of a customer's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerProfile {
    /// Its id; those made later have greater ones.
    pub id: ProfileId,
    /// Whose it is.
    pub customer_id: OrganizationId,
    /// Its name, unique among the customer's.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its choices.
    pub settings: CustomerSettings,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl CustomerProfile {
    /// A profile in which nothing is chosen yet.
    pub fn new(id: ProfileId, customer_id: OrganizationId, now: Timestamp) -> Self {
        Self {
            id,
            customer_id,
            name: String::new(),
            description: String::new(),
            settings: CustomerSettings::default(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Checks the choices against each other, and how long texts are.
    fn check(&self) -> Result<(), ProfileError> {
        let fits = |text: &str, most: usize| {
            let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
            text.chars().count() <= most && !text.chars().any(odd)
        };
        if !fits(&self.description, DESCRIPTION) {
            return Err(ProfileError::Description);
        }
        let settings = &self.settings;
        let tags = &settings.scope_tags;
        let words = tags.iter().chain(&settings.management_app);
        let words = words.chain(&settings.deployment.language);
        let message = settings.status_screen.as_ref();
        let message = message.and_then(|screen| screen.custom_error_message.as_deref());
        let all_fit = tags.len() <= WORD
            && words.into_iter().all(|word| fits(word, WORD))
            && message.is_none_or(|message| fits(message, DESCRIPTION));
        if !all_fit {
            return Err(ProfileError::TooLong);
        }
        settings.deployment.check()
    }

    /// What a device downloads.
    pub fn deployment_profile(&self) -> DeploymentProfile {
        DeploymentProfile {
            id: self.id,
            name: self.name.clone(),
            settings: self.settings.deployment.clone(),
            updated_at: self.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn profile() -> CustomerProfile {
        let id = Uuid::nil();
        let made = CustomerProfile::new(ProfileId(id), OrganizationId(id), Timestamp(1));
        let change = ProfileChange {
            name: Said::once(Some(" Lab ".to_owned())),
            hide_privacy: Said::once(Some(true)),
            ..ProfileChange::default()
        };
        made.changed(change, Timestamp(2)).expect("fits")
    }

    fn said<T>(old: T, new: T) -> Said<T> {
        Said {
            old: Some(old),
            new: Some(new),
        }
    }

    #[test]
    fn of_two_names_for_one_thing_the_one_that_changed_counts() {
        for (old, new, is) in [
            (false, true, false),
            (true, false, false),
            (true, true, true),
        ] {
            let change = ProfileChange {
                hide_privacy: said(old, new),
                ..ProfileChange::default()
            };
            let changed = profile().changed(change, Timestamp(3)).expect("fits");
            assert_eq!(changed.settings.deployment.hide_privacy, is, "{old} {new}");
        }
        let change = ProfileChange {
            description: said("old".to_owned(), "new".to_owned()),
            ..ProfileChange::default()
        };
        let changed = profile().changed(change, Timestamp(3)).expect("fits");
        assert_eq!(
            (changed.description.as_str(), changed.name.as_str()),
            ("new", "Lab")
        );
    }

    #[test]
    fn a_profile_is_checked_as_a_whole() {
        let refused = |change: ProfileChange| profile().changed(change, Timestamp(3)).err();
        let with = ProfileChange::default;
        let keyboard = ProfileChange {
            skip_keyboard: Said::once(Some(true)),
            ..with()
        };
        assert_eq!(refused(keyboard.clone()), Some(ProfileError::Keyboard));
        let language = ProfileChange {
            language: Said::once(Some(Some("en-US".to_owned()))),
            ..keyboard
        };
        assert_eq!(refused(language), None);
        let template = ProfileChange {
            name_template: Said::once(Some(Some("A-%RAND:14%".to_owned()))),
            ..with()
        };
        assert_eq!(refused(template), Some(ProfileError::NameTemplate));
        let name = ProfileChange {
            name: Said::once(Some(" ".to_owned())),
            ..with()
        };
        assert_eq!(refused(name), Some(ProfileError::Name));
        let tags = ProfileChange {
            scope_tags: Said::once(Some(vec!["0".to_owned(); WORD + 1])),
            ..with()
        };
        assert_eq!(refused(tags), Some(ProfileError::TooLong));
    }

    #[test]
    fn the_file_of_such_a_profile_has_the_published_bits() {
        let yes = || Said::once(Some(true));
        let change = ProfileChange {
            hybrid_join: yes(),
            skip_connectivity_check: yes(),
            shared: yes(),
            standard_user: yes(),
            hide_license_terms: yes(),
            hide_change_account: yes(),
            skip_keyboard: yes(),
            language: Said::once(Some(Some("de-DE".to_owned()))),
            ..ProfileChange::default()
        };
        let profile = profile().changed(change, Timestamp(3)).expect("fits");
        let file = profile
            .deployment_profile()
            .autopilot_configuration("T", "contoso.example");
        assert_eq!(
            file["CloudAssignedOobeConfig"],
            8 + 256 + 2 + 4 + 16 + 1024 + 96
        );
        assert_eq!(file["CloudAssignedDomainJoinMethod"], 1);
        assert_eq!(file["HybridJoinSkipDCConnectivityCheck"], 1);
        assert_eq!(file["CloudAssignedLanguage"], "de-DE");
        assert_eq!(file["CloudAssignedRegion"], "de-DE");
        assert_eq!(file["CloudAssignedForcedEnrollment"], 1);
    }
}
