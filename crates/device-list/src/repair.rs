//! Mending: a conforming list from a checked one, with certain repairs only, nothing guessed.
//!
//! [`Mender`] does it while a check goes on, on lists of any length; [`repair()`] on a list that was
//! checked as a whole.

mod carry;
mod change;
mod mender;
mod obstacle;

use crate::check::{CheckedList, CheckedRow, Event, Judged, Kind, RowRef, Summary, Texts};
use crate::dialect::Dialect;
use crate::header::{self, Layout};
use crate::identification::Identification;
use crate::writer::ListWriter;

pub use carry::RowForm;
pub use change::Change;
pub use mender::{LeftLine, LeftRow, Mend, MendTarget, Mended, MendedRow, Mender};

/// A conforming list, and what was done to get it.
#[derive(Debug, Clone, Default)]
pub struct RepairedList {
    /// The list: ASCII or Windows-1252, CRLF, exact header, no quotes. Empty when the list was
    /// unusable.
    pub bytes: Vec<u8>,
    /// Its layout: that of the list as sent, or its counterpart for the way of registering.
    pub dialect: Option<Dialect>,
    /// How many devices it has.
    pub rows: usize,
    /// Every change: those about the file first, then in the order of the lines.
    pub changes: Vec<Change>,
    /// Numbers of the rows that can't be repaired without guessing and so are not in `bytes`. An
    /// exact repetition of an earlier row is dropped with a change and is not among them.
    pub left_out: Vec<u32>,
}

/// Repairs what can be repaired with certainty. Repairing a repaired list changes nothing.
pub fn repair(list: &CheckedList) -> RepairedList {
    let Some(dialect) = list.dialect else {
        return RepairedList::default();
    };
    let mut repaired = RepairedList::default();
    let mut writer = ListWriter::new(Vec::new());
    let target = MendTarget {
        dialect: Some(header::repaired(dialect, list.options.channel)),
        ..MendTarget::default()
    };
    let mut mender = Mender::new(&list.options, target);
    let mut keep = |mend: Mend<'_>| match mend {
        Mend::Change(change) => repaired.changes.push(change),
        Mend::Left(left) => repaired.left_out.push(left.row.number()),
        Mend::Row(row) => {
            let written = writer.row(&row);
            debug_assert!(written.is_ok(), "memory takes all writes");
        }
        Mend::Repeated(_) | Mend::Unread(_) | Mend::Finding(_) => {}
    };
    tell_again(list, dialect, &mut |event| mender.take(event, &mut keep));
    let summary = Summary {
        dialect: list.dialect,
        ..Summary::default()
    };
    mender.end_file(&summary, &mut keep);
    let result = mender.mended();
    repaired.changes.sort_by_key(|change| change.line);
    repaired.rows = result.rows as usize;
    repaired.dialect = result.dialect;
    // Memory takes all writes.
    repaired.bytes = writer
        .end(result.dialect.unwrap_or(dialect))
        .unwrap_or_default();
    repaired
}

/// Tells what a check of the list told.
fn tell_again(list: &CheckedList, dialect: Dialect, on: &mut dyn FnMut(Event<'_>)) {
    let about_file = list.findings.iter().filter(|finding| finding.row.is_none());
    for finding in about_file {
        on(Event::Finding(finding.clone()));
    }
    for row in &list.rows {
        for finding in list.findings_of(row.number) {
            on(Event::Finding(finding.clone()));
        }
        let judged = Judged {
            kind: row.identification.as_ref().map(kind),
            ..Judged::default()
        };
        let layout = Layout {
            list: dialect,
            ..Layout::exact(row.dialect)
        };
        on(Event::Row(again(
            row,
            &Texts::of(&row.cells),
            &judged,
            &layout,
        )));
    }
}

fn again<'a>(
    row: &'a CheckedRow,
    raw: &'a Texts<'a>,
    judged: &'a Judged<'a>,
    layout: &'a Layout,
) -> RowRef<'a> {
    RowRef {
        number: row.number,
        line: row.line,
        byte: 0,
        layout: Some(layout),
        sent: b"",
        wrapped: false,
        delimiter: layout.delimiter,
        raw,
        corrected: row.corrected.as_deref(),
        judged,
        duplicate_of: row.duplicate_of,
        repaired: row.repaired,
    }
}

fn kind(identification: &Identification) -> Kind {
    let hash = |pkid, serial| Kind::Hash { pkid, serial };
    match identification {
        Identification::Hash { .. } => hash(false, false),
        Identification::HashPkid { .. } => hash(true, false),
        Identification::HashSerial { .. } => hash(false, true),
        Identification::HashPkidSerial { .. } => hash(true, true),
        Identification::Pkid { .. } => Kind::Pkid,
        Identification::Tuple { .. } => Kind::Tuple,
    }
}
