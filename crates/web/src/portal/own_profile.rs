//! One deployment profile as a customer sees it: its settings, what it is assigned to, its end.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use registration::access::Action;
use registration::group::Group;
use registration::ids::ProfileId;
use registration::profile::DeploymentProfile;
use service::customer_profiles::{ProfileUse, ProfileView};
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::own_assignments::AssignForm;
use crate::portal::own_profiles::{Assigned, LIST};
use crate::portal::profile_form::ProfileForm;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, field_errors, page, page_again};
use crate::portal::words::counted;
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/deployment-profiles/{id}", show)
        .post("/deployment-profiles/{id}", change)
        .get("/deployment-profiles/{id}/delete", ask)
        .post("/deployment-profiles/{id}/delete", delete)
}

/// What a form of this page said that was refused.
#[derive(Default)]
pub(super) struct Refused {
    /// The settings that were sent.
    pub settings: Option<ProfileForm>,
    /// The assignment that was sent.
    pub assign: AssignForm,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

#[derive(Template)]
#[template(path = "own_profile.html")]
pub(super) struct ProfilePage {
    shell: Shell,
    trail: Vec<Crumb>,
    lead: &'static str,
    used: ProfileUse,
    devices: String,
    assigned: Vec<Assigned>,
    form: ProfileForm,
    assign: AssignForm,
    groups: Vec<Group>,
    /// What a device of the customer's would get now.
    example: String,
    /// Whether it is the customer's own and the person may change it.
    may_change: bool,
    errors: Vec<FieldError>,
}

#[derive(Template)]
#[template(path = "own_profile_delete.html")]
struct DeletePage {
    shell: Shell,
    trail: Vec<Crumb>,
    used: ProfileUse,
    title: String,
    devices: String,
    assigned: Vec<Assigned>,
}

fn lead(is_own: bool) -> &'static str {
    if is_own {
        "Deployment profile of your own. Devices get it, as it stands then, whenever they ask."
    } else {
        "Deployment profile of the service, here to read. Make one of your own to have it otherwise."
    }
}

fn assigned(signed: &SignedIn, used: &ProfileUse) -> Vec<Assigned> {
    let customer = signed.caller.organization.id;
    Assigned::all(&used.assignments, |assignment| assignment.id(customer))
}

/// What a device of this person's organization would download.
fn example(signed: &SignedIn, profile: &ProfileView) -> String {
    let organization = &signed.caller.organization;
    let profile = DeploymentProfile {
        id: profile.id,
        name: profile.name.clone(),
        settings: profile.settings.deployment.clone(),
        updated_at: profile.updated_at,
    };
    let file = profile.autopilot_configuration(&organization.id.to_string(), &organization.domain);
    format!("{file:#}")
}

impl ProfilePage {
    pub(super) async fn of(
        app: &App,
        signed: &SignedIn,
        profile: ProfileId,
        refused: Refused,
    ) -> Result<Self, DeskError> {
        let caller = &signed.caller;
        let used = app.desk.profile_use(caller, profile).await?;
        let profile = &used.profile;
        let now = || {
            let chosen = &profile.settings.deployment;
            ProfileForm::of(&profile.name, &profile.description, chosen)
        };
        Ok(Self {
            shell: Shell::of(signed),
            trail: vec![Crumb::new(LIST, "Deployment profiles")],
            lead: lead(used.is_own),
            devices: counted(used.devices, "device"),
            assigned: assigned(signed, &used),
            form: refused.settings.unwrap_or_else(now),
            assign: refused.assign,
            groups: app.desk.groups(caller).await?,
            example: example(signed, profile),
            may_change: used.is_own && caller.can(Action::ManageOwnProfiles),
            errors: refused.errors,
            used,
        })
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Path(profile): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let shown = ProfilePage::of(&app, &signed, id(&profile)?, Refused::default()).await?;
    page(&app, &signed, &shown)
}

async fn change(
    State(app): State<Arc<App>>,
    Path(profile): Path<String>,
    Sent { signed, form }: Sent<ProfileForm>,
) -> PageResult {
    let profile: ProfileId = id(&profile)?;
    let changed = app
        .desk
        .change_own_profile(&signed.caller, profile, form.change())
        .await;
    if let Err(error) = changed {
        let refused = Refused {
            errors: field_errors(error)?,
            settings: Some(form),
            ..Refused::default()
        };
        return page_again(&ProfilePage::of(&app, &signed, profile, refused).await?);
    }
    let flash = Flash::ok("Profile saved. Devices get it, as it stands then, when they next ask.");
    Ok(done(&app, &format!("{LIST}/{profile}"), &flash))
}

async fn ask(
    State(app): State<Arc<App>>,
    Path(profile): Path<String>,
    signed: SignedIn,
) -> PageResult {
    signed.caller.may(Action::ManageOwnProfiles)?;
    let used = app.desk.profile_use(&signed.caller, id(&profile)?).await?;
    if !used.is_own {
        return Err(DeskError::NotFound.into());
    }
    let (profile, name) = (used.profile.id, &used.profile.name);
    let shown = DeletePage {
        shell: Shell::of(&signed),
        trail: vec![
            Crumb::new(LIST, "Deployment profiles"),
            Crumb::new(format!("{LIST}/{profile}"), name),
        ],
        title: format!("Delete {name}?"),
        devices: counted(used.devices, "device"),
        assigned: assigned(&signed, &used),
        used,
    };
    page(&app, &signed, &shown)
}

async fn delete(
    State(app): State<Arc<App>>,
    Path(profile): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    app.desk
        .delete_own_profile(&signed.caller, id(&profile)?)
        .await?;
    let flash = Flash::ok("The profile is deleted, and assigned to nothing any more.");
    Ok(done(&app, LIST, &flash))
}
