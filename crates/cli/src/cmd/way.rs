//! The ways of registering that a list can be for.

use clap::ValueEnum;
use device_list::{Channel, CheckOptions};

use super::choices::cores;

/// Which way of registering a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Way {
    /// A partner registers for a customer: hash, PKID or tuple; 1,000 devices a list.
    PartnerCenter,
    /// A customer imports its own devices: hashes only; 500 devices a list.
    Intune,
    /// An OEM: tuple or PKID, no hashes; 1,000 devices a list.
    Oem,
    /// enlist itself: every layout, every identifier, and lists of any length.
    Enlist,
}

impl Way {
    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PartnerCenter => "partner-center",
            Self::Intune => "intune",
            Self::Oem => "oem",
            Self::Enlist => "enlist",
        }
    }

    /// Its identifiers, layouts and limit.
    pub(super) fn channel(self) -> Channel {
        match self {
            Self::PartnerCenter => Channel::PartnerCenter,
            Self::Intune => Channel::Intune,
            Self::Oem => Channel::Oem,
            Self::Enlist => Channel::Enlist,
        }
    }

    /// Options for lists that are for it.
    pub(super) fn options(self) -> CheckOptions {
        let channel = self.channel();
        CheckOptions {
            channel,
            row_limit: channel.row_limit(),
            threads: cores(),
            ..CheckOptions::default()
        }
    }
}
