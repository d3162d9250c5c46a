//! The catalogue of group tags and the device profile each names (registration.md, 5.1 and 5.2).
//!
//! A tag matches exactly, capitals and special characters included; a near miss is refused and
//! the tag that was meant is named.

use serde::Serialize;
use thiserror::Error;

use crate::ids::ProfileId;
use crate::profile::{self, DeviceProfile};

/// One group tag of the catalogue.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct GroupTag {
    /// The tag, to the letter.
    pub tag: &'static str,
    /// The device profile it names.
    pub device_profile: DeviceProfile,
    /// Whether the device is shared by several people.
    pub shared: bool,
    /// The deployment profile it names unless the operator assigns another one
    /// ([`profile::SEEDED`] lists them).
    pub deployment_profile: ProfileId,
}

/// The seven tags, in the order shown to people.
pub static CATALOGUE: [GroupTag; 7] = [
    tag(
        "Microsoft365Managed_SensitiveData",
        DeviceProfile::SensitiveData,
        false,
        profile::BASE,
    ),
    tag(
        "Microsoft365Managed_PowerUser",
        DeviceProfile::PowerUser,
        false,
        profile::POWER_USER,
    ),
    tag(
        "Microsoft365Managed_Standard",
        DeviceProfile::Standard,
        false,
        profile::BASE,
    ),
    tag(
        "Microsoft365Managed_SensitiveData-Shared",
        DeviceProfile::SensitiveData,
        true,
        profile::SHARED,
    ),
    tag(
        "Microsoft365Managed_Standard-Shared",
        DeviceProfile::Standard,
        true,
        profile::SHARED,
    ),
    tag(
        "Microsoft365Managed_Kiosk",
        DeviceProfile::Kiosk,
        false,
        profile::KIOSK,
    ),
    // Which deployment profile this one names is not published (registration.md, 5.2): inferred,
    // and the operator can assign another.
    tag(
        "Microsoft365Managed_Kiosk-Shared",
        DeviceProfile::Kiosk,
        true,
        profile::KIOSK,
    ),
];

const fn tag(
    tag: &'static str,
    device_profile: DeviceProfile,
    shared: bool,
    deployment_profile: ProfileId,
) -> GroupTag {
    GroupTag {
        tag,
        device_profile,
        shared,
        deployment_profile,
    }
}

/// Why a text is no group tag.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GroupTagError {
    /// Nothing was given.
    #[error("Choose a group tag: it decides which profile the devices get.")]
    Missing,
    /// Close to one of the catalogue.
    #[error(
        "\"{given}\" is not a group tag, \"{meant}\" is. Tags must match exactly, capitals and \
         special characters included."
    )]
    NearMiss {
        /// What was given, shortened for display.
        given: String,
        /// The tag that is closest to it.
        meant: &'static str,
    },
    /// Close to none.
    #[error("\"{given}\" is not one of the group tags. Choose one from the catalogue.")]
    Unknown {
        /// What was given, shortened for display.
        given: String,
    },
}

impl GroupTagError {
    /// The tag that was probably meant.
    pub fn meant(&self) -> Option<&'static str> {
        match self {
            Self::NearMiss { meant, .. } => Some(meant),
            Self::Missing | Self::Unknown { .. } => None,
        }
    }
}

/// The tag that is exactly `text`.
pub fn parse(text: &str) -> Result<&'static GroupTag, GroupTagError> {
    if let Some(found) = CATALOGUE.iter().find(|entry| entry.tag == text) {
        return Ok(found);
    }
    if text.trim().is_empty() {
        return Err(GroupTagError::Missing);
    }
    let given: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    Err(match nearest(text) {
        Some(meant) => GroupTagError::NearMiss { given, meant },
        None => GroupTagError::Unknown { given },
    })
}

/// Whether devices may be registered with this tag. None is an empty one. A customer gives its own
/// devices any tag: those of the catalogue name a profile, its own are for its own use.
pub fn may_register(tag: &str, by_customer: bool) -> bool {
    by_customer || tag.is_empty() || parse(tag).is_ok()
}

/// The tag for a device profile chosen in the customer's own registration; `None` where the
/// profile can't be shared (Power user, registration.md 5.5).
pub fn of_profile(device_profile: DeviceProfile, shared: bool) -> Option<&'static GroupTag> {
    CATALOGUE
        .iter()
        .find(|t| t.device_profile == device_profile && t.shared == shared)
}

fn nearest(text: &str) -> Option<&'static str> {
    let given = folded(text);
    if given.is_empty() || given.len() > 120 {
        return None;
    }
    let (distance, best) = CATALOGUE
        .iter()
        .flat_map(|entry| {
            forms(entry.tag)
                .into_iter()
                .map(move |form| (form, entry.tag))
        })
        .map(|(form, tag)| (strsim::levenshtein(&given, &form), tag))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= 3 && distance * 3 <= given.len()).then_some(best)
}

/// A tag as people misremember it: whole, and without its first half.
fn forms(tag: &str) -> [String; 2] {
    let short = tag.split_once('_').map_or(tag, |(_, profile)| profile);
    [folded(tag), folded(short)]
}

fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_tag_matches() {
        for entry in &CATALOGUE {
            assert_eq!(parse(entry.tag).map(|t| t.tag), Ok(entry.tag));
            assert!(parse(&entry.tag.to_lowercase()).is_err());
            assert!(parse(&format!("{} ", entry.tag)).is_err());
        }
    }

    #[test]
    fn a_near_miss_names_the_tag_meant() {
        for (given, meant) in [
            (
                "microsoft365managed_standard",
                "Microsoft365Managed_Standard",
            ),
            (
                "Microsoft365Managed-PowerUser",
                "Microsoft365Managed_PowerUser",
            ),
            (
                "Microsoft365Managed\\_Standard",
                "Microsoft365Managed_Standard",
            ),
            (
                "Microsoft365Managed_SensitiveDta",
                "Microsoft365Managed_SensitiveData",
            ),
            (
                "Microsoft365Managed_Standard-shared",
                "Microsoft365Managed_Standard-Shared",
            ),
            ("Power user", "Microsoft365Managed_PowerUser"),
        ] {
            let refused = parse(given).expect_err(given);
            assert_eq!(refused.meant(), Some(meant), "{given}");
            assert!(refused.to_string().contains(meant));
        }
        assert_eq!(
            parse("Sales laptops 2026").expect_err("unknown").meant(),
            None
        );
        assert_eq!(parse("  "), Err(GroupTagError::Missing));
    }

    #[test]
    fn profiles_that_can_be_shared_have_a_shared_tag() {
        assert!(of_profile(DeviceProfile::PowerUser, true).is_none());
        assert_eq!(
            of_profile(DeviceProfile::Kiosk, true).map(|t| t.tag),
            Some("Microsoft365Managed_Kiosk-Shared")
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_gets_an_answer(text in "\\PC{0,200}") {
            let exact = CATALOGUE.iter().any(|t| t.tag == text);
            proptest::prop_assert_eq!(parse(&text).is_ok(), exact);
        }
    }
}
