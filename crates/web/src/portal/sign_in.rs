//! Sign in, sign out, and the start page that leads to where a person's work begins.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use registration::ids::RequestId;
use serde::Deserialize;
use service::FieldError;

use crate::app::App;
use crate::portal::shell::{Flash, PageResult, done, field_errors, home, page_again, rendered};
use crate::routes::Routes;
use crate::session::{
    Address, Open, Pressed, Sent, SignedIn, clear_flash, clear_session, flash_of, set_session,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/", start)
        .get("/sign-in", show)
        .post("/sign-in", sign_in)
        .post("/sign-out", sign_out)
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    flash: Option<Flash>,
    set_up: bool,
    next: String,
    email: String,
    errors: Vec<FieldError>,
}

#[derive(Deserialize, Default)]
struct Where {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn start(signed: SignedIn) -> Response {
    Redirect::to(home(signed.caller.organization.kind)).into_response()
}

async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<Where>,
    headers: HeaderMap,
) -> PageResult {
    let page = SignInPage {
        flash: flash_of(&headers),
        set_up: app.desk.is_set_up().await?,
        next: query.next,
        email: String::new(),
        errors: Vec::new(),
    };
    let mut response = rendered(StatusCode::OK, &page)?;
    if page.flash.is_some() {
        clear_flash(response.headers_mut(), &app);
    }
    Ok(response)
}

async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Address(address): Address,
    Open(form): Open<SignInForm>,
) -> PageResult {
    app.sign_ins.check(&address)?;
    let signed = app
        .desk
        .sign_in(&form.email, &form.password, request_id)
        .await;
    match signed {
        Ok(session) => {
            let mut headers = HeaderMap::new();
            set_session(&mut headers, &app, &session);
            Ok((headers, Redirect::to(local(&form.next))).into_response())
        }
        Err(error) => page_again(&SignInPage {
            flash: None,
            set_up: true,
            next: form.next,
            email: form.email,
            errors: field_errors(error)?,
        }),
    }
}

async fn sign_out(State(app): State<Arc<App>>, sent: Sent<Pressed>) -> PageResult {
    signed_out(&app, &sent.signed, &Flash::ok("You are signed out.")).await
}

/// Signs the person out and leads to the sign-in page, with a message there.
pub(super) async fn signed_out(app: &Arc<App>, signed: &SignedIn, flash: &Flash) -> PageResult {
    let (caller, session) = (&signed.caller, signed.session());
    app.desk.sign_out(caller, session).await?;
    let mut response = done(app, "/sign-in", flash);
    clear_session(response.headers_mut(), app);
    Ok(response)
}

/// The place to go on to after signing in, if it is one of ours: a path that begins with a
/// single slash. Browsers take a backslash for a slash, so none is let through.
fn local(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") {
        next
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_host() {
        for kept in ["/", "/devices?q=1&tag=a%20b", "/invitations/abc"] {
            assert_eq!(local(kept), kept);
        }
        for dropped in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "devices",
            "/a\r\nset-cookie: x",
            "/a b",
        ] {
            assert_eq!(local(dropped), "/", "{dropped}");
        }
    }
}
