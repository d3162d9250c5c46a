//! Formulas that keep a spreadsheet from changing a value: `="0042"`.

use super::row::Notes;
use crate::code::Code;
use crate::dialect::Column;
use crate::finding::{Finding, is_blank};

/// The value inside a formula that is nothing but a text; `None` where the text is something else.
pub(crate) fn inside(text: &str) -> Option<&str> {
    let text = text.trim_matches(is_blank).strip_prefix('=')?.trim_start();
    let text = match text.strip_prefix(['T', 't']) {
        Some(call) => call
            .strip_prefix('(')?
            .strip_suffix(')')?
            .trim_matches(is_blank),
        None => text,
    };
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains('"')).then_some(inside)
}

/// Takes the value out of a formula around it, and names a formula whose value is not there.
pub(crate) fn out_of(value: &mut String, column: Column, notes: &mut Notes<'_>) {
    let shown = |finding: Finding, text: &str| match column {
        Column::Hash => finding,
        _ => finding.found(text),
    };
    if let Some(text) = inside(value) {
        let text = text.trim_matches(is_blank).to_owned();
        let cause = format!("The {} stands inside a formula.", column.name());
        let finding = Finding::new(Code::FORMULA_TEXT, cause).field(column);
        notes.add(shown(finding, value).corrected(text.as_str()));
        *value = text;
    }
    if value.starts_with('=') {
        let cause = format!(
            "A formula stands in place of the {}; its result is not in the file.",
            column.name()
        );
        let finding = Finding::new(Code::FORMULA_TEXT, cause).field(column);
        notes.add(shown(finding, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_formula_that_is_a_text_has_a_value_inside() {
        for (text, value) in [
            ("=\"0042\"", "0042"),
            (" = \"0042\" ", "0042"),
            ("=T(\"0042\")", "0042"),
            ("=\"\"", ""),
        ] {
            assert_eq!(inside(text), Some(value), "{text}");
        }
        for text in [
            "0042",
            "\"0042\"",
            "=A1",
            "=A1&\"\"",
            "=\"a\"&\"b\"",
            "=\"",
            "=T()",
            "=",
        ] {
            assert_eq!(inside(text), None, "{text}");
        }
    }
}
