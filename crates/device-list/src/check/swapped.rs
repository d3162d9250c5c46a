//! Values under the wrong headers: columns that were moved without them.

use super::hash::{Proven, looks_like_hash, prove};
use super::maker::is_maker;
use super::options::CheckOptions;
use super::row::{Notes, Row};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::container::text;
use crate::header::repaired;
use crate::identifier::{Pkid, fold, is_placeholder};
use crate::product_key::{is_product_id, is_product_key};

/// What a hash says as well.
const INSIDE: [Column; 4] = [
    Column::Serial,
    Column::Pkid,
    Column::Manufacturer,
    Column::Model,
];

/// Hashes under other headers: one goes into its own column unless that has one, and the same again
/// gives way to what it says of the column. Returns whether the row can be judged further.
pub(crate) fn hash_elsewhere(
    row: &mut Row<'_>,
    options: &CheckOptions,
    bytes: &mut Vec<u8>,
    notes: &mut Notes<'_>,
) -> bool {
    let others = Column::ALL.into_iter().filter(|c| *c != Column::Hash);
    for place in others {
        if !looks_like_hash(row.bytes(place)) || notes.has_condemned(place) {
            continue;
        }
        if looks_like_hash(row.bytes(Column::Hash)) {
            second_hash(row, place, bytes, notes);
        } else if !to_its_column(row, place, options, bytes, notes) {
            return false;
        }
    }
    true
}

/// A hash beside the one in its own column: where that is whole and the same, what it says of this
/// column certainly takes its place.
fn second_hash(row: &mut Row<'_>, place: Column, bytes: &mut Vec<u8>, notes: &mut Notes<'_>) {
    let (hash, name) = (row.text(Column::Hash), place.name());
    let is_same = row.bytes(place) == hash.as_bytes();
    let Some(proven) = prove(hash.as_bytes(), bytes).filter(|_| is_same) else {
        let cause = format!("A second hardware hash stands under the {name}.");
        notes.add(Finding::new(Code::COLUMNS_SWAPPED, cause).field(place));
        return;
    };
    let says = text(inside(&proven, place));
    let right = if is_placeholder(&says) { "" } else { &*says };
    let cause = format!("The row's hardware hash stands under the {name} as well.");
    let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(place);
    notes.add(finding.corrected(right));
    row.correct(place, right);
}

/// A hash changes places with what stands in its own column: certainly where it is whole and what
/// it gives way to is nothing or what the hash says of that column.
fn to_its_column(
    row: &mut Row<'_>,
    place: Column,
    options: &CheckOptions,
    bytes: &mut Vec<u8>,
    notes: &mut Notes<'_>,
) -> bool {
    let (hash, other) = (row.text(place), row.text(Column::Hash));
    let fits = |proven: Proven<'_>| {
        other.is_empty() || fold(&text(inside(&proven, place))) == fold(&other)
    };
    let certain = prove(hash.as_bytes(), bytes).is_some_and(fits);
    let cause = format!("A hardware hash stands under the {}.", place.name());
    let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(place);
    // A layout without a column for hashes has no place for it.
    let has_place = repaired(notes.layout.dialect, options.channel).has(Column::Hash);
    let done = notes.add(match (has_place, certain) {
        (false, _) => finding,
        (true, false) => finding.guessed(other.as_str()),
        (true, true) => finding.corrected(other.as_str()),
    });
    if done {
        // A tag may be there under its old name too.
        if place == Column::GroupTag && row.text(Column::OrderId) == hash {
            row.correct(Column::OrderId, other.clone());
        }
        row.correct(Column::Hash, hash);
        row.correct(place, other);
    }
    done
}

/// Two values change places where the hash proves that each belongs under the other's header, or
/// that one does and the other is empty.
pub(crate) fn by_hash(row: &mut Row<'_>, proven: &Proven<'_>, notes: &mut Notes<'_>) {
    let is_there = |column: &Column| {
        let own = row.bytes(*column);
        !own.is_empty() && own != inside(proven, *column)
    };
    if !INSIDE.iter().any(is_there) {
        return;
    }
    // Each time, one more value is in its place.
    for _ in INSIDE {
        let Some((one, other)) = pair(row, proven) else {
            return pkid_again(row, proven, notes);
        };
        let (a, b) = (row.text(one), row.text(other));
        let cause = format!(
            "What stands under {} and {} changes places: the hash tells what belongs where.",
            one.name(),
            other.name()
        );
        let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(one);
        notes.add(finding.found(&a).corrected(b.as_str()));
        row.correct(one, b);
        row.correct(other, a);
    }
}

/// The PKID under another header too, where it stands in its own column: there it goes.
fn pkid_again(row: &mut Row<'_>, proven: &Proven<'_>, notes: &mut Notes<'_>) {
    let pkid = inside(proven, Column::Pkid);
    if row.bytes(Column::Pkid) != pkid || Pkid::from_bytes(pkid).is_err() {
        return;
    }
    for column in [Column::Serial, Column::Manufacturer, Column::Model] {
        if row.bytes(column) == pkid && inside(proven, column) != pkid {
            let cause = format!("The PKID stands under the {} as well.", column.name());
            let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(column);
            notes.add(finding.found(&row.text(column)).corrected(""));
            row.correct(column, "");
        }
    }
}

/// Two columns whose values are to change places.
fn pair(row: &Row<'_>, proven: &Proven<'_>) -> Option<(Column, Column)> {
    let others = |at: usize| INSIDE[at + 1..].iter().copied();
    let mut pairs =
        (0..INSIDE.len()).flat_map(|at| others(at).map(move |other| (INSIDE[at], other)));
    pairs.find(|(one, other)| change_places(row, proven, *one, *other))
}

fn change_places(row: &Row<'_>, proven: &Proven<'_>, one: Column, other: Column) -> bool {
    let belongs = |value: Column, under: Column| {
        let (own, right) = (row.bytes(value), inside(proven, under));
        !own.is_empty() && own.eq_ignore_ascii_case(right) && !is_placeholder(&text(right))
    };
    // What gives way is nothing, or belongs under another header itself.
    let gives_way = |column: Column| {
        let elsewhere = |other: &Column| belongs(column, *other);
        !row.has(column) || (!belongs(column, column) && INSIDE.iter().any(elsewhere))
    };
    let moved =
        |from: Column, to: Column| belongs(from, to) && !belongs(from, from) && gives_way(to);
    moved(one, other) || moved(other, one)
}

fn inside<'s>(proven: &Proven<'s>, column: Column) -> &'s [u8] {
    match column {
        Column::Serial => proven.identity.serial,
        Column::Pkid => proven.identity.pkid,
        Column::Manufacturer => proven.identity.manufacturer,
        Column::Model => proven.identity.model,
        Column::Hash | Column::GroupTag | Column::AssignedUser | Column::OrderId => b"",
    }
}

/// The name of a known maker under model or serial number, where none stands under manufacturer: a
/// guess. Returns whether the row can be judged further.
pub(crate) fn maker_elsewhere(row: &mut Row<'_>, notes: &mut Notes<'_>) -> bool {
    let mut others = [Column::Model, Column::Serial].into_iter();
    let Some(place) = others.find(|column| is_maker(row.bytes(*column))) else {
        return true;
    };
    if is_maker(row.bytes(Column::Manufacturer)) {
        return true;
    }
    let (maker, other) = (row.text(place), row.text(Column::Manufacturer));
    let cause = format!("A manufacturer's name stands under the {}.", place.name());
    let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(place);
    let done = notes.add(finding.found(&maker).guessed(other.as_str()));
    if done {
        row.correct(Column::Manufacturer, maker);
        row.correct(place, other);
    }
    done
}

/// 13 digits alone under the serial number of a layout that has a column for PKIDs: a guess. Returns
/// whether there are such; the row has no combination then unless the guess is accepted.
pub(crate) fn pkid_as_serial(row: &mut Row<'_>, notes: &mut Notes<'_>) -> bool {
    let has_column = notes.layout.positions[Column::Pkid.index()] > 0;
    let serial = row.text(Column::Serial);
    if !has_column || !Pkid::parse(&serial).is_ok_and(|pkid| !pkid.is_placeholder()) {
        return false;
    }
    let cause = "13 digits and nothing else: this looks like a PKID under the serial number.";
    let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(Column::Serial);
    if notes.add(finding.found(&serial).guessed("")) {
        row.correct(Column::Serial, "");
        row.correct(Column::Pkid, serial);
    }
    true
}

/// A model's name under the serial number, and what reads like a serial number under the model: a
/// guess. Returns whether the row can be judged further.
pub(crate) fn model_as_serial(row: &mut Row<'_>, notes: &mut Notes<'_>) -> bool {
    let (serial, model) = (row.bytes(Column::Serial), row.bytes(Column::Model));
    if !serial.contains(&b' ') || !has_word(serial) || has_word(model) || !is_token(model) {
        return true;
    }
    let (serial, model) = (row.text(Column::Serial), row.text(Column::Model));
    let cause =
        "This reads like a model's name, and what stands under the model like a serial number.";
    let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(Column::Serial);
    let done = notes.add(finding.found(&serial).guessed(model.as_str()));
    if done {
        row.correct(Column::Serial, model);
        row.correct(Column::Model, serial);
    }
    done
}

/// What reads like a serial number under the PKID, where that alone is missing beside manufacturer and
/// model: a guess. Returns whether there is such.
pub(crate) fn serial_as_pkid(row: &mut Row<'_>, notes: &mut Notes<'_>) -> bool {
    let own = row.text(Column::Pkid);
    let is_serial = is_token(own.as_bytes())
        && !is_placeholder(&own)
        && !is_product_id(&own)
        && !is_product_key(&own)
        && Pkid::parse(&own).is_err();
    if !is_serial || notes.has_condemned(Column::Pkid) {
        return false;
    }
    let cause = "This is no PKID, and beside manufacturer and model the serial number is missing.";
    let finding = Finding::new(Code::COLUMNS_SWAPPED, cause).field(Column::Pkid);
    if notes.add(finding.found(&own).guessed("")) {
        row.correct(Column::Pkid, "");
        row.correct(Column::Serial, own);
    }
    true
}

/// Whether a value has a word as names of models have them: four letters or more, not all capitals.
fn has_word(text: &[u8]) -> bool {
    text.split(|byte| !byte.is_ascii_alphabetic())
        .any(|word| word.len() >= 4 && word[1..].iter().any(u8::is_ascii_lowercase))
}

/// Whether a value is letters and digits in one piece, as most serial numbers are.
fn is_token(text: &[u8]) -> bool {
    let sign = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    text.len() >= 6 && text.iter().all(sign) && text.iter().any(u8::is_ascii_digit)
}
