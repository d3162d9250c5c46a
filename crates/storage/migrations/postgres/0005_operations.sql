-- Operations: what an OEM sends in one go, each line with a customer of its own. released counts
-- the devices that voiding it let go.
CREATE TABLE operation (
    id           UUID   NOT NULL PRIMARY KEY,
    party_id     UUID   NOT NULL REFERENCES organization (id),
    created_by   UUID   NOT NULL REFERENCES person (id),
    request_id   UUID   NOT NULL,
    status       TEXT   NOT NULL,
    line_count   BIGINT NOT NULL,
    counts       TEXT   NOT NULL,
    released     BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    completed_at BIGINT
);
CREATE INDEX operation_by_party ON operation (party_id, id);
CREATE INDEX operation_receiving ON operation (created_at) WHERE status = 'receiving';

-- Its lines in chunks, in the order in which they were sent: the unit of one transaction. results
-- is NULL until the chunk is applied; then it holds one result per line, in the same order.
CREATE TABLE operation_chunk (
    operation_id UUID    NOT NULL REFERENCES operation (id),
    number       BIGINT  NOT NULL,
    first_line   BIGINT  NOT NULL,
    line_count   BIGINT  NOT NULL,
    failed       BIGINT  NOT NULL,
    voided       BOOLEAN NOT NULL,
    lines        BYTEA   NOT NULL,
    results      BYTEA,
    PRIMARY KEY (operation_id, number)
);

-- What an OEM keeps of a device it ships: its own reference, purchase order and ship date.
CREATE TABLE device_shipment (
    device_id      UUID NOT NULL PRIMARY KEY,
    customer_id    UUID NOT NULL,
    party_id       UUID NOT NULL,
    reference      TEXT COLLATE "C",
    purchase_order TEXT COLLATE "C",
    ship_date      TEXT
);
CREATE INDEX device_shipment_by_reference ON device_shipment (party_id, reference, device_id)
    WHERE reference IS NOT NULL;
CREATE INDEX device_shipment_by_order ON device_shipment (party_id, purchase_order, device_id)
    WHERE purchase_order IS NOT NULL;

-- The OEM that reported a device; none for what the operator imported.
ALTER TABLE directory_entry ADD COLUMN reported_by UUID;

-- How many turns a job had: those that had fewer go first, so that long ones don't delay short ones.
ALTER TABLE job ADD COLUMN turns BIGINT NOT NULL DEFAULT 0;
