//! Migrations, embedded, and what every registry starts with.

use registration::clock::Timestamp;
use registration::{group_tag, profile};
use sha2::{Digest, Sha256};

use super::{Postgres, Tx, query};
use crate::housekeeping::Migration;
use crate::{Result, StorageError, sql};

/// Number, name and text, in order.
const MIGRATIONS: [(u32, &str, &str); 9] = [
    (
        1,
        "foundation",
        include_str!("../../migrations/postgres/0001_foundation.sql"),
    ),
    (
        2,
        "draft_changes",
        include_str!("../../migrations/postgres/0002_draft_changes.sql"),
    ),
    (
        3,
        "api_clients",
        include_str!("../../migrations/postgres/0003_api_clients.sql"),
    ),
    (
        4,
        "submissions",
        include_str!("../../migrations/postgres/0004_submissions.sql"),
    ),
    (
        5,
        "operations",
        include_str!("../../migrations/postgres/0005_operations.sql"),
    ),
    (
        6,
        "imported_identities",
        include_str!("../../migrations/postgres/0006_imported_identities.sql"),
    ),
    (
        7,
        "graph_profiles",
        include_str!("../../migrations/postgres/0007_graph_profiles.sql"),
    ),
    (
        8,
        "grants",
        include_str!("../../migrations/postgres/0008_grants.sql"),
    ),
    (
        9,
        "assigned_at",
        include_str!("../../migrations/postgres/0009_assigned_at.sql"),
    ),
];

/// Lets processes that start at once wait for each other; where a database has no such locks,
/// the primary key of `schema_migration` decides.
const TAKE_TURNS: &str = "SELECT pg_advisory_xact_lock (7251933024471109)";

const TABLE: &str = "\
    CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL, digest BYTEA NOT NULL, applied_at BIGINT NOT NULL)";

impl Postgres {
    /// Applies what is missing, each migration in a transaction, and seeds.
    pub(super) async fn apply_missing(&self, now: Timestamp) -> Result<Vec<Migration>> {
        in_transaction!(self, tx => {
            query::run(tx, TAKE_TURNS, &[]).await?;
            Ok(tx.batch_execute(TABLE).await?)
        })?;
        let mut applied = Vec::new();
        for (number, name, text) in MIGRATIONS {
            if in_transaction!(self, tx => apply(tx, number, name, text, now).await)? {
                let name = name.to_owned();
                applied.push(Migration { number, name });
            }
        }
        in_transaction!(self, tx => seed(tx, now).await)?;
        Ok(applied)
    }
}

/// Whether it was missing.
async fn apply(tx: &Tx<'_>, number: u32, name: &str, text: &str, now: Timestamp) -> Result<bool> {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let key = i64::from(number);
    let note = "INSERT INTO schema_migration (number, name, digest, applied_at) \
                VALUES ($1, $2, $3, $4) ON CONFLICT (number) DO NOTHING";
    let on_record = "SELECT 1 FROM schema_migration WHERE number = $1 AND digest = $2";
    query::run(tx, TAKE_TURNS, &[]).await?;
    let digest = digest.as_slice();
    if query::run(tx, note, &[&key, &name, &digest, &now.0]).await? == 1 {
        tx.batch_execute(text).await?;
        return Ok(true);
    }
    if query::any(tx, on_record, &[&key, &digest]).await? {
        Ok(false)
    } else {
        Err(StorageError::Migration(format!("{number:04}_{name}")))
    }
}

async fn seed(tx: &Tx<'_>, now: Timestamp) -> Result<()> {
    let add_profile = "INSERT INTO deployment_profile (id, name, settings, updated_at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let add_tag = "INSERT INTO group_tag (tag, deployment_profile_id) VALUES ($1, $2) \
                   ON CONFLICT (tag) DO NOTHING";
    for (id, name) in profile::SEEDED {
        let settings = sql::to_text(&profile::seeded_settings(id))?;
        query::run(tx, add_profile, &[&id.0, &name, &settings, &now.0]).await?;
    }
    for entry in &group_tag::CATALOGUE {
        query::run(tx, add_tag, &[&entry.tag, &entry.deployment_profile.0]).await?;
    }
    Ok(())
}
