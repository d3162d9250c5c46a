//! Checking a device list: no server, no network.

mod across;
mod across_rows;
mod around;
mod begin;
mod combination;
mod company;
mod date;
mod doubt;
mod event;
mod filler;
mod finish;
mod formula;
mod given;
mod hash;
mod hash_notes;
mod joined;
mod judge;
mod key_table;
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

pub use event::{Event, RowRef, Summary, UnreadLine};
pub(crate) use formula::inside as inside_formula;
pub use given::{check_cells, check_rows};
pub(crate) use judge::{Judged, Kind};
pub(crate) use lines::{MAX_LINE, line_text};
pub use list::{CheckedList, CheckedRow};
pub(crate) use no_row::{NoRow, read_as};
pub use options::{Channel, CheckOptions};
pub(crate) use row::Texts;
pub(crate) use seen::ShortKey;

use std::io::{self, Read};

use across_rows::AcrossRows;

/// Checks a list that is in memory.
pub fn check(bytes: &[u8], options: &CheckOptions) -> CheckedList {
    let mut list = CheckedList {
        options: options.clone(),
        ..CheckedList::default()
    };
    let (rows, findings, unread) = (&mut list.rows, &mut list.findings, &mut list.unread);
    let mut keep = |event: Event<'_>| match event {
        Event::Finding(finding) => findings.push(finding),
        Event::Row(row) => rows.push(row.to_checked()),
        Event::Unread(_) => *unread += 1,
        Event::Header(_) => {}
    };
    let summary = check_slice(bytes, options, &mut keep);
    list.encoding = summary.encoding;
    list.dialect = summary.dialect;
    list.findings.sort_by_key(|finding| finding.line);
    list
}

/// Checks a list of any length in little memory: at most 64 MiB up to a million devices, and beyond
/// that at most 56 bytes a row, which are spent on finding the same device twice.
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
