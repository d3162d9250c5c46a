//! The rows of a draft that can't be registered as they are, as a list to mend: the sender's own
//! columns, and in front of them the line, what is wrong and what to do. It reads back in as it is:
//! columns that a list does not have are left out.

use std::borrow::Cow;

use device_list::edit::{ListField, bytes_of, text_of_rows};
use device_list::{CheckedRow, Column};
use registration::plan::Outcome;
use registration::upload::{RowResult, RowVerdict, UploadRow, UploadRowResult};

use super::DraftView;
use crate::uploads::explain;

/// The columns in front of the sender's own: behind them they would move where a row has too many
/// fields.
const ADVICE: [&str; 4] = ["Line", "Finding", "What is wrong", "What to do"];

/// The list, with a header above the rows of each layout.
pub(super) fn write(draft: &DraftView) -> Vec<u8> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    let mut header = Vec::new();
    for (at, (checked, row)) in draft.list.rows.iter().zip(&draft.rows).enumerate() {
        let Some(advice) = advice(draft, row, draft.plan.get(at)) else {
            continue;
        };
        let (names, fields) = columns(draft, checked);
        let names = with(ADVICE.map(str::to_owned), names);
        if names != header {
            lines.push(names.clone());
            header = names;
        }
        lines.push(with(advice, fields));
    }
    for cell in lines.iter_mut().flatten() {
        if let Cow::Owned(neutral) = neutral(cell) {
            *cell = neutral;
        }
    }
    bytes_of(&String::from_utf8_lossy(&text_of_rows((1..).zip(lines))))
}

/// What is wrong with a row and what to do; nothing for one that can be registered.
fn advice(draft: &DraftView, row: &UploadRow, planned: Option<&RowResult>) -> Option<[String; 4]> {
    let invalid = RowResult {
        outcome: Outcome::Invalid,
        device_id: None,
        unverified: false,
    };
    let result = match (planned, &row.verdict) {
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
    let code = told.code.replace(" · ", " ");
    Some([row.line.to_string(), code, told.cause, told.remedy])
}

/// The names of a row's columns and what stands in them, as the sender has them.
fn columns(draft: &DraftView, row: &CheckedRow) -> (Vec<String>, Vec<String>) {
    let fields = draft.text.as_ref().and_then(|text| text.fields(row.line));
    let dialect = draft.list.dialect;
    let wanted = dialect.map_or(&[][..], |dialect| dialect.columns());
    let name = |column: Column| {
        dialect
            .and_then(|d| d.header_of(column))
            .unwrap_or_default()
    };
    let Some(fields) = fields else {
        let texts = wanted
            .iter()
            .map(|column| row.cells.get(*column).to_owned());
        let names = wanted.iter().map(|column| name(*column).to_owned());
        return (names.collect(), texts.collect());
    };
    let has_names = fields.iter().any(|field| !field.name.is_empty());
    let name = |field: &ListField| match field.column {
        Some(column) if !has_names => name(column).to_owned(),
        _ => field.name.clone(),
    };
    let mut names: Vec<String> = fields.iter().map(name).collect();
    // A field beyond the columns stays beyond them.
    let last = names.iter().rposition(|name| !name.is_empty());
    names.truncate(last.map_or(0, |last| last + 1));
    (names, fields.into_iter().map(|field| field.text).collect())
}

fn with(advice: [String; 4], rest: Vec<String>) -> Vec<String> {
    advice.into_iter().chain(rest).collect()
}

/// A cell that a spreadsheet does not take for a formula.
fn neutral(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}
