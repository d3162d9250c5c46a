//! Lists are paged by key, never by offset.

use uuid::Uuid;

/// One page of a list and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, at most as many as were asked for.
    pub items: Vec<T>,
    /// Ask with this for the next page; `None` on the last one.
    pub next: Option<Uuid>,
}

impl<T> Page<T> {
    /// The page of a list in which there is nothing.
    pub fn none() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }

    /// Makes a page of at most `limit` items out of up to `limit + 1` that were read.
    pub fn of(mut read: Vec<T>, limit: usize, id: impl Fn(&T) -> Uuid) -> Self {
        let next = (read.len() > limit).then(|| {
            read.truncate(limit);
            read.last().map(&id)
        });
        Self {
            items: read,
            next: next.flatten(),
        }
    }
}
