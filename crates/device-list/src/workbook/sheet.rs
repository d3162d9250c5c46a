//! A sheet that is being read.

use std::mem;

use super::cell::SheetRow;
use super::error::WorkbookError;
use super::limits::WorkbookLimits;
use super::merged::Merged;
use super::ods;
use super::ods_rows::OdsRows;
use super::package::Package;
use super::xlsx::Book;
use super::xlsx_rows::XlsxRows;

/// The rows of one sheet in which something stands, in their order.
///
/// Where the workbook is damaged or asks for too much, the rows before are handed out, then the
/// error, then nothing.
pub struct Sheet<'w> {
    name: &'w str,
    /// The part that its cells stand in.
    part: &'w str,
    rows: Rows<'w>,
    merged: Merged,
}

enum Rows<'w> {
    Xlsx(Box<XlsxRows<'w>>),
    Ods(Box<OdsRows<'w>>),
    Ended,
}

impl<'w> Sheet<'w> {
    pub(super) fn open(
        name: &'w str,
        at: usize,
        package: &'w mut Package<'_>,
        book: Option<&'w Book>,
        limits: &WorkbookLimits,
    ) -> Result<Self, WorkbookError> {
        let part = book.map_or(ods::CONTENT, |book| &book.parts[at]);
        let in_part = |error: WorkbookError| error.in_part(part);
        let xml = package.large_xml(part).map_err(in_part)?;
        let rows = match book {
            Some(book) => Rows::Xlsx(Box::new(
                XlsxRows::open(xml, book, limits).map_err(in_part)?,
            )),
            None => Rows::Ods(Box::new(OdsRows::open(xml, at, limits).map_err(in_part)?)),
        };
        Ok(Self {
            name,
            part,
            rows,
            merged: Merged::default(),
        })
    }

    /// The sheet's name.
    pub fn name(&self) -> &'w str {
        self.name
    }

    /// What its cells say that rows share: known behind the last row.
    pub fn merged(&self) -> &Merged {
        &self.merged
    }
}

impl Iterator for Sheet<'_> {
    type Item = Result<SheetRow, WorkbookError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match &mut self.rows {
            Rows::Xlsx(rows) => rows.next(),
            Rows::Ods(rows) => rows.next(),
            Rows::Ended => return None,
        };
        if !matches!(row, Ok(Some(_))) {
            match &mut self.rows {
                Rows::Xlsx(rows) => self.merged = mem::take(&mut rows.merged),
                Rows::Ods(rows) => self.merged = mem::take(&mut rows.merged),
                Rows::Ended => {}
            }
            self.rows = Rows::Ended;
        }
        row.map_err(|error| error.in_part(self.part)).transpose()
    }
}
