//! A device as a list has it.

use serde::{Deserialize, Serialize};

use crate::check::{Kind, RowRef};
use crate::dialect::Column;

/// What can differ between two rows of one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// The group tag.
    GroupTag,
    /// The user it is meant for.
    AssignedUser,
    /// The serial number.
    Serial,
    /// The PKID.
    Pkid,
    /// The manufacturer.
    Manufacturer,
    /// The model.
    Model,
    /// Which kind of identifier the row has.
    IdentifiedBy,
}

impl Aspect {
    /// Those that a text stands for.
    pub(super) const TEXTS: [Self; 6] = [
        Self::GroupTag,
        Self::AssignedUser,
        Self::Serial,
        Self::Pkid,
        Self::Manufacturer,
        Self::Model,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GroupTag => Column::GroupTag.name(),
            Self::AssignedUser => Column::AssignedUser.name(),
            Self::Serial => Column::Serial.name(),
            Self::Pkid => Column::Pkid.name(),
            Self::Manufacturer => Column::Manufacturer.name(),
            Self::Model => Column::Model.name(),
            Self::IdentifiedBy => "identified by",
        }
    }

    /// Whether it is one of the identifiers, so that capitals and blanks don't count, nor a list
    /// that says nothing about it.
    pub(super) fn identifies(self) -> bool {
        !matches!(self, Self::GroupTag | Self::AssignedUser)
    }
}

/// What a row identifies its device by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifiedBy {
    /// A hardware hash, with or without PKID and serial number.
    Hash,
    /// A PKID alone.
    Pkid,
    /// Manufacturer, model and serial number.
    Tuple,
}

impl IdentifiedBy {
    /// The words for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hash => "hardware hash",
            Self::Pkid => "PKID",
            Self::Tuple => "manufacturer, model and serial number",
        }
    }
}

/// A device as a list has it: what is known of it there, from its row or from the hash in it; empty
/// where nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Line of its row, from 1.
    pub line: u64,
    /// What the row identifies it by.
    pub identified_by: IdentifiedBy,
    /// Its serial number.
    pub serial: Box<str>,
    /// Its PKID.
    pub pkid: Box<str>,
    /// Its manufacturer.
    pub manufacturer: Box<str>,
    /// Its model.
    pub model: Box<str>,
    /// Its group tag.
    pub group_tag: Box<str>,
    /// The user it is meant for.
    pub assigned_user: Box<str>,
}

impl Listed {
    /// The device of a row, after certain repairs; `None` where it names none.
    pub fn of(row: &RowRef<'_>) -> Option<Self> {
        let identified_by = match row.judged.kind? {
            Kind::Hash { .. } => IdentifiedBy::Hash,
            Kind::Pkid => IdentifiedBy::Pkid,
            Kind::Tuple => IdentifiedBy::Tuple,
        };
        let identification = row.identification()?;
        let pkid = identification.pkid();
        let hash = identification.hash();
        let (manufacturer, model) = match hash {
            Some(hash) => (
                hash.manufacturer().map(|value| value.as_str().into()),
                hash.model().map(|value| value.as_str().into()),
            ),
            None => (
                Some(row.value(Column::Manufacturer).into()),
                Some(row.value(Column::Model).into()),
            ),
        };
        Some(Self {
            line: row.line(),
            identified_by,
            serial: identification
                .serial()
                .map(|serial| serial.as_str().into())
                .unwrap_or_default(),
            pkid: pkid
                .as_ref()
                .map(|pkid| pkid.as_str().into())
                .unwrap_or_default(),
            manufacturer: manufacturer.unwrap_or_default(),
            model: model.unwrap_or_default(),
            group_tag: row.value(Column::GroupTag).into(),
            assigned_user: row.value(Column::AssignedUser).into(),
        })
    }

    /// The text of an aspect.
    pub fn text(&self, aspect: Aspect) -> &str {
        match aspect {
            Aspect::GroupTag => &self.group_tag,
            Aspect::AssignedUser => &self.assigned_user,
            Aspect::Serial => &self.serial,
            Aspect::Pkid => &self.pkid,
            Aspect::Manufacturer => &self.manufacturer,
            Aspect::Model => &self.model,
            Aspect::IdentifiedBy => self.identified_by.name(),
        }
    }
}
