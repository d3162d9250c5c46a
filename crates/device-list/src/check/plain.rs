//! The fast way: rows that are plainly in order, told from all others with a few looks.

use super::row::Texts;
use crate::dialect::Column;
use crate::header::{Layout, Slot};

/// How many fields the fast way can take.
const MAX_FIELDS: usize = 8;

/// The shortest hash that the fast way can take, in characters: anything shorter is another thing.
const MIN_HASH: usize = 64;

/// What the marks of a line say about its fields.
#[derive(Default)]
pub(super) struct Fields {
    /// Where they end, from the beginning of the block; the last ends with the line.
    ends: [usize; MAX_FIELDS],
    /// How many delimiters there are.
    count: usize,
    pub(super) quoted: bool,
    /// The fields, one bit each, that may hold something other than printable ASCII.
    doubtful: u16,
}

impl Fields {
    pub(super) fn delimiter(&mut self, at: usize) {
        if let Some(end) = self.ends.get_mut(self.count) {
            *end = at;
        }
        self.count += 1;
    }

    /// How long the field is that ends at `end`, where it is the one with this number, from 1.
    pub(super) fn length_of_last(&self, number: u32, end: usize) -> Option<usize> {
        let before = self.ends.get(self.count.checked_sub(1)?)?;
        let is_it = self.count + 1 == number as usize;
        is_it.then(|| end - before - 1)
    }

    pub(super) fn doubt(&mut self) {
        self.doubtful |= 1 << self.count.min(MAX_FIELDS);
    }

    /// For the next line.
    pub(super) fn clear(&mut self) {
        self.count = 0;
        self.quoted = false;
        self.doubtful = 0;
    }

    /// Whether a field is printable ASCII without blanks around, and does not begin as what
    /// spreadsheets leave. Inside a hash only its ends are looked at.
    fn is_plain(&self, at: usize, field: &[u8], column: Column) -> bool {
        let (Some(first), Some(last)) = (field.first(), field.last()) else {
            return true;
        };
        // A blank, an error such as `#N/A`, an apostrophe, a formula.
        let odd = matches!(first, b' ' | b'#' | b'\'' | b'=');
        if self.doubtful & 1 << at == 0 {
            return !odd && *last != b' ';
        }
        let printable = |byte: &u8| byte.wrapping_sub(b' ') < 0x5f;
        first.is_ascii_graphic()
            && !odd
            && last.is_ascii_graphic()
            && match column {
                Column::Hash => memchr::memchr2(b'\n', b'\r', field).is_none(),
                _ => field.iter().all(printable),
            }
    }
}

/// Puts the fields of a row that is plainly in order into `texts`: as many as columns, no quotes,
/// each plain. Returns how many of them are not empty; none where it is not so.
///
/// The texts are put where they stay, as reading them in order to move them would wait for all that
/// was written before: also for what was noted about the row before, far away in memory.
pub(super) fn plain<'a>(
    layout: &Layout,
    block: &'a [u8],
    start: usize,
    end: usize,
    fields: &Fields,
    texts: &mut Texts<'a>,
) -> usize {
    let slots = &layout.slots;
    if fields.quoted || fields.count + 1 != slots.len() || slots.len() > MAX_FIELDS {
        return 0;
    }
    if layout.delimiter != b',' && memchr::memchr(b',', &block[start..end]).is_some() {
        // A comma in a value.
        return 0;
    }
    let mut filled = 0;
    let mut from = start;
    for (at, slot) in slots.iter().enumerate() {
        let to = if at < fields.count {
            fields.ends[at]
        } else {
            end
        };
        let (Some(field), Slot::Holds(column)) = (block.get(from..to), *slot) else {
            return 0;
        };
        from = to + 1;
        if !fields.is_plain(at, field, column) {
            return 0;
        }
        filled += usize::from(!field.is_empty());
        texts.set(column, field);
    }
    filled
}

/// Whether a row in order may name a device, and is no header, no words and no sum: a look at what
/// identifies it. An order ID asks for care as well.
#[inline]
pub(super) fn names_something(texts: &Texts<'_>, filled: usize) -> bool {
    if !texts.bytes(Column::OrderId).is_empty() {
        return false;
    }
    let hash = texts.bytes(Column::Hash);
    if !hash.is_empty() {
        return hash.len() >= MIN_HASH;
    }
    if let Some(first) = texts.bytes(Column::Pkid).first() {
        return first.is_ascii_digit();
    }
    // Serial numbers of letters alone are few, and fewer with a model of letters alone.
    let digit = |column: Column| texts.bytes(column).iter().any(u8::is_ascii_digit);
    filled > 2 && (digit(Column::Serial) || digit(Column::Model))
}
