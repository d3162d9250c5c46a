//! Statements about API clients and tokens that both dialects read: with `?1`, see
//! [`sql::dollars`](crate::sql::dollars).

/// What [`ApiClient`](registration::api_client::ApiClient) is read from: 11 columns.
macro_rules! client_columns {
    () => {
        "c.id, c.organization_id, a.name, a.role, c.scopes, c.redirects, c.public, c.created_by, \
         a.created_at, c.revoked_at, c.last_used_at"
    };
}

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

pub(crate) const ADD_CREDENTIAL: &str = "\
    INSERT INTO client_credential \
    (id, client_id, kind, digest, public_key, hint, created_at, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

pub(crate) const DROP_EXPIRED: &str =
    "DELETE FROM client_credential WHERE client_id = ?1 AND kind = ?2 AND expires_at <= ?3";

pub(crate) const DROP_CREDENTIAL: &str = "\
    DELETE FROM client_credential WHERE id = ?1 AND client_id = ?2 RETURNING kind, hint";

/// Everything that a revoked client could still prove itself with, or that waits for it.
pub(crate) const DROP_ALL_OF_CLIENT: [&str; 5] = [
    "DELETE FROM client_credential WHERE client_id = ?1",
    "DELETE FROM refresh_token WHERE grant_id IN (SELECT id FROM api_grant WHERE client_id = ?1)",
    "DELETE FROM api_grant WHERE client_id = ?1",
    "DELETE FROM authorization_code WHERE client_id = ?1",
    "DELETE FROM device_code WHERE client_id = ?1",
];

/// What hangs on the sign-ins of a person.
pub(crate) const DROP_ALL_OF_PERSON: [&str; 4] = [
    "DELETE FROM refresh_token WHERE grant_id IN (SELECT id FROM api_grant WHERE person_id = ?1)",
    "DELETE FROM api_grant WHERE person_id = ?1",
    "DELETE FROM authorization_code WHERE person_id = ?1",
    "DELETE FROM device_code WHERE person_id = ?1",
];

/// Expired for a day: whoever comes with one is still told so.
pub(crate) const SWEEP: [&str; 6] = [
    "DELETE FROM refresh_token WHERE expires_at <= ?1",
    "DELETE FROM api_grant WHERE ends_at <= ?1",
    "DELETE FROM authorization_code WHERE expires_at <= ?1",
    "DELETE FROM device_code WHERE expires_at <= ?1",
    "DELETE FROM used_assertion WHERE expires_at <= ?1",
    "DELETE FROM signing_key WHERE ends_at <= ?1",
];

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

pub(crate) const SPEND_ASSERTION: &str = "\
    INSERT INTO used_assertion (client_id, digest, expires_at) VALUES (?1, ?2, ?3) \
    ON CONFLICT DO NOTHING";

pub(crate) const ADD_GRANT: &str = "\
    INSERT INTO api_grant (id, client_id, person_id, scopes, created_at, ends_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

pub(crate) const ADD_REFRESH: &str =
    "INSERT INTO refresh_token (digest, grant_id, expires_at) VALUES (?1, ?2, ?3)";

pub(crate) const ADD_CODE: &str = "\
    INSERT INTO authorization_code \
    (digest, client_id, person_id, redirect, challenge, asked, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

pub(crate) const SPEND_CODE: &str =
    "UPDATE authorization_code SET grant_id = ?2 WHERE digest = ?1 AND grant_id IS NULL";

pub(crate) const GRANT_OF_CODE: &str = "\
    SELECT grant_id, client_id FROM authorization_code \
    WHERE digest = ?1 AND grant_id IS NOT NULL";

pub(crate) const END_GRANT: [&str; 2] = [
    "DELETE FROM refresh_token WHERE grant_id = ?1",
    "DELETE FROM api_grant WHERE id = ?1",
];

pub(crate) const SPEND_REFRESH: &str = "\
    UPDATE refresh_token SET used_at = ?2 \
    WHERE digest = ?1 AND used_at IS NULL AND expires_at > ?2 RETURNING grant_id";

pub(crate) const GRANT_OF_REFRESH: &str = "SELECT grant_id FROM refresh_token WHERE digest = ?1";

pub(crate) const PROLONG_GRANT: &str = "UPDATE api_grant SET ends_at = ?2 WHERE id = ?1";

pub(crate) const ADD_DEVICE_CODE: &str = "\
    INSERT INTO device_code (digest, user_code, client_id, asked, state, expires_at) \
    VALUES (?1, ?2, ?3, ?4, 'waiting', ?5) ON CONFLICT DO NOTHING";

pub(crate) const WAITING_CODE: &str = concat!(
    "SELECT ",
    client_columns!(),
    ", d.asked FROM device_code d JOIN api_client c ON c.id = d.client_id \
     JOIN person a ON a.id = c.id \
     WHERE d.user_code = ?1 AND d.state = 'waiting' AND d.expires_at > ?2 \
     AND c.revoked_at IS NULL"
);

pub(crate) const DECIDE_DEVICE_CODE: &str = "\
    UPDATE device_code SET state = ?2, person_id = ?3 \
    WHERE user_code = ?1 AND state = 'waiting' AND expires_at > ?4 RETURNING client_id";

pub(crate) const CLIENT_NAME: &str = "SELECT name FROM person WHERE id = ?1";

pub(crate) const NOTE_POLL: &str = "UPDATE device_code SET polled_at = ?2 WHERE digest = ?1";

pub(crate) const SPEND_DEVICE_CODE: &str =
    "DELETE FROM device_code WHERE digest = ?1 AND state = 'approved'";
