//! Errors of this face: problem documents (RFC 9457), with the request's id and what is wrong where.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use registration::ids::RequestId;
use service::DeskError;
use service::oauth::{BearerError, TokenFault};

use super::body::BodyError;
use super::incoming::Incoming;
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
        error.at(vec![ProblemError::of_parameter(name, detail)])
    }

    /// What the body says is wrong here.
    pub(crate) fn invalid(errors: Vec<ProblemError>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let (title, detail) = (
            "Something given is wrong",
            "Some of what was sent is wrong: errors says what and where. Nothing was done.",
        );
        Self::new(status, "invalid", title, detail).at(errors)
    }

    /// All or nothing was asked for, and these lines can't be registered. The operation that the
    /// lines are kept as has this name; asked for alone they are kept as none.
    pub(crate) fn all_or_nothing(errors: Vec<ProblemError>, name: Option<String>) -> Self {
        let mut detail = "All lines or none were to be registered, and some can't be. Mend what \
                          errors says, and send all lines again."
            .to_owned();
        if let Some(name) = &name {
            let place = format!(" What each line would have become: /oem/v1/{name}/results.");
            detail.push_str(&place);
        }
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let mut error = Self::new(status, "all_or_nothing", "Nothing was registered", &detail);
        error.problem = Box::new(error.problem.about(name));
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
        let code = error.code();
        if code == "request_id_reused" {
            let (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused");
            let detail = "Other lines came with this Idempotency-Key before. Send those, or give \
                          these a key of their own.";
            return Self::new(status, code, "The key was used before", detail);
        }
        let status = status_of(&error);
        let told = Self::new(status, code, title_of(&error), &error.to_string());
        let errors = match &error {
            DeskError::Invalid(fields) => fields
                .iter()
                .map(|field| {
                    let pointer = format!("/{}", field.field);
                    ProblemError::at(pointer, "invalid", field.message.clone())
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

/// Tells errors in full where they leave, once what was sent is there as a whole.
pub(super) async fn tell(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = id_of(request.extensions(), &app);
    let (mut parts, body) = request.into_parts();
    let incoming = Incoming::new(&parts, body);
    parts.extensions.insert(incoming.clone());
    let response = next.run(Request::from_parts(parts, Body::empty())).await;
    if response.extensions().get::<Problem>().is_some() {
        incoming.drain().await;
    }
    told(response, id)
}

/// The answer in full, if it is an error of this face.
pub(super) fn told(mut response: Response, id: RequestId) -> Response {
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
