//! Statements about operations that read the same in both dialects.

/// 10 columns of the table called `q`.
macro_rules! operation_columns {
    () => {
        "q.id, q.party_id, q.created_by, q.request_id, q.status, q.line_count, q.counts, \
         q.released, q.created_at, q.completed_at"
    };
}

pub(crate) const INSERT: &str = "\
    INSERT INTO operation (id, party_id, created_by, request_id, status, line_count, counts, \
    released, created_at, completed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

pub(crate) const MOVE_ON: &str = "\
    UPDATE operation SET status = ?2, line_count = ?3, counts = ?4, released = ?5, \
    completed_at = ?6 WHERE id = ?1";

pub(crate) const INSERT_CHUNK: &str = "\
    INSERT INTO operation_chunk (operation_id, number, first_line, line_count, failed, voided, \
    lines, results) VALUES (?1, ?2, ?3, ?4, ?5, FALSE, ?6, ?7)";

pub(crate) const BY_ID: &str = concat!(
    "SELECT ",
    operation_columns!(),
    " FROM operation q WHERE q.id = ?1"
);

/// Newest first, before the id `?2`.
pub(crate) const OF_PARTY: &str = concat!(
    "SELECT ",
    operation_columns!(),
    " FROM operation q WHERE q.party_id = ?1 AND q.status <> 'receiving' AND q.id < ?2 \
     ORDER BY q.id DESC LIMIT ?3"
);

/// The next chunk without results; no chunk before one that has them is without.
pub(crate) const NEXT: &str = "\
    SELECT number, first_line, lines, EXISTS (SELECT 1 FROM operation_chunk n \
    WHERE n.operation_id = c.operation_id AND n.number > c.number) \
    FROM operation_chunk c WHERE operation_id = ?1 AND results IS NULL ORDER BY number LIMIT 1";

pub(crate) const KEEP_RESULTS: &str = "\
    UPDATE operation_chunk SET results = ?3, failed = ?4 WHERE operation_id = ?1 AND number = ?2";

/// The next chunk whose devices are not released yet.
pub(crate) const NEXT_TO_VOID: &str = "\
    SELECT number, first_line, lines, results FROM operation_chunk \
    WHERE operation_id = ?1 AND number >= ?2 AND results IS NOT NULL AND NOT voided \
    ORDER BY number LIMIT 1";

pub(crate) const VOIDED: &str = "\
    UPDATE operation_chunk SET voided = TRUE WHERE operation_id = ?1 AND number = ?2";

/// Chunks with lines above `?2`, those with failures alone if `?3`.
pub(crate) const CHUNKS: &str = "\
    SELECT first_line, lines, results FROM operation_chunk \
    WHERE operation_id = ?1 AND first_line + line_count - 1 > ?2 AND (failed > 0 OR NOT ?3) \
    ORDER BY number LIMIT 1";

pub(crate) const LINES: &str = "SELECT CAST(COALESCE(SUM(line_count), 0) AS BIGINT) FROM operation_chunk WHERE operation_id = ?1";

pub(crate) const DROP: [&str; 2] = [
    "DELETE FROM operation_chunk WHERE operation_id = ?1",
    "DELETE FROM operation WHERE id = ?1",
];

/// What was never received as a whole.
pub(crate) const SWEEP: [&str; 2] = [
    "DELETE FROM operation_chunk WHERE operation_id IN \
     (SELECT id FROM operation WHERE status = 'receiving' AND created_at < ?1)",
    "DELETE FROM operation WHERE status = 'receiving' AND created_at < ?1 \
     AND NOT EXISTS (SELECT 1 FROM operation_chunk c WHERE c.operation_id = operation.id)",
];

pub(crate) const CUSTOMER_BY_ID: &str =
    "SELECT id, domain FROM organization WHERE id = ?1 AND kind = 'customer'";

pub(crate) const CUSTOMER_BY_DOMAIN: &str =
    "SELECT id, domain FROM organization WHERE domain = ?1 AND kind = 'customer'";
