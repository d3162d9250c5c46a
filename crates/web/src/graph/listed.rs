//! Lists, as their query options ask for them: those that lie in memory, and those that are read
//! from the database page by page.

use std::future::Future;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use service::{DeskError, Page};
use uuid::Uuid;

use super::call::Call;
use super::collection::Collection;
use super::error::GraphError;
use super::odata::{Found, Query, QueryError};

/// Items read for one answer at most, if a filter lets few of them through.
const READ_AT_ONCE: usize = 5_000;
/// Items that can be sorted or counted with a filter.
const SORTED: usize = 10_000;
/// Items read from the database in one go.
const CHUNK: usize = 500;

/// The answer to a call that asks for a list of `what`.
pub(super) fn collection(call: &Call, what: &str, found: Found) -> Collection {
    Collection {
        context: call.context(what),
        count: found.count.map(|count| count as u64),
        items: found.items,
        next: found.next.map(|query| call.link(&query)),
    }
}

/// The answer to `…/$count`.
pub(super) fn number(count: usize) -> Response {
    ([(header::CONTENT_TYPE, "text/plain")], count.to_string()).into_response()
}

/// One page of a list in the database: `fetch` reads it newest first, before an id; `show` writes
/// an item. What can't be told without having all of them (an order, a count with a filter) is
/// told of as many as can be held.
pub(super) async fn paged<T, F>(
    query: &Query,
    id: impl Fn(&T) -> Uuid,
    show: impl Fn(&T) -> Value,
    fetch: impl Fn(Option<Uuid>, usize) -> F,
) -> Result<Found, GraphError>
where
    F: Future<Output = Result<Page<T>, DeskError>>,
{
    if !query.order.is_empty() || query.count {
        let all = all_of(&show, &fetch).await?;
        return Ok(query.answer(all)?);
    }
    let (mut before, mut skip) = place(query)?;
    let (mut items, mut read) = (Vec::new(), 0);
    while items.len() < query.size() {
        if read >= READ_AT_ONCE {
            return Ok(page(query, items, before.map(|id| (id, skip))));
        }
        let next = fetch(before, CHUNK).await?;
        let ends = next.next.is_none();
        let mut rest = next.items.iter().peekable();
        while let Some(item) = rest.next() {
            read += 1;
            before = Some(id(item));
            let shown = show(item);
            if query
                .filter
                .as_ref()
                .is_some_and(|filter| !filter.matches(&shown))
            {
                continue;
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            items.push(query.pick(shown));
            if items.len() == query.size() {
                let more = rest.peek().is_some() || !ends;
                let at = before.filter(|_| more).map(|id| (id, 0));
                return Ok(page(query, items, at));
            }
        }
        if ends {
            break;
        }
    }
    Ok(page(query, items, None))
}

/// All items, if they can be held.
async fn all_of<T, F>(
    show: &impl Fn(&T) -> Value,
    fetch: &impl Fn(Option<Uuid>, usize) -> F,
) -> Result<Vec<Value>, GraphError>
where
    F: Future<Output = Result<Page<T>, DeskError>>,
{
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let next = fetch(before, CHUNK).await?;
        all.extend(next.items.iter().map(show));
        if all.len() > SORTED {
            return Err(GraphError::query(format!(
                "There are more than {SORTED} items: they can't be sorted or counted with a \
                 filter. Ask for a narrower list, or without $orderby and $count."
            )));
        }
        match next.next {
            Some(id) => before = Some(id),
            None => return Ok(all),
        }
    }
}

fn page(query: &Query, items: Vec<Value>, next: Option<(Uuid, usize)>) -> Found {
    let next = next.filter(|_| query.size() > 0);
    Found {
        items,
        count: None,
        next: next.map(|(id, skip)| query.next(&format!("{id}.{skip}"))),
    }
}

/// Behind which item the page begins, and how many are left out before it.
fn place(query: &Query) -> Result<(Option<Uuid>, usize), QueryError> {
    let Some(token) = &query.skip_token else {
        return Ok((None, query.skip));
    };
    let read = token.split_once('.').and_then(|(id, skip)| {
        let skip = skip.parse::<u32>().ok()?;
        Some((Some(id.parse().ok()?), skip as usize))
    });
    read.ok_or(QueryError::Value {
        option: "$skiptoken",
        expected: "one that this service gave",
    })
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use serde_json::json;

    use super::*;

    fn id_of(item: &u128) -> Uuid {
        Uuid::from_u128(*item)
    }

    async fn answer(text: &str, count: u128) -> Result<Found, GraphError> {
        let query = Query::parse(text).expect(text);
        let fetch = |before: Option<Uuid>, limit| {
            let end = before.map_or(count + 1, |id| id.as_u128());
            let items = (1..end).rev().take(limit + 1).collect();
            ready(Ok(Page::of(items, limit, id_of)))
        };
        let show = |item: &u128| json!({"id": u64::try_from(*item).expect("small")});
        paged(&query, id_of, show, fetch).await
    }

    fn ids(found: &Found) -> Vec<u64> {
        found
            .items
            .iter()
            .filter_map(|item| item["id"].as_u64())
            .collect()
    }

    #[tokio::test]
    async fn pages_follow_each_other_to_the_end() {
        let mut text = "$top=700&$filter=id le 1500&$skip=1".to_owned();
        let mut seen = Vec::new();
        loop {
            let found = answer(&text, 2000).await.expect("answers");
            seen.extend(ids(&found));
            match found.next {
                Some(next) => text = next,
                None => break,
            }
        }
        assert_eq!(seen, (1..1500).rev().collect::<Vec<_>>());
        let whole = answer("$top=3", 3).await.expect("answers");
        assert_eq!((ids(&whole), whole.next), (vec![3, 2, 1], None));
    }

    #[tokio::test]
    async fn a_filter_that_lets_few_through_ends_a_page_early() {
        let mut text = "$filter=id le 2".to_owned();
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let found = answer(&text, 12_000).await.expect("answers");
            (seen, pages) = ([seen, ids(&found)].concat(), pages + 1);
            match found.next {
                Some(next) => text = next,
                None => break,
            }
        }
        assert_eq!((seen, pages), (vec![2, 1], 3));
    }

    #[tokio::test]
    async fn what_needs_all_items_is_told_of_as_many_as_can_be_held() {
        let found = answer("$orderby=id&$top=2&$count=true", 600)
            .await
            .expect("answers");
        assert_eq!((ids(&found), found.count), (vec![1, 2], Some(600)));
        assert!(answer("$orderby=id", 10_001).await.is_err());
        assert!(answer("$skiptoken=40", 5).await.is_err());
        let none = answer("$top=0", 5).await.expect("answers");
        assert_eq!((none.items.len(), none.next), (0, None));
    }
}
