//! The columns that a rest file has in front of the sender's own: what is wrong with each row.
//!
//! They are known when the file comes back mended. What stands behind them is read as if it stood
//! alone, and only there: the apostrophe that [`crate::rest`] puts in front of a value is taken away
//! again.

use super::first_lines::{self, FirstLines, Found};
use super::recognize::{closest, known, slots};
use super::{DELIMITERS, Layout, Slot};
use crate::check::CheckOptions;
use crate::code::Code;
use crate::fields::{Field, FieldKind, spans, split};
use crate::finding::{Finding, is_blank};

/// Their headers, in order: the codes of what is wrong, what to do, the line in the list as sent.
pub(crate) const REMARKS: [&str; 3] = ["enlist code", "enlist advice", "enlist line"];

/// What a guarded value begins with.
pub(crate) const GUARD: char = '\'';

/// What a line that could not be read begins with, in front of as much of it as there is.
pub(crate) const UNREAD: &str = "[no row]";

/// How the lines of a rest file begin.
#[derive(Clone, Copy)]
pub(super) struct Remarks {
    pub(super) delimiter: u8,
    /// How many of [`REMARKS`] there are.
    pub(super) count: usize,
}

/// The sender's own part of a rest file's header line, and what stands in front of it; `None` where
/// the line is no such header.
pub(super) fn own_header(line: &str) -> Option<(&str, Remarks)> {
    let start = line.trim_start_matches(['"', ' ']);
    let first = start.get(..REMARKS[0].len().min(start.len()));
    if !first.is_some_and(|first| first.to_ascii_lowercase().starts_with("enlist ")) {
        return None;
    }
    DELIMITERS.into_iter().find_map(|delimiter| {
        let fields = split(line, delimiter);
        let count = fields
            .iter()
            .take_while(|field| is_remark(&field.text))
            .count();
        let remarks = Remarks { delimiter, count };
        (count > 0).then(|| (remarks.own(line), remarks))
    })
}

/// In any capitals, as spreadsheets change nothing else.
fn is_remark(header: &str) -> bool {
    let header = header.trim_matches(is_blank);
    REMARKS
        .iter()
        .any(|remark| remark.eq_ignore_ascii_case(header))
}

impl Remarks {
    /// The sender's own part of a line.
    fn own<'l>(&self, line: &'l str) -> &'l str {
        let spans = spans(line.as_bytes(), self.delimiter);
        let start = spans.get(self.count).map_or(line.len(), |span| span.start);
        line.get(start..).unwrap_or_default()
    }
}

/// [`first_lines::decide`], of the sender's own part of the lines where the file is a rest file.
pub(crate) fn decide(
    first: &FirstLines<'_>,
    options: &CheckOptions,
) -> Option<Result<Found, Box<Finding>>> {
    let is_blank_line = |line: &str| line.trim_matches(is_blank).is_empty();
    let top = first.lines.iter().position(|line| !is_blank_line(line));
    let at_top = top.and_then(|at| Some((at, own_header(first.lines[at])?)));
    let Some((at, (names, remarks))) = at_top else {
        return first_lines::decide(first, options);
    };
    let own = FirstLines {
        lines: first.lines.iter().map(|line| remarks.own(line)).collect(),
        ..*first
    };
    let decided = first_lines::decide(&own, options)?.ok();
    let is_on_top = decided
        .as_ref()
        .is_some_and(|found| found.header == Some(at));
    let lenient = || named_on_top(names, remarks.delimiter, at, options);
    let found = (!is_on_top).then(lenient).flatten().or(decided);
    let Some(mut found) = found else {
        return first_lines::decide(first, options);
    };
    if found.layout.slots.len() == 1 {
        found.layout.delimiter = remarks.delimiter;
    }
    if found.layout.delimiter != remarks.delimiter {
        return first_lines::decide(first, options);
    }
    found.layout = found.layout.behind_remarks(remarks.count);
    for finding in &mut found.findings {
        if finding.column > 0 {
            finding.column += remarks.count as u32;
        }
    }
    Some(Ok(found))
}

/// A rest file's first line is its header, however few columns it names: another one further down
/// is for the lines below that.
fn named_on_top(names: &str, delimiter: u8, at: usize, options: &CheckOptions) -> Option<Found> {
    let fields = split(names, delimiter);
    let slots = slots(&fields);
    let known = known(&slots);
    if known.is_empty() {
        return None;
    }
    let texts: Vec<&str> = fields.iter().map(|field| field.text.as_str()).collect();
    let dialect = closest(&known, &texts, options.channel);
    Some(Found {
        layout: Layout::new(dialect, delimiter, slots).said_by(&fields),
        header: Some(at),
        rows: at + 1,
        findings: Vec::new(),
    })
}

impl Layout {
    /// The same columns behind so many remarks.
    pub(super) fn behind_remarks(mut self, count: usize) -> Self {
        let remarks = std::iter::repeat_n(Slot::Remark, count);
        self.slots.splice(0..0, remarks);
        for position in &mut self.positions {
            if *position > 0 {
                *position += count as u32;
            }
        }
        self
    }

    /// Whether the file is a rest file.
    pub(crate) fn has_remarks(&self) -> bool {
        self.slots.first() == Some(&Slot::Remark)
    }

    /// How many remarks stand in front of the sender's own fields.
    pub(crate) fn remarks(&self) -> usize {
        let remarks = self.slots.iter().take_while(|slot| **slot == Slot::Remark);
        remarks.count()
    }

    /// Whether the field at a place, from 0, is the sender's own.
    pub(crate) fn is_own(&self, at: usize) -> bool {
        self.slots.get(at) != Some(&Slot::Remark)
    }

    /// The sender's own fields of a line.
    pub(crate) fn own_fields<'f>(&self, fields: &'f [Field]) -> &'f [Field] {
        &fields[self.remarks().min(fields.len())..]
    }

    /// The finding about a line of a rest file that stands for one that could not be read: nobody
    /// has put a row in its place yet.
    pub(crate) fn unread(&self, fields: &[Field]) -> Option<Finding> {
        let stands = |field: &Field| field.text.starts_with(UNREAD);
        if !self.has_remarks() || !self.own_fields(fields).iter().any(stands) {
            return None;
        }
        let said = fields.first().map_or("", |codes| &codes.text);
        let is_workbook = said.contains(Code::WORKBOOK_REFUSED.as_str());
        let (code, what) = if is_workbook {
            (
                Code::WORKBOOK_REFUSED,
                "the part of a workbook that can't be read",
            )
        } else {
            (Code::LINE_TOO_LONG, "a line that was too long to be read")
        };
        let cause = format!("This stands for {what}; it is no row.");
        let fix = "Put the devices of it here, each in a line of its own, or delete the line.";
        Some(Finding::new(code, cause).fix(fix))
    }

    /// Makes the sender's own fields what they were before they were written into a rest file:
    /// takes the guards off, and recalls what a workbook kept as a number.
    pub(crate) fn unguard(&self, fields: &mut [Field]) {
        if !self.has_remarks() {
            return;
        }
        let (remarks, own) = fields.split_at_mut(self.remarks().min(fields.len()));
        let codes = remarks.first().map_or("", |codes| &codes.text);
        let numbers = codes.contains(Code::NUMBER_CELL.as_str());
        for field in own {
            if field.text.starts_with(GUARD) {
                field.text.remove(0);
            }
            let digits = field.text.bytes().all(|byte| byte.is_ascii_digit());
            if numbers && digits && !field.text.is_empty() && !field.text.starts_with('0') {
                field.kind = FieldKind::Number { lost_digits: false };
            }
        }
    }
}
