//! A name of a maker that the comma in it splits: `VMware, Inc.`.

use std::borrow::Cow;

use super::row::Notes;
use crate::dialect::Column;
use crate::fields::Field;
use crate::finding::{holds_secret, is_blank};
use crate::header::Slot;

/// Words at the end of a company's name, in lower case.
const ENDS: [&str; 19] = [
    "ab",
    "ag",
    "bv",
    "co",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "ltd",
    "oy",
    "plc",
    "pte",
    "sa",
    "spa",
    "srl",
];

/// A row's fields with the maker's name in one.
pub(super) struct Whole<'f> {
    /// The name as it is written.
    pub(super) name: String,
    /// Its place among the row's fields, from 0.
    pub(super) at: usize,
    /// How many fields more than one it takes.
    pub(super) more: usize,
    fields: &'f [Field],
}

impl Whole<'_> {
    /// The fields, with a blank in the comma's place: no list can carry one.
    pub(super) fn fields(&self) -> Cow<'static, [Field]> {
        let behind = self.at + self.more + 1;
        let name = self.name.replace(", ", " ");
        let before = self.fields[..self.at].iter().cloned();
        let after = self.fields[behind..].iter().cloned();
        before.chain([Field::new(name)]).chain(after).collect()
    }
}

/// The fields of a row that has too many, where the ones too many are ends of its maker's name.
pub(super) fn whole<'f>(fields: &'f [Field], notes: &Notes<'_>) -> Option<Whole<'f>> {
    let slots = &notes.layout.slots;
    let more = fields
        .len()
        .checked_sub(slots.len())
        .filter(|more| *more > 0)?;
    let maker = Slot::Holds(Column::Manufacturer);
    let at = slots.iter().position(|slot| *slot == maker)?;
    let ends = &fields[at + 1..=at + more];
    let next = fields.get(at + more + 1);
    let mut parts = fields[at..=at + more]
        .iter()
        .map(|field| field.text.trim_matches(is_blank));
    let name = parts.clone().collect::<Vec<_>>().join(", ");
    let fits = notes.layout.delimiter == b','
        && parts.next().is_some_and(|first| !first.is_empty())
        && ends.iter().all(is_end)
        && !next.is_some_and(is_end)
        && !holds_secret(&name);
    fits.then_some(Whole {
        name,
        at,
        more,
        fields,
    })
}

/// Whether a field holds nothing but words from the end of a company's name.
fn is_end(field: &Field) -> bool {
    let text = field.text.to_ascii_lowercase();
    let mut words = text
        .split([' ', '.'])
        .filter(|word| !word.is_empty())
        .peekable();
    !field.quoted && words.peek().is_some() && words.all(|word| ENDS.contains(&word))
}
