-- A client is an account: the role, the name and the audit log are a person's. It has no password,
-- and no address that anybody could sign in with.
ALTER TABLE person ADD COLUMN is_client INTEGER NOT NULL DEFAULT 0;

-- id is that of the account. scopes: words with blanks; redirects: one a line. A public client keeps
-- no secret.
CREATE TABLE api_client (
    id              BLOB    NOT NULL PRIMARY KEY REFERENCES person (id),
    organization_id BLOB    NOT NULL REFERENCES organization (id),
    scopes          TEXT    NOT NULL,
    redirects       TEXT    NOT NULL,
    public          INTEGER NOT NULL,
    created_by      BLOB    NOT NULL,
    revoked_at      INTEGER,
    last_used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_client_by_organization ON api_client (organization_id, id);

-- digest is the SHA-256 of a secret, or of a public key, whose SubjectPublicKeyInfo is in public_key.
CREATE TABLE client_credential (
    id           BLOB    NOT NULL PRIMARY KEY,
    client_id    BLOB    NOT NULL REFERENCES api_client (id),
    kind         TEXT    NOT NULL,
    digest       BLOB    NOT NULL,
    public_key   BLOB,
    hint         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX client_credential_by_client ON client_credential (client_id, id);

-- sealed is the private key under the server's key, and seal says which server key that is. A key
-- signs until signs_until and is published until ends_at.
CREATE TABLE signing_key (
    id          BLOB    NOT NULL PRIMARY KEY,
    public_key  BLOB    NOT NULL,
    sealed      BLOB    NOT NULL,
    seal        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    signs_until INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Somebody's sign-in through a client. Without its row no token of it holds.
CREATE TABLE api_grant (
    id         BLOB    NOT NULL PRIMARY KEY,
    client_id  BLOB    NOT NULL REFERENCES api_client (id),
    person_id  BLOB    NOT NULL REFERENCES person (id),
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX api_grant_by_client ON api_grant (client_id);
CREATE INDEX api_grant_by_person ON api_grant (person_id);

-- Refresh tokens, codes and device codes are kept by the SHA-256 of their secret, never in clear. Used ones stay
-- for a while: that one comes again is how a theft is found.
CREATE TABLE refresh_token (
    digest     BLOB    NOT NULL PRIMARY KEY,
    grant_id   BLOB    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_by_grant ON refresh_token (grant_id);

-- asked is what the client asked for (scopes, nonce), as JSON.
CREATE TABLE authorization_code (
    digest     BLOB    NOT NULL PRIMARY KEY,
    client_id  BLOB    NOT NULL REFERENCES api_client (id),
    person_id  BLOB    NOT NULL REFERENCES person (id),
    redirect   TEXT    NOT NULL,
    challenge  TEXT    NOT NULL,
    asked      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    grant_id   BLOB
) STRICT, WITHOUT ROWID;

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

-- An assertion is of use once.
CREATE TABLE used_assertion (
    client_id  BLOB    NOT NULL,
    digest     BLOB    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, digest)
) STRICT, WITHOUT ROWID;
