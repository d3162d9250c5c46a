//! Writing a conforming list from a checked one: certain repairs only, nothing guessed.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Serialize;

use crate::cells::Cells;
use crate::check::{CheckedList, CheckedRow};
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::finding::{Finding, display_safe};
use crate::header;
use crate::identification::Identification;
use crate::writer::{strict, write_list};

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
    /// Every change, in the order of the lines.
    pub changes: Vec<Change>,
    /// Numbers of the rows that can't be repaired without guessing and so are not in `bytes`. An
    /// exact
    /// repetition of an earlier row is dropped with a change and is not among them.
    pub left_out: Vec<u32>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Line in the list as sent, from 1; 0 is the whole file.
    pub line: u64,
    /// Which column, when it is about one value.
    pub field: Option<Column>,
    /// What stood there, safe to show; never a hash.
    pub before: String,
    /// What stands there now, safe to show; never a hash. Empty when it was dropped.
    pub after: String,
    /// The finding that called for it.
    pub code: Code,
}

/// Repairs what can be repaired with certainty. Repairing a repaired list changes nothing.
pub fn repair(list: &CheckedList) -> RepairedList {
    let Some(dialect) = list.dialect else {
        return RepairedList::default();
    };
    let dialect = header::repaired(dialect, list.options.channel);
    let spoilt = rows_with(list, Finding::spoils);
    let repeated = rows_with(list, |finding| finding.code == Code::DUPLICATE_ROW);
    let mut left_out = HashSet::new();
    let mut kept: Vec<Cow<'_, Cells>> = Vec::with_capacity(list.rows.len());
    for row in &list.rows {
        let unfit = spoilt.contains(&row.number) || row.identification.is_none();
        if unfit || !can_stand(row.values(), dialect) {
            left_out.insert(row.number);
        } else if !repeated.contains(&row.number) {
            kept.push(beside_hash(row, dialect));
        }
    }
    let mut bytes = Vec::new();
    // Every value was tried above and memory takes all writes.
    let written = write_list(&mut bytes, dialect, kept.iter().map(AsRef::as_ref));
    debug_assert!(written.is_ok(), "a value that was tried can be written");
    let mut left_out_in_order: Vec<u32> = left_out.iter().copied().collect();
    left_out_in_order.sort_unstable();
    RepairedList {
        bytes,
        dialect: Some(dialect),
        rows: kept.len(),
        changes: changes(list, &left_out),
        left_out: left_out_in_order,
    }
}

/// A row's values without what stands beside its hash for people to read: only the layout without
/// PKIDs has that (MMD-SAMPLE), and a merged list may have become another.
fn beside_hash(row: &CheckedRow, dialect: Dialect) -> Cow<'_, Cells> {
    let values = row.values();
    let mut stray = match &row.identification {
        _ if !dialect.has(Column::Pkid) => return Cow::Borrowed(values),
        Some(Identification::Hash { .. } | Identification::HashPkid { .. }) => {
            vec![Column::Manufacturer, Column::Model, Column::Serial]
        }
        Some(Identification::HashSerial { .. } | Identification::HashPkidSerial { .. }) => {
            vec![Column::Manufacturer, Column::Model]
        }
        _ => return Cow::Borrowed(values),
    };
    stray.retain(|column| !values.get(*column).is_empty());
    if stray.is_empty() {
        return Cow::Borrowed(values);
    }
    let mut bare = values.clone();
    for column in stray {
        bare.set(column, "");
    }
    Cow::Owned(bare)
}

fn rows_with(list: &CheckedList, what: impl Fn(&Finding) -> bool) -> HashSet<u32> {
    list.findings
        .iter()
        .filter(|finding| what(finding))
        .filter_map(|finding| finding.row)
        .collect()
}

fn can_stand(cells: &Cells, dialect: Dialect) -> bool {
    dialect
        .columns()
        .iter()
        .all(|column| strict(cells.get(*column)).is_some())
}

/// The certain findings as changes, but for those about rows that are not in the repaired list.
fn changes(list: &CheckedList, left_out: &HashSet<u32>) -> Vec<Change> {
    let done = |finding: &&Finding| {
        finding.certain && finding.row.is_none_or(|row| !left_out.contains(&row))
    };
    list.findings.iter().filter(done).map(change).collect()
}

fn change(finding: &Finding) -> Change {
    let hash = finding.field == Some(Column::Hash);
    let before = match &finding.found {
        Some(found) => found.clone(),
        None if hash => "(the hash as sent)".into(),
        None => finding.code.title().into(),
    };
    let after = match &finding.corrected {
        Some(_) if hash => "(the hash put right)".into(),
        Some(corrected) => display_safe(corrected),
        None => outcome(finding.code).into(),
    };
    Change {
        line: finding.line,
        field: finding.field,
        before,
        after,
        code: finding.code,
    }
}

/// What stands in the repaired list where no single value was replaced.
fn outcome(code: Code) -> &'static str {
    match code {
        Code::UTF8_MARK | Code::UTF16 | Code::UTF16_UNMARKED | Code::UTF8_TEXT => "ANSI text",
        Code::LINE_ENDS => "CRLF line ends",
        Code::HEADER_MISSING | Code::HEADER_ORDER | Code::OTHER_LAYOUT => "the exact header",
        Code::HEADER_QUOTES | Code::QUOTES => "no quotes",
        Code::MISSING_COLUMN => "an empty column",
        Code::SEPARATOR => "commas",
        Code::EXTRA_FIELDS => "no extra fields",
        Code::MISSING_FIELDS => "empty fields added",
        Code::BESIDE_HASH => "manufacturer and model left empty",
        _ => "",
    }
}
