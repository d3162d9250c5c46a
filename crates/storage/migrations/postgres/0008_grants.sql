-- redirects: where a browser may be sent with a code, one a line. A public client keeps no secret.
ALTER TABLE api_client ADD COLUMN redirects TEXT NOT NULL DEFAULT '';
ALTER TABLE api_client ADD COLUMN public BOOLEAN NOT NULL DEFAULT FALSE;

-- A credential is a secret or a public key, whose SubjectPublicKeyInfo is in public_key; digest is
-- the SHA-256 of either.
ALTER TABLE client_credential ADD COLUMN kind TEXT NOT NULL DEFAULT 'secret';
ALTER TABLE client_credential ADD COLUMN public_key BYTEA;

-- Somebody's sign-in through a client. Without its row no token of it holds.
CREATE TABLE api_grant (
    id           UUID    NOT NULL PRIMARY KEY,
    client_id    UUID    NOT NULL REFERENCES api_client (id),
    person_id    UUID    NOT NULL REFERENCES person (id),
    scopes       TEXT    NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL
);
CREATE INDEX api_grant_by_client ON api_grant (client_id);
CREATE INDEX api_grant_by_person ON api_grant (person_id);

-- Refresh tokens, codes and device codes are kept by the SHA-256 of their secret, never in clear.
-- Used ones stay for a while: that one comes again is how a theft is found.
CREATE TABLE refresh_token (
    digest     BYTEA   NOT NULL PRIMARY KEY,
    grant_id   UUID    NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX refresh_token_by_grant ON refresh_token (grant_id);

-- asked is what the client asked for, as JSON; grant_id the sign-in that came of it.
CREATE TABLE authorization_code (
    digest     BYTEA   NOT NULL PRIMARY KEY,
    client_id  UUID    NOT NULL REFERENCES api_client (id),
    person_id  UUID    NOT NULL REFERENCES person (id),
    redirect   TEXT    NOT NULL,
    challenge  TEXT,
    asked      TEXT    NOT NULL,
    expires_at BIGINT NOT NULL,
    grant_id   UUID
);
CREATE INDEX authorization_code_by_client ON authorization_code (client_id);
CREATE INDEX authorization_code_by_person ON authorization_code (person_id);

CREATE TABLE device_code (
    digest     BYTEA   NOT NULL PRIMARY KEY,
    user_code  TEXT    NOT NULL,
    client_id  UUID    NOT NULL REFERENCES api_client (id),
    asked      TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    person_id  UUID,
    expires_at BIGINT NOT NULL,
    polled_at  BIGINT,
    CONSTRAINT device_code_user_code_unique UNIQUE (user_code)
);
CREATE INDEX device_code_by_client ON device_code (client_id);
CREATE INDEX device_code_by_person ON device_code (person_id);

-- An assertion is of use once.
CREATE TABLE used_assertion (
    client_id  UUID    NOT NULL,
    digest     BYTEA   NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, digest)
);
