//! What statements have in common, as text put together at compile time: the columns of every
//! type, in the order in which `rows.rs` reads them, and the condition for consent.

/// Columns of a table under the name it has in the statement.
macro_rules! columns {
    ($table:literal: $first:literal $(, $column:literal)*) => {
        concat!($table, ".", $first $(, ", ", $table, ".", $column)*)
    };
}

/// Columns that `rows::organization` reads: 5.
macro_rules! organization_columns {
    ($table:literal) => {
        columns!($table: "id", "kind", "name", "domain", "created_at")
    };
}

/// Columns that `rows::member` reads: a person's 8 (of `p`), then its organization's (of `o`).
macro_rules! member_columns {
    () => {
        concat!(user_columns!("p"), ", ", organization_columns!("o"))
    };
}

/// Columns that `rows::user` reads: 8.
macro_rules! user_columns {
    ($table:literal) => {
        columns!($table: "id", "organization_id", "email", "name", "role", "password_hash",
            "disabled_at", "created_at")
    };
}

/// Columns that `rows::invitation` reads: 11.
macro_rules! invitation_columns {
    ($table:literal) => {
        columns!($table: "id", "token", "party_id", "customer_label", "customer_domain",
            "delegated_administration", "reusable", "state", "created_by", "created_at",
            "expires_at")
    };
}

/// Columns that `rows::relationship` reads: 12.
macro_rules! relationship_columns {
    ($table:literal) => {
        columns!($table: "id", "party_id", "customer_id", "invitation_id",
            "delegated_administration", "state", "requested_at", "active_since", "accepted_by",
            "expires_at", "ended_at", "end_reason")
    };
}

/// Columns that `rows::upload` reads: 15.
macro_rules! upload_columns {
    ($table:literal) => {
        columns!($table: "id", "batch_id", "customer_id", "party_id", "created_by", "request_id",
            "file_name", "file_digest", "group_tag", "status", "row_count", "counts",
            "created_at", "queued_at", "completed_at")
    };
}

/// Columns that `rows::device` reads: 17.
macro_rules! device_columns {
    ($table:literal) => {
        columns!($table: "id", "customer_id", "registered_by", "registered_by_user", "batch_id",
            "upload_id", "manufacturer", "model", "serial", "pkid", "smbios_uuid", "has_hash",
            "verified", "group_tag", "registered_at", "last_asked_at", "policy_id")
    };
}

/// Columns that `rows::built_device` reads: 5.
macro_rules! built_device_columns {
    ($table:literal) => {
        columns!($table: "manufacturer", "model", "serial", "pkid", "smbios_uuid")
    };
}

/// The condition that a relationship allows registering at a moment.
macro_rules! active {
    ($table:literal, $now:literal) => {
        concat!(
            $table,
            ".ended_at = 0 AND ",
            $table,
            ".state = 'active' AND (",
            $table,
            ".expires_at IS NULL OR ",
            $table,
            ".expires_at > ",
            $now,
            ")"
        )
    };
}
