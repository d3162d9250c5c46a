//! Headers below the first rows: merged files leave them behind.

use super::names::column_named;
use super::recognize::in_fields;
use super::remarks::own_header;
use super::{DELIMITERS, Layout, Slot, holding, repaired};
use crate::check::CheckOptions;
use crate::code::Code;
use crate::dialect::{Column, Dialect};
use crate::fields::{Field, split};
use crate::finding::{Finding, is_blank};
use crate::identifier::fold;

/// The longest header that is looked up, in bytes.
const LONGEST: usize = 64;

/// A header further down.
pub(crate) enum Another {
    /// The columns stay where they are.
    Same,
    /// The lines below it have other columns.
    Other(Box<(Layout, Finding)>),
}

/// Reads fields further down as a header; `None` when they are none. `text` is the whole line,
/// where there is one, and is tried with other separators too.
pub(crate) fn another(
    text: Option<&str>,
    fields: &[Field],
    before: &Layout,
    options: &CheckOptions,
) -> Option<Another> {
    if let Some((own, remarks)) = text.and_then(own_header) {
        let fields = split(own, remarks.delimiter);
        return read(&fields, remarks.delimiter, remarks.count, before, options)
            .filter(|_| is_header(&fields, None));
    }
    if is_header(fields, Some(before)) {
        return read(fields, before.delimiter, 0, before, options);
    }
    if fields.len() > 2 {
        return None;
    }
    let others = DELIMITERS.into_iter().filter(|by| *by != before.delimiter);
    for delimiter in others.filter(|by| text.is_some_and(|text| text.contains(char::from(*by)))) {
        let fields = split(text.unwrap_or_default(), delimiter);
        if is_header(&fields, None) {
            return read(&fields, delimiter, 0, before, options);
        }
    }
    None
}

/// Whether fields are a header: at least two of them, or all, name columns, one of them an
/// identifier's, and the others hold no digits as a device's values would.
pub(crate) fn is_header(fields: &[Field], before: Option<&Layout>) -> bool {
    let (mut columns, mut labels): (Vec<Column>, Vec<Column>) = (Vec::new(), Vec::new());
    let mut others = 0;
    for (at, field) in fields.iter().enumerate() {
        let text = field.text.trim_matches(is_blank);
        let slot = before.and_then(|before| before.slots.get(at));
        if text.is_empty() {
            continue;
        }
        if let Some(Slot::Label(column)) = slot
            && column_named(text) == Some(*column)
        {
            labels.push(*column);
            continue;
        }
        if text.len() > LONGEST {
            return false;
        }
        // "System manufacturer" and the like are values that nobody filled in.
        match column_named(text).filter(|_| !fold(text).starts_with("system ")) {
            Some(column) if !columns.contains(&column) => columns.push(column),
            None if text.contains(|c: char| c.is_ascii_digit()) => return false,
            _ => others += 1,
        }
    }
    if others == 0 && !columns.is_empty() {
        // Nothing but names: those in the places of a report's labels count as well.
        columns.extend(labels);
    }
    let identifies =
        |column: &Column| matches!(column, Column::Serial | Column::Pkid | Column::Hash);
    columns.iter().any(identifies) && columns.len() >= 2 && columns.len() >= others
}

fn read(
    fields: &[Field],
    delimiter: u8,
    remarks: usize,
    before: &Layout,
    options: &CheckOptions,
) -> Option<Another> {
    let mut layout = in_fields(fields, delimiter, options.channel)?.behind_remarks(remarks);
    if layout.slots == before.slots && delimiter == before.delimiter {
        return Some(Another::Same);
    }
    layout.list = holding(before.list, &layout);
    let target = repaired(layout.list, options.channel);
    let finding = changes(fields, &layout, target);
    Some(Another::Other(Box::new((layout, finding))))
}

fn changes(fields: &[Field], layout: &Layout, target: Dialect) -> Finding {
    let title = layout.dialect.title();
    let mut cause = format!("From here on the columns are those of \"{title}\".");
    let lost: Vec<&str> = layout
        .columns()
        .filter(|column| !kept(*column, target))
        .map(Column::name)
        .collect();
    if !lost.is_empty() {
        let (target, lost) = (target.title(), lost.join(", "));
        cause = format!("{cause} The repaired list, \"{target}\", has no column for the {lost}.");
    }
    let names: Vec<&str> = fields.iter().map(|field| field.text.as_str()).collect();
    Finding::new(Code::HEADER_CHANGES, cause)
        .found(&names.join(","))
        .certain()
}

/// Whether a column's values stand in a list of that dialect: an order ID as the group tag.
fn kept(column: Column, target: Dialect) -> bool {
    target.has(column) || column == Column::OrderId && target.has(Column::GroupTag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Another> {
        let before = Layout::exact(Dialect::PartnerCenter);
        let options = CheckOptions::default();
        another(Some(line), &split(line, b','), &before, &options)
    }

    #[test]
    fn the_same_columns_in_other_writing_change_nothing() {
        for line in [
            Dialect::PartnerCenter.header(),
            Dialect::PartnerCenterSample.header(),
            "\u{feff}SERIAL,pkid,\"Hash\", Make ,Modell",
        ] {
            assert!(matches!(read(line), Some(Another::Same)), "{line}");
        }
    }

    #[test]
    fn other_columns_or_another_separator_change_the_layout() {
        for (line, dialect, delimiter) in [
            (Dialect::Intune.header(), Dialect::Intune, b','),
            (
                "Manufacturer;Model;Serial Number",
                Dialect::ManagedDesktopPartner,
                b';',
            ),
            (
                "Serial Number,Location,Model,Manufacturer,,,",
                Dialect::ManagedDesktopPartner,
                b',',
            ),
        ] {
            let Some(Another::Other(other)) = read(line) else {
                panic!("{line}");
            };
            let (layout, finding) = *other;
            assert_eq!((layout.dialect, layout.delimiter), (dialect, delimiter));
            assert_eq!(layout.list, Dialect::PartnerCenter);
            let tag = finding
                .cause
                .contains("no column for the group tag, assigned user");
            assert_eq!(tag, dialect == Dialect::Intune, "{}", finding.cause);
        }
    }

    #[test]
    fn a_row_is_no_header() {
        for line in [
            "0042,,,Contoso,Book 13",
            "System manufacturer,System Product Name,System Serial Number",
            "Model,Model,A1",
            "Serial Number,,,,",
            "ABCDEF,,,Make,Model",
            "PF02NCT8,,,Manufacturer,Model",
            ",,,,",
            "",
        ] {
            assert!(read(line).is_none(), "{line}");
        }
    }
}
