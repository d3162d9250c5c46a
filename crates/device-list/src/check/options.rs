//! What a list is held against.

use serde::Serialize;

use crate::code::CodeSet;
use crate::workbook::WorkbookLimits;

/// Which way of registering the list is for; decides which identifiers and layouts fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A partner registers for a customer: hash, PKID or tuple; Partner Center's and Managed
    /// Desktop's layouts.
    #[default]
    PartnerCenter,
    /// A customer registers its own devices in the portal: hashes only; Intune's and Managed
    /// Desktop's layouts (registration.md 5.3).
    CustomerOwn,
    /// A customer imports into Intune: hashes only, Intune's layouts (AP-ADD25).
    Intune,
    /// An OEM: tuple or PKID, never the hash (AP-ADD20).
    Oem,
    /// enlist itself: every layout and every one of the six combinations.
    Enlist,
}

impl Channel {
    /// How many devices one list may have there (registration.md, section 1; where sources
    /// disagree, the newest); `None` is no limit.
    pub fn row_limit(self) -> Option<u64> {
        match self {
            Self::PartnerCenter | Self::Oem => Some(1000),
            Self::Intune => Some(500),
            Self::CustomerOwn | Self::Enlist => None,
        }
    }

    /// Whether it takes hashes only.
    pub fn wants_hash(self) -> bool {
        matches!(self, Self::CustomerOwn | Self::Intune)
    }
}

/// What a check holds a list against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    /// Which way of registering the list is for.
    pub channel: Channel,
    /// How many devices one list may have; `None` is no limit. More is one finding; the rows beyond
    /// are checked all the same.
    pub row_limit: Option<u64>,
    /// The codes whose guesses are accepted: their repairs are done like the certain ones.
    pub accept: CodeSet,
    /// The group tag the list is for; a row's own tag is held against it.
    pub tag: Option<Box<str>>,
    /// Which sheet of a workbook is read, by its name or its number from 1; the first with something
    /// on it unless given.
    pub sheet: Option<Box<str>>,
    /// How much a workbook may unpack to, in bytes.
    pub unpacked: u64,
    /// How many threads may judge rows; what is found, and its order, is the same for any number.
    pub threads: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            channel: Channel::default(),
            row_limit: None,
            accept: CodeSet::default(),
            tag: None,
            sheet: None,
            unpacked: WorkbookLimits::default().unpacked,
            threads: 1,
        }
    }
}
