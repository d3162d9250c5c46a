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
    /// What the group tag was called until May 2019 (INT-HIST).
    OrderId,
}

impl Column {
    /// How many there are.
    pub const COUNT: usize = 8;

    /// All of them.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Serial,
        Self::Pkid,
        Self::Hash,
        Self::Manufacturer,
        Self::Model,
        Self::GroupTag,
        Self::AssignedUser,
        Self::OrderId,
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
            Self::OrderId => "order ID",
        }
    }

    /// Whether it is an identifier, or a part of one.
    pub(crate) fn identifies(self) -> bool {
        !matches!(self, Self::GroupTag | Self::AssignedUser | Self::OrderId)
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
    /// B: Intune's first layout (INT-HIST); C: the Store for Business (MSFB); F: Managed Desktop's
    /// portal, and what the collecting script writes by default (SCRIPT).
    Intune3,
    /// B2: with the group tag, the script with `-GroupTag` (INT-HIST, SCRIPT).
    Intune4,
    /// B4: Intune since 2019-08, the script with `-AssignedUser` (AP-ADD25).
    Intune,
    /// B1: Intune in 2018-05, with the order ID that became the group tag (INT-HIST; how its
    /// header was written is inferred).
    IntuneOrderId,
    /// B3: Intune for two days in July 2019, with tag, user and order ID; the blank is in the
    /// header (INT-HIST).
    IntuneWithdrawn,
    /// G: as the script's module reads it, `OrderID` in one word (PSGAL).
    ScriptOrderId,
}

impl Dialect {
    /// All of them, the most usual first.
    pub const ALL: [Self; 11] = [
        Self::PartnerCenter,
        Self::PartnerCenterSample,
        Self::PartnerCenterEmbedded,
        Self::ManagedDesktopSelf,
        Self::ManagedDesktopPartner,
        Self::Intune3,
        Self::Intune4,
        Self::Intune,
        Self::IntuneOrderId,
        Self::IntuneWithdrawn,
        Self::ScriptOrderId,
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
            Self::IntuneOrderId => "intune-order-id",
            Self::IntuneWithdrawn => "intune-withdrawn",
            Self::ScriptOrderId => "script-order-id",
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
            Self::IntuneOrderId => "Intune of 2018, with order ID",
            Self::IntuneWithdrawn => "Intune of July 2019, with group tag, user and order ID",
            Self::ScriptOrderId => "the collecting script's module, with order ID",
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
            Self::IntuneOrderId => "Device Serial Number,Windows Product ID,Hardware Hash,Order ID",
            Self::IntuneWithdrawn => {
                "Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User, Order ID"
            }
            Self::ScriptOrderId => "Device Serial Number,Windows Product ID,Hardware Hash,OrderID",
        }
    }

    /// What the columns hold, in order.
    pub fn columns(self) -> &'static [Column] {
        use Column::{AssignedUser, GroupTag, Hash, Manufacturer, Model, OrderId, Pkid, Serial};
        match self {
            Self::PartnerCenter | Self::PartnerCenterSample | Self::PartnerCenterEmbedded => {
                &[Serial, Pkid, Hash, Manufacturer, Model]
            }
            Self::ManagedDesktopSelf => &[Manufacturer, Model, Serial, Hash],
            Self::ManagedDesktopPartner => &[Manufacturer, Model, Serial],
            Self::Intune3 => &[Serial, Pkid, Hash],
            Self::Intune4 => &[Serial, Pkid, Hash, GroupTag],
            Self::Intune => &[Serial, Pkid, Hash, GroupTag, AssignedUser],
            Self::IntuneOrderId | Self::ScriptOrderId => &[Serial, Pkid, Hash, OrderId],
            Self::IntuneWithdrawn => &[Serial, Pkid, Hash, GroupTag, AssignedUser, OrderId],
        }
    }

    /// The layout in which lists of these layouts can be put together: theirs where all have the
    /// same, else the smallest one that holds every identifier, with as many of the other columns
    /// as there are.
    pub fn common(dialects: &[Self]) -> Option<Self> {
        let first = *dialects.first()?;
        if dialects.iter().all(|dialect| *dialect == first) {
            return Some(first);
        }
        let wanted = |column: &Column| dialects.iter().any(|dialect| dialect.today().has(*column));
        let lost = |dialect: Self, identifies: bool| {
            let columns = Column::ALL.into_iter().filter(wanted);
            let lost = columns.filter(|c| c.identifies() == identifies && !dialect.has(*c));
            lost.count()
        };
        // Partner Center's layouts have every identifier.
        Self::ALL
            .into_iter()
            .filter(|dialect| dialect.today() == *dialect)
            .min_by_key(|dialect| {
                let columns = dialect.columns().len();
                (lost(*dialect, true), lost(*dialect, false), columns)
            })
    }

    /// The exact header of one column, if the dialect has it.
    pub fn header_of(self, column: Column) -> Option<&'static str> {
        self.header()
            .split(',')
            .zip(self.columns())
            .find(|(_, c)| **c == column)
            .map(|(h, _)| h)
    }

    /// The layout that took the place of a withdrawn one: an order ID is a group tag today.
    #[must_use]
    pub fn today(self) -> Self {
        match self {
            Self::IntuneOrderId | Self::ScriptOrderId => Self::Intune4,
            Self::IntuneWithdrawn => Self::Intune,
            today => today,
        }
    }

    /// Whether the dialect has the column.
    pub fn has(self, column: Column) -> bool {
        self.columns().contains(&column)
    }
}
