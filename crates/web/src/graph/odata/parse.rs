//! Reads a filter: what stands in it comes in the order or, and, not, condition.

use super::error::{QueryError, excerpt};
use super::filter::{Comparison, FILTER_CHARS, Filter, PropertyPath, TextTest};
use super::literal::{Literal, Text};
use super::tokens::{Token, tokens};

/// How many conditions may stand in each other.
pub(super) const DEPTH: usize = 50;

/// Reads the whole of a filter.
pub(super) fn filter(text: &str) -> Result<Filter, QueryError> {
    if text.len() > FILTER_CHARS {
        return Err(QueryError::TooLong);
    }
    let tokens = tokens(text)?;
    let mut reader = Reader { rest: &tokens };
    let filter = reader.any(0)?;
    match reader.rest.first() {
        None => Ok(filter),
        Some(token) => Err(QueryError::unexpected("\"and\" or \"or\"", token.as_str())),
    }
}

struct Reader<'a> {
    rest: &'a [Token],
}

impl<'a> Reader<'a> {
    fn next(&mut self, expected: &'static str) -> Result<&'a Token, QueryError> {
        let (first, rest) = self.rest.split_first().ok_or(QueryError::Ends(expected))?;
        self.rest = rest;
        Ok(first)
    }

    /// Takes this token if it comes next.
    fn takes(&mut self, token: &Token) -> bool {
        let comes = self.rest.first() == Some(token);
        if comes {
            self.rest = &self.rest[1..];
        }
        comes
    }

    /// Takes this word if it comes next.
    fn takes_word(&mut self, word: &str) -> bool {
        let comes =
            matches!(self.rest.first(), Some(Token::Word(own)) if own.eq_ignore_ascii_case(word));
        if comes {
            self.rest = &self.rest[1..];
        }
        comes
    }

    fn must(&mut self, token: &Token, expected: &'static str) -> Result<(), QueryError> {
        let next = self.next(expected)?;
        if next == token {
            Ok(())
        } else {
            Err(QueryError::unexpected(expected, next.as_str()))
        }
    }

    fn any(&mut self, depth: usize) -> Result<Filter, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while self.takes_word("or") {
            parts.push(self.all(depth)?);
        }
        Ok(alone(parts, Filter::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Filter, QueryError> {
        let mut parts = vec![self.one(depth)?];
        while self.takes_word("and") {
            parts.push(self.one(depth)?);
        }
        Ok(alone(parts, Filter::All))
    }

    fn one(&mut self, depth: usize) -> Result<Filter, QueryError> {
        if depth >= DEPTH {
            return Err(QueryError::TooDeep);
        }
        if self.takes_word("not") {
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes(&Token::Open) {
            let inner = self.any(depth + 1)?;
            self.must(&Token::Close, "a closing parenthesis")?;
            return Ok(inner);
        }
        match self.rest {
            [Token::Word(word), Token::Open, ..] if !is_letter_case(word) => self.test(),
            _ => self.condition(),
        }
    }

    /// `contains(serialNumber,'7')`, also with ` eq true` behind it.
    fn test(&mut self) -> Result<Filter, QueryError> {
        let name = self.next("a function")?.as_str();
        let kind = text_test(name).ok_or_else(|| QueryError::Function(excerpt(name)))?;
        self.must(&Token::Open, "an opening parenthesis")?;
        let path = self.path()?;
        self.must(&Token::Comma, "a comma")?;
        let text = match self.next("a text in quotes")? {
            Token::Text(text) => Text::new(text.clone()),
            other => return Err(QueryError::unexpected("a text in quotes", other.as_str())),
        };
        self.must(&Token::Close, "a closing parenthesis")?;
        let asked = Filter::Test(kind, path, text);
        let equal = self.takes_word("eq");
        if !equal && !self.takes_word("ne") {
            return Ok(asked);
        }
        let expected = "true or false";
        let word = self.next(expected)?.as_str();
        match Literal::of_word(word) {
            Some(Literal::Flag(flag)) if flag == equal => Ok(asked),
            Some(Literal::Flag(_)) => Ok(Filter::Not(Box::new(asked))),
            _ => Err(QueryError::unexpected(expected, word)),
        }
    }

    /// `serialNumber eq '7'`, `serialNumber in ('7','8')`
    fn condition(&mut self) -> Result<Filter, QueryError> {
        let path = self.path()?;
        let expected = "an operator (eq, ne, gt, ge, lt, le, in)";
        let operator = self.next(expected)?;
        if *operator == Token::Word("in".to_owned()) {
            return Ok(Filter::In(path, self.list()?));
        }
        let comparison = comparison(operator)
            .ok_or_else(|| QueryError::unexpected(expected, operator.as_str()))?;
        Ok(Filter::Compare(path, comparison, self.literal()?))
    }

    fn list(&mut self) -> Result<Vec<Literal>, QueryError> {
        self.must(&Token::Open, "an opening parenthesis")?;
        let mut literals = vec![self.literal()?];
        while self.takes(&Token::Comma) {
            literals.push(self.literal()?);
        }
        self.must(&Token::Close, "a closing parenthesis")?;
        Ok(literals)
    }

    /// A property; the case of its letters plays no part, so asking for one changes nothing.
    fn path(&mut self) -> Result<PropertyPath, QueryError> {
        let expected = "the name of a property";
        let next = self.next(expected)?;
        let unexpected = || QueryError::unexpected(expected, next.as_str());
        let Token::Word(word) = next else {
            return Err(unexpected());
        };
        if !is_letter_case(word) || !self.takes(&Token::Open) {
            return PropertyPath::of(word).ok_or_else(unexpected);
        }
        let inner = self.next(expected)?;
        let path = PropertyPath::of(inner.as_str())
            .ok_or_else(|| QueryError::unexpected(expected, inner.as_str()))?;
        self.must(&Token::Close, "a closing parenthesis")?;
        Ok(path)
    }

    fn literal(&mut self) -> Result<Literal, QueryError> {
        let expected = "a value (texts in single quotes)";
        let next = self.next(expected)?;
        let literal = match next {
            Token::Text(text) => Some(Literal::Text(Text::new(text.clone()))),
            Token::Word(word) => Literal::of_word(word),
            _ => None,
        };
        literal.ok_or_else(|| QueryError::unexpected(expected, next.as_str()))
    }
}

fn alone(mut parts: Vec<Filter>, several: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}

fn is_letter_case(word: &str) -> bool {
    word.eq_ignore_ascii_case("tolower") || word.eq_ignore_ascii_case("toupper")
}

fn text_test(name: &str) -> Option<TextTest> {
    let tests = [
        ("contains", TextTest::Contains),
        ("startswith", TextTest::StartsWith),
        ("endswith", TextTest::EndsWith),
    ];
    let found = tests.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    found.map(|(_, test)| *test)
}

fn comparison(operator: &Token) -> Option<Comparison> {
    let comparisons = [
        ("eq", Comparison::Equal),
        ("ne", Comparison::NotEqual),
        ("gt", Comparison::Greater),
        ("ge", Comparison::GreaterOrEqual),
        ("lt", Comparison::Less),
        ("le", Comparison::LessOrEqual),
    ];
    let Token::Word(word) = operator else {
        return None;
    };
    let found = comparisons
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(word));
    found.map(|(_, comparison)| *comparison)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_closer_than_or() {
        let grouped = filter("a eq 1 or (b eq 2 and c eq 3)").expect("reads");
        assert_eq!(
            filter("a eq 1 or b eq 2 and c eq 3").expect("reads"),
            grouped
        );
        let other = filter("(a eq 1 or b eq 2) and c eq 3").expect("reads");
        assert_ne!(other, grouped);
    }

    #[test]
    fn words_come_in_any_case_and_functions_with_a_verdict() {
        let plain = filter("contains(serialNumber,'x')").expect("reads");
        for same in [
            "Contains( serialNumber , 'x' )",
            "contains(serialNumber,'x') eq true",
            "contains(serialNumber,'x') ne false",
            "contains(tolower(serialNumber),'x')",
            "(contains(serialNumber,'x'))",
        ] {
            assert_eq!(filter(same).expect(same), plain, "{same}");
        }
        let opposite = filter("not contains(serialNumber,'x')").expect("reads");
        assert_eq!(
            filter("contains(serialNumber,'x') eq false").expect("reads"),
            opposite
        );
    }

    #[test]
    fn values_are_told_apart() {
        let value = |text: &str| match filter(&format!("a eq {text}")).expect(text) {
            Filter::Compare(_, _, literal) => literal,
            other => panic!("{other:?}"),
        };
        assert_eq!(value("null"), Literal::Null);
        assert_eq!(value("True"), Literal::Flag(true));
        assert_eq!(value("-7.5"), Literal::Number(-7.5));
        assert!(matches!(value("2026-01-01T00:00:00Z"), Literal::Moment(_)));
        assert!(matches!(value("2026-01-01"), Literal::Moment(_)));
        let guid = "D88A2C1E-2B9A-4D1C-8A54-0A1F5D0C8F11";
        assert_eq!(value(guid), Literal::Text(Text::new(guid.to_lowercase())));
    }

    #[test]
    fn what_cannot_be_read_is_said_in_words() {
        for (text, says) in [
            ("", "ends where the name of a property"),
            ("serialNumber", "ends where an operator"),
            ("serialNumber like 'x'", "at \"like\""),
            (
                "serialNumber eq x",
                "at \"x\": a value (texts in single quotes)",
            ),
            ("serialNumber eq \"x\"", "texts in single quotes"),
            ("serialNumber eq 'x", "no closing quote"),
            ("(serialNumber eq 'x'", "ends where a closing parenthesis"),
            ("serialNumber eq 'x')", "at \")\": \"and\" or \"or\""),
            ("serialNumber eq 'x' and", "ends where"),
            (
                "substringof('x',serialNumber)",
                "The function \"substringof\"",
            ),
            ("contains(serialNumber,7)", "a text in quotes"),
            ("serialNumber in ()", "a value"),
            ("a//b eq 1", "the name of a property"),
        ] {
            let error = filter(text).expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn depth_and_length_have_limits() {
        let deep = format!("{}a eq 1{}", "(".repeat(DEPTH), ")".repeat(DEPTH));
        assert_eq!(filter(&deep), Err(QueryError::TooDeep));
        let nots = format!("{}a eq 1", "not ".repeat(DEPTH));
        assert_eq!(filter(&nots), Err(QueryError::TooDeep));
        let fits = format!("{}a eq 1{}", "(".repeat(DEPTH - 1), ")".repeat(DEPTH - 1));
        assert!(filter(&fits).is_ok());
        let long = format!("a eq '{}'", "x".repeat(FILTER_CHARS));
        assert_eq!(filter(&long), Err(QueryError::TooLong));
        let chain = vec!["a eq 1"; 800].join(" or ");
        assert!(filter(&chain).is_ok(), "a chain is not deep");
    }
}
