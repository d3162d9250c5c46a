-- A client is an account: the role, the name and the audit log are a person's. It has no password,
-- and no address that anybody could sign in with.
ALTER TABLE person ADD COLUMN is_client BOOLEAN NOT NULL DEFAULT FALSE;

-- id is that of the account. scopes: words with blanks.
CREATE TABLE api_client (
    id              UUID    NOT NULL PRIMARY KEY REFERENCES person (id),
    organization_id UUID    NOT NULL REFERENCES organization (id),
    scopes          TEXT    NOT NULL,
    created_by      UUID    NOT NULL,
    revoked_at      BIGINT,
    last_used_at    BIGINT
);
CREATE INDEX api_client_by_organization ON api_client (organization_id, id);

-- digest is the SHA-256 of a secret.
CREATE TABLE client_credential (
    id           UUID    NOT NULL PRIMARY KEY,
    client_id    UUID    NOT NULL REFERENCES api_client (id),
    digest       BYTEA    NOT NULL,
    hint         TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX client_credential_by_client ON client_credential (client_id, id);

-- sealed is the private key under the server's key, and seal says which server key that is. A key
-- signs until signs_until and is published until ends_at.
CREATE TABLE signing_key (
    id          UUID    NOT NULL PRIMARY KEY,
    public_key  BYTEA    NOT NULL,
    sealed      BYTEA    NOT NULL,
    seal        BYTEA    NOT NULL,
    created_at  BIGINT  NOT NULL,
    signs_until BIGINT  NOT NULL,
    ends_at     BIGINT  NOT NULL
);
