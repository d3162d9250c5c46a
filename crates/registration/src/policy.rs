//! Configuration policies: deployment profiles that a partner makes for one of its customers, as
//! five switches (api.md 2.5, registration.md section 3 "profiles").
//!
//! A device that has one downloads it instead of the deployment profile that its group tag names.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Timestamp;
use crate::ids::{DeviceId, OrganizationId, PolicyId, ProfileId};
use crate::profile::{DeploymentProfile, DeploymentSettings};

/// Characters of a policy's description at most.
const DESCRIPTION: usize = 512;

/// One switch of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicySetting {
    /// Software that the maker put on the device is removed.
    RemoveOemPreinstalls,
    /// The user becomes a standard user.
    OobeUserNotLocalAdmin,
    /// The privacy page is hidden.
    SkipExpressSettings,
    /// The maker's registration page is hidden, and work or school chosen.
    SkipOemRegistration,
    /// The licence terms are hidden.
    SkipEula,
}

impl PolicySetting {
    /// Every switch, in the order of its flag.
    pub const ALL: [Self; 5] = [
        Self::RemoveOemPreinstalls,
        Self::OobeUserNotLocalAdmin,
        Self::SkipExpressSettings,
        Self::SkipOemRegistration,
        Self::SkipEula,
    ];

    /// The word on the wire (api.md 2.5).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RemoveOemPreinstalls => "remove_oem_preinstalls",
            Self::OobeUserNotLocalAdmin => "oobe_user_not_local_admin",
            Self::SkipExpressSettings => "skip_express_settings",
            Self::SkipOemRegistration => "skip_oem_registration",
            Self::SkipEula => "skip_eula",
        }
    }

    /// The flag (api.md 2.5): 1, 2, 4, 8, 16.
    pub fn flag(self) -> u8 {
        1 << (self as u8)
    }

    /// The switch named `word`, whatever its case and with or without underscores: clients write
    /// both `skip_eula` and `SkipEula`.
    pub fn parse(word: &str) -> Option<Self> {
        let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
        let word = plain(word);
        Self::ALL
            .into_iter()
            .find(|setting| plain(setting.as_str()) == word)
    }
}

/// The switches of a policy that are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PolicySettings(u8);

impl PolicySettings {
    /// Those whose flags are set in `flags`; flags that mean nothing are left out.
    pub fn of_flags(flags: u8) -> Self {
        Self(flags & 31)
    }

    /// Their flags.
    pub fn flags(self) -> u8 {
        self.0
    }

    /// Whether a switch is on.
    pub fn has(self, setting: PolicySetting) -> bool {
        self.0 & setting.flag() != 0
    }

    /// Those that are on.
    pub fn iter(self) -> impl Iterator<Item = PolicySetting> {
        PolicySetting::ALL
            .into_iter()
            .filter(move |setting| self.has(*setting))
    }
}

impl FromIterator<PolicySetting> for PolicySettings {
    fn from_iter<I: IntoIterator<Item = PolicySetting>>(settings: I) -> Self {
        Self(settings.into_iter().fold(0, |all, one| all | one.flag()))
    }
}

/// A configuration policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// For whose devices it is.
    pub customer_id: OrganizationId,
    /// The partner that made it: nobody else sees it in a list.
    pub party_id: OrganizationId,
    /// Its name, unique among the partner's for this customer.
    pub name: String,
    /// What it is for, in the partner's words.
    pub description: String,
    /// Its switches.
    pub settings: PolicySettings,
    /// Counts up with every change, from 1.
    pub version: u64,
    /// How many devices have it.
    pub device_count: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Why a policy was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Too long, or with characters that are none.
    #[error("The description may have {DESCRIPTION} characters.")]
    Description,
}

/// Trims and checks a description.
pub fn parse_description(text: &str) -> Result<String, PolicyError> {
    let text = text.trim();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().count() > DESCRIPTION || text.chars().any(odd) {
        return Err(PolicyError::Description);
    }
    Ok(text.to_owned())
}

impl Policy {
    /// What a device downloads: the deployment profile with these switches. Pre-installed software
    /// is not the profile file's to remove, so that switch is kept for whoever asks (api.md 5.4
    /// has no key for it).
    pub fn deployment_profile(&self) -> DeploymentProfile {
        let on = |setting| self.settings.has(setting);
        DeploymentProfile {
            id: ProfileId(self.id.0),
            name: self.name.clone(),
            settings: DeploymentSettings {
                hybrid_join: false,
                skip_connectivity_check: false,
                self_deploying: false,
                standard_user: on(PolicySetting::OobeUserNotLocalAdmin),
                hide_privacy: on(PolicySetting::SkipExpressSettings),
                hide_license_terms: on(PolicySetting::SkipEula),
                hide_change_account: false,
                skip_keyboard: false,
                language: None,
                region: None,
                name_template: None,
            },
            updated_at: self.updated_at,
        }
    }
}

/// What became of one device of a policy update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyResult {
    /// The device's id, as it was given.
    pub device: String,
    /// Its serial number, where it is in sight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Its product key id, where it is in sight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pkid: Option<String>,
    /// Why nothing was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<PolicyFailure>,
}

/// Why a device did not get its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyFailure {
    /// No device of this customer that the partner registered.
    NoSuchDevice,
    /// No policy that the partner made for this customer.
    NoSuchPolicy,
}

impl PolicyFailure {
    /// The DDS code and name (registration.md 8.1).
    pub fn dds(self) -> (u16, &'static str) {
        match self {
            Self::NoSuchDevice => (807, "ZtdDeviceIsNotRegistered"),
            Self::NoSuchPolicy => (809, "ZtdProfileIsNotRegistered"),
        }
    }
}

/// A device that is to have a policy, or none any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyChange {
    /// The device's id, as it was given.
    pub device: String,
    /// The same, where it is one at all.
    pub device_id: Option<DeviceId>,
    /// The policy from now on; `Err` where what was given can't be one.
    pub policy: Result<Option<PolicyId>, PolicyFailure>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switches_have_the_published_words_and_flags() {
        let told: Vec<_> = PolicySetting::ALL
            .iter()
            .map(|setting| (setting.as_str(), setting.flag()))
            .collect();
        assert_eq!(
            told,
            [
                ("remove_oem_preinstalls", 1),
                ("oobe_user_not_local_admin", 2),
                ("skip_express_settings", 4),
                ("skip_oem_registration", 8),
                ("skip_eula", 16),
            ]
        );
        for setting in PolicySetting::ALL {
            assert_eq!(PolicySetting::parse(setting.as_str()), Some(setting));
        }
        assert_eq!(
            PolicySetting::parse("OobeUserNotLocalAdmin"),
            Some(PolicySetting::OobeUserNotLocalAdmin)
        );
        assert_eq!(PolicySetting::parse("none"), None);
    }

    #[test]
    fn a_policy_is_the_deployment_profile_with_its_switches() {
        let id = uuid::Uuid::nil();
        let policy = Policy {
            id: PolicyId(id),
            customer_id: OrganizationId(id),
            party_id: OrganizationId(id),
            name: "Front desks".to_owned(),
            description: String::new(),
            settings: PolicySettings::of_flags(2 | 16),
            version: 1,
            device_count: 0,
            created_at: Timestamp(1),
            updated_at: Timestamp(2),
        };
        let profile = policy.deployment_profile();
        assert_eq!(profile.settings.check(), Ok(()));
        // The two switches, and what every registered device has.
        assert_eq!(profile.settings.oobe_config(), 2 + 16 + 8 + 256);
        let words: Vec<_> = policy.settings.iter().map(PolicySetting::as_str).collect();
        assert_eq!(words, ["oobe_user_not_local_admin", "skip_eula"]);
    }

    #[test]
    fn a_description_is_short_and_readable() {
        assert_eq!(parse_description(" for tills \n"), Ok("for tills".into()));
        assert!(parse_description(&"x".repeat(DESCRIPTION + 1)).is_err());
        assert!(parse_description("\u{7}").is_err());
    }
}
