//! One finding on the page.

use device_list::{Column, Excerpt, Finding};

use super::codes::anchor;
use crate::report::text::shortened;
use crate::terminal::{count, safe};

/// A row of the table of findings.
pub(super) struct Row {
    pub(super) file: String,
    pub(super) place: String,
    pub(super) severity: &'static str,
    pub(super) code: &'static str,
    pub(super) anchor: String,
    pub(super) cause: String,
    pub(super) fix: String,
    pub(super) found: String,
    pub(super) corrected: String,
    pub(super) guess: bool,
    pub(super) line: Option<Line>,
}

/// The line with the field marked.
pub(super) struct Line {
    pub(super) before: String,
    pub(super) marked: String,
    pub(super) behind: String,
}

impl Row {
    pub(super) fn of(file: &str, finding: &Finding) -> Self {
        let corrected = corrected(finding);
        // What stands in the line that is shown is not said twice.
        let is_in_line = corrected.is_empty() && finding.excerpt.is_some();
        Self {
            file: file.to_owned(),
            place: place(finding),
            severity: finding.severity.as_str(),
            code: finding.code.as_str(),
            anchor: anchor(finding.severity, finding.code),
            cause: safe(&finding.cause),
            fix: safe(&finding.fix),
            found: if is_in_line {
                String::new()
            } else {
                shown(finding.found.as_deref())
            },
            corrected,
            guess: finding.guess && !finding.certain,
            line: finding.excerpt.as_ref().map(Line::of),
        }
    }
}

/// `line 3, column 2: PKID`.
fn place(finding: &Finding) -> String {
    let mut place = match (finding.line, finding.column) {
        (0, _) => "whole list".to_owned(),
        (line, 0) => format!("line {}", count(line)),
        (line, column) => format!("line {}, column {column}", count(line)),
    };
    if let Some(field) = finding.field {
        place = format!("{place}: {}", field.name());
    }
    place
}

fn shown(text: Option<&str>) -> String {
    text.map(|text| shortened(text, false)).unwrap_or_default()
}

/// The right value; not of a hash, since the page is sent on.
fn corrected(finding: &Finding) -> String {
    match &finding.corrected {
        Some(_) if finding.field == Some(Column::Hash) => "the hash put right".into(),
        corrected => shown(corrected.as_deref()),
    }
}

impl Line {
    fn of(excerpt: &Excerpt) -> Self {
        let mut letters = excerpt.text.chars();
        let mut take = |number: usize| safe(&letters.by_ref().take(number).collect::<String>());
        Self {
            before: take(excerpt.start),
            marked: take(excerpt.length),
            behind: take(usize::MAX),
        }
    }
}
