//! What a list comes to, in numbers.

use std::ops::AddAssign;

use device_list::{Code, Finding, RowRef, Severity, Summary};
use serde::Serialize;

use crate::terminal::counted;

/// Rows and findings, counted. Each row is exactly one of ready, repaired, to mend and repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Counts {
    /// Data rows.
    pub(crate) rows: u64,
    /// Different devices that the rows name, after certain repairs.
    pub(crate) devices: u64,
    /// Rows that can be registered as they are.
    pub(crate) ready: u64,
    /// Rows that can be registered after certain repairs.
    pub(crate) repaired: u64,
    /// Rows that somebody has to look at: without that they name no device.
    pub(crate) to_mend: u64,
    /// Rows that say again what another says, so that the repaired list does without them.
    pub(crate) repeated: u64,
    /// Rows that are the same device as an earlier one, here or in another list, whatever is to be
    /// done about it.
    pub(crate) duplicates: u64,
    /// Findings that are errors.
    pub(crate) errors: u64,
    /// Findings that are warnings.
    pub(crate) warnings: u64,
    /// Findings that are notes.
    pub(crate) notes: u64,
    /// Findings whose repair is certain, or accepted.
    pub(crate) certain: u64,
    /// Findings whose repair is a guess that nobody accepted.
    pub(crate) guesses: u64,
}

impl Counts {
    /// Findings of every severity.
    pub(crate) fn findings(&self) -> u64 {
        self.errors + self.warnings + self.notes
    }

    /// `3 errors, 1 warning`; nothing where nothing was found.
    pub(crate) fn severities(&self) -> String {
        let mut said = Vec::new();
        for (number, one, more) in [
            (self.errors, "error", "errors"),
            (self.warnings, "warning", "warnings"),
            (self.notes, "note", "notes"),
        ] {
            if number > 0 {
                said.push(counted(number, one, more));
            }
        }
        said.join(", ")
    }

    /// What the rows are, in the order of how well they do.
    pub(crate) fn parts(&self) -> [(Part, u64); 4] {
        [
            (Part::Ready, self.ready),
            (Part::Repaired, self.repaired),
            (Part::ToMend, self.to_mend),
            (Part::Repeated, self.repeated),
        ]
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Ready,
    Repaired,
    ToMend,
    Repeated,
}

impl Part {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Repaired => "repaired",
            Self::ToMend => "to mend",
            Self::Repeated => "repeated",
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.rows += more.rows;
        self.devices += more.devices;
        self.ready += more.ready;
        self.repaired += more.repaired;
        self.to_mend += more.to_mend;
        self.repeated += more.repeated;
        self.duplicates += more.duplicates;
        self.errors += more.errors;
        self.warnings += more.warnings;
        self.notes += more.notes;
        self.certain += more.certain;
        self.guesses += more.guesses;
    }
}

/// Counts while a list streams by.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Counts,
    /// What was found about the row that comes next.
    next: Next,
}

#[derive(Debug, Clone, Copy, Default)]
struct Next {
    row: u32,
    spoilt: bool,
    elsewhere: bool,
}

impl Tally {
    /// Something was found.
    pub(crate) fn finding(&mut self, finding: &Finding) {
        match finding.severity {
            Severity::Error => self.counts.errors += 1,
            Severity::Warning => self.counts.warnings += 1,
            Severity::Note => self.counts.notes += 1,
        }
        self.counts.certain += u64::from(finding.certain);
        self.counts.guesses += u64::from(finding.guess && !finding.certain);
        let Some(row) = finding.row else { return };
        if self.next.row != row {
            self.next = Next {
                row,
                ..Next::default()
            };
        }
        self.next.spoilt |= finding.severity == Severity::Error && !finding.certain;
        self.next.elsewhere |= finding.code == Code::IN_OTHER_FILE;
    }

    /// A row, after its findings.
    pub(crate) fn row(&mut self, row: &RowRef<'_>) {
        let next = if self.next.row == row.number() {
            self.next
        } else {
            Next::default()
        };
        let again = row.duplicate_of().is_some() || next.elsewhere;
        let counts = &mut self.counts;
        counts.rows += 1;
        counts.duplicates += u64::from(again);
        if !row.is_identified() {
            counts.to_mend += 1;
            return;
        }
        counts.devices += u64::from(!again);
        *(if next.spoilt {
            &mut counts.to_mend
        } else if again {
            &mut counts.repeated
        } else if row.is_repaired() {
            &mut counts.repaired
        } else {
            &mut counts.ready
        }) += 1;
    }

    /// What it has come to.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }
}

/// A list that was checked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Checked {
    /// What the check says.
    pub(crate) summary: Summary,
    /// What was counted beside it.
    pub(crate) counts: Counts,
}

impl Checked {
    /// What it is, for people.
    pub(crate) fn verdict(&self) -> &'static str {
        if !self.summary.is_usable() {
            "not usable as a device list"
        } else if self.summary.is_conforming() {
            "conforming"
        } else {
            "not conforming"
        }
    }
}

/// All lists that were checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Total {
    /// How many lists there are.
    pub(crate) files: u64,
    /// How many of them conform.
    pub(crate) conforming: u64,
    /// How many are of no use as a device list.
    pub(crate) unusable: u64,
    /// What they come to together.
    #[serde(flatten)]
    pub(crate) counts: Counts,
}

impl Total {
    /// One list more.
    pub(crate) fn add(&mut self, checked: &Checked) {
        self.files += 1;
        let usable = checked.summary.is_usable();
        self.unusable += u64::from(!usable);
        self.conforming += u64::from(usable && checked.summary.is_conforming());
        self.counts += checked.counts;
    }
}

#[cfg(test)]
mod tests {
    use device_list::{CheckOptions, Checker, Event};

    use super::*;

    fn tally(checker: &mut Checker, name: &str, list: &str) -> (Summary, Counts) {
        let mut tally = Tally::default();
        let mut on = |event: Event<'_>| match event {
            Event::Finding(finding) => tally.finding(&finding),
            Event::Row(row) => tally.row(&row),
            Event::Header(_) | Event::Unread(_) => {}
        };
        let summary = checker.check(name, list.as_bytes(), &mut on).unwrap();
        (summary, tally.counts())
    }

    #[test]
    fn each_row_is_one_of_four() {
        let header = "Manufacturer,Model,Serial Number\r\n";
        let first = format!(
            "{header}Contoso,Book 13,S1\r\n Contoso,Book 13,S2\r\nContoso,,S3\r\n\
             Contoso,Book 13,S1\r\n,,\r\n"
        );
        let mut checker = Checker::new(CheckOptions::default());
        let (summary, counts) = tally(&mut checker, "first.csv", &first);
        let parts = counts.parts().map(|(_, rows)| rows);
        assert_eq!(parts, [1, 1, 1, 1]);
        assert_eq!((counts.rows, counts.devices, counts.duplicates), (4, 2, 1));
        assert_eq!(
            (summary.errors, summary.warnings, summary.notes),
            (counts.errors, counts.warnings, counts.notes)
        );
        // The same row in another list is one that the repaired list does without.
        let second = format!("{header}Contoso,Book 13,S1\r\nContoso,Book 13,S9\r\n");
        let (_, counts) = tally(&mut checker, "second.csv", &second);
        assert_eq!(counts.parts().map(|(_, rows)| rows), [1, 0, 0, 1]);
        assert_eq!((counts.devices, counts.duplicates), (1, 1));
    }
}
