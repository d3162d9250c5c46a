//! What mending came to, told as a table or as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use comfy_table::Cell;
use device_list::{Change, CodeSet, Column, Dialect, Finding, Mended};

use super::ledger::{Complete, First, Kept, Ledger, Short};
use crate::report::json_text::write_json;
use crate::report::shortened;
use crate::terminal::{count, counted, print, ruled_table, safe, table};

/// Names of parts that are told; there may be many.
const PARTS: usize = 8;

/// What mending came to.
pub(super) struct Told<'a> {
    /// The list.
    pub(super) file: &'a str,
    /// The mended one.
    pub(super) written: &'a Path,
    /// The names of its parts; none unless it was split.
    pub(super) parts: &'a [PathBuf],
    /// The rest file, if there is one.
    pub(super) rest: Option<&'a Path>,
    /// The layout of the mended list.
    pub(super) dialect: Dialect,
    /// What was counted.
    pub(super) mended: Mended,
}

impl Told<'_> {
    pub(super) fn tell(&self, ledger: Ledger, to: &mut impl Write) -> io::Result<()> {
        match ledger.kept {
            Kept::Complete(all) => self.json(all, &ledger.dropped, to),
            Kept::Short(short) => self.table(&short, ledger.accepted, &ledger.dropped, to),
        }
    }

    fn json(
        &self,
        all: Complete,
        dropped: &BTreeMap<Column, u64>,
        to: &mut impl Write,
    ) -> io::Result<()> {
        to.write_all(b"{")?;
        let path = |path: &Path| path.display().to_string();
        let parts: Vec<_> = self.parts.iter().map(|part| path(part)).collect();
        member(to, "file", &self.file)?;
        member(to, "written", &path(self.written))?;
        member(to, "parts", &parts)?;
        member(to, "rest", &self.rest.map(path))?;
        member(to, "dialect", &self.dialect)?;
        member(to, "outgrown_by", &self.mended.outgrown_by)?;
        member(to, "rows", &self.mended.rows)?;
        member(to, "repeated", &self.mended.repeated)?;
        member(to, "dropped", dropped)?;
        member(to, "conforming", &self.mended.is_conforming())?;
        member(to, "whole", &self.mended.is_whole())?;
        to.write_all(b"\"changes\":")?;
        all.changes.write(to)?;
        to.write_all(b",\n\"left_out\":")?;
        all.left_out.write(to)?;
        to.write_all(b",\n\"unmended\":")?;
        all.unmended.write(to)?;
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
        if !dropped.is_empty() {
            let columns: Vec<_> = dropped
                .iter()
                .map(|(column, rows)| {
                    format!("{} ({})", column.name(), counted(*rows, "row", "rows"))
                })
                .collect();
            writeln!(
                to,
                "Dropped, since the layout \"{}\" has no place for it: {}.",
                self.dialect.title(),
                columns.join(", ")
            )?;
        }
        self.tell_verdict(to)
    }

    fn tell_verdict(&self, to: &mut impl Write) -> io::Result<()> {
        let mended = &self.mended;
        let written = safe(&self.written.display().to_string());
        let changes = counted(mended.changes, "change", "changes");
        let verdict = if mended.is_conforming() {
            "It conforms."
        } else {
            "It still has findings: check it."
        };
        write!(to, "{written}: {changes}. {verdict}")?;
        if mended.left_out > 0 {
            let rows = counted(mended.left_out, "row is", "rows are");
            match self.rest {
                None => write!(
                    to,
                    " {rows} not in it: mend them as said and send them too."
                )?,
                Some(rest) => write!(
                    to,
                    " {rows} not in it, but in {}, with codes and advice: mend them there and check \
                     that file.",
                    safe(&rest.display().to_string())
                )?,
            }
        }
        writeln!(to)?;
        if let Some(dialect) = mended.outgrown_by {
            writeln!(
                to,
                "The header changes further down: with --dialect {} there is a place for every value.",
                dialect.name()
            )?;
        }
        self.tell_parts(to)
    }

    fn tell_parts(&self, to: &mut impl Write) -> io::Result<()> {
        if self.parts.is_empty() {
            return Ok(());
        }
        let name = |part: &PathBuf| safe(&part.display().to_string());
        let mut names: Vec<_> = self.parts.iter().map(name).collect();
        if names.len() > PARTS {
            let last = names.split_off(names.len() - 1);
            names.truncate(PARTS - 2);
            names.push("…".to_owned());
            names.extend(last);
        }
        writeln!(
            to,
            "It is over the limit, so it is written as {} lists: {}.",
            count(self.parts.len() as u64),
            names.join(", ")
        )
    }
}

/// Writes one member of an object, with others to come.
fn member(to: &mut impl Write, name: &str, value: &impl serde::Serialize) -> io::Result<()> {
    write!(to, "\"{name}\":")?;
    write_json(&mut *to, value)?;
    to.write_all(b",\n")
}

fn tell_changes(changes: &First<Change>, accepted: CodeSet, to: &mut impl Write) -> io::Result<()> {
    if changes.shown.is_empty() {
        return Ok(());
    }
    let mut rows = table(["Line", "Column", "Code", "Before", "After"]);
    for change in &changes.shown {
        let code = change.code;
        let mark = if accepted.has(code) {
            " (accepted)"
        } else {
            ""
        };
        let is_hash = change.field == Some(Column::Hash);
        rows.add_row([
            Cell::new(place(change.line)),
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
    for finding in &findings.shown {
        rows.add_row([
            Cell::new(place(finding.line)),
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

/// A line, or the whole file.
fn place(line: u64) -> String {
    match line {
        0 => "file".to_owned(),
        line => line.to_string(),
    }
}
