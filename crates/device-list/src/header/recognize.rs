//! Which columns a line names, and which dialect that is closest to.

use super::names::{Near, bare, column_named, near};
use super::{DELIMITERS, Layout, Slot, belongs};
use crate::check::Channel;
use crate::dialect::{Column, Dialect};
use crate::fields::{Field, split};

/// Reads a line as a header; `None` when it is none. `hint` is a separator that the file itself
/// names.
pub(super) fn recognize(text: &str, hint: Option<u8>, channel: Channel) -> Option<Layout> {
    hint.into_iter()
        .chain(DELIMITERS)
        .find_map(|delimiter| in_fields(&split(text, delimiter), delimiter, channel))
}

/// [`recognize`] for a line that is split already.
pub(super) fn in_fields(fields: &[Field], delimiter: u8, channel: Channel) -> Option<Layout> {
    let slots = slots(fields);
    let known = known(&slots);
    // A name with another separator in it is more than one field; a name, a colon and a value are
    // one line of an object that a console shows.
    let split = |byte: u8| DELIMITERS.contains(&byte) || byte == b':';
    let alone = matches!(known[..], [Column::Hash | Column::Pkid])
        && matches!(fields, [field] if !field.text.bytes().any(split));
    (known.len() > 1 || alone).then(|| {
        let texts: Vec<&str> = fields.iter().map(|field| field.text.as_str()).collect();
        Layout::new(closest(&known, &texts, channel), delimiter, slots).said_by(fields)
    })
}

/// What the fields of a header say that the fields below hold.
pub(super) fn slots(fields: &[Field]) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::with_capacity(fields.len());
    for field in fields {
        let slot = match column_named(&field.text) {
            Some(column) if slots.contains(&Slot::Holds(column)) => Slot::Again(column),
            Some(column) => Slot::Holds(column),
            None => Slot::Unknown,
        };
        slots.push(slot);
    }
    // Names that have a meaning only beside others, and those that are misspelt.
    for (at, field) in fields.iter().enumerate() {
        let meant = match named_by_others(&field.text, fields) {
            None => match near(&field.text) {
                Some(Near::Misspelt(column)) if is_text(fields) => Some(column),
                _ => None,
            },
            meant => meant,
        };
        if let Some(column) = meant
            && slots[at] == Slot::Unknown
            && !slots.contains(&Slot::Holds(column))
        {
            slots[at] = Slot::Holds(column);
        }
    }
    slots
}

/// What a name means that says nothing by itself: the class `Win32_ComputerSystemProduct`, as
/// PowerShell exports it, calls the model "Name".
fn named_by_others(header: &str, fields: &[Field]) -> Option<Column> {
    let is = |text: &str, name: &str| bare(text) == name;
    let others = ["identifyingnumber", "vendor"];
    let has = |name: &&str| fields.iter().any(|field| is(&field.text, name));
    (is(header, "name") && others.iter().all(has)).then_some(Column::Model)
}

/// Whether fields may be a header with slips: words, and no values of a device.
fn is_text(fields: &[Field]) -> bool {
    let digit = |field: &Field| field.text.contains(|c: char| c.is_ascii_digit());
    fields.len() > 1 && !fields.iter().any(digit)
}

/// The columns that slots hold.
pub(super) fn known(slots: &[Slot]) -> Vec<Column> {
    Column::ALL
        .into_iter()
        .filter(|column| slots.contains(&Slot::Holds(*column)))
        .collect()
}

/// The dialect that a header with these columns and texts is closest to.
pub(super) fn closest(known: &[Column], texts: &[&str], channel: Channel) -> Dialect {
    Dialect::ALL
        .into_iter()
        .min_by_key(|dialect| distance(*dialect, known, texts, channel))
        .unwrap_or(Dialect::PartnerCenter)
}

/// How far a header is from a dialect: what would have to be dropped, added and rewritten.
fn distance(dialect: Dialect, known: &[Column], texts: &[&str], channel: Channel) -> usize {
    let dropped = known.iter().filter(|column| !dialect.has(**column));
    let dropping: usize = dropped
        .map(|column| match column {
            Column::GroupTag | Column::AssignedUser | Column::OrderId => 10,
            _ => 20,
        })
        .sum();
    let adding = 3 * dialect
        .columns()
        .iter()
        .filter(|column| !known.contains(column))
        .count();
    let rewriting = known
        .iter()
        .filter_map(|column| dialect.header_of(*column))
        .filter(|header| !texts.contains(header));
    let foreign = if belongs(dialect, channel) { 0 } else { 4 };
    dropping + adding + 3 * rewriting.count() + foreign
}
