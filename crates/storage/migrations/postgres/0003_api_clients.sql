-- A client is an account: the role, the name and the audit log are a person's. It has no password,
-- and no address that anybody could sign in with.
ALTER TABLE person ADD COLUMN is_client BOOLEAN NOT NULL DEFAULT FALSE;

-- id is that of the account. scopes: words with blanks; redirects: one a line. A public client keeps
-- no secret.
CREATE TABLE api_client (
    id              UUID    NOT NULL PRIMARY KEY REFERENCES person (id),
    organization_id UUID    NOT NULL REFERENCES organization (id),
    scopes          TEXT    NOT NULL,
    redirects       TEXT    NOT NULL,
    public          BOOLEAN NOT NULL,
    created_by      UUID    NOT NULL,
    revoked_at      BIGINT,
    last_used_at    BIGINT
);
CREATE INDEX api_client_by_organization ON api_client (organization_id, id);

-- digest is the SHA-256 of a secret, or of a public key, whose SubjectPublicKeyInfo is in public_key.
CREATE TABLE client_credential (
    id           UUID    NOT NULL PRIMARY KEY,
    client_id    UUID    NOT NULL REFERENCES api_client (id),
    kind         TEXT    NOT NULL,
    digest       BYTEA    NOT NULL,
    public_key   BYTEA,
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

-- Somebody's sign-in through a client. Without its row no token of it holds.
CREATE TABLE api_grant (
    id         UUID    NOT NULL PRIMARY KEY,
    client_id  UUID    NOT NULL REFERENCES api_client (id),
    person_id  UUID    NOT NULL REFERENCES person (id),
    scopes     TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    ends_at    BIGINT  NOT NULL
);
CREATE INDEX api_grant_by_client ON api_grant (client_id);
CREATE INDEX api_grant_by_person ON api_grant (person_id);

-- Refresh tokens, codes and device codes are kept by the SHA-256 of their secret, never in clear. Used ones stay
-- for a while: that one comes again is how a theft is found.
CREATE TABLE refresh_token (
    digest     BYTEA    NOT NULL PRIMARY KEY,
    grant_id   UUID    NOT NULL,
    expires_at BIGINT  NOT NULL,
    used_at    BIGINT
);
CREATE INDEX refresh_token_by_grant ON refresh_token (grant_id);

-- asked is what the client asked for (scopes, nonce), as JSON.
CREATE TABLE authorization_code (
    digest     BYTEA    NOT NULL PRIMARY KEY,
    client_id  UUID    NOT NULL REFERENCES api_client (id),
    person_id  UUID    NOT NULL REFERENCES person (id),
    redirect   TEXT    NOT NULL,
    challenge  TEXT    NOT NULL,
    asked      TEXT    NOT NULL,
    expires_at BIGINT  NOT NULL,
    grant_id   UUID
);

CREATE TABLE device_code (
    digest     BYTEA    NOT NULL PRIMARY KEY,
    user_code  TEXT COLLATE "C" NOT NULL,
    client_id  UUID    NOT NULL REFERENCES api_client (id),
    asked      TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    person_id  UUID,
    expires_at BIGINT  NOT NULL,
    polled_at  BIGINT,
    CONSTRAINT device_code_user_code_unique UNIQUE (user_code)
);

-- An assertion is of use once.
CREATE TABLE used_assertion (
    client_id  UUID    NOT NULL,
    digest     BYTEA    NOT NULL,
    expires_at BIGINT  NOT NULL,
    PRIMARY KEY (client_id, digest)
);
