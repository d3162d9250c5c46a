//! Errors as Graph tells them (api.md 5.5): `{"error": {code, message, innerError}}`; those of the
//! device service have a JSON document as their message. The cause is in the log.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use service::DeskError;
use service::oauth::BearerError;

use super::headers::Occurrence;
use super::odata::QueryError;
use crate::problem::{log_cause, retry_after, set_retry_after};

/// An error on its way to a client.
#[derive(Debug)]
pub(crate) struct GraphError {
    status: StatusCode,
    fault: Fault,
    retry_after: Option<u64>,
}

/// What of an error its body tells. The body is written where the ids of the request are known.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    code: &'static str,
    message: String,
    /// The device service's own name for it, `ZtdDeviceDeletionInProgess`; `None` for what Graph
    /// itself refuses.
    phrase: Option<&'static str>,
}

impl GraphError {
    /// Graph itself refuses.
    fn of_gate(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            fault: Fault {
                code,
                message,
                phrase: None,
            },
            retry_after: None,
        }
    }

    /// The device service refuses: its message is a document.
    fn of_service(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let mut error = Self::of_gate(status, code, message);
        error.fault.phrase = Some("");
        error
    }

    /// The body or a part of it does not fit.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::of_service(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// The address or a query option can't be read.
    pub(crate) fn query(message: impl Into<String>) -> Self {
        Self::of_gate(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// The body has more bytes than the limit.
    pub(crate) fn too_many_bytes(limit: usize) -> Self {
        let message = format!(
            "The body is larger than the limit of {limit} bytes. Send the devices in several \
             requests."
        );
        Self::of_gate(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            message,
        )
    }

    /// There is no such thing, or not for this caller.
    pub(crate) fn not_found() -> Self {
        DeskError::NotFound.into()
    }

    /// No call has this address.
    pub(crate) fn no_such_segment(path: &str) -> Self {
        let last = path.rsplit('/').find(|part| !part.is_empty());
        let last: String = last
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(80)
            .collect();
        let message = format!("Resource not found for the segment '{last}'.");
        Self::of_gate(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    }

    /// The address has other calls, but none with this method.
    pub(crate) fn method() -> Self {
        Self::of_gate(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "This address does not take this method.",
        )
    }
}

impl From<DeskError> for GraphError {
    fn from(error: DeskError) -> Self {
        log_cause(&error);
        let message = error.to_string();
        let mut told = match &error {
            DeskError::Invalid(_) => {
                Self::of_service(StatusCode::BAD_REQUEST, "BadRequest", message)
            }
            DeskError::Unauthenticated => Self::of_gate(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                message,
            ),
            DeskError::Forbidden(_) => Self::of_gate(StatusCode::FORBIDDEN, "Forbidden", message),
            DeskError::NotFound => {
                Self::of_service(StatusCode::NOT_FOUND, "ResourceNotFound", message)
            }
            DeskError::Conflict { .. } => {
                Self::of_service(StatusCode::CONFLICT, "Conflict", message)
            }
            DeskError::TooLarge { .. } => Self::of_gate(
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                message,
            ),
            DeskError::TooMany { .. } => {
                Self::of_gate(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
            }
            DeskError::Unavailable(_) => Self::of_service(
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailable",
                message,
            ),
            DeskError::Internal(_) => Self::of_service(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServerError",
                message,
            ),
        };
        told.retry_after = retry_after(&error);
        told
    }
}

impl From<QueryError> for GraphError {
    fn from(error: QueryError) -> Self {
        Self::query(error.to_string())
    }
}

impl From<BearerError> for GraphError {
    fn from(error: BearerError) -> Self {
        match error {
            BearerError::Desk(error) => error.into(),
            BearerError::Token(fault) => Self::of_gate(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                fault.to_string(),
            ),
        }
    }
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        set_retry_after(&mut response, self.retry_after);
        response.extensions_mut().insert(self.fault);
        response
    }
}

impl Fault {
    /// Writes the body of the answer.
    pub(super) fn write(self, occurrence: &Occurrence, response: &mut Response) {
        let message = match self.phrase {
            Some(phrase) => document(&self.message, phrase, occurrence),
            None => self.message,
        };
        let body = json!({"error": {
            "code": self.code,
            "message": message,
            "innerError": {
                "date": occurrence.date,
                "request-id": occurrence.request_id,
                "client-request-id": occurrence.client_request_id,
            },
        }});
        *response.body_mut() = Body::from(body.to_string());
        let kind = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
}

/// The document that the device service's message is, in its lines and order.
fn document(message: &str, phrase: &str, occurrence: &Occurrence) -> String {
    let told = format!(
        "{message} - Operation ID (for customer support): {} - Activity ID: {} - Url: {}",
        uuid::Uuid::nil(),
        occurrence.request_id,
        occurrence.url,
    );
    let lines = [
        ("_version", json!(3)),
        ("Message", json!(told)),
        ("CustomApiErrorPhrase", json!(phrase)),
        ("RetryAfter", Value::Null),
        ("ErrorSourceService", json!("")),
        ("HttpHeaders", json!("{}")),
    ];
    let lines = lines.map(|(name, value)| format!("  \"{name}\": {value}"));
    format!("{{\r\n{}\r\n}}", lines.join(",\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_in_a_message_is_one() {
        let occurrence = Occurrence {
            request_id: "r".to_owned(),
            client_request_id: "c".to_owned(),
            date: "2026-01-01T00:00:00".to_owned(),
            url: "http://x/beta".to_owned(),
        };
        let text = document(
            "A \"quoted\" word",
            "ZtdDeviceDeletionInProgess",
            &occurrence,
        );
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read["CustomApiErrorPhrase"], "ZtdDeviceDeletionInProgess");
        let message = read["Message"].as_str().expect("a text");
        assert!(message.starts_with("A \"quoted\" word - Operation ID"));
        assert!(text.starts_with("{\r\n  \"_version\": 3,\r\n  \"Message\""));
    }
}
