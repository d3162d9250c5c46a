//! Configuration Manager's report "Windows Autopilot Device Information", exported as CSV: lines of
//! the report viewer on top, and the column names again as the first fields of every row
//! (registration.md 6.5). What the report viewer's lines say is not known, so rows are known by
//! themselves.

use super::names::column_named;
use super::recognize::closest;
use super::{DELIMITERS, Layout, Slot, looks_like_hash, repaired};
use crate::check::Channel;
use crate::code::Code;
use crate::dialect::Column;
use crate::fields::{Field, split};
use crate::finding::{Finding, is_blank};

/// Reads a line as a row of the report; `None` when it is none.
pub(super) fn row(text: &str, channel: Channel) -> Option<Layout> {
    DELIMITERS
        .into_iter()
        .find_map(|delimiter| in_fields(&split(text, delimiter), delimiter, channel))
}

fn in_fields(fields: &[Field], delimiter: u8, channel: Channel) -> Option<Layout> {
    let mut labels: Vec<Column> = Vec::new();
    for field in fields {
        match column_named(&field.text) {
            Some(column) if !labels.contains(&column) => labels.push(column),
            _ => break,
        }
    }
    let values = fields.get(labels.len()..2 * labels.len())?;
    if labels.len() < 2 || !names_a_device(&labels, values) {
        return None;
    }
    let rest = fields.len() - 2 * labels.len();
    let slots = labels
        .iter()
        .map(|column| Slot::Label(*column))
        .chain(labels.iter().map(|column| Slot::Holds(*column)))
        .chain(std::iter::repeat_n(Slot::Unknown, rest))
        .collect();
    let texts: Vec<&str> = fields[..labels.len()]
        .iter()
        .map(|field| field.text.as_str())
        .collect();
    Some(Layout::new(
        closest(&labels, &texts, channel),
        delimiter,
        slots,
    ))
}

/// Whether values are a device's and not more names, such as the `textbox5` that reports have.
fn names_a_device(labels: &[Column], values: &[Field]) -> bool {
    labels.iter().zip(values).any(|(column, field)| {
        let text = field.text.trim_matches(is_blank);
        match column {
            Column::Hash => looks_like_hash(text),
            Column::Serial => {
                let named =
                    column_named(text).is_some() || text.to_lowercase().starts_with("textbox");
                !named && text.contains(|c: char| c.is_ascii_digit())
            }
            _ => false,
        }
    })
}

/// Whether a line that was read as a header may be the one that describes the report's columns:
/// then the next line tells.
pub(super) fn may_follow(layout: &Layout) -> bool {
    let columns = layout.columns().count();
    columns >= 2 && layout.slots.len() >= 2 * columns
}

/// The finding about the report; `above` is how many lines stand above its first row.
pub(super) fn finding(layout: &Layout, above: usize, channel: Channel) -> Finding {
    let labels = layout
        .slots
        .iter()
        .filter(|slot| matches!(slot, Slot::Label(_)));
    let lines = match above {
        0 => String::new(),
        1 => "Line 1 is the report viewer's, and ".into(),
        above => format!("Lines 1 to {above} are the report viewer's, and "),
    };
    let cause = format!(
        "This is a Configuration Manager report: {lines}the first {} fields of every row repeat \
         the names of the columns. The header must read \"{}\".",
        labels.count(),
        repaired(layout.dialect, channel).header()
    );
    Finding::new(Code::REPORT_LAYOUT, cause).certain()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn read(text: &str) -> Option<Layout> {
        row(text, Channel::PartnerCenter)
    }

    #[test]
    fn rows_that_begin_with_their_columns_names_are_known() {
        let hash = "T0FzAQEAHAAA".repeat(8);
        let names = "Device Serial Number,Windows Product ID,Hardware Hash";
        let layout = read(&format!("{names},0042,,{hash}")).unwrap();
        assert_eq!(layout.dialect, Dialect::Intune3);
        assert_eq!(
            layout.slots[..2],
            [Slot::Label(Column::Serial), Slot::Label(Column::Pkid)]
        );
        assert_eq!(layout.positions[..3], [4, 5, 6]);
        let layout = read(&format!("SerialNumber0;Hash;0042;{hash};x")).unwrap();
        assert_eq!((layout.delimiter, layout.slots[4]), (b';', Slot::Unknown));
    }

    #[test]
    fn names_alone_are_no_row() {
        let names = "Device_Serial_Number,Windows_Product_ID,Hardware_Hash";
        for text in [
            format!("{names},textbox5,textbox6,textbox7"),
            format!("{names},Device_Serial_Number1,Windows_Product_ID1,Hardware_Hash1"),
            format!("{names},,,"),
            names.into(),
            "0042,,,Contoso,Book 13".into(),
        ] {
            assert!(read(&text).is_none(), "{text}");
        }
    }
}
