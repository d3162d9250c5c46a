//! The lists of a check, one after another: what is found goes into the report and is counted.

use std::io;

use device_list::{CheckOptions, Checker, Event};

use crate::exit::{Exit, Failure, say};
use crate::input::folder::Lists;
use crate::input::progress::Progress;
use crate::input::{Input, not_read};
use crate::report::Report;
use crate::report::tally::{Checked, Tally, Total};

/// A check of several lists under way.
pub(super) struct Desk<'a> {
    checker: Checker,
    report: Box<dyn Report + 'a>,
    progress: Progress,
    strict: bool,
    /// Rows of all lists so far.
    rows: u64,
    total: Total,
    worst: Exit,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        options: CheckOptions,
        report: Box<dyn Report + 'a>,
        progress: Progress,
        strict: bool,
    ) -> Self {
        Self {
            checker: Checker::new(options),
            report,
            progress,
            strict,
            rows: 0,
            total: Total::default(),
            worst: Exit::Good,
        }
    }

    /// Checks them; the worst decides how it ended.
    pub(super) fn check_all(mut self, lists: &Lists) -> Result<Exit, Failure> {
        for failure in &lists.failures {
            self.failed(failure);
        }
        for path in &lists.paths {
            match Input::open(path) {
                // A report that can't be written is no report: that ends it.
                Ok(input) => self.check(input)?,
                Err(failure) => self.failed(&failure),
            }
        }
        self.progress.end();
        self.report.end(&self.total)?;
        Ok(self.worst)
    }

    fn check(&mut self, input: Input) -> io::Result<()> {
        self.report.begin(&input.name)?;
        let (mut tally, mut told) = (Tally::default(), Ok(()));
        let (report, rows, progress) = (&mut self.report, &mut self.rows, &self.progress);
        let reader = progress.reader(input.reader);
        let summary = self.checker.check(&input.name, reader, &mut |event| {
            match event {
                Event::Finding(finding) => {
                    tally.finding(&finding);
                    if told.is_ok() {
                        told = report.finding(&finding);
                        // Nobody reads what would still come.
                        progress.stop_on(&told);
                    }
                }
                Event::Row(row) => {
                    tally.row(&row);
                    *rows += 1;
                    progress.rows(*rows);
                }
                Event::Header(_) | Event::Unread(_) => {}
            }
        });
        told?;
        let counts = tally.counts();
        // What was found before reading broke off stays reported; the document must end well.
        let checked = Checked {
            summary: summary.as_ref().copied().unwrap_or_default(),
            counts,
        };
        self.report.checked(&checked)?;
        self.total.add(&checked);
        self.judge(&input.name, &checked);
        if let Err(error) = summary {
            self.failed(&not_read(&input.name, &error));
        }
        Ok(())
    }

    /// What a list does to the exit code.
    fn judge(&mut self, name: &str, checked: &Checked) {
        let conforming = checked.summary.is_conforming();
        let exit = if !checked.summary.is_usable() {
            Exit::Unusable
        } else if conforming {
            Exit::Good
        } else if self.strict {
            let sentence = format!("{name} is refused, because it does not conform to the letter.");
            self.progress.aside(|| say(&sentence));
            Exit::Unusable
        } else {
            Exit::Findings
        };
        self.worst = self.worst.max(exit);
    }

    /// A list that can't be read does not keep the others from being checked.
    fn failed(&mut self, failure: &Failure) {
        self.progress.aside(|| failure.tell());
        self.worst = Exit::Unusable;
    }
}
