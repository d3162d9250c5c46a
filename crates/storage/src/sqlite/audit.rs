//! Writing lines of the audit log.

use registration::audit::AuditEntry;
use rusqlite::{Connection, params};

use super::rows;
use crate::Result;

/// Appends a line.
pub(super) fn append(conn: &Connection, entry: &AuditEntry) -> Result<()> {
    rows::run(
        conn,
        "INSERT INTO audit_entry (id, at, request_id, actor_user_id, actor_email, \
         actor_organization_id, concerned_organization_id, action, target_id, target, done, detail) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            entry.id.0,
            entry.at.0,
            entry.request_id.0,
            entry.actor_user_id.0,
            entry.actor_email,
            entry.actor_organization_id.0,
            entry.concerned_organization_id.map(|id| id.0),
            entry.action.as_str(),
            entry.target_id,
            entry.target,
            entry.done,
            entry.detail,
        ],
    )?;
    Ok(())
}
