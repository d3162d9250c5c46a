//! `/set-up/{secret}`: the first operator and its organization, through the one-time link that the
//! server prints on an empty database.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use registration::ids::RequestId;
use serde::Deserialize;
use service::organizations::OrganizationForm;
use service::people::PersonForm;
use service::secret::Secret;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::shell::{Flash, PageResult, done, field_errors, page_again, rendered};
use crate::portal::welcome::NewPassword;
use crate::routes::Routes;
use crate::session::{Open, set_session};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/set-up/{secret}", show)
        .post("/set-up/{secret}", set_up)
}

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    form: SetUpForm,
    errors: Vec<FieldError>,
}

#[derive(Deserialize, Default)]
struct SetUpForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    domain: String,
    #[serde(default)]
    person_name: String,
    #[serde(default)]
    email: String,
    #[serde(flatten)]
    password: NewPassword,
}

async fn show(State(app): State<Arc<App>>, Path(secret): Path<String>) -> PageResult {
    let link = Secret::from_text(&secret);
    if !app.desk.set_up_link_holds(&link).await? {
        return Err(DeskError::conflict(
            "link_spent",
            "This one-time link was used already or has expired. A server without an operator \
             prints a new one when it is started.",
        )
        .into());
    }
    let page = SetUpPage {
        form: SetUpForm::default(),
        errors: Vec::new(),
    };
    rendered(StatusCode::OK, &page)
}

async fn set_up(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Path(secret): Path<String>,
    Open(form): Open<SetUpForm>,
) -> PageResult {
    let link = Secret::from_text(&secret);
    let operator = OrganizationForm {
        name: form.name.clone(),
        domain: form.domain.clone(),
        administrator: PersonForm {
            email: form.email.clone(),
            name: form.person_name.clone(),
        },
    };
    let made = match form.password.agreed() {
        Ok(password) => {
            app.desk
                .set_up(&link, &operator, password, request_id)
                .await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = made {
        let errors = field_errors(error)?;
        return page_again(&SetUpPage { form, errors });
    }
    let password = form.password.agreed()?;
    let session = app.desk.sign_in(&form.email, password, request_id).await?;
    let flash = Flash::ok("The registry is set up. Now create the first organizations.");
    let mut response = done(&app, "/", &flash);
    set_session(response.headers_mut(), &app, &session);
    Ok(response)
}
