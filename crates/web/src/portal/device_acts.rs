//! What is done with several devices at once, and deregistering: asked once more before it is done.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use registration::access::Action;
use registration::device::Device;
use registration::ids::DeviceId;
use serde::Deserialize;
use service::DeskError;

use crate::app::App;
use crate::portal::address::id;
use crate::portal::devices::name_of;
use crate::portal::place::Place;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, page};
use crate::portal::words::counted;
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

/// Devices in one form at most.
const MOST: usize = 500;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post("/customers/{customer}/devices", several_of_customer)
        .post("/devices", several_own)
        .get(
            "/customers/{customer}/devices/{device}/deregister",
            ask_of_customer,
        )
        .post(
            "/customers/{customer}/devices/{device}/deregister",
            deregister_of_customer,
        )
        .get("/devices/{device}/deregister", ask_own)
        .post("/devices/{device}/deregister", deregister_own)
}

#[derive(Template)]
#[template(path = "deregister.html")]
struct DeregisterPage {
    shell: Shell,
    trail: Vec<Crumb>,
    title: String,
    action: String,
    back: String,
    several: bool,
    is_own: bool,
    customer: String,
    devices: Vec<(Device, String)>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Several {
    action: String,
    devices: Vec<String>,
    group_tag: String,
    profile: String,
    confirm: String,
}

async fn several_of_customer(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    Sent { signed, form }: Sent<Several>,
) -> PageResult {
    let place = Place::of_customer(&app, &signed, &customer).await?;
    several(&app, &signed, &place, &form).await
}

async fn several_own(
    State(app): State<Arc<App>>,
    Sent { signed, form }: Sent<Several>,
) -> PageResult {
    let place = Place::own(&signed)?;
    several(&app, &signed, &place, &form).await
}

async fn several(app: &Arc<App>, signed: &SignedIn, place: &Place, form: &Several) -> PageResult {
    let action = match form.action.as_str() {
        "group_tag" => Action::ChangeGroupTag,
        "profile" if place.own => Action::ManageOwnProfiles,
        "deregister" => Action::Deregister,
        _ => return Err(DeskError::field("action", "Choose what to do.").into()),
    };
    signed.caller.may(action)?;
    if form.devices.is_empty() {
        let flash = Flash::note("Tick the devices first, then choose what to do with them.");
        return Ok(done(app, &place.devices(), &flash));
    }
    if form.devices.len() > MOST {
        let (limit, unit) = (MOST as u64, "devices");
        return Err(DeskError::TooLarge { limit, unit }.into());
    }
    let devices: Vec<DeviceId> = form
        .devices
        .iter()
        .map(|device| id(device))
        .collect::<Result<_, _>>()?;
    let (caller, customer) = (&signed.caller, place.customer);
    if action == Action::ChangeGroupTag {
        let tag = &form.group_tag;
        let changed = app
            .desk
            .change_group_tag(caller, customer, &devices, tag)
            .await?;
        let flash = Flash::ok(format!(
            "Group tag changed to {tag} for {}.",
            counted(changed, "device")
        ));
        return Ok(done(app, &place.devices(), &flash));
    }
    if action == Action::ManageOwnProfiles {
        let profile = id(&form.profile)?;
        app.desk.give_own_profile(caller, profile, &devices).await?;
        let flash = Flash::ok(format!(
            "Assigned to {}: they get the profile when they next ask.",
            counted(devices.len(), "device")
        ));
        return Ok(done(app, &place.devices(), &flash));
    }
    if form.confirm != "yes" {
        return ask(app, signed, place, &devices, true).await;
    }
    deregister(app, signed, place, &devices).await
}

async fn ask(
    app: &Arc<App>,
    signed: &SignedIn,
    place: &Place,
    ids: &[DeviceId],
    several: bool,
) -> PageResult {
    signed.caller.may(Action::Deregister)?;
    let mut devices = Vec::with_capacity(ids.len());
    for id in ids {
        let device = app.desk.device(&signed.caller, place.customer, *id).await?;
        let name = name_of(&device);
        devices.push((device, name));
    }
    let back = place.devices();
    let title = match devices.as_slice() {
        [(_, name)] => format!("Deregister {name}?"),
        _ => format!("Deregister {}?", counted(devices.len(), "device")),
    };
    let shown = DeregisterPage {
        shell: Shell::of(signed),
        trail: place.trail_to_devices(),
        title,
        action: match ids {
            [only] if !several => format!("{back}/{only}/deregister"),
            _ => back.clone(),
        },
        back,
        several,
        is_own: place.own,
        customer: place.name.clone(),
        devices,
    };
    page(app, signed, &shown)
}

async fn deregister(
    app: &Arc<App>,
    signed: &SignedIn,
    place: &Place,
    devices: &[DeviceId],
) -> PageResult {
    let released = app
        .desk
        .deregister(&signed.caller, place.customer, devices)
        .await?;
    let flash = Flash::ok(format!("{} deregistered.", counted(released, "device")));
    Ok(done(app, &place.devices(), &flash))
}

async fn ask_of_customer(
    State(app): State<Arc<App>>,
    Path((customer, device)): Path<(String, String)>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::of_customer(&app, &signed, &customer).await?;
    ask(&app, &signed, &place, &[id(&device)?], false).await
}

async fn ask_own(
    State(app): State<Arc<App>>,
    Path(device): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::own(&signed)?;
    ask(&app, &signed, &place, &[id(&device)?], false).await
}

async fn deregister_of_customer(
    State(app): State<Arc<App>>,
    Path((customer, device)): Path<(String, String)>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let place = Place::of_customer(&app, &signed, &customer).await?;
    deregister(&app, &signed, &place, &[id(&device)?]).await
}

async fn deregister_own(
    State(app): State<Arc<App>>,
    Path(device): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let place = Place::own(&signed)?;
    deregister(&app, &signed, &place, &[id(&device)?]).await
}
