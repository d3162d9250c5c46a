-- What a customer's own scripts imported, each the row of an upload, with what became of it. number
-- is the row's; status is waiting, complete or failed.
CREATE TABLE imported_identity (
    id                  BLOB    NOT NULL PRIMARY KEY,
    customer_id         BLOB    NOT NULL REFERENCES organization (id),
    upload_id           BLOB    NOT NULL REFERENCES upload (id),
    number              INTEGER NOT NULL,
    serial              TEXT    NOT NULL,
    product_key         TEXT    NOT NULL,
    group_tag           TEXT    NOT NULL,
    import_name         TEXT    NOT NULL,
    user_principal_name TEXT    NOT NULL,
    status              TEXT    NOT NULL,
    error_code          INTEGER NOT NULL,
    error_name          TEXT    NOT NULL,
    device_id           BLOB,
    created_at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_by_customer ON imported_identity (customer_id, id);
CREATE INDEX imported_by_upload ON imported_identity (upload_id, number);
CREATE INDEX imported_by_time ON imported_identity (created_at);

-- What a customer notes about its device; few devices have a row.
CREATE TABLE device_property (
    customer_id           BLOB    NOT NULL,
    device_id             BLOB    NOT NULL,
    user_principal_name   TEXT    NOT NULL,
    addressable_user_name TEXT    NOT NULL,
    display_name          TEXT    NOT NULL,
    purchase_order        TEXT    NOT NULL,
    resource_name         TEXT    NOT NULL,
    account_upn           TEXT    NOT NULL,
    friendly_name         TEXT    NOT NULL,
    enrollment_allowed_at INTEGER,
    PRIMARY KEY (customer_id, device_id)
) STRICT, WITHOUT ROWID;
