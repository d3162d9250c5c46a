//! Values that a filter compares with.

use registration::clock::Timestamp;
use uuid::Uuid;

/// A text, compared without regard to the case of its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    given: String,
    folded: String,
}

impl Text {
    /// A text as it was given.
    pub fn new(given: String) -> Self {
        Self {
            folded: folded(&given),
            given,
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// As it is compared.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }
}

/// A text as texts are compared.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Flag(bool),
    /// `7`, `-0.5`
    Number(f64),
    /// `2026-01-01T00:00:00Z`, `2026-01-01`
    Moment(Timestamp),
    /// `'a text'`, and a GUID, which is written without quotes
    Text(Text),
}

impl Literal {
    /// What a word without quotes stands for.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        if word.eq_ignore_ascii_case("null") {
            return Some(Self::Null);
        }
        if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") {
            return Some(Self::Flag(word.eq_ignore_ascii_case("true")));
        }
        if let Ok(id) = word.parse::<Uuid>() {
            return Some(Self::Text(Text::new(id.to_string())));
        }
        let begins_as_number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if !begins_as_number {
            return None;
        }
        let number = word.parse::<f64>().ok().filter(|number| number.is_finite());
        number
            .map(Self::Number)
            .or_else(|| Timestamp::of_moment(word).map(Self::Moment))
    }
}
