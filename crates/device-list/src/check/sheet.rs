//! A workbook in the place of a text file: one of its sheets, row by row.

use std::fmt::Write as _;
use std::io::{self, Cursor, Read};
use std::mem;
use std::sync::Arc;

use super::across_rows::AcrossRows;
use super::event::{Event, Summary};
use super::lines::Lines;
use super::options::CheckOptions;
use super::run::{Run, Stage};
use super::sink::{Line, Reading, Sink};
use crate::code::Code;
use crate::encoding::Encoding;
use crate::fields::{Field, FieldKind};
use crate::finding::{Finding, display_safe};
use crate::source::Mark;
use crate::workbook::{
    CellKind, Merged, SheetCell, SheetInfo, SheetRow, Workbook, WorkbookError, WorkbookKind,
    WorkbookLimits,
};

/// The largest workbook that is read, in bytes as it is packed.
const MAX_BYTES: u64 = 256 << 20;

/// Sheets that are looked into to say whether something stands on them.
const MAX_SHEETS: usize = 20;

/// What [`Mark`] says of a workbook.
fn mark() -> Mark {
    Mark {
        encoding: Some(Encoding::Workbook),
        announced: true,
        ..Mark::default()
    }
}

/// The first rows, until they say how the others are read.
#[derive(Default)]
struct First {
    /// Each as its fields and as a line; blank rows have neither.
    rows: Vec<(Vec<Field>, String)>,
}

/// Checks one sheet of the workbook.
pub(crate) fn run<F: FnMut(Event<'_>)>(
    input: impl Read,
    options: &CheckOptions,
    across: &mut AcrossRows,
    on: &mut F,
) -> io::Result<Summary> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    let mut run = Run::new(options, mark(), across, on);
    if bytes.len() as u64 > MAX_BYTES {
        let megabytes = MAX_BYTES >> 20;
        run.refuse(format!("The workbook is larger than {megabytes} MB."));
        return Ok(run.end());
    }
    let limits = WorkbookLimits {
        unpacked: options.unpacked,
        ..WorkbookLimits::default()
    };
    let read =
        Workbook::open(Cursor::new(bytes), &limits).and_then(|mut book| run.workbook(&mut book));
    match read {
        Err(error @ WorkbookError::NoSuchSheet { .. }) => run.no_such_sheet(&error),
        Err(error) => run.refuse(format!("The workbook can't be read: {error}.")),
        Ok(()) => {}
    }
    Ok(run.end())
}

impl<F: FnMut(Event<'_>)> Run<'_, F> {
    /// Says why the workbook, or what is left of it, is not read. Rows that were read stay.
    fn refuse(&mut self, cause: String) {
        let line = match self.stage {
            Stage::Rows(_) => self.summary.lines + 1,
            Stage::Header | Stage::Unusable => 0,
        };
        if line == 0 {
            self.stage = Stage::Unusable;
        }
        self.signs.broken_off = true;
        let finding = Finding::new(Code::WORKBOOK_REFUSED, cause).at(line, 0);
        self.tell(finding.clone());
        if line > 0 {
            self.tell_unread(&finding, b"", b',');
        }
    }

    fn no_such_sheet(&mut self, error: &WorkbookError) {
        self.stage = Stage::Unusable;
        let cause = format!("The workbook can't be read: {error}.");
        let fix = "Name one of its sheets, or its number from 1, or none to read the first.";
        self.tell(Finding::new(Code::WORKBOOK_REFUSED, cause).fix(fix));
    }

    fn workbook(&mut self, book: &mut Workbook<'_>) -> Result<(), WorkbookError> {
        let kind = match book.kind() {
            WorkbookKind::Xlsx => "an Excel workbook",
            WorkbookKind::Ods => "an OpenDocument workbook",
        };
        let sheet = self.options.sheet.as_deref();
        let name = book.sheet(sheet)?.name().to_owned();
        let cause = format!("It is the sheet \"{}\" of {kind}.", display_safe(&name));
        self.tell(Finding::new(Code::WORKBOOK, cause).certain());
        self.other_sheets(book, &name);
        let (mut first, mut hidden, mut rows) = (First::default(), 0, 0);
        let mut sheet = book.sheet(sheet)?;
        for row in &mut sheet {
            let row = row?;
            rows += 1;
            hidden += u64::from(row.hidden);
            self.sheet_row(row, &mut first);
        }
        if rows == 0 {
            let cause = "There is nothing on the sheet.";
            self.tell(Finding::new(Code::EMPTY_FILE, cause));
            self.stage = Stage::Unusable;
        }
        self.first_rows(&mut first, true);
        self.merged(sheet.merged());
        if hidden > 0 {
            let cause = match hidden {
                1 => "One row is hidden.".into(),
                rows => format!("{rows} rows are hidden."),
            };
            self.tell(Finding::new(Code::HIDDEN_ROWS, cause));
        }
        Ok(())
    }

    /// Says which cells rows below the header share.
    fn merged(&mut self, merged: &Merged) {
        let Some((cells, first)) = merged.below(self.first.header) else {
            return;
        };
        if !self.summary.is_usable() {
            return;
        }
        let cells = match cells {
            1 => "One cell is".into(),
            cells => format!("{cells} cells are"),
        };
        let cause = format!(
            "{cells} merged over rows, the first in row {first}: the rows below have nothing there."
        );
        self.tell(Finding::new(Code::MERGED_CELLS, cause));
    }

    /// Names the other sheets on which something stands, hidden ones too.
    fn other_sheets(&mut self, book: &mut Workbook<'_>, read: &str) {
        let others = book.sheets().iter().filter(|sheet| sheet.name != read);
        let others: Vec<SheetInfo> = others.take(MAX_SHEETS).cloned().collect();
        let filled = |sheet: &&SheetInfo| {
            let rows = book.sheet(Some(&sheet.name));
            rows.is_ok_and(|mut rows| rows.next().is_some())
        };
        let filled: Vec<&SheetInfo> = others.iter().filter(filled).collect();
        let named = |hidden: bool| {
            let named = filled.iter().filter(|sheet| sheet.hidden == hidden);
            let named = named.map(|sheet| display_safe(&sheet.name));
            named.collect::<Vec<_>>().join("\", \"")
        };
        let cause = match (named(false), named(true)) {
            (seen, hidden) if seen.is_empty() && hidden.is_empty() => return,
            (seen, hidden) if hidden.is_empty() => format!("Something stands on \"{seen}\" too."),
            (seen, hidden) if seen.is_empty() => {
                format!("Something stands on the hidden sheet \"{hidden}\" too.")
            }
            (seen, hidden) => {
                format!("Something stands on \"{seen}\" too, and on the hidden \"{hidden}\".")
            }
        };
        self.tell(Finding::new(Code::OTHER_SHEETS, cause));
    }

    fn sheet_row(&mut self, row: SheetRow, first: &mut First) {
        let above = u64::from(row.number) - 1;
        let fields: Vec<Field> = row.cells.into_iter().map(Field::from).collect();
        while matches!(self.stage, Stage::Header) && (first.rows.len() as u64) < above {
            first.rows.push((Vec::new(), String::new()));
            self.first_rows(first, false);
        }
        if matches!(self.stage, Stage::Header) {
            let line = as_line(&fields);
            first.rows.push((fields, line));
            return self.first_rows(first, false);
        }
        self.blank_rows(above);
        match &self.stage {
            Stage::Rows(reading) => {
                let reading = Arc::clone(reading);
                self.sheet_fields(&reading, fields);
            }
            Stage::Header | Stage::Unusable => {
                self.summary.lines += 1;
                self.summary.skipped += 1;
            }
        }
    }

    /// Finds out from the first rows how rows are read, and goes through those below the header.
    fn first_rows(&mut self, first: &mut First, last: bool) {
        if !matches!(self.stage, Stage::Header) {
            return;
        }
        let lines: Vec<Line<'_>> = first.rows.iter().map(|(_, text)| line(text)).collect();
        let Some(done) = self.decide(&lines, last, false) else {
            return;
        };
        let rows = mem::take(&mut first.rows);
        for (fields, _) in rows.into_iter().skip(done) {
            match &self.stage {
                Stage::Rows(reading) => {
                    let reading = Arc::clone(reading);
                    self.sheet_fields(&reading, fields);
                }
                Stage::Header | Stage::Unusable => {
                    self.summary.lines += 1;
                    self.summary.skipped += 1;
                }
            }
        }
    }

    /// Rows up to `last` that are blank, if they were not gone through.
    fn blank_rows(&mut self, last: u64) {
        let lines = last.saturating_sub(self.summary.lines);
        if lines == 0 {
            return;
        }
        if matches!(self.stage, Stage::Unusable) {
            self.summary.lines += lines;
            self.summary.skipped += lines;
            return;
        }
        let cause = match lines {
            1 => "The row is blank.".into(),
            _ => format!("Rows {} to {last} are blank.", self.summary.lines + 1),
        };
        let line = Line { lines, ..line("") };
        self.skipped(line, Finding::new(Code::BLANK_ROW, cause).certain());
    }

    fn sheet_fields(&mut self, reading: &Arc<Reading>, mut fields: Vec<Field>) {
        // A sheet ends a row with its last filled cell.
        while fields.len() < reading.layout.slots.len() {
            fields.push(Field::new(""));
        }
        let text = as_line(&fields);
        let line = Line {
            delimiter: b',',
            ..line(&text)
        };
        let mut scratch = mem::take(&mut self.scratch);
        let mut lines = Lines {
            options: self.options,
            reading: Arc::clone(reading),
            scratch: &mut scratch,
            sink: self,
        };
        lines.fields(reading, line, None, fields);
        self.scratch = scratch;
    }
}

impl From<SheetCell> for Field {
    fn from(cell: SheetCell) -> Self {
        let kind = match cell.kind {
            CellKind::Empty | CellKind::Text => FieldKind::Text,
            CellKind::Boolean => FieldKind::Boolean,
            CellKind::Number { lost_digits } => FieldKind::Number { lost_digits },
            CellKind::Date => FieldKind::Date,
            CellKind::Error | CellKind::NotCalculated => FieldKind::Error,
        };
        Self {
            kind,
            ..Self::new(cell.text)
        }
    }
}

/// A row's line; it has no end, and yet it is no open one.
fn line(text: &str) -> Line<'_> {
    Line {
        text: text.as_bytes(),
        length: text.len() + 1,
        lines: 1,
        delimiter: b',',
        wrapped: false,
    }
}

/// The row as a line of CSV.
fn as_line(fields: &[Field]) -> String {
    let mut line = String::new();
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        if field.text.contains([',', '"', '\n', '\r']) {
            let text = field.text.replace('"', "\"\"");
            // Writing to a string can't fail.
            let _ = write!(line, "\"{text}\"");
        } else {
            line.push_str(&field.text);
        }
    }
    line
}
