//! Where the lines of a list are, told by a check of it.

use std::ops::Range;

use memchr::{memchr2, memrchr2};

use super::text::begin;
use crate::check::{CheckOptions, Event, RowRef, check_slice};
use crate::dialect::Column;
use crate::encoding::Encoding;
use crate::fields::split;
use crate::finding::Finding;
use crate::hardware_hash::container;
use crate::header::{REMARKS, Slot};

/// The columns of the lines below a header, and of that header's own line.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// As the header names them; none where there is no header.
    pub(super) names: Vec<String>,
    pub(super) delimiter: u8,
    /// What they hold, where that is known.
    pub(super) holds: Vec<Option<Column>>,
}

/// A line that has fields: a header, a row, or one that a finding names.
#[derive(Debug, Clone)]
pub(super) struct TextLine {
    /// From 1.
    pub(super) number: u64,
    /// Without its end.
    pub(super) at: Range<usize>,
    /// Which columns it has.
    pub(super) layout: usize,
    pub(super) is_row: bool,
    /// Whether it stands in quotes as a whole.
    pub(super) wrapped: bool,
}

/// What a check tells of a list's lines.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) encoding: Encoding,
    pub(super) layouts: Vec<Columns>,
    /// In the order of their numbers.
    pub(super) known: Vec<TextLine>,
}

/// A text while it is gone through.
struct Seen<'t> {
    text: &'t [u8],
    begin: usize,
    layouts: Vec<Columns>,
    lines: Vec<TextLine>,
}

/// Goes through a text once.
pub(super) fn read(text: &[u8], options: &CheckOptions) -> Lines {
    let begin = begin(text);
    let mut seen = Seen {
        text,
        begin,
        layouts: vec![Columns {
            delimiter: b',',
            ..Columns::default()
        }],
        lines: Vec::new(),
    };
    let summary = check_slice(&text[begin..], options, &mut |event| match event {
        Event::Header(names) => seen.header(names),
        Event::Row(row) => seen.row(&row),
        Event::Finding(finding) => seen.finding(&finding),
        Event::Unread(_) => {}
    });
    Lines {
        encoding: if begin > 0 {
            Encoding::Utf8Mark
        } else {
            summary.encoding
        },
        layouts: seen.layouts,
        known: seen.lines,
    }
}

impl Seen<'_> {
    fn header(&mut self, names: &[String]) {
        self.layouts.push(Columns {
            names: names.to_vec(),
            delimiter: b',',
            holds: vec![None; names.len()],
        });
    }

    fn row(&mut self, row: &RowRef<'_>) {
        if let (Some(layout), Some(columns)) = (row.layout, self.layouts.last_mut()) {
            let known = |slot: &Slot| match slot {
                Slot::Holds(column) | Slot::Again(column) => Some(*column),
                Slot::Label(_) | Slot::Remark | Slot::Unknown => None,
            };
            let remarks = layout.remarks();
            if columns.names.len() + remarks == layout.slots.len() {
                // A header's names are told without a rest file's remarks.
                let names = REMARKS.iter().take(remarks).map(ToString::to_string);
                columns.names.splice(0..0, names);
            }
            columns.delimiter = layout.delimiter;
            columns.holds.clear();
            columns.holds.extend(layout.slots.iter().map(known));
        }
        let start = self.place(row.byte);
        let end = (start + row.sent.len()).min(self.text.len());
        // A row in quotes as a whole is one with them, which a change takes off.
        let quote = |at: Option<usize>| at.and_then(|at| self.text.get(at)) == Some(&b'"');
        let wrapped = row.wrapped && quote(start.checked_sub(1)) && quote(Some(end));
        let more = usize::from(wrapped);
        self.line(row.line(), start - more..end + more, true);
        if let Some(line) = self.lines.last_mut() {
            line.wrapped = wrapped;
        }
    }

    /// A line that is no row is known from what is found about it.
    fn finding(&mut self, finding: &Finding) {
        let known = self.lines.last().map_or(0, |line| line.number);
        let (Some(sent), None) = (finding.byte, finding.row) else {
            return;
        };
        if finding.line <= known {
            return;
        }
        let (text, byte) = (self.text, self.place(sent));
        let at = match finding.length {
            Some(length) if finding.column == 0 => byte..self.place(sent + length),
            _ => {
                let start = memrchr2(b'\r', b'\n', &text[..byte]).map_or(self.begin, |at| at + 1);
                let end = memchr2(b'\r', b'\n', &text[byte..]).map_or(text.len(), |at| byte + at);
                start..end
            }
        };
        self.line(finding.line, at, false);
    }

    /// A place in the text, which a second mark behind the first may put beyond its end.
    fn place(&self, byte: u64) -> usize {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        self.begin.saturating_add(byte).min(self.text.len())
    }

    fn line(&mut self, number: u64, at: Range<usize>, is_row: bool) {
        let layout = self.layouts.len() - 1;
        // What is said once about the file may have been said of this line already.
        self.lines.pop_if(|line| line.number == number);
        if !is_row {
            self.separator_of(&at);
        }
        self.lines.push(TextLine {
            number,
            at,
            layout,
            is_row,
            wrapped: false,
        });
    }

    /// Before the first row, the header's own line tells the separator.
    fn separator_of(&mut self, at: &Range<usize>) {
        let line = container::text(&self.text[at.clone()]);
        let Some(columns) = self.layouts.last_mut() else {
            return;
        };
        let names = |by: u8| {
            let fields = split(&line, by);
            fields.len() > 1 && fields.iter().map(|field| &field.text).eq(&columns.names)
        };
        if let Some(by) = [b',', b';', b'\t', b'|'].into_iter().find(|by| names(*by)) {
            columns.delimiter = by;
        }
    }
}
