//! A customer's deployment profiles: its own and what each is assigned to, and those of the service.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use registration::access::Action;
use registration::customer_profile::{AssignmentTarget, ProfileAssignment};
use service::FieldError;
use service::customer_profiles::ProfileUse;

use crate::app::App;
use crate::portal::profile_form::ProfileForm;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, field_errors, page, page_again};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

/// Where the list is.
pub(super) const LIST: &str = "/deployment-profiles";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(LIST, list)
        .get("/deployment-profiles/new", blank)
        .post("/deployment-profiles/new", make)
}

#[derive(Template)]
#[template(path = "own_profiles.html")]
struct ProfilesPage {
    shell: Shell,
    own: Vec<ProfileUse>,
    /// Those of the service.
    others: Vec<ProfileUse>,
    may_manage: bool,
}

#[derive(Template)]
#[template(path = "own_profile_new.html")]
struct NewPage {
    shell: Shell,
    trail: Vec<Crumb>,
    form: ProfileForm,
    errors: Vec<FieldError>,
}

/// An assignment as it is shown.
pub(super) struct Assigned {
    /// What it is: all devices, those with a tag, not those with a tag.
    pub words: &'static str,
    /// The tag, or blank.
    pub tag: String,
    /// Its id.
    pub id: String,
}

impl Assigned {
    /// Assignments of one profile as they are shown; `id` names them.
    pub(super) fn all(
        assignments: &[ProfileAssignment],
        id: impl Fn(&ProfileAssignment) -> String,
    ) -> Vec<Self> {
        let shown = |assignment: &ProfileAssignment| {
            let (words, tag) = match &assignment.target {
                AssignmentTarget::Group(tag) => ("Group tag", tag.as_str()),
                AssignmentTarget::Exclusion(tag) => ("Not group tag", tag.as_str()),
                AssignmentTarget::AllDevices => ("All devices", ""),
            };
            Self {
                words,
                tag: tag.to_owned(),
                id: id(assignment),
            }
        };
        assignments.iter().map(shown).collect()
    }
}

impl ProfilesPage {
    /// What a profile is assigned to.
    fn assigned(used: &ProfileUse) -> Vec<Assigned> {
        Assigned::all(&used.assignments, |_| String::new())
    }
}

async fn list(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    let caller = &signed.caller;
    let all = app.desk.profile_uses(caller).await?;
    let (own, others) = all.into_iter().partition(|used| used.is_own);
    let shown = ProfilesPage {
        shell: Shell::of(&signed),
        own,
        others,
        may_manage: caller.can(Action::ManageOwnProfiles),
    };
    page(&app, &signed, &shown)
}

impl NewPage {
    fn of(signed: &SignedIn, form: ProfileForm, errors: Vec<FieldError>) -> Self {
        Self {
            shell: Shell::of(signed),
            trail: vec![Crumb::new(LIST, "Deployment profiles")],
            form,
            errors,
        }
    }
}

async fn blank(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    signed.caller.may(Action::ManageOwnProfiles)?;
    let shown = NewPage::of(&signed, ProfileForm::default(), Vec::new());
    page(&app, &signed, &shown)
}

async fn make(State(app): State<Arc<App>>, Sent { signed, form }: Sent<ProfileForm>) -> PageResult {
    let made = app.desk.make_own_profile(&signed.caller, form.change());
    match made.await {
        Ok(made) => {
            let flash = Flash::ok(format!(
                "{} is made. Assign it to devices, so that they get it.",
                made.name
            ));
            Ok(done(&app, &format!("{LIST}/{}", made.id), &flash))
        }
        Err(error) => page_again(&NewPage::of(&signed, form, field_errors(error)?)),
    }
}
