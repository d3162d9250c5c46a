//! Lists of devices: "Apply profiles to devices" of a customer, and a customer's own.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use registration::access::Action;
use registration::clock::Timestamp;
use registration::device::{Device, DeviceState};
use registration::group_tag;
use registration::ids::{OrganizationId, UploadId};
use registration::organization::Organization;
use registration::upload::{Batch, Upload};
use serde::Deserialize;
use service::customer_profiles::ProfileView;
use service::devices::DeviceQuery;
use service::profiles::TagView;
use service::uploads::sample_dialect;
use service::{Caller, DeskError, DeviceTotals};

use crate::app::App;
use crate::portal::address::optional_id;
use crate::portal::chart::{Chart, profile_of};
use crate::portal::customer::with_pills;
use crate::portal::given::Given;
use crate::portal::pill::Pill;
use crate::portal::place::Place;
use crate::portal::shell::{Crumb, PageResult, Shell, page};
use crate::portal::upload::Shown;
use crate::portal::words::counted;
use crate::routes::Routes;
use crate::session::{SignedIn, percent_encoded};

/// Devices on one page.
const DEVICES: usize = 50;
/// Uploads above them.
const UPLOADS: usize = 5;
/// Rows of own uploads that wait or failed.
const UNREGISTERED: usize = 50;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/customers/{customer}/devices", of_customer)
        .get("/devices", own)
}

#[derive(Template)]
#[template(path = "devices.html")]
struct DevicesPage {
    shell: Shell,
    trail: Vec<Crumb>,
    here: String,
    base: String,
    name: String,
    is_own: bool,
    tags_chart: Chart,
    states_chart: Chart,
    batches: Vec<BatchLine>,
    uploads: Vec<(Upload, Pill)>,
    unregistered: Vec<(UploadId, Pill, Shown)>,
    query: DeviceWords,
    narrowed: bool,
    tags: Vec<TagView>,
    /// Profiles of the customer's own that the person may assign.
    profiles: Vec<ProfileView>,
    /// Group tags that are the customer's own.
    own_tags: Vec<String>,
    parties: Vec<Organization>,
    states: Vec<StateChoice>,
    devices: Vec<DeviceLine>,
    announce: String,
    total: String,
    next: Option<String>,
    may: May,
    sample: &'static str,
}

/// What the page offers.
struct May {
    add: bool,
    change: bool,
    deregister: bool,
}

/// A batch and the profiles its tag names.
struct BatchLine {
    batch: Batch,
    profile: String,
    deployment: String,
}

/// A device as the list shows it.
struct DeviceLine {
    device: Device,
    name: String,
    pill: Pill,
    profile: String,
    given: Given,
    by: String,
}

/// A state to choose.
struct StateChoice {
    word: &'static str,
    title: &'static str,
    chosen: bool,
}

/// What the list is narrowed by, in the words of its address.
#[derive(Deserialize, Default)]
#[serde(default)]
struct DeviceWords {
    q: String,
    batch: String,
    tag: String,
    profile: String,
    state: String,
    by: String,
    before: String,
}

impl DeviceWords {
    fn query(&self) -> Result<DeviceQuery, DeskError> {
        Ok(DeviceQuery {
            search: self.q.clone(),
            batch: optional_id(&self.batch)?,
            group_tag: (!self.tag.is_empty()).then(|| self.tag.clone()),
            given_profile: optional_id(&self.profile)?,
            state: self.state()?,
            registered_by: optional_id(&self.by)?,
            ..DeviceQuery::default()
        })
    }

    fn state(&self) -> Result<Option<DeviceState>, DeskError> {
        if self.state.is_empty() {
            return Ok(None);
        }
        let known = DeviceState::ALL.into_iter();
        let named = known.into_iter().find(|state| word(*state) == self.state);
        named.map(Some).ok_or(DeskError::NotFound)
    }

    fn is_narrowed(&self) -> bool {
        let words = [&self.q, &self.batch, &self.tag, &self.profile];
        let mut words = words.into_iter().chain([&self.state, &self.by]);
        words.any(|word| !word.is_empty())
    }

    fn is_by(&self, party: &Organization) -> bool {
        self.by == party.id.to_string()
    }

    /// The address of the page that begins at `before`.
    fn next(&self, here: &str, before: &str) -> String {
        let words = [
            ("q", &self.q),
            ("batch", &self.batch),
            ("tag", &self.tag),
            ("profile", &self.profile),
            ("state", &self.state),
            ("by", &self.by),
        ];
        let mut address = format!("{here}?before={before}");
        for (name, value) in words {
            if !value.is_empty() {
                address.extend(["&", name, "=", &percent_encoded(value)]);
            }
        }
        address
    }
}

/// The word of a state in addresses.
fn word(state: DeviceState) -> &'static str {
    match state {
        DeviceState::RegistrationPending => "registration_pending",
        DeviceState::RegistrationFailed => "registration_failed",
        DeviceState::ReadyForUser => "ready_for_user",
        DeviceState::Active => "active",
        DeviceState::Inactive => "inactive",
    }
}

fn state_choices(chosen: Option<DeviceState>) -> Vec<StateChoice> {
    let choice = |state| StateChoice {
        word: word(state),
        title: state.title(),
        chosen: chosen == Some(state),
    };
    DeviceState::ALL.into_iter().map(choice).collect()
}

async fn of_customer(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    Query(words): Query<DeviceWords>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::of_customer(&app, &signed, &customer).await?;
    let devices = devices_page(&app, &signed, place, words).await?;
    page(&app, &signed, &devices)
}

async fn own(
    State(app): State<Arc<App>>,
    Query(words): Query<DeviceWords>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::own(&signed)?;
    let devices = devices_page(&app, &signed, place, words).await?;
    page(&app, &signed, &devices)
}

async fn devices_page(
    app: &App,
    signed: &SignedIn,
    place: Place,
    words: DeviceWords,
) -> Result<DevicesPage, DeskError> {
    let (caller, customer, desk) = (&signed.caller, place.customer, &app.desk);
    let state = words.state()?;
    let before = optional_id(&words.before)?;
    let query = words.query()?;
    let found = desk
        .devices(caller, customer, &query, before, DEVICES)
        .await?;
    let totals = desk.device_totals(caller, customer).await?;
    let tags = desk.tags().await?;
    let uploads = desk.uploads(caller, customer, None, UPLOADS).await?;
    let batches = desk.batches(caller, customer).await?;
    let here = place.devices();
    let registrants = desk.registrants(caller, &found.items).await?;
    let ids: Vec<_> = found.items.iter().map(|device| device.id).collect();
    let given = desk.given_profiles(caller, customer, &ids).await?;
    let profiles = assignable(app, caller, &place).await?;
    let tags_chart = Chart::of_tags(&totals);
    Ok(DevicesPage {
        announce: format!("{} shown", counted(found.items.len(), "device")),
        total: counted(tags_chart.total, "device"),
        shell: Shell::of(signed),
        unregistered: unregistered(app, caller, &place, state).await?,
        parties: parties(app, caller, &place).await?,
        own_tags: own_tags(&totals),
        tags_chart,
        states_chart: Chart::of_states(&totals),
        batches: batches
            .into_iter()
            .map(|batch| batch_line(batch, &tags))
            .collect(),
        uploads: with_pills(uploads.items),
        narrowed: words.is_narrowed(),
        next: found.next.map(|mark| words.next(&here, &mark.to_string())),
        devices: found
            .items
            .into_iter()
            .map(|device| {
                let given = Given::of(given.get(&device.id), place.own);
                device_line(device, given, &registrants, desk.now())
            })
            .collect(),
        states: state_choices(state),
        may: May {
            add: caller.can(adding(&place)),
            change: caller.can(Action::ChangeGroupTag),
            deregister: caller.can(Action::Deregister),
        },
        sample: sample_dialect(caller.organization.kind).name(),
        trail: place.trail,
        name: place.name,
        is_own: place.own,
        base: place.base,
        query: words,
        profiles,
        tags,
        here,
    })
}

fn adding(place: &Place) -> Action {
    if place.own {
        Action::RegisterOwnDevices
    } else {
        Action::AddDevices
    }
}

/// Rows of the customer's own uploads that wait or failed, in the states that devices have then.
async fn unregistered(
    app: &App,
    caller: &Caller,
    place: &Place,
    state: Option<DeviceState>,
) -> Result<Vec<(UploadId, Pill, Shown)>, DeskError> {
    if !place.own {
        return Ok(Vec::new());
    }
    let rows = app.desk.unregistered_rows(caller, UNREGISTERED).await?;
    let rows = rows.into_iter().map(|(upload, row)| {
        let is = match row.result {
            Some(_) => DeviceState::RegistrationFailed,
            None => DeviceState::RegistrationPending,
        };
        (upload, is, Shown::of(&row, "", "/devices"))
    });
    Ok(rows
        .filter(|(_, is, _)| state.is_none_or(|wanted| wanted == *is))
        .map(|(upload, is, row)| (upload, Pill::of_device(is), row))
        .collect())
}

/// The profiles of the customer's own, if the person may assign them.
pub(super) async fn assignable(
    app: &App,
    caller: &Caller,
    place: &Place,
) -> Result<Vec<ProfileView>, DeskError> {
    if !place.own || !caller.can(Action::ManageOwnProfiles) {
        return Ok(Vec::new());
    }
    app.desk.customer_profiles(caller).await
}

/// Who may have registered devices of the customer, for the filter: itself and its partners.
async fn parties(
    app: &App,
    caller: &Caller,
    place: &Place,
) -> Result<Vec<Organization>, DeskError> {
    if !place.own {
        return Ok(Vec::new());
    }
    let mut parties = vec![caller.organization.clone()];
    for view in app.desk.partners_and_oems(caller, "").await? {
        if parties.iter().all(|known| known.id != view.party.id) {
            parties.push(view.party);
        }
    }
    Ok(parties)
}

fn batch_line(batch: Batch, tags: &[TagView]) -> BatchLine {
    BatchLine {
        profile: profile_of(&batch.group_tag),
        deployment: deployment_of(tags, &batch.group_tag),
        batch,
    }
}

fn device_line(
    device: Device,
    given: Given,
    registrants: &[Organization],
    now: Timestamp,
) -> DeviceLine {
    DeviceLine {
        name: name_of(&device),
        pill: Pill::of_device(device.state(now)),
        profile: profile_of(&device.group_tag),
        given,
        by: organization_name(registrants, device.registered_by),
        device,
    }
}

/// The tags of these devices that are not of the catalogue.
fn own_tags(totals: &DeviceTotals) -> Vec<String> {
    let tags = totals.by_tag.iter().map(|(tag, _)| tag);
    tags.filter(|tag| !tag.is_empty() && group_tag::parse(tag).is_err())
        .cloned()
        .collect()
}

/// The deployment profile that a tag names now.
fn deployment_of(tags: &[TagView], tag: &str) -> String {
    tags.iter()
        .find(|view| view.tag.tag == tag)
        .map_or_else(|| "None".to_owned(), |view| view.profile.name.clone())
}

/// The name of an organization; a dash where it may not be known.
pub(super) fn organization_name(known: &[Organization], id: OrganizationId) -> String {
    known
        .iter()
        .find(|organization| organization.id == id)
        .map_or_else(|| "–".to_owned(), |organization| organization.name.clone())
}

/// What people call a device: its serial number, or its PKID, or its id.
pub(super) fn name_of(device: &Device) -> String {
    match (&device.serial, &device.pkid) {
        (Some(serial), _) => serial.clone(),
        (None, Some(pkid)) => format!("PKID {pkid}"),
        (None, None) => device.id.to_string(),
    }
}
