//! Where the columns of a list are: from its header, or from its first rows.

mod another;
mod below;
mod export;
mod first_lines;
mod foreign;
mod form;
mod guess;
mod makers;
mod names;
mod recognize;
mod remarks;
mod report;
mod said;
mod shown;

pub(crate) use another::{Another, another, is_header};
pub(crate) use below::below;
pub(crate) use first_lines::{FirstLines, Found, separator_hint};
pub(crate) use guess::looks_like_hash;
pub(crate) use names::column_named;
pub(crate) use remarks::{GUARD, REMARKS, UNREAD, decide};
pub(crate) use said::Said;

use crate::check::Channel;
use crate::dialect::{Column, Dialect};
use crate::fields::Field;

/// What may stand between fields, the most usual first.
pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Where the columns of a list are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The layout of these lines.
    pub(crate) dialect: Dialect,
    /// The layout of the whole list: that of its first lines, or one that holds the identifiers of
    /// all lines so far.
    pub(crate) list: Dialect,
    /// Between the fields: a comma unless the file is wrong about it.
    pub(crate) delimiter: u8,
    /// What each field holds.
    pub(crate) slots: Vec<Slot>,
    /// Number of each column's field, from 1; 0 is none.
    pub(crate) positions: [u32; Column::COUNT],
    /// What the header says that the serial numbers are, where it says something else.
    pub(crate) serial_said: Option<Said>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A column's value.
    Holds(Column),
    /// The same column a second time.
    Again(Column),
    /// A column's name, in every row (registration.md 6.5).
    Label(Column),
    /// Our own remark about the row, in a rest file.
    Remark,
    /// Nothing known.
    Unknown,
}

impl Layout {
    fn new(dialect: Dialect, delimiter: u8, slots: Vec<Slot>) -> Self {
        let mut positions = [0; Column::COUNT];
        for (number, slot) in (1..).zip(&slots) {
            if let Slot::Holds(column) = slot {
                positions[column.index()] = number;
            }
        }
        Self {
            dialect,
            list: dialect,
            delimiter,
            slots,
            positions,
            serial_said: None,
        }
    }

    /// The same, with what the header's fields say of the serial number.
    fn said_by(mut self, header: &[Field]) -> Self {
        let at = self.positions[Column::Serial.index()] as usize;
        let field = at.checked_sub(1).and_then(|at| header.get(at));
        self.serial_said = field.and_then(|field| said::said(&field.text));
        self
    }

    /// The layout of a dialect, exact.
    pub(crate) fn exact(dialect: Dialect) -> Self {
        let slots = dialect
            .columns()
            .iter()
            .map(|column| Slot::Holds(*column))
            .collect();
        Self::new(dialect, b',', slots)
    }

    /// Whether one of the fields holds the column.
    pub(crate) fn has(&self, column: Column) -> bool {
        self.positions[column.index()] > 0
    }

    /// The columns that fields hold.
    fn columns(&self) -> impl Iterator<Item = Column> {
        Column::ALL.into_iter().filter(|column| self.has(*column))
    }
}

/// Whether a dialect is one of a channel's own (registration.md 6.1).
pub(crate) fn belongs(dialect: Dialect, channel: Channel) -> bool {
    let intunes = matches!(
        dialect.today(),
        Dialect::Intune3 | Dialect::Intune4 | Dialect::Intune
    );
    match channel {
        Channel::Enlist => true,
        Channel::Intune => intunes,
        Channel::PartnerCenter | Channel::Oem => !intunes,
        Channel::CustomerOwn => !dialect.header().contains("anufacturer name"),
    }
}

/// The dialect in which a repaired list is written: the list's own, or its counterpart in the
/// channel. Only enlist still takes layouts that were withdrawn.
pub(crate) fn repaired(dialect: Dialect, channel: Channel) -> Dialect {
    let dialect = match channel {
        Channel::Enlist => dialect,
        _ => dialect.today(),
    };
    match channel {
        _ if belongs(dialect, channel) => dialect,
        Channel::CustomerOwn | Channel::Intune => Dialect::Intune3,
        Channel::PartnerCenter | Channel::Oem | Channel::Enlist => Dialect::PartnerCenter,
    }
}

/// The dialect of a list in which lines of another layout follow: its own where that has all
/// columns that identify devices, else the smallest that has.
fn holding(list: Dialect, layout: &Layout) -> Dialect {
    const IDENTIFYING: [Column; 5] = [
        Column::Serial,
        Column::Pkid,
        Column::Hash,
        Column::Manufacturer,
        Column::Model,
    ];
    let holds = |dialect: &Dialect| {
        IDENTIFYING
            .into_iter()
            .filter(|column| list.has(*column) || layout.has(*column))
            .all(|column| dialect.has(column))
    };
    if holds(&list) {
        return list;
    }
    let smallest = Dialect::ALL
        .into_iter()
        .filter(holds)
        .min_by_key(|dialect| dialect.columns().len());
    // Partner Center's layouts have all five.
    smallest.unwrap_or(Dialect::PartnerCenter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_several_layouts_gets_one_that_holds_all_identifiers() {
        let cases = [
            (Dialect::Intune3, Dialect::Intune, Dialect::Intune3),
            (
                Dialect::ManagedDesktopPartner,
                Dialect::ManagedDesktopSelf,
                Dialect::ManagedDesktopSelf,
            ),
            (
                Dialect::ManagedDesktopPartner,
                Dialect::Intune4,
                Dialect::PartnerCenter,
            ),
            (
                Dialect::Intune4,
                Dialect::PartnerCenter,
                Dialect::PartnerCenter,
            ),
            (
                Dialect::PartnerCenterSample,
                Dialect::Intune,
                Dialect::PartnerCenterSample,
            ),
        ];
        for (list, next, expected) in cases {
            assert_eq!(
                holding(list, &Layout::exact(next)),
                expected,
                "{list:?} {next:?}"
            );
        }
    }

    #[test]
    fn a_withdrawn_layout_is_written_as_the_one_that_took_its_place() {
        for (dialect, today) in [
            (Dialect::IntuneOrderId, Dialect::Intune4),
            (Dialect::IntuneWithdrawn, Dialect::Intune),
            (Dialect::ScriptOrderId, Dialect::Intune4),
        ] {
            assert!(belongs(dialect, Channel::Intune) && !belongs(dialect, Channel::PartnerCenter));
            assert_eq!(repaired(dialect, Channel::Intune), today);
            assert_eq!(repaired(dialect, Channel::CustomerOwn), today);
            assert_eq!(
                repaired(dialect, Channel::PartnerCenter),
                Dialect::PartnerCenter
            );
            assert_eq!(repaired(dialect, Channel::Enlist), dialect);
        }
    }
}
