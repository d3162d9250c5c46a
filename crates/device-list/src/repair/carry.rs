//! Carrying a row into a layout: which of its values go where, and which rows don't fit.

use std::borrow::Cow;

use serde::Serialize;

use crate::check::{Kind, RowRef};
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::finding::Finding;
use crate::identifier::{Pkid, SerialNumber};

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

/// A row's values as a layout has them.
pub(super) struct Carried<'r> {
    texts: [Cow<'r, [u8]>; Column::COUNT],
    form: RowForm,
}

impl<'r> Carried<'r> {
    pub(super) fn text(&self, column: Column) -> &[u8] {
        &self.texts[column.index()]
    }

    /// Gives a row without a group tag the list's; whether that is so.
    pub(super) fn fill_tag(&mut self, tag: &str) -> bool {
        let fills = self.text(Column::GroupTag).is_empty();
        if fills {
            self.set(Column::GroupTag, tag);
        }
        fills
    }

    /// The columns whose values the row has and the layout does not take. Where the row is written
    /// as something else, its other identifiers are left out as was asked.
    pub(super) fn dropped(
        &self,
        row: &RowRef<'_>,
        target: Dialect,
    ) -> impl Iterator<Item = Column> {
        let (values, as_sent) = (row.values(), self.form == RowForm::AsSent);
        Column::ALL.into_iter().filter(move |column| {
            let identifies = !matches!(column, Column::GroupTag | Column::AssignedUser);
            values.has(*column)
                && (!target.has(*column) || self.text(*column).is_empty())
                && (as_sent || !identifies)
        })
    }

    fn set(&mut self, column: Column, text: &str) {
        self.texts[column.index()] = text.as_bytes().to_vec().into();
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
) -> Result<Carried<'r>, Finding> {
    let values = row.values();
    let mut carried = Carried {
        texts: Column::ALL.map(|column| Cow::Borrowed(values.bytes(column))),
        form,
    };
    let has_hash = matches!(row.judged.kind, Some(Kind::Hash { .. }));
    match form {
        RowForm::AsSent => {}
        RowForm::Hash if has_hash => {}
        RowForm::Hash => return Err(lacks("hardware hash", Column::Hash)),
        RowForm::Pkid => as_pkid(row, &mut carried)?,
        RowForm::Tuple => as_tuple(row, &mut carried)?,
    }
    if carried.text(Column::Hash).is_empty() {
        let needed: &[Column] = match carried.text(Column::Pkid) {
            [] => &[Column::Manufacturer, Column::Model, Column::Serial],
            _ => &[Column::Pkid],
        };
        if let Some(missing) = needed.iter().find(|column| !target.has(**column)) {
            return Err(no_place(*missing, target));
        }
        return Ok(carried);
    }
    if !target.has(Column::Hash) {
        return Err(no_place(Column::Hash, target));
    }
    beside_hash(row, target, &mut carried)?;
    Ok(carried)
}

/// What stands beside a hash: the PKID must not be lost, manufacturer and model stand there in one
/// layout only, for people to read (MMD-SAMPLE), and are taken from the hash where the row has none.
fn beside_hash(
    row: &RowRef<'_>,
    target: Dialect,
    carried: &mut Carried<'_>,
) -> Result<(), Finding> {
    let own_pkid = Pkid::from_bytes(carried.text(Column::Pkid)).ok();
    let shows_maker = target.has(Column::Hash) && !target.has(Column::Pkid);
    if own_pkid.is_none() && !shows_maker {
        carried.clear(&[Column::Manufacturer, Column::Model]);
        return Ok(());
    }
    let identification = row.identification();
    let Some(hash) = identification.as_ref().and_then(|found| found.hash()) else {
        return Ok(());
    };
    if own_pkid.is_some() && !target.has(Column::Pkid) && hash.pkid() != own_pkid {
        return Err(no_place(Column::Pkid, target));
    }
    if !shows_maker {
        carried.clear(&[Column::Manufacturer, Column::Model]);
        return Ok(());
    }
    let serial = hash.serial().filter(|serial| !serial.is_placeholder());
    for (column, inside) in [
        (
            Column::Manufacturer,
            hash.manufacturer().map(|value| value.as_str().to_owned()),
        ),
        (
            Column::Model,
            hash.model().map(|value| value.as_str().to_owned()),
        ),
        (
            Column::Serial,
            serial.as_ref().map(SerialNumber::as_str).map(str::to_owned),
        ),
    ] {
        if let Some(inside) = inside
            && carried.text(column).is_empty()
            && crate::writer::can_stand(&inside)
        {
            carried.set(column, &inside);
        }
    }
    Ok(())
}

fn as_pkid(row: &RowRef<'_>, carried: &mut Carried<'_>) -> Result<(), Finding> {
    let known = row.identification().and_then(|found| found.pkid());
    let Some(pkid) = known.filter(|pkid| !pkid.is_placeholder()) else {
        return Err(lacks("PKID", Column::Pkid));
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

fn as_tuple(row: &RowRef<'_>, carried: &mut Carried<'_>) -> Result<(), Finding> {
    let known = row.identification().and_then(|found| found.tuple());
    let Some(tuple) = known.filter(|tuple| tuple.key().is_some()) else {
        return Err(lacks(
            "manufacturer, model and serial number",
            Column::Serial,
        ));
    };
    carried.set(Column::Manufacturer, tuple.manufacturer.as_str());
    carried.set(Column::Model, tuple.model.as_str());
    carried.set(Column::Serial, tuple.serial.as_str());
    carried.clear(&[Column::Hash, Column::Pkid]);
    Ok(())
}

/// The row has nothing that it could be written as.
fn lacks(what: &str, column: Column) -> Finding {
    let cause = format!("The row has no {what} to be written with, nor a hash that carries it.");
    let cause = if column == Column::Hash {
        "The row has no hardware hash to be written with.".into()
    } else {
        cause
    };
    Finding::new(Code::NO_COMBINATION, cause)
        .field(column)
        .fix("Write this row as what it is, or complete it.")
}

/// The layout lacks the column of an identifier.
fn no_place(column: Column, target: Dialect) -> Finding {
    let cause = format!(
        "The layout \"{}\" has no column for the {}, and without it the row is no device.",
        target.title(),
        column.name()
    );
    let fix = match column {
        Column::Hash => {
            "Choose a layout with a hash column, or write the row as manufacturer, model and \
             serial number, which the hash carries."
        }
        _ => "Choose a layout that has it; Partner Center's has every identifier.",
    };
    Finding::new(Code::NO_COMBINATION, cause)
        .field(column)
        .fix(fix)
}
