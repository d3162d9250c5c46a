//! A workbook's sheet as text that can be changed.

use std::collections::BTreeSet;
use std::io::Cursor;

use super::EditError;
use super::text::text_of_rows;
use crate::check::{CheckOptions, Event, check_slice};
use crate::code::Code;
use crate::finding::{Finding, Severity};
use crate::workbook::{Workbook, WorkbookError, WorkbookLimits};

/// Line and field, from 1; field 0 is the whole line.
pub(super) type Doubt = (u64, u32);

/// The sheet that a check reads, as text: each row on the line of its number; and the places in which
/// the workbook shows that something is wrong while its text does not, such as a serial number that
/// is a number.
///
/// # Errors
/// [`EditError::NotText`] where the workbook can't be read.
pub(super) fn text_of_sheet(
    bytes: &[u8],
    options: &CheckOptions,
) -> Result<(Vec<u8>, Vec<Doubt>), EditError> {
    let rows = rows(bytes, options).map_err(|_| EditError::NotText)?;
    let text = text_of_rows(rows);
    let shown: BTreeSet<_> = doubts(&text, options).into_iter().collect();
    let hidden = doubts(bytes, options).into_iter();
    let hidden = hidden.filter(|doubt| !shown.contains(doubt));
    let mut places: Vec<Doubt> = hidden.map(|(line, field, _)| (line, field)).collect();
    places.dedup();
    Ok((text, places))
}

/// What is found about rows and needs somebody to decide.
fn doubts(bytes: &[u8], options: &CheckOptions) -> Vec<(u64, u32, Code)> {
    let mut doubts = Vec::new();
    let open = |finding: &Finding| {
        finding.row.is_some() && !finding.certain && finding.severity != Severity::Note
    };
    check_slice(bytes, options, &mut |event| {
        if let Event::Finding(finding) = event
            && open(&finding)
        {
            doubts.push((finding.line, finding.column, finding.code));
        }
    });
    doubts
}

fn rows(bytes: &[u8], options: &CheckOptions) -> Result<Vec<(u64, Vec<String>)>, WorkbookError> {
    let limits = WorkbookLimits {
        unpacked: options.unpacked,
        ..WorkbookLimits::default()
    };
    let mut workbook = Workbook::open(Cursor::new(bytes), &limits)?;
    let sheet = workbook.sheet(options.sheet.as_deref())?;
    sheet
        .map(|row| {
            let row = row?;
            let cells = row.cells.into_iter().map(|cell| cell.text).collect();
            Ok((u64::from(row.number), cells))
        })
        .collect()
}
