//! Errors as Partner Center tells them (api.md 1.4): a number, a description, the values in it. The
//! cause is in the log.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use service::DeskError;
use service::oauth::{BearerError, TokenFault};

use crate::problem::{log_cause, retry_after, set_retry_after, status_of};

/// Characters of a description at most.
const DESCRIPTION: usize = 1024;

/// Who tells the error, as the original has it.
const SOURCE: &str = "PartnerFD";

/// The numbers of the table in api.md 1.4 that are used here.
mod code {
    pub(super) const NOT_DEFINED: u32 = 0;
    pub(super) const ACCESS_DENIED: u32 = 400;
    pub(super) const NOT_FOUND: u32 = 1000;
    pub(super) const NEEDS_A_PERSON: u32 = 2030;
    pub(super) const ETAG: u32 = 2055;
    pub(super) const INVALID_PROPERTY: u32 = 3000;
    pub(super) const NO_RELATIONSHIP: u32 = 20002;
    pub(super) const TOKEN_MISSING: u32 = 800_001;
    pub(super) const INVALID_INPUT: u32 = 800_002;
    pub(super) const UNEXPECTED: u32 = 800_003;
    pub(super) const CUSTOMER_ID: u32 = 900_118;
    pub(super) const ENUM: u32 = 900_126;
    pub(super) const ROLE: u32 = 900_150;
}

/// An error on its way to a client.
#[derive(Debug)]
pub(crate) struct PartnerError {
    status: StatusCode,
    code: u32,
    description: String,
    data: Vec<String>,
    retry_after: Option<u64>,
}

/// What is wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fault")]
pub(super) struct Body<'a> {
    code: u32,
    description: String,
    data: &'a [String],
    source: &'static str,
}

/// The throttle's own shape.
#[derive(Serialize, JsonSchema)]
pub(super) struct Throttled {
    #[serde(rename = "statusCode")]
    status_code: u16,
    message: String,
}

impl PartnerError {
    fn new(status: StatusCode, code: u32, description: impl Into<String>) -> Self {
        Self {
            status,
            code,
            description: description.into(),
            data: Vec::new(),
            retry_after: None,
        }
    }

    /// The body or the query can't be read.
    pub(crate) fn input(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code::INVALID_INPUT, description)
    }

    /// What stands in this place of the body is no `form`; no place is the whole body.
    pub(crate) fn form(place: &str, form: &str) -> Self {
        if place.is_empty() {
            return Self::input(format!("The body must be {form}."));
        }
        Self::input(format!("{place} must be {form}.")).about(place)
    }

    /// The body is encoded in a way that is not read here.
    pub(crate) fn coding(coding: &str) -> Self {
        let coding: String = coding.chars().take(40).collect();
        let description = format!(
            "Bodies are not taken with the Content-Encoding \"{coding}\". Send the JSON as it is."
        );
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Self::new(status, code::INVALID_INPUT, description).about("Content-Encoding")
    }

    /// A property has a value that does not fit.
    pub(crate) fn property(name: &str, description: impl Into<String>) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, code::INVALID_PROPERTY, description);
        error.about(name)
    }

    /// A word that is none of its set.
    pub(crate) fn word(property: &str, word: &str) -> Self {
        let word: String = word.chars().filter(|c| !c.is_control()).take(80).collect();
        let description = format!("\"{word}\" is no value of {property}.");
        Self::new(StatusCode::BAD_REQUEST, code::ENUM, description).about(property)
    }

    /// A word of a filter that the original knows and that does not work on this.
    pub(crate) fn unsupported(property: &str, word: &str, instead: &str) -> Self {
        let word: String = word.chars().filter(|c| !c.is_control()).take(80).collect();
        let description = format!("The {property} \"{word}\" does not work here. {instead}");
        Self::new(StatusCode::BAD_REQUEST, code::ENUM, description).about(property)
    }

    /// What stands for a customer is no id.
    pub(crate) fn customer_id() -> Self {
        let description = "The customer id in the address is not a GUID.";
        Self::new(StatusCode::BAD_REQUEST, code::CUSTOMER_ID, description)
    }

    /// The body has more bytes than the limit.
    pub(crate) fn too_many_bytes(limit: usize) -> Self {
        let description = format!(
            "The body is larger than the limit of {limit} bytes. Send the devices in several \
             requests."
        );
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            code::INVALID_INPUT,
            description,
        )
    }

    /// A version was given of what has none.
    pub(crate) fn no_version() -> Self {
        let description = "There are no versions of this, so none fits If-Match. Leave the header \
                           out, or send *.";
        Self::new(StatusCode::BAD_REQUEST, code::ETAG, description).about("If-Match")
    }

    /// No call has this address.
    pub(crate) fn no_such_call() -> Self {
        Self::from(DeskError::NotFound)
    }

    /// The client acts as itself where only somebody's name will do.
    pub(crate) fn needs_a_person() -> Self {
        let description = "This server takes new device batches in a person's name alone \
                           (App+User). Sign in by authorization code or device code and send that \
                           token, or one by its refresh token; or add the devices to a batch that \
                           is there.";
        Self::new(StatusCode::FORBIDDEN, code::NEEDS_A_PERSON, description)
    }

    /// The address has other calls, but none with this method.
    pub(crate) fn method() -> Self {
        let description = "This address does not take this method.";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            code::NOT_DEFINED,
            description,
        )
    }

    fn about(mut self, value: &str) -> Self {
        self.data.push(value.to_owned());
        self
    }
}

impl From<DeskError> for PartnerError {
    fn from(error: DeskError) -> Self {
        log_cause(&error);
        let (status, code) = match &error {
            DeskError::Invalid(_) => (StatusCode::BAD_REQUEST, code::INVALID_PROPERTY),
            DeskError::Unauthenticated => (StatusCode::UNAUTHORIZED, code::ACCESS_DENIED),
            DeskError::Forbidden(_) => (StatusCode::FORBIDDEN, code::ROLE),
            DeskError::NotFound => (StatusCode::NOT_FOUND, code::NOT_FOUND),
            DeskError::Conflict { code, .. } => of_conflict(code),
            DeskError::TooLarge { .. } => (StatusCode::BAD_REQUEST, code::INVALID_INPUT),
            DeskError::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, code::NOT_DEFINED),
            DeskError::Unavailable(_) | DeskError::Internal(_) => {
                (status_of(&error), code::UNEXPECTED)
            }
        };
        let data = match &error {
            DeskError::Invalid(fields) => fields.iter().map(|f| f.field.to_owned()).collect(),
            DeskError::TooLarge { limit, unit } => vec![limit.to_string(), (*unit).to_owned()],
            _ => Vec::new(),
        };
        Self {
            status,
            code,
            description: error.to_string(),
            data,
            retry_after: retry_after(&error),
        }
    }
}

/// Where something stands in the way now.
fn of_conflict(named: &str) -> (StatusCode, u32) {
    match named {
        "consent_missing" => (StatusCode::FORBIDDEN, code::NO_RELATIONSHIP),
        "changed" => (StatusCode::BAD_REQUEST, code::ETAG),
        "request_id_reused" => (StatusCode::CONFLICT, code::INVALID_INPUT),
        _ => (StatusCode::CONFLICT, code::INVALID_PROPERTY),
    }
}

impl From<BearerError> for PartnerError {
    fn from(error: BearerError) -> Self {
        match error {
            BearerError::Desk(error) => error.into(),
            BearerError::Token(fault) => {
                let code = match fault {
                    TokenFault::Missing => code::TOKEN_MISSING,
                    _ => code::ACCESS_DENIED,
                };
                Self::new(StatusCode::UNAUTHORIZED, code, fault.to_string())
            }
        }
    }
}

impl IntoResponse for PartnerError {
    fn into_response(self) -> Response {
        let mut response = if self.status == StatusCode::TOO_MANY_REQUESTS {
            let seconds = self.retry_after.unwrap_or(1);
            Json(Throttled {
                status_code: self.status.as_u16(),
                message: format!("Rate limit is exceeded. Try again in {seconds} seconds."),
            })
            .into_response()
        } else {
            Json(Body {
                code: self.code,
                description: self.description.chars().take(DESCRIPTION).collect(),
                data: &self.data,
                source: SOURCE,
            })
            .into_response()
        };
        *response.status_mut() = self.status;
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"enlist\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        set_retry_after(&mut response, self.retry_after);
        response
    }
}
