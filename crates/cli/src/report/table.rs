//! Findings for people: what the lists come to, then what was found, code by code.

mod group;
mod place;
mod summary;

use std::collections::BTreeMap;
use std::io::{self, Write};

use device_list::{Code, Finding, Severity};

use super::tally::{Checked, Total};
use super::text::paragraph;
use super::{Report, Settings};
use crate::terminal::{Ink, counted, inked, safe};
use group::Group;

/// Lines of text are no wider than this, however wide the terminal is.
const WIDEST: usize = 100;
/// Lists of which the summary says something unless all are asked for; those with findings first
/// come, first served.
const LISTS: usize = 20;

/// Keeps the first places of each code, or all of them outside the memory, until the end: the
/// summary comes first.
pub(super) struct TableReport<W> {
    out: W,
    look: Look,
    name: String,
    /// The lists of which the summary says something.
    lists: Vec<(String, Checked)>,
    /// How many others there are.
    more: u64,
    groups: BTreeMap<(Severity, Code), Group>,
}

/// How it looks.
#[derive(Debug, Clone, Copy)]
struct Look {
    all: bool,
    quiet: bool,
    colours: bool,
    width: usize,
}

impl Look {
    fn ink(self, text: &str, ink: Ink) -> String {
        inked(text, ink, self.colours)
    }

    fn severity(self, severity: Severity) -> String {
        let ink = match severity {
            Severity::Error => Ink::Red,
            Severity::Warning => Ink::Yellow,
            Severity::Note => Ink::Blue,
        };
        self.ink(severity.as_str(), ink)
    }
}

impl<W: Write> TableReport<W> {
    pub(super) fn new(out: W, settings: Settings) -> Self {
        Self {
            out,
            look: Look {
                all: settings.all,
                quiet: settings.quiet,
                colours: settings.colours,
                width: settings.width.min(WIDEST),
            },
            name: String::new(),
            lists: Vec::new(),
            more: 0,
            groups: BTreeMap::new(),
        }
    }

    fn summary(&mut self, total: &Total) -> io::Result<()> {
        for (name, checked) in &self.lists {
            summary::list(&mut self.out, name, checked, self.look)?;
        }
        if self.more > 0 {
            let more = counted(self.more, "more list", "more lists");
            writeln!(self.out, "… and {more}; --all shows them.")?;
        }
        if total.files > 1 {
            writeln!(self.out)?;
            summary::total(&mut self.out, total, self.look)?;
        }
        Ok(())
    }

    /// The codes as they are to be told: the worst first, and what somebody must mend before what
    /// the repaired list mends.
    fn in_order(&mut self) -> Vec<(Severity, Code, Group)> {
        let groups = std::mem::take(&mut self.groups).into_iter();
        let mut groups: Vec<_> = groups
            .map(|((severity, code), group)| (severity, code, group))
            .collect();
        groups.sort_by_key(|(severity, _, group)| (*severity, group.is_mended()));
        groups
    }

    fn what_next(&mut self, total: &Total, code: Option<Code>) -> io::Result<()> {
        let counts = total.counts;
        let mut next = Vec::new();
        if counts.certain > 0 && total.unusable < total.files {
            next.push(mended(total));
        }
        if counts.to_mend > 0 {
            let rows = counted(counts.to_mend, "row names", "rows name");
            next.push(format!(
                "{rows} no device until somebody mends it as said above."
            ));
        }
        if let Some(code) = code {
            next.push(format!("enlist explain {code} says what a code means."));
        }
        if next.is_empty() || self.look.quiet {
            return Ok(());
        }
        writeln!(
            self.out,
            "\n{}",
            self.look.ink("What to do next", Ink::Bold)
        )?;
        for said in next {
            paragraph(&mut self.out, "  - ", 4, &said, self.look.width)?;
        }
        Ok(())
    }
}

/// What `--fix` does for the lists.
fn mended(total: &Total) -> String {
    let counts = total.counts;
    let fix = if total.files == 1 {
        "Add --fix OUT.csv to write the repaired list"
    } else {
        "Add --fix OUT.csv, list by list, to write the repaired ones"
    };
    let findings = counted(counts.certain, "finding is", "findings are");
    let mut rows = Vec::new();
    if counts.repaired > 0 {
        rows.push(counted(
            counts.repaired,
            "row is repaired",
            "rows are repaired",
        ));
    }
    if counts.repeated > 0 {
        rows.push(counted(
            counts.repeated,
            "repeated row is left out",
            "repeated rows are left out",
        ));
    }
    if rows.is_empty() {
        format!("{fix}: {findings} mended with certainty.")
    } else {
        format!(
            "{fix}: {findings} mended with certainty; {}.",
            rows.join(", ")
        )
    }
}

impl<W: Write> Report for TableReport<W> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        self.name = safe(name);
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if self.look.quiet {
            return Ok(());
        }
        let group = self.groups.entry((finding.severity, finding.code));
        group.or_default().add(&self.name, finding, self.look)
    }

    fn checked(&mut self, checked: &Checked) -> io::Result<()> {
        if self.look.all || self.lists.len() < LISTS {
            self.lists.push((std::mem::take(&mut self.name), *checked));
        } else {
            self.more += 1;
        }
        Ok(())
    }

    fn end(&mut self, total: &Total) -> io::Result<()> {
        self.summary(total)?;
        let groups = self.in_order();
        let first = groups.first().map(|(_, code, _)| *code);
        for (severity, code, group) in groups {
            writeln!(self.out)?;
            group.print(&mut self.out, severity, code, self.look)?;
        }
        self.what_next(total, first)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use device_list::{CheckOptions, Checker, Event};
    use registration::clock::Timestamp;

    use super::*;
    use crate::report::tally::Tally;

    const LIST: &str = "Manufacturer,Model,Serial number\r\n Contoso,Book 13,0042\r\nContoso,,S1\r\n\
                        Contoso,Book 13,12-Mar\r\n,,\r\n";

    fn report(colours: bool) -> String {
        let settings = Settings {
            way: "enlist",
            row_limit: None,
            at: Timestamp(0),
            all: false,
            quiet: false,
            colours,
            width: 72,
        };
        let mut out = Vec::new();
        let mut report = TableReport::new(&mut out, settings);
        let (mut tally, mut total) = (Tally::default(), Total::default());
        report.begin("list.csv").unwrap();
        let mut on = |event: Event<'_>| match event {
            Event::Finding(finding) => {
                tally.finding(&finding);
                report.finding(&finding).unwrap();
            }
            Event::Row(row) => tally.row(&row),
            Event::Header(_) | Event::Unread(_) => {}
        };
        let mut desk = Checker::new(CheckOptions::default());
        let summary = desk.check("list.csv", LIST.as_bytes(), &mut on).unwrap();
        let counts = tally.counts();
        let checked = Checked { summary, counts };
        report.checked(&checked).unwrap();
        total.add(&checked);
        report.end(&total).unwrap();
        drop(report);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let (plain, coloured) = (report(false), report(true));
        assert!(!plain.contains('\u{1b}') && coloured.contains("\u{1b}[31merror\u{1b}[0m"));
        let mut stripped = String::new();
        let mut pieces = coloured.split("\u{1b}[");
        stripped.push_str(pieces.next().unwrap());
        for piece in pieces {
            stripped.push_str(piece.split_once('m').unwrap().1);
        }
        assert_eq!(stripped, plain);
    }

    #[test]
    fn what_somebody_must_mend_comes_first() {
        let report = report(false);
        let at = |text: &str| {
            report
                .find(text)
                .unwrap_or_else(|| panic!("{text}: {report}"))
        };
        let order = [
            "list.csv: ",
            "EN0401",
            "EN0203",
            "EN0310",
            "What to do next",
        ]
        .map(at);
        assert!(order.is_sorted(), "{report}");
        assert!(report.contains("list.csv:2:1  manufacturer\n"), "{report}");
        assert!(report.contains("␣Contoso → Contoso"), "{report}");
    }
}
