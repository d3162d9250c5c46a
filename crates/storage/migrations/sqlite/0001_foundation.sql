-- Ids are 16-byte UUIDs, times 64-bit microseconds UTC, 0 where "never" must be part of a key.
-- Text is compared as bytes; folded copies of searchable text are stored by the program.

CREATE TABLE organization (
    id          BLOB    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    name_folded TEXT    NOT NULL,
    domain      TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    CONSTRAINT organization_domain_unique UNIQUE (domain)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id              BLOB    NOT NULL PRIMARY KEY,
    organization_id BLOB    NOT NULL REFERENCES organization (id),
    email           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    role            TEXT    NOT NULL,
    password_hash   TEXT,
    disabled_at     INTEGER,
    created_at      INTEGER NOT NULL,
    CONSTRAINT person_email_unique UNIQUE (email)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_organization ON person (organization_id, id);

-- One-time links and sessions are kept by the SHA-256 of their secret, never in clear.
CREATE TABLE one_time_link (
    digest     BLOB    NOT NULL PRIMARY KEY,
    person_id  BLOB    REFERENCES person (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    digest     BLOB    NOT NULL PRIMARY KEY,
    person_id  BLOB    NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person_id);

CREATE TABLE invitation (
    id                       BLOB    NOT NULL PRIMARY KEY,
    token                    TEXT    NOT NULL,
    party_id                 BLOB    NOT NULL REFERENCES organization (id),
    customer_label           TEXT    NOT NULL,
    customer_domain          TEXT,
    delegated_administration INTEGER NOT NULL,
    reusable                 INTEGER NOT NULL,
    state                    TEXT    NOT NULL,
    created_by               BLOB    NOT NULL,
    created_at               INTEGER NOT NULL,
    expires_at               INTEGER,
    CONSTRAINT invitation_token_unique UNIQUE (token)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_by_party ON invitation (party_id, id);

-- ended_at is 0 while it stands, so that the key allows one standing relationship per pair.
CREATE TABLE relationship (
    id                       BLOB    NOT NULL PRIMARY KEY,
    party_id                 BLOB    NOT NULL REFERENCES organization (id),
    customer_id              BLOB    NOT NULL REFERENCES organization (id),
    invitation_id            BLOB    NOT NULL REFERENCES invitation (id),
    delegated_administration INTEGER NOT NULL,
    state                    TEXT    NOT NULL,
    requested_at             INTEGER NOT NULL,
    active_since             INTEGER,
    accepted_by              BLOB,
    expires_at               INTEGER,
    ended_at                 INTEGER NOT NULL DEFAULT 0,
    end_reason               TEXT,
    CONSTRAINT relationship_standing_unique UNIQUE (party_id, customer_id, ended_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX relationship_by_customer ON relationship (customer_id, party_id);

CREATE TABLE deployment_profile (
    id         BLOB    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    settings   TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT deployment_profile_name_unique UNIQUE (name)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_tag (
    tag                   TEXT NOT NULL PRIMARY KEY,
    deployment_profile_id BLOB NOT NULL REFERENCES deployment_profile (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    id          BLOB    NOT NULL PRIMARY KEY,
    customer_id BLOB    NOT NULL REFERENCES organization (id),
    party_id    BLOB    NOT NULL REFERENCES organization (id),
    name        TEXT    NOT NULL,
    name_folded TEXT    NOT NULL,
    group_tag   TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    CONSTRAINT batch_name_unique UNIQUE (customer_id, party_id, name_folded)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
    id           BLOB    NOT NULL PRIMARY KEY,
    batch_id     BLOB    REFERENCES batch (id),
    customer_id  BLOB    NOT NULL REFERENCES organization (id),
    party_id     BLOB    NOT NULL REFERENCES organization (id),
    created_by   BLOB    NOT NULL REFERENCES person (id),
    request_id   BLOB    NOT NULL,
    file_name    TEXT    NOT NULL,
    file_digest  BLOB    NOT NULL,
    group_tag    TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    row_count    INTEGER NOT NULL,
    counts       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    queued_at    INTEGER,
    completed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_by_customer ON upload (customer_id, party_id, id);

-- The file as sent, kept only while the upload is a draft.
CREATE TABLE draft_file (
    upload_id BLOB NOT NULL PRIMARY KEY REFERENCES upload (id),
    bytes     BLOB NOT NULL
) STRICT;

-- Rows and results of an upload in chunks: the unit of one transaction. results is NULL until
-- the chunk is applied; then it holds one result per row, in the same order.
CREATE TABLE upload_chunk (
    upload_id  BLOB    NOT NULL REFERENCES upload (id),
    number     INTEGER NOT NULL,
    first_row  INTEGER NOT NULL,
    row_count  INTEGER NOT NULL,
    failed     INTEGER NOT NULL,
    rows       BLOB    NOT NULL,
    results    BLOB,
    PRIMARY KEY (upload_id, number)
) STRICT;

-- A registered device. The key begins with the customer: its devices lie together. keys holds
-- its identity keys one after the other, 16 bytes each, so that releasing it needs no index.
CREATE TABLE device (
    customer_id        BLOB    NOT NULL,
    id                 BLOB    NOT NULL,
    registered_by      BLOB    NOT NULL,
    registered_by_user BLOB    NOT NULL,
    batch_id           BLOB    NOT NULL,
    upload_id          BLOB    NOT NULL,
    manufacturer       TEXT,
    model              TEXT,
    serial             TEXT,
    serial_folded      TEXT,
    pkid               TEXT,
    smbios_uuid        BLOB,
    has_hash           INTEGER NOT NULL,
    verified           INTEGER NOT NULL,
    group_tag          TEXT    NOT NULL,
    registered_at      INTEGER NOT NULL,
    keys               BLOB    NOT NULL,
    last_asked_at      INTEGER,
    PRIMARY KEY (customer_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_by_batch ON device (batch_id, id);
-- Devices registered at one moment come sorted by serial number: an index that begins with that
-- moment only grows at its end. A search visits each moment of the customer.
CREATE INDEX device_by_serial ON device (customer_id, registered_at, serial_folded);

-- One device, one customer: every identity key of a device, each of them once in the registry.
CREATE TABLE device_key (
    key         BLOB NOT NULL PRIMARY KEY,
    customer_id BLOB NOT NULL,
    device_id   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Hardware hashes, decoded and without their zero padding, beside the device.
CREATE TABLE device_hash (
    device_id BLOB NOT NULL PRIMARY KEY,
    hash      BLOB NOT NULL
) STRICT;

CREATE TABLE directory_entry (
    id                  BLOB    NOT NULL PRIMARY KEY,
    manufacturer        TEXT    NOT NULL,
    model               TEXT    NOT NULL,
    serial              TEXT    NOT NULL,
    pkid                TEXT,
    smbios_uuid         BLOB,
    imported_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE directory_key (
    key      BLOB NOT NULL PRIMARY KEY,
    entry_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- manufacturer is the folded name; the empty name is the default.
CREATE TABLE directory_policy (
    manufacturer TEXT NOT NULL PRIMARY KEY,
    shown        TEXT NOT NULL,
    policy       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Append-only: no statement of the program changes or deletes a line.
CREATE TABLE audit_entry (
    id                        BLOB    NOT NULL PRIMARY KEY,
    at                        INTEGER NOT NULL,
    request_id                BLOB    NOT NULL,
    actor_user_id             BLOB    NOT NULL,
    actor_email               TEXT    NOT NULL,
    actor_organization_id     BLOB    NOT NULL,
    concerned_organization_id BLOB,
    action                    TEXT    NOT NULL,
    target_id                 BLOB    NOT NULL,
    target                    TEXT    NOT NULL,
    done                      INTEGER NOT NULL,
    detail                    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_actor ON audit_entry (actor_organization_id, id);
CREATE INDEX audit_by_concerned ON audit_entry (concerned_organization_id, id);
CREATE INDEX audit_by_target ON audit_entry (target_id, id);

CREATE TABLE job (
    id          BLOB    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    payload     TEXT    NOT NULL,
    run_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    lease_owner BLOB,
    lease_until INTEGER NOT NULL,
    last_error  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX job_by_time ON job (run_at, id);
