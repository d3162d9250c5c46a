//! The styles of an XLSX workbook, as far as they say what a number is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::error::WorkbookError;
use super::number_format::NumberFormat;
use super::xml::{Xml, attribute, attributes};

/// Number formats by the number of a cell's style.
#[derive(Default)]
pub(super) struct Styles {
    /// The ids of formats.
    ids: Vec<u32>,
    own: BTreeMap<u32, NumberFormat>,
}

impl Styles {
    /// Reads the part: the formats that the workbook defines, and which style has which.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self, WorkbookError> {
        let mut styles = Self::default();
        loop {
            let event = xml.next()?;
            let list = match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "styleSheet" => continue,
                    "numFmts" => List::Formats,
                    "cellXfs" => List::Cells,
                    _ => List::Other,
                },
                Event::Eof => return Ok(styles),
                _ => continue,
            };
            drop(event);
            match list {
                List::Formats => styles.read_formats(xml)?,
                List::Cells => styles.read_cells(xml)?,
                List::Other => xml.skip()?,
            }
        }
    }

    fn read_formats(&mut self, xml: &mut Xml<'_>) -> Result<(), WorkbookError> {
        loop {
            match xml.next()? {
                Event::Start(element) => {
                    let (mut id, mut format) = (None, NumberFormat::Plain);
                    for pair in attributes(&element) {
                        match pair? {
                            ("numFmtId", value) => id = value.parse().ok(),
                            ("formatCode", value) => format = NumberFormat::read(&value),
                            _ => {}
                        }
                    }
                    if let Some(id) = id {
                        self.own.insert(id, format);
                    }
                }
                Event::End(_) => return Ok(()),
                _ => continue,
            }
            xml.skip()?;
        }
    }

    fn read_cells(&mut self, xml: &mut Xml<'_>) -> Result<(), WorkbookError> {
        loop {
            match xml.next()? {
                Event::Start(element) => {
                    let id = attribute(&element, "numFmtId")?;
                    self.ids
                        .push(id.and_then(|id| id.parse().ok()).unwrap_or(0));
                }
                Event::End(_) => return Ok(()),
                _ => continue,
            }
            xml.skip()?;
        }
    }

    /// The format of a style; that of an unknown one is plain.
    pub(super) fn format(&self, style: usize) -> Cow<'_, NumberFormat> {
        let id = self.ids.get(style).copied().unwrap_or(0);
        self.own
            .get(&id)
            .map_or_else(|| Cow::Owned(NumberFormat::built_in(id)), Cow::Borrowed)
    }
}

enum List {
    Formats,
    Cells,
    Other,
}
