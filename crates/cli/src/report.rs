//! Findings in the five forms of `enlist check`. None keeps more than a bounded part of what was
//! found in memory, so that a list may have any length.

pub(crate) mod about;
pub(crate) mod csv;
mod html;
mod json;
pub(crate) mod json_text;
mod sarif;
mod table;
pub(crate) mod tally;
pub(crate) mod text;

use std::io::{self, Write};

use clap::ValueEnum;
use device_list::{Code, Finding};
use registration::clock::Timestamp;

use tally::{Checked, Total};

/// Where the pages about the findings are, `EN0107.md` and so on: relative to this repository, or a
/// whole address where they are published.
const DOCS: &str = "docs/findings/";

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people: a summary, then the findings by code.
    #[default]
    Table,
    /// One JSON document; its schema is docs/schema/check-report.schema.json.
    Json,
    /// SARIF 2.1.0, for code-scanning tools.
    Sarif,
    /// One line a finding, for spreadsheets.
    Csv,
    /// One page that needs nothing else, to read in a browser and to send on.
    Html,
}

impl Format {
    /// Whether it writes while lists are read, and not only at the end.
    pub(crate) fn streams(self) -> bool {
        !matches!(self, Self::Table | Self::Html)
    }
}

/// What a report is told beforehand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// The way of registering the lists were held against.
    pub(crate) way: &'static str,
    /// How many devices one list may have.
    pub(crate) row_limit: Option<u64>,
    /// When the lists were checked.
    pub(crate) at: Timestamp,
    /// Show every finding in the table, however many there are.
    pub(crate) all: bool,
    /// Only the summary in the table.
    pub(crate) quiet: bool,
    /// Whether the table may have colours.
    pub(crate) colours: bool,
    /// How many columns of text there are for the table.
    pub(crate) width: usize,
}

/// Writes findings, list by list.
pub(crate) trait Report {
    /// A list begins.
    fn begin(&mut self, name: &str) -> io::Result<()>;
    /// Something was found in it.
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;
    /// The list has ended.
    fn checked(&mut self, checked: &Checked) -> io::Result<()>;
    /// All lists have ended.
    fn end(&mut self, total: &Total) -> io::Result<()>;
}

/// A report in this form.
pub(crate) fn to<'a>(
    out: impl Write + 'a,
    format: Format,
    settings: Settings,
) -> Box<dyn Report + 'a> {
    match format {
        Format::Table => Box::new(table::TableReport::new(out, settings)),
        Format::Json => Box::new(json::JsonReport::new(out, settings)),
        Format::Sarif => Box::new(sarif::SarifReport::new(out)),
        Format::Csv => Box::new(csv::CsvReport::new(out)),
        Format::Html => Box::new(html::HtmlReport::new(out, settings)),
    }
}

/// Where the page about a code is.
pub(crate) fn page_of(code: Code) -> String {
    format!("{DOCS}{code}.md")
}

/// The same as a whole address; `None` where the pages are known by a relative one only.
pub(crate) fn address_of(code: Code) -> Option<String> {
    DOCS.contains("://").then(|| page_of(code))
}

/// `803 MissingZtdSerialNumberAndProductKey`; empty where the original has no code for it.
pub(crate) fn original_code(code: Code) -> String {
    code.dds()
        .map_or_else(String::new, |(number, name)| format!("{number} {name}"))
}

pub(crate) use text::shortened;
