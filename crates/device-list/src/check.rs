//! Checking a device list: no server, no network.

mod across;
mod across_rows;
mod begin;
mod combination;
mod date;
mod doubt;
mod event;
mod finish;
mod formula;
mod hash;
mod hash_notes;
mod joined;
mod judge;
mod lengths;
mod letters;
mod lines;
mod list;
mod maker;
mod marks;
mod neighbour;
mod no_row;
mod nul;
mod oem;
mod options;
mod parallel;
mod pkid;
mod plain;
mod row;
mod run;
mod seen;
mod separator;
mod shape;
mod sheet;
mod sink;
mod spreadsheet;
mod swapped;
mod tag;
mod tidy;
mod user;
mod value;

pub use event::{Event, RowRef, Summary};
pub(crate) use judge::{Judged, Kind};
pub(crate) use lines::line_text;
pub use list::{CheckedList, CheckedRow};
pub(crate) use no_row::{NoRow, read_as};
pub use options::{Channel, CheckOptions};
pub(crate) use row::Texts;
pub(crate) use seen::ShortKey;

use std::io::{self, Read};

use crate::cells::Cells;
use crate::dialect::{Column, Dialect};
use crate::finding::Finding;
use crate::header::Layout;
use across_rows::AcrossRows;
use judge::{Scratch, judge};
use row::Notes;

/// Checks a list that is in memory.
pub fn check(bytes: &[u8], options: &CheckOptions) -> CheckedList {
    let mut list = CheckedList {
        options: options.clone(),
        ..CheckedList::default()
    };
    let (rows, findings) = (&mut list.rows, &mut list.findings);
    let mut keep = |event: Event<'_>| match event {
        Event::Finding(finding) => findings.push(finding),
        Event::Row(row) => rows.push(row.to_checked()),
        Event::Header(_) => {}
    };
    let summary = check_slice(bytes, options, &mut keep);
    list.encoding = summary.encoding;
    list.dialect = summary.dialect;
    list.findings.sort_by_key(|finding| finding.line);
    list
}

/// Checks a list of any length in little memory: at most 64 MiB up to a million devices, and beyond
/// that at most 36 bytes a row, which are spent on finding the same device twice.
///
/// # Errors
/// Only what reading `input` fails with; everything about the list is a [`Finding`].
pub fn check_stream(
    input: impl Read,
    options: &CheckOptions,
    on: &mut impl FnMut(Event<'_>),
) -> io::Result<Summary> {
    Checker::new(options.clone()).check("", input, on)
}

/// [`check_stream`] for a list that is in memory: the same events, and nothing is copied.
pub fn check_slice(
    bytes: &[u8],
    options: &CheckOptions,
    on: &mut impl FnMut(Event<'_>),
) -> Summary {
    let mut across = AcrossRows::default();
    across.file("", 0);
    // Reading from memory does not fail.
    run::run_slice(bytes, options, &mut across, on).unwrap_or_default()
}

/// Checks several lists, one after another, and finds the same device across them.
#[derive(Default)]
pub struct Checker {
    options: CheckOptions,
    across: AcrossRows,
    rows: u64,
}

impl Checker {
    /// A check that has not seen any list.
    pub fn new(options: CheckOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// Checks the next list: [`check_stream`]. Its name is told where another list has one of its
    /// devices.
    ///
    /// # Errors
    /// Only what reading `input` fails with; everything about the list is a [`Finding`].
    pub fn check(
        &mut self,
        name: &str,
        input: impl Read,
        on: &mut impl FnMut(Event<'_>),
    ) -> io::Result<Summary> {
        self.across.file(name, self.rows);
        let mut rows = 0;
        let mut count = |event: Event<'_>| {
            rows += u64::from(matches!(event, Event::Row(_)));
            on(event);
        };
        let summary = run::run(input, &self.options, &mut self.across, &mut count);
        self.rows = rows;
        summary
    }
}

/// Checks one device that comes in some other way than a list, with the same rules: an API's
/// request, a form. Its line is 0 and its number 1.
pub fn check_cells(cells: &Cells, options: &CheckOptions) -> (CheckedRow, Vec<Finding>) {
    let layout = Layout::exact(Dialect::PartnerCenter);
    let mut notes = Notes::new(&layout, options.accept);
    let tidied = Column::ALL
        .into_iter()
        .fold(Cells::default(), |tidied, column| {
            let value = value::value_alone(cells.get(column), column, &mut notes);
            tidied.with(column, value)
        });
    let values = Texts::of(&tidied);
    let mut scratch = Scratch::default();
    let judged = judge(&values, options, &mut scratch, &mut notes);
    let corrected = lines::corrected(&Texts::of(cells), &values, true, &judged);
    let raw = Texts::of(cells);
    let row = RowRef {
        number: 1,
        line: 0,
        byte: 0,
        layout: None,
        sent: b"",
        delimiter: b',',
        raw: &raw,
        corrected: corrected.as_ref(),
        judged: &judged,
        duplicate_of: None,
        repaired: notes.findings.iter().any(|finding| finding.certain),
    };
    let row = row.to_checked();
    for finding in &mut notes.findings {
        finding.row = Some(1);
    }
    (row, notes.findings)
}
