//! Add devices: group tag, then browse. The answer is a draft with its findings.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect};
use registration::ids::OrganizationId;
use registration::organization::Organization;
use registration::profile::DeviceProfile;
use service::profiles::TagView;
use service::uploads::sample_dialect;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::shell::{Crumb, PageResult, Shell, field_errors, message, page, page_again};
use crate::portal::upload_form::UploadForm;
use crate::routes::Routes;
use crate::session::SignedIn;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/customers/{customer}/add-devices", form)
        .upload("/customers/{customer}/add-devices", browse)
}

#[derive(Template)]
#[template(path = "add_devices.html")]
struct AddDevicesPage {
    shell: Shell,
    trail: Vec<Crumb>,
    lead: String,
    customer: Organization,
    tags: Vec<TagView>,
    chosen: String,
    typed: String,
    max_bytes: u64,
    hint: String,
    sample: &'static str,
    errors: Vec<FieldError>,
}

impl AddDevicesPage {
    async fn of(
        app: &App,
        signed: &SignedIn,
        customer: OrganizationId,
        sent: &UploadForm,
        errors: Vec<FieldError>,
    ) -> Result<Self, DeskError> {
        let customer = app
            .desk
            .customer_to_register_for(&signed.caller, customer)
            .await?;
        let limits = app.desk.limits();
        Ok(Self {
            shell: Shell::of(signed),
            trail: vec![
                Crumb::new("/customers", "Customers"),
                Crumb::new(format!("/customers/{}", customer.id), &customer.name),
                Crumb::new(format!("/customers/{}/devices", customer.id), "Devices"),
            ],
            lead: format!(
                "For {}. Up to {} devices in one list.",
                customer.name, limits.upload_rows
            ),
            customer,
            tags: app.desk.tags().await?,
            chosen: sent.text("group_tag").to_owned(),
            typed: sent.text("group_tag_typed").to_owned(),
            max_bytes: limits.upload_bytes,
            hint: size_hint(limits.upload_bytes),
            sample: sample_dialect(signed.caller.organization.kind).name(),
            errors,
        })
    }

    fn error(&self, field: &str) -> &str {
        message(&self.errors, field)
    }
}

async fn form(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let customer = id(&customer)?;
    let empty = UploadForm::default();
    let add = AddDevicesPage::of(&app, &signed, customer, &empty, Vec::new()).await?;
    page(&app, &signed, &add)
}

async fn browse(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    signed: SignedIn,
    multipart: Multipart,
) -> PageResult {
    let customer = id(&customer)?;
    let mut sent = UploadForm::read(&app, &signed, multipart).await?;
    let typed = sent.text("group_tag_typed");
    let tag = if typed.trim().is_empty() {
        sent.text("group_tag").to_owned()
    } else {
        typed.to_owned()
    };
    let file = sent.file.take().unwrap_or_default();
    match app.desk.browse(&signed.caller, customer, &tag, file).await {
        Ok(draft) => Ok(Redirect::to(&format!("/uploads/{draft}/check")).into_response()),
        Err(error) => {
            let errors = beside_what_was_used(field_errors(error)?, &sent);
            page_again(&AddDevicesPage::of(&app, &signed, customer, &sent, errors).await?)
        }
    }
}

/// What is wrong with the tag is said where it was given: at the choice or at the text field.
fn beside_what_was_used(mut errors: Vec<FieldError>, sent: &UploadForm) -> Vec<FieldError> {
    let typed = !sent.text("group_tag_typed").trim().is_empty();
    for error in &mut errors {
        if typed && error.field == "group_tag" {
            error.field = "group_tag_typed";
        }
    }
    errors
}

/// The limit of a file, as the file field says it.
pub(super) fn size_hint(bytes: u64) -> String {
    let most = bytes / (1024 * 1024);
    format!("A .csv, .txt, .xlsx or .ods file of up to {most} MB.")
}

/// What a tag stands for (registration.md, 5.2).
fn sets_of(view: &TagView) -> String {
    format!(
        "{} Deployment profile: {}.",
        sets(view.tag.device_profile),
        view.profile.name
    )
}

/// What a device profile is for and what it sets (registration.md, 5.2).
pub(super) fn sets(profile: DeviceProfile) -> String {
    let settings = profile.settings();
    let parts = [
        (settings.block_external_storage, "Blocks external storage"),
        (settings.block_public_store, "public store blocked"),
        (settings.disable_personal_onedrive, "no personal OneDrive"),
        (settings.app_locker, "AppLocker on"),
        (settings.admin_on_device, "user is administrator"),
        (
            settings.secure_desktop_for_elevation,
            "elevation on the secure desktop",
        ),
    ];
    let set: Vec<_> = parts
        .into_iter()
        .filter_map(|(on, words)| on.then_some(words))
        .collect();
    let (who, _) = profile
        .purpose()
        .trim_end_matches('.')
        .split_once(':')
        .unwrap_or((profile.purpose().trim_end_matches('.'), ""));
    if set.is_empty() {
        format!("{who}.")
    } else {
        format!("{who}. {}.", set.join(", "))
    }
}
