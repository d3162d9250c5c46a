//! What mending came to, told as a table or as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use comfy_table::Cell;
use device_list::{Change, CodeSet, Column, Dialect, Finding, Mended};

use super::ledger::{Complete, Kept, Ledger, SHOWN, Short};
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
        self.tell_changes(&short.changes, accepted, to)?;
        let left =
            "Left out, because mending them would be a guess, or the layout can't carry them:";
        tell_findings(left, &short.left, to)?;
        tell_findings("Not mended, since these are no rows:", &short.unmended, to)?;
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

    fn tell_changes(
        &self,
        changes: &[Change],
        accepted: CodeSet,
        to: &mut impl Write,
    ) -> io::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut rows = table(["Line", "Column", "Code", "Before", "After"]);
        for change in changes {
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
        match self.mended.changes.saturating_sub(changes.len() as u64) {
            0 => Ok(()),
            more => {
                let more = counted(more, "more change", "more changes");
                writeln!(to, "… and {more}; --format json has them all.")
            }
        }
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

fn tell_findings(title: &str, findings: &[Finding], to: &mut impl Write) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(to, "{title}")?;
    let mut rows = ruled_table(["Line", "Code", "Cause", "Fix"]);
    for finding in findings {
        rows.add_row([
            Cell::new(place(finding.line)),
            Cell::new(finding.code.to_string()),
            Cell::new(safe(&finding.cause)),
            Cell::new(safe(&finding.fix)),
        ]);
    }
    print(&rows, to)?;
    if findings.len() == SHOWN {
        writeln!(to, "… and maybe more; --format json has them all.")?;
    }
    Ok(())
}

/// A line, or the whole file.
fn place(line: u64) -> String {
    match line {
        0 => "file".to_owned(),
        line => line.to_string(),
    }
}
