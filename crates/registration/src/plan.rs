//! The plan: what becomes of each row, against the registry as it stands. A pure function, asked
//! before anything is written and again in the transaction that writes.

use serde::{Deserialize, Serialize};

use crate::directory::UnknownDevicePolicy;
use crate::upload::RowVerdict;

/// The one outcome of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The device belongs to the customer now.
    Registered,
    /// It belonged to the customer before. Not a failure.
    AlreadyRegistered,
    /// Another organization holds it; by whom is never told.
    RegisteredElsewhere,
    /// The directory does not know it, and the operator refuses such devices.
    NotFound,
    /// The row does not identify a device.
    Invalid,
    /// The same device as an earlier row of the list. Not a failure: that row decides.
    DuplicateInList,
    /// The customer's consent is missing, revoked or expired.
    NoConsent,
    /// The group tag is not one of the catalogue.
    WrongTag,
}

impl Outcome {
    /// Every outcome, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::Registered,
        Self::AlreadyRegistered,
        Self::RegisteredElsewhere,
        Self::NotFound,
        Self::Invalid,
        Self::DuplicateInList,
        Self::NoConsent,
        Self::WrongTag,
    ];

    /// The word in addresses, files and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::AlreadyRegistered => "already_registered",
            Self::RegisteredElsewhere => "registered_elsewhere",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::DuplicateInList => "duplicate_in_list",
            Self::NoConsent => "no_consent",
            Self::WrongTag => "wrong_tag",
        }
    }

    /// The words shown to people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Registered => "Registered",
            Self::AlreadyRegistered => "Already registered here",
            Self::RegisteredElsewhere => "Registered to another organization",
            Self::NotFound => "Not found in the directory",
            Self::Invalid => "Invalid",
            Self::DuplicateInList => "Duplicate in the list",
            Self::NoConsent => "No consent",
            Self::WrongTag => "Wrong group tag",
        }
    }

    /// Whether the row must be mended and sent again, or taken up with somebody.
    pub fn is_failure(self) -> bool {
        !matches!(
            self,
            Self::Registered | Self::AlreadyRegistered | Self::DuplicateInList
        )
    }

    /// The DDS code and name that the original answers, where one exists (registration.md, 8.1).
    /// An invalid row has the code of its finding instead ([`RowVerdict::Invalid`]).
    pub fn dds(self) -> Option<(Option<u16>, &'static str)> {
        match self {
            Self::AlreadyRegistered => Some((Some(806), "ZtdDeviceAlreadyAssigned")),
            Self::RegisteredElsewhere => Some((Some(808), "ZtdDeviceAssignedToOtherTenant")),
            Self::NotFound => Some((Some(812), "ZtdDeviceNotFound")),
            Self::DuplicateInList => Some((None, "ZtdDeviceDuplicated")),
            Self::Registered | Self::Invalid | Self::NoConsent | Self::WrongTag => None,
        }
    }

    /// What to do about it, in plain words.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Registered => "Nothing to do: the device gets its profile at first boot.",
            Self::AlreadyRegistered => {
                "Nothing to do: the device already belongs to this customer."
            }
            Self::RegisteredElsewhere => {
                "Ask the previous owner to deregister the device, then send the row again."
            }
            Self::NotFound => {
                "Check manufacturer, model, serial number and product key ID against the supplier's \
                 papers; after a motherboard replacement send the hardware hash instead."
            }
            Self::Invalid => "Mend the value and send the row again.",
            Self::DuplicateInList => "Nothing to do: the earlier row decides. Drop this one.",
            Self::NoConsent => {
                "Ask the customer's global administrator to accept your invitation, then send the \
                 row again."
            }
            Self::WrongTag => "Choose a group tag of the catalogue and send the row again.",
        }
    }
}

/// Who holds the device that a row identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Nobody.
    Nobody,
    /// The customer the upload is for.
    ThisCustomer,
    /// Some other customer.
    AnotherCustomer,
}

/// Whether something vouches for the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// A hardware hash, or an entry of the device directory.
    Vouched,
    /// Nothing does; the operator's policy decides.
    Unknown(UnknownDevicePolicy),
}

/// What holds for every row of an upload at the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The customer consents to this party now (always so for the customer's own registration).
    pub consent: bool,
    /// The group tag of the upload is exactly one of the catalogue.
    pub tag: bool,
}

/// The outcome of one row. `row_tag` tells whether the row's own group tag, if it has one, is
/// the upload's.
///
/// Order matters: what is wrong with the row itself comes first, since it stays wrong whatever
/// the registry says; then what holds for the whole upload; then the registry.
pub fn decide(
    standing: Standing,
    verdict: &RowVerdict,
    row_tag: bool,
    holder: Holder,
    resolution: Resolution,
) -> Outcome {
    match verdict {
        RowVerdict::Invalid { .. } => return Outcome::Invalid,
        RowVerdict::Duplicate { .. } => return Outcome::DuplicateInList,
        RowVerdict::Ready => {}
    }
    if !standing.consent {
        return Outcome::NoConsent;
    }
    if !standing.tag || !row_tag {
        return Outcome::WrongTag;
    }
    match (holder, resolution) {
        (Holder::AnotherCustomer, _) => Outcome::RegisteredElsewhere,
        (Holder::ThisCustomer, _) => Outcome::AlreadyRegistered,
        (Holder::Nobody, Resolution::Unknown(UnknownDevicePolicy::Refuse)) => Outcome::NotFound,
        (Holder::Nobody, _) => Outcome::Registered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Standing = Standing {
        consent: true,
        tag: true,
    };

    fn ready(standing: Standing, holder: Holder, resolution: Resolution) -> Outcome {
        decide(standing, &RowVerdict::Ready, true, holder, resolution)
    }

    #[test]
    fn a_free_device_is_registered_and_a_held_one_is_told_apart() {
        let vouched = Resolution::Vouched;
        assert_eq!(ready(GOOD, Holder::Nobody, vouched), Outcome::Registered);
        assert_eq!(
            ready(GOOD, Holder::ThisCustomer, vouched),
            Outcome::AlreadyRegistered
        );
        assert_eq!(
            ready(GOOD, Holder::AnotherCustomer, vouched),
            Outcome::RegisteredElsewhere
        );
    }

    #[test]
    fn the_operator_decides_about_devices_the_directory_does_not_know() {
        let accept = Resolution::Unknown(UnknownDevicePolicy::Accept);
        let refuse = Resolution::Unknown(UnknownDevicePolicy::Refuse);
        assert_eq!(ready(GOOD, Holder::Nobody, accept), Outcome::Registered);
        assert_eq!(ready(GOOD, Holder::Nobody, refuse), Outcome::NotFound);
        assert_eq!(
            ready(GOOD, Holder::ThisCustomer, refuse),
            Outcome::AlreadyRegistered
        );
    }

    #[test]
    fn without_consent_nothing_is_said_about_who_holds_a_device() {
        let none = Standing {
            consent: false,
            tag: true,
        };
        for holder in [
            Holder::Nobody,
            Holder::ThisCustomer,
            Holder::AnotherCustomer,
        ] {
            assert_eq!(ready(none, holder, Resolution::Vouched), Outcome::NoConsent);
        }
    }

    #[test]
    fn a_broken_row_stays_broken_whatever_else_holds() {
        let verdict = RowVerdict::Invalid {
            code: "EN0401".into(),
            cause: String::new(),
            fix: String::new(),
            dds: None,
        };
        let none = Standing {
            consent: false,
            tag: false,
        };
        let outcome = decide(none, &verdict, true, Holder::Nobody, Resolution::Vouched);
        assert_eq!(outcome, Outcome::Invalid);
        let twice = RowVerdict::Duplicate { of_line: 2 };
        let outcome = decide(GOOD, &twice, true, Holder::Nobody, Resolution::Vouched);
        assert_eq!(outcome, Outcome::DuplicateInList);
        let tagged = decide(
            GOOD,
            &RowVerdict::Ready,
            false,
            Holder::Nobody,
            Resolution::Vouched,
        );
        assert_eq!(tagged, Outcome::WrongTag);
    }

    #[test]
    fn all_lists_the_outcomes_in_the_order_of_their_numbers() {
        for (n, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, n);
        }
    }
}
