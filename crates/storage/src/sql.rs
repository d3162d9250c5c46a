//! What both dialects share of their text, and the codecs of columns that hold more than a value.

use registration::upload::{OutcomeCounts, RowResult, UploadRow};
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
