//! No token, in the form that client libraries read (api.md, 6.1).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use service::DeskError;
use service::oauth::TokenRefusal;

use super::sent::Asker;
use crate::app::App;
use crate::problem::{log_cause, retry_after, set_retry_after};

/// No token.
pub(super) struct Refused {
    status: StatusCode,
    retry_after: Option<u64>,
    body: Value,
}

impl Refused {
    /// Answers this request with the refusal. Who guesses is told to wait.
    pub(super) fn of(app: &App, asker: &Asker, refusal: TokenRefusal) -> Self {
        let refusal = if refusal.is_suspicious() {
            let guessed = asker.charge(&app.wrong_secrets);
            guessed.err().unwrap_or(refusal)
        } else {
            refusal
        };
        if let Some(cause) = &refusal.cause {
            log_cause(cause);
        }
        let request = asker.request.to_string();
        Self {
            status: status_of(&refusal),
            retry_after: refusal.cause.as_ref().and_then(retry_after),
            body: json!({
                "error": refusal.error,
                "error_description": refusal.to_string(),
                "error_codes": [refusal.number],
                "timestamp": app.desk.now().to_second(),
                "trace_id": request,
                "correlation_id": request,
                // What the calls for tokens take and answer, for whoever writes the client.
                "error_uri": app.link("/api#tokens"),
            }),
        }
    }
}

/// The status of a refusal.
pub(super) fn status_of(refusal: &TokenRefusal) -> StatusCode {
    match refusal.cause {
        Some(DeskError::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(DeskError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST),
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        set_retry_after(&mut response, self.retry_after);
        response
    }
}
