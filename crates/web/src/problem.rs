//! Problem documents (RFC 9457): the one mapping from errors to what machines are told.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use registration::ids::RequestId;
use schemars::JsonSchema;
use serde::Serialize;
use service::DeskError;

/// A problem document. The cause goes to the log; this has a stable code, what happened, and
/// what to do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Problem {
    /// A stable name of the problem.
    #[serde(rename = "type")]
    kind: String,
    /// Its title, the same for every occurrence.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What happened this time and what to do.
    detail: String,
    /// The stable code: the last part of `type`.
    code: &'static str,
    /// The request, as in the header `x-request-id`.
    #[serde(rename = "requestId")]
    request_id: String,
    /// What is wrong, place by place, where that is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemError>,
    /// The operation that the request is kept as, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Seconds to wait, with 429.
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// What is wrong at one place of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemError {
    /// The place in the body, as a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Or the name of the parameter in the address, or of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Stable code of what is wrong.
    pub code: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// A page that says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl ProblemError {
    /// About a place in the body.
    pub fn at(
        pointer: impl Into<String>,
        code: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            pointer: Some(pointer.into()),
            parameter: None,
            code: code.into(),
            detail: detail.into(),
            help: None,
        }
    }

    /// About a parameter in the address, or a header.
    pub fn of_parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.into()),
            ..Self::at("", "parameter", detail)
        }
    }
}

impl Problem {
    /// The document for an error of a use case.
    pub fn of(error: &DeskError, request_id: RequestId) -> Self {
        log_cause(error);
        let code = error.code();
        let status = status_of(error);
        Self {
            kind: format!("urn:enlist:problem:{code}"),
            title: title_of(error),
            status: status.as_u16(),
            detail: error.to_string(),
            code,
            request_id: request_id.to_string(),
            errors: Vec::new(),
            name: None,
            retry_after: retry_after(error),
        }
    }

    /// A document for what no use case knows: a body that can't be read, an address without calls.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str, detail: &str) -> Self {
        Self {
            kind: format!("urn:enlist:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: detail.to_owned(),
            code,
            request_id: String::new(),
            errors: Vec::new(),
            name: None,
            retry_after: None,
        }
    }

    /// The same about this request.
    #[must_use]
    pub fn of_request(self, request_id: RequestId) -> Self {
        let request_id = request_id.to_string();
        Self { request_id, ..self }
    }

    /// The same with what is wrong, place by place.
    #[must_use]
    pub fn with_errors(self, errors: Vec<ProblemError>) -> Self {
        Self { errors, ..self }
    }

    /// The same about what is kept under this name.
    #[must_use]
    pub fn about(self, name: Option<String>) -> Self {
        Self { name, ..self }
    }

    /// Its HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The same with other words about what happened.
    #[must_use]
    pub fn saying(self, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            title,
            detail: detail.into(),
            ..self
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        set_retry_after(&mut response, retry_after);
        response
    }
}

/// The HTTP status of an error.
pub fn status_of(error: &DeskError) -> StatusCode {
    match error {
        DeskError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        DeskError::Unauthenticated => StatusCode::UNAUTHORIZED,
        DeskError::Forbidden(_) => StatusCode::FORBIDDEN,
        DeskError::NotFound => StatusCode::NOT_FOUND,
        DeskError::Conflict { .. } => StatusCode::CONFLICT,
        DeskError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        DeskError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        DeskError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        DeskError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The title of an error, the same for every occurrence.
pub fn title_of(error: &DeskError) -> &'static str {
    match error {
        DeskError::Invalid(_) => "Something given is wrong",
        DeskError::Unauthenticated => "Not signed in",
        DeskError::Forbidden(_) => "Not allowed",
        DeskError::NotFound => "Nothing here",
        DeskError::Conflict { .. } => "Not possible now",
        DeskError::TooLarge { .. } => "Too large",
        DeskError::TooMany { .. } => "Too many requests",
        DeskError::Unavailable(_) => "Not available",
        DeskError::Internal(_) => "Something went wrong",
    }
}

/// Seconds to wait, where waiting helps.
pub fn retry_after(error: &DeskError) -> Option<u64> {
    match error {
        DeskError::TooMany { retry_after } => Some(*retry_after),
        DeskError::Unavailable(_) => Some(5),
        _ => None,
    }
}

/// Sets `Retry-After`.
pub fn set_retry_after(response: &mut Response, seconds: Option<u64>) {
    if let Some(seconds) = seconds {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// Logs what outsiders are not told: the whole chain of causes, once.
pub fn log_cause(error: &DeskError) {
    if matches!(error, DeskError::Unavailable(_) | DeskError::Internal(_)) {
        tracing::error!(
            error = error as &dyn std::error::Error,
            code = error.code(),
            "failed"
        );
    }
}
