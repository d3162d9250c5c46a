//! The rows of a list: the fast way for those that are plainly in order, the careful way for the
//! rest.

use std::mem;
use std::ops::Range;
use std::sync::Arc;

use memchr::memchr_iter;

use super::judge::{self, Judged, Scratch};
use super::marks::{Mark, Marks, Signs};
use super::no_row::no_row;
use super::nul;
use super::options::CheckOptions;
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
use crate::header::{self, Another, Layout, Slot};

/// The longest line that is read as a row, in bytes. A hash has 4,000 characters.
pub(crate) const MAX_LINE: usize = 64 * 1024;

/// How many lines a value in quotes may go on for.
const MAX_JOINED: usize = 10;

/// How many fields the fast way can take.
const MAX_FIELDS: usize = 8;

/// A byte-order mark that a merged file has in its middle.
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The shortest hash that the fast way can take, in characters: anything shorter is another thing.
const MIN_HASH: usize = 64;

/// What the marks of a line say about its fields.
#[derive(Default)]
struct Fields {
    /// Where they end, from the beginning of the block; the last ends with the line.
    ends: [usize; MAX_FIELDS],
    /// How many delimiters there are.
    count: usize,
    quoted: bool,
    /// The fields, one bit each, that may hold something other than printable ASCII.
    doubtful: u16,
}

impl Fields {
    fn delimiter(&mut self, at: usize) {
        if let Some(end) = self.ends.get_mut(self.count) {
            *end = at;
        }
        self.count += 1;
    }

    fn doubt(&mut self) {
        self.doubtful |= 1 << self.count.min(MAX_FIELDS);
    }

    /// For the next line.
    fn clear(&mut self) {
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
            && (column == Column::Hash || field.iter().all(printable))
    }
}

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
    /// Returns how much of it is done: all of it, unless a value in quotes may go on behind it and
    /// this is not the last block.
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

    /// Goes on until the block ends, the header changes or a value goes on behind its line. Returns
    /// how far it came, and whether more of the file is needed to go on.
    fn run_of_lines(&mut self, reading: &Arc<Reading>, block: &[u8], last: bool) -> (usize, bool) {
        let signs = Signs {
            delimiter: reading.layout.delimiter,
            eol: reading.eol,
        };
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
                    if fields.quoted
                        && let Some(joined) = joined(reading, &block[start..], at - start, last)
                    {
                        return match joined {
                            Joined::Unknown => (start, true),
                            Joined::Lines(line) => {
                                self.careful(reading, line);
                                (start + line.length, false)
                            }
                        };
                    }
                    self.line(reading, block, start..at, &fields);
                    fields.clear();
                    start = at + 1;
                    if !Arc::ptr_eq(reading, &self.reading) {
                        return (start, false);
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
        };
        let crlf = cut.len() < text.len() || text.ends_with(b"\r\0");
        if crlf != reading.crlf && reading.eol == b'\n' && end < block.len() {
            self.sink.sign(Sign::CrLf);
        }
        if cut == reading.header && !cut.is_empty() {
            return self.header_again(line);
        }
        if cut.len() > MAX_LINE {
            return self.careful(reading, line);
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
            self.sink.sign(Sign::Utf16);
        }
        let other = if reading.eol == b'\n' { b'\r' } else { b'\n' };
        if !is_utf16 && line.lines == 1 && text.contains(&other) && !text.contains(&b'"') {
            return self.pieces(reading, line, other);
        }
        let bare = text.strip_prefix(UTF8_MARK).unwrap_or(&text);
        let mut letters = Letters::default();
        let text = decode(bare, &mut letters);
        if letters.utf8 {
            self.sink.sign(Sign::Utf8);
        }
        if letters.ansi {
            self.sink.sign(Sign::Ansi);
        }
        let fields = split(&text, line.delimiter);
        self.fields(reading, line, Some(&text), fields);
    }

    /// A line inside which others end, in another way than the first line of the file.
    fn pieces(&mut self, reading: &Reading, line: Line<'_>, other: u8) {
        self.sink.sign(Sign::LineEnd);
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
        match header::another(text, &fields, layout, self.options) {
            Some(Another::Same) => return self.header_again(line),
            Some(Another::Other(other)) => {
                let (layout, finding) = *other;
                return self.header(reading, line, layout, finding);
            }
            None => {}
        }
        if let Some(finding) = no_row(layout.own_fields(&fields)) {
            return self.sink.skipped(line, finding);
        }
        layout.unguard(&mut fields);
        let mut notes = Notes::new(layout, self.options.accept);
        if let Some((delimiter, others, finding)) = text
            .filter(|_| !layout.has_remarks())
            .and_then(|text| another_separator(text, &fields, layout))
        {
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
            _ => judge::judge(values, self.options, self.scratch, &mut notes),
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

/// A line as its text, without what does not belong to it.
pub(crate) fn line_text(line: &[u8]) -> String {
    let (narrow, _) = nul::narrow(line);
    let bare = narrow.strip_prefix(UTF8_MARK).unwrap_or(&narrow);
    decode(bare, &mut Letters::default()).into_owned()
}

/// What a value in quotes that its line does not close comes to.
enum Joined<'b> {
    /// It may go on behind the block.
    Unknown,
    /// It goes on in the next lines, and the row is whole with them.
    Lines(Line<'b>),
}

/// Looks whether the row that begins at the block's beginning goes on behind the line end at `end`,
/// inside quotes (RFC 4180). Only where that gives a whole row: `None` otherwise.
fn joined<'b>(reading: &Reading, block: &'b [u8], end: usize, last: bool) -> Option<Joined<'b>> {
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
        }));
    }
    (!last && lines <= MAX_JOINED as u64 && block.len() <= MAX_LINE).then_some(Joined::Unknown)
}

/// Whether the byte is a CR that belongs to the end of its line.
fn is_end(block: &[u8], at: usize, eol: u8) -> bool {
    block[at] == b'\r' && block.get(at + 1).is_none_or(|next| *next == eol)
}

/// Puts the fields of a row that is plainly in order into `texts`: as many as columns, no quotes,
/// each plain. Returns how many of them are not empty; none where it is not so.
///
/// The texts are put where they stay, as reading them in order to move them would wait for all that
/// was written before: also for what was noted about the row before, far away in memory.
fn plain<'a>(
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
fn names_something(texts: &Texts<'_>, filled: usize) -> bool {
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
