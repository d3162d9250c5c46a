//! The layouts a device list can have: exact header tables (registration.md 6.1).

use serde::Serialize;

/// What a column holds, whatever its header is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Serial number.
    Serial,
    /// Product key ID; its header reads "Windows Product ID".
    Pkid,
    /// Hardware hash.
    Hash,
    /// Manufacturer.
    Manufacturer,
    /// Model.
    Model,
    /// Group tag of the row; only Intune lists have it.
    GroupTag,
    /// User the device is meant for; only Intune lists have it.
    AssignedUser,
}

impl Column {
    /// How many there are.
    pub const COUNT: usize = 7;

    /// All of them.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Serial,
        Self::Pkid,
        Self::Hash,
        Self::Manufacturer,
        Self::Model,
        Self::GroupTag,
        Self::AssignedUser,
    ];

    /// The word for it in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Serial => "serial number",
            Self::Pkid => "PKID",
            Self::Hash => "hardware hash",
            Self::Manufacturer => "manufacturer",
            Self::Model => "model",
            Self::GroupTag => "group tag",
            Self::AssignedUser => "assigned user",
        }
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// A layout with an exact header line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// A: Partner Center as documented, and the collecting script with `-Partner` (PC-AP20,
    /// SCRIPT).
    PartnerCenter,
    /// A2: the sample that Partner Center offers for download (OOF-TUPLE).
    PartnerCenterSample,
    /// A3: that sample as partner tools carry it (CIPP-UI).
    PartnerCenterEmbedded,
    /// D and E: Managed Desktop with a hash column; a row with an empty hash is a tuple
    /// (MMD-SAMPLE).
    ManagedDesktopSelf,
    /// E2: Managed Desktop's sample for partners, tuples only (MMD-SAMPLE).
    ManagedDesktopPartner,
    /// What the collecting script writes by default (SCRIPT), and Intune's first layout (INT-HIST).
    Intune3,
    /// B2: with the group tag, the script with `-GroupTag` (INT-HIST, SCRIPT).
    Intune4,
    /// B4: Intune since 2019-08, the script with `-AssignedUser` (AP-ADD25).
    Intune,
}

impl Dialect {
    /// All of them, the most usual first.
    pub const ALL: [Self; 8] = [
        Self::PartnerCenter,
        Self::PartnerCenterSample,
        Self::PartnerCenterEmbedded,
        Self::ManagedDesktopSelf,
        Self::ManagedDesktopPartner,
        Self::Intune3,
        Self::Intune4,
        Self::Intune,
    ];

    /// The name used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::PartnerCenter => "partner-center",
            Self::PartnerCenterSample => "partner-center-sample",
            Self::PartnerCenterEmbedded => "partner-center-embedded",
            Self::ManagedDesktopSelf => "managed-desktop-self",
            Self::ManagedDesktopPartner => "managed-desktop-partner",
            Self::Intune3 => "intune-3",
            Self::Intune4 => "intune-4",
            Self::Intune => "intune",
        }
    }

    /// The dialect with that [`Dialect::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::PartnerCenter => "Partner Center",
            Self::PartnerCenterSample => "Partner Center (downloaded sample)",
            Self::PartnerCenterEmbedded => "Partner Center (sample as partner tools carry it)",
            Self::ManagedDesktopSelf => "Managed Desktop with hardware hash",
            Self::ManagedDesktopPartner => "Managed Desktop for partners",
            Self::Intune3 => "Intune, three columns",
            Self::Intune4 => "Intune with group tag",
            Self::Intune => "Intune with group tag and user",
        }
    }

    /// The header line, exact, without a line end.
    pub fn header(self) -> &'static str {
        match self {
            Self::PartnerCenter => {
                "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model"
            }
            Self::PartnerCenterSample => {
                "Device serial number,Windows product ID,Hardware hash,Manufacturer name,Device model"
            }
            Self::PartnerCenterEmbedded => {
                "Device serial number,Windows product ID,Hardware hash,Manufacturer name,Device Model"
            }
            Self::ManagedDesktopSelf => "Manufacturer,Model,Serial Number,Hardware Hash",
            Self::ManagedDesktopPartner => "Manufacturer,Model,Serial Number",
            Self::Intune3 => "Device Serial Number,Windows Product ID,Hardware Hash",
            Self::Intune4 => "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag",
            Self::Intune => {
                "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User"
            }
        }
    }

    /// What the columns hold, in order.
    pub fn columns(self) -> &'static [Column] {
        use Column::{AssignedUser, GroupTag, Hash, Manufacturer, Model, Pkid, Serial};
        match self {
            Self::PartnerCenter | Self::PartnerCenterSample | Self::PartnerCenterEmbedded => {
                &[Serial, Pkid, Hash, Manufacturer, Model]
            }
            Self::ManagedDesktopSelf => &[Manufacturer, Model, Serial, Hash],
            Self::ManagedDesktopPartner => &[Manufacturer, Model, Serial],
            Self::Intune3 => &[Serial, Pkid, Hash],
            Self::Intune4 => &[Serial, Pkid, Hash, GroupTag],
            Self::Intune => &[Serial, Pkid, Hash, GroupTag, AssignedUser],
        }
    }

    /// The exact header of one column, if the dialect has it.
    pub fn header_of(self, column: Column) -> Option<&'static str> {
        self.header()
            .split(',')
            .zip(self.columns())
            .find(|(_, c)| **c == column)
            .map(|(h, _)| h)
    }

    /// Whether the dialect has the column.
    pub fn has(self, column: Column) -> bool {
        self.columns().contains(&column)
    }
}
