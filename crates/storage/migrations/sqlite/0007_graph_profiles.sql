-- Deployment profiles of a customer's own, which of its devices get them, its list of corporate
-- identifiers, and when it last asked for a sync.

CREATE TABLE customer_profile (
    id          BLOB    NOT NULL PRIMARY KEY,
    customer_id BLOB    NOT NULL REFERENCES organization (id),
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    settings    TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    CONSTRAINT customer_profile_name_unique UNIQUE (customer_id, name)
) STRICT, WITHOUT ROWID;

-- The group tag is blank for all devices.
CREATE TABLE profile_assignment (
    customer_id BLOB    NOT NULL REFERENCES organization (id),
    profile_id  BLOB    NOT NULL REFERENCES customer_profile (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('group', 'exclusion', 'all')),
    group_tag   TEXT    NOT NULL,
    assigned_at INTEGER NOT NULL,
    PRIMARY KEY (customer_id, profile_id, kind, group_tag)
) STRICT, WITHOUT ROWID;

-- The profile of its customer's own that a device has before all others.
ALTER TABLE device ADD COLUMN profile_id BLOB;
CREATE INDEX device_by_profile ON device (profile_id) WHERE profile_id IS NOT NULL;

CREATE TABLE corporate_identifier (
    customer_id BLOB    NOT NULL REFERENCES organization (id),
    id          BLOB    NOT NULL,
    kind        TEXT    NOT NULL,
    identifier  TEXT    NOT NULL,
    folded      TEXT    NOT NULL,
    description TEXT    NOT NULL,
    platform    TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT corporate_identifier_unique UNIQUE (customer_id, kind, folded)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_sync (
    customer_id BLOB    NOT NULL PRIMARY KEY REFERENCES organization (id),
    asked_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
