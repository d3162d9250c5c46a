-- What came through an API by its request id: sent again, it is answered the same way and has no
-- second effect. tracking_id is the upload or the policy update it became.
CREATE TABLE submission (
    party_id    BLOB    NOT NULL,
    request_id  BLOB    NOT NULL,
    digest      BLOB    NOT NULL,
    tracking_id BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (party_id, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX submission_by_time ON submission (created_at);

-- Configuration policies: deployment profiles that a party makes for one customer. settings holds
-- the flags of its switches, version counts up with every change.
CREATE TABLE policy (
    id          BLOB    NOT NULL PRIMARY KEY,
    customer_id BLOB    NOT NULL REFERENCES organization (id),
    party_id    BLOB    NOT NULL REFERENCES organization (id),
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    settings    INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    CONSTRAINT policy_name_unique UNIQUE (customer_id, party_id, name)
) STRICT, WITHOUT ROWID;

-- The policy a device has instead of what its group tag names.
ALTER TABLE device ADD COLUMN policy_id BLOB;
CREATE INDEX device_by_policy ON device (policy_id) WHERE policy_id IS NOT NULL;

-- The policies that rows of an upload ask for; few do.
CREATE TABLE upload_policy (
    upload_id BLOB    NOT NULL REFERENCES upload (id),
    number    INTEGER NOT NULL,
    policy_id BLOB    NOT NULL,
    PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;

-- Changes of devices' policies with what became of each device, as JSON.
CREATE TABLE policy_update (
    id          BLOB    NOT NULL PRIMARY KEY,
    customer_id BLOB    NOT NULL REFERENCES organization (id),
    party_id    BLOB    NOT NULL REFERENCES organization (id),
    created_at  INTEGER NOT NULL,
    results     BLOB    NOT NULL
) STRICT;
