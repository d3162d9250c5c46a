//! Findings as a table, for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::{Cell, Color, Table};
use device_list::{Code, Column, Finding, Severity, Summary};

use super::Report;
use crate::terminal::{bold, coloured, count, counted, print, ruled_table, safe, width};

/// Findings shown of one file unless all are asked for.
const SHOWN: u64 = 100;
/// Findings in one table: with `--all` a long list makes several, so that memory stays small.
const PIECE: usize = 500;
/// Below this many columns of text the table is stacked.
const NARROW: u16 = 110;
/// Characters of a value in the table.
const VALUE: usize = 60;

/// Prints tables and, for each file, a line that sums up.
pub(super) struct TableReport<W> {
    out: W,
    all: bool,
    file: String,
    table: Table,
    found: u64,
    certain: u64,
    left_out: BTreeMap<Code, u64>,
}

impl<W: Write> TableReport<W> {
    pub(super) fn new(out: W, all: bool) -> Self {
        let (file, table) = (String::new(), findings());
        Self {
            out,
            all,
            file,
            table,
            found: 0,
            certain: 0,
            left_out: BTreeMap::new(),
        }
    }

    fn print_table(&mut self) -> io::Result<()> {
        let full = std::mem::replace(&mut self.table, findings());
        if full.is_empty() {
            Ok(())
        } else {
            print(&full, &mut self.out)
        }
    }

    fn print_left_out(&mut self) -> io::Result<()> {
        let left_out = std::mem::take(&mut self.left_out);
        if left_out.is_empty() {
            return Ok(());
        }
        let total = counted(left_out.values().sum(), "more finding", "more findings");
        writeln!(self.out, "… and {total}; --all shows them:")?;
        for (code, times) in left_out {
            writeln!(self.out, "  {code} × {}  {}", count(times), code.title())?;
        }
        Ok(())
    }
}

impl<W: Write> Report for TableReport<W> {
    fn file(&mut self, name: &str) -> io::Result<()> {
        self.file = safe(name);
        self.found = 0;
        self.certain = 0;
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.found += 1;
        self.certain += u64::from(finding.certain);
        if !self.all && self.found > SHOWN {
            *self.left_out.entry(finding.code).or_default() += 1;
            return Ok(());
        }
        self.table.add_row(row(finding));
        if self.table.row_count() < PIECE {
            Ok(())
        } else {
            self.print_table()
        }
    }

    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.print_table()?;
        self.print_left_out()?;
        writeln!(self.out, "{}", headline(&self.file, summary))?;
        if self.certain == 0 || !summary.is_usable() {
            return Ok(());
        }
        let mended = counted(self.certain, "finding can", "findings can");
        writeln!(
            self.out,
            "{mended} be mended with certainty: add --fix OUT.csv to write the repaired list."
        )
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A column for each thing to say, or three where the terminal is [`NARROW`].
fn findings() -> Table {
    if is_narrow() {
        return ruled_table(["Line, column", "Code", "Finding"]);
    }
    ruled_table([
        "Line",
        "Column",
        "Code",
        "Severity",
        "Cause",
        "Fix",
        "Before → after",
    ])
}

fn is_narrow() -> bool {
    width() < NARROW
}

fn row(finding: &Finding) -> Vec<Cell> {
    let colour = match finding.severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Note => Color::Blue,
    };
    let line = match finding.line {
        0 => "file".to_owned(),
        line => line.to_string(),
    };
    if is_narrow() {
        let said = [safe(&finding.cause), safe(&finding.fix), change(finding)];
        return vec![
            Cell::new(format!("{line}\n{}", place(finding)).trim_end()),
            coloured(format!("{}\n{}", finding.code, finding.severity), colour),
            Cell::new(said.join("\n").trim_end()),
        ];
    }
    vec![
        Cell::new(line),
        Cell::new(place(finding)),
        Cell::new(finding.code),
        coloured(finding.severity, colour),
        Cell::new(safe(&finding.cause)),
        Cell::new(safe(&finding.fix)),
        Cell::new(change(finding)),
    ]
}

/// `3 serial number`; nothing for a whole line.
fn place(finding: &Finding) -> String {
    match (finding.column, finding.field) {
        (0, None) => String::new(),
        (0, Some(field)) => field.name().to_owned(),
        (column, None) => column.to_string(),
        (column, Some(field)) => format!("{column} {}", field.name()),
    }
}

fn change(finding: &Finding) -> String {
    let is_hash = finding.field == Some(Column::Hash);
    let found = finding
        .found
        .as_deref()
        .map(|text| shortened(text, is_hash));
    let corrected = finding
        .corrected
        .as_deref()
        .map(|text| shortened(text, is_hash));
    match (found, corrected) {
        (None, None) => String::new(),
        (Some(found), None) => found,
        (None, Some(corrected)) => format!("→ {corrected}"),
        (Some(found), Some(corrected)) => format!("{found} → {corrected}"),
    }
}

/// A value cut to what fits a table; of a hash its beginning and its length.
pub(crate) fn shortened(text: &str, is_hash: bool) -> String {
    let length = text.chars().count();
    let keep = if is_hash { 12 } else { VALUE };
    if length <= keep {
        return visible(text);
    }
    let start: String = text.chars().take(keep).collect();
    if is_hash {
        format!("{}… ({} characters)", safe(&start), count(length as u64))
    } else {
        format!("{}…", safe(&start))
    }
}

/// Blanks at the edges shown as what they are.
fn visible(text: &str) -> String {
    let inner = text.trim_matches(' ');
    let front = text.len() - text.trim_start_matches(' ').len();
    let behind = text.len() - front.min(text.len()) - inner.len();
    format!("{}{}{}", "␣".repeat(front), safe(inner), "␣".repeat(behind))
}

/// What a check of one file comes to, in a line.
fn headline(file: &str, summary: &Summary) -> String {
    let Some(dialect) = summary.dialect else {
        return format!("{}: not usable as a device list.", bold(file));
    };
    let rows = counted(summary.rows, "row", "rows");
    let what = format!("{}, {}, {rows}", dialect.title(), summary.encoding.name());
    let verdict = if summary.is_conforming() {
        "conforming"
    } else {
        "not conforming"
    };
    let mut counts = Vec::new();
    for (number, one, more) in [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.notes, "note", "notes"),
    ] {
        if number > 0 {
            counts.push(counted(number, one, more));
        }
    }
    let counts = if counts.is_empty() {
        "no findings".to_owned()
    } else {
        counts.join(", ")
    };
    let last = if summary.is_conforming() || summary.rows == summary.identified {
        String::new()
    } else {
        let lost = counted(summary.rows - summary.identified, "row names", "rows name");
        format!(" {lost} no device.")
    };
    format!("{}: {verdict} ({what}): {counts}.{last}", bold(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_their_blanks_visible() {
        assert_eq!(shortened("  a b ", false), "␣␣a b␣");
        assert_eq!(shortened("   ", false), "␣␣␣");
        assert_eq!(
            shortened(&"T0".repeat(2000), true),
            "T0T0T0T0T0T0… (4,000 characters)"
        );
        assert_eq!(
            shortened(&"x".repeat(61), false),
            format!("{}…", "x".repeat(60))
        );
    }
}
