//! Values in quotes that go on behind a line end (RFC 4180).

use memchr::memchr_iter;

use super::lines::MAX_LINE;
use super::sink::{Line, Reading};
use super::tidy::{Letters, decode};
use crate::fields::{Field, split};

/// How many lines a value in quotes may go on for.
const MAX_JOINED: usize = 10;

/// What a value in quotes that its line does not close comes to.
pub(super) enum Joined<'b> {
    /// It may go on behind the block.
    Unknown,
    /// It goes on in the next lines, and the row is whole with them.
    Lines(Line<'b>),
}

/// Looks whether the row that begins at the block's beginning goes on behind the line end at `end`,
/// inside quotes (RFC 4180). Only where that gives a whole row: `None` otherwise.
pub(super) fn joined<'b>(
    reading: &Reading,
    block: &'b [u8],
    end: usize,
    last: bool,
) -> Option<Joined<'b>> {
    let split = |text: &[u8]| {
        let text = decode(text, &mut Letters::default()).into_owned();
        split(&text, reading.layout.delimiter)
    };
    let is_open = |fields: &[Field]| fields.last().is_some_and(|field| field.open);
    let first = &block[..end];
    if first.len() > MAX_LINE || !is_open(&split(first)) {
        return None;
    }
    let ends = memchr_iter(reading.eol, block).skip(1).take(MAX_JOINED);
    let mut lines = 1;
    for at in ends.chain((last && !block.ends_with(&[reading.eol])).then_some(block.len())) {
        lines += 1;
        if at > MAX_LINE || lines > MAX_JOINED as u64 + 1 {
            return None;
        }
        let text = block[..at].strip_suffix(b"\r").unwrap_or(&block[..at]);
        let fields = split(text);
        if is_open(&fields) {
            continue;
        }
        let whole =
            fields.len() == reading.layout.slots.len() && !fields.iter().any(|field| field.stray);
        let length = (at + 1).min(block.len());
        return whole.then_some(Joined::Lines(Line {
            text,
            length,
            lines,
            delimiter: reading.layout.delimiter,
            wrapped: false,
        }));
    }
    (!last && lines <= MAX_JOINED as u64 && block.len() <= MAX_LINE).then_some(Joined::Unknown)
}
