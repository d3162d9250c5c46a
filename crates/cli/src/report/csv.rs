//! Findings as CSV: one line each, safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use device_list::{Column, Finding};

use super::tally::{Checked, Total};
use super::{Report, original_code};
use crate::terminal::safe;

const HEADER: &str = "file,line,column,byte,field,row,severity,code,title,cause,fix,found,\
                      corrected,certain,dds";

/// What a spreadsheet takes for the beginning of a formula, the wide signs of East Asia included.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Writes the lines.
pub(super) struct CsvReport<W> {
    out: W,
    file: String,
    begun: bool,
}

impl<W: Write> CsvReport<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            file: String::new(),
            begun: false,
        }
    }

    fn header(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            write!(self.out, "{HEADER}\r\n")?;
        }
        Ok(())
    }
}

impl<W: Write> Report for CsvReport<W> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        name.clone_into(&mut self.file);
        self.header()
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
        let cells = [
            csv_cell(&self.file),
            finding.line.to_string(),
            finding.column.to_string(),
            number(finding.byte),
            csv_cell(finding.field.map(Column::name).unwrap_or_default()),
            number(finding.row.map(u64::from)),
            finding.severity.to_string(),
            finding.code.to_string(),
            csv_cell(finding.code.title()),
            csv_cell(&finding.cause),
            csv_cell(&finding.fix),
            csv_cell(finding.found.as_deref().unwrap_or_default()),
            csv_cell(corrected(finding)),
            finding.certain.to_string(),
            csv_cell(&original_code(finding.code)),
        ];
        write!(self.out, "{}\r\n", cells.join(","))
    }

    fn checked(&mut self, _: &Checked) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _: &Total) -> io::Result<()> {
        self.header()?;
        self.out.flush()
    }
}

/// The right value; a hash is too long for a spreadsheet and too secret for one that is sent on.
fn corrected(finding: &Finding) -> &str {
    match finding.corrected.as_deref() {
        Some(_) if finding.field == Some(Column::Hash) => "(the hash put right)",
        corrected => corrected.unwrap_or_default(),
    }
}

/// A text as a CSV cell: control characters escaped, an apostrophe in front of what a spreadsheet
/// would take for a formula, quotes where they are needed.
pub(crate) fn csv_cell(text: &str) -> String {
    let text = safe(text);
    let text: Cow<'_, str> = if text.trim_start().starts_with(FORMULA) {
        format!("'{text}").into()
    } else {
        text.into()
    };
    if text.contains([',', '"']) || text.trim().len() != text.len() {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::csv_cell;

    #[test]
    fn no_cell_is_a_formula_or_breaks_its_line() {
        assert_eq!(csv_cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(csv_cell(" @SUM(A1)"), "' @SUM(A1)");
        assert_eq!(csv_cell("＝1+1"), "'＝1+1");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_cell("a\r\n=b"), "a\\u{d}\\u{a}=b");
        assert_eq!(csv_cell("0042"), "0042");
    }
}
