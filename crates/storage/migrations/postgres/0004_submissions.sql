-- What came through an API by its request id: sent again, it is answered the same way and has no
-- second effect. tracking_id is the upload or the policy update it became.
CREATE TABLE submission (
    party_id    UUID   NOT NULL,
    request_id  UUID   NOT NULL,
    digest      BYTEA  NOT NULL,
    tracking_id UUID   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (party_id, request_id)
);
CREATE INDEX submission_by_time ON submission (created_at);

-- Configuration policies: deployment profiles that a party makes for one customer. settings holds
-- the flags of its switches, version counts up with every change.
CREATE TABLE policy (
    id          UUID   NOT NULL PRIMARY KEY,
    customer_id UUID   NOT NULL REFERENCES organization (id),
    party_id    UUID   NOT NULL REFERENCES organization (id),
    name        TEXT   NOT NULL,
    description TEXT   NOT NULL,
    settings    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    CONSTRAINT policy_name_unique UNIQUE (customer_id, party_id, name)
);

-- The policy a device has instead of what its group tag names.
ALTER TABLE device ADD COLUMN policy_id UUID;
CREATE INDEX device_by_policy ON device (policy_id) WHERE policy_id IS NOT NULL;

-- The policies that rows of an upload ask for; few do.
CREATE TABLE upload_policy (
    upload_id UUID   NOT NULL REFERENCES upload (id),
    number    BIGINT NOT NULL,
    policy_id UUID   NOT NULL,
    PRIMARY KEY (upload_id, number)
);

-- Changes of devices' policies with what became of each device, as JSON.
CREATE TABLE policy_update (
    id          UUID   NOT NULL PRIMARY KEY,
    customer_id UUID   NOT NULL REFERENCES organization (id),
    party_id    UUID   NOT NULL REFERENCES organization (id),
    created_at  BIGINT NOT NULL,
    results     BYTEA  NOT NULL
);
