//! Lists of makers: they register by tuple or PKID and never send hashes (registration.md, section
//! 1).

use super::hash::{Proven, prove};
use super::row::{Notes, Row};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::hardware_hash::container::text;
use crate::identifier::{Pkid, fold, is_placeholder};

/// The parts of a tuple.
const TUPLE: [Column; 3] = [Column::Manufacturer, Column::Model, Column::Serial];

/// Leaves the row's hash out: certainly where the row names its device without it and the hash does
/// not say otherwise; as a guess where the hash has to say what the row does not. Returns whether
/// the row can be judged further.
pub(crate) fn leave_hash_out(
    row: &mut Row<'_>,
    bytes: &mut Vec<u8>,
    notes: &mut Notes<'_>,
) -> bool {
    let sent = row.bytes(Column::Hash).to_vec();
    let proven = prove(&sent, bytes);
    let stands = stands_alone(row);
    let fits = proven.is_none_or(|proven| fits(row, &proven));
    let cause = "An OEM registers by tuple or product key ID; hardware hashes are not accepted.";
    let finding = Finding::new(Code::HASH_NOT_TAKEN, cause).field(Column::Hash);
    if stands && fits {
        notes.add(finding.corrected(""));
        row.correct(Column::Hash, "");
        return true;
    }
    let tuple = proven.filter(|_| fits).and_then(|proven| tuple(&proven));
    let Some(tuple) = tuple else {
        notes.add(finding);
        return false;
    };
    if !notes.add(finding.guess()) {
        return false;
    }
    for (column, value) in TUPLE.into_iter().zip(tuple) {
        row.correct(column, value);
    }
    row.correct(Column::Pkid, "");
    row.correct(Column::Hash, "");
    true
}

/// Whether the row is an accepted combination without its hash.
fn stands_alone(row: &Row<'_>) -> bool {
    let parts = TUPLE.map(|column| row.has(column));
    if row.has(Column::Pkid) {
        parts == [false; 3] && Pkid::from_bytes(row.bytes(Column::Pkid)).is_ok()
    } else {
        parts == [true; 3]
    }
}

/// Whether the row says nothing that its hash says otherwise.
fn fits(row: &Row<'_>, proven: &Proven<'_>) -> bool {
    let inside = &proven.identity;
    let pairs = [
        (Column::Serial, inside.serial),
        (Column::Manufacturer, inside.manufacturer),
        (Column::Model, inside.model),
        (Column::Pkid, inside.pkid),
    ];
    pairs.into_iter().all(|(column, inside)| {
        let (own, inside) = (row.text(column), text(inside));
        own.is_empty()
            || inside.is_empty()
            || is_placeholder(&inside)
            || fold(&own) == fold(&inside)
    })
}

/// What the hash says of manufacturer, model and serial number; `None` where one of them is missing
/// or a placeholder.
fn tuple(proven: &Proven<'_>) -> Option<[String; 3]> {
    let inside = &proven.identity;
    let parts =
        [inside.manufacturer, inside.model, inside.serial].map(|part| text(part).into_owned());
    let real = |part: &String| !part.is_empty() && !is_placeholder(part);
    parts.iter().all(real).then_some(parts)
}
