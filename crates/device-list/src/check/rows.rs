//! The rows of a list: the fast way for those that are plainly in order, the careful way for the
//! rest.

use super::event::{Event, RowRef};
use super::judge::{self, Judged};
use super::marks::{Marks, Sign, Signs};
use super::row::{Notes, Texts};
use super::run::{MAX_LINE, Run};
use super::seen::Earlier;
use super::tidy::{Tidied, decode, tidy};
use crate::cells::Cells;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::Finding;
use crate::header::{Layout, Slot};

/// How many fields the fast way can take.
const MAX_FIELDS: usize = 8;

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

    /// Whether a field is printable ASCII without blanks around. Inside a hash only its ends are
    /// looked at.
    fn is_plain(&self, at: usize, field: &[u8], column: Column) -> bool {
        let (Some(first), Some(last)) = (field.first(), field.last()) else {
            return true;
        };
        if self.doubtful & 1 << at == 0 {
            return *first != b' ' && *last != b' ';
        }
        let printable = |byte: &u8| byte.wrapping_sub(b' ') < 0x5f;
        first.is_ascii_graphic()
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

impl<F: FnMut(Event<'_>)> Run<'_, F> {
    /// Goes through a block of whole lines: one pass finds every delimiter, line end and quote.
    pub(crate) fn rows(&mut self, layout: &Layout, block: &[u8]) {
        let signs = Signs {
            delimiter: layout.delimiter,
            eol: self.eol,
        };
        let mut marks = Marks::new(block, signs);
        let mut fields = Fields::default();
        let mut start = 0;
        while let Some((at, sign)) = marks.next() {
            if marks.skipped() {
                fields.doubt();
            }
            match sign {
                Sign::Delimiter => fields.delimiter(at),
                Sign::Eol => {
                    self.line(layout, block, start, at, &fields);
                    fields.clear();
                    start = at + 1;
                }
                Sign::Quote => fields.quoted = true,
                Sign::Odd if is_end(block, at, signs.eol) => {}
                Sign::Odd => fields.doubt(),
            }
        }
        if start < block.len() {
            if marks.skipped() {
                fields.doubt();
            }
            self.line(layout, block, start, block.len(), &fields);
        }
    }

    fn line(&mut self, layout: &Layout, block: &[u8], start: usize, end: usize, fields: &Fields) {
        self.summary.lines += 1;
        let end = if end > start && block[end - 1] == b'\r' {
            end - 1
        } else {
            end
        };
        let line = &block[start..end];
        if line.len() > MAX_LINE {
            let cause = format!("The line is longer than {MAX_LINE} bytes; it is not read.");
            return self.about_line(Finding::new(Code::LINE_TOO_LONG, cause));
        }
        if line == self.header {
            let cause = "The header line stands here once more.";
            return self.about_line(Finding::new(Code::HEADER_REPEATED, cause).certain());
        }
        let mut texts = Texts::default();
        if plain(layout, block, start, end, fields, &mut texts) {
            let notes = Notes::new(self.summary.lines, self.next_row(), layout);
            self.row(&texts, &Form::Plain, notes);
        } else {
            self.careful(layout, line);
        }
    }

    /// A line that is not plainly in order.
    fn careful(&mut self, layout: &Layout, line: &[u8]) {
        let before = self.letters;
        let text = decode(line, &mut self.letters);
        self.note_letters(before);
        let mut notes = Notes::new(self.summary.lines, self.next_row(), layout);
        match tidy(&text, &mut notes) {
            Some(Tidied { raw, values }) => {
                let form = values.map_or(Form::Unreadable, Form::Tidied);
                self.row(&Texts::of(&raw), &form, notes);
            }
            None if line.contains(&layout.delimiter) => {
                let cause = "The row holds only separators.";
                self.about_line(Finding::new(Code::ROW_OF_COMMAS, cause).certain());
            }
            None => {
                let cause = "The line is blank.";
                self.about_line(Finding::new(Code::BLANK_ROW, cause).certain());
            }
        }
    }

    fn about_line(&mut self, finding: Finding) {
        self.tell(finding.at(self.summary.lines, 0));
    }

    fn next_row(&self) -> u32 {
        u32::try_from(self.summary.rows + 1).unwrap_or(u32::MAX)
    }

    /// A data row: judges it, looks for its device among the earlier ones, hands all of it on.
    fn row(&mut self, raw: &Texts<'_>, form: &Form, mut notes: Notes<'_>) {
        self.summary.rows += 1;
        let number = notes.row;
        if self
            .options
            .row_limit
            .is_some_and(|limit| self.summary.rows == limit + 1)
        {
            self.first_beyond = Some(notes.line);
        }
        let tidied = match form {
            Form::Tidied(values) => Some(Texts::of(values)),
            Form::Plain | Form::Unreadable => None,
        };
        let values = tidied.as_ref().unwrap_or(raw);
        let judged = match form {
            Form::Unreadable => Judged::default(),
            _ => judge::judge(values, self.options.channel, &mut self.scratch, &mut notes),
        };
        let mut earlier = None;
        if judged.kind.is_some() {
            self.summary.identified += 1;
            earlier = self
                .seen
                .note(&judged.keys, number, judge::print(values, &judged));
        }
        if let Some(earlier) = earlier {
            self.summary.duplicates += 1;
            notes.add(duplicate(earlier));
        }
        let corrected = corrected(raw, values, tidied.is_some(), &judged);
        let row = RowRef {
            number,
            line: notes.line,
            raw,
            corrected: corrected.as_ref(),
            judged: &judged,
            duplicate_of: earlier.map(|earlier| earlier.row),
            repaired: notes.needs_repair(),
        };
        for finding in notes.findings {
            self.summary.count(finding.severity);
            (self.on)(Event::Finding(finding));
        }
        (self.on)(Event::Row(row));
    }
}

/// Whether the byte is a CR that belongs to the end of its line.
fn is_end(block: &[u8], at: usize, eol: u8) -> bool {
    block[at] == b'\r' && block.get(at + 1).is_none_or(|next| *next == eol)
}

/// Puts the fields of a row that is plainly in order into `texts`: as many as columns, no quotes,
/// each plain, and not all of them empty. Returns whether that is so.
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
) -> bool {
    let slots = &layout.slots;
    if fields.quoted || fields.count + 1 != slots.len() || slots.len() > MAX_FIELDS {
        return false;
    }
    let mut something = false;
    let mut from = start;
    for (at, slot) in slots.iter().enumerate() {
        let to = if at < fields.count {
            fields.ends[at]
        } else {
            end
        };
        let (Some(field), Slot::Holds(column)) = (block.get(from..to), *slot) else {
            return false;
        };
        from = to + 1;
        if !fields.is_plain(at, field, column) {
            return false;
        }
        something |= !field.is_empty();
        texts.set(column, field);
    }
    something
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

fn duplicate(earlier: Earlier) -> Finding {
    let row = earlier.row;
    if earlier.same {
        let cause = format!("Row {row} says the same.");
        return Finding::new(Code::DUPLICATE_ROW, cause).certain();
    }
    let by = match earlier.key {
        0 => "manufacturer, model and serial number",
        1 => "PKID",
        _ => "SMBIOS UUID and serial number",
    };
    let cause = format!("Row {row} is the same device, known by its {by}.");
    Finding::new(Code::DUPLICATE_DEVICE, cause).fix(format!(
        "Decide which of the rows {row} and this one is right, and delete the other."
    ))
}
