//! A filter's text, taken apart.

use super::error::QueryError;

/// A piece of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    /// Something in quotes, without them.
    Text(String),
    /// Anything else: a name, an operator, a number.
    Word(String),
}

impl Token {
    /// As an error's text quotes it.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::Text(text) | Self::Word(text) => text,
        }
    }
}

/// Takes a filter apart. A word right before a quote, as in `guid'…'`, says the text's type, which
/// is known without it.
pub(super) fn tokens(filter: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens = Vec::new();
    let mut rest = filter.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            ',' => (Token::Comma, &rest[1..]),
            '\'' => text(&rest[1..])?,
            _ => word(rest)?,
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// A text up to its closing quote; a quote in it is written twice.
fn text(rest: &str) -> Result<(Token, &str), QueryError> {
    let mut text = String::new();
    let mut rest = rest;
    loop {
        let (before, after) = rest.split_once('\'').ok_or(QueryError::OpenQuote)?;
        text.push_str(before);
        let Some(more) = after.strip_prefix('\'') else {
            return Ok((Token::Text(text), after));
        };
        text.push('\'');
        rest = more;
    }
}

fn word(rest: &str) -> Result<(Token, &str), QueryError> {
    let ends = |c: char| c.is_whitespace() || "(),'".contains(c);
    let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    match after.strip_prefix('\'') {
        Some(quoted) => text(quoted),
        None => Ok((Token::Word(word.to_owned()), after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_types_before_quotes_are_dropped() {
        let text = |text: &str| Token::Text(text.to_owned());
        assert_eq!(tokens("'O''Neill'").expect("reads"), [text("O'Neill")]);
        assert_eq!(tokens("''").expect("reads"), [text("")]);
        assert_eq!(tokens("''''").expect("reads"), [text("'")]);
        assert_eq!(tokens("guid'7'").expect("reads"), [text("7")]);
        assert_eq!(tokens("'a").expect_err("open"), QueryError::OpenQuote);
        assert_eq!(tokens("'a''").expect_err("open"), QueryError::OpenQuote);
        assert_eq!(tokens(" \t").expect("reads"), []);
    }
}
