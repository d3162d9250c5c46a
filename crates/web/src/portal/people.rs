//! People: one's colleagues, their roles, and the one-time links that let them in.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use registration::access::Action;
use registration::ids::UserId;
use registration::user::{Role, User};
use serde::Deserialize;
use service::people::{LINK_HOURS, PersonForm};
use service::secret::Secret;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::shell::{
    Flash, PageResult, Shell, done, field_errors, page, page_again, rendered,
};
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/people", list)
        .post("/people", add)
        .post("/people/{id}/link", new_link)
        .post("/people/{id}/disable", disable)
        .post("/people/{id}/enable", enable)
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    shell: Shell,
    people: Vec<User>,
    me: UserId,
    may_manage: bool,
    /// The roles to choose from, each with what it may do.
    roles: Vec<(Role, &'static str)>,
    form: NewPerson,
    errors: Vec<FieldError>,
}

#[derive(Deserialize, Default)]
struct NewPerson {
    #[serde(default)]
    person_name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
}

impl PeoplePage {
    async fn of(
        app: &App,
        signed: &SignedIn,
        form: NewPerson,
        errors: Vec<FieldError>,
    ) -> Result<Self, DeskError> {
        let caller = &signed.caller;
        Ok(Self {
            shell: Shell::of(signed),
            people: app.desk.people(caller).await?,
            me: caller.user.id,
            may_manage: caller.can(Action::ManagePeople),
            roles: Role::of_kind(caller.organization.kind)
                .iter()
                .map(|role| (*role, may_do(*role)))
                .collect(),
            form,
            errors,
        })
    }
}

/// A one-time link, shown once.
#[derive(Template)]
#[template(path = "one_time_link.html")]
struct LinkPage {
    shell: Shell,
    person: String,
    link: String,
    hours: i64,
}

impl LinkPage {
    fn of(app: &App, signed: &SignedIn, person: String, secret: &Secret) -> Self {
        Self {
            shell: Shell::of(signed),
            person,
            link: app.link(&format!("/welcome/{}", secret.reveal())),
            hours: LINK_HOURS,
        }
    }
}

async fn list(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    let people = PeoplePage::of(&app, &signed, NewPerson::default(), Vec::new()).await?;
    page(&app, &signed, &people)
}

async fn add(State(app): State<Arc<App>>, sent: Sent<NewPerson>) -> PageResult {
    let Sent { signed, form } = sent;
    let person = PersonForm {
        email: form.email.clone(),
        name: form.person_name.clone(),
    };
    let added = if let Some(role) = Role::parse(&form.role) {
        app.desk.add_person(&signed.caller, &person, role).await
    } else {
        signed.caller.may(Action::ManagePeople)?;
        Err(DeskError::field("role", "Choose a role."))
    };
    match added {
        Ok(secret) => {
            let name = form.person_name.trim().to_owned();
            rendered(StatusCode::OK, &LinkPage::of(&app, &signed, name, &secret))
        }
        Err(error) => {
            let errors = field_errors(error)?;
            page_again(&PeoplePage::of(&app, &signed, form, errors).await?)
        }
    }
}

async fn new_link(
    State(app): State<Arc<App>>,
    Path(person): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let person: UserId = id(&person)?;
    let secret = app.desk.new_link_for(&signed.caller, person).await?;
    let colleagues = app.desk.people(&signed.caller).await?;
    let name = colleagues
        .into_iter()
        .find(|colleague| colleague.id == person)
        .map_or_else(|| "the person".to_owned(), |colleague| colleague.name);
    rendered(StatusCode::OK, &LinkPage::of(&app, &signed, name, &secret))
}

async fn disable(
    State(app): State<Arc<App>>,
    Path(person): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    app.desk
        .set_disabled(&signed.caller, id(&person)?, true)
        .await?;
    let flash = Flash::ok("The account is shut. Whoever was signed in with it is signed out.");
    Ok(done(&app, "/people", &flash))
}

async fn enable(
    State(app): State<Arc<App>>,
    Path(person): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    app.desk
        .set_disabled(&signed.caller, id(&person)?, false)
        .await?;
    Ok(done(
        &app,
        "/people",
        &Flash::ok("The account is open again."),
    ))
}

/// What a role may do, in one sentence.
fn may_do(role: Role) -> &'static str {
    match role {
        Role::Administrator => {
            "Creates organizations, changes profiles, the directory and the settings."
        }
        Role::AdminAgent => {
            "Everything for this organization: people, customers, devices and their profiles."
        }
        Role::SalesAgent => "Invites customers and adds devices. Changes nothing afterwards.",
        Role::GlobalAdministrator => {
            "Consents and revokes, registers and releases devices, adds people."
        }
        Role::Reader => "Reads everything, changes nothing.",
    }
}
