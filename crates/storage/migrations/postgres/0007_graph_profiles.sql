-- Deployment profiles of a customer's own, which of its devices get them, its list of corporate
-- identifiers, and when it last asked for a sync.

CREATE TABLE customer_profile (
    id          UUID NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES organization (id),
    name        TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    settings    TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    CONSTRAINT customer_profile_name_unique UNIQUE (customer_id, name)
);

-- The group tag is blank for all devices.
CREATE TABLE profile_assignment (
    customer_id UUID NOT NULL REFERENCES organization (id),
    profile_id  UUID NOT NULL REFERENCES customer_profile (id),
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('group', 'exclusion', 'all')),
    group_tag   TEXT COLLATE "C" NOT NULL,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, profile_id, kind, group_tag)
);

-- The profile of its customer's own that a device has before all others.
ALTER TABLE device ADD COLUMN profile_id UUID;
CREATE INDEX device_by_profile ON device (profile_id) WHERE profile_id IS NOT NULL;

CREATE TABLE corporate_identifier (
    customer_id UUID NOT NULL REFERENCES organization (id),
    id          UUID NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    identifier  TEXT COLLATE "C" NOT NULL,
    folded      TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    platform    TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (customer_id, id),
    CONSTRAINT corporate_identifier_unique UNIQUE (customer_id, kind, folded)
);

CREATE TABLE customer_sync (
    customer_id UUID NOT NULL PRIMARY KEY REFERENCES organization (id),
    asked_at    BIGINT NOT NULL
);
