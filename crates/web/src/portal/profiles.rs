//! Deployment profiles and what each group tag names, for the operator.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use registration::ids::ProfileId;
use registration::profile::{DeploymentProfile, DeploymentSettings};
use serde::Deserialize;
use service::profiles::TagView;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::address::id;
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

/// Ticked boxes come as "yes", the others don't come at all.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct ProfileForm {
    name: String,
    name_template: String,
    language: String,
    region: String,
    hybrid_join: String,
    self_deploying: String,
    standard_user: String,
    hide_privacy: String,
    hide_license_terms: String,
    hide_change_account: String,
    skip_keyboard: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Assigned {
    profile: String,
}

impl ProfileForm {
    fn of(profile: &DeploymentProfile) -> Self {
        let settings = &profile.settings;
        let tick = |on: bool| if on { "yes" } else { "" }.to_owned();
        Self {
            name: profile.name.clone(),
            name_template: settings.name_template.clone().unwrap_or_default(),
            language: settings.language.clone().unwrap_or_default(),
            region: settings.region.clone().unwrap_or_default(),
            hybrid_join: tick(settings.hybrid_join),
            self_deploying: tick(settings.self_deploying),
            standard_user: tick(settings.standard_user),
            hide_privacy: tick(settings.hide_privacy),
            hide_license_terms: tick(settings.hide_license_terms),
            hide_change_account: tick(settings.hide_change_account),
            skip_keyboard: tick(settings.skip_keyboard),
        }
    }

    fn settings(&self) -> DeploymentSettings {
        let ticked = |text: &str| text == "yes";
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        DeploymentSettings {
            hybrid_join: ticked(&self.hybrid_join),
            skip_connectivity_check: false,
            self_deploying: ticked(&self.self_deploying),
            standard_user: ticked(&self.standard_user),
            hide_privacy: ticked(&self.hide_privacy),
            hide_license_terms: ticked(&self.hide_license_terms),
            hide_change_account: ticked(&self.hide_change_account),
            skip_keyboard: ticked(&self.skip_keyboard),
            language: given(&self.language),
            region: given(&self.region),
            name_template: given(&self.name_template),
        }
    }

    /// The switches: field, value, words and what they mean.
    fn switches(&self) -> [(&'static str, &str, &'static str, &'static str); 6] {
        [
            (
                "self_deploying",
                &self.self_deploying,
                "Self-deploying",
                "The device sets itself up without a user signing in.",
            ),
            (
                "standard_user",
                &self.standard_user,
                "Standard user",
                "Whoever sets the device up does not become its administrator.",
            ),
            (
                "hide_privacy",
                &self.hide_privacy,
                "Hide the privacy page",
                "",
            ),
            (
                "hide_license_terms",
                &self.hide_license_terms,
                "Hide the licence terms",
                "",
            ),
            (
                "hide_change_account",
                &self.hide_change_account,
                "Hide \"change account\"",
                "Enrolment can't be escaped.",
            ),
            (
                "hybrid_join",
                &self.hybrid_join,
                "Hybrid join",
                "Joins the customer's own directory as well.",
            ),
        ]
    }
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
        let (form, errors) = sent.unwrap_or_else(|| (ProfileForm::of(&profile), Vec::new()));
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
