//! The form of a row, with care: letters, quotes, number of fields, blanks.
//!
//! Only rows that are not plainly in order come here.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::company::{self, Whole};
use super::formula;
use super::row::Notes;
use super::spreadsheet::is_error;
use super::value::{value, value_alone};
use crate::cells::Cells;
use crate::code::Code;
use crate::dialect::Column;
use crate::fields::{Field, FieldKind};
use crate::finding::{Finding, is_blank};
use crate::header::{Slot, column_named};

/// A row as it was sent, and after the repairs of its form.
pub(crate) struct Tidied {
    pub(crate) raw: Cells,
    /// `None` when it can't be told which text belongs to which column.
    pub(crate) values: Option<Cells>,
}

/// Which encodings lines with letters outside ASCII have shown so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Letters {
    pub(crate) utf8: bool,
    pub(crate) ansi: bool,
}

/// Decodes a line: UTF-8 where it is valid, else Windows-1252.
pub(crate) fn decode<'a>(line: &'a [u8], letters: &mut Letters) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(line) {
        letters.utf8 |= !text.is_ascii();
        text.into()
    } else {
        letters.ansi = true;
        WINDOWS_1252.decode_without_bom_handling(line).0
    }
}

/// Repairs the form of a row that was split into its fields.
pub(crate) fn tidy(fields: &[Field], notes: &mut Notes<'_>) -> Tidied {
    let whole = company::whole(fields, notes);
    let readable = !notes.spoilt()
        && quotes(fields, notes)
        && match &whole {
            Some(whole) => company_name(whole, notes),
            None => count(fields, notes),
        };
    let joined = whole.filter(|_| readable).map(|whole| whole.fields());
    let fields = joined.as_deref().unwrap_or(fields);
    let (mut raw, mut values) = (Cells::default(), Cells::default());
    let slots = &notes.layout.slots;
    for (field, slot) in fields.iter().zip(slots) {
        match *slot {
            Slot::Holds(column) => {
                raw.set(column, field.text.as_str());
                if readable {
                    cell(field.kind, column, &field.text, notes);
                    // A cell's quotation mark is no quote of a line.
                    let value = if field.stray { value } else { value_alone };
                    values.set(column, value(&field.text, column, notes));
                }
            }
            Slot::Again(column) if readable => again(&field.text, column, &mut values, notes),
            Slot::Again(_) | Slot::Label(_) | Slot::Remark | Slot::Unknown => {}
        }
    }
    order_id(&mut values, notes);
    Tidied {
        raw,
        values: readable.then_some(values),
    }
}

/// An order ID is the group tag of a row that has none (INT-HIST).
fn order_id(values: &mut Cells, notes: &mut Notes<'_>) {
    let (order, tag) = (values.get(Column::OrderId), values.get(Column::GroupTag));
    if order.is_empty() || order == tag {
        return;
    }
    if tag.is_empty() {
        values.set(Column::GroupTag, order.to_owned());
    } else {
        let cause = "The row has a group tag as well: that stays, and the order ID is left out.";
        let finding = Finding::new(Code::ORDER_ID, cause).field(Column::OrderId);
        notes.add(finding.found(order).certain());
        values.set(Column::OrderId, "");
    }
}

/// Notes quotes; `false` when where values end can't be told.
fn quotes(fields: &[Field], notes: &mut Notes<'_>) -> bool {
    let column = |at: usize| at as u32 + 1;
    let stray = |at: &usize| {
        let field = &fields[*at];
        field.stray && notes.layout.is_own(*at) && formula::inside(&field.text).is_none()
    };
    if let Some(at) = (0..fields.len()).find(stray) {
        let cause = match &fields[at] {
            field if field.open => "A quote opens and does not close.",
            field if field.text.contains('"') => "A value holds a quotation mark.",
            _ => "A quote opens or closes where it can't.",
        };
        let finding = Finding::new(Code::QUOTE_UNCLOSED, cause).at(0, column(at));
        return notes.add(finding.guess());
    }
    let quoted = |at: &usize| fields[*at].quoted && notes.layout.is_own(*at);
    if let Some(at) = (0..fields.len()).find(quoted) {
        let cause = match (0..fields.len()).filter(quoted).count() {
            1 => "A value is in quotes.".into(),
            several => format!("{several} values are in quotes."),
        };
        notes.add(
            Finding::new(Code::QUOTES, cause)
                .at(0, column(at))
                .certain(),
        );
    }
    true
}

/// Notes a wrong number of fields; `false` when a value may have slipped into another column.
fn count(fields: &[Field], notes: &mut Notes<'_>) -> bool {
    let (there, wanted) = (fields.len(), notes.layout.slots.len());
    if there < wanted {
        let cause = has_fields(there, wanted);
        notes.add(Finding::new(Code::MISSING_FIELDS, cause).certain());
    } else if there > wanted {
        let cause = has_fields(there, wanted);
        let finding = Finding::new(Code::EXTRA_FIELDS, cause).at(0, wanted as u32 + 1);
        let empty = fields[wanted..]
            .iter()
            .all(|f| f.text.trim_matches(is_blank).is_empty());
        return notes.add(if empty {
            finding.certain()
        } else if names_columns(&fields[..wanted]) {
            // A header and a row in one line: without the row it would be read as a header.
            finding
        } else {
            finding.guess()
        });
    }
    true
}

fn has_fields(there: usize, wanted: usize) -> String {
    let number = |number: usize, what: &str| match number {
        1 => format!("one {what}"),
        more => format!("{more} {what}s"),
    };
    let (fields, columns) = (number(there, "field"), number(wanted, "column"));
    format!("The row has {fields} for {columns}.")
}

/// Notes a name that takes more than one field; `false` unless the guess that it is one is accepted.
fn company_name(whole: &Whole<'_>, notes: &mut Notes<'_>) -> bool {
    let wanted = notes.layout.slots.len();
    let cause = format!(
        "The row has {} fields for {wanted} columns: a comma splits the name \"{}\".",
        wanted + whole.more,
        whole.name
    );
    let place = whole.at as u32 + 1;
    let finding = Finding::new(Code::EXTRA_FIELDS, cause).at(0, place + 1);
    notes.split = Some((place, whole.more as u32));
    notes.add(finding.guess())
}

fn names_columns(fields: &[Field]) -> bool {
    let named = fields
        .iter()
        .filter(|field| column_named(&field.text).is_some());
    named.count() >= 2
}

/// A second column for the same thing counts only where the first is empty or says the same.
fn again(text: &str, column: Column, values: &mut Cells, notes: &mut Notes<'_>) {
    let text = value(text, column, notes);
    let first = values.get(column);
    if first.is_empty() {
        values.set(column, text);
    } else if !text.is_empty() && text != first {
        let cause = format!(
            "The two columns for the {} say different things.",
            column.name()
        );
        notes.add(Finding::new(Code::DUPLICATE_COLUMN, cause).field(column));
    }
}

/// What a workbook's cell is, where that tells more than its text.
fn cell(kind: FieldKind, column: Column, text: &str, notes: &mut Notes<'_>) {
    if kind == FieldKind::Error && !is_error(text.trim_matches(is_blank)) {
        let cause = "The cell holds a spreadsheet's error.";
        let finding = Finding::new(Code::SPREADSHEET_ERROR, cause).field(column);
        notes.add(finding.found(text));
    }
    if kind == FieldKind::Boolean {
        let cause = "The cell holds true or false, as a spreadsheet understood it.";
        let finding = Finding::new(Code::SPREADSHEET_ERROR, cause).field(column);
        notes.add(finding.found(text));
    }
    if column == Column::Serial {
        notes.serial_kind = kind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::judge::{Scratch, judge};
    use crate::check::options::CheckOptions;
    use crate::check::row::Texts;
    use crate::dialect::Dialect;
    use crate::hardware_hash::HashBuilder;
    use crate::header::Layout;

    const NUMBER: FieldKind = FieldKind::Number { lost_digits: false };

    /// What is found about a row of Partner Center's layout whose serial number is in a cell of that
    /// kind, and whether it names a device.
    fn found(serial: &str, kind: FieldKind, hash: &str, names: [&str; 2]) -> (Vec<Code>, bool) {
        let layout = Layout::exact(Dialect::PartnerCenter);
        let mut notes = Notes::new(&layout, crate::code::CodeSet::default());
        let mut fields = [serial, "", hash, names[0], names[1]].map(Field::new);
        fields[0].kind = kind;
        let row = tidy(&fields, &mut notes).values.unwrap();
        let (options, mut scratch) = (CheckOptions::default(), Scratch::default());
        let texts = Texts::of(&row);
        let judged = judge(&texts, &options, &mut scratch, &mut notes, |_| {});
        let identified = judged.kind.is_some();
        let codes = notes.findings.iter().map(|finding| finding.code);
        (codes.collect(), identified)
    }

    #[test]
    fn what_a_workbooks_cell_is_counts_where_no_hash_proves_the_value() {
        let names = ["Contoso", "Book 13"];
        for (serial, kind, code) in [
            ("16520771357", NUMBER, Code::NUMBER_CELL),
            (
                "12345678901234500",
                FieldKind::Number { lost_digits: true },
                Code::DIGITS_LOST,
            ),
            ("2024-03-12", FieldKind::Date, Code::SERIAL_AS_DATE),
            ("45363", FieldKind::Date, Code::SERIAL_AS_DATE),
            ("#N/A", FieldKind::Error, Code::SPREADSHEET_ERROR),
            ("something", FieldKind::Error, Code::SPREADSHEET_ERROR),
        ] {
            assert_eq!(
                found(serial, kind, "", names),
                (vec![code], false),
                "{serial}"
            );
        }
        assert_eq!(found("0042", FieldKind::Text, "", names), (vec![], true));
    }

    #[test]
    fn where_a_hash_proves_the_value_it_does_not_matter_what_the_cell_is() {
        let hash = |serial: &str| {
            let built = HashBuilder::default()
                .uuid([7; 16])
                .text(14, serial)
                .text(16, "Contoso")
                .text(17, "Book 13");
            base64_simd::STANDARD.encode_to_string(built.finish())
        };
        let lost = FieldKind::Number { lost_digits: true };
        for (inside, serial, kind, code) in [
            ("16520771357", "16520771357", NUMBER, None),
            (
                "016520771357",
                "16520771357",
                NUMBER,
                Some(Code::SERIAL_LOST_ZEROS),
            ),
            (
                "83920174650192837",
                "83920174650192800",
                lost,
                Some(Code::SERIAL_ROUNDED),
            ),
            (
                "12-3-24",
                "2024-03-12",
                FieldKind::Date,
                Some(Code::SERIAL_FROM_DATE),
            ),
            (
                "12-3",
                "45363",
                FieldKind::Date,
                Some(Code::SERIAL_FROM_DATE),
            ),
        ] {
            let found = found(serial, kind, &hash(inside), ["", ""]);
            assert_eq!(found, (code.into_iter().collect(), true), "{serial}");
        }
    }
}
