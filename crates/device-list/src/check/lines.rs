//! The rows of a list: the fast way for those that are plainly in order, the careful way for the
//! rest.

use std::mem;
use std::ops::Range;
use std::sync::Arc;

use prefetch_index::prefetch_index;

use super::around::{UTF8_MARK, around, unwrapped};
use super::joined::{Joined, LONGEST_PART, is_inside_hash, joined, wrapped_hash};
use super::judge::{self, Judged, Scratch};
use super::marks::{Mark, Marks, Signs};
use super::no_row::no_row;
use super::nul;
use super::options::CheckOptions;
use super::plain::{Fields, names_something, plain};
use super::row::{Notes, Texts};
use super::seen::Print;
use super::separator::another_separator;
use super::sink::{JudgedRow, Line, Reading, Sign, Sink};
use super::tidy::{Letters, Tidied, decode, tidy};
use crate::cells::Cells;
use crate::code::Code;
use crate::dialect::Column;
use crate::fields::{Field, split};
use crate::finding::Finding;
use crate::header::{self, Another, Layout};

/// The longest line that is read as a row, in bytes. A hash has 4,000 characters.
pub(crate) const MAX_LINE: usize = 64 * 1024;

/// From this length on a line is asked for from memory while the one above it is judged, in bytes.
const LONG: usize = 1024;

/// Bytes that come from memory together.
const CACHE_LINE: usize = 64;

/// How far a row's form is in order.
enum Form {
    /// Plainly.
    Plain,
    /// After repairs; the values now.
    Tidied(Cells),
    /// Not at all: which text belongs to which column can't be told.
    Unreadable,
}

/// Goes through lines below a header and hands each on as what it is.
pub(crate) struct Lines<'r, S> {
    pub(crate) options: &'r CheckOptions,
    pub(crate) reading: Arc<Reading>,
    pub(crate) scratch: &'r mut Scratch,
    pub(crate) sink: &'r mut S,
}

impl<S: Sink> Lines<'_, S> {
    /// Goes through a block of whole lines: one pass finds every delimiter, line end and quote.
    /// Returns how much of it is done: all of it, unless the sink is full, or a value in quotes may go
    /// on behind it and this is not the last block.
    pub(crate) fn block(&mut self, block: &[u8], last: bool) -> usize {
        let mut done = 0;
        while done < block.len() {
            let reading = Arc::clone(&self.reading);
            let (to, stopped) = self.run_of_lines(&reading, &block[done..], last);
            done += to;
            if stopped {
                break;
            }
        }
        done
    }

    /// Goes on until the block ends, the header changes, a value goes on behind its line or the sink is
    /// full. Returns how far it came, and whether it can't go on.
    fn run_of_lines(&mut self, reading: &Arc<Reading>, block: &[u8], last: bool) -> (usize, bool) {
        let signs = Signs {
            delimiter: reading.layout.delimiter,
            eol: reading.eol,
        };
        let hash = reading.layout.positions[Column::Hash.index()];
        let mut marks = Marks::new(block, signs);
        let mut fields = Fields::default();
        let mut start = 0;
        while let Some((at, mark)) = marks.next() {
            if marks.skipped() {
                fields.doubt();
            }
            match mark {
                Mark::Delimiter => fields.delimiter(at),
                Mark::Eol => {
                    let joined = if fields.quoted {
                        joined(reading, &block[start..], at - start, last)
                    } else if fields
                        .length_of_last(hash, at)
                        .is_some_and(|length| (1..=LONGEST_PART).contains(&length))
                    {
                        wrapped_hash(reading, &block[start..], at - start, last)
                    } else {
                        None
                    };
                    if let Some(joined) = joined {
                        return match joined {
                            Joined::Unknown => (start, true),
                            Joined::Lines(line) => {
                                self.careful(reading, line);
                                (start + line.length, self.sink.is_full())
                            }
                        };
                    }
                    self.line(reading, block, start..at, &fields);
                    fields.clear();
                    start = at + 1;
                    if !Arc::ptr_eq(reading, &self.reading) {
                        return (start, false);
                    }
                    if self.sink.is_full() {
                        return (start, true);
                    }
                }
                Mark::Quote => fields.quoted = true,
                Mark::Odd if is_end(block, at, signs.eol) => {}
                Mark::Odd => fields.doubt(),
            }
        }
        if start < block.len() {
            if marks.skipped() {
                fields.doubt();
            }
            self.line(reading, block, start..block.len(), &fields);
        }
        (block.len(), false)
    }

    fn line(&mut self, reading: &Reading, block: &[u8], range: Range<usize>, fields: &Fields) {
        let Range { start, end } = range;
        let text = &block[start..end];
        let cut = text.strip_suffix(b"\r").unwrap_or(text);
        let line = Line {
            text: cut,
            length: (end + 1).min(block.len()) - start,
            lines: 1,
            delimiter: reading.layout.delimiter,
            wrapped: false,
        };
        let crlf = cut.len() < text.len() || text.ends_with(b"\r\0");
        if crlf != reading.crlf && reading.eol == b'\n' && end < block.len() {
            self.sink.sign(line, Sign::CrLf);
        }
        if cut == reading.header && !cut.is_empty() {
            return self.header_again(line);
        }
        if cut.len() > MAX_LINE {
            return self.careful(reading, line);
        }
        if line.length >= LONG {
            prefetch_next(block, end, line.length);
        }
        let mut texts = Texts::default();
        let filled = plain(
            &reading.layout,
            block,
            start,
            start + cut.len(),
            fields,
            &mut texts,
        );
        if filled > 0 && names_something(&texts, filled) {
            let mut notes = Notes::new(&reading.layout, self.options.accept);
            notes.is_plain = true;
            self.row(line, texts, &Form::Plain, notes);
        } else {
            self.careful(reading, line);
        }
    }

    fn header_again(&mut self, line: Line<'_>) {
        let finding = Finding::new(Code::HEADER_REPEATED, "The line is a header.");
        self.sink.skipped(line, finding.certain());
    }

    /// A line that is not plainly in order.
    fn careful(&mut self, reading: &Reading, line: Line<'_>) {
        if nul::is_only_nul(line.text) {
            let cause = "The line holds nothing but NUL bytes.";
            let finding = Finding::new(Code::NUL_BYTES, cause).certain();
            return self.sink.skipped(line, finding);
        }
        if line.text.len() > MAX_LINE {
            let cause = format!("The line is longer than {MAX_LINE} bytes; it is not read.");
            let finding = Finding::new(Code::LINE_TOO_LONG, cause);
            return self.sink.skipped(line, finding);
        }
        let (text, is_utf16) = nul::narrow(line.text);
        if is_utf16 {
            self.sink.sign(line, Sign::Utf16);
        }
        let other = if reading.eol == b'\n' { b'\r' } else { b'\n' };
        let ends = text.contains(&other) && !text.contains(&b'"');
        if ends && !is_utf16 && line.lines == 1 && !is_inside_hash(reading, &text, other) {
            return self.pieces(reading, line, other);
        }
        let (line, text) = match unwrapped(reading, line).filter(|_| !is_utf16) {
            Some(line) => (line, line.text.into()),
            None => (line, text),
        };
        let bare = text.strip_prefix(UTF8_MARK).unwrap_or(&text);
        let mut letters = Letters::default();
        let text = decode(bare, &mut letters);
        if letters.utf8 {
            self.sink.sign(line, Sign::Utf8);
        }
        if letters.ansi {
            self.sink.sign(line, Sign::Ansi);
        }
        let fields = split(&text, line.delimiter);
        self.fields(reading, line, Some(&text), fields);
    }

    /// A line inside which others end, in another way than the first line of the file.
    fn pieces(&mut self, reading: &Reading, line: Line<'_>, other: u8) {
        let first = line.text.split(|byte| *byte == other).next();
        let begins = Line {
            text: first.unwrap_or_default(),
            ..line
        };
        self.sink.sign(begins, Sign::LineEnd);
        let end = line.length - line.text.len();
        let whole = line.text.strip_suffix(&[other]).unwrap_or(line.text);
        let mut pieces = whole.split(|byte| *byte == other).peekable();
        let mut left = line.length;
        while let Some(text) = pieces.next() {
            let length = match pieces.peek() {
                Some(_) => text.len() + 1,
                None => left.max(text.len() + end),
            };
            left = left.saturating_sub(length);
            let piece = Line {
                text,
                length,
                ..line
            };
            self.careful(reading, piece);
        }
    }

    /// A line, or a workbook's row, taken apart into its fields. `text` is the line as it may be
    /// split otherwise.
    pub(crate) fn fields(
        &mut self,
        reading: &Reading,
        mut line: Line<'_>,
        text: Option<&str>,
        mut fields: Vec<Field>,
    ) {
        let layout = &reading.layout;
        if let Some(finding) = layout.unread(&fields) {
            return self.sink.skipped(line, finding);
        }
        match header::another(text, &fields, layout, self.options) {
            Some(Another::Same) => return self.header_again(line),
            Some(Another::Other(other)) => {
                let (layout, finding) = *other;
                return self.header(reading, line, layout, finding);
            }
            None => {}
        }
        let other = text
            .filter(|_| !layout.has_remarks())
            .and_then(|text| another_separator(text, &fields, layout));
        let is_row = matches!(&other, Some((_, _, finding)) if finding.certain);
        if !is_row && let Some(finding) = no_row(layout.own_fields(&fields)) {
            return self.sink.skipped(line, finding);
        }
        layout.unguard(&mut fields);
        let mut notes = Notes::new(layout, self.options.accept);
        around(line, &mut notes);
        if let Some((delimiter, others, finding)) = other {
            notes.add(finding);
            (line.delimiter, fields) = (delimiter, others);
        }
        let Tidied { raw, values } = tidy(&fields, &mut notes);
        let form = values.map_or(Form::Unreadable, Form::Tidied);
        self.row(line, Texts::of(&raw), &form, notes);
    }

    /// A header of another layout: the lines below are read by it.
    fn header(&mut self, reading: &Reading, line: Line<'_>, layout: Layout, finding: Finding) {
        let reading = Arc::new(Reading {
            layout,
            header: line.text.to_vec(),
            ..reading.clone()
        });
        self.reading = Arc::clone(&reading);
        self.sink.header(line, reading, vec![finding]);
    }

    /// A data row: judges it and hands it on.
    fn row(&mut self, line: Line<'_>, raw: Texts<'_>, form: &Form, mut notes: Notes<'_>) {
        let tidied = match form {
            Form::Tidied(values) => Some(Texts::of(values)),
            Form::Plain | Form::Unreadable => None,
        };
        let values = tidied.as_ref().unwrap_or(&raw);
        let judged = match form {
            Form::Unreadable => Judged::default(),
            _ => judge::judge(values, self.options, self.scratch, &mut notes, |keys| {
                self.sink.expect(keys);
            }),
        };
        let print = match judged.kind {
            Some(_) => judge::print(values, &judged),
            None => Print::default(),
        };
        let corrected = corrected(&raw, values, tidied.is_some(), &judged);
        self.sink.row(JudgedRow {
            line,
            raw,
            corrected,
            judged,
            print,
            findings: mem::take(&mut notes.findings),
        });
    }
}

/// Asks for the next line: it is likely as long as this one.
fn prefetch_next(block: &[u8], end: usize, length: usize) {
    let next = end..block.len().min(end + length);
    for at in next.step_by(CACHE_LINE) {
        prefetch_index(block, at);
    }
}

/// A line as its text, without what does not belong to it.
pub(crate) fn line_text(line: &[u8]) -> String {
    let (narrow, _) = nul::narrow(line);
    let bare = narrow.strip_prefix(UTF8_MARK).unwrap_or(&narrow);
    decode(bare, &mut Letters::default()).into_owned()
}

/// Whether the byte is a CR that belongs to the end of its line.
fn is_end(block: &[u8], at: usize, eol: u8) -> bool {
    block[at] == b'\r' && block.get(at + 1).is_none_or(|next| *next == eol)
}

/// The values after all repairs, where they differ from what was sent.
pub(crate) fn corrected(
    raw: &Texts<'_>,
    values: &Texts<'_>,
    tidied: bool,
    judged: &Judged<'_>,
) -> Option<Cells> {
    if !tidied && judged.corrections.is_empty() {
        return None;
    }
    let mut cells = values.to_cells();
    for (column, value) in &judged.corrections {
        cells.set(*column, value.as_str());
    }
    (cells != raw.to_cells()).then_some(cells)
}
