//! An XLSX workbook (ECMA-376): its sheets, and what their cells refer to.

use quick_xml::events::Event;

use super::SheetInfo;
use super::error::{Limit, WorkbookError, damaged};
use super::package::Package;
use super::relationships::Relationships;
use super::strings::SharedStrings;
use super::styles::Styles;
use super::xml::attributes;

/// What cells refer to.
#[derive(Default)]
pub(super) struct Book {
    pub(super) strings: SharedStrings,
    pub(super) styles: Styles,
    /// Days are counted from 1904.
    pub(super) from_1904: bool,
    /// The parts of the sheets.
    pub(super) parts: Vec<String>,
}

/// The part with the list of sheets, when the package is such a workbook.
pub(super) fn main_part(package: &mut Package<'_>) -> Result<Option<String>, WorkbookError> {
    let relationships = Relationships::read(package, "")?;
    let part = relationships.of_kind("officeDocument");
    let part = part.unwrap_or("xl/workbook.xml").to_string();
    // Text documents and presentations lead to theirs in the same way, binary workbooks to bytes.
    match first_element(package, &part) {
        Ok(name) => Ok((name.as_deref() == Some("workbook")).then_some(part)),
        Err(error) if part.to_lowercase().ends_with("workbook.xml") => Err(error.in_part(&part)),
        Err(WorkbookError::Damaged { .. } | WorkbookError::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn first_element(package: &mut Package<'_>, part: &str) -> Result<Option<String>, WorkbookError> {
    let Some(mut xml) = package.small_xml(part)? else {
        return Ok(None);
    };
    loop {
        match xml.next()? {
            Event::Start(element) => return Ok(Some(element.local_name().as_ref().to_string())),
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// Reads everything but the sheets.
pub(super) fn open(
    package: &mut Package<'_>,
    part: &str,
) -> Result<(Vec<SheetInfo>, Book), WorkbookError> {
    let relationships = Relationships::read(package, part)?;
    let mut book = Book::default();
    let sheets = read_sheets(package, part, &relationships, &mut book)
        .map_err(|error| error.in_part(part))?;
    if let Some(part) = relationships.of_kind("styles")
        && let Some(mut xml) = package.small_xml(part)?
    {
        book.styles = Styles::read(&mut xml).map_err(|error| error.in_part(part))?;
    }
    if let Some(part) = relationships.of_kind("sharedStrings")
        && package.has(part)
    {
        let limits = *package.limits();
        let mut xml = package.large_xml(part)?;
        let strings = SharedStrings::read(&mut xml, &limits);
        book.strings = strings.map_err(|error| error.in_part(part))?;
    }
    Ok((sheets, book))
}

/// The sheets of cells in their order; sheets of charts and macros are left out.
fn read_sheets(
    package: &mut Package<'_>,
    part: &str,
    relationships: &Relationships,
    book: &mut Book,
) -> Result<Vec<SheetInfo>, WorkbookError> {
    let limits = *package.limits();
    let mut sheets = Vec::new();
    let Some(mut xml) = package.small_xml(part)? else {
        return Err(damaged("it is missing"));
    };
    loop {
        let event = xml.next()?;
        let element = match event {
            Event::Start(element) => element,
            Event::Eof => return Ok(sheets),
            _ => continue,
        };
        match element.local_name().as_ref() {
            "workbookPr" => {
                for pair in attributes(&element) {
                    if let ("date1904", value) = pair? {
                        book.from_1904 = matches!(value.as_ref(), "1" | "true" | "on");
                    }
                }
            }
            "sheet" => {
                let (mut name, mut id, mut hidden) = (String::new(), String::new(), false);
                for pair in attributes(&element) {
                    match pair? {
                        ("name", value) => name = value.into_owned(),
                        ("id", value) => id = value.into_owned(),
                        ("state", value) => hidden = value != "visible",
                        _ => {}
                    }
                }
                if let Some(("worksheet", part)) = relationships.get(&id) {
                    sheets.push(SheetInfo { name, hidden });
                    book.parts.push(part.to_string());
                    limits.check(Limit::Sheets, sheets.len() as u64)?;
                }
            }
            _ => {}
        }
    }
}
