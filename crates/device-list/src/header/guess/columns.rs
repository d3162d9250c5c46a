//! What the values of a column show it to be.

use std::collections::BTreeSet;

use crate::dialect::Column;
use crate::fields::Field;
use crate::finding::is_blank;
use crate::hardware_hash::{HashContents, container};
use crate::header::makers;
use crate::identifier::{Pkid, fold};

/// A column, by its values in the first rows.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) kind: Kind,
    /// Whether there are at least two values and no two are alike.
    pub(super) distinct: bool,
    /// What the hashes beside it say that it is.
    pub(super) matching: Option<Column>,
    /// Whether a value stands beside a hash that says nothing of it.
    pub(super) beside_hash: bool,
}

/// What all values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Empty,
    Hash,
    /// A PKID, or a serial number of 13 digits.
    Digits13,
    /// With an `@`.
    User,
    /// A known maker.
    Maker,
    /// One word with a digit, as a serial number is.
    Token,
    Other,
}

/// Looks at each column of rows that are equally long.
pub(super) fn contents(rows: &[Vec<Field>]) -> Vec<Content> {
    let width = rows.first().map_or(0, Vec::len);
    let texts: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|field| field.text.trim_matches(is_blank))
                .collect()
        })
        .collect();
    let mut contents: Vec<Content> = (0..width)
        .map(|at| {
            let values: Vec<&str> = texts
                .iter()
                .map(|row| row[at])
                .filter(|v| !v.is_empty())
                .collect();
            let different: BTreeSet<String> = values.iter().map(|value| fold(value)).collect();
            Content {
                kind: kind(&values),
                distinct: values.len() > 1 && different.len() == values.len(),
                ..Content::default()
            }
        })
        .collect();
    for row in &texts {
        hold_against_hash(row, &mut contents);
    }
    contents
}

fn kind(values: &[&str]) -> Kind {
    let all = |what: fn(&str) -> bool| values.iter().all(|value| what(value));
    match values {
        [] => Kind::Empty,
        _ if all(looks_like_hash) => Kind::Hash,
        _ if all(|value| Pkid::parse(value).is_ok()) => Kind::Digits13,
        _ if all(|value| value.contains('@')) => Kind::User,
        _ if all(makers::is_known) => Kind::Maker,
        _ if all(is_token) => Kind::Token,
        _ => Kind::Other,
    }
}

fn is_token(value: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    (4..=40).contains(&value.len())
        && value.bytes().all(letters)
        && value.bytes().any(|byte| byte.is_ascii_digit())
}

/// Holds the values of a row against the row's hash.
fn hold_against_hash(row: &[&str], contents: &mut [Content]) {
    let Some(inside) = row
        .iter()
        .filter(|value| looks_like_hash(value))
        .find_map(|value| HashContents::inspect(value).ok())
    else {
        return;
    };
    let said = [
        (Column::Serial, &inside.serial),
        (Column::Pkid, &inside.pkid),
        (Column::Manufacturer, &inside.manufacturer),
        (Column::Model, &inside.model),
    ];
    for (value, content) in row.iter().zip(contents) {
        if value.is_empty() || looks_like_hash(value) {
            continue;
        }
        // A serial number may have lost its zeros.
        let bare = |text: &str| fold(text).trim_start_matches('0').to_owned();
        let said = said
            .iter()
            .find(|(_, text)| !text.is_empty() && bare(text) == bare(value));
        match said {
            Some((column, _)) => content.matching = Some(*column),
            None => content.beside_hash = true,
        }
    }
}

/// Whether a text begins like a hash and is long enough to be one.
pub(crate) fn looks_like_hash(text: &str) -> bool {
    let mut head = [0; 3];
    text.len() >= 64
        && text.is_char_boundary(4)
        && base64_simd::STANDARD
            .decode(
                &text.as_bytes()[..4],
                base64_simd::AsOut::as_out(head.as_mut_slice()),
            )
            .is_ok_and(|head| match *head {
                [a, b, c] => container::content_length(&[a, b, c, 0]).is_some(),
                _ => false,
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_whose_beginning_is_padded_base64_is_no_hash() {
        let text = format!("Boo={}", "=".repeat(80));
        assert!(!looks_like_hash(&text));
        assert!(!looks_like_hash(&format!("B==={}", "=".repeat(80))));
    }

    #[test]
    fn values_show_what_they_are() {
        let cases: [(&[&str], Kind); 7] = [
            (&[], Kind::Empty),
            (&["3305612345678"], Kind::Digits13),
            (&["ada@contoso.example"], Kind::User),
            (&["HP", "Dell Inc."], Kind::Maker),
            (&["PF02NCT8", "0042"], Kind::Token),
            (&["PF02NCT8", "Book 13"], Kind::Other),
            (&["hello"], Kind::Other),
        ];
        for (values, expected) in cases {
            assert_eq!(kind(values), expected, "{values:?}");
        }
    }
}
