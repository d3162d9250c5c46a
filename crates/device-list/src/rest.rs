//! The rest file: rows that can't be mended, in the sender's own columns exactly as sent, with the
//! codes, the advice and the line in front. It is mended by hand, mostly in a spreadsheet, and sent
//! again as it is: the reader knows those columns.
//!
//! Every value keeps its quotes, or gets them where it needs them. What a spreadsheet would run as
//! a formula, or would change by taking it for a number, gets an apostrophe in front; so does what
//! begins with one. The reader takes one away again, and only in a file that has the columns of a
//! rest file.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};

use encoding_rs::WINDOWS_1252;

use crate::check::{RowRef, line_text};
use crate::code::Code;
use crate::fields::{Field, quoted_field, spans, split};
use crate::finding::{Finding, is_blank};
use crate::header::{DELIMITERS, GUARD, Layout, REMARKS, Slot};
use crate::repair::LeftRow;

/// Digits from which on a spreadsheet shows a number in scientific notation, and saves it so.
const LONG_NUMBER: usize = 12;

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
        let delimiter = separator(&left.row);
        let header = header_line(left, delimiter);
        if header != self.header {
            self.write(&header)?;
            self.header = header;
        }
        let mut line = remarks(left, file, delimiter);
        for field in sent_fields(left, delimiter) {
            line.push(delimiter);
            line.push_str(&field);
        }
        self.write(&line)
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
fn separator(row: &RowRef<'_>) -> char {
    let own = row.layout.map_or(row.delimiter, |layout| layout.delimiter);
    char::from(if DELIMITERS.contains(&own) { own } else { b',' })
}

/// The sender's own names behind ours; those of the layout where there are none.
fn header_line(left: &LeftRow<'_>, delimiter: char) -> String {
    let names = match (left.names, left.row.layout) {
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

/// Codes, advice and line.
fn remarks(left: &LeftRow<'_>, file: Option<&str>, delimiter: char) -> String {
    let mut codes: Vec<&str> = Vec::new();
    let mut advice = String::new();
    for reason in left.reasons() {
        if !codes.contains(&reason.code.as_str()) {
            codes.push(reason.code.as_str());
        }
        let gap = if advice.is_empty() { "" } else { " " };
        // Writing to a string can't fail.
        let _ = write!(advice, "{gap}{} {}", reason.cause, reason.fix);
    }
    let line = left.row.line();
    let place = match file {
        Some(file) => format!("{file}:{line}"),
        None => line.to_string(),
    };
    // Quotes inside would make the line one that a value may go on behind.
    let plain = |text: String| text.replace('"', "'").replace(char::is_control, " ");
    let place = guarded(&plain(place)).into_owned();
    let fields = [codes.join(" "), plain(advice), place];
    let written = fields.map(|field| quoted_field(&field, delimiter).into_owned());
    written.join(&delimiter.to_string())
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

/// What stands in a field: without its quotes, unless quotes stand where they can't.
fn lossless<'f>(field: &'f Field, span: &'f str) -> &'f str {
    let closed = span
        .trim_matches(' ')
        .strip_prefix('"')
        .and_then(|inside| inside.strip_suffix('"'))
        .is_some_and(|inside| inside.replace("\"\"", "\"") == field.text);
    if field.stray && !closed {
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
    if value.starts_with([GUARD, '\t', '\r']) || inner.starts_with(formula) {
        return true;
    }
    let digits = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    digits && (inner.len() >= LONG_NUMBER || inner.len() > 1 && inner.starts_with('0'))
}
