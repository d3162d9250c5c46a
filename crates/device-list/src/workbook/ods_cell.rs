//! A cell of an ODS table: its value by type, and its text as shown (`OpenDocument` 1.2 part 1,
//! 19.385 and 6.1).

use std::borrow::Cow;

use quick_xml::events::Event;

use super::cell::{CellKind, SheetCell};
use super::error::{Limit, WorkbookError};
use super::limits::WorkbookLimits;
use super::number::Number;
use super::xml::{Xml, append, attribute};

/// What a cell's attributes say.
#[derive(Default)]
pub(super) struct Value {
    kind: ValueKind,
    /// The value in a form that does not depend on how it is shown.
    plain: Option<String>,
    formula: bool,
    error: bool,
}

#[derive(Clone, Copy, Default)]
enum ValueKind {
    #[default]
    None,
    Number,
    /// A percentage, or an amount of money.
    Measure,
    Date,
    Time,
    Boolean,
    Text,
}

impl Value {
    /// Takes in an attribute by its local name.
    pub(super) fn take(&mut self, name: &str, text: Cow<'_, str>) {
        match name {
            "value-type" => match text.as_ref() {
                "float" => self.kind = ValueKind::Number,
                "percentage" | "currency" => self.kind = ValueKind::Measure,
                "date" => self.kind = ValueKind::Date,
                "time" => self.kind = ValueKind::Time,
                "boolean" => self.kind = ValueKind::Boolean,
                "string" => self.kind = ValueKind::Text,
                // Said twice: once as a string for all programs, once as what it is.
                "error" => self.error = true,
                _ => {}
            },
            "value" | "date-value" | "time-value" | "boolean-value" | "string-value" => {
                self.plain = Some(text.into_owned());
            }
            "formula" => self.formula = true,
            _ => {}
        }
    }

    /// Reads the rest of the cell.
    pub(super) fn cell(
        self,
        xml: &mut Xml<'_>,
        limits: &WorkbookLimits,
    ) -> Result<SheetCell, WorkbookError> {
        let mut shown = String::new();
        paragraphs(xml, &mut shown, limits)?;
        if self.error
            || (self.formula && is_error(&shown) && matches!(self.kind, ValueKind::Number))
        {
            return Ok(SheetCell::new(shown, CellKind::Error));
        }
        let Some(value) = self.plain else {
            let calculated = matches!(self.kind, ValueKind::Text) || !self.formula;
            return Ok(if shown.is_empty() && !calculated {
                SheetCell::new("", CellKind::NotCalculated)
            } else {
                SheetCell::text(shown)
            });
        };
        Ok(match self.kind {
            ValueKind::Number => number(&value, &shown),
            ValueKind::Measure => number(&value, ""),
            ValueKind::Date => SheetCell::new(value.trim_end_matches("T00:00:00"), CellKind::Date),
            ValueKind::Time => SheetCell::new(clock(&value).unwrap_or(value), CellKind::Date),
            ValueKind::Boolean => SheetCell::boolean(value.eq_ignore_ascii_case("true")),
            ValueKind::Text | ValueKind::None => SheetCell::text(value),
        })
    }
}

/// How older programs tell of an error: by what they show for a number, which is 0.
fn is_error(shown: &str) -> bool {
    shown.starts_with('#') || shown.starts_with("Err:")
}

fn number(value: &str, shown: &str) -> SheetCell {
    let Some(number) = Number::read(value) else {
        return SheetCell::text(value);
    };
    let lost_digits = number.lost_digits();
    let text = match number.whole() {
        Some(whole) if in_pattern(&whole, shown) => shown.to_string(),
        _ => number.text(),
    };
    SheetCell::new(text, CellKind::Number { lost_digits })
}

/// Whether a text shows a whole number's digits, with zeros or letters around them. Marks between
/// thousands are none of the number's own.
fn in_pattern(whole: &str, shown: &str) -> bool {
    let of_pattern = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | ':' | '#');
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    shown.chars().all(of_pattern)
        && !digits.is_empty()
        && digits.trim_start_matches('0') == whole.trim_start_matches('0')
}

/// `PT10H30M00S` as `10:30:00`.
fn clock(duration: &str) -> Option<String> {
    let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let seconds = seconds.split_once(['.', ',']).map_or(seconds, |(s, _)| s);
    let number = |text: &str| text.parse::<u32>().ok();
    Some(format!(
        "{:02}:{:02}:{:02}",
        number(hours)?,
        number(minutes)?,
        number(seconds)?
    ))
}

/// The text of a cell whose start was just read: its paragraphs, without comments and pictures.
fn paragraphs(
    xml: &mut Xml<'_>,
    text: &mut String,
    limits: &WorkbookLimits,
) -> Result<(), WorkbookError> {
    let mut first = true;
    loop {
        let event = xml.next()?;
        let is_text = match &event {
            Event::Start(element) => matches!(element.local_name().as_ref(), "p" | "h"),
            Event::End(_) => return Ok(()),
            _ => continue,
        };
        drop(event);
        if !is_text {
            xml.skip()?;
            continue;
        }
        if !first {
            text.push('\n');
        }
        first = false;
        paragraph(xml, text, limits)?;
    }
}

fn paragraph(
    xml: &mut Xml<'_>,
    text: &mut String,
    limits: &WorkbookLimits,
) -> Result<(), WorkbookError> {
    let (mut depth, mut blank) = (1, true);
    let mut piece = String::new();
    while depth > 0 {
        let event = xml.next()?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "s" => {
                    let count = attribute(element, "c")?.map_or(Some(1), |c| c.parse().ok());
                    let count = count.unwrap_or(1);
                    limits.check(Limit::CellText, count)?;
                    text.extend(std::iter::repeat_n(' ', count as usize));
                    depth += 1;
                    blank = false;
                }
                "tab" | "line-break" => {
                    let tab = element.local_name().as_ref() == "tab";
                    text.push(if tab { '\t' } else { '\n' });
                    depth += 1;
                    blank = false;
                }
                "note" | "annotation" | "frame" | "ruby-text" | "script" => {
                    drop(event);
                    xml.skip()?;
                }
                _ => depth += 1,
            },
            Event::End(_) => depth -= 1,
            event => {
                piece.clear();
                append(event, &mut piece)?;
                collapse(&piece, text, &mut blank);
            }
        }
        limits.check(Limit::CellText, text.len() as u64)?;
    }
    Ok(())
}

/// Appends a text of which each run of blanks counts as one, and none at the beginning.
fn collapse(piece: &str, text: &mut String, blank: &mut bool) {
    if !piece.contains([' ', '\t', '\r', '\n']) {
        text.push_str(piece);
        *blank &= piece.is_empty();
        return;
    }
    for c in piece.chars() {
        let is_blank = matches!(c, ' ' | '\t' | '\r' | '\n');
        match (is_blank, *blank) {
            (true, true) => {}
            (true, false) => text.push(' '),
            (false, _) => text.push(c),
        }
        *blank = is_blank;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_letters_around_a_number_are_kept() {
        let text = |value, shown| number(value, shown).text;
        assert_eq!(text("42", "00042"), "00042");
        assert_eq!(text("42", "PF-0042"), "PF-0042");
        assert_eq!(text("0", "000"), "000");
        assert_eq!(text("16520771357", "1.65E+10"), "16520771357");
        assert_eq!(text("16520771357", "16.520.771.357"), "16520771357");
        assert_eq!(text("16520771357", "16 520 771 357"), "16520771357");
        assert_eq!(text("42.5", "43"), "42.5");
        assert_eq!(text("42", ""), "42");
        assert_eq!(text("42", "###"), "42");
    }

    #[test]
    fn durations() {
        assert_eq!(clock("PT10H30M00S").unwrap(), "10:30:00");
        assert_eq!(clock("PT36H05M07.123456789S").unwrap(), "36:05:07");
        for other in ["", "P1D", "PT-1H0M0S", "PT1H", "PT1H2M"] {
            assert_eq!(clock(other), None);
        }
    }

    #[test]
    fn blanks_collapse() {
        let mut text = String::new();
        let mut blank = true;
        for piece in ["\n  A  ", " B", "\tC ", ""] {
            collapse(piece, &mut text, &mut blank);
        }
        assert_eq!(text, "A B C ");
    }
}
