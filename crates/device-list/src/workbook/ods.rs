//! An ODS workbook (`OpenDocument` 1.2 part 1): its tables.

use std::collections::BTreeSet;

use quick_xml::events::Event;

use super::SheetInfo;
use super::error::{Limit, WorkbookError};
use super::limits::WorkbookLimits;
use super::package::Package;
use super::xml::{Xml, attributes};

const MIME: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
/// The part that holds all tables.
pub(super) const CONTENT: &str = "content.xml";

/// Whether the package says that it is such a workbook, or a template of one.
pub(super) fn is_ods(package: &mut Package<'_>) -> Result<bool, WorkbookError> {
    let mime = package.beginning("mimetype");
    let mime = mime.map_err(|error| error.in_part("mimetype"))?;
    Ok(mime.is_some_and(|mime| mime.starts_with(MIME)))
}

/// Goes through all tables once, so that their names are known.
pub(super) fn open(package: &mut Package<'_>) -> Result<Vec<SheetInfo>, WorkbookError> {
    refuse_locked(package)?;
    let limits = *package.limits();
    let mut xml = package.large_xml(CONTENT).map_err(in_content)?;
    let mut sheets = Vec::new();
    let listed = list(&mut xml, &mut sheets, &limits);
    match listed.map_err(in_content) {
        // What stands in front of the damage is good, and reading comes upon it again.
        Err(WorkbookError::Damaged { .. }) if !sheets.is_empty() => {}
        other => other?,
    }
    Ok(sheets)
}

pub(super) fn in_content(error: WorkbookError) -> WorkbookError {
    error.in_part(CONTENT)
}

fn refuse_locked(package: &mut Package<'_>) -> Result<(), WorkbookError> {
    const MANIFEST: &str = "META-INF/manifest.xml";
    let Some(mut xml) = package.small_xml(MANIFEST)? else {
        return Ok(());
    };
    loop {
        match xml.next().map_err(|error| error.in_part(MANIFEST))? {
            Event::Start(element) if element.local_name().as_ref() == "encryption-data" => {
                return Err(WorkbookError::Locked);
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn list(
    xml: &mut Xml<'_>,
    sheets: &mut Vec<SheetInfo>,
    limits: &WorkbookLimits,
) -> Result<(), WorkbookError> {
    let mut hidden_styles = BTreeSet::new();
    let mut style = String::new();
    loop {
        let event = xml.next()?;
        let element = match &event {
            Event::Start(element) => element,
            Event::Eof => return Ok(()),
            _ => continue,
        };
        match Element::of(element.local_name().as_ref()) {
            Element::Holder => {}
            Element::Style => {
                style.clear();
                for pair in attributes(element) {
                    if let ("name", name) = pair? {
                        style.push_str(&name);
                    }
                }
            }
            Element::TableStyle => {
                for pair in attributes(element) {
                    if let ("display", display) = pair?
                        && display == "false"
                    {
                        hidden_styles.insert(style.clone());
                    }
                }
            }
            Element::Table => {
                let (mut name, mut hidden) = (String::new(), false);
                for pair in attributes(element) {
                    match pair? {
                        ("name", value) => name = value.into_owned(),
                        ("style-name", value) => hidden = hidden_styles.contains(value.as_ref()),
                        _ => {}
                    }
                }
                sheets.push(SheetInfo { name, hidden });
                limits.check(Limit::Sheets, sheets.len() as u64)?;
                drop(event);
                xml.skip()?;
            }
            Element::Other => {
                drop(event);
                xml.skip()?;
            }
        }
    }
}

/// What stands on the way to the tables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// Tables or styles stand in it.
    Holder,
    Style,
    TableStyle,
    Table,
    Other,
}

impl Element {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "document-content" | "automatic-styles" | "body" | "spreadsheet" => Self::Holder,
            "style" => Self::Style,
            "table-properties" => Self::TableStyle,
            "table" => Self::Table,
            _ => Self::Other,
        }
    }
}
