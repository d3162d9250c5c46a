//! Findings in the four forms of `enlist check`. Each writes as the findings come, so that a list
//! of any length needs little memory.

mod csv;
mod json;
mod sarif;
mod table;

use std::io::{self, Write};

use clap::ValueEnum;
use device_list::{Finding, Summary};

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON document: {"files":[{"file","findings","summary"}]}.
    Json,
    /// SARIF 2.1.0, for code-scanning tools.
    Sarif,
    /// One line a finding, for spreadsheets.
    Csv,
}

/// Writes findings, file by file.
pub(crate) trait Report {
    /// A file begins.
    fn file(&mut self, name: &str) -> io::Result<()>;
    /// Something was found in it.
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;
    /// The file has ended.
    fn summary(&mut self, summary: &Summary) -> io::Result<()>;
    /// All files have ended.
    fn end(&mut self) -> io::Result<()>;
}

/// A report in this form; `all` shows every finding in a table, however many there are.
pub(crate) fn to<'a>(out: impl Write + 'a, format: Format, all: bool) -> Box<dyn Report + 'a> {
    match format {
        Format::Table => Box::new(table::TableReport::new(out, all)),
        Format::Json => Box::new(json::JsonReport::new(out)),
        Format::Sarif => Box::new(sarif::SarifReport::new(out)),
        Format::Csv => Box::new(csv::CsvReport::new(out)),
    }
}

pub(crate) use table::shortened;
