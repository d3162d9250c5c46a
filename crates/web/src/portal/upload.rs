//! An upload: its progress while it runs, then what became of every row.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use device_list::Code;
use registration::ids::UploadId;
use registration::organization::OrganizationKind;
use registration::plan::Outcome;
use registration::upload::{RowVerdict, UploadRow, UploadRowResult};
use serde::Deserialize;
use service::uploads::{Explanation, UploadView, explain};
use service::{Caller, DeskError, RowFilter};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::chart::{Chart, profile_of};
use crate::portal::check::named;
use crate::portal::list_file::download;
use crate::portal::pill::Pill;
use crate::portal::shell::{Crumb, PageResult, Shell, page, rendered};
use crate::routes::Routes;
use crate::session::SignedIn;

/// Rows on one page.
const ROWS: usize = 200;
/// Failed rows that are shown above all others.
const FAILED_FIRST: usize = 50;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/uploads/{id}", show)
        .get("/uploads/{id}/failed.csv", failed)
}

/// The part that is fetched again while the upload runs.
#[derive(Template)]
#[template(path = "upload_progress.html")]
struct Progress<'a> {
    view: &'a UploadView,
    chart: &'a Chart,
}

#[derive(Template)]
#[template(path = "upload.html")]
struct UploadPage {
    shell: Shell,
    trail: Vec<Crumb>,
    title: String,
    view: UploadView,
    pill: Pill,
    chart: Chart,
    failed: u64,
    device_profile: String,
    own: bool,
    devices: String,
    may_take_failed: bool,
    worst: Vec<Shown>,
    rows: Vec<Shown>,
    rows_title: String,
    filters: Vec<Filter>,
    next: Option<String>,
}

/// A link that narrows the rows.
struct Filter {
    word: &'static str,
    title: &'static str,
    count: u64,
    current: bool,
}

/// A row as it is shown.
pub(super) struct Shown {
    /// Its line in the file.
    pub line: u64,
    /// What people call it.
    pub named: String,
    /// Its outcome, or that it waits.
    pub pill: Option<Pill>,
    /// What is wrong and what to do, where something is.
    pub said: Option<Explanation>,
    /// The code of the finding that says so, where one does.
    pub finding: Option<Code>,
    /// The device's page.
    pub device: Option<String>,
}

impl Shown {
    /// A row of an upload with this group tag; devices have their pages below `devices`.
    pub(super) fn of(row: &UploadRowResult, tag: &str, devices: &str) -> Self {
        let result = row.result.as_ref();
        let UploadRow { serial, pkid, .. } = &row.row;
        let device = result.and_then(|result| result.device_id);
        // A hash is dropped from the row once the device holds it.
        let has_hash = !row.row.hash.is_empty() || device.is_some();
        Self {
            line: row.row.line,
            named: named(serial, pkid, has_hash),
            pill: result.map(|result| Pill::of_outcome(result.outcome)),
            said: said(row, tag),
            finding: finding(row),
            device: device.map(|device| format!("{devices}/{device}")),
        }
    }
}

/// What there is to say about a row: nothing where all went well. A finding says what it is about.
fn said(row: &UploadRowResult, tag: &str) -> Option<Explanation> {
    let result = row.result.as_ref()?;
    if result.outcome == Outcome::Registered && !result.unverified {
        return None;
    }
    let said = explain(row, tag)?;
    Some(match finding(row) {
        Some(code) => Explanation {
            cause: format!("{}. {}", code.title(), said.cause),
            ..said
        },
        None => said,
    })
}

/// The code of the finding that makes a row invalid.
fn finding(row: &UploadRowResult) -> Option<Code> {
    match &row.row.verdict {
        RowVerdict::Invalid { code, .. } => Code::from_text(code),
        RowVerdict::Ready | RowVerdict::Duplicate { .. } => None,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Narrowed {
    show: String,
    after: u64,
}

impl Narrowed {
    fn filter(&self) -> Result<RowFilter, DeskError> {
        match self.show.as_str() {
            "" | "all" => Ok(RowFilter::All),
            "failed" => Ok(RowFilter::Failed),
            word => Outcome::ALL
                .into_iter()
                .find(|outcome| outcome.as_str() == word)
                .map(RowFilter::Outcome)
                .ok_or(DeskError::NotFound),
        }
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Query(narrowed): Query<Narrowed>,
    headers: HeaderMap,
    signed: SignedIn,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let view = match app.desk.upload(&signed.caller, upload).await {
        // Not saved yet: its findings are elsewhere.
        Err(DeskError::NotFound) => {
            app.desk.draft(&signed.caller, upload).await?;
            return Ok(Redirect::to(&format!("/uploads/{upload}/check")).into_response());
        }
        answer => answer?,
    };
    if headers.contains_key("x-fragment") {
        let chart = Chart::of_outcomes(&view.upload.counts);
        let (view, chart) = (&view, &chart);
        return rendered(StatusCode::OK, &Progress { view, chart });
    }
    let shown = upload_page(&app, &signed, view, &narrowed).await?;
    page(&app, &signed, &shown)
}

async fn upload_page(
    app: &App,
    signed: &SignedIn,
    view: UploadView,
    narrowed: &Narrowed,
) -> Result<UploadPage, DeskError> {
    let (caller, upload) = (&signed.caller, &view.upload);
    let filter = narrowed.filter()?;
    let devices = devices_of(caller, &view);
    let rows = app
        .desk
        .upload_rows(caller, upload.id, filter, narrowed.after, ROWS + 1)
        .await?;
    let next = (rows.len() > ROWS).then(|| {
        let last = rows[ROWS - 1].row.number;
        format!(
            "/uploads/{}?show={}&after={last}#rows",
            upload.id, narrowed.show
        )
    });
    let failed = upload.counts.failed();
    let first_page = filter == RowFilter::All && narrowed.after == 0;
    let worst = if upload.status.is_final() && failed > 0 && first_page {
        app.desk
            .upload_rows(caller, upload.id, RowFilter::Failed, 0, FAILED_FIRST)
            .await?
    } else {
        Vec::new()
    };
    let shown = |row: &UploadRowResult| Shown::of(row, &upload.group_tag, &devices);
    Ok(UploadPage {
        shell: Shell::of(signed).under(section(caller)),
        trail: trail(caller, &view),
        title: title(&view),
        pill: Pill::of_upload(upload.status),
        chart: Chart::of_outcomes(&upload.counts),
        failed,
        device_profile: profile_of(&upload.group_tag),
        own: upload.party_id == upload.customer_id,
        may_take_failed: failed > 0 && upload.status.is_final(),
        worst: worst.iter().map(shown).collect(),
        rows: rows.iter().take(ROWS).map(shown).collect(),
        rows_title: rows_title(filter),
        filters: filters(&view, filter),
        next,
        devices,
        view,
    })
}

/// The item of the navigation that uploads are under.
fn section(caller: &Caller) -> &'static str {
    if caller.organization.kind == OrganizationKind::Customer {
        "/devices"
    } else {
        "/customers"
    }
}

fn devices_of(caller: &Caller, view: &UploadView) -> String {
    if caller.organization.kind == OrganizationKind::Customer {
        "/devices".to_owned()
    } else {
        format!("/customers/{}/devices", view.customer.id)
    }
}

fn trail(caller: &Caller, view: &UploadView) -> Vec<Crumb> {
    let devices = Crumb::new(devices_of(caller, view), "Devices");
    if caller.organization.kind == OrganizationKind::Customer {
        return vec![devices];
    }
    let customer = format!("/customers/{}", view.customer.id);
    vec![
        Crumb::new("/customers", "Customers"),
        Crumb::new(customer, &view.customer.name),
        devices,
    ]
}

fn title(view: &UploadView) -> String {
    let upload = &view.upload;
    if upload.status.is_final() {
        let (done, all) = (upload.counts.of(Outcome::Registered), upload.row_count);
        format!("{done} of {all} devices registered")
    } else {
        "Registering devices".to_owned()
    }
}

fn rows_title(filter: RowFilter) -> String {
    match filter {
        RowFilter::All => "Every row".to_owned(),
        RowFilter::Failed => "Failed rows".to_owned(),
        RowFilter::Outcome(outcome) => format!("Rows: {}", outcome.title().to_lowercase()),
    }
}

fn filters(view: &UploadView, filter: RowFilter) -> Vec<Filter> {
    let counts = &view.upload.counts;
    let mut filters = vec![Filter {
        word: "all",
        title: "All",
        count: view.upload.row_count,
        current: filter == RowFilter::All,
    }];
    if counts.failed() > 0 {
        filters.push(Filter {
            word: "failed",
            title: "Failed",
            count: counts.failed(),
            current: filter == RowFilter::Failed,
        });
    }
    let present = Outcome::ALL.into_iter().filter(|o| counts.of(*o) > 0);
    filters.extend(present.map(|outcome| Filter {
        word: outcome.as_str(),
        title: outcome.title(),
        count: counts.of(outcome),
        current: filter == RowFilter::Outcome(outcome),
    }));
    filters
}

async fn failed(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let upload = id(&upload)?;
    Ok(download(
        app.desk.failed_rows(&signed.caller, upload).await?,
    ))
}
