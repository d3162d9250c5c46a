-- redirects: where a browser may be sent with a code, one a line. A public client keeps no secret.
ALTER TABLE api_client ADD COLUMN redirects TEXT NOT NULL DEFAULT '';
ALTER TABLE api_client ADD COLUMN public INTEGER NOT NULL DEFAULT 0;

-- A credential is a secret or a public key, whose SubjectPublicKeyInfo is in public_key; digest is
-- the SHA-256 of either.
ALTER TABLE client_credential ADD COLUMN kind TEXT NOT NULL DEFAULT 'secret';
ALTER TABLE client_credential ADD COLUMN public_key BLOB;

-- Somebody's sign-in through a client. Without its row no token of it holds.
CREATE TABLE api_grant (
    id           BLOB    NOT NULL PRIMARY KEY,
    client_id    BLOB    NOT NULL REFERENCES api_client (id),
    person_id    BLOB    NOT NULL REFERENCES person (id),
    scopes       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX api_grant_by_client ON api_grant (client_id);
CREATE INDEX api_grant_by_person ON api_grant (person_id);

-- Refresh tokens, codes and device codes are kept by the SHA-256 of their secret, never in clear.
-- Used ones stay for a while: that one comes again is how a theft is found.
CREATE TABLE refresh_token (
    digest     BLOB    NOT NULL PRIMARY KEY,
    grant_id   BLOB    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_by_grant ON refresh_token (grant_id);

-- asked is what the client asked for, as JSON; grant_id the sign-in that came of it.
CREATE TABLE authorization_code (
    digest     BLOB    NOT NULL PRIMARY KEY,
    client_id  BLOB    NOT NULL REFERENCES api_client (id),
    person_id  BLOB    NOT NULL REFERENCES person (id),
    redirect   TEXT    NOT NULL,
    challenge  TEXT,
    asked      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    grant_id   BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_code_by_client ON authorization_code (client_id);
CREATE INDEX authorization_code_by_person ON authorization_code (person_id);

CREATE TABLE device_code (
    digest     BLOB    NOT NULL PRIMARY KEY,
    user_code  TEXT    NOT NULL,
    client_id  BLOB    NOT NULL REFERENCES api_client (id),
    asked      TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    person_id  BLOB,
    expires_at INTEGER NOT NULL,
    polled_at  INTEGER,
    CONSTRAINT device_code_user_code_unique UNIQUE (user_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_code_by_client ON device_code (client_id);
CREATE INDEX device_code_by_person ON device_code (person_id);

-- An assertion is of use once.
CREATE TABLE used_assertion (
    client_id  BLOB    NOT NULL,
    digest     BLOB    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, digest)
) STRICT, WITHOUT ROWID;
