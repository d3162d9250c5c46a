-- Ids are UUIDs, times 64-bit microseconds UTC, 0 where "never" must be part of a key.
-- Text is compared as bytes; folded copies of searchable text are stored by the program.

CREATE TABLE organization (
    id          UUID    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    name        TEXT COLLATE "C"    NOT NULL,
    name_folded TEXT COLLATE "C"    NOT NULL,
    domain      TEXT COLLATE "C"    NOT NULL,
    created_at  BIGINT NOT NULL,
    CONSTRAINT organization_domain_unique UNIQUE (domain)
);

CREATE TABLE person (
    id              UUID    NOT NULL PRIMARY KEY,
    organization_id UUID    NOT NULL REFERENCES organization (id),
    email           TEXT COLLATE "C"    NOT NULL,
    name            TEXT COLLATE "C"    NOT NULL,
    role            TEXT    NOT NULL,
    password_hash   TEXT,
    disabled_at     BIGINT,
    created_at      BIGINT NOT NULL,
    CONSTRAINT person_email_unique UNIQUE (email)
);
CREATE INDEX person_by_organization ON person (organization_id, id);

-- One-time links and sessions are kept by the SHA-256 of their secret, never in clear.
CREATE TABLE one_time_link (
    digest     BYTEA    NOT NULL PRIMARY KEY,
    person_id  UUID    REFERENCES person (id),
    expires_at BIGINT NOT NULL
);

CREATE TABLE session (
    digest     BYTEA    NOT NULL PRIMARY KEY,
    person_id  UUID    NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_person ON session (person_id);

CREATE TABLE invitation (
    id                       UUID    NOT NULL PRIMARY KEY,
    token                    TEXT    NOT NULL,
    party_id                 UUID    NOT NULL REFERENCES organization (id),
    customer_label           TEXT    NOT NULL,
    customer_domain          TEXT,
    delegated_administration BOOLEAN NOT NULL,
    reusable                 BOOLEAN NOT NULL,
    state                    TEXT    NOT NULL,
    created_by               UUID    NOT NULL,
    created_at               BIGINT NOT NULL,
    expires_at               BIGINT,
    CONSTRAINT invitation_token_unique UNIQUE (token)
);
CREATE INDEX invitation_by_party ON invitation (party_id, id);

-- ended_at is 0 while it stands, so that the key allows one standing relationship per pair.
CREATE TABLE relationship (
    id                       UUID    NOT NULL PRIMARY KEY,
    party_id                 UUID    NOT NULL REFERENCES organization (id),
    customer_id              UUID    NOT NULL REFERENCES organization (id),
    invitation_id            UUID    NOT NULL REFERENCES invitation (id),
    delegated_administration BOOLEAN NOT NULL,
    state                    TEXT    NOT NULL,
    requested_at             BIGINT NOT NULL,
    active_since             BIGINT,
    accepted_by              UUID,
    expires_at               BIGINT,
    ended_at                 BIGINT NOT NULL DEFAULT 0,
    end_reason               TEXT,
    CONSTRAINT relationship_standing_unique UNIQUE (party_id, customer_id, ended_at)
);
CREATE INDEX relationship_by_customer ON relationship (customer_id, party_id);

CREATE TABLE deployment_profile (
    id         UUID    NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C"    NOT NULL,
    settings   TEXT    NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT deployment_profile_name_unique UNIQUE (name)
);

CREATE TABLE group_tag (
    tag                   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    deployment_profile_id UUID NOT NULL REFERENCES deployment_profile (id)
);

CREATE TABLE batch (
    id          UUID    NOT NULL PRIMARY KEY,
    customer_id UUID    NOT NULL REFERENCES organization (id),
    party_id    UUID    NOT NULL REFERENCES organization (id),
    name        TEXT COLLATE "C"    NOT NULL,
    name_folded TEXT COLLATE "C"    NOT NULL,
    group_tag   TEXT    NOT NULL,
    created_at  BIGINT NOT NULL,
    CONSTRAINT batch_name_unique UNIQUE (customer_id, party_id, name_folded)
);

CREATE TABLE upload (
    id           UUID    NOT NULL PRIMARY KEY,
    batch_id     UUID    REFERENCES batch (id),
    customer_id  UUID    NOT NULL REFERENCES organization (id),
    party_id     UUID    NOT NULL REFERENCES organization (id),
    created_by   UUID    NOT NULL REFERENCES person (id),
    request_id   UUID    NOT NULL,
    file_name    TEXT    NOT NULL,
    file_digest  BYTEA    NOT NULL,
    group_tag    TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    row_count    BIGINT NOT NULL,
    counts       TEXT    NOT NULL,
    created_at   BIGINT NOT NULL,
    queued_at    BIGINT,
    completed_at BIGINT
);
CREATE INDEX upload_by_customer ON upload (customer_id, party_id, id);

-- The file as sent, kept only while the upload is a draft.
CREATE TABLE draft_file (
    upload_id UUID NOT NULL PRIMARY KEY REFERENCES upload (id),
    bytes     BYTEA NOT NULL
);

-- Rows and results of an upload in chunks: the unit of one transaction. results is NULL until
-- the chunk is applied; then it holds one result per row, in the same order.
CREATE TABLE upload_chunk (
    upload_id  UUID    NOT NULL REFERENCES upload (id),
    number     BIGINT NOT NULL,
    first_row  BIGINT NOT NULL,
    row_count  BIGINT NOT NULL,
    failed     BIGINT NOT NULL,
    rows       BYTEA    NOT NULL,
    results    BYTEA,
    PRIMARY KEY (upload_id, number)
);

-- A registered device. The key begins with the customer: its devices lie together. keys holds
-- its identity keys one after the other, 16 bytes each, so that releasing it needs no index.
CREATE TABLE device (
    customer_id        UUID    NOT NULL,
    id                 UUID    NOT NULL,
    registered_by      UUID    NOT NULL,
    registered_by_user UUID    NOT NULL,
    batch_id           UUID    NOT NULL,
    upload_id          UUID    NOT NULL,
    manufacturer       TEXT COLLATE "C",
    model              TEXT,
    serial             TEXT,
    serial_folded      TEXT COLLATE "C",
    pkid               TEXT,
    smbios_uuid        UUID,
    has_hash           BOOLEAN NOT NULL,
    verified           BOOLEAN NOT NULL,
    group_tag          TEXT    NOT NULL,
    registered_at      BIGINT NOT NULL,
    keys               BYTEA    NOT NULL,
    last_asked_at      BIGINT,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX device_by_batch ON device (batch_id, id);
CREATE INDEX device_by_serial ON device (customer_id, serial_folded);

-- One device, one customer: every identity key of a device, each of them once in the registry.
CREATE TABLE device_key (
    key         BYTEA NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL,
    device_id   UUID NOT NULL
);

-- Hardware hashes, decoded and without their zero padding, beside the device.
CREATE TABLE device_hash (
    device_id UUID NOT NULL PRIMARY KEY,
    hash      BYTEA NOT NULL
);

-- A hash does not compress: do not try.
ALTER TABLE device_hash ALTER COLUMN hash SET STORAGE EXTERNAL;

CREATE TABLE directory_entry (
    id                  UUID    NOT NULL PRIMARY KEY,
    manufacturer        TEXT COLLATE "C"    NOT NULL,
    model               TEXT    NOT NULL,
    serial              TEXT    NOT NULL,
    pkid                TEXT,
    smbios_uuid         UUID,
    imported_at         BIGINT NOT NULL
);

CREATE TABLE directory_key (
    key      BYTEA NOT NULL PRIMARY KEY,
    entry_id UUID NOT NULL
);

-- manufacturer is the folded name; the empty name is the default.
CREATE TABLE directory_policy (
    manufacturer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    shown        TEXT NOT NULL,
    policy       TEXT NOT NULL
);

CREATE TABLE setting (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Append-only: no statement of the program changes or deletes a line.
CREATE TABLE audit_entry (
    id                        UUID    NOT NULL PRIMARY KEY,
    at                        BIGINT NOT NULL,
    request_id                UUID    NOT NULL,
    actor_user_id             UUID    NOT NULL,
    actor_email               TEXT    NOT NULL,
    actor_organization_id     UUID    NOT NULL,
    concerned_organization_id UUID,
    action                    TEXT    NOT NULL,
    target_id                 UUID    NOT NULL,
    target                    TEXT    NOT NULL,
    done                      BOOLEAN NOT NULL,
    detail                    TEXT    NOT NULL
);
CREATE INDEX audit_by_actor ON audit_entry (actor_organization_id, id);
CREATE INDEX audit_by_concerned ON audit_entry (concerned_organization_id, id);
CREATE INDEX audit_by_target ON audit_entry (target_id, id);

CREATE TABLE job (
    id          UUID    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    payload     TEXT    NOT NULL,
    run_at      BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    lease_owner UUID,
    lease_until BIGINT NOT NULL,
    last_error  TEXT
);
CREATE INDEX job_by_time ON job (run_at, id);
