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
    CellKind, SheetCell, SheetRow, Workbook, WorkbookError, WorkbookKind, WorkbookLimits,
};

/// The largest workbook that is read, in bytes as it is packed.
const MAX_BYTES: u64 = 256 << 20;

/// Sheets that are looked into to say whether something stands on them.
const MAX_SHEETS: usize = 20;

/// What [`Mark`] says of a workbook.
const MARK: Mark = Mark {
    encoding: Some(Encoding::Workbook),
    announced: true,
};

/// A row that was read before the header was found.
struct Pending {
    number: u64,
    fields: Vec<Field>,
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
    let mut run = Run::new(options, MARK, across, on);
    if bytes.len() as u64 > MAX_BYTES {
        let megabytes = MAX_BYTES >> 20;
        run.refuse(format!("The workbook is larger than {megabytes} MB."));
        return Ok(run.end());
    }
    let read = Workbook::open(Cursor::new(bytes), &WorkbookLimits::default())
        .and_then(|mut book| run.workbook(&mut book));
    if let Err(error) = read {
        run.refuse(format!("The workbook can't be read: {error}."));
    }
    Ok(run.end())
}

impl<F: FnMut(Event<'_>)> Run<'_, F> {
    /// Says why the workbook, or what is left of it, is not read. Rows that were read stay.
    fn refuse(&mut self, cause: String) {
        let line = match self.stage {
            Stage::Rows(_) => self.summary.lines,
            Stage::Header(_) | Stage::Unusable => 0,
        };
        if line == 0 {
            self.stage = Stage::Unusable;
        }
        self.tell(Finding::new(Code::WORKBOOK_REFUSED, cause).at(line, 0));
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
        let (mut pending, mut hidden, mut rows) = (Vec::new(), 0, 0);
        for row in book.sheet(sheet)? {
            let row = row?;
            rows += 1;
            hidden += u64::from(row.hidden);
            self.sheet_row(row, &mut pending);
        }
        if rows == 0 {
            let cause = "There is nothing on the sheet.";
            self.tell(Finding::new(Code::EMPTY_FILE, cause));
            self.stage = Stage::Unusable;
        }
        if matches!(self.stage, Stage::Header(_)) {
            self.without_header();
            self.pending(&mut pending);
        }
        if hidden > 0 {
            let cause = match hidden {
                1 => "One row is hidden.".into(),
                rows => format!("{rows} rows are hidden."),
            };
            self.tell(Finding::new(Code::HIDDEN_ROWS, cause));
        }
        Ok(())
    }

    /// Names the other sheets on which something stands.
    fn other_sheets(&mut self, book: &mut Workbook<'_>, read: &str) {
        let seen = book.sheets().iter().filter(|sheet| !sheet.hidden);
        let names: Vec<String> = seen.map(|sheet| sheet.name.clone()).collect();
        let others = names.iter().filter(|name| *name != read).take(MAX_SHEETS);
        let filled = |name: &&String| {
            let sheet = book.sheet(Some(name));
            sheet.is_ok_and(|mut sheet| sheet.next().is_some())
        };
        let filled: Vec<String> = others
            .filter(filled)
            .map(|name| display_safe(name))
            .collect();
        if !filled.is_empty() {
            let cause = format!("Something stands on \"{}\" too.", filled.join("\", \""));
            self.tell(Finding::new(Code::OTHER_SHEETS, cause));
        }
    }

    fn sheet_row(&mut self, row: SheetRow, pending: &mut Vec<Pending>) {
        let number = u64::from(row.number);
        self.blank_rows(number - 1);
        let fields: Vec<Field> = row.cells.into_iter().map(Field::from).collect();
        match &self.stage {
            Stage::Rows(reading) => {
                let reading = Arc::clone(reading);
                self.sheet_fields(&reading, fields);
            }
            Stage::Header(_) => {
                let text = as_line(&fields);
                pending.push(Pending { number, fields });
                self.header_line(text.as_bytes(), 0);
                self.pending(pending);
            }
            Stage::Unusable => {
                self.summary.lines += 1;
                self.summary.skipped += 1;
            }
        }
    }

    /// Rows up to `last` that are blank, if they were not gone through.
    fn blank_rows(&mut self, last: u64) {
        while matches!(self.stage, Stage::Header(_)) && self.summary.lines < last {
            self.header_line(b"", 0);
        }
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
        let line = Line {
            text: b"",
            length: 0,
            lines,
        };
        self.skipped(line, Finding::new(Code::BLANK_ROW, cause).certain());
    }

    /// Goes through the rows that turned out to stand below no header.
    fn pending(&mut self, pending: &mut Vec<Pending>) {
        let reading = match &self.stage {
            Stage::Header(_) => return,
            Stage::Rows(reading) => Some(Arc::clone(reading)),
            Stage::Unusable => None,
        };
        let rows = mem::take(pending);
        let Some(reading) = reading.filter(|reading| reading.header.is_empty()) else {
            return;
        };
        for row in rows {
            self.blank_rows(row.number - 1);
            self.sheet_fields(&reading, row.fields);
        }
    }

    fn sheet_fields(&mut self, reading: &Arc<Reading>, mut fields: Vec<Field>) {
        // A sheet ends a row with its last filled cell.
        while fields.len() < reading.layout.slots.len() {
            fields.push(Field::new(""));
        }
        let text = as_line(&fields);
        let line = Line {
            text: text.as_bytes(),
            length: 0,
            lines: 1,
        };
        let mut scratch = mem::take(&mut self.scratch);
        let mut lines = Lines {
            options: self.options,
            reading: Arc::clone(reading),
            scratch: &mut scratch,
            sink: self,
        };
        lines.fields(reading, line, fields);
        self.scratch = scratch;
    }
}

impl From<SheetCell> for Field {
    fn from(cell: SheetCell) -> Self {
        let kind = match cell.kind {
            CellKind::Empty | CellKind::Text | CellKind::Boolean => FieldKind::Text,
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
