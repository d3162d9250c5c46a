//! What the first lines of a file come to: where the header is, or what else tells the columns.

use super::guess::{guess, serials_only};
use super::recognize::{closest, known, recognize, slots};
use super::{DELIMITERS, Layout, Slot, export, foreign, form, looks_like_hash, report, shown};
use crate::check::{Channel, CheckOptions};
use crate::code::Code;
use crate::content::is_binary;
use crate::dialect::{Column, Dialect};
use crate::fields::{inside_quotes, split};
use crate::finding::{Finding, Severity, is_blank, is_harmless};
use crate::identifier::Pkid;

/// The first lines of a file, each without its end.
pub(crate) struct FirstLines<'t> {
    pub(crate) lines: Vec<&'t str>,
    /// Whether all are there that may be looked at.
    pub(crate) complete: bool,
}

/// How lines are to be read.
pub(crate) struct Found {
    pub(crate) layout: Layout,
    /// The line that names the columns, from 0. Where rows stand above it, it is met again among
    /// them.
    pub(crate) header: Option<usize>,
    /// The first line that may be a row, from 0. Those above it are skipped, and a finding says so.
    pub(crate) rows: usize,
    pub(crate) findings: Vec<Finding>,
}

/// Finds out how a file is to be read; `None` where more lines must be seen. A finding instead says
/// why it can't be.
pub(crate) fn decide(
    first: &FirstLines<'_>,
    options: &CheckOptions,
) -> Option<Result<Found, Box<Finding>>> {
    let channel = options.channel;
    let hint = first.lines.first().and_then(|line| separator_hint(line));
    let mut waiting: Option<Found> = None;
    for (at, line) in first
        .lines
        .iter()
        .enumerate()
        .skip(usize::from(hint.is_some()))
    {
        if is_empty(line) {
            continue;
        }
        if let Some(finding) = foreign::header(line).or_else(|| export::unusable(line)) {
            return Some(Err(Box::new(finding.at(at as u64 + 1, 0))));
        }
        if let Some(layout) = report::row(line, channel) {
            return Some(Ok(with_report(layout, at, channel)));
        }
        if let Some(found) = waiting {
            return Some(Ok(found));
        }
        if let Some((layout, findings)) = header(line, hint, channel) {
            let may_be_report = report::may_follow(&layout);
            let found = with_header(first, layout, findings, at, channel);
            if !may_be_report {
                return Some(Ok(found));
            }
            waiting = Some(found);
        }
    }
    if !first.complete {
        return None;
    }
    Some(waiting.map_or_else(|| without_header(first, hint, channel), Ok))
}

/// The separator that a line like `sep=;` tells a spreadsheet.
pub(crate) fn separator_hint(line: &str) -> Option<u8> {
    let line = line.trim_matches(|c| is_blank(c) && c != '\t' || c == '"');
    let rest = line
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("sep="))
        .map(|_| &line[4..])?;
    match rest.as_bytes() {
        [by] if by.is_ascii_punctuation() && *by != b'"' || *by == b'\t' => Some(*by),
        _ => None,
    }
}

pub(super) fn is_empty(line: &str) -> bool {
    line.trim_matches(is_blank).is_empty()
}

/// Reads a line as a header, exact or not, or as that of an export.
pub(super) fn header(
    text: &str,
    hint: Option<u8>,
    channel: Channel,
) -> Option<(Layout, Vec<Finding>)> {
    let exact = Dialect::ALL
        .into_iter()
        .find(|dialect| dialect.header() == text);
    if let Some(dialect) = exact {
        let layout = Layout::exact(dialect);
        let findings = form::findings(text, &layout, channel);
        return Some((layout, findings));
    }
    let export = hint
        .into_iter()
        .chain(DELIMITERS)
        .find_map(|delimiter| export::read(text, delimiter, channel));
    if let Some((layout, finding)) = export {
        let findings = std::iter::once(finding)
            .chain(form::separator(&layout))
            .collect();
        return Some((layout, findings));
    }
    if let Some(layout) = recognize(text, hint, channel) {
        let findings = form::findings(text, &layout, channel);
        return Some((layout, findings));
    }
    let (layout, mut findings) = header(inside_quotes(text)?, hint, channel)?;
    let cause = "The header line stands in quotes as a whole.";
    findings.insert(0, Finding::new(Code::HEADER_QUOTES, cause).certain());
    Some((layout, findings))
}

/// A header was found; the lines above it are rows, or text.
pub(super) fn with_header(
    first: &FirstLines<'_>,
    layout: Layout,
    mut findings: Vec<Finding>,
    at: usize,
    channel: Channel,
) -> Found {
    let above = &first.lines[..at];
    if let Some(found) = rows_above(above, &layout, channel) {
        return found;
    }
    for finding in &mut findings {
        finding.line = at as u64 + 1;
    }
    if at > 0 {
        let mut cause = match at {
            1 => "Line 1 stands above the header.".into(),
            _ => format!("Lines 1 to {at} stand above the header."),
        };
        if separator_hint(above[0]).is_some() {
            cause.push_str(" The first tells a spreadsheet what separates the columns.");
        }
        let finding = Finding::new(Code::TEXT_ABOVE_HEADER, cause).at(1, 0);
        findings.insert(0, finding.certain());
    }
    Found {
        layout,
        header: Some(at),
        rows: at + 1,
        findings,
    }
}

/// Rows that stand above the header, as sorting a whole file leaves them: by the header's columns,
/// or by others that they prove themselves.
fn rows_above(above: &[&str], layout: &Layout, channel: Channel) -> Option<Found> {
    let rows: Vec<&str> = above
        .iter()
        .copied()
        .filter(|line| !is_empty(line))
        .collect();
    if rows.iter().any(|line| names_a_device(line, layout)) {
        let cause = format!(
            "The header is not on top: it stands in line {}, below devices.",
            above.len() + 1
        );
        let finding = Finding::new(Code::HEADER_MISSING, cause).at(1, 0).certain();
        return Some(Found {
            layout: layout.clone(),
            header: Some(above.len()),
            rows: 0,
            findings: vec![finding],
        });
    }
    if rows.is_empty() {
        return None;
    }
    let (layout, findings) = guess(&rows, None, channel).ok()?;
    (layout.slots.len() > 1).then(|| headerless(layout, findings))
}

fn names_a_device(line: &str, layout: &Layout) -> bool {
    let fields = split(line, layout.delimiter);
    if fields.len() != layout.slots.len() {
        return false;
    }
    let text = |column: Column| {
        let at = layout.positions[column.index()] as usize;
        at.checked_sub(1)
            .map_or("", |at| fields[at].text.trim_matches(is_blank))
    };
    let tuple = [Column::Manufacturer, Column::Model, Column::Serial];
    looks_like_hash(text(Column::Hash))
        || Pkid::parse(text(Column::Pkid)).is_ok()
        || tuple.iter().all(|column| !text(*column).is_empty())
            && text(Column::Serial).contains(|c: char| c.is_ascii_digit())
}

pub(super) fn with_report(layout: Layout, at: usize, channel: Channel) -> Found {
    let finding = report::finding(&layout, at, channel);
    let findings = std::iter::once(finding).chain(form::separator(&layout));
    let findings = findings.map(|finding| finding.at(1, 0)).collect();
    Found {
        layout,
        header: None,
        rows: at,
        findings,
    }
}

fn headerless(layout: Layout, findings: Vec<Finding>) -> Found {
    Found {
        layout,
        header: None,
        rows: 0,
        findings: findings
            .into_iter()
            .map(|finding| finding.at(1, 0))
            .collect(),
    }
}

/// None of the lines is a header of several columns.
fn without_header(
    first: &FirstLines<'_>,
    hint: Option<u8>,
    channel: Channel,
) -> Result<Found, Box<Finding>> {
    let is_text = |line: &&str| {
        !is_empty(line) && !line.starts_with(['#', '/']) && separator_hint(line).is_none()
    };
    let lines: Vec<&str> = first.lines.iter().copied().filter(is_text).collect();
    if let Some(finding) = nothing(&first.lines) {
        return Err(Box::new(finding));
    }
    if is_binary(&first.lines) {
        let cause = "Most of the file are control characters: it is no text.";
        return Err(Box::new(Finding::new(Code::NOT_TEXT, cause)));
    }
    if let Some(finding) = foreign::rows(&lines) {
        return Err(Box::new(finding.at(1, 0)));
    }
    if let Some(cause) = shown::something_else(&lines) {
        return Err(Box::new(unknown(&lines, cause)));
    }
    if let Some(found) = one_known_column(first, hint, channel) {
        return Ok(found);
    }
    match guess(&lines, hint, channel) {
        Ok((layout, findings)) => Ok(headerless(layout, findings)),
        Err(cause) => Err(Box::new(unknown(&lines, cause))),
    }
}

/// The finding about lines without any text.
fn nothing(lines: &[&str]) -> Option<Finding> {
    let empty = |line: &&str| line.trim_matches(|c| is_blank(c) || c == '\0').is_empty();
    if !lines.iter().all(empty) {
        return None;
    }
    Some(if lines.iter().any(|line| line.contains('\0')) {
        let cause = "There is nothing but NUL bytes in the file.";
        let fix = "Get the file anew from its source: nothing is left of it here.";
        Finding::new(Code::NUL_BYTES, cause)
            .severity(Severity::Error)
            .fix(fix)
    } else {
        let cause = "There are only blank lines in the file.";
        Finding::new(Code::EMPTY_FILE, cause)
    })
}

/// A header that names one column only, beside others that are not known: hashes, PKIDs, or serial
/// numbers, which name no device alone.
fn one_known_column(first: &FirstLines<'_>, hint: Option<u8>, channel: Channel) -> Option<Found> {
    let named = |line: &str, delimiter: u8| {
        let fields = split(line, delimiter);
        let slots = slots(&fields);
        let [column @ (Column::Hash | Column::Pkid | Column::Serial)] = known(&slots)[..] else {
            return None;
        };
        let value = |text: &str| text.len() > 64 || text.contains(|c: char| c.is_ascii_digit());
        let names = slots
            .iter()
            .zip(&fields)
            .all(|(slot, field)| *slot == Slot::Holds(column) || !value(&field.text));
        let dialect = closest(&[column], &[], channel);
        names.then(|| {
            (
                column,
                Layout::new(dialect, delimiter, slots).said_by(&fields),
            )
        })
    };
    let mut lines = first.lines.iter().enumerate();
    let (at, line, (column, layout)) = lines.find_map(|(at, line)| {
        let found = hint
            .into_iter()
            .chain(DELIMITERS)
            .find_map(|by| named(line, by))?;
        Some((at, *line, found))
    })?;
    let findings = match column {
        Column::Serial => {
            let finding = serials_only(&layout, channel);
            std::iter::once(finding)
                .chain(form::separator(&layout))
                .collect()
        }
        _ => form::findings(line, &layout, channel),
    };
    Some(with_header(first, layout, findings, at, channel))
}

/// The finding about lines that nothing can be made of.
fn unknown(lines: &[&str], cause: String) -> Finding {
    let first = lines.first().copied().unwrap_or_default();
    let finding = Finding::new(Code::HEADER_UNKNOWN, cause).at(1, 0);
    if is_harmless(first) {
        finding.found(first)
    } else {
        finding
    }
}
