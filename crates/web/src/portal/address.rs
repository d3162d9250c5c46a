//! What stands in an address: ids and the mark where a page of a list begins.

use std::str::FromStr;

use service::DeskError;

/// An id out of a path. What is none names nothing.
pub(super) fn id<T: FromStr>(text: &str) -> Result<T, DeskError> {
    text.parse().map_err(|_| DeskError::NotFound)
}

/// A filter or mark out of a query: blank means none, anything else that is no id names nothing.
pub(super) fn optional_id<T: FromStr>(text: &str) -> Result<Option<T>, DeskError> {
    if text.is_empty() {
        Ok(None)
    } else {
        id(text).map(Some)
    }
}
