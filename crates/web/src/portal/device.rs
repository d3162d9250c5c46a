//! One device: what it is, whose, which profile; and what can be done with it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use registration::access::Action;
use registration::audit::AuditLine;
use registration::device::Device;
use registration::group_tag;
use registration::ids::DeviceId;
use serde::Deserialize;
use service::DeskError;
use service::customer_profiles::ProfileView;
use service::devices::smbios_to_text;
use service::profiles::TagView;

use crate::app::App;
use crate::portal::address::id;
use crate::portal::chart::profile_of;
use crate::portal::devices::{assignable, name_of, organization_name};
use crate::portal::given::Given;
use crate::portal::pill::Pill;
use crate::portal::place::Place;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, page};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

/// Lines of the audit log on the device's page.
const LINES: usize = 20;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/customers/{customer}/devices/{device}", of_customer)
        .get("/devices/{device}", own)
        .post(
            "/customers/{customer}/devices/{device}/group-tag",
            tag_of_customer,
        )
        .post("/devices/{device}/group-tag", tag_own)
}

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage {
    shell: Shell,
    trail: Vec<Crumb>,
    here: String,
    title: String,
    lead: String,
    device: Device,
    uuid: Option<String>,
    pill: Pill,
    profile: String,
    given: Given,
    /// Profiles of the customer's own that the person may assign to it.
    profiles: Vec<ProfileView>,
    customer: String,
    by: String,
    batch: Option<String>,
    /// Whether it came with an upload that has a page: those of an OEM's operation have none.
    came_with_upload: bool,
    tags: Vec<TagView>,
    noted: Vec<(&'static str, String)>,
    lines: Vec<AuditLine>,
    may_change: bool,
    may_deregister: bool,
}

impl DevicePage {
    /// Whether this profile is assigned to it itself.
    fn is_given(&self, profile: &ProfileView) -> bool {
        self.given.to_take_back == Some(profile.id)
    }

    /// Whether its group tag is one of the catalogue.
    fn has_known_tag(&self) -> bool {
        group_tag::parse(&self.device.group_tag).is_ok()
    }
}

#[derive(Deserialize)]
struct NewTag {
    #[serde(default)]
    group_tag: String,
}

async fn of_customer(
    State(app): State<Arc<App>>,
    Path((customer, device)): Path<(String, String)>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::of_customer(&app, &signed, &customer).await?;
    show(&app, &signed, &place, id(&device)?).await
}

async fn own(
    State(app): State<Arc<App>>,
    Path(device): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::own(&signed)?;
    show(&app, &signed, &place, id(&device)?).await
}

async fn show(app: &Arc<App>, signed: &SignedIn, place: &Place, id: DeviceId) -> PageResult {
    let (caller, desk) = (&signed.caller, &app.desk);
    let device = desk.device(caller, place.customer, id).await?;
    let registrants = desk
        .registrants(caller, std::slice::from_ref(&device))
        .await?;
    let batches = desk.batches(caller, place.customer).await?;
    let log = desk.activity(caller, None, Some(id.0), None, LINES).await?;
    let tags = desk.tags().await?;
    let came_with_upload = match desk.upload(caller, device.upload_id).await {
        Ok(_) => true,
        Err(DeskError::NotFound) => false,
        Err(error) => return Err(error.into()),
    };
    let noted = noted(app, signed, place, &device).await?;
    let given = desk.given_profiles(caller, place.customer, &[id]).await?;
    let shown = DevicePage {
        noted,
        shell: Shell::of(signed),
        trail: place.trail_to_devices(),
        here: format!("{}/{id}", place.devices()),
        title: name_of(&device),
        lead: lead(&device),
        uuid: device.smbios_uuid.map(smbios_to_text),
        pill: Pill::of_device(device.state(desk.now())),
        profile: profile_of(&device.group_tag),
        given: Given::of(given.get(&id), place.own),
        profiles: assignable(app, caller, place).await?,
        customer: place.name.clone(),
        by: organization_name(&registrants, device.registered_by),
        batch: batches
            .into_iter()
            .find(|batch| batch.id == device.batch_id)
            .map(|batch| batch.name),
        came_with_upload,
        tags,
        lines: log.items,
        may_change: caller.can(Action::ChangeGroupTag),
        may_deregister: caller.can(Action::Deregister),
        device,
    };
    page(app, signed, &shown)
}

/// What the customer noted about its device, for itself alone: each with its name.
async fn noted(
    app: &App,
    signed: &SignedIn,
    place: &Place,
    device: &Device,
) -> Result<Vec<(&'static str, String)>, DeskError> {
    if !place.own {
        return Ok(Vec::new());
    }
    let devices = std::slice::from_ref(device);
    let mut known = app.desk.properties(&signed.caller, devices).await?;
    let known = known.remove(&device.id).unwrap_or_default();
    let all = [
        ("User", known.user_principal_name),
        ("Greeted as", known.addressable_user_name),
        ("Display name", known.display_name),
        ("Friendly name", known.friendly_name),
        ("Purchase order", known.purchase_order),
        ("Resource", known.resource_name),
        ("Resource account", known.account_upn),
    ];
    let said = all.into_iter().filter(|(_, text)| !text.is_empty());
    Ok(said.collect())
}

fn lead(device: &Device) -> String {
    let known = [&device.manufacturer, &device.model];
    let known: Vec<_> = known.into_iter().flatten().map(String::as_str).collect();
    known.join(" ")
}

async fn tag_of_customer(
    State(app): State<Arc<App>>,
    Path((customer, device)): Path<(String, String)>,
    sent: Sent<NewTag>,
) -> PageResult {
    let place = Place::of_customer(&app, &sent.signed, &customer).await?;
    change_tag(&app, &sent, &place, id(&device)?).await
}

async fn tag_own(
    State(app): State<Arc<App>>,
    Path(device): Path<String>,
    sent: Sent<NewTag>,
) -> PageResult {
    let place = Place::own(&sent.signed)?;
    change_tag(&app, &sent, &place, id(&device)?).await
}

async fn change_tag(
    app: &Arc<App>,
    sent: &Sent<NewTag>,
    place: &Place,
    device: DeviceId,
) -> PageResult {
    let (caller, tag) = (&sent.signed.caller, &sent.form.group_tag);
    app.desk
        .change_group_tag(caller, place.customer, &[device], tag)
        .await?;
    let flash = Flash::ok(format!(
        "The group tag is {tag} now: the device gets its profile when it next asks."
    ));
    Ok(done(app, &format!("{}/{device}", place.devices()), &flash))
}
