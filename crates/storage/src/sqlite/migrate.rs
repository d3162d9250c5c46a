//! Migrations, embedded, and what every registry starts with.

use registration::clock::Timestamp;
use registration::{group_tag, profile};
use rusqlite::{Transaction, params};
use sha2::{Digest, Sha256};

use super::rows;
use crate::housekeeping::Migration;
use crate::sql;
use crate::{Result, StorageError};

/// Number, name and text, in order.
const MIGRATIONS: [(u32, &str, &str); 9] = [
    (
        1,
        "foundation",
        include_str!("../../migrations/sqlite/0001_foundation.sql"),
    ),
    (
        2,
        "draft_changes",
        include_str!("../../migrations/sqlite/0002_draft_changes.sql"),
    ),
    (
        3,
        "api_clients",
        include_str!("../../migrations/sqlite/0003_api_clients.sql"),
    ),
    (
        4,
        "submissions",
        include_str!("../../migrations/sqlite/0004_submissions.sql"),
    ),
    (
        5,
        "operations",
        include_str!("../../migrations/sqlite/0005_operations.sql"),
    ),
    (
        6,
        "imported_identities",
        include_str!("../../migrations/sqlite/0006_imported_identities.sql"),
    ),
    (
        7,
        "graph_profiles",
        include_str!("../../migrations/sqlite/0007_graph_profiles.sql"),
    ),
    (
        8,
        "grants",
        include_str!("../../migrations/sqlite/0008_grants.sql"),
    ),
    (
        9,
        "assigned_at",
        include_str!("../../migrations/sqlite/0009_assigned_at.sql"),
    ),
];

/// Applies what is missing. The whole is one transaction: another process that starts at the same
/// time waits for it and then finds nothing to do.
pub(super) fn migrate(tx: &Transaction<'_>, now: Timestamp) -> Result<Vec<Migration>> {
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migration (\
         number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, digest BLOB NOT NULL, \
         applied_at INTEGER NOT NULL) STRICT",
    )?;
    let mut applied = Vec::new();
    for (number, name, text) in MIGRATIONS {
        if apply_missing(tx, number, name, text, now)? {
            let name = name.to_owned();
            applied.push(Migration { number, name });
        }
    }
    seed(tx, now)?;
    Ok(applied)
}

fn apply_missing(
    tx: &Transaction<'_>,
    number: u32,
    name: &str,
    text: &str,
    now: Timestamp,
) -> Result<bool> {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let on_record = rows::first(
        tx,
        "SELECT digest FROM schema_migration WHERE number = ?1",
        [number],
        |row| row.get::<_, Vec<u8>>(0),
    )?;
    match on_record {
        Some(known) if known == digest => return Ok(false),
        Some(_) => return Err(StorageError::Migration(format!("{number:04}_{name}"))),
        None => {}
    }
    tx.execute_batch(text)?;
    rows::run(
        tx,
        "INSERT INTO schema_migration (number, name, digest, applied_at) VALUES (?1, ?2, ?3, ?4)",
        params![number, name, digest, now.0],
    )?;
    Ok(true)
}

fn seed(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    for (id, name) in profile::SEEDED {
        let settings = sql::to_text(&profile::seeded_settings(id))?;
        rows::run(
            tx,
            "INSERT INTO deployment_profile (id, name, settings, updated_at) \
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![id.0, name, settings, now.0],
        )?;
    }
    for entry in &group_tag::CATALOGUE {
        rows::run(
            tx,
            "INSERT INTO group_tag (tag, deployment_profile_id) VALUES (?1, ?2) \
             ON CONFLICT DO NOTHING",
            params![entry.tag, entry.deployment_profile.0],
        )?;
    }
    Ok(())
}
