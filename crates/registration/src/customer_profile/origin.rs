//! Which profile a device gets, and why that one (`docs/adr/0016`).

use crate::clock::Timestamp;
use crate::ids::ProfileId;

/// Why a device gets the profile that it gets: the nearest of these counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileOrigin {
    /// Its customer assigned a profile of its own to this device.
    Device,
    /// Its customer assigned one to its group tag.
    GroupTag,
    /// Its customer assigned one to all devices.
    AllDevices,
    /// Its partner gave it a configuration policy.
    Policy,
    /// The catalogue says what its group tag names.
    Catalogue,
}

impl ProfileOrigin {
    /// Every origin, the nearest first.
    pub const ALL: [Self; 5] = [
        Self::Device,
        Self::GroupTag,
        Self::AllDevices,
        Self::Policy,
        Self::Catalogue,
    ];

    /// The word that the database answers with; those of assignments are the words that they are
    /// stored with.
    fn stored(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::GroupTag => "group",
            Self::AllDevices => "all",
            Self::Policy => "policy",
            Self::Catalogue => "catalogue",
        }
    }

    /// The origin that the database means by this word.
    pub fn of_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.stored() == word)
    }

    /// Whether the profile is its customer's own: which one it is, is for the customer alone.
    pub fn is_customers_own(self) -> bool {
        match self {
            Self::Device | Self::GroupTag | Self::AllDevices => true,
            Self::Policy | Self::Catalogue => false,
        }
    }

    /// In words, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Device => "Assigned to this device",
            Self::GroupTag => "Assigned to its group tag",
            Self::AllDevices => "Assigned to all devices",
            Self::Policy => "The partner's policy",
            Self::Catalogue => "The catalogue, by its group tag",
        }
    }
}

/// The profile that a device gets when it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GivenProfile {
    /// The profile; for [`ProfileOrigin::Policy`] the policy.
    pub id: ProfileId,
    /// Why that one.
    pub origin: ProfileOrigin,
    /// Since when: it was assigned to the device then, or the device came to what it is assigned to.
    pub since: Timestamp,
}

/// How many devices get a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileReach {
    /// The profile or policy.
    pub id: ProfileId,
    /// Devices that get it, by whatever assignment.
    pub devices: u64,
    /// Those of them to which it is assigned itself.
    pub directly: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_database_has_one_meaning() {
        for origin in ProfileOrigin::ALL {
            assert_eq!(ProfileOrigin::of_stored(origin.stored()), Some(origin));
        }
        assert_eq!(ProfileOrigin::of_stored("exclusion"), None);
    }
}
