//! Splitting one line into fields where quotes, blanks or odd letters ask for care.

use std::ops::Range;

/// One field of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Without its quotes.
    pub(crate) text: String,
    /// Whether it was in quotes.
    pub(crate) quoted: bool,
    /// Whether a quote opens or closes where it can't.
    pub(crate) stray: bool,
    /// Whether it is in quotes that the line does not close.
    pub(crate) open: bool,
    /// What a workbook's cell holds; text in any other file.
    pub(crate) kind: FieldKind,
}

/// What a workbook keeps a value as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum FieldKind {
    /// A text: as it was typed.
    #[default]
    Text,
    /// A number: as a spreadsheet shows it.
    Number {
        /// Whether it has more digits than a spreadsheet keeps.
        lost_digits: bool,
    },
    /// A date.
    Date,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// An error such as `#N/A`.
    Error,
}

impl Field {
    /// A plain value.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            quoted: false,
            stray: false,
            open: false,
            kind: FieldKind::Text,
        }
    }
}

/// Splits a line; a field whose first character is a quote runs to the closing one, `""` inside
/// stands for one quote.
pub(crate) fn split(line: &str, delimiter: u8) -> Vec<Field> {
    let delimiter = char::from(delimiter);
    let mut fields = Vec::new();
    let mut rest = Some(line);
    while let Some(line) = rest {
        let (field, next) = match line.trim_start_matches(' ').strip_prefix('"') {
            Some(inside) => quoted(inside, delimiter),
            None => plain(line, delimiter),
        };
        fields.push(field);
        rest = next;
    }
    fields
}

fn plain(line: &str, delimiter: char) -> (Field, Option<&str>) {
    let (text, next) = match line.split_once(delimiter) {
        Some((text, next)) => (text, Some(next)),
        None => (line, None),
    };
    (
        Field {
            stray: text.contains('"'),
            ..Field::new(text)
        },
        next,
    )
}

fn quoted(inside: &str, delimiter: char) -> (Field, Option<&str>) {
    let mut text = String::new();
    let mut left = inside;
    loop {
        let Some((before, after)) = left.split_once('"') else {
            text.push_str(left);
            return (
                Field {
                    quoted: true,
                    stray: true,
                    open: true,
                    ..Field::new(text)
                },
                None,
            );
        };
        text.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                text.push('"');
                left = more;
            }
            None => return closed(text, after, delimiter),
        }
    }
}

/// What follows a closing quote: the delimiter or the end, or else a stray text.
fn closed(mut text: String, after: &str, delimiter: char) -> (Field, Option<&str>) {
    let (tail, next) = match after.split_once(delimiter) {
        Some((tail, next)) => (tail, Some(next)),
        None => (after, None),
    };
    let stray = !tail.trim().is_empty() || text.contains('"');
    text.push_str(tail.trim_end_matches(' '));
    (
        Field {
            quoted: true,
            stray,
            ..Field::new(text)
        },
        next,
    )
}

/// What stands in the quotes around a whole line; `None` where there are none, or others inside.
pub(crate) fn inside_quotes(line: &str) -> Option<&str> {
    let inside = line.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains('"')).then_some(inside)
}

/// A value as a field: in quotes where it needs them.
pub(crate) fn quoted_field(value: &str, delimiter: char) -> std::borrow::Cow<'_, str> {
    if value.contains([delimiter, '"', '\r', '\n']) {
        format!("\"{}\"", value.replace('"', "\"\"")).into()
    } else {
        value.into()
    }
}

/// Where the fields of a line are, quotes included, as [`split`] tells them apart.
pub(crate) fn spans(line: &[u8], delimiter: u8) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    loop {
        let behind = closing_quote(line, start).unwrap_or(start);
        let end = line[behind..].iter().position(|byte| *byte == delimiter);
        let Some(end) = end.map(|at| behind + at) else {
            spans.push(start..line.len());
            return spans;
        };
        spans.push(start..end);
        start = end + 1;
    }
}

/// Where the quotes end that a field begins with; `None` where it does not.
fn closing_quote(line: &[u8], start: usize) -> Option<usize> {
    let opening = line[start..].iter().position(|byte| *byte != b' ')? + start;
    let mut at = line[opening..].starts_with(b"\"").then_some(opening + 1)?;
    while at < line.len() {
        match line[at..] {
            [b'"', b'"', ..] => at += 2,
            [b'"', ..] => return Some(at + 1),
            _ => at += 1,
        }
    }
    Some(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(line: &str) -> Vec<String> {
        split(line, b',')
            .into_iter()
            .map(|field| field.text)
            .collect()
    }

    #[test]
    fn quotes_come_off_and_commas_inside_stay() {
        assert_eq!(texts("a,,\"b, c\",d"), ["a", "", "b, c", "d"]);
        assert_eq!(texts(" \"a\" ,b"), ["a", "b"]);
        assert_eq!(texts(""), [""]);
        assert_eq!(texts(","), ["", ""]);
    }

    #[test]
    fn stray_quotes_are_seen() {
        for line in ["15\" screen", "\"open", "\"a\"b", "\"a\"\"b\""] {
            assert!(split(line, b',').iter().any(|field| field.stray), "{line}");
        }
        assert!(!split("\"a\",\"\"", b',').iter().any(|field| field.stray));
    }

    proptest! {
        #[test]
        fn spans_are_the_fields(line in "[a, \"]{0,24}") {
            let spans = spans(line.as_bytes(), b',');
            let fields = split(&line, b',');
            prop_assert_eq!(spans.len(), fields.len(), "{:?} {:?}", spans, fields);
            for (span, field) in spans.into_iter().zip(fields) {
                if !field.quoted {
                    prop_assert_eq!(&line[span], field.text);
                }
            }
        }

        #[test]
        fn a_csv_writer_is_understood(values in prop::collection::vec("[^\"\r\n\0]{0,12}", 1..6)) {
            let mut writer = csv::WriterBuilder::new()
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            writer.write_record(&values).unwrap();
            let line = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(texts(line.trim_end_matches('\n')), values);
        }
    }
}
