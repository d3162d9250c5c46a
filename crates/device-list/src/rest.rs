//! The rest file: rows that can't be mended, in the sender's own columns exactly as sent, with the
//! codes, the advice and the line in front. It is mended by hand, mostly in a spreadsheet, and sent
//! again as it is: the reader knows those columns.
//!
//! A line that is no row, because it is too long to be read, stands in it with its beginning, marked
//! as no row; so does a row that would be too long with its advice in front, and the place where a
//! workbook breaks off. Read again, such a line is no row either, until somebody has put one there.
//!
//! Every value keeps its quotes, or gets them where it needs them. What a spreadsheet would run as
//! a formula, or would change by taking it for a number, gets an apostrophe in front; so does what
//! begins with one. The reader takes one away again, and only in a file that has the columns of a
//! rest file.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use encoding_rs::WINDOWS_1252;

use crate::check::{MAX_LINE, inside_formula, line_text};
use crate::code::Code;
use crate::fields::{Field, quoted_field, spans, split};
use crate::finding::{Finding, is_blank};
use crate::header::{DELIMITERS, GUARD, Layout, REMARKS, Slot, UNREAD};
use crate::repair::{LeftLine, LeftRow};

/// Digits from which on a spreadsheet shows a number in scientific notation, and saves it so.
const LONG_NUMBER: usize = 12;

/// As much stands there of a line that can't be read, in characters.
const BEGINNING: usize = 1000;

/// How a rest file is to be encoded, once all of it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestEncoding {
    /// ASCII: it is so already.
    Ascii,
    /// ANSI has all its letters.
    Ansi,
    /// UTF-8 with a byte-order mark, since ANSI lacks some letter.
    Utf8,
}

/// What stands in front of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remarks {
    /// The codes of what is wrong, with blanks between.
    pub codes: String,
    /// What is wrong and what to do, in sentences.
    pub advice: String,
    /// The line in the list; with the list's name and a colon in front where there are several.
    pub place: String,
}

/// Writes a rest file row by row, as UTF-8 without a mark: what it can be encoded as is known only
/// at the end, and [`encode_rest`] does that.
#[derive(Debug)]
pub struct RestWriter<W> {
    w: W,
    header: String,
    encoding: RestEncoding,
}

impl<W: Write> RestWriter<W> {
    /// A file that has nothing yet, not even a header.
    pub fn new(w: W) -> Self {
        Self {
            w,
            header: String::new(),
            encoding: RestEncoding::Ascii,
        }
    }

    /// Writes a row. `file` names the list that it comes from, where there are several. Rows of
    /// another layout get a header of their own.
    pub fn row(&mut self, left: &LeftRow<'_>, file: Option<&str>) -> io::Result<()> {
        self.row_with(
            left,
            Remarks::of(left.reasons(), place(file, left.row.line())),
        )
    }

    /// Writes a row that is left for other reasons than what was found about it.
    pub fn row_with(&mut self, left: &LeftRow<'_>, mut remarks: Remarks) -> io::Result<()> {
        let row = &left.row;
        let delimiter = separator(row.layout, row.delimiter);
        self.header(left.names, row.layout, delimiter)?;
        let mut line = remarks.line(delimiter);
        for field in sent_fields(left, delimiter) {
            line.push(delimiter);
            line.push_str(&field);
        }
        if line.len() > MAX_LINE {
            let cause = "With this in front the line would be too long; its beginning stands here.";
            remarks.add(&Finding::new(Code::LINE_TOO_LONG, cause));
            line = remarks.line(delimiter);
            line.push(delimiter);
            line.push_str(&beginning(row.layout, row.sent, delimiter));
        }
        self.write(&line)
    }

    /// Writes what there is of a line that can't be read. `file` names the list that it comes from,
    /// where there are several.
    pub fn line(&mut self, left: &LeftLine<'_>, file: Option<&str>) -> io::Result<()> {
        let sent = &left.line;
        let delimiter = separator(sent.layout, sent.delimiter);
        self.header(left.names, sent.layout, delimiter)?;
        let remarks = Remarks::of([sent.finding], place(file, sent.finding.line));
        let mut line = remarks.line(delimiter);
        line.push(delimiter);
        line.push_str(&beginning(sent.layout, sent.sent, delimiter));
        self.write(&line)
    }

    /// Writes a header where the lines that come are of another layout than those above.
    fn header(
        &mut self,
        names: &[String],
        layout: Option<&Layout>,
        delimiter: char,
    ) -> io::Result<()> {
        let header = header_line(names, layout, delimiter);
        if header != self.header {
            self.write(&header)?;
            self.header = header;
        }
        Ok(())
    }

    /// Ends the file, and says how it is to be encoded.
    pub fn end(mut self) -> io::Result<(W, RestEncoding)> {
        self.w.flush()?;
        Ok((self.w, self.encoding))
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        if !line.is_ascii() && self.encoding != RestEncoding::Utf8 {
            let (bytes, _, replaced) = WINDOWS_1252.encode(line);
            let misread = std::str::from_utf8(&bytes).is_ok();
            self.encoding = if replaced || misread {
                RestEncoding::Utf8
            } else {
                RestEncoding::Ansi
            };
        }
        self.w.write_all(line.as_bytes())?;
        self.w.write_all(b"\r\n")
    }
}

/// Copies what a [`RestWriter`] wrote, encoded as it must be.
pub fn encode_rest(
    mut from: impl BufRead,
    mut to: impl Write,
    encoding: RestEncoding,
) -> io::Result<()> {
    if encoding == RestEncoding::Utf8 {
        to.write_all("\u{feff}".as_bytes())?;
    }
    if encoding != RestEncoding::Ansi {
        io::copy(&mut from, &mut to)?;
        return to.flush();
    }
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&WINDOWS_1252.encode(&String::from_utf8_lossy(&line)).0)?;
        line.clear();
    }
    to.flush()
}

/// The list's own separator, so that the file opens where the list did; a comma where only a hint
/// in the list tells which it is.
fn separator(layout: Option<&Layout>, of_line: u8) -> char {
    let own = layout.map_or(of_line, |layout| layout.delimiter);
    char::from(if DELIMITERS.contains(&own) { own } else { b',' })
}

/// The sender's own names behind ours; those of the layout where there are none.
fn header_line(names: &[String], layout: Option<&Layout>, delimiter: char) -> String {
    let names = match (names, layout) {
        ([], Some(layout)) => names_of(layout).map(Cow::Borrowed).collect(),
        (names, _) => names.iter().map(Cow::from).collect::<Vec<_>>(),
    };
    let mut line = REMARKS.join(&delimiter.to_string());
    for name in names {
        line.push(delimiter);
        let name = name.replace(['\r', '\n'], " ");
        line.push_str(&quoted_field(&guarded(&name), delimiter));
    }
    line
}

fn names_of(layout: &Layout) -> impl Iterator<Item = &'static str> {
    layout.slots.iter().filter_map(|slot| match slot {
        Slot::Holds(column) | Slot::Again(column) => Some(
            layout
                .dialect
                .header_of(*column)
                .unwrap_or_else(|| column.name()),
        ),
        // What a report repeats in every row is no column of its own.
        Slot::Label(_) | Slot::Unknown => Some(""),
        Slot::Remark => None,
    })
}

/// Where a line stands in the list, or in which of several.
fn place(file: Option<&str>, line: u64) -> String {
    match file {
        Some(file) => format!("{file}:{line}"),
        None => line.to_string(),
    }
}

impl Remarks {
    fn of<'f>(reasons: impl IntoIterator<Item = &'f Finding>, place: String) -> Self {
        let mut remarks = Self {
            place,
            ..Self::default()
        };
        for reason in reasons {
            remarks.add(reason);
        }
        remarks
    }

    fn add(&mut self, reason: &Finding) {
        let code = reason.code.as_str();
        if !self.codes.split(' ').any(|known| known == code) {
            push_with_gap(&mut self.codes, code);
        }
        push_with_gap(&mut self.advice, &reason.cause);
        push_with_gap(&mut self.advice, &reason.fix);
    }

    /// The beginning of a line.
    fn line(&self, delimiter: char) -> String {
        // Quotes inside would make the line one that a value may go on behind.
        let plain = |text: &str| text.replace('"', "'").replace(char::is_control, " ");
        let fields = [&self.codes, &self.advice, &self.place].map(|text| plain(text));
        let written = fields.map(|field| quoted_field(&guarded(&field), delimiter).into_owned());
        written.join(&delimiter.to_string())
    }
}

fn push_with_gap(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// The sender's own fields of a row as they are to be written. A row of which it is not certain
/// that it has another separator than the header stays as it is.
fn sent_fields(left: &LeftRow<'_>, delimiter: char) -> Vec<String> {
    let row = &left.row;
    let certain = |finding: &Finding| finding.code == Code::OTHER_SEPARATOR && finding.certain;
    let by = match row.layout {
        Some(layout) if !left.findings.iter().any(certain) => layout.delimiter,
        _ => row.delimiter,
    };
    let text = line_text(row.sent);
    let spans = spans(text.as_bytes(), by);
    let is_own = |at: &usize| row.layout.is_none_or(|layout| layout.is_own(*at));
    let is_guarded = row.layout.is_some_and(Layout::has_remarks);
    let fields = split(&text, by);
    let own = (0..).zip(&fields).filter(|(at, _)| is_own(at));
    own.map(|(at, field)| {
        let span = spans.get(at).and_then(|span| text.get(span.clone()));
        let value = lossless(field, span.unwrap_or(&field.text));
        let sent = value.strip_prefix(GUARD).filter(|_| is_guarded);
        match quoted_field(&guarded(sent.unwrap_or(value)), delimiter) {
            Cow::Borrowed(plain) if field.quoted => format!("\"{plain}\""),
            written => written.into_owned(),
        }
    })
    .collect()
}

/// What there is of a line that can't be read, as one field that is known for what it is. Where it
/// is that already, it stays as it is.
fn beginning(layout: Option<&Layout>, sent: &[u8], delimiter: char) -> String {
    let text = line_text(whole_letters(&sent[..sent.len().min(MAX_LINE)]));
    let remarks = layout.map_or(0, Layout::remarks);
    let mut own = &*text;
    if remarks > 0 {
        let by = layout.map_or(b',', |layout| layout.delimiter);
        let fields = split(&text, by);
        let before = fields
            .iter()
            .skip(remarks)
            .find(|field| field.text.starts_with(UNREAD));
        if let Some(before) = before {
            return quoted_field(&before.text, delimiter).into_owned();
        }
        let spans = spans(text.as_bytes(), by);
        let start = spans.get(remarks).map_or(text.len(), |span| span.start);
        own = text.get(start..).unwrap_or_default();
    }
    let shown: String = own
        .chars()
        .take(BEGINNING)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let field = format!("{UNREAD} {shown}");
    quoted_field(field.trim_end(), delimiter).into_owned()
}

/// A text without the letter at its end that was cut in two.
fn whole_letters(text: &[u8]) -> &[u8] {
    match std::str::from_utf8(text) {
        Err(cut) if cut.error_len().is_none() => &text[..cut.valid_up_to()],
        _ => text,
    }
}

/// What stands in a field: without its quotes, unless quotes stand where they can't. A formula around
/// a text has its own, and is read as one only where it stands alone.
fn lossless<'f>(field: &'f Field, span: &'f str) -> &'f str {
    let closed = span
        .trim_matches(' ')
        .strip_prefix('"')
        .and_then(|inside| inside.strip_suffix('"'))
        .is_some_and(|inside| inside.replace("\"\"", "\"") == field.text);
    if field.stray && !closed && inside_formula(&field.text).is_none() {
        span
    } else {
        &field.text
    }
}

/// A value as it can stand in a spreadsheet and be read again: with an apostrophe in front where it
/// would be run or changed.
fn guarded(value: &str) -> Cow<'_, str> {
    if needs_guard(value) {
        format!("{GUARD}{value}").into()
    } else {
        value.into()
    }
}

fn needs_guard(value: &str) -> bool {
    let formula = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let inner = value.trim_matches(|c| is_blank(c) || c.is_control());
    let odd = value.starts_with([GUARD, '\t', '\r']) || value.starts_with(UNREAD);
    if odd || inner.starts_with(formula) {
        return true;
    }
    let digits = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    digits && (inner.len() >= LONG_NUMBER || inner.len() > 1 && inner.starts_with('0'))
}
