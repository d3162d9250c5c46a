//! A list that lies in memory, answered page by page.

use serde_json::Value;

use super::error::QueryError;
use super::order::sort;
use super::query::Query;

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The items.
    pub items: Vec<Value>,
    /// How many there are on all pages, if that was asked.
    pub count: Option<usize>,
    /// The query that asks for the next page; none on the last one.
    pub next: Option<String>,
}

impl Query {
    /// This page of these items. A page's end is written as the number of items before it.
    pub fn answer(&self, items: Vec<Value>) -> Result<Found, QueryError> {
        let mut found = self.page(items, self.size())?;
        found.items = found
            .items
            .into_iter()
            .map(|item| self.pick(item))
            .collect();
        Ok(found)
    }

    /// The same with at most `size` items, each of them whole.
    pub fn page(&self, items: Vec<Value>, size: usize) -> Result<Found, QueryError> {
        let mut items = items;
        items.retain(|item| self.passes(item));
        sort(&mut items, &self.order);
        let first = match &self.skip_token {
            None => self.skip,
            Some(token) => token.parse::<u32>().map_err(|_| strange_token())? as usize,
        };
        let (total, size) = (items.len(), self.size().min(size));
        let end = first.saturating_add(size);
        let more = end < total && size > 0;
        Ok(Found {
            items: items.into_iter().skip(first).take(size).collect(),
            count: self.count.then_some(total),
            next: more.then(|| self.next(&end.to_string())),
        })
    }
}

impl Query {
    /// How many of these items the filter lets through.
    pub fn count_in(&self, items: &[Value]) -> usize {
        items.iter().filter(|item| self.passes(item)).count()
    }

    fn passes(&self, item: &Value) -> bool {
        let filter = self.filter.as_ref();
        filter.is_none_or(|filter| filter.matches(item))
    }
}

/// A token that is none of ours.
fn strange_token() -> QueryError {
    QueryError::Value {
        option: "$skiptoken",
        expected: "one that this service gave",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn items() -> Vec<Value> {
        let item = |n: u32| json!({"id": n, "model": format!("m{}", n % 3), "x": null});
        (0..10).map(item).collect()
    }

    fn ids(found: &Found) -> Vec<u64> {
        let id = |item: &Value| item["id"].as_u64();
        found.items.iter().filter_map(id).collect()
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let mut text = "$top=4&$orderby=model desc,id&$count=true".to_owned();
        let mut seen = Vec::new();
        loop {
            let found = Query::parse(&text)
                .expect("reads")
                .answer(items())
                .expect("answers");
            assert_eq!(found.count, Some(10));
            seen.extend(ids(&found));
            match found.next {
                Some(next) => text = next,
                None => break,
            }
        }
        assert_eq!(seen, [2, 5, 8, 1, 4, 7, 0, 3, 6, 9]);
    }

    #[test]
    fn filter_skip_and_size_go_together() {
        let answer = |text: &str| Query::parse(text).expect(text).answer(items());
        let found = answer("$filter=model eq 'M1'&$skip=1&$count=true").expect("answers");
        assert_eq!(
            (ids(&found), found.count, found.next),
            (vec![4, 7], Some(3), None)
        );
        let none = answer("$top=0&$count=true").expect("answers");
        assert_eq!(
            (none.items.len(), none.count, none.next),
            (0, Some(10), None)
        );
        assert!(answer("$skiptoken=x").is_err());
        assert!(answer("$skip=4000000000").is_ok_and(|found| found.items.is_empty()));
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_panics(text in "\\PC*") {
            if let Ok(query) = Query::parse(&text) {
                let _ = query.answer(items());
                prop_assert!(Query::parse(&query.next("1")).is_ok());
            }
        }

        #[test]
        fn nothing_like_a_filter_panics(
            words in proptest::collection::vec(
                prop_oneof![
                    "[()',/ ]", "(eq|ne|in|and|or|not|contains|model|id|null|true|7|'m1')", "\\PC",
                ],
                0..40,
            ),
        ) {
            let text = format!("$filter={}", words.join(" ").replace('&', ""));
            if let Ok(query) = Query::parse(&text) {
                let _ = query.answer(items());
            }
        }
    }
}
