//! Splitting one line into fields where quotes, blanks or odd letters ask for care.

/// One field of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Without its quotes.
    pub(crate) text: String,
    /// Whether it was in quotes.
    pub(crate) quoted: bool,
    /// Whether a quote opens or closes where it can't.
    pub(crate) stray: bool,
}

/// Splits a line; a field whose first character is a quote runs to the closing one, `""` inside
/// stands for one quote. A line is never joined with the next.
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
            text: text.into(),
            quoted: false,
            stray: text.contains('"'),
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
                    text,
                    quoted: true,
                    stray: true,
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
            text,
            quoted: true,
            stray,
        },
        next,
    )
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
