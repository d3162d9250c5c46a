//! What the driver reports, sorted by what the caller can do about it. Values never get into the
//! text: `PostgreSQL` repeats keys (and so serial numbers and hashes) in the details of an error.

use thiserror::Error;
use tokio_postgres::error::SqlState;

use crate::{Conflict, StorageError};

/// A failed statement.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    /// The server refused it.
    #[error("SQLSTATE {code}{place}: {message}")]
    Statement {
        /// Its SQLSTATE.
        code: String,
        /// The constraint or table it names, after a blank.
        place: String,
        /// The server's words, where they can't hold a value.
        message: String,
    },
    /// The transaction met another one: it will go through when tried again.
    #[error("met another transaction (SQLSTATE {0})")]
    Again(String),
    /// The connection is gone.
    #[error("the connection to the database was lost")]
    Lost(#[source] tokio_postgres::Error),
    /// A key that could not be inserted was free a moment later.
    #[error("the holder of a key vanished meanwhile")]
    Vanished,
    /// A value on record is none that the program writes.
    #[error("the column {0} holds something that this version does not know")]
    Column(&'static str),
}

impl From<Trouble> for StorageError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Again(_) | Trouble::Lost(_) | Trouble::Vanished => Self::unavailable(trouble),
            Trouble::Statement { .. } | Trouble::Column(_) => Self::unexpected(trouble),
        }
    }
}

impl From<tokio_postgres::Error> for StorageError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            return if error.is_closed() || std::error::Error::source(&error).is_some_and(is_io) {
                Trouble::Lost(error).into()
            } else {
                Self::unexpected(error)
            };
        };
        let (code, constraint) = (refusal.code(), refusal.constraint());
        if let Some(conflict) = constraint.and_then(Conflict::of_constraint) {
            return Self::Conflict(conflict);
        }
        if means_again(code, constraint) {
            return Trouble::Again(code.code().to_owned()).into();
        }
        // Text with a NUL is nowhere on record, since the database can't hold it.
        if *code == SqlState::CHARACTER_NOT_IN_REPERTOIRE {
            return Self::NotFound;
        }
        let trouble = statement(refusal);
        match &code.code()[..2] {
            "08" | "53" | "57" => Self::unavailable(trouble),
            _ => trouble.into(),
        }
    }
}

fn is_io(source: &(dyn std::error::Error + 'static)) -> bool {
    source.is::<std::io::Error>()
}

/// Two relationships, or two first starts, at once: on the second try the other one is seen.
fn means_again(code: &SqlState, constraint: Option<&str>) -> bool {
    let met = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::DUPLICATE_TABLE,
    ];
    met.contains(code)
        || constraint
            .is_some_and(|name| name == "relationship_standing_unique" || name.starts_with("pg_"))
}

fn statement(refusal: &tokio_postgres::error::DbError) -> Trouble {
    let code = refusal.code().code().to_owned();
    let place = refusal.constraint().or(refusal.table());
    // Classes 22 (data) and 23 (constraints) may repeat what was sent.
    let message = if code.starts_with("22") || code.starts_with("23") {
        "a value was refused".to_owned()
    } else {
        refusal.message().to_owned()
    };
    Trouble::Statement {
        code,
        place: place.map(|name| format!(" {name}")).unwrap_or_default(),
        message,
    }
}

/// Whether the whole transaction is to be tried again.
pub(super) fn asks_again(error: &StorageError) -> bool {
    let StorageError::Unavailable(source) = error else {
        return false;
    };
    matches!(
        source.downcast_ref::<Trouble>(),
        Some(Trouble::Again(_) | Trouble::Vanished)
    )
}
