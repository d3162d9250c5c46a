//! What mending came to, told as a table or as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use comfy_table::Cell;
use device_list::{Change, Code, CodeSet, Column, Finding, Mended};
use serde::Serialize;
use serde_json::json;

use super::ledger::{Complete, First, Kept, Ledger, Short};
use crate::report::about::About;
use crate::report::json_text::write_json;
use crate::report::shortened;
use crate::terminal::{counted, print, ruled_table, safe, table};

/// The version of the document's form: the first number changes where a reader has to.
const VERSION: &str = "1.0";

/// A list that was read or written, with its rows.
#[derive(Debug, Clone, Serialize)]
pub(in super::super) struct Counted {
    /// Its name.
    pub(in super::super) file: String,
    /// Its data rows.
    pub(in super::super) rows: u64,
}

impl Counted {
    /// A list that was written.
    pub(in super::super) fn of(path: &Path, rows: u64) -> Self {
        Self {
            file: path.display().to_string(),
            rows,
        }
    }
}

/// What mending came to, whichever command did it.
pub(in super::super) struct Told<'a> {
    /// What did it, as in `check --fix`.
    pub(in super::super) command: &'static str,
    /// The lists that were read.
    pub(in super::super) files: &'a [Counted],
    /// What was asked to be written.
    pub(in super::super) written: &'a Path,
    /// What was written: the list, or its parts.
    pub(in super::super) outputs: &'a [Counted],
    /// Whether those are parts.
    pub(in super::super) is_split: bool,
    /// The rest file, if there is one.
    pub(in super::super) rest: Option<&'a Path>,
    /// What was counted.
    pub(in super::super) mended: Mended,
    /// What the table ends with: the command's own words.
    pub(in super::super) closing: String,
}

impl Told<'_> {
    /// Tells it where there is room: not on standard output where a list goes there.
    pub(in super::super) fn tell(&self, ledger: Ledger, is_aside: bool) -> io::Result<()> {
        if is_aside {
            self.tell_to(ledger, &mut io::stderr().lock())
        } else {
            self.tell_to(ledger, &mut io::stdout().lock())
        }
    }

    fn tell_to(&self, ledger: Ledger, to: &mut impl Write) -> io::Result<()> {
        let dropped = &ledger.dropped;
        match ledger.kept {
            Kept::Complete(all) => self.json(all, dropped, to)?,
            Kept::Short(short) => self.table(&short, ledger.accepted, dropped, to)?,
        }
        to.flush()
    }

    /// docs/schema/mend-report.schema.json has its shape.
    fn json(
        &self,
        all: Complete,
        dropped: &BTreeMap<Column, u64>,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let tool = json!({ "name": "enlist", "version": env!("CARGO_PKG_VERSION") });
        writeln!(to, "{{\"schema_version\":\"{VERSION}\",\"tool\":{tool},")?;
        let path = |path: &Path| path.display().to_string();
        let file = match self.files {
            [one] => Some(&one.file),
            _ => None,
        };
        let parts = self.outputs.iter().filter(|_| self.is_split);
        let parts: Vec<_> = parts.map(|part| &part.file).collect();
        member(to, "command", &self.command)?;
        member(to, "file", &file)?;
        member(to, "files", &self.files)?;
        member(to, "written", &path(self.written))?;
        member(to, "outputs", &self.outputs)?;
        member(to, "parts", &parts)?;
        member(to, "rest", &self.rest.map(path))?;
        member(to, "dialect", &self.mended.dialect)?;
        member(to, "outgrown_by", &self.mended.outgrown_by)?;
        member(to, "rows", &self.mended.rows)?;
        member(to, "repeated", &self.mended.repeated)?;
        member(to, "left", &self.mended.left_out)?;
        member(to, "dropped", dropped)?;
        member(to, "conforming", &self.mended.is_conforming())?;
        member(to, "whole", &self.mended.is_whole())?;
        let codes = all.codes;
        for (name, spool) in [
            ("changes", all.changes),
            ("repetitions", all.repetitions),
            ("left_out", all.left_out),
            ("unmended", all.unmended),
        ] {
            write!(to, "\"{name}\":")?;
            spool.write(to)?;
            to.write_all(b",\n")?;
        }
        tell_codes(codes, to)?;
        to.write_all(b"}\n")
    }

    fn table(
        &self,
        short: &Short,
        accepted: CodeSet,
        dropped: &BTreeMap<Column, u64>,
        to: &mut impl Write,
    ) -> io::Result<()> {
        tell_changes(&short.changes, accepted, to)?;
        let left =
            "Left out, because mending them would be a guess, or the layout can't carry them:";
        tell_findings(left, &short.left, to)?;
        tell_findings("Not mended, to be looked at:", &short.unmended, to)?;
        if let (false, Some(dialect)) = (dropped.is_empty(), self.mended.dialect) {
            let columns = dropped.iter().map(|(column, rows)| {
                format!("{} ({})", column.name(), counted(*rows, "row", "rows"))
            });
            let columns: Vec<_> = columns.collect();
            writeln!(
                to,
                "Dropped, since the layout \"{}\" has no place for it: {}.",
                dialect.title(),
                columns.join(", ")
            )?;
        }
        to.write_all(self.closing.as_bytes())
    }
}

/// Writes one member of an object, with others to come.
fn member(to: &mut impl Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(to, "\"{name}\":")?;
    write_json(&mut *to, value)?;
    to.write_all(b",\n")
}

/// What there is to say once about each code that came up.
fn tell_codes(codes: BTreeSet<Code>, to: &mut impl Write) -> io::Result<()> {
    let codes: BTreeMap<_, _> = codes
        .into_iter()
        .map(|code| (code.as_str(), About::of(code)))
        .collect();
    to.write_all(b"\"codes\":")?;
    write_json(&mut *to, &codes)
}

fn tell_changes(changes: &First<Change>, accepted: CodeSet, to: &mut impl Write) -> io::Result<()> {
    if changes.shown.is_empty() {
        return Ok(());
    }
    let mut rows = table(["Line", "Column", "Code", "Before", "After"]);
    for (place, change) in &changes.shown {
        let code = change.code;
        let mark = if accepted.has(code) {
            " (accepted)"
        } else {
            ""
        };
        let is_hash = change.field == Some(Column::Hash);
        rows.add_row([
            Cell::new(safe(place)),
            Cell::new(change.field.map(Column::name).unwrap_or_default()),
            Cell::new(format!("{code}{mark}")),
            Cell::new(shortened(&change.before, is_hash)),
            Cell::new(if change.after.is_empty() {
                "(dropped)".to_owned()
            } else {
                shortened(&change.after, is_hash)
            }),
        ]);
    }
    print(&rows, to)?;
    tell_more(changes.more, ["more change", "more changes"], to)
}

fn tell_findings(title: &str, findings: &First<Finding>, to: &mut impl Write) -> io::Result<()> {
    if findings.shown.is_empty() {
        return Ok(());
    }
    writeln!(to, "{title}")?;
    let mut rows = ruled_table(["Line", "Code", "Cause", "Fix"]);
    for (place, finding) in &findings.shown {
        rows.add_row([
            Cell::new(safe(place)),
            Cell::new(finding.code.to_string()),
            Cell::new(safe(&finding.cause)),
            Cell::new(safe(&finding.fix)),
        ]);
    }
    print(&rows, to)?;
    tell_more(findings.more, ["more finding", "more findings"], to)
}

fn tell_more(more: u64, [one, many]: [&str; 2], to: &mut impl Write) -> io::Result<()> {
    if more == 0 {
        return Ok(());
    }
    let more = counted(more, one, many);
    writeln!(to, "… and {more}; --format json has them all.")
}
