//! Deployment profiles and what each group tag names, for the operator.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use registration::ids::ProfileId;
use registration::profile::DeploymentProfile;
use serde::Deserialize;
use service::profiles::TagView;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::profile_form::ProfileForm;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, field_errors, page, page_again};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/profiles", list)
        .get("/profiles/{id}", show)
        .post("/profiles/{id}", change)
        .post("/profiles/tags/{tag}", assign)
}

#[derive(Template)]
#[template(path = "profiles.html")]
struct ProfilesPage {
    shell: Shell,
    tags: Vec<TagView>,
    profiles: Vec<DeploymentProfile>,
}

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfilePage {
    shell: Shell,
    trail: Vec<Crumb>,
    profile: DeploymentProfile,
    form: ProfileForm,
    /// The group tags that name it.
    tags: Vec<&'static str>,
    /// What a device of an example customer would get now.
    example: String,
    errors: Vec<FieldError>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Assigned {
    profile: String,
}

async fn list(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    let profiles = ProfilesPage {
        shell: Shell::of(&signed),
        profiles: app.desk.profiles(&signed.caller).await?,
        tags: app.desk.tags().await?,
    };
    page(&app, &signed, &profiles)
}

impl ProfilePage {
    async fn of(
        app: &App,
        signed: &SignedIn,
        profile: ProfileId,
        sent: Option<(ProfileForm, Vec<FieldError>)>,
    ) -> Result<Self, DeskError> {
        let profile = app.desk.profile(&signed.caller, profile).await?;
        let tags = app.desk.tags().await?;
        let naming = tags.iter().filter(|view| view.profile.id == profile.id);
        let tags = naming.map(|view| view.tag.tag).collect();
        let nobody = uuid::Uuid::nil().to_string();
        let file = profile.autopilot_configuration(&nobody, "contoso.example");
        let (form, errors) = sent.unwrap_or_else(|| {
            (
                ProfileForm::of(&profile.name, "", &profile.settings),
                Vec::new(),
            )
        });
        Ok(Self {
            shell: Shell::of(signed),
            trail: vec![Crumb::new("/profiles", "Profiles and tags")],
            form,
            tags,
            example: format!("{file:#}"),
            profile,
            errors,
        })
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Path(profile): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let shown = ProfilePage::of(&app, &signed, id(&profile)?, None).await?;
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
        .change_profile(&signed.caller, profile, &form.name, form.settings())
        .await;
    if let Err(error) = changed {
        let errors = field_errors(error)?;
        return page_again(&ProfilePage::of(&app, &signed, profile, Some((form, errors))).await?);
    }
    let flash = Flash::ok("Profile saved. Devices get it when they next ask.");
    Ok(done(&app, &format!("/profiles/{profile}"), &flash))
}

async fn assign(
    State(app): State<Arc<App>>,
    Path(tag): Path<String>,
    Sent { signed, form }: Sent<Assigned>,
) -> PageResult {
    let profile = id(&form.profile)?;
    app.desk.assign_tag(&signed.caller, &tag, profile).await?;
    let flash = Flash::ok(format!("{tag} names another deployment profile now."));
    Ok(done(&app, "/profiles", &flash))
}
