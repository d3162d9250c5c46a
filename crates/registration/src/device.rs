//! Devices and the states people see (registration.md, 5.3).

use serde::Serialize;

use crate::clock::Timestamp;
use crate::group_tag;
use crate::ids::{BatchId, DeviceId, OrganizationId, PolicyId, UploadId, UserId};

/// A device that asked within this many days counts as in use.
pub const ACTIVE_DAYS: i64 = 7;

/// One registered device. Whether its hash is stored is told; the hash itself never travels with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub customer_id: OrganizationId,
    /// The organization that registered it: a partner, an OEM or the customer itself.
    pub registered_by: OrganizationId,
    /// The person who did.
    pub registered_by_user: UserId,
    /// The batch it came with.
    pub batch_id: BatchId,
    /// The upload it came with.
    pub upload_id: UploadId,
    /// SMBIOS manufacturer, as given.
    pub manufacturer: Option<String>,
    /// SMBIOS product name, as given.
    pub model: Option<String>,
    /// Serial number, as given: leading zeros are part of it.
    pub serial: Option<String>,
    /// Product key id.
    pub pkid: Option<String>,
    /// SMBIOS UUID, from the hash.
    pub smbios_uuid: Option<[u8; 16]>,
    /// Whether a hardware hash is on record.
    pub has_hash: bool,
    /// Whether a hash or the device directory vouches for it.
    pub verified: bool,
    /// Its group tag: names the profile. Empty where it came with a batch whose name is none.
    pub group_tag: String,
    /// The configuration policy it has instead, if any.
    pub policy_id: Option<PolicyId>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it last asked for its profile.
    pub last_asked_at: Option<Timestamp>,
}

/// The five states (registration.md, 5.3), with its exact labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Its row waits in an upload.
    RegistrationPending,
    /// Its row was refused.
    RegistrationFailed,
    /// Registered, never asked for its profile.
    ReadyForUser,
    /// Asked for its profile within the last seven days.
    Active,
    /// Asked once, but not in the last seven days.
    Inactive,
}

impl DeviceState {
    /// Every state, in the order of a device's life.
    pub const ALL: [Self; 5] = [
        Self::RegistrationPending,
        Self::RegistrationFailed,
        Self::ReadyForUser,
        Self::Active,
        Self::Inactive,
    ];

    /// The label.
    pub fn title(self) -> &'static str {
        match self {
            Self::RegistrationPending => "Registration pending",
            Self::RegistrationFailed => "Registration failed",
            Self::ReadyForUser => "Ready for user",
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }

    /// The state of a registered device at `now`.
    pub fn of_registered(last_asked_at: Option<Timestamp>, now: Timestamp) -> Self {
        match last_asked_at {
            None => Self::ReadyForUser,
            Some(at) if at.plus_days(ACTIVE_DAYS) > now => Self::Active,
            Some(_) => Self::Inactive,
        }
    }
}

impl Device {
    /// Whether it has a configuration policy, or a group tag that names a deployment profile.
    pub fn names_profile(&self) -> bool {
        self.policy_id.is_some() || group_tag::parse(&self.group_tag).is_ok()
    }

    /// Its state at `now`.
    pub fn state(&self, now: Timestamp) -> DeviceState {
        DeviceState::of_registered(self.last_asked_at, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_days_of_silence_make_a_device_inactive() {
        let asked = Timestamp(0);
        let state =
            |seconds: i64| DeviceState::of_registered(Some(asked), asked.plus_seconds(seconds));
        assert_eq!(
            DeviceState::of_registered(None, asked),
            DeviceState::ReadyForUser
        );
        assert_eq!(state(0), DeviceState::Active);
        assert_eq!(state(7 * 86_400 - 1), DeviceState::Active);
        assert_eq!(state(7 * 86_400), DeviceState::Inactive);
    }
}
