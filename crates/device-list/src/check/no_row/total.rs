//! Lines at the end of a list that count its rows, or say that it ends.

use crate::finding::is_blank;

/// Words that a sum at the end of a list begins with.
const TOTALS: [&str; 14] = [
    "anzahl",
    "count",
    "devices",
    "gesamt",
    "grand total",
    "number of devices",
    "somme",
    "suma",
    "sum",
    "summe",
    "total",
    "total devices",
    "totale",
    "totals",
];

/// What is counted.
const THINGS: [&str; 16] = [
    "computers",
    "device",
    "devices",
    "filas",
    "gerate",
    "geräte",
    "laptops",
    "lignes",
    "machines",
    "pcs",
    "record",
    "records",
    "row",
    "rows",
    "units",
    "zeilen",
];

/// What says that a list ends.
const ENDS: [&str; 7] = [
    "end of data",
    "end of file",
    "end of list",
    "end of report",
    "ende der liste",
    "eof",
    "fin de la liste",
];

/// Whether a line is a sum: a word for it, or a number of things, and at most that beside it.
pub(super) fn is_total(filled: &[&str]) -> bool {
    let (words, value) = match filled {
        [alone] => match alone.rsplit_once([':', '=']) {
            Some((words, value)) => (words, value),
            None => match alone.rsplit_once(' ') {
                Some((words, value)) if is_number(value) => (words, value),
                _ => (*alone, ""),
            },
        },
        [words, value] => (*words, *value),
        [words, value, things] => {
            return is_known(words) && is_number(value) && is_thing(&bare(things));
        }
        _ => return false,
    };
    let value = value.trim_matches(is_blank);
    if value.is_empty() {
        let two_words = is_known(words) && bare(words).contains(' ');
        return filled.len() == 1 && (two_words || is_counted(words));
    }
    is_known(words) && (is_number(value) || is_counted(value))
}

/// Whether a line says that the list ends.
pub(super) fn is_end(filled: &[&str]) -> bool {
    matches!(filled, [alone] if ENDS.contains(&bare(alone).as_str()))
}

fn bare(text: &str) -> String {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.to_lowercase()
}

fn is_known(words: &str) -> bool {
    TOTALS.contains(&bare(words).as_str())
}

fn is_thing(word: &str) -> bool {
    THINGS.contains(&word)
}

fn is_number(text: &str) -> bool {
    (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// `(25 rows affected)`, `25 devices`.
fn is_counted(text: &str) -> bool {
    let text = bare(text);
    let mut words = text.split_whitespace();
    words.next().is_some_and(is_number) && words.next().is_some_and(is_thing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_lower_case() {
        let words = TOTALS.iter().chain(&THINGS).chain(&ENDS);
        assert!(words.into_iter().all(|word| *word == word.to_lowercase()));
    }
}
