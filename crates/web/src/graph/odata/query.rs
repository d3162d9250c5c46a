//! The options of a query, read from an address.

use serde_json::Value;

use super::error::{QueryError, excerpt};
use super::expand::{Expand, Expandable, expands, names};
use super::filter::{Filter, PropertyPath};
use super::order::{Order, orders};
use crate::session::{percent_encoded, query_pairs};

/// Items of a page if the client does not say.
pub const PAGE_USUAL: usize = 100;
/// Items of a page at most; who asks for more is told where the next page begins.
pub const PAGE_MOST: usize = 1000;

/// The options of a query. Names come in any case, with `$` or without.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Which items.
    pub filter: Option<Filter>,
    /// In which order.
    pub order: Vec<Order>,
    /// How many items a page has.
    pub top: Option<usize>,
    /// How many items are left out at the beginning.
    pub skip: usize,
    /// Where the page before ended, as this service wrote it.
    pub skip_token: Option<String>,
    /// Whether all items are counted.
    pub count: bool,
    select: Vec<String>,
    expand: Vec<Expand>,
    given: Vec<(String, String)>,
}

/// The options there are, with those that are understood and change nothing.
const OPTIONS: [&str; 9] = [
    "$filter",
    "$orderby",
    "$top",
    "$skip",
    "$skiptoken",
    "$count",
    "$select",
    "$expand",
    "$format",
];

impl Query {
    /// Reads what stands behind the `?` of an address.
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        let mut read = Self::default();
        for (name, value) in query_pairs(query) {
            let value = value.trim().to_owned();
            let Some(option) = option(&name)? else {
                read.given.push((name, value));
                continue;
            };
            if read.given.iter().any(|(own, _)| own == option) {
                return Err(QueryError::Twice(option));
            }
            if !value.is_empty() {
                read.set(option, &value)?;
            }
            read.given.push((option.to_owned(), value));
        }
        Ok(read)
    }

    fn set(&mut self, option: &'static str, value: &str) -> Result<(), QueryError> {
        match option {
            "$filter" => self.filter = Some(Filter::parse(value)?),
            "$orderby" => self.order = orders(value)?,
            "$top" => self.top = Some(number(option, value)?),
            "$skip" => self.skip = number(option, value)?,
            "$skiptoken" => self.skip_token = Some(value.to_owned()),
            "$count" => self.count = flag(option, value)?,
            "$select" => self.select = names(value)?,
            "$expand" => self.expand = expands(value)?,
            _ => {}
        }
        Ok(())
    }

    /// How many items this page has at most.
    pub fn size(&self) -> usize {
        self.top.unwrap_or(PAGE_USUAL).min(PAGE_MOST)
    }

    /// Whether this property is asked for by `$expand`.
    pub fn expands(&self, name: &str) -> bool {
        self.expand.iter().any(|expand| expand.asks(name))
    }

    /// What is asked for by `$expand` under this name.
    pub fn expand(&self, name: &str) -> Option<&Expand> {
        self.expand.iter().find(|expand| expand.asks(name))
    }

    /// Refuses names that the items don't have: `properties` are those there are, `expandable`
    /// those that can be asked for by `$expand`.
    pub fn check_names(
        &self,
        properties: &[&str],
        expandable: &[Expandable<'_>],
    ) -> Result<(), QueryError> {
        let is_among = |name: &str, known: &[&str]| {
            name == "*" || known.iter().any(|own| own.eq_ignore_ascii_case(name))
        };
        let names: Vec<_> = expandable.iter().map(|(name, _)| *name).collect();
        let filtered = self.filter.iter().flat_map(Filter::paths);
        let ordered = self.order.iter().map(|order| &order.path);
        let asked = filtered.chain(ordered).map(PropertyPath::property);
        let selected = self.select.iter().map(String::as_str);
        let unknown = asked
            .chain(selected)
            .filter(|name| !name.starts_with('@'))
            .find(|name| !is_among(name, properties) && !is_among(name, &names));
        let strange = self.expand.iter().find_map(|one| one.strange(expandable));
        match unknown.or(strange) {
            Some(name) => Err(QueryError::Property(excerpt(name))),
            None => Ok(()),
        }
    }

    /// The item with the properties that `$select` names, all of them if it names none. Notes of
    /// the protocol (`@odata.type`) and what was expanded stay, the latter with what is asked of it.
    #[must_use]
    pub fn pick(&self, item: Value) -> Value {
        let mut item = item;
        if let Some(fields) = item.as_object_mut() {
            for (name, value) in fields {
                if let Some(expand) = self.expand(name) {
                    expand.pick(value);
                }
            }
        }
        let all = self.select.is_empty() || self.select.iter().any(|name| name == "*");
        match item {
            Value::Object(fields) if !all => {
                let is_asked = |name: &str| {
                    let asked = |own: &String| own.eq_ignore_ascii_case(name);
                    // A note about a property begins with the property's name.
                    let name = name.split('@').next().unwrap_or(name);
                    name.is_empty() || self.select.iter().any(asked) || self.expands(name)
                };
                let picked = fields.into_iter().filter(|(name, _)| is_asked(name));
                Value::Object(picked.collect())
            }
            other => other,
        }
    }

    /// The same query for the page that begins behind `token`.
    pub fn next(&self, token: &str) -> String {
        let kept = self.given.iter().filter(|(name, value)| {
            !value.is_empty() && !["$skip", "$skiptoken"].contains(&name.as_str())
        });
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs = kept.chain([("$skiptoken", token)]);
        let written = pairs.map(|(name, value)| {
            let (sign, name) = name
                .strip_prefix('$')
                .map_or(("", name), |name| ("$", name));
            format!("{sign}{}={}", percent_encoded(name), percent_encoded(value))
        });
        written.collect::<Vec<_>>().join("&")
    }
}

/// The option of this name; none for a client's own. What begins with `$` must be one of ours.
fn option(name: &str) -> Result<Option<&'static str>, QueryError> {
    let plain = name.trim().trim_start_matches('$');
    let known = OPTIONS
        .iter()
        .find(|own| own[1..].eq_ignore_ascii_case(plain));
    match known {
        None if name.starts_with('$') => Err(QueryError::Option(excerpt(name))),
        known => Ok(known.copied()),
    }
}

fn number(option: &'static str, value: &str) -> Result<usize, QueryError> {
    let number = value.parse::<u32>().ok().map(|number| number as usize);
    number.ok_or(QueryError::Value {
        option,
        expected: "a number of items, 0 or more",
    })
}

fn flag(option: &'static str, value: &str) -> Result<bool, QueryError> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(QueryError::Value {
            option,
            expected: "true or false",
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_read_as_clients_write_them() {
        let query = Query::parse(
            "%24FILTER=contains(serialNumber%2C%27a%2Bb%27)+and+model+eq+%27c+d%27&$Top=25&skip=3\
             &$count=true&$select=id,%20serialNumber&$expand=deploymentProfile($select=id,x),assignments\
             &$orderby=serialNumber%20desc,model&$filterx",
        );
        assert_eq!(
            query.expect_err("unknown"),
            QueryError::Option("$filterx".to_owned())
        );
        let query = Query::parse(
            "%24FILTER=contains(serialNumber%2C%27a%2Bb%27)+and+model+eq+%27c+d%27&$Top=25&skip=3\
             &$count=true&$select=id,%20serialNumber&$expand=deploymentProfile($select=id,x),assignments\
             &$orderby=serialNumber%20desc,model&mine=1",
        )
        .expect("reads");
        let filter = Filter::parse("contains(serialNumber,'a+b') and model eq 'c d'");
        assert_eq!(query.filter, filter.ok());
        assert_eq!((query.size(), query.skip, query.count), (25, 3, true));
        assert!(query.expands("DeploymentProfile") && query.expands("assignments"));
        assert!(!query.expands("x"));
        assert_eq!(query.order.len(), 2);
        assert!(query.order[0].descending);
        let picked = query.pick(json!({"id": 1, "serialNumber": 2, "model": 3, "@odata.type": 4}));
        assert_eq!(
            picked,
            json!({"id": 1, "serialNumber": 2, "@odata.type": 4})
        );
    }

    #[test]
    fn sizes_have_a_limit_and_blanks_say_nothing() {
        let size = |text: &str| Query::parse(text).map(|query| query.size());
        assert_eq!(size(""), Ok(PAGE_USUAL));
        assert_eq!(size("$top=&$filter="), Ok(PAGE_USUAL));
        assert_eq!(size("$top=5000"), Ok(PAGE_MOST));
        assert_eq!(size("$top=0"), Ok(0));
        for wrong in [
            "$top=-1",
            "$top=x",
            "$skip=1.5",
            "$count=yes",
            "$top=1&$top=2",
            "$search=x",
        ] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_are_checked_against_what_there_is() {
        let check = |text: &str| {
            let query = Query::parse(text)?;
            query.check_names(&["id", "state"], &[("assignments", &["id"])])
        };
        for fits in [
            "",
            "$filter=STATE/x eq 1&$orderby=id",
            "$select=id,assignments&$expand=Assignments",
        ] {
            assert_eq!(check(fits), Ok(()), "{fits}");
        }
        for wrong in [
            "$filter=x eq 1",
            "$orderby=x",
            "$select=x",
            "$select=id(x)",
            "$expand=id",
            "$expand=assignments($select=x)",
        ] {
            assert!(
                matches!(check(wrong), Err(QueryError::Property(_))),
                "{wrong}"
            );
        }
    }

    #[test]
    fn the_next_page_is_asked_for_in_the_same_way() {
        let text = "$filter=model%20eq%20%27a%26b%27&$skip=5&$top=2&mine=1";
        let query = Query::parse(text).expect("reads");
        let next = Query::parse(&query.next("40")).expect("reads");
        assert_eq!((next.filter, next.top), (query.filter, query.top));
        assert_eq!((next.skip, next.skip_token.as_deref()), (0, Some("40")));
    }
}
