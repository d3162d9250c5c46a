//! The device directory, for the operator: its size, look-up, import, and what is done with
//! devices it does not know.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Query, State};
use registration::access::Action;
use registration::clock::Timestamp;
use registration::directory::UnknownDevicePolicy;
use serde::Deserialize;
use service::devices::smbios_to_text;
use service::directory::{ImportReport, PolicyView};
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::shell::{Flash, PageResult, Shell, done, field_errors, page, page_again};
use crate::portal::upload_form::UploadForm;
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/directory", show)
        .upload("/directory/import", import)
        .post("/directory/policy", set_policy)
}

#[derive(Template)]
#[template(path = "directory.html")]
struct DirectoryPage {
    shell: Shell,
    size: u64,
    query: String,
    found: Vec<Found>,
    policies: PolicyView,
    max_bytes: u64,
    errors: Vec<FieldError>,
}

/// One entry of the directory, as shown.
struct Found {
    manufacturer: String,
    model: String,
    serial: String,
    pkid: String,
    smbios_uuid: String,
    imported_at: Timestamp,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LookUp {
    q: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PolicyForm {
    manufacturer: String,
    policy: String,
}

impl DirectoryPage {
    async fn of(
        app: &App,
        signed: &SignedIn,
        query: String,
        errors: Vec<FieldError>,
    ) -> Result<Self, DeskError> {
        let caller = &signed.caller;
        let entries = app.desk.look_up(caller, &query).await?;
        let found = entries.iter().map(|entry| Found {
            manufacturer: entry.device.manufacturer.to_string(),
            model: entry.device.model.to_string(),
            serial: entry.device.serial.to_string(),
            pkid: entry
                .device
                .pkid
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            smbios_uuid: entry
                .device
                .smbios_uuid
                .map(smbios_to_text)
                .unwrap_or_default(),
            imported_at: entry.imported_at,
        });
        Ok(Self {
            shell: Shell::of(signed),
            size: app.desk.directory_size(caller).await?,
            found: found.collect(),
            policies: app.desk.directory_policies(caller).await?,
            max_bytes: app.desk.limits().upload_bytes,
            query,
            errors,
        })
    }

    /// The manufacturers with a policy of their own: shown name and whether unknown devices are
    /// accepted.
    fn manufacturers(&self) -> Vec<(&str, bool)> {
        let by_name = &self.policies.policies.by_manufacturer;
        self.policies
            .manufacturers
            .iter()
            .filter_map(|(folded, shown)| Some((shown.as_str(), accepts(*by_name.get(folded)?))))
            .collect()
    }
}

fn accepts(policy: UnknownDevicePolicy) -> bool {
    policy == UnknownDevicePolicy::Accept
}

async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<LookUp>,
    signed: SignedIn,
) -> PageResult {
    let shown = DirectoryPage::of(&app, &signed, query.q, Vec::new()).await?;
    page(&app, &signed, &shown)
}

async fn import(State(app): State<Arc<App>>, signed: SignedIn, multipart: Multipart) -> PageResult {
    signed.caller.may(Action::ManageDirectory)?;
    let form = UploadForm::read(&app, &signed, multipart).await?;
    let imported = match form.file {
        Some(file) => {
            app.desk
                .import_directory_as(&signed.caller, &file.name, file.bytes)
                .await
        }
        None => Err(DeskError::field("file", "Choose a list to import.")),
    };
    match imported {
        Ok(report) => Ok(done(&app, "/directory", &of_import(&report))),
        Err(error) => {
            let errors = field_errors(error)?;
            page_again(&DirectoryPage::of(&app, &signed, String::new(), errors).await?)
        }
    }
}

fn of_import(report: &ImportReport) -> Flash {
    let ImportReport {
        rows,
        imported,
        skipped,
    } = report;
    let text = format!(
        "{rows} rows read: {} devices are new to the directory, {} were known, {skipped} rows name \
         no machine by manufacturer, model and serial number and were left out.",
        imported.added, imported.known
    );
    if *skipped == 0 {
        Flash::ok(text)
    } else {
        Flash::note(text)
    }
}

async fn set_policy(
    State(app): State<Arc<App>>,
    Sent { signed, form }: Sent<PolicyForm>,
) -> PageResult {
    let policy = UnknownDevicePolicy::parse(&form.policy);
    let set = if policy.is_none() && form.policy != "remove" {
        signed.caller.may(Action::ManageDirectory)?;
        Err(DeskError::field("policy", "Choose accept or refuse."))
    } else {
        app.desk
            .set_directory_policy(&signed.caller, &form.manufacturer, policy)
            .await
    };
    if let Err(error) = set {
        let errors = field_errors(error)?;
        return page_again(&DirectoryPage::of(&app, &signed, String::new(), errors).await?);
    }
    let flash = Flash::ok("Saved. It holds for every row that is registered from now on.");
    Ok(done(&app, "/directory", &flash))
}
