//! A customer registers its own devices: one device profile for the whole list, hashes only
//! (registration.md, 5.3).

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Redirect};
use registration::access::Action;
use registration::profile::DeviceProfile;
use service::uploads::sample_dialect;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::add_devices::{sets, size_hint};
use crate::portal::shell::{Crumb, PageResult, Shell, field_errors, message, page, page_again};
use crate::portal::upload_form::UploadForm;
use crate::routes::Routes;
use crate::session::SignedIn;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/devices/register", form)
        .upload("/devices/register", browse)
}

#[derive(Template)]
#[template(path = "register_own.html")]
struct RegisterPage {
    shell: Shell,
    trail: Vec<Crumb>,
    lead: String,
    profiles: [(DeviceProfile, String); 4],
    chosen: String,
    shared: bool,
    max_bytes: u64,
    hint: String,
    sample: &'static str,
    errors: Vec<FieldError>,
}

impl RegisterPage {
    fn of(app: &App, signed: &SignedIn, sent: &UploadForm, errors: Vec<FieldError>) -> Self {
        let limits = app.desk.limits();
        Self {
            shell: Shell::of(signed),
            trail: vec![Crumb::new("/devices", "Devices")],
            lead: format!(
                "For devices that no partner or OEM registers for you. Up to {} in one list.",
                limits.upload_rows
            ),
            profiles: DeviceProfile::ALL.map(|profile| (profile, sets(profile))),
            chosen: sent.text("device_profile").to_owned(),
            shared: sent.text("shared") == "yes",
            max_bytes: limits.upload_bytes,
            hint: size_hint(limits.upload_bytes),
            sample: sample_dialect(signed.caller.organization.kind).name(),
            errors,
        }
    }

    fn error(&self, field: &str) -> &str {
        message(&self.errors, field)
    }
}

async fn form(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    signed.caller.may(Action::RegisterOwnDevices)?;
    let register = RegisterPage::of(&app, &signed, &UploadForm::default(), Vec::new());
    page(&app, &signed, &register)
}

async fn browse(State(app): State<Arc<App>>, signed: SignedIn, multipart: Multipart) -> PageResult {
    signed.caller.may(Action::RegisterOwnDevices)?;
    let mut sent = UploadForm::read(&app, &signed, multipart).await?;
    let file = sent.file.take().unwrap_or_default();
    let shared = sent.text("shared") == "yes";
    let browsed = match DeviceProfile::parse(sent.text("device_profile")) {
        Some(profile) => {
            let desk = &app.desk;
            desk.browse_own(&signed.caller, profile, shared, file).await
        }
        None => Err(DeskError::field(
            "device_profile",
            "Choose a device profile: all devices of the list get it.",
        )),
    };
    match browsed {
        Ok(draft) => Ok(Redirect::to(&format!("/uploads/{draft}/check")).into_response()),
        Err(error) => page_again(&RegisterPage::of(
            &app,
            &signed,
            &sent,
            field_errors(error)?,
        )),
    }
}
