//! `$expand`: what comes with an item though it is a thing of its own, and which of its properties.

use serde_json::Value;

use super::error::{QueryError, excerpt};
use super::filter::PropertyPath;

/// Something that can be asked for by `$expand`: its name, and the properties it has.
pub type Expandable<'a> = (&'a str, &'a [&'a str]);

/// Something asked for by `$expand`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expand {
    /// Its name, or `*` for all there are.
    pub name: String,
    /// The properties that are asked of it; none named is all of them.
    pub select: Vec<String>,
}

impl Expand {
    /// Whether this one is asked for by it.
    pub fn asks(&self, name: &str) -> bool {
        self.name == "*" || self.name.eq_ignore_ascii_case(name)
    }

    /// The first name of it that none of these has.
    pub(super) fn strange<'a>(&'a self, expandable: &[Expandable<'_>]) -> Option<&'a str> {
        let mut asked = expandable
            .iter()
            .filter(|(name, _)| self.asks(name))
            .peekable();
        if asked.peek().is_none() && self.name != "*" {
            return Some(&self.name);
        }
        let has = |name: &str| {
            let is = |own: &str| own.eq_ignore_ascii_case(name);
            asked
                .clone()
                .any(|(_, properties)| properties.iter().any(|own| is(own)))
        };
        let selected = self.select.iter().map(String::as_str);
        selected
            .filter(|name| *name != "*" && !name.starts_with('@'))
            .find(|name| !has(name))
    }

    /// Shortens what was expanded, one thing or a list of them.
    pub(super) fn pick(&self, expanded: &mut Value) {
        if self.select.is_empty() || self.select.iter().any(|name| name == "*") {
            return;
        }
        match expanded {
            Value::Array(items) => items.iter_mut().for_each(|item| self.pick(item)),
            Value::Object(fields) => fields.retain(|name, _| {
                let is = |own: &String| own.eq_ignore_ascii_case(name);
                name.starts_with('@') || self.select.iter().any(is)
            }),
            _ => {}
        }
    }
}

/// Names between commas.
pub(super) fn names(value: &str) -> Result<Vec<String>, QueryError> {
    let names = value.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(|name| match PropertyPath::of(name) {
            None if name == "*" => Ok(name.to_owned()),
            None => Err(QueryError::Property(excerpt(name))),
            Some(path) => Ok(path.property().to_owned()),
        })
        .collect()
}

/// What stands between commas, each with its options in parentheses.
pub(super) fn expands(value: &str) -> Result<Vec<Expand>, QueryError> {
    let mut found = Vec::new();
    let mut rest = value.trim();
    while !rest.is_empty() {
        let end = rest.find(['(', ',']).unwrap_or(rest.len());
        let name = rest[..end].trim();
        let mut expand = Expand {
            name: name.to_owned(),
            select: Vec::new(),
        };
        rest = &rest[end..];
        if let Some(inside) = rest.strip_prefix('(') {
            let (options, behind) = inside.split_once(')').ok_or(QueryError::Expand)?;
            expand.select = selected(options)?;
            rest = behind.trim_start();
        }
        rest = match rest.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if rest.is_empty() => rest,
            None => return Err(QueryError::Expand),
        };
        if name != "*" && (name.contains('/') || PropertyPath::of(name).is_none()) {
            return Err(QueryError::Property(excerpt(name)));
        }
        found.push(expand);
    }
    Ok(found)
}

/// The names of `$select`, the only option that there is in parentheses.
fn selected(options: &str) -> Result<Vec<String>, QueryError> {
    let mut select = Vec::new();
    for option in options
        .split(';')
        .map(str::trim)
        .filter(|option| !option.is_empty())
    {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let plain = name.trim().trim_start_matches('$');
        if !plain.eq_ignore_ascii_case("select") || value.contains('(') {
            return Err(QueryError::Option(excerpt(option)));
        }
        select.extend(names(value)?);
    }
    Ok(select)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn each_has_its_own_properties() {
        let read = expands("profile($select=id, Name;), groups(select=*) ,*").expect("reads");
        let names: Vec<_> = read.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["profile", "groups", "*"]);
        assert_eq!(read[0].select, ["id", "Name"]);
        let mut item = json!([{"id": 1, "name": 2, "more": 3, "@odata.type": 4}]);
        read[0].pick(&mut item);
        assert_eq!(item, json!([{"id": 1, "name": 2, "@odata.type": 4}]));
        assert_eq!(expands(" "), Ok(Vec::new()));
    }

    #[test]
    fn what_is_broken_or_not_there_is_refused() {
        for broken in [
            "profile(",
            "profile)",
            "profile($select=id))",
            "profile($select=id)x",
        ] {
            assert!(expands(broken).is_err(), "{broken}");
        }
        for option in [
            "profile($foo)",
            "profile($filter=id eq 1)",
            "a($expand=b($select=c))",
        ] {
            assert!(
                matches!(expands(option), Err(QueryError::Option(_))),
                "{option}"
            );
        }
        for path in ["profile/assignments", "(", ",profile", "a b"] {
            assert!(expands(path).is_err(), "{path}");
        }
        let there: [Expandable<'_>; 1] = [("profile", &["id"])];
        let strange = |text: &str| {
            let read = expands(text).expect("reads");
            read[0].strange(&there).map(str::to_owned)
        };
        assert_eq!(strange("Profile($select=ID)"), None);
        assert_eq!(strange("profile($select=nope)").as_deref(), Some("nope"));
        assert_eq!(strange("other").as_deref(), Some("other"));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[a(),;$=* ]{0,20}|\\PC*") {
            let _ = expands(&text);
        }
    }
}
