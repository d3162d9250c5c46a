//! `/device-login`: a person types in the code that a program without a browser shows, sees who
//! asks for what, and approves or declines.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use registration::api_client::ApiScope;
use serde::Deserialize;
use service::oauth::WaitingProgram;

use crate::app::App;
use crate::portal::shell::{PageResult, rendered};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/device-login", show)
        .post("/device-login", decide)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Typed {
    #[serde(alias = "user_code")]
    code: String,
    /// `approve` or `decline`.
    decision: String,
}

/// What the page shows.
enum Standing {
    /// Nothing was typed yet.
    Asking,
    /// No program waits with this code.
    Unknown,
    /// A program waits.
    Waiting(WaitingProgram),
    /// It was approved.
    Approved,
    /// It was declined.
    Declined,
}

#[derive(Template)]
#[template(path = "device_login.html")]
struct DeviceLoginPage<'a> {
    csrf: &'a str,
    me: &'a str,
    organization: &'a str,
    code: &'a str,
    program: &'a str,
    scopes: Vec<ApiScope>,
    offline: bool,
    standing: &'a Standing,
}

impl DeviceLoginPage<'_> {
    fn error(&self) -> &'static str {
        match self.standing {
            Standing::Unknown => {
                "No program of your organization waits with this code. Codes hold for a quarter \
                 of an hour and are of use once: look at the program again."
            }
            _ => "",
        }
    }
}

async fn show(
    State(app): State<Arc<App>>,
    typed: Result<Query<Typed>, QueryRejection>,
    signed: SignedIn,
) -> PageResult {
    let code = typed.map_or_else(|_| String::new(), |Query(typed)| typed.code);
    let standing = if code.trim().is_empty() {
        Standing::Asking
    } else {
        app.typed_codes.check(&signed.caller.user.id)?;
        let found = app.desk.waiting_program(&signed.caller, &code).await?;
        found.map_or(Standing::Unknown, Standing::Waiting)
    };
    page(&signed, &code, &standing)
}

async fn decide(
    State(app): State<Arc<App>>,
    Sent {
        signed,
        form: Typed { code, decision },
    }: Sent<Typed>,
) -> PageResult {
    app.typed_codes.check(&signed.caller.user.id)?;
    let approved = decision == "approve";
    let decided = app
        .desk
        .decide_program(&signed.caller, &code, approved)
        .await?;
    let standing = match (decided, approved) {
        (false, _) => Standing::Unknown,
        (true, true) => Standing::Approved,
        (true, false) => Standing::Declined,
    };
    page(&signed, &code, &standing)
}

fn page(signed: &SignedIn, code: &str, standing: &Standing) -> PageResult {
    let program = match standing {
        Standing::Waiting(program) => Some(program),
        _ => None,
    };
    let status = match standing {
        Standing::Unknown => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let page = DeviceLoginPage {
        csrf: &signed.csrf,
        me: &signed.caller.user.email,
        organization: &signed.caller.organization.name,
        code: program.map_or(code, |program| &program.user_code),
        program: program.map_or("", |program| &program.client.name),
        scopes: program.map_or_else(Vec::new, |program| program.scopes.iter().collect()),
        offline: program.is_some_and(|program| program.offline),
        standing,
    };
    rendered(status, &page)
}
