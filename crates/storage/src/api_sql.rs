//! Statements about API clients and tokens that both dialects read: with `?1`, see
//! [`sql::dollars`](crate::sql::dollars).

/// What [`ApiClient`](registration::api_client::ApiClient) is read from: 11 columns.
macro_rules! client_columns {
    () => {
        "c.id, c.organization_id, a.name, a.role, c.scopes, c.redirects, c.public, c.created_by, \
         a.created_at, c.revoked_at, c.last_used_at"
    };
}

pub(crate) use client_columns;

/// How many they are.
pub(crate) const CLIENT_WIDTH: usize = 11;

pub(crate) const CLIENTS: &str = concat!(
    "SELECT ",
    client_columns!(),
    " FROM api_client c JOIN person a ON a.id = c.id \
     WHERE c.organization_id = ?1 ORDER BY c.id DESC"
);

pub(crate) const CLIENT: &str = concat!(
    "SELECT ",
    client_columns!(),
    " FROM api_client c JOIN person a ON a.id = c.id WHERE c.organization_id = ?1 AND c.id = ?2"
);

/// 9 columns.
pub(crate) const CREDENTIALS: &str = "\
    SELECT id, kind, hint, created_at, expires_at, last_used_at, client_id, digest, public_key \
    FROM client_credential WHERE client_id = ?1 ORDER BY id";

pub(crate) const ALL_CREDENTIALS: &str = "\
    SELECT k.id, k.kind, k.hint, k.created_at, k.expires_at, k.last_used_at, k.client_id \
    FROM client_credential k JOIN api_client c ON c.id = k.client_id \
    WHERE c.organization_id = ?1 ORDER BY k.id";

pub(crate) const ADD_ACCOUNT: &str = "\
    INSERT INTO person (id, organization_id, email, name, role, created_at, is_client) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

pub(crate) const ADD_CLIENT: &str = "\
    INSERT INTO api_client (id, organization_id, scopes, redirects, public, created_by) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Of the account: name, what the audit log calls it, role.
pub(crate) const CHANGE_ACCOUNT: &str =
    "UPDATE person SET name = ?2, email = ?3, role = ?4 WHERE id = ?1";

pub(crate) const CHANGE_CLIENT: &str =
    "UPDATE api_client SET scopes = ?2, redirects = ?3 WHERE id = ?1";

pub(crate) const ADD_CREDENTIAL: &str = "\
    INSERT INTO client_credential \
    (id, client_id, kind, digest, public_key, hint, created_at, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

pub(crate) const DROP_EXPIRED: &str =
    "DELETE FROM client_credential WHERE client_id = ?1 AND kind = ?2 AND expires_at <= ?3";

pub(crate) const DROP_CREDENTIAL: &str = "\
    DELETE FROM client_credential WHERE id = ?1 AND client_id = ?2 RETURNING kind, hint";

pub(crate) const SWEEP: &str = "DELETE FROM signing_key WHERE ends_at <= ?1";

pub(crate) const REVOKE: [&str; 2] = [
    "UPDATE api_client SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
    "UPDATE person SET disabled_at = ?2 WHERE id = ?1 AND disabled_at IS NULL",
];

pub(crate) const KNOWN_CLIENT: &str = concat!(
    "SELECT ",
    client_columns!(),
    " FROM api_client c JOIN person a ON a.id = c.id \
     WHERE c.id = ?1 AND c.revoked_at IS NULL AND a.disabled_at IS NULL"
);

/// To the minute: a busy client is not a write for each token.
pub(crate) const NOTE_USE: [&str; 2] = [
    "UPDATE api_client SET last_used_at = ?2 \
     WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?3)",
    "UPDATE client_credential SET last_used_at = ?2 \
     WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?3)",
];

/// 7 columns.
pub(crate) const SIGNING_KEYS: &str = "\
    SELECT id, public_key, sealed, seal, created_at, signs_until, ends_at \
    FROM signing_key WHERE ends_at > ?1 ORDER BY id DESC";

pub(crate) const ADD_SIGNING_KEY: &str = "\
    INSERT INTO signing_key (id, public_key, sealed, seal, created_at, signs_until, ends_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// Whether what a token hangs on, called `r`, still stands; `$until` is the column with its end.
macro_rules! standing_rest {
    ($until:literal) => {
        concat!(
            " WHERE r.id = ?1 AND c.id = ?2 AND r.",
            $until,
            " > ?3 AND c.revoked_at IS NULL AND p.disabled_at IS NULL \
             AND p.organization_id = c.organization_id"
        )
    };
}

/// After `FROM client_credential r`, `api_client c`, `person p`.
pub(crate) const CREDENTIAL_STANDS: &str = standing_rest!("expires_at");

/// After `FROM api_grant r`, `api_client c`, `person p`.
pub(crate) const GRANT_STANDS: &str = standing_rest!("ends_at");
