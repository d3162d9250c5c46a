//! What stands around a row and is part of none of its values: quotes, a byte-order mark.

use super::row::Notes;
use super::separator::another_separator;
use super::sink::{Line, Reading};
use super::tidy::{Letters, decode};
use crate::code::Code;
use crate::fields::split;
use crate::finding::Finding;

/// A byte-order mark that a merged file has in its middle.
pub(super) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The line without the quotes around all of it; `None` where there are none, or it is no row of as
/// many fields as columns inside them.
pub(super) fn unwrapped<'b>(reading: &Reading, line: Line<'b>) -> Option<Line<'b>> {
    let [b'"', text @ .., b'"'] = line.text else {
        return None;
    };
    if text.contains(&b'"') || line.lines > 1 || reading.layout.slots.len() < 3 {
        return None;
    }
    let delimiters = memchr::memchr_iter(reading.layout.delimiter, text).count();
    let is_row = delimiters + 1 == reading.layout.slots.len() || {
        let text = decode(text, &mut Letters::default());
        let fields = split(&text, reading.layout.delimiter);
        let other = another_separator(&text, &fields, &reading.layout);
        other.is_some_and(|(_, _, finding)| finding.certain)
    };
    is_row.then_some(Line {
        text,
        wrapped: true,
        ..line
    })
}

/// What stands around a row that is not part of any of its values.
pub(super) fn around(line: Line<'_>, notes: &mut Notes<'_>) {
    if line.wrapped {
        let cause = "The whole row stands in quotes.";
        notes.add(Finding::new(Code::QUOTES, cause).certain());
    }
    if line.text.starts_with(UTF8_MARK) {
        let cause = "A byte-order mark stands in front of the row: another file begins here.";
        notes.add(Finding::new(Code::BLANKS, cause).at(0, 1).certain());
    }
}
