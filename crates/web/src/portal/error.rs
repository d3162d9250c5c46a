//! Error pages: what happened and what to do next. The cause is in the log.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use service::DeskError;

use crate::problem::{log_cause, retry_after, set_retry_after, status_of, title_of};

/// An error on its way to a person.
#[derive(Debug)]
pub struct PageError(DeskError);

impl<E: Into<DeskError>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    status: u16,
    title: &'a str,
    text: String,
    next: &'a str,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        log_cause(&self.0);
        let status = status_of(&self.0);
        let page = ErrorPage {
            status: status.as_u16(),
            title: title_of(&self.0),
            text: self.0.to_string(),
            next: next_step(&self.0),
        };
        let mut response = error_page(status, &page);
        set_retry_after(&mut response, retry_after(&self.0));
        response
    }
}

fn error_page(status: StatusCode, page: &ErrorPage<'_>) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (status, page.text.clone()).into_response(),
    }
}

fn next_step(error: &DeskError) -> &'static str {
    match error {
        DeskError::Invalid(_) => "Go back and correct it.",
        DeskError::Unauthenticated => "Sign in and try again.",
        DeskError::Forbidden(_) => "Ask somebody whose role allows it.",
        DeskError::NotFound => "Check the address, or begin at the start page.",
        DeskError::Conflict {
            code: "consent_missing",
            ..
        } => "Send the customer a new invitation; its global administrator accepts it.",
        DeskError::Conflict {
            code: "link_spent", ..
        } => "If you chose a password with it before, sign in with that.",
        DeskError::Conflict { .. } => "Go back and look at how things stand now.",
        DeskError::TooLarge { .. } => "Split the list and send the parts.",
        DeskError::TooMany { .. } | DeskError::Unavailable(_) => "Wait a moment, then try again.",
        DeskError::Internal(_) => "Try again; if it stays, tell the operator the request's id.",
    }
}

/// The answer where no route is.
pub async fn no_such_page() -> PageError {
    DeskError::NotFound.into()
}
