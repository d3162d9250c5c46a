//! The form of a row, with care: letters, quotes, number of fields, blanks.
//!
//! Only rows that are not plainly in order come here.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::formula;
use super::letters::{is_look_alike, is_odd_blank};
use super::row::Notes;
use super::spreadsheet::{as_number, is_error};
use crate::cells::Cells;
use crate::code::Code;
use crate::dialect::Column;
use crate::fields::{Field, FieldKind};
use crate::finding::{Finding, display_safe, is_blank, is_invisible};
use crate::header::Slot;

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
    let readable = !notes.spoilt() && quotes(fields, notes) && count(fields, notes);
    let (mut raw, mut values) = (Cells::default(), Cells::default());
    let slots = &notes.layout.slots;
    for (field, slot) in fields.iter().zip(slots) {
        match *slot {
            Slot::Holds(column) => {
                raw.set(column, field.text.as_str());
                if readable {
                    cell(field.kind, column, &field.text, notes);
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
        let cause = format!(
            "The group tag \"{}\" stays, and the order ID is left out.",
            display_safe(tag)
        );
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
        let cause = "A quote opens or closes where it can't.";
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
        let cause = format!("The row has {there} fields for {wanted} columns.");
        notes.add(Finding::new(Code::MISSING_FIELDS, cause).certain());
    } else if there > wanted {
        let cause = format!("The row has {there} fields for {wanted} columns.");
        let finding = Finding::new(Code::EXTRA_FIELDS, cause).at(0, wanted as u32 + 1);
        let empty = fields[wanted..]
            .iter()
            .all(|f| f.text.trim_matches(is_blank).is_empty());
        return notes.add(if empty {
            finding.certain()
        } else {
            finding.guess()
        });
    }
    true
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

/// [`value`] for one that does not come from a line: a quotation mark in it is part of it.
pub(crate) fn value_alone(text: &str, column: Column, notes: &mut Notes<'_>) -> String {
    if text.contains('"') && formula::inside(text).is_none() {
        let cause = format!("The {} holds a quotation mark.", column.name());
        let finding = Finding::new(Code::QUOTE_UNCLOSED, cause).field(column);
        notes.add(finding.guess());
    }
    value(text, column, notes)
}

/// What a workbook's cell is, where that tells more than its text.
fn cell(kind: FieldKind, column: Column, text: &str, notes: &mut Notes<'_>) {
    if kind == FieldKind::Error && !is_error(text.trim_matches(is_blank)) {
        let cause = "The cell holds a spreadsheet's error.";
        let finding = Finding::new(Code::SPREADSHEET_ERROR, cause).field(column);
        notes.add(finding.found(text));
    }
    if column == Column::Serial {
        notes.serial_kind = kind;
    }
}

/// One value: blanks off, odd characters named. What is wrong inside a hash is for its own rules.
pub(crate) fn value(text: &str, column: Column, notes: &mut Notes<'_>) -> String {
    let hash = column == Column::Hash;
    let mut value = text.trim_matches(is_blank).to_string();
    if !hash {
        value.retain(|c| !is_invisible(c));
    }
    if text.contains(['\n', '\r']) {
        line_break(text, &mut value, column, notes);
    } else if value != text {
        let mut finding = Finding::new(Code::BLANKS, blanks_cause(text, &value)).field(column);
        if !hash {
            finding = finding.found(text);
        }
        notes.add(finding.corrected(value.as_str()));
    }
    formula::out_of(&mut value, column, notes);
    if is_error(&value) {
        let cause = "A spreadsheet shows this where it has no value.";
        let finding = Finding::new(Code::SPREADSHEET_ERROR, cause).field(column);
        notes.add(finding.found(&value));
    } else if !hash {
        characters(&mut value, column, notes);
    } else if let Some(bare) = value.strip_prefix('\'') {
        let cause = "An apostrophe stands in front of the hardware hash.";
        let finding = Finding::new(Code::APOSTROPHE, cause).field(column);
        let bare = bare.to_owned();
        notes.add(finding.corrected(bare.as_str()));
        value = bare;
    }
    value
}

/// Notes a line break in a value: certain at its edges, a guess inside. What is left of a hash is
/// for its own rules.
fn line_break(text: &str, value: &mut String, column: Column, notes: &mut Notes<'_>) {
    let cause = format!("The {} goes on in the next line.", column.name());
    let finding = Finding::new(Code::VALUE_ON_TWO_LINES, cause).field(column);
    if column == Column::Hash {
        notes.add(finding.certain());
    } else if value.contains(['\n', '\r']) {
        let words = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if notes.add(finding.found(text).guessed(words.as_str())) {
            *value = words;
        }
    } else {
        notes.add(finding.found(text).corrected(value.as_str()));
    }
}

fn blanks_cause(text: &str, value: &str) -> &'static str {
    if value.is_empty() {
        "The field holds only blanks."
    } else if text.contains(is_invisible) {
        "There are characters in or around the value that nobody sees."
    } else {
        "There are blanks around the value."
    }
}

/// Names characters that can't stand in a value; takes them out where that guess is accepted.
fn characters(value: &mut String, column: Column, notes: &mut Notes<'_>) {
    let name = column.name();
    if let Some(c) = value.chars().find(|c| c.is_control()) {
        let cause = format!(
            "The {name} holds the control character U+{:04X}.",
            u32::from(c)
        );
        let without = value.replace(char::is_control, "");
        replace(
            value,
            without,
            Finding::new(Code::CONTROL_CHARACTER, cause),
            column,
            notes,
        );
    }
    // A decimal comma is what a spreadsheet made of the value: told where a hash may prove it.
    let identifier = matches!(column, Column::Serial | Column::Pkid);
    if value.contains(',') && !(identifier && as_number(value).is_some()) {
        let cause = format!("The {name} holds a comma.");
        let words = value.split([',', ' ']).filter(|word| !word.is_empty());
        let without = words.collect::<Vec<_>>().join(" ");
        replace(
            value,
            without,
            Finding::new(Code::COMMA_IN_VALUE, cause),
            column,
            notes,
        );
    }
    if value.contains('"') {
        // Only where stray quotes are accepted a value comes so far with one.
        value.retain(|c| c != '"');
    }
    // Signs that look like plain ones are named where it is known whether a hash proves the value.
    let foreign = |c: &char| {
        !c.is_ascii()
            && !is_look_alike(*c)
            && !is_odd_blank(*c)
            && WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).2
    };
    if let Some(c) = value.chars().find(foreign) {
        let cause = format!("The {name} holds \"{c}\", which ANSI text does not have.");
        notes.add(
            Finding::new(Code::NOT_ANSI, cause)
                .field(column)
                .found(value),
        );
    }
}

/// Notes a finding whose repair is a guess, and does it where that is accepted.
fn replace(
    value: &mut String,
    guess: String,
    finding: Finding,
    column: Column,
    notes: &mut Notes<'_>,
) {
    let finding = finding.field(column).found(value).guessed(guess.as_str());
    if notes.add(finding) {
        *value = guess;
    }
}
