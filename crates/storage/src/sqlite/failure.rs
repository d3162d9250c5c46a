//! What a driver's error means to the caller. No value of a parameter ever enters a text.

use rusqlite::ErrorCode;

use crate::{Conflict, StorageError};

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => match Conflict::of_constraint(&text(&error)) {
                Some(conflict) => Self::Conflict(conflict),
                None => Self::unexpected(error),
            },
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied,
            ) => Self::unavailable(error),
            _ => Self::unexpected(error),
        }
    }
}

fn text(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}
