//! Where SQL lives, and nowhere else: narrow traits by noun, their sum [`Storage`], and two
//! sibling backends written by hand, [`sqlite`] and [`postgres`].
//!
//! A method is one transaction named after what happens. It writes the change, its audit lines
//! and its follow-up jobs together, and where a decision depends on what is stored it calls the
//! pure rule of `registration` inside the transaction. Queries take a
//! [`Scope`](registration::access::Scope), which only `registration::access` makes.
//!
//! # Adding a query
//! 1. Add the method to the trait of its noun (`src/<noun>.rs`), saying what it means.
//! 2. Write it in `src/sqlite/<noun>.rs` and `src/postgres/<noun>.rs`. Where both dialects read
//!    the same, share the text in `src/sql.rs` (written with `?1`, turned into `$1` once).
//! 3. Add it to the battery in `tests/it`, which runs on both.

pub mod api_clients;
mod api_sql;
pub mod apply;
pub mod corporate_identifiers;
pub mod customer_profiles;
pub mod devices;
pub mod directory;
pub mod drafts;
mod effective;
pub mod error;
pub mod housekeeping;
pub mod imported;
pub mod jobs;
pub mod organizations;
pub mod page;
pub mod people;
pub mod policies;
pub mod postgres;
pub mod profiles;
pub mod properties;
pub mod relationships;
pub mod sql;
pub mod sqlite;
pub mod submissions;
pub mod syncs;
pub mod tokens;
pub mod trail;
pub mod uploads;

use std::sync::Arc;

pub use error::{Conflict, Refused, StorageError};
pub use page::Page;

/// What every method answers.
pub type Result<T, E = StorageError> = std::result::Result<T, E>;

/// Everything a backend can do: the sum of the narrow traits.
pub trait Storage:
    organizations::Organizations
    + people::People
    + api_clients::ApiClients
    + tokens::Tokens
    + relationships::Relationships
    + drafts::Drafts
    + uploads::Uploads
    + submissions::Submissions
    + devices::Devices
    + directory::Directory
    + profiles::Profiles
    + policies::Policies
    + customer_profiles::CustomerProfiles
    + corporate_identifiers::CorporateIdentifiers
    + syncs::Syncs
    + imported::Imported
    + properties::Properties
    + trail::Trail
    + jobs::Jobs
    + housekeeping::Housekeeping
{
}

impl<T> Storage for T where
    T: organizations::Organizations
        + people::People
        + api_clients::ApiClients
        + tokens::Tokens
        + relationships::Relationships
        + drafts::Drafts
        + uploads::Uploads
        + submissions::Submissions
        + devices::Devices
        + directory::Directory
        + profiles::Profiles
        + policies::Policies
        + customer_profiles::CustomerProfiles
        + corporate_identifiers::CorporateIdentifiers
        + syncs::Syncs
        + imported::Imported
        + properties::Properties
        + trail::Trail
        + jobs::Jobs
        + housekeeping::Housekeeping
{
}

/// Opens the database named by `url`: `sqlite:PATH` or `postgres://…`. Nothing is migrated yet:
/// call [`housekeeping::Housekeeping::migrate`].
pub async fn open(url: &str) -> Result<Arc<dyn Storage>> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        sqlite::open(std::path::Path::new(path)).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        postgres::open(url).await
    } else {
        Err(StorageError::Address)
    }
}
