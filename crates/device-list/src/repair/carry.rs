//! Carrying a row into a layout: which of its values go where, and which rows don't fit.

use std::borrow::Cow;

use serde::Serialize;

use super::obstacle::Obstacle;
use crate::check::{Kind, RowRef};
use crate::dialect::{Column, Dialect};
use crate::identifier::{Manufacturer, Model, Pkid, SerialNumber};
use crate::writer::can_stand;

/// What rows are written as: a hash carries manufacturer, model, serial number and mostly a PKID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowForm {
    /// Each as it was sent.
    #[default]
    AsSent,
    /// With its hash; a row that has none does not fit.
    Hash,
    /// As its PKID alone: the row's own, or the one inside its hash.
    Pkid,
    /// As manufacturer, model and serial number alone, taken from the hash where there is one.
    Tuple,
}

/// The group tag, and the name that it had before (INT-HIST).
const TAGS: [Column; 2] = [Column::GroupTag, Column::OrderId];

/// A row's values as a layout has them.
pub(super) struct Carried<'r> {
    texts: [Cow<'r, [u8]>; Column::COUNT],
    form: RowForm,
}

impl Carried<'_> {
    pub(super) fn text(&self, column: Column) -> &[u8] {
        &self.texts[column.index()]
    }

    /// Gives a row without a group tag the list's; whether that is so. Order ID is the tag's old
    /// name, and the only column for it in some layouts.
    pub(super) fn fill_tag(&mut self, target: Dialect, tag: &str) -> bool {
        let column = TAGS.into_iter().find(|column| target.has(*column));
        let has_none = TAGS.iter().all(|column| self.text(*column).is_empty());
        match column {
            Some(column) if has_none => {
                self.set(column, tag);
                true
            }
            _ => false,
        }
    }

    /// The columns whose values the row has and the layout does not take. Where the row is written
    /// as something else, its other identifiers are left out as was asked.
    pub(super) fn dropped(
        &self,
        row: &RowRef<'_>,
        target: Dialect,
    ) -> impl Iterator<Item = Column> {
        let (values, as_sent) = (row.values(), self.form == RowForm::AsSent);
        let stands = move |column: Column| target.has(column) && !self.text(column).is_empty();
        let dropped = move |column: &Column| {
            if TAGS.contains(column) {
                let text = values.bytes(*column);
                return !TAGS
                    .iter()
                    .any(|tag| target.has(*tag) && self.text(*tag) == text);
            }
            !stands(*column) && (as_sent || *column == Column::AssignedUser)
        };
        Column::ALL
            .into_iter()
            .filter(move |column| !values.bytes(*column).is_empty())
            .filter(dropped)
    }

    /// Puts the tag under the name that the layout has for it.
    fn move_tag(&mut self, target: Dialect) {
        let [tag, order] = TAGS;
        for (from, to) in [(tag, order), (order, tag)] {
            if target.has(to) && !target.has(from) && self.text(to).is_empty() {
                let text = self.texts[from.index()].clone();
                self.texts[to.index()] = text;
            }
        }
    }

    fn set(&mut self, column: Column, text: &str) {
        self.texts[column.index()] = text.as_bytes().to_vec().into();
    }

    /// Puts a text where there is none, if a list can carry it.
    fn fill(&mut self, column: Column, text: Option<&str>) {
        if let Some(text) = text
            && self.text(column).is_empty()
            && can_stand(text)
        {
            self.set(column, text);
        }
    }

    fn clear(&mut self, columns: &[Column]) {
        for column in columns {
            self.texts[column.index()] = Cow::Borrowed(b"");
        }
    }
}

/// The values with which the layout has the row. Fails with what stands in the way where an
/// identifier would be lost.
pub(super) fn carry<'r>(
    row: &'r RowRef<'_>,
    target: Dialect,
    form: RowForm,
) -> Result<Carried<'r>, Obstacle> {
    let values = row.values();
    let mut carried = Carried {
        texts: Column::ALL.map(|column| Cow::Borrowed(values.bytes(column))),
        form,
    };
    let is_own = row.layout.is_some_and(|layout| layout.dialect == target);
    match form {
        RowForm::AsSent if is_own => {
            // A row that was read by another header may have them beside its hash.
            if target.has(Column::Pkid) && !carried.text(Column::Hash).is_empty() {
                carried.clear(&[Column::Manufacturer, Column::Model]);
                if !agrees(row) {
                    carried.clear(&[Column::Serial]);
                }
            }
            return Ok(carried);
        }
        RowForm::Hash if carried.text(Column::Hash).is_empty() => {
            return Err(Obstacle::Lacks(Column::Hash));
        }
        RowForm::AsSent | RowForm::Hash => {}
        RowForm::Pkid => as_pkid(row, &mut carried)?,
        RowForm::Tuple => as_tuple(row, &mut carried)?,
    }
    carried.move_tag(target);
    let needed: &[Column] = if !carried.text(Column::Hash).is_empty() {
        &[Column::Hash]
    } else if !carried.text(Column::Pkid).is_empty() {
        &[Column::Pkid]
    } else {
        &[Column::Manufacturer, Column::Model, Column::Serial]
    };
    match needed.iter().find(|column| !target.has(**column)) {
        Some(missing) => Err(Obstacle::NoPlace(*missing)),
        None if needed == [Column::Hash] && !is_own => beside_hash(row, target, carried),
        None => Ok(carried),
    }
}

/// Whether the row's serial number does not contradict its hash.
fn agrees(row: &RowRef<'_>) -> bool {
    matches!(row.judged.kind, Some(Kind::Hash { serial: true, .. }))
}

/// What stands beside a hash in another layout: the PKID, which must not be lost, and the serial
/// number where it does not contradict the hash. Manufacturer and model stand there only for people
/// to read, in the layout that has no PKID (MMD-SAMPLE); there they are taken from the hash.
fn beside_hash<'r>(
    row: &RowRef<'_>,
    target: Dialect,
    mut carried: Carried<'r>,
) -> Result<Carried<'r>, Obstacle> {
    let agrees = agrees(row);
    if target.has(Column::Pkid) {
        carried.clear(&[Column::Manufacturer, Column::Model]);
        if agrees || carried.text(Column::Serial).is_empty() {
            return Ok(carried);
        }
    }
    let identification = row.identification();
    let Some(hash) = identification.as_ref().and_then(|found| found.hash()) else {
        return Ok(carried);
    };
    if !agrees {
        let inside = hash.serial();
        let inside = inside.as_ref().map_or("", SerialNumber::as_str);
        if carried.text(Column::Serial) != inside.as_bytes() {
            carried.clear(&[Column::Serial]);
        }
    }
    if target.has(Column::Pkid) {
        return Ok(carried);
    }
    let own_pkid = Pkid::from_bytes(carried.text(Column::Pkid)).ok();
    if own_pkid.is_some() && hash.pkid() != own_pkid {
        return Err(Obstacle::NoPlace(Column::Pkid));
    }
    let serial = hash.serial().filter(|serial| !serial.is_placeholder());
    carried.fill(
        Column::Manufacturer,
        hash.manufacturer().as_ref().map(Manufacturer::as_str),
    );
    carried.fill(Column::Model, hash.model().as_ref().map(Model::as_str));
    carried.fill(Column::Serial, serial.as_ref().map(SerialNumber::as_str));
    Ok(carried)
}

fn as_pkid(row: &RowRef<'_>, carried: &mut Carried<'_>) -> Result<(), Obstacle> {
    let known = row.identification().and_then(|found| found.pkid());
    let Some(pkid) = known.filter(|pkid| !pkid.is_placeholder()) else {
        return Err(Obstacle::Lacks(Column::Pkid));
    };
    carried.set(Column::Pkid, pkid.as_str());
    carried.clear(&[
        Column::Hash,
        Column::Serial,
        Column::Manufacturer,
        Column::Model,
    ]);
    Ok(())
}

fn as_tuple(row: &RowRef<'_>, carried: &mut Carried<'_>) -> Result<(), Obstacle> {
    let known = row.identification().and_then(|found| found.tuple());
    let Some(tuple) = known.filter(|tuple| tuple.key().is_some()) else {
        return Err(Obstacle::LacksTuple);
    };
    carried.set(Column::Manufacturer, tuple.manufacturer.as_str());
    carried.set(Column::Model, tuple.model.as_str());
    carried.set(Column::Serial, tuple.serial.as_str());
    carried.clear(&[Column::Hash, Column::Pkid]);
    Ok(())
}
