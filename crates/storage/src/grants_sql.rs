//! Statements about sign-ins through API clients that both dialects read: with `?1`, see
//! [`sql::dollars`](crate::sql::dollars).

use crate::api_sql::client_columns;

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

/// The sign-ins of a person that were not to go on while it is away: they have no refresh token.
pub(crate) const END_WHILE_AWAY: &str = "\
    DELETE FROM api_grant WHERE person_id = ?1 \
    AND NOT EXISTS (SELECT 1 FROM refresh_token t WHERE t.grant_id = api_grant.id)";

/// What is over is swept a day later: whoever comes with it is still told so.
pub(crate) const SWEEP: [&str; 5] = [
    "DELETE FROM refresh_token WHERE expires_at <= ?1",
    "DELETE FROM api_grant WHERE ends_at <= ?1",
    "DELETE FROM authorization_code WHERE expires_at <= ?1",
    "DELETE FROM device_code WHERE expires_at <= ?1",
    "DELETE FROM used_assertion WHERE expires_at <= ?1",
];

pub(crate) const SPEND_ASSERTION: &str = "\
    INSERT INTO used_assertion (client_id, digest, expires_at) VALUES (?1, ?2, ?3) \
    ON CONFLICT DO NOTHING";

/// The client's name, if client ?1 and person ?2 may still act together.
pub(crate) const TOGETHER: &str = "\
    SELECT a.name FROM api_client c JOIN person a ON a.id = c.id \
    JOIN person p ON p.organization_id = c.organization_id \
    WHERE c.id = ?1 AND p.id = ?2 AND c.revoked_at IS NULL AND p.disabled_at IS NULL";

pub(crate) const ADD_GRANT: &str = "\
    INSERT INTO api_grant (id, client_id, person_id, scopes, created_at, last_used_at, ends_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)";

pub(crate) const ADD_REFRESH: &str =
    "INSERT INTO refresh_token (digest, grant_id, expires_at) VALUES (?1, ?2, ?3)";

pub(crate) const ADD_CODE: &str = "\
    INSERT INTO authorization_code \
    (digest, client_id, person_id, redirect, challenge, asked, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

pub(crate) const SPEND_CODE: &str = "\
    UPDATE authorization_code SET grant_id = ?2 \
    WHERE digest = ?1 AND grant_id IS NULL AND expires_at > ?3";

pub(crate) const DROP_UNSPENT_CODES: &str =
    "DELETE FROM authorization_code WHERE client_id = ?1 AND grant_id IS NULL";

pub(crate) const GRANT_OF_CODE: &str = "\
    SELECT grant_id FROM authorization_code WHERE digest = ?1 AND grant_id IS NOT NULL";

pub(crate) const END_GRANT: [&str; 2] = [
    "DELETE FROM refresh_token WHERE grant_id = ?1",
    "DELETE FROM api_grant WHERE id = ?1",
];

pub(crate) const SPEND_REFRESH: &str = "\
    UPDATE refresh_token SET used_at = coalesce(used_at, ?2) \
    WHERE digest = ?1 AND expires_at > ?2 AND (used_at IS NULL OR used_at > ?3) \
    RETURNING grant_id";

pub(crate) const GRANT_OF_REFRESH: &str =
    "SELECT grant_id FROM refresh_token WHERE digest = ?1 AND used_at <= ?2";

pub(crate) const PROLONG_GRANT: &str =
    "UPDATE api_grant SET ends_at = ?2, last_used_at = ?3 WHERE id = ?1";

pub(crate) const GRANTS: &str = concat!(
    "SELECT ",
    client_columns!(),
    ", g.id, g.scopes, g.created_at, g.last_used_at FROM api_grant g \
     JOIN api_client c ON c.id = g.client_id JOIN person a ON a.id = c.id \
     WHERE c.organization_id = ?1 AND g.person_id = ?2 AND g.ends_at > ?3 ORDER BY g.id DESC"
);

/// The client of a sign-in: id and name.
pub(crate) const OWN_GRANT: &str = "\
    SELECT c.id, a.name FROM api_grant g JOIN api_client c ON c.id = g.client_id \
    JOIN person a ON a.id = c.id \
    WHERE g.id = ?1 AND g.person_id = ?2 AND c.organization_id = ?3";

pub(crate) const ADD_DEVICE_CODE: &str = "\
    INSERT INTO device_code (digest, user_code, client_id, asked, state, expires_at) \
    VALUES (?1, ?2, ?3, ?4, 'waiting', ?5) ON CONFLICT DO NOTHING";

pub(crate) const WAITING_CODE: &str = concat!(
    "SELECT ",
    client_columns!(),
    ", d.asked FROM device_code d JOIN api_client c ON c.id = d.client_id \
     JOIN person a ON a.id = c.id \
     WHERE d.user_code = ?1 AND d.state = 'waiting' AND d.expires_at > ?2 \
     AND c.organization_id = ?3 AND c.revoked_at IS NULL"
);

pub(crate) const DECIDE_DEVICE_CODE: &str = "\
    UPDATE device_code SET state = ?2, person_id = ?3 \
    WHERE user_code = ?1 AND state = 'waiting' AND expires_at > ?4 RETURNING client_id";

pub(crate) const NOTE_POLL: &str =
    "UPDATE device_code SET polled_at = ?3 WHERE digest = ?1 AND client_id = ?2";

pub(crate) const SPEND_DEVICE_CODE: &str = "\
    DELETE FROM device_code WHERE digest = ?1 AND state = 'approved' AND expires_at > ?2";
