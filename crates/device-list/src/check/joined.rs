//! Values that go on behind a line end: in quotes (RFC 4180), and hashes that a mail wrapped.

use memchr::memchr_iter;

use super::hash::HASH_START;
use super::lines::MAX_LINE;
use super::sink::{Line, Reading};
use super::tidy::{Letters, decode};
use crate::dialect::Column;
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

/// A whole hash in one line is longer, in characters.
pub(super) const LONGEST_PART: usize = 512;

/// The second line of a hash that was wrapped is not shorter, in characters.
const SHORTEST_PART: usize = 40;

/// Looks whether the row that begins at the block's beginning, and whose hash ends at `end` with its
/// line, goes on with the hash in the next lines, as programs wrap long words. Only where nothing but
/// base64 comes, up to the row's other fields: `None` otherwise.
pub(super) fn wrapped_hash<'b>(
    reading: &Reading,
    block: &'b [u8],
    end: usize,
    last: bool,
) -> Option<Joined<'b>> {
    let (by, hash) = (
        reading.layout.delimiter,
        reading.layout.positions[Column::Hash.index()],
    );
    let wanted = reading.layout.slots.len();
    let first = trimmed(&block[..end]);
    let mut fields = first.split(|byte| *byte == by);
    let begins = fields.clone().count() == hash as usize && wanted > 1;
    let part = fields.next_back().unwrap_or_default();
    if !begins || !part.starts_with(HASH_START) || !is_base64(part) {
        return None;
    }
    let ends = memchr_iter(reading.eol, block).skip_while(|at| *at <= end);
    let open = (last && !block.ends_with(&[reading.eol])).then_some(block.len());
    let (mut from, mut lines, mut whole, mut decided) = (end + 1, 1, None, false);
    for at in ends.chain(open) {
        let text = trimmed(&block[from.min(at)..at]);
        let mut fields = text.split(|byte| *byte == by);
        let part = fields.next().unwrap_or_default();
        let more = fields.count();
        let is_part = is_base64(part) && (lines > 1 || part.len() >= SHORTEST_PART);
        let is_last = hash as usize == wanted;
        decided = at > MAX_LINE || !is_part || more > 0 && hash as usize + more != wanted;
        if decided {
            break;
        }
        lines += 1;
        if more > 0 || is_last {
            whole = Some((at, lines));
        }
        decided = more > 0 || is_last && part.ends_with(b"=");
        if decided {
            break;
        }
        from = at + 1;
    }
    if !decided && !last && block.len() <= MAX_LINE {
        return Some(Joined::Unknown);
    }
    whole.map(|(at, lines)| {
        Joined::Lines(Line {
            text: trimmed(&block[..at]),
            length: (at + 1).min(block.len()),
            lines,
            delimiter: by,
            wrapped: false,
        })
    })
}

/// Whether a line's only ends of another kind are inside its hash: the row goes on behind them.
pub(super) fn is_inside_hash(reading: &Reading, line: &[u8], other: u8) -> bool {
    let hash = reading.layout.positions[Column::Hash.index()] as usize;
    let wanted = reading.layout.slots.len();
    let fields: Vec<&[u8]> = line.split(|b| *b == reading.layout.delimiter).collect();
    let inside = |(at, field): (usize, &&[u8])| match field.iter().position(|b| *b == other) {
        None => true,
        Some(from) => {
            let to = field.iter().rposition(|b| *b == other);
            at + 1 == hash && from > 0 && to.is_some_and(|to| to + 1 < field.len())
        }
    };
    wanted > 1 && fields.len() == wanted && fields.iter().enumerate().all(inside)
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn is_base64(text: &[u8]) -> bool {
    let sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    !text.is_empty() && text.iter().all(sign)
}
