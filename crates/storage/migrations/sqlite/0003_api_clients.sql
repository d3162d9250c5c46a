-- A client is an account: the role, the name and the audit log are a person's. It has no password,
-- and no address that anybody could sign in with.
ALTER TABLE person ADD COLUMN is_client INTEGER NOT NULL DEFAULT 0;

-- id is that of the account. scopes: words with blanks.
CREATE TABLE api_client (
    id              BLOB    NOT NULL PRIMARY KEY REFERENCES person (id),
    organization_id BLOB    NOT NULL REFERENCES organization (id),
    scopes          TEXT    NOT NULL,
    created_by      BLOB    NOT NULL,
    revoked_at      INTEGER,
    last_used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_client_by_organization ON api_client (organization_id, id);

-- digest is the SHA-256 of a secret.
CREATE TABLE client_credential (
    id           BLOB    NOT NULL PRIMARY KEY,
    client_id    BLOB    NOT NULL REFERENCES api_client (id),
    digest       BLOB    NOT NULL,
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
