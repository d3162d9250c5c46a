//! A line as it is shown, with its fields' places.

use crate::fields::spans;
use crate::finding::{Excerpt, display_safe};
use crate::hardware_hash::container::text;
use crate::product_key::holds_product_key;

/// Fields longer than this are shortened, in characters: no hash is ever shown.
const LONGEST: usize = 40;

/// Fields shown before and behind the marked one.
const AROUND: usize = 4;

/// Where a field is.
pub(crate) struct Place {
    /// Where it begins in the line, in bytes.
    pub(crate) byte: usize,
    /// How many bytes it has; `None` where there is no such field.
    pub(crate) length: Option<usize>,
    /// The line around it.
    pub(crate) excerpt: Option<Excerpt>,
}

/// Finds the field with a number, from 1, and shows the line around it. 0 is the whole line.
pub(crate) fn excerpt(line: &[u8], delimiter: u8, column: u32) -> Place {
    let Some(wanted) = (column as usize).checked_sub(1) else {
        return Place {
            byte: 0,
            length: None,
            excerpt: None,
        };
    };
    let fields = spans(line, delimiter);
    let Some(field) = fields.get(wanted) else {
        return Place {
            byte: line.len(),
            length: None,
            excerpt: None,
        };
    };
    let from = wanted.saturating_sub(AROUND);
    let to = fields.len().min(wanted + AROUND + 1);
    let mut shown = Excerpt {
        text: if from > 0 {
            "…".into()
        } else {
            String::new()
        },
        start: 0,
        length: 0,
    };
    for (at, span) in (from..to).zip(&fields[from..to]) {
        if at > from {
            shown.text.push(char::from(delimiter));
        }
        let value = short(&text(&line[span.clone()]));
        if at == wanted {
            shown.start = shown.text.chars().count();
            shown.length = value.chars().count();
        }
        shown.text.push_str(&value);
    }
    if to < fields.len() {
        shown.text.push('…');
    }
    shown.text = shown.text.replace('\t', " ");
    Place {
        byte: field.start,
        length: Some(field.len()),
        excerpt: Some(shown),
    }
}

fn short(value: &str) -> String {
    let length = value.chars().count();
    if holds_product_key(value) {
        return format!("…({length})");
    }
    if length <= LONGEST {
        return display_safe(value);
    }
    let start: String = value.chars().take(12).collect();
    format!("{}…({length})", display_safe(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_marked_and_a_hash_is_not_shown() {
        let line = format!("0042,,{},Cont\u{1b}oso,B", "T0Fs".repeat(100));
        let place = excerpt(line.as_bytes(), b',', 4);
        let shown = place.excerpt.unwrap();
        assert_eq!(shown.text, "0042,,T0FsT0FsT0Fs…(400),Cont\\u{1b}oso,B");
        assert_eq!((shown.start, shown.length), (25, 13));
        assert_eq!((place.byte, place.length), (4 + 2 + 400 + 1, Some(8)));
    }

    #[test]
    fn a_product_key_is_not_shown() {
        let line = b"0042,12345-67890-09876-54321-13579,,,";
        let shown = excerpt(line, b',', 1).excerpt.unwrap();
        assert_eq!(shown.text, "0042,…(29),,,");
    }

    #[test]
    fn quotes_and_missing_fields_have_places_too() {
        let place = excerpt(b"\"a,b\",c", b',', 2);
        assert_eq!((place.byte, place.excerpt.unwrap().start), (6, 6));
        let place = excerpt(b"a,b", b',', 3);
        assert_eq!((place.byte, place.excerpt), (3, None));
        assert_eq!(excerpt(b"a,b", b',', 0).byte, 0);
    }
}
