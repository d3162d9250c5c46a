//! Migrations, health, and what goes away by itself.

use async_trait::async_trait;
use registration::clock::Timestamp;

use crate::Result;

/// How long a request is known again by its id, in days.
pub const REMEMBERED_DAYS: i64 = 400;

/// A migration: its number and name are the same on both backends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// `0001`.
    pub number: u32,
    /// `foundation`.
    pub name: String,
}

/// Housekeeping.
#[async_trait]
pub trait Housekeeping: Send + Sync {
    /// Applies the migrations that are missing, each in a transaction, and answers with them;
    /// then seeds what every registry has (the four deployment profiles, the tags of the
    /// catalogue) where it is missing. Several processes may start at once. A migration on
    /// record with another digest is refused.
    async fn migrate(&self, now: Timestamp) -> Result<Vec<Migration>>;

    /// Answers if the database does.
    async fn ping(&self) -> Result<()>;

    /// Which backend it is: `sqlite` or `postgres`.
    fn backend(&self) -> &'static str;

    /// Removes expired sessions and links, drafts older than a day with their files, operations of which
    /// a day after their first line the last one had not come, what is known
    /// of requests older than [`REMEMBERED_DAYS`], and ends active relationships whose date has
    /// passed (as expired). Bears repeating.
    async fn sweep(&self, now: Timestamp) -> Result<()>;
}
