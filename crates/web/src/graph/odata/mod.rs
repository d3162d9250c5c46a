//! The query options of lists (api.md 5.4): `$filter`, `$orderby`, `$top`, `$skip`, `$skiptoken`,
//! `$count`, `$select` and `$expand`, read from the address and applied to items as they are shown.
//!
//! A list that lies in memory is answered by [`Query::answer`]. One that lies in the database is
//! read page by page: [`Filter::asks`] says what the database can narrow down,
//! [`Filter::matches`] decides about each item, [`Query::pick`] shortens it, [`Query::next`]
//! writes where the next page begins.

mod error;
mod expand;
mod filter;
mod literal;
mod matching;
mod order;
mod page;
mod parse;
mod query;
mod tokens;

pub use error::QueryError;
pub use expand::{Expand, Expandable};
pub(crate) use filter::FILTER_CHARS;
pub use filter::{Asked, Comparison, Filter, PropertyPath, TextTest};
pub use literal::{Literal, Text};
pub use order::Order;
pub use page::Found;
pub use query::{PAGE_MOST, PAGE_USUAL, Query};
