//! Why no token is given: the error words of RFC 6749 and 8628, and beside them the number that
//! clients of the service we are compatible with look for in the text (`AADSTS7000215: …`).

use thiserror::Error;

use crate::DeskError;

/// Why no token is given.
#[derive(Debug, Error)]
#[error("AADSTS{number}: {text}")]
pub struct TokenRefusal {
    /// The word of the RFC.
    pub error: &'static str,
    /// The number.
    pub number: u32,
    /// What is wrong and what to do.
    pub text: String,
    /// What outsiders are not told.
    #[source]
    pub cause: Option<DeskError>,
}

impl TokenRefusal {
    /// A refusal.
    pub fn new(error: &'static str, number: u32, text: impl Into<String>) -> Self {
        Self {
            error,
            number,
            text: text.into(),
            cause: None,
        }
    }

    /// A parameter is missing.
    pub fn missing(name: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{name}'.");
        Self::new("invalid_request", 900_144, text)
    }

    /// A parameter is there more than once.
    pub fn twice(name: &str) -> Self {
        let text =
            format!("The request is not properly formatted. The parameter '{name}' is duplicated.");
        Self::new("invalid_request", 9_000_411, text)
    }

    /// The request can't be read, or contradicts itself.
    pub fn malformed(text: impl Into<String>) -> Self {
        Self::new("invalid_request", 9_002_313, text)
    }

    /// The body has more bytes than the limit.
    pub fn too_large(limit: u64) -> Self {
        let unit = "bytes";
        Self {
            cause: Some(DeskError::TooLarge { limit, unit }),
            ..Self::malformed(format!(
                "The request body is larger than the limit of {limit} {unit}."
            ))
        }
    }

    /// This limit, by the name it is published under, lets no more through for so many seconds.
    pub fn too_many(limit: &str, retry_after: u64) -> Self {
        let text = format!(
            "There are too many incoming requests: the limit '{limit}' (see /limits) is used up. \
             Try again in {retry_after} seconds."
        );
        Self {
            cause: Some(DeskError::TooMany { retry_after }),
            ..Self::new("temporarily_unavailable", 90_055, text)
        }
    }

    /// The credentials are wrong; nothing more is told.
    pub(crate) fn invalid_client(number: u32, text: impl Into<String>) -> Self {
        Self::new("invalid_client", number, text)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self.error {
            "invalid_client" => 401,
            "temporarily_unavailable" => 503,
            "server_error" => 500,
            _ => 400,
        }
    }

    /// Whether a wrong secret, assertion, code or token was given: somebody may be guessing.
    pub fn is_suspicious(&self) -> bool {
        matches!(
            self.error,
            "invalid_client" | "invalid_grant" | "unauthorized_client" | "bad_verification_code"
        )
    }
}

/// What came in, as far as it is shown again.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

impl From<DeskError> for TokenRefusal {
    fn from(error: DeskError) -> Self {
        let word = match error {
            DeskError::Unavailable(_) | DeskError::TooMany { .. } => "temporarily_unavailable",
            _ => "server_error",
        };
        Self {
            cause: Some(error),
            ..Self::new(
                word,
                90_033,
                "A transient error has occurred. Please try again.",
            )
        }
    }
}

impl From<storage::StorageError> for TokenRefusal {
    fn from(error: storage::StorageError) -> Self {
        DeskError::from(error).into()
    }
}
