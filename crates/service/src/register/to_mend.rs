//! The rows of a draft that can't be registered as they are, as a rest file: the sender's own
//! columns, and in front of them what is wrong and what to do, be it the check that says so or what
//! would become of the row. It reads back in as it is.

use std::io::{self, Cursor};
use std::mem;

use device_list::repair::{LeftLine, LeftRow};
use device_list::{Event, Remarks, RestWriter, check_slice, encode_rest};
use registration::plan::Outcome;
use registration::upload::{RowResult, RowVerdict, UploadRowResult};

use super::DraftView;
use crate::uploads::explain;

/// The file, with a header above the rows of each layout. Goes through the draft's file once more,
/// as a checked list does not keep what was sent.
pub(super) fn write(draft: &DraftView) -> io::Result<Vec<u8>> {
    let mut rest = RestWriter::new(Vec::new());
    let (mut names, mut findings) = (Vec::new(), Vec::new());
    // Memory takes all writes.
    let mut written = Ok(());
    check_slice(&draft.file.bytes, &draft.list.options, &mut |event| {
        let told = match event {
            Event::Header(header) => {
                header.clone_into(&mut names);
                Ok(())
            }
            Event::Finding(finding) => {
                findings.extend(finding.row.is_some().then_some(finding));
                Ok(())
            }
            Event::Row(row) => {
                let findings = mem::take(&mut findings);
                let left = LeftRow {
                    row,
                    names: &names,
                    findings: &findings,
                };
                remarks(draft, row.number()).map_or(Ok(()), |remarks| rest.row_with(&left, remarks))
            }
            Event::Unread(line) => {
                let names = &names;
                rest.line(&LeftLine { line, names }, None)
            }
        };
        if written.is_ok() {
            written = told;
        }
    });
    written?;
    let (text, encoding) = rest.end()?;
    let mut bytes = Vec::new();
    encode_rest(Cursor::new(text), &mut bytes, encoding)?;
    Ok(bytes)
}

/// What is wrong with a row, by its number, and what to do; nothing for one that can be registered.
fn remarks(draft: &DraftView, number: u32) -> Option<Remarks> {
    let at = (number as usize).checked_sub(1)?;
    let row = draft.rows.get(at)?;
    let invalid = RowResult {
        outcome: Outcome::Invalid,
        device_id: None,
        unverified: false,
    };
    let result = match (draft.plan.get(at), &row.verdict) {
        (Some(result), _) => result.clone(),
        (None, RowVerdict::Invalid { .. }) => invalid,
        (None, _) => return None,
    };
    if !result.outcome.is_failure() {
        return None;
    }
    let told = UploadRowResult {
        row: row.clone(),
        result: Some(result),
    };
    let told = explain(&told, &draft.upload.group_tag)?;
    Some(Remarks {
        codes: told.code.replace(" · ", " "),
        advice: format!("{} {}", told.cause, told.remedy),
        place: row.line.to_string(),
    })
}
