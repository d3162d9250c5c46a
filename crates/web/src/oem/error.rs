//! Errors of this face: problem documents (RFC 9457), with the request's id and what is wrong where.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use registration::ids::RequestId;
use service::DeskError;
use service::oauth::{BearerError, TokenFault};

use super::body::BodyError;
use crate::app::App;
use crate::problem::{
    Problem, ProblemError, log_cause, retry_after, set_retry_after, status_of, title_of,
};
use crate::request::id_of;

/// An error on its way to a client; it gets the request's id where the answer leaves.
#[derive(Debug)]
pub(crate) struct OemError {
    problem: Box<Problem>,
    retry_after: Option<u64>,
}

impl OemError {
    fn new(status: StatusCode, code: &'static str, title: &'static str, detail: &str) -> Self {
        Self {
            problem: Box::new(Problem::new(status, code, title, detail)),
            retry_after: None,
        }
    }

    /// No call has this address.
    pub(crate) fn no_such_call() -> Self {
        Self::from(DeskError::NotFound)
    }

    /// The address has other calls, but none with this method.
    pub(crate) fn method() -> Self {
        let detail = "This address does not take this method.";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new(status, "method_not_allowed", "Not allowed", detail)
    }

    /// A value of the query or of a header does not fit.
    pub(crate) fn parameter(name: &str, detail: &str) -> Self {
        let status = StatusCode::BAD_REQUEST;
        let error = Self::new(status, "parameter", "A parameter does not fit", detail);
        error.at(vec![ProblemError {
            pointer: name.to_owned(),
            code: "parameter".to_owned(),
            detail: detail.to_owned(),
            help: None,
        }])
    }

    /// All or nothing was asked for, and these lines can't be registered.
    pub(crate) fn all_or_nothing(errors: Vec<ProblemError>) -> Self {
        let error = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "all_or_nothing",
            "Nothing was registered",
            "All lines or none were to be registered, and some can't be. Mend what errors says, and \
             send all lines again.",
        );
        error.at(errors)
    }

    fn at(mut self, errors: Vec<ProblemError>) -> Self {
        self.problem = Box::new(self.problem.with_errors(errors));
        self
    }
}

impl From<DeskError> for OemError {
    fn from(error: DeskError) -> Self {
        log_cause(&error);
        let (mut status, mut code) = (status_of(&error), error.code());
        if code == "request_id_reused" {
            (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused");
        }
        let told = Self::new(status, code, title_of(&error), &error.to_string());
        let errors = match &error {
            DeskError::Invalid(fields) => fields
                .iter()
                .map(|field| ProblemError {
                    pointer: format!("/{}", field.field),
                    code: "invalid".to_owned(),
                    detail: field.message.clone(),
                    help: None,
                })
                .collect(),
            _ => Vec::new(),
        };
        Self {
            retry_after: retry_after(&error),
            ..told.at(errors)
        }
    }
}

impl From<BearerError> for OemError {
    fn from(error: BearerError) -> Self {
        match error {
            BearerError::Desk(error) => error.into(),
            BearerError::Token(fault) => {
                let code = match fault {
                    TokenFault::Missing => "token_missing",
                    TokenFault::Expired => "token_expired",
                    _ => "token_refused",
                };
                let status = StatusCode::UNAUTHORIZED;
                Self::new(status, code, "Not signed in", &fault.to_string())
            }
        }
    }
}

impl From<BodyError> for OemError {
    fn from(error: BodyError) -> Self {
        let (status, code) = error.known_as();
        Self::new(status, code, "The body can't be read", &error.to_string())
    }
}

impl IntoResponse for OemError {
    fn into_response(self) -> Response {
        let mut response = self.problem.status().into_response();
        response.extensions_mut().insert(*self.problem);
        set_retry_after(&mut response, self.retry_after);
        response
    }
}

/// Tells errors in full where they leave.
pub(super) async fn tell(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = id_of(request.extensions(), &app);
    let response = next.run(request).await;
    told(response, id)
}

/// The answer in full, if it is an error of this face.
pub(super) fn told(mut response: Response, id: RequestId) -> Response {
    // What unpacks bodies answers on its own where it knows no such packing.
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        let detail = "The body is packed in a way that is not known. Use gzip or zstd, or none.";
        let code = "content_encoding";
        let problem = Problem::new(response.status(), code, "The body can't be read", detail);
        return problem.of_request(id).into_response();
    }
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let mut full = problem.of_request(id).into_response();
    if let Some(seconds) = response.headers().get(header::RETRY_AFTER) {
        full.headers_mut()
            .insert(header::RETRY_AFTER, seconds.clone());
    }
    if full.status() == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer realm=\"enlist\"");
        full.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    }
    full
}
