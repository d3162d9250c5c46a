//! What can't be read, in words that say what to do.

use thiserror::Error;

use super::filter::FILTER_CHARS;
use super::parse::DEPTH;

/// Why a query was refused. What is quoted from it is short and has no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueryError {
    /// A text in a filter has no end.
    #[error("A text in $filter has no closing quote. A quote inside a text is written twice.")]
    OpenQuote,
    /// A filter is longer than the limit.
    #[error("The $filter is longer than the limit of {FILTER_CHARS} characters.")]
    TooLong,
    /// A filter has more parentheses in each other than the limit.
    #[error("The $filter has more than {DEPTH} conditions in each other.")]
    TooDeep,
    /// A filter ends too early.
    #[error("The $filter ends where {0} is expected.")]
    Ends(&'static str),
    /// Something else than expected in a filter.
    #[error("The $filter can't be read at \"{found}\": {expected} is expected.")]
    Unexpected {
        /// What would fit there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A function that filters don't have here.
    #[error(
        "The function \"{0}\" is not one that $filter has here. Use contains, startswith or endswith."
    )]
    Function(String),
    /// What stands in parentheses in `$expand` has no beginning or no end.
    #[error("The $expand can't be read: each name may have ($select=…) behind it.")]
    Expand,
    /// The items have no such property.
    #[error("Could not find a property named \"{0}\" here.")]
    Property(String),
    /// An option whose value does not fit.
    #[error("The value of {option} must be {expected}.")]
    Value {
        /// The option.
        option: &'static str,
        /// What would fit.
        expected: &'static str,
    },
    /// An option that lists don't have here.
    #[error("The query option \"{0}\" is not supported.")]
    Option(String),
    /// An option given twice.
    #[error("The query option {0} is given twice.")]
    Twice(&'static str),
}

impl QueryError {
    /// `expected` does not fit what was `found`.
    pub(super) fn unexpected(expected: &'static str, found: &str) -> Self {
        Self::Unexpected {
            expected,
            found: excerpt(found),
        }
    }
}

/// The beginning of what was sent, fit for an error's text.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
