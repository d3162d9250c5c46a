//! What both dialects share of their text, and the codecs of columns that hold more than a value.

use registration::audit::Act;
use registration::device::Device;
use registration::ids::{DirectoryEntryId, RelationshipId, nth_uuid};
use registration::upload::{OutcomeCounts, RowResult, UploadRow, UploadRowResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Result, StorageError};

/// A statement written with `?1` as `PostgreSQL` wants it: with `$1`. (`SQLite` would take `$1` for
/// a name and number it by first appearance, so the shared text uses `?1`.)
pub fn dollars(text: &str) -> String {
    text.replace('?', "$")
}

/// The rows of a chunk, as JSON.
pub fn rows_to_bytes(rows: &[UploadRow]) -> Result<Vec<u8>> {
    to_json(&rows)
}

/// Reads the rows of a chunk.
pub fn rows_from_bytes(bytes: &[u8]) -> Result<Vec<UploadRow>> {
    from_json(bytes)
}

/// The results of a chunk, as JSON.
pub fn results_to_bytes(results: &[RowResult]) -> Result<Vec<u8>> {
    to_json(&results)
}

/// Reads the results of a chunk.
pub fn results_from_bytes(bytes: &[u8]) -> Result<Vec<RowResult>> {
    from_json(bytes)
}

/// Counts, as JSON text.
pub fn counts_to_text(counts: &OutcomeCounts) -> Result<String> {
    serde_json::to_string(counts).map_err(StorageError::unexpected)
}

/// Reads counts.
pub fn counts_from_text(text: &str) -> Result<OutcomeCounts> {
    from_json(text.as_bytes())
}

/// Any value as JSON bytes.
pub fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(StorageError::unexpected)
}

/// Any value back from JSON bytes.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(StorageError::unexpected)
}

/// Any value as JSON text.
pub fn to_text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(StorageError::unexpected)
}

/// The `LIKE` pattern (with `ESCAPE '\'`) for text that contains `search`.
pub fn containing(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for c in search.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The first text after all those that begin with `prefix`, in the order of bytes.
pub fn after_prefix(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// The id of the `n`th relationship that an act makes. Ids of audit lines begin at the same
/// place; they live in another table, so the two can't meet.
pub fn relationship_id(act: &Act, n: u64) -> RelationshipId {
    RelationshipId(nth_uuid(act.audit_seed, n))
}

/// The id of the `n`th directory entry that an import makes.
pub fn directory_entry_id(act: &Act, n: u64) -> DirectoryEntryId {
    DirectoryEntryId(nth_uuid(act.audit_seed, n))
}

/// Rows of a chunk with their results, if it has them.
pub fn with_results(
    rows: Vec<UploadRow>,
    results: Option<&[u8]>,
) -> Result<impl Iterator<Item = UploadRowResult>> {
    let results = results.map(results_from_bytes).transpose()?;
    let mut results = results.map(Vec::into_iter);
    Ok(rows.into_iter().map(move |row| UploadRowResult {
        row,
        result: results.as_mut().and_then(Iterator::next),
    }))
}

/// The keys of a device, stored one after the other.
pub fn split_keys(joined: &[u8]) -> Vec<[u8; 16]> {
    joined.as_chunks().0.to_vec()
}

/// What people call a device in the audit log: its serial number, else its PKID, else its id.
pub fn device_name(device: &Device) -> String {
    let named = device.serial.as_ref().or(device.pkid.as_ref());
    named.cloned().unwrap_or_else(|| device.id.to_string())
}
