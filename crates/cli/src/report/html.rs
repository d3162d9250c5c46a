//! Findings as one page that needs nothing else: to read in a browser, to print, to send on.
//!
//! It holds no hashes. Everything that comes from a list is escaped, and the page's own policy
//! lets nothing run but its own script.

mod codes;
mod figures;
mod files;
mod page;
mod rows;
mod steps;

use std::collections::BTreeMap;
use std::io::{self, Write};

use askama::Template as _;
use device_list::{Code, Finding, Severity};

use super::tally::{Checked, Total};
use super::{Report, Settings};
use crate::terminal::safe;
use codes::Seen;
use files::FileRow;
use page::Page;
use rows::Row;

/// Findings on the page.
const FINDINGS: usize = 5000;
/// Findings of a code that are on the page however many there are of others.
const OF_EACH: u64 = 20;
/// Lists on the page.
const LISTS: usize = 500;

/// Keeps what will be on the page, and counts the rest.
pub(super) struct HtmlReport<W> {
    out: W,
    settings: Settings,
    name: String,
    files: Vec<FileRow>,
    rows: Vec<Row>,
    codes: BTreeMap<(Severity, Code), Seen>,
}

impl<W: Write> HtmlReport<W> {
    pub(super) fn new(out: W, settings: Settings) -> Self {
        Self {
            out,
            settings,
            name: String::new(),
            files: Vec::new(),
            rows: Vec::new(),
            codes: BTreeMap::new(),
        }
    }
}

impl<W: Write> Report for HtmlReport<W> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        self.name = safe(name);
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let seen = self
            .codes
            .entry((finding.severity, finding.code))
            .or_default();
        seen.add(finding);
        if self.rows.len() < FINDINGS || seen.found <= OF_EACH {
            self.rows.push(Row::of(&self.name, finding));
        }
        Ok(())
    }

    fn checked(&mut self, checked: &Checked) -> io::Result<()> {
        if self.files.len() < LISTS {
            let name = std::mem::take(&mut self.name);
            self.files.push(FileRow::of(name, checked));
        }
        Ok(())
    }

    fn end(&mut self, total: &Total) -> io::Result<()> {
        let page = Page::of(
            self.settings,
            *total,
            std::mem::take(&mut self.files),
            std::mem::take(&mut self.rows),
            &self.codes,
        );
        page.write_into(&mut self.out).map_err(io::Error::other)?;
        self.out.flush()
    }
}
