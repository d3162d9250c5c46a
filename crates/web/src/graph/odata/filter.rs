//! A filter as a tree, and what a database can make of it.

use std::fmt;

use super::error::QueryError;
use super::literal::{Literal, Text};
use super::parse;

/// Characters of a filter at most.
pub(crate) const FILTER_CHARS: usize = 8192;

/// Where a value lies in an item: `serialNumber`, `state/deviceImportStatus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyPath(Vec<String>);

impl PropertyPath {
    /// The path that this word writes.
    pub(super) fn of(word: &str) -> Option<Self> {
        let names: Vec<_> = word.split('/').map(str::to_owned).collect();
        let begins =
            |name: &String| name.starts_with(|c: char| c.is_alphabetic() || "_@".contains(c));
        let plain = |c: char| c.is_alphanumeric() || "_.@-".contains(c);
        let fits = names
            .iter()
            .all(|name| begins(name) && name.chars().all(plain));
        fits.then_some(Self(names))
    }

    /// Its names, the outermost first.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The outermost name: the property of the item itself.
    pub fn property(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// Whether it is this path, in letters of any case.
    pub fn is(&self, path: &str) -> bool {
        path.split('/').count() == self.0.len()
            && path
                .split('/')
                .zip(&self.0)
                .all(|(name, own)| own.eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for PropertyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

/// What is asked of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextTest {
    /// `contains`
    Contains,
    /// `startswith`
    StartsWith,
    /// `endswith`
    EndsWith,
}

/// A condition on an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every one of these (`and`).
    All(Vec<Filter>),
    /// At least one of these (`or`).
    Any(Vec<Filter>),
    /// The opposite (`not`).
    Not(Box<Filter>),
    /// `serialNumber eq '7'`
    Compare(PropertyPath, Comparison, Literal),
    /// `serialNumber in ('7', '8')`
    In(PropertyPath, Vec<Literal>),
    /// `contains(serialNumber,'7')`
    Test(TextTest, PropertyPath, Text),
}

/// What every item that a filter lets through has in one place: what a database can look for first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<'a> {
    /// Exactly one of these texts, in letters of any case.
    OneOf(Vec<&'a str>),
    /// A text that begins with this one.
    StartsWith(&'a str),
    /// A text that has this one in it.
    Contains(&'a str),
}

impl Filter {
    /// Reads a filter, percent-decoded.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse::filter(text)
    }

    /// What the filter asks of the text at `path`, if every item that passes must fulfil it. The
    /// filter may ask for more: [`Self::matches`] has the last word.
    pub fn asks(&self, path: &str) -> Option<Asked<'_>> {
        match self {
            Self::All(parts) => {
                let asked = parts.iter().filter_map(|part| part.asks(path));
                asked.min_by_key(|asked| match asked {
                    Asked::OneOf(_) => 0,
                    Asked::StartsWith(_) => 1,
                    Asked::Contains(_) => 2,
                })
            }
            Self::Compare(own, Comparison::Equal, literal) if own.is(path) => {
                one_of(std::slice::from_ref(literal))
            }
            Self::In(own, literals) if own.is(path) => one_of(literals),
            Self::Test(kind, own, text) if own.is(path) => match kind {
                TextTest::StartsWith => Some(Asked::StartsWith(text.as_str())),
                TextTest::Contains | TextTest::EndsWith => Some(Asked::Contains(text.as_str())),
            },
            _ => None,
        }
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&PropertyPath> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::paths).collect(),
            Self::Not(part) => part.paths(),
            Self::Compare(path, ..) | Self::In(path, _) | Self::Test(_, path, _) => vec![path],
        }
    }
}

fn one_of(literals: &[Literal]) -> Option<Asked<'_>> {
    let mut texts = Vec::with_capacity(literals.len());
    for literal in literals {
        let Literal::Text(text) = literal else {
            return None;
        };
        texts.push(text.as_str());
    }
    Some(Asked::OneOf(texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks<'a>(filter: &'a Filter, path: &str) -> Option<Asked<'a>> {
        filter.asks(path)
    }

    #[test]
    fn what_a_database_can_look_for_is_told() {
        for (text, asked) in [
            ("contains(serialNumber,'Ab')", Some(Asked::Contains("Ab"))),
            ("serialNumber eq 'x'", Some(Asked::OneOf(vec!["x"]))),
            (
                "SERIALNUMBER in ('x','y')",
                Some(Asked::OneOf(vec!["x", "y"])),
            ),
            (
                "startswith(serialNumber,'x') and model eq 'm'",
                Some(Asked::StartsWith("x")),
            ),
            (
                "contains(serialNumber,'x') and serialNumber eq 'xy'",
                Some(Asked::OneOf(vec!["xy"])),
            ),
            ("serialNumber eq 'x' or model eq 'm'", None),
            ("not (serialNumber eq 'x')", None),
            ("serialNumber ne 'x'", None),
            ("serialNumber eq null", None),
            ("state/serialNumber eq 'x'", None),
        ] {
            let filter = Filter::parse(text).expect(text);
            assert_eq!(asks(&filter, "serialNumber"), asked, "{text}");
        }
    }
}
