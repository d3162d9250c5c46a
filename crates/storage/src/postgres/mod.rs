//! The postgres backend.

use std::sync::Arc;

use crate::{Result, Storage, StorageError};

/// Opens it.
pub async fn open(_url: &str) -> Result<Arc<dyn Storage>> {
    Err(StorageError::Address)
}
