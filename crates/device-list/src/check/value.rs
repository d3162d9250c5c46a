//! The form of one value: blanks around it, formulas, errors, signs that no list can carry.

use encoding_rs::WINDOWS_1252;

use super::formula;
use super::letters::{is_look_alike, is_odd_blank};
use super::row::Notes;
use super::spreadsheet::{as_number, is_error};
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::{Finding, is_blank, is_invisible};

/// [`value`] for one that does not come from a line: a quotation mark in it is part of it.
pub(crate) fn value_alone(text: &str, column: Column, notes: &mut Notes<'_>) -> String {
    if !text.contains('"') || formula::inside(text).is_some() {
        return value(text, column, notes);
    }
    let cause = format!("The {} holds a quotation mark.", column.name());
    let finding = Finding::new(Code::QUOTE_UNCLOSED, cause).field(column);
    let without = text.replace('"', "");
    let done = notes.add(match column {
        Column::Hash => finding.guess(),
        _ => finding.found(text).guessed(without.as_str()),
    });
    value(if done { &without } else { text }, column, notes)
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
        let bare = bare.trim_end_matches('\'').to_owned();
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
    // A line break is told already.
    let is_odd = |c: &char| c.is_control() && !matches!(c, '\r' | '\n');
    if let Some(c) = value.chars().find(is_odd) {
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
    if value.contains('"') && !notes.has_condemned(column) {
        // From a line, a value comes so far with one only where stray quotes are accepted.
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
