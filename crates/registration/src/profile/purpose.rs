//! Device profiles: what a device is for, and what that sets on it (registration.md, 5.2).

use serde::{Deserialize, Serialize};

/// The four device profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceProfile {
    /// For people who handle confidential data.
    SensitiveData,
    /// For people who administer their own device.
    PowerUser,
    /// For everybody else.
    Standard,
    /// For devices that run one application.
    Kiosk,
}

/// What a device profile sets on the device (registration.md, 5.2).
#[expect(
    clippy::struct_excessive_bools,
    reason = "the published table is a set of switches"
)]
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct DeviceProfileSettings {
    /// External storage is blocked.
    pub block_external_storage: bool,
    /// Defender's cloud block level.
    pub cloud_block_level: &'static str,
    /// Personal Microsoft accounts are disabled.
    pub disable_microsoft_accounts: bool,
    /// Personal `OneDrive` is disabled.
    pub disable_personal_onedrive: bool,
    /// Elevation asks on the secure desktop.
    pub secure_desktop_for_elevation: bool,
    /// The tag the device carries in Defender for Endpoint.
    pub defender_device_tag: &'static str,
    /// The user is administrator of the device.
    pub admin_on_device: bool,
    /// `AppLocker` rules are in force.
    pub app_locker: bool,
    /// The public store is blocked.
    pub block_public_store: bool,
}

impl DeviceProfile {
    /// Every device profile, in the order of the published table.
    pub const ALL: [Self; 4] = [
        Self::SensitiveData,
        Self::PowerUser,
        Self::Standard,
        Self::Kiosk,
    ];

    /// The name shown to people.
    pub fn title(self) -> &'static str {
        match self {
            Self::SensitiveData => "Sensitive data",
            Self::PowerUser => "Power user",
            Self::Standard => "Standard",
            Self::Kiosk => "Kiosk",
        }
    }

    /// The word used in forms (api.md calls it the persona).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SensitiveData => "SensitiveData",
            Self::PowerUser => "PowerUser",
            Self::Standard => "Standard",
            Self::Kiosk => "Kiosk",
        }
    }

    /// The profile named `word`, as [`Self::as_str`] writes it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.as_str() == word)
    }

    /// One sentence on whom it is for.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::SensitiveData => {
                "For people who handle confidential data: storage, stores and personal accounts \
                 are closed, AppLocker is on."
            }
            Self::PowerUser => "For people who administer their own device.",
            Self::Standard => "For everyday work, with the fewest restrictions.",
            Self::Kiosk => "For a device that runs one application and sets itself up.",
        }
    }

    /// What it sets.
    pub fn settings(self) -> DeviceProfileSettings {
        let strict = !matches!(self, Self::Standard);
        DeviceProfileSettings {
            block_external_storage: strict,
            cloud_block_level: "High",
            disable_microsoft_accounts: strict,
            disable_personal_onedrive: strict,
            secure_desktop_for_elevation: self == Self::PowerUser,
            defender_device_tag: match self {
                Self::SensitiveData => "M365Managed-SensitiveData",
                Self::PowerUser => "M365Managed-PowerUser",
                Self::Standard => "M365Managed-Standard",
                Self::Kiosk => "M365Managed-Kiosk",
            },
            admin_on_device: self == Self::PowerUser,
            app_locker: self == Self::SensitiveData,
            block_public_store: strict,
        }
    }
}
