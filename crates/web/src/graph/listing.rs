//! Lists that lie in the database, gone through piece by piece: what the database can't narrow down is
//! looked at here, as much as one answer allows, and the next page goes on from there.

use std::future::Future;

use serde_json::Value;
use service::Page;
use uuid::Uuid;

use super::error::GraphError;
use super::odata::{Found, Query};

/// Items read at once.
const PIECE: usize = 500;
/// Items looked at for one answer. Where few fit, a page may have fewer than it could, or none.
const LOOKED_AT: usize = 10_000;
/// Items that can be put in order.
const ORDERED: usize = 5_000;

/// A list in the database, in an order of its own.
pub(super) trait Source: Sync {
    /// Items as they are shown, before the id `before`.
    fn read(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<(Uuid, Value)>, GraphError>> + Send;

    /// The same items with no more of them than the query's filter asks for: to count by.
    fn look(
        &self,
        before: Option<Uuid>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<(Uuid, Value)>, GraphError>> + Send {
        self.read(before, limit)
    }

    /// How many there are, as far as the database narrows them down.
    fn total(&self) -> impl Future<Output = Result<u64, GraphError>> + Send;

    /// Whether that is just how many the query's filter lets through.
    fn counts_what_is_asked(&self) -> bool {
        false
    }
}

/// The page that is asked for.
pub(super) async fn list(source: &impl Source, query: &Query) -> Result<Found, GraphError> {
    if !query.order.is_empty() {
        return Ok(query.answer(all(source, query).await?)?);
    }
    let mut place = Place::of(query)?;
    if query.count && place.count.is_none() {
        place.count = Some(count(source, query).await?);
    }
    walk(source, query, place).await
}

/// How many items the filter lets through.
pub(super) async fn count(source: &impl Source, query: &Query) -> Result<usize, GraphError> {
    if query.filter.is_none() || source.counts_what_is_asked() {
        return Ok(usize::try_from(source.total().await?).unwrap_or(usize::MAX));
    }
    let (mut before, mut count) = (None, 0);
    loop {
        let page = source.look(before, PIECE).await?;
        count += page.items.iter().filter(|(_, i)| passes(query, i)).count();
        match page.next {
            Some(next) => before = Some(next),
            None => return Ok(count),
        }
    }
}

/// Where a page begins: behind an item, and so many more to leave out. How many items there are in
/// all was counted for the first page and goes with it.
struct Place {
    before: Option<Uuid>,
    skip: usize,
    count: Option<usize>,
}

impl Place {
    fn of(query: &Query) -> Result<Self, GraphError> {
        let Some(token) = &query.skip_token else {
            return Ok(Self {
                before: None,
                skip: query.skip,
                count: None,
            });
        };
        Self::of_token(token).ok_or_else(|| {
            GraphError::query("The value of $skiptoken must be one that this service gave.")
        })
    }

    /// `id`, `id.skip` or `id.skip.count`.
    fn of_token(token: &str) -> Option<Self> {
        let mut parts = token.splitn(3, '.');
        let before = parts.next()?.parse().ok()?;
        let skip = parts.next().map_or(Some(0), |skip| skip.parse().ok())?;
        let count = parts.next().map(|count| count.parse().ok());
        Some(Self {
            before: Some(before),
            skip,
            count: match count {
                Some(count) => Some(count?),
                None => None,
            },
        })
    }

    fn token(&self) -> Option<String> {
        let id = self.before?;
        Some(match (self.skip, self.count) {
            (0, None) => id.to_string(),
            (skip, None) => format!("{id}.{skip}"),
            (skip, Some(count)) => format!("{id}.{skip}.{count}"),
        })
    }
}

async fn walk(source: &impl Source, query: &Query, mut place: Place) -> Result<Found, GraphError> {
    let mut found = Found {
        items: Vec::new(),
        count: place.count.filter(|_| query.count),
        next: None,
    };
    let (size, mut looked) = (query.size(), 0);
    if size == 0 {
        return Ok(found);
    }
    loop {
        let missing = match query.filter {
            Some(_) => PIECE,
            None => (size - found.items.len()).saturating_add(place.skip),
        };
        let page = source.read(place.before, missing.min(PIECE)).await?;
        let last = page.items.len();
        for (n, (id, item)) in (1..).zip(page.items) {
            (place.before, looked) = (Some(id), looked + 1);
            if !passes(query, &item) {
                continue;
            }
            if place.skip > 0 {
                place.skip -= 1;
                continue;
            }
            found.items.push(query.pick(item));
            if found.items.len() == size {
                let more = n < last || page.next.is_some();
                found.next = place.token().filter(|_| more).map(|to| query.next(&to));
                return Ok(found);
            }
        }
        if page.next.is_none() {
            return Ok(found);
        }
        if looked >= LOOKED_AT {
            found.next = place.token().map(|token| query.next(&token));
            return Ok(found);
        }
    }
}

/// All that the filter lets through, if it is few enough to be put in order.
async fn all(source: &impl Source, query: &Query) -> Result<Vec<Value>, GraphError> {
    let (mut before, mut items) = (None, Vec::new());
    loop {
        let page = source.read(before, PIECE).await?;
        let fitting = page.items.into_iter().map(|(_, item)| item);
        items.extend(fitting.filter(|item| passes(query, item)));
        if items.len() > ORDERED {
            return Err(GraphError::query(format!(
                "More than {ORDERED} items can't be put in order. Narrow the list down by $filter, \
                 or leave $orderby out."
            )));
        }
        match page.next {
            Some(next) => before = Some(next),
            None => return Ok(items),
        }
    }
}

fn passes(query: &Query, item: &Value) -> bool {
    let filter = query.filter.as_ref();
    filter.is_none_or(|filter| filter.matches(item))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

    use serde_json::json;

    use super::*;

    /// Numbers, the greatest first, and how many of them were looked at to count.
    struct Numbers(u32, AtomicU64);

    impl Numbers {
        fn below(end: u32) -> Self {
            Self(end, AtomicU64::new(0))
        }
    }

    impl Source for Numbers {
        async fn read(
            &self,
            before: Option<Uuid>,
            limit: usize,
        ) -> Result<Page<(Uuid, Value)>, GraphError> {
            let below = before.map_or(u128::from(self.0), |id| id.as_u128());
            let numbers = (0..below).rev().take(limit + 1);
            let item = |n: u128| {
                (
                    Uuid::from_u128(n),
                    json!({"n": n as u64, "odd": n % 2 == 1}),
                )
            };
            Ok(Page::of(numbers.map(item).collect(), limit, |item| item.0))
        }

        async fn look(
            &self,
            before: Option<Uuid>,
            limit: usize,
        ) -> Result<Page<(Uuid, Value)>, GraphError> {
            let page = self.read(before, limit).await?;
            self.1.fetch_add(page.items.len() as u64, Relaxed);
            Ok(page)
        }

        async fn total(&self) -> Result<u64, GraphError> {
            Ok(u64::from(self.0))
        }
    }

    async fn found(source: &Numbers, text: &str) -> Found {
        let query = Query::parse(text).expect("reads");
        list(source, &query).await.expect("answers")
    }

    fn numbers(found: &Found) -> Vec<u64> {
        let number = |item: &Value| item["n"].as_u64();
        found.items.iter().filter_map(number).collect()
    }

    #[tokio::test]
    async fn pages_follow_each_other_to_the_end() {
        let source = Numbers::below(1234);
        let mut text = "$filter=odd eq true&$skip=3&$top=100&$count=true".to_owned();
        let mut seen = Vec::new();
        loop {
            let found = found(&source, &text).await;
            assert_eq!(found.count, Some(617));
            seen.extend(numbers(&found));
            let Some(next) = found.next else { break };
            text = next;
        }
        let expected: Vec<u64> = (0..1228).rev().filter(|n| n % 2 == 1).collect();
        assert_eq!(seen, expected);
        // All were counted for the first page, and none for those behind it.
        assert_eq!(source.1.into_inner(), 1234);
    }

    #[tokio::test]
    async fn what_is_found_seldom_ends_a_page_early() {
        let source = Numbers::below(25_000);
        let first = found(&source, "$filter=n eq 7").await;
        assert!(first.items.is_empty());
        let second = found(&source, &first.next.expect("goes on")).await;
        let third = found(&source, &second.next.expect("goes on")).await;
        assert_eq!((numbers(&third), third.next), (vec![7], None));
        let skipped = found(&source, "$skip=24999").await;
        let skipped = found(&source, &skipped.next.expect("goes on")).await;
        let skipped = found(&source, &skipped.next.expect("goes on")).await;
        assert_eq!((numbers(&skipped), skipped.next), (vec![0], None));
    }

    #[tokio::test]
    async fn the_last_page_has_no_link_and_an_order_has_a_limit() {
        let source = Numbers::below(3);
        let found = found(&source, "$top=3").await;
        assert_eq!((numbers(&found), found.next), (vec![2, 1, 0], None));
        let query = Query::parse("$orderby=n&$top=2").expect("reads");
        let ordered = list(&source, &query).await.expect("answers");
        assert_eq!(numbers(&ordered), [0, 1]);
        assert!(list(&Numbers::below(5_001), &query).await.is_err());
        let id = Uuid::nil();
        for wrong in [
            "x",
            &format!("{id}.x"),
            &format!("{id}.0.x"),
            &format!("{id}.0.1.2"),
        ] {
            let wrong = Query::parse(&format!("$skiptoken={wrong}")).expect("reads");
            assert!(list(&source, &wrong).await.is_err());
        }
    }
}
