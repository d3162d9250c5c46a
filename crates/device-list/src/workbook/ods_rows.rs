//! The rows of an ODS table, one after the other (`OpenDocument` 1.2 part 1, 9.1).

use quick_xml::events::Event;

use super::cell::{SheetCell, SheetRow};
use super::error::{Limit, WorkbookError, damaged};
use super::limits::WorkbookLimits;
use super::merged::Merged;
use super::ods::Element;
use super::ods_cell::Value;
use super::row::Meter;
use super::xml::{Xml, attributes};

/// A table that is being read.
pub(super) struct OdsRows<'w> {
    xml: Xml<'w>,
    meter: Meter,
    limits: WorkbookLimits,
    /// Of the row before.
    number: u64,
    /// A row that stands several times, and how often still.
    again: Option<(SheetRow, u64)>,
    /// Of the rows so far.
    pub(super) merged: Merged,
}

impl<'w> OdsRows<'w> {
    /// Goes to a table.
    pub(super) fn open(
        mut xml: Xml<'w>,
        table: usize,
        limits: &WorkbookLimits,
    ) -> Result<Self, WorkbookError> {
        let mut before = table;
        loop {
            let event = xml.next()?;
            let element = match &event {
                Event::Start(element) => Element::of(element.local_name().as_ref()),
                Event::Eof => return Err(damaged("it has no cells")),
                _ => continue,
            };
            drop(event);
            match element {
                Element::Table if before == 0 => break,
                Element::Table => {
                    before -= 1;
                    xml.skip()?;
                }
                Element::Holder => {}
                _ => xml.skip()?,
            }
        }
        Ok(Self {
            xml,
            meter: Meter::new(limits),
            limits: *limits,
            number: 0,
            again: None,
            merged: Merged::default(),
        })
    }

    /// The next row in which something stands.
    pub(super) fn next(&mut self) -> Result<Option<SheetRow>, WorkbookError> {
        if let Some((row, left)) = &mut self.again {
            self.meter.again(row)?;
            row.number += 1;
            *left -= 1;
            let same = row.clone();
            if *left == 0 {
                self.again = None;
            }
            return Ok(Some(same));
        }
        loop {
            let event = self.xml.next()?;
            let (mut times, mut hidden) = (1, false);
            match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "table-row" => {
                        for pair in attributes(element) {
                            match pair? {
                                ("number-rows-repeated", value) => times = repeated(&value)?,
                                ("visibility", value) => hidden = value != "visible",
                                _ => {}
                            }
                        }
                    }
                    "table-row-group" | "table-rows" | "table-header-rows" => continue,
                    _ => {
                        drop(event);
                        self.xml.skip()?;
                        continue;
                    }
                },
                Event::End(element) if element.local_name().as_ref() == "table" => {
                    drop(event);
                    self.xml.finish()?;
                    return Ok(None);
                }
                _ => continue,
            }
            drop(event);
            self.meter.begin_row()?;
            let cells = self.cells()?;
            let number = self.number.saturating_add(1);
            self.number = self.number.saturating_add(times);
            if !cells.is_empty() {
                return self.hand_out(number, times, hidden, cells).map(Some);
            }
        }
    }

    fn hand_out(
        &mut self,
        number: u64,
        times: u64,
        hidden: bool,
        cells: Vec<SheetCell>,
    ) -> Result<SheetRow, WorkbookError> {
        self.meter.row_number(self.number)?;
        let row = SheetRow {
            number: self.meter.row_number(number)?,
            hidden,
            cells,
        };
        if times > 1 {
            self.again = Some((row.clone(), times - 1));
        }
        Ok(row)
    }

    fn cells(&mut self) -> Result<Vec<SheetCell>, WorkbookError> {
        let mut cells = Vec::new();
        let mut column: u64 = 0;
        loop {
            let event = self.xml.next()?;
            let (mut times, mut value) = (1, Value::default());
            match &event {
                Event::Start(element)
                    if matches!(
                        element.local_name().as_ref(),
                        "table-cell" | "covered-table-cell"
                    ) =>
                {
                    for pair in attributes(element) {
                        match pair? {
                            ("number-columns-repeated", number) => times = repeated(&number)?,
                            ("number-rows-spanned", rows) => {
                                let row = self.number.saturating_add(1);
                                let more = rows.parse().unwrap_or(1_u64).saturating_sub(1);
                                self.merged.note(row, row.saturating_add(more));
                            }
                            (name, text) => value.take(name, text),
                        }
                    }
                }
                Event::Start(_) => {
                    drop(event);
                    self.xml.skip()?;
                    continue;
                }
                Event::End(_) => return Ok(cells),
                _ => continue,
            }
            drop(event);
            let cell = value.cell(&mut self.xml, &self.limits)?;
            let end = column.saturating_add(times);
            if !cell.is_empty() {
                self.limits.check(Limit::Columns, end)?;
                for column in column..end {
                    self.meter.put(&mut cells, column, cell.clone())?;
                }
            }
            column = end;
        }
    }
}

fn repeated(times: &str) -> Result<u64, WorkbookError> {
    match times.parse() {
        Ok(times) if times > 0 => Ok(times),
        _ => Err(damaged("something is repeated no number of times")),
    }
}
