//! One list on the page.

use crate::report::tally::Checked;
use crate::terminal::count;

/// A row of the table of lists.
pub(super) struct FileRow {
    pub(super) name: String,
    pub(super) form: String,
    pub(super) verdict: &'static str,
    pub(super) tone: &'static str,
    pub(super) rows: String,
    pub(super) ready: String,
    pub(super) repaired: String,
    pub(super) to_mend: String,
    pub(super) repeated: String,
    pub(super) findings: String,
}

impl FileRow {
    pub(super) fn of(name: String, checked: &Checked) -> Self {
        let counts = checked.counts;
        let form = checked.summary.dialect.map_or_else(String::new, |dialect| {
            format!("{}, {}", dialect.title(), checked.summary.encoding.name())
        });
        let conforming = checked.summary.is_usable() && checked.summary.is_conforming();
        let tone = match conforming {
            true => "good",
            false if counts.errors == 0 => "warning",
            false => "error",
        };
        Self {
            name,
            form,
            verdict: checked.verdict(),
            tone,
            rows: count(counts.rows),
            ready: count(counts.ready),
            repaired: count(counts.repaired),
            to_mend: count(counts.to_mend),
            repeated: count(counts.repeated),
            findings: count(counts.findings()),
        }
    }
}
