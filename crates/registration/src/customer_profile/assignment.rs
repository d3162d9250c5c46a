//! To which of a customer's devices a profile is assigned.

use uuid::Uuid;

use crate::group::{ALL_DEVICES, group_id};
use crate::ids::{OrganizationId, ProfileId};

/// To which devices a profile is assigned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AssignmentTarget {
    /// Those with this group tag.
    Group(String),
    /// To those with this group tag it is not, whatever else is said.
    Exclusion(String),
    /// All of the customer's.
    AllDevices,
}

impl AssignmentTarget {
    /// The word in the database, and the group tag, blank where there is none.
    pub fn stored(&self) -> (&'static str, &str) {
        match self {
            Self::Group(tag) => ("group", tag),
            Self::Exclusion(tag) => ("exclusion", tag),
            Self::AllDevices => ("all", ""),
        }
    }

    /// The reverse of [`Self::stored`].
    pub fn of_stored(kind: &str, tag: String) -> Option<Self> {
        match kind {
            "group" => Some(Self::Group(tag)),
            "exclusion" => Some(Self::Exclusion(tag)),
            "all" => Some(Self::AllDevices),
            _ => None,
        }
    }

    /// The id of the group.
    pub fn group_id(&self, customer: OrganizationId) -> Uuid {
        match self {
            Self::Group(tag) | Self::Exclusion(tag) => group_id(customer, tag),
            Self::AllDevices => ALL_DEVICES,
        }
    }

    /// In words, for the audit log.
    pub fn in_words(&self) -> String {
        match self {
            Self::Group(tag) => format!("group tag {tag}"),
            Self::Exclusion(tag) => format!("not group tag {tag}"),
            Self::AllDevices => "all devices".to_owned(),
        }
    }
}

/// One assignment of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileAssignment {
    /// The profile: a customer's own, or one that the catalogue names.
    pub profile_id: ProfileId,
    /// To which devices.
    pub target: AssignmentTarget,
}

impl ProfileAssignment {
    /// Its id, as clients expect it: `{profileId}_{groupId}_0`, with 1 at the end for an exclusion.
    pub fn id(&self, customer: OrganizationId) -> String {
        let intent = u8::from(matches!(self.target, AssignmentTarget::Exclusion(_)));
        format!(
            "{}_{}_{intent}",
            self.profile_id,
            self.target.group_id(customer)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignments_id_says_profile_group_and_intent() {
        let customer = OrganizationId(Uuid::nil());
        let id = |target: AssignmentTarget| {
            let profile_id = ProfileId(Uuid::nil());
            ProfileAssignment { profile_id, target }.id(customer)
        };
        let group = group_id(customer, "Lab");
        let nil = Uuid::nil();
        assert_eq!(
            id(AssignmentTarget::Group("Lab".to_owned())),
            format!("{nil}_{group}_0")
        );
        assert_eq!(
            id(AssignmentTarget::Exclusion("Lab".to_owned())),
            format!("{nil}_{group}_1")
        );
        assert_eq!(
            id(AssignmentTarget::AllDevices),
            format!("{nil}_{ALL_DEVICES}_0")
        );
    }
}
