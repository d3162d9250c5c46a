//! No token, in the form that client libraries read (api.md, 6.1).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use registration::ids::RequestId;
use serde_json::json;
use service::DeskError;
use service::oauth::TokenRefusal;

use crate::app::App;
use crate::problem::log_cause;

use super::sent::Asker;

/// No token.
pub(super) struct Refused {
    refusal: TokenRefusal,
    request: Option<RequestId>,
}

impl Refused {
    /// Answers this request with the refusal. Who guesses is told to wait.
    pub(super) fn of(app: &App, asker: &Asker, refusal: TokenRefusal) -> Self {
        let refusal = if refusal.is_suspicious() {
            let guessed = app.wrong_secrets.check(&asker.address.0);
            guessed.err().map_or(refusal, TokenRefusal::from)
        } else {
            refusal
        };
        Self {
            refusal,
            request: Some(asker.request),
        }
    }
}

impl From<TokenRefusal> for Refused {
    fn from(refusal: TokenRefusal) -> Self {
        Self {
            refusal,
            request: None,
        }
    }
}

/// The status of a refusal.
pub(super) fn status_of(refusal: &TokenRefusal) -> StatusCode {
    let too_many = matches!(refusal.cause, Some(DeskError::TooMany { .. }));
    let status = if too_many { 429 } else { refusal.status() };
    StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let refusal = self.refusal;
        if let Some(cause) = &refusal.cause {
            log_cause(cause);
        }
        let request = self.request.map(|id| id.to_string()).unwrap_or_default();
        let body = json!({
            "error": refusal.error,
            "error_description": refusal.to_string(),
            "error_codes": [refusal.number],
            "trace_id": request,
            "correlation_id": request,
        });
        let mut response = (status_of(&refusal), Json(body)).into_response();
        if let Some(cause) = &refusal.cause {
            crate::problem::set_retry_after(&mut response, crate::problem::retry_after(cause));
        }
        response
    }
}
