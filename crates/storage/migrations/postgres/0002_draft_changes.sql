-- version counts up with every change of a draft; accepted holds the codes of findings whose
-- guesses are accepted, with blanks between them.
ALTER TABLE draft_file ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE draft_file ADD COLUMN accepted TEXT NOT NULL DEFAULT '';

-- What takes the changes of a draft's file back, the last one first: the length bytes from at on
-- become these bytes again.
CREATE TABLE draft_change (
    upload_id UUID   NOT NULL REFERENCES upload (id),
    number    BIGINT NOT NULL,
    said      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    length    BIGINT NOT NULL,
    bytes     BYTEA  NOT NULL,
    PRIMARY KEY (upload_id, number)
);
