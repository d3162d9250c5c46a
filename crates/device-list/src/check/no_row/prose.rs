//! Sentences, greetings and rules, told from rows.

use crate::check::date::is_shown_date;
use crate::product_key::is_product_key;

/// Words that sentences are made of and names of makers and models are not: English, German,
/// French, Spanish.
const FUNCTION_WORDS: [&str; 63] = [
    "a",
    "above",
    "and",
    "any",
    "are",
    "aus",
    "avant",
    "be",
    "before",
    "below",
    "bitte",
    "by",
    "ces",
    "cette",
    "das",
    "de",
    "delete",
    "der",
    "des",
    "die",
    "diese",
    "do",
    "el",
    "en",
    "est",
    "estas",
    "este",
    "et",
    "for",
    "from",
    "fur",
    "hier",
    "il",
    "in",
    "is",
    "ist",
    "la",
    "las",
    "le",
    "les",
    "line",
    "lines",
    "los",
    "not",
    "of",
    "or",
    "por",
    "pour",
    "row",
    "rows",
    "sind",
    "the",
    "these",
    "this",
    "to",
    "und",
    "upload",
    "uploading",
    "von",
    "vor",
    "with",
    "you",
    "zeilen",
];

/// Words that a letter ends with, in lower case.
const GREETINGS: [&str; 14] = [
    "atentamente",
    "best regards",
    "best wishes",
    "bien cordialement",
    "cordialement",
    "kind regards",
    "many thanks",
    "mit freundlichen grüßen",
    "regards",
    "saludos",
    "thank you",
    "thanks",
    "viele grüße",
    "warm regards",
];

/// Signs that lines are ruled with.
const RULES: [char; 8] = ['-', '=', '_', '*', '+', '|', '~', ':'];

/// The fewest signs that make a rule.
const SHORTEST_RULE: usize = 3;

/// From this length on a word with digits may be a serial number, in characters.
const SHORTEST_SERIAL: usize = 6;

/// Whether a line is a sentence or more: several words, some of which only sentences have, and none
/// that may be a serial number. Over several fields there must be more of them, as commas are in
/// sentences too.
pub(super) fn is_prose(filled: &[&str], line: &str) -> bool {
    if line.split_whitespace().any(may_be_serial) {
        return false;
    }
    let words = line.split_whitespace().map(bare);
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let is_function = |word: &&String| FUNCTION_WORDS.contains(&word.as_str());
    let function = words.iter().filter(is_function).count();
    let sentence = line.ends_with(['.', '!', '?', ':']) && words.len() >= 4;
    match filled.len() {
        1 => words.len() >= 3 && (function >= 1 || sentence),
        fields => {
            let value = filled.iter().any(|text| is_one_value(text));
            !value && fields <= words.len() / 2 && words.len() >= 6 && function >= 2
        }
    }
}

/// Whether a line ends a letter: a greeting, and at most a name behind it.
pub(super) fn is_greeting(filled: &[&str]) -> bool {
    let first = filled.first().copied().unwrap_or_default().to_lowercase();
    let greets = |greeting: &&str| {
        let rest = first.strip_prefix(*greeting);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ' ', '!', '.']))
    };
    let digits = |text: &&str| text.contains(|c: char| c.is_ascii_digit());
    filled.len() <= 2 && GREETINGS.iter().any(greets) && !filled.iter().any(digits)
}

/// Whether a line is ruled, as tables made of signs are: `-----`, `|---|---|`.
pub(super) fn is_rule(filled: &[&str]) -> bool {
    let is_rule = |text: &&str| {
        let signs = text.chars().filter(|c| RULES.contains(c)).count();
        signs >= SHORTEST_RULE && text.chars().all(|c| c == ' ' || RULES.contains(&c))
    };
    !filled.is_empty() && filled.iter().all(is_rule)
}

/// A word without the signs around it, in lower case.
fn bare(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.to_lowercase()
}

/// Whether a word among others, or a part of one, may be a serial number: letters and digits, or
/// many digits, and no date.
fn may_be_serial(word: &str) -> bool {
    let parts = word.split([
        ',', ';', '|', ':', '=', '"', '\'', '(', ')', '[', ']', '<', '>', '#',
    ]);
    parts.into_iter().any(|part| {
        let part = part.trim_end_matches(['.', ',', '!', '?']);
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
        let digits = part.chars().filter(char::is_ascii_digit).count();
        let letters = part.chars().any(|c| c.is_ascii_alphabetic());
        let run = part.split(|c: char| !c.is_ascii_digit()).map(str::len);
        part.len() >= SHORTEST_SERIAL
            && part.chars().all(inside)
            && (letters && digits >= 2 || run.max() >= Some(SHORTEST_SERIAL))
            && !is_shown_date(part)
            && !is_product_key(part)
    })
}

/// Whether a field may be a serial number: one word with a digit, or in capitals.
fn is_one_value(text: &str) -> bool {
    let capitals = text.len() >= 4 && !text.contains(char::is_lowercase);
    !text.contains(' ') && (capitals || text.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_lower_case() {
        assert!(FUNCTION_WORDS.is_sorted() && GREETINGS.is_sorted());
        let words = FUNCTION_WORDS.iter().chain(&GREETINGS);
        assert!(words.into_iter().all(|word| *word == word.to_lowercase()));
    }

    #[test]
    fn words_that_may_be_serial_numbers_are_told_from_others() {
        for word in ["5CG1234ABD", "(016520771357)", "PF-02NCT8", "S/N:PF02NCT8,"] {
            assert!(may_be_serial(word), "{word}");
        }
        for word in [
            "2024-05-01",
            "12345",
            "10:30",
            "Win11",
            "contoso.com",
            "please",
            "UPLOADING",
            "a@b12345.com",
        ] {
            assert!(!may_be_serial(word), "{word}");
        }
    }
}
