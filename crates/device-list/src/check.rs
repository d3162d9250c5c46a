//! Checking a device list: no server, no network.

mod across;
mod event;
mod hash;
mod judge;
mod list;
mod marks;
mod options;
mod pkid;
mod row;
mod rows;
mod run;
mod seen;
mod tidy;

pub use event::{Event, RowRef, Summary};
pub use list::{CheckedList, CheckedRow};
pub use options::{Channel, CheckOptions};

use std::io::{self, Read};

use crate::cells::Cells;
use crate::dialect::{Column, Dialect};
use crate::finding::Finding;
use crate::header::Layout;
use judge::{Scratch, judge};
use row::{Notes, Texts};

/// Checks a list that is in memory.
pub fn check(bytes: &[u8], options: &CheckOptions) -> CheckedList {
    let mut list = CheckedList {
        options: *options,
        ..CheckedList::default()
    };
    let (rows, findings) = (&mut list.rows, &mut list.findings);
    let mut keep = |event: Event<'_>| match event {
        Event::Finding(finding) => findings.push(finding),
        Event::Row(row) => rows.push(row.to_checked()),
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
    run::run(input, *options, on)
}

/// [`check_stream`] for a list that is in memory: the same events, and nothing is copied.
pub fn check_slice(
    bytes: &[u8],
    options: &CheckOptions,
    on: &mut impl FnMut(Event<'_>),
) -> Summary {
    // Reading from memory does not fail.
    run::run_slice(bytes, *options, on).unwrap_or_default()
}

/// Checks one device that comes in some other way than a list, with the same rules: an API's
/// request, a form. Its line is 0 and its number 1.
pub fn check_cells(cells: &Cells, options: &CheckOptions) -> (CheckedRow, Vec<Finding>) {
    let layout = Layout::exact(Dialect::PartnerCenter);
    let mut notes = Notes::new(0, 1, &layout);
    let tidied = Column::ALL
        .into_iter()
        .fold(Cells::default(), |tidied, column| {
            tidied.with(column, tidy::value(cells.get(column), column, &mut notes))
        });
    let values = Texts::of(&tidied);
    let mut scratch = Scratch::default();
    let judged = judge(&values, options.channel, &mut scratch, &mut notes);
    let corrected = rows::corrected(&Texts::of(cells), &values, true, &judged);
    let raw = Texts::of(cells);
    let row = RowRef {
        number: 1,
        line: 0,
        raw: &raw,
        corrected: corrected.as_ref(),
        judged: &judged,
        duplicate_of: None,
        repaired: notes.needs_repair(),
    };
    (row.to_checked(), notes.findings)
}
