-- version counts up with every change of a draft; accepted holds the codes of findings whose
-- guesses are accepted, with blanks between them.
ALTER TABLE draft_file ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draft_file ADD COLUMN accepted TEXT NOT NULL DEFAULT '';

-- What takes the changes of a draft's file back, the last one first: the length bytes from at on
-- become these bytes again.
CREATE TABLE draft_change (
    upload_id BLOB    NOT NULL REFERENCES upload (id),
    number    INTEGER NOT NULL,
    said      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    length    INTEGER NOT NULL,
    bytes     BLOB    NOT NULL,
    PRIMARY KEY (upload_id, number)
) STRICT;
