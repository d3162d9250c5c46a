//! `/welcome/{secret}`: a one-time link. Whoever opens it chooses a password and is signed in.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use registration::ids::RequestId;
use serde::Deserialize;
use service::secret::Secret;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::shell::{Flash, PageResult, done, field_errors, page_again, rendered};
use crate::routes::Routes;
use crate::session::{Open, set_session};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/welcome/{secret}", show)
        .post("/welcome/{secret}", choose)
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage {
    name: String,
    organization: String,
    email: String,
    errors: Vec<FieldError>,
}

/// A new password, typed twice: a slip would lock its owner out, since the link is spent.
#[derive(Deserialize, Default)]
pub(super) struct NewPassword {
    #[serde(default)]
    password: String,
    #[serde(default)]
    password_again: String,
}

impl NewPassword {
    /// The password, if both are the same.
    pub(super) fn agreed(&self) -> Result<&str, DeskError> {
        if self.password == self.password_again {
            Ok(&self.password)
        } else {
            Err(DeskError::field(
                "password_again",
                "The two passwords differ. Type the same one twice.",
            ))
        }
    }
}

async fn show(State(app): State<Arc<App>>, Path(secret): Path<String>) -> PageResult {
    let link = Secret::from_text(&secret);
    rendered(StatusCode::OK, &greeting(&app, &link, Vec::new()).await?)
}

async fn greeting(
    app: &App,
    link: &Secret,
    errors: Vec<FieldError>,
) -> Result<WelcomePage, DeskError> {
    let member = app.desk.link_owner(link).await?;
    Ok(WelcomePage {
        name: member.user.name,
        organization: member.organization.name,
        email: member.user.email,
        errors,
    })
}

async fn choose(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Path(secret): Path<String>,
    Open(form): Open<NewPassword>,
) -> PageResult {
    let link = Secret::from_text(&secret);
    let chosen = match form.agreed() {
        Ok(password) => app.desk.set_password(&link, password, request_id).await,
        Err(error) => Err(error),
    };
    let member = match chosen {
        Ok(member) => member,
        Err(error) => {
            let errors = field_errors(error)?;
            return page_again(&greeting(&app, &link, errors).await?);
        }
    };
    let session = app
        .desk
        .sign_in(&member.user.email, &form.password, request_id)
        .await?;
    let flash = Flash::ok("Your password is set, and you are signed in.");
    let mut response = done(&app, "/", &flash);
    set_session(response.headers_mut(), &app, &session);
    Ok(response)
}
