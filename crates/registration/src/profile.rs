//! Device profiles (what a device is for) and deployment profiles (what it downloads at first
//! boot); registration.md, 5.2, and the file's form in api.md, 5.4.

mod purpose;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use thiserror::Error;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::ids::ProfileId;

pub use purpose::{DeviceProfile, DeviceProfileSettings};

/// The choices of a deployment profile (api.md 5.4, registration.md 5.2 "base values").
#[expect(
    clippy::struct_excessive_bools,
    reason = "the profile is a set of switches"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentSettings {
    /// Joins the customer's own directory as well (hybrid) instead of the cloud one alone.
    pub hybrid_join: bool,
    /// Joins it without asking first whether it can be reached; with `hybrid_join`.
    #[serde(default)]
    pub skip_connectivity_check: bool,
    /// The device sets itself up without a user (self-deploying).
    pub self_deploying: bool,
    /// The user becomes a standard user, not an administrator.
    pub standard_user: bool,
    /// The privacy page is hidden.
    pub hide_privacy: bool,
    /// The licence terms are hidden.
    pub hide_license_terms: bool,
    /// "Change account" options are hidden: enrolment can't be escaped.
    pub hide_change_account: bool,
    /// The keyboard page is skipped; needs a language and a region.
    pub skip_keyboard: bool,
    /// Language of the device, `en-US` or `os-default`; with `skip_keyboard`.
    pub language: Option<String>,
    /// Region of the device, `US`; with `skip_keyboard`.
    pub region: Option<String>,
    /// Name of the device: 15 characters at most after `%SERIAL%` or `%RAND:n%` is filled in.
    pub name_template: Option<String>,
}

/// What a device downloads at first boot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeploymentProfile {
    /// Its id, the correlation id of the file.
    pub id: ProfileId,
    /// Its name, unique.
    pub name: String,
    /// Its choices.
    pub settings: DeploymentSettings,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const fn seeded(n: u8) -> ProfileId {
    let mut bytes = *b"\x01\x93\x00\x00\x00\x00\x70\x00\x80\x00\x00\x00\x00\x00\x00\x00";
    bytes[15] = n;
    ProfileId(Uuid::from_bytes(bytes))
}

/// `Modern Workplace Autopilot Profile`.
pub const BASE: ProfileId = seeded(1);
/// `Modern Workplace Autopilot Profile Power User`.
pub const POWER_USER: ProfileId = seeded(2);
/// `Modern Workplace Autopilot Profile Shared`.
pub const SHARED: ProfileId = seeded(3);
/// `Modern Workplace Autopilot Profile Kiosk`.
pub const KIOSK: ProfileId = seeded(4);

/// The four deployment profiles that every new registry has, with their published names
/// (registration.md, 5.2).
pub const SEEDED: [(ProfileId, &str); 4] = [
    (BASE, "Modern Workplace Autopilot Profile"),
    (POWER_USER, "Modern Workplace Autopilot Profile Power User"),
    (SHARED, "Modern Workplace Autopilot Profile Shared"),
    (KIOSK, "Modern Workplace Autopilot Profile Kiosk"),
];

/// The choices that a seeded deployment profile starts with (registration.md, 5.2: base values
/// and what differs for Power user, Shared and Kiosk).
pub fn seeded_settings(id: ProfileId) -> DeploymentSettings {
    let kiosk = id == KIOSK;
    DeploymentSettings {
        hybrid_join: false,
        skip_connectivity_check: false,
        self_deploying: kiosk || id == SHARED,
        standard_user: id != POWER_USER,
        hide_privacy: true,
        hide_license_terms: true,
        hide_change_account: kiosk,
        skip_keyboard: false,
        language: None,
        region: None,
        name_template: Some(
            if kiosk {
                "Kiosk-%RAND:9%"
            } else {
                "MMD-%RAND:11%"
            }
            .to_owned(),
        ),
    }
}

/// Why the choices of a deployment profile were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProfileError {
    /// No name, or one that can't be shown.
    #[error("The name must have 1 to 120 characters.")]
    Name,
    /// Too long, or with characters that are none.
    #[error("The description may have 1,024 characters.")]
    Description,
    /// A text that is longer than it may be, or a list with too many of them.
    #[error("A text or a list of this profile is longer than it may be.")]
    TooLong,
    /// The template can give more than 15 characters, or none at all.
    #[error(
        "The name template must give 1 to 15 letters, digits and hyphens, not digits alone; \
         %SERIAL% and %RAND:n% are filled in."
    )]
    NameTemplate,
    /// The keyboard page can't be skipped without knowing the keyboard.
    #[error("Skipping the keyboard page needs a language and a region.")]
    Keyboard,
}

impl DeploymentSettings {
    /// Checks the choices against each other (registration.md, 9.3 "Name template").
    pub fn check(&self) -> Result<(), ProfileError> {
        if self.skip_keyboard && (self.language.is_none() || self.region.is_none()) {
            return Err(ProfileError::Keyboard);
        }
        self.name_template
            .as_deref()
            .map_or(Ok(()), check_name_template)
    }

    /// The bits of `CloudAssignedOobeConfig` (api.md, 5.4).
    pub fn oobe_config(&self) -> u32 {
        8 + 256
            + if self.standard_user { 2 } else { 0 }
            + if self.hide_privacy { 4 } else { 0 }
            + if self.hide_license_terms { 16 } else { 0 }
            + if self.skip_keyboard { 1024 } else { 0 }
            + if self.self_deploying { 96 } else { 0 }
    }
}

fn check_name_template(template: &str) -> Result<(), ProfileError> {
    let mut length = 0usize;
    let mut only_digits = true;
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        if c == '%' {
            let (name, after) = rest[1..]
                .split_once('%')
                .ok_or(ProfileError::NameTemplate)?;
            length += match name.strip_prefix("RAND:") {
                Some(digits) => digits.parse().map_err(|_| ProfileError::NameTemplate)?,
                None if name == "SERIAL" => 1,
                None => return Err(ProfileError::NameTemplate),
            };
            only_digits &= name != "SERIAL";
            rest = after;
        } else if c.is_ascii_alphanumeric() || c == '-' {
            only_digits &= c.is_ascii_digit();
            length += 1;
            rest = &rest[1..];
        } else {
            return Err(ProfileError::NameTemplate);
        }
        if length > 15 {
            return Err(ProfileError::NameTemplate);
        }
    }
    if length == 0 || only_digits {
        Err(ProfileError::NameTemplate)
    } else {
        Ok(())
    }
}

impl DeploymentProfile {
    /// The profile as `AutopilotConfigurationFile.json` for a device of the customer with this
    /// tenant id and domain (api.md, 5.4).
    pub fn autopilot_configuration(&self, tenant_id: &str, tenant_domain: &str) -> Value {
        let forced = u8::from(self.settings.hide_change_account);
        let server_data = json!({ "ZeroTouchConfig": {
            "CloudAssignedTenantUpn": "",
            "ForcedEnrollment": forced,
            "CloudAssignedTenantDomain": tenant_domain,
        }});
        let mut file = Map::new();
        let mut set = |name: &str, value: Value| file.insert(name.to_owned(), value);
        set("Comment_File", json!(format!("Profile {}", self.name)));
        set("Version", json!(2049));
        set("ZtdCorrelationId", json!(self.id.to_string()));
        set(
            "CloudAssignedDomainJoinMethod",
            json!(u8::from(self.settings.hybrid_join)),
        );
        if self.settings.hybrid_join && self.settings.skip_connectivity_check {
            set("HybridJoinSkipDCConnectivityCheck", json!(1));
        }
        if let Some(template) = &self.settings.name_template {
            set("CloudAssignedDeviceName", json!(template));
        }
        set(
            "CloudAssignedOobeConfig",
            json!(self.settings.oobe_config()),
        );
        if self.settings.skip_keyboard {
            set("CloudAssignedLanguage", json!(self.settings.language));
            set("CloudAssignedRegion", json!(self.settings.region));
        }
        set("CloudAssignedForcedEnrollment", json!(forced));
        set("CloudAssignedTenantId", json!(tenant_id));
        set("CloudAssignedTenantDomain", json!(tenant_domain));
        set("CloudAssignedAadServerData", json!(server_data.to_string()));
        set("CloudAssignedAutopilotUpdateDisabled", json!(1));
        set("CloudAssignedAutopilotUpdateTimeout", json!(1_800_000));
        Value::Object(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(id: ProfileId) -> DeploymentProfile {
        DeploymentProfile {
            id,
            name: "Test".into(),
            settings: seeded_settings(id),
            updated_at: Timestamp(0),
        }
    }

    #[test]
    fn the_file_has_the_published_fields_and_bits() {
        let file = profile(BASE).autopilot_configuration("T", "contoso.example");
        assert_eq!(file["Version"], 2049);
        assert_eq!(file["CloudAssignedOobeConfig"], 8 + 256 + 2 + 4 + 16);
        assert_eq!(file["CloudAssignedDeviceName"], "MMD-%RAND:11%");
        let data: Value = serde_json::from_str(
            file["CloudAssignedAadServerData"]
                .as_str()
                .expect("a string that holds JSON"),
        )
        .expect("JSON");
        assert_eq!(
            data["ZeroTouchConfig"]["CloudAssignedTenantDomain"],
            "contoso.example"
        );
        assert_eq!(data["ZeroTouchConfig"]["ForcedEnrollment"], 0);
        let kiosk = profile(KIOSK).autopilot_configuration("T", "contoso.example");
        assert_eq!(kiosk["CloudAssignedForcedEnrollment"], 1);
        assert_eq!(kiosk["CloudAssignedOobeConfig"], 8 + 256 + 2 + 4 + 16 + 96);
        let power = profile(POWER_USER).autopilot_configuration("T", "contoso.example");
        assert_eq!(power["CloudAssignedOobeConfig"], 8 + 256 + 4 + 16);
    }

    #[test]
    fn name_templates_give_15_characters_at_most() {
        for good in ["MMD-%RAND:11%", "Kiosk-%RAND:9%", "%SERIAL%", "A1"] {
            assert_eq!(check_name_template(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "MMD-%RAND:12%",
            "MMD-%RAND11",
            "a b",
            "123",
            "%RAND:5%",
            "%X%",
            "naïve",
        ] {
            assert_eq!(
                check_name_template(bad),
                Err(ProfileError::NameTemplate),
                "{bad}"
            );
        }
        for (id, _) in SEEDED {
            assert_eq!(seeded_settings(id).check(), Ok(()));
        }
    }
}
