//! The page: what stands on it, in the order of reading.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use device_list::{Code, Severity};
use sha2::{Digest as _, Sha256};

use super::codes::{self, CodeRow, Seen};
use super::figures::{Bar, Figure, bar, bar_label, figures};
use super::files::FileRow;
use super::rows::Row;
use super::steps::{Step, argument, steps};
use crate::report::Settings;
use crate::report::tally::Total;
use crate::terminal::{count, counted};

const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");

/// All of it.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    headline: String,
    lead: String,
    lists: String,
    total: Total,
    figures: Vec<Figure>,
    bar: Vec<Bar>,
    bar_label: String,
    steps: Vec<Step>,
    files: Vec<FileRow>,
    more_files: String,
    codes: Vec<CodeRow>,
    choices: BTreeMap<&'static str, &'static str>,
    found: String,
    rows: Vec<Row>,
    more_findings: String,
    at: String,
    version: &'static str,
    way: &'static str,
    limit: String,
}

impl Page {
    pub(super) fn of(
        settings: Settings,
        total: Total,
        files: Vec<FileRow>,
        rows: Vec<Row>,
        codes: &BTreeMap<(Severity, Code), Seen>,
    ) -> Self {
        let counts = total.counts;
        let lists = match &files[..] {
            [only] if total.files == 1 => only.name.clone(),
            _ => counted(total.files, "list", "lists"),
        };
        let distinct: BTreeSet<Code> = codes.keys().map(|(_, code)| *code).collect();
        Self {
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            headline: headline(&total),
            lead: lead(&total),
            total,
            figures: figures(&counts),
            bar: bar(&counts),
            bar_label: bar_label(&counts),
            steps: steps(&total, argument(&lists, &total), codes),
            lists,
            more_files: more(total.files, files.len(), "list", "lists"),
            files,
            codes: codes::table(codes),
            choices: distinct
                .into_iter()
                .map(|code| (code.as_str(), code.title()))
                .collect(),
            found: count(counts.findings()),
            more_findings: more(counts.findings(), rows.len(), "finding", "findings"),
            rows,
            at: settings.at.to_minute(),
            version: env!("CARGO_PKG_VERSION"),
            way: settings.way,
            limit: settings.row_limit.map_or_else(String::new, |limit| {
                format!(
                    ", at most {} in one list",
                    counted(limit, "device", "devices")
                )
            }),
        }
    }
}

/// Lets the page use its own style and script and nothing else, whatever a list would smuggle in.
fn policy() -> String {
    let hash = |text: &str| {
        let digest = Sha256::digest(text.as_bytes());
        base64_simd::STANDARD.encode_to_string(&digest[..])
    };
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; \
         base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn headline(total: &Total) -> String {
    let counts = total.counts;
    let rows = counted(counts.rows, "row", "rows");
    if total.unusable == total.files {
        "Nothing here can be used as a device list".into()
    } else if counts.to_mend > 0 {
        let needs = if counts.to_mend == 1 { "needs" } else { "need" };
        format!(
            "{} of {rows} {needs} mending by hand",
            count(counts.to_mend)
        )
    } else if total.conforming == total.files {
        format!("All is well: {rows}, nothing to mend")
    } else if counts.certain > 0 {
        format!("{rows}, and what is wrong can be repaired with certainty")
    } else {
        format!("{rows}, with something to look at")
    }
}

fn lead(total: &Total) -> String {
    let counts = total.counts;
    let mut said = vec![format!(
        "{} in {}.",
        counted(counts.devices, "device", "devices"),
        counted(total.files, "list", "lists")
    )];
    if counts.findings() > 0 {
        said.push(format!("Found: {}.", counts.severities()));
    }
    if total.unusable > 0 && total.unusable < total.files {
        let lists = counted(total.unusable, "list is", "lists are");
        said.push(format!("{lists} not usable."));
    }
    said.join(" ")
}

/// `… and 12 more findings`; nothing where all are shown.
fn more(all: u64, shown: usize, one: &str, many: &str) -> String {
    match all.saturating_sub(shown as u64) {
        0 => String::new(),
        more => format!(
            "… and {} that this page leaves out. The forms json and csv have all.",
            counted(more, &format!("more {one}"), &format!("more {many}"))
        ),
    }
}
