//! What a device gets and why, in words: for its customer, and for a party, which is told that the
//! customer's own profile comes first and not which one it is (`docs/adr/0016`).

use registration::customer_profile::ProfileOrigin;
use registration::ids::ProfileId;
use service::customer_profiles::GivenView;

/// The deployment profile of a device as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The profile's name, or what is said instead of it.
    pub name: String,
    /// Why that one.
    pub why: &'static str,
    /// Whether it is what most devices get, by the catalogue: the device profile says it already.
    pub is_usual: bool,
    /// Its id, where the customer itself assigned it to the device itself: it can take that back.
    pub to_take_back: Option<ProfileId>,
    /// Where its page is, for the customer.
    pub page: Option<String>,
}

impl Given {
    /// What a device gets; `is_own` if its customer looks at it.
    pub(super) fn of(given: Option<&GivenView>, is_own: bool) -> Self {
        let Some(GivenView {
            profile, origin, ..
        }) = given
        else {
            return Self {
                name: "None".to_owned(),
                why: "Nothing is assigned to it, and its group tag names none",
                is_usual: false,
                to_take_back: None,
                page: None,
            };
        };
        let id = profile
            .as_ref()
            .map(|profile| profile.id)
            .filter(|_| is_own);
        let name = profile.as_ref().map(|profile| profile.name.clone());
        Self {
            name: name.unwrap_or_else(|| unnamed(*origin).to_owned()),
            why: if is_own {
                origin.in_words()
            } else {
                for_party(*origin)
            },
            is_usual: *origin == ProfileOrigin::Catalogue,
            to_take_back: id.filter(|_| *origin == ProfileOrigin::Device),
            page: id
                .filter(|_| *origin != ProfileOrigin::Policy)
                .map(|id| format!("/deployment-profiles/{id}")),
        }
    }
}

/// What is said of a profile whose name the reader is not told.
fn unnamed(origin: ProfileOrigin) -> &'static str {
    match origin {
        ProfileOrigin::Policy => "Configuration policy of its partner",
        _ => "A profile of the customer's own",
    }
}

/// Why, for a party: of its customer's own, no more than that they come first.
fn for_party(origin: ProfileOrigin) -> &'static str {
    match origin {
        ProfileOrigin::Policy => "Your configuration policy",
        ProfileOrigin::Catalogue => origin.in_words(),
        _ => "Assigned by the customer: it comes before a policy and the catalogue",
    }
}

#[cfg(test)]
mod tests {
    use registration::clock::Timestamp;

    use super::*;

    #[test]
    fn a_party_is_not_told_by_what_the_customer_assigned_its_profile() {
        let given = |origin| {
            Given::of(
                Some(&GivenView {
                    profile: None,
                    origin,
                    since: Timestamp(0),
                }),
                false,
            )
        };
        let own = given(ProfileOrigin::Device);
        assert_eq!(own.name, "A profile of the customer's own");
        assert_eq!(own, given(ProfileOrigin::GroupTag));
        assert_eq!(own, given(ProfileOrigin::AllDevices));
        assert_eq!(Given::of(None, true).name, "None");
    }
}
