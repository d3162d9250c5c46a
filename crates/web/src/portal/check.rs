//! A draft: findings row by row, what would become of each row, the repaired list; then Save.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use device_list::repair::Change;
use device_list::{Code, Column, Finding, Severity};
use registration::ids::UploadId;
use registration::plan::Outcome;
use registration::upload::RowResult;
use serde::Deserialize;
use service::register::DraftView;
use service::{DeskError, Saved};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::chart::{Chart, profile_of};
use crate::portal::list_file::download;
use crate::portal::pill::Pill;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, page};
use crate::portal::words::counted;
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

/// Findings, or rows of the plan, on one page.
const PIECE: usize = 200;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/uploads/{id}/check", show)
        .get("/uploads/{id}/repaired.csv", repaired)
        .post("/uploads/{id}/use-repaired", use_repaired)
        .post("/uploads/{id}/save", save)
        .post("/uploads/{id}/drop", drop_it)
}

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    shell: Shell,
    trail: Vec<Crumb>,
    title: String,
    lead: String,
    draft: DraftView,
    own: bool,
    device_profile: String,
    found: usize,
    tallies: Vec<Pill>,
    findings: Vec<Shown>,
    more_findings: Option<String>,
    chart: Chart,
    rows: Vec<Planned>,
    more_rows: Option<String>,
    registered: u64,
    left_out: usize,
}

/// A finding and what the repair does about it.
struct Shown {
    finding: Finding,
    change: Option<Change>,
}

impl Shown {
    fn place(&self) -> String {
        match (self.finding.line, self.finding.column) {
            (0, _) => "Whole file".to_owned(),
            (line, 0) => format!("Line {line}"),
            (line, column) => format!("Line {line}, column {column}"),
        }
    }

    fn field(&self) -> &'static str {
        self.finding.field.map_or("", Column::name)
    }
}

/// A row and what would become of it.
struct Planned {
    line: u64,
    named: String,
    result: RowResult,
    pill: Pill,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Pieces {
    findings: usize,
    rows: usize,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Query(at): Query<Pieces>,
    signed: SignedIn,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    match app.desk.draft(&signed.caller, upload).await {
        Ok(draft) => page(&app, &signed, &check_page(&app, &signed, draft, &at)),
        // Saved by now: its result is elsewhere.
        Err(DeskError::NotFound) => {
            app.desk.upload(&signed.caller, upload).await?;
            Ok(Redirect::to(&format!("/uploads/{upload}")).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn check_page(app: &App, signed: &SignedIn, draft: DraftView, at: &Pieces) -> CheckPage {
    let own = draft.upload.party_id == draft.upload.customer_id;
    let here = format!("/uploads/{}/check", draft.upload.id);
    let shown = findings(app, &draft);
    let more = |begin: usize, total: usize, name: &str, other: &str| {
        let next = begin.saturating_add(PIECE);
        (next < total).then(|| format!("{here}?{name}={next}{other}#{name}"))
    };
    let findings_at = format!("&findings={}", at.findings);
    let rows_at = format!("&rows={}", at.rows);
    CheckPage {
        shell: Shell::of(signed).under(if own { "/devices" } else { "/customers" }),
        trail: trail(&draft, own),
        title: format!("Findings in {}", draft.upload.file_name),
        lead: lead(&draft),
        own,
        device_profile: profile_of(&draft.upload.group_tag),
        found: shown.len(),
        tallies: tallies(&shown),
        more_findings: more(at.findings, shown.len(), "findings", &rows_at),
        findings: shown.into_iter().skip(at.findings).take(PIECE).collect(),
        chart: Chart::of_outcomes(&draft.counts),
        more_rows: more(at.rows, draft.plan.len(), "rows", &findings_at),
        rows: planned(&draft, at.rows),
        registered: draft.counts.of(Outcome::Registered),
        left_out: draft.repaired.left_out.len(),
        draft,
    }
}

/// How many findings of each severity.
fn tallies(shown: &[Shown]) -> Vec<Pill> {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let tally = |severity| {
        let same = |shown: &&Shown| shown.finding.severity == severity;
        let count = shown.iter().filter(same).count();
        (count > 0).then(|| Pill::of_severity(severity, count))
    };
    severities.into_iter().filter_map(tally).collect()
}

/// The way back to where the list was chosen.
fn trail(draft: &DraftView, own: bool) -> Vec<Crumb> {
    if own {
        return vec![
            Crumb::new("/devices", "Devices"),
            Crumb::new("/devices/register", "Register devices"),
        ];
    }
    let customer = format!("/customers/{}", draft.customer.id);
    vec![
        Crumb::new("/customers", "Customers"),
        Crumb::new(&customer, &draft.customer.name),
        Crumb::new(format!("{customer}/devices"), "Devices"),
        Crumb::new(format!("{customer}/add-devices"), "Add devices"),
    ]
}

fn lead(draft: &DraftView) -> String {
    let rows = draft.list.rows.len();
    if !draft.can_save {
        let rows = counted(rows, "row");
        return format!("{rows} read. This list can't be registered as it is.");
    }
    let registered = draft.counts.of(Outcome::Registered);
    let failed = match draft.counts.failed() {
        0 => "none".to_owned(),
        failed => failed.to_string(),
    };
    let rows = counted(rows, "row");
    format!("{rows} read: {registered} would be registered, {failed} would fail.")
}

/// The findings, each with the change that mends it. A list over the limit has one finding to
/// show: everything else can wait until it is split.
fn findings(app: &App, draft: &DraftView) -> Vec<Shown> {
    let over = draft.list.rows.len() as u64 > app.desk.limits().upload_rows;
    let mut changes: HashMap<(u64, Code, Option<Column>), &Change> = HashMap::new();
    for change in &draft.repaired.changes {
        changes.insert((change.line, change.code, change.field), change);
    }
    draft
        .list
        .findings
        .iter()
        .filter(|finding| !over || finding.code == Code::ROW_LIMIT)
        .map(|finding| Shown {
            change: changes
                .get(&(finding.line, finding.code, finding.field))
                .map(|change| (*change).clone()),
            finding: finding.clone(),
        })
        .collect()
}

fn planned(draft: &DraftView, from: usize) -> Vec<Planned> {
    draft
        .list
        .rows
        .iter()
        .zip(&draft.plan)
        .skip(from)
        .take(PIECE)
        .map(|(row, result)| Planned {
            line: row.line,
            named: named(
                row.value(Column::Serial),
                row.value(Column::Pkid),
                !row.value(Column::Hash).is_empty(),
            ),
            result: result.clone(),
            pill: Pill::of_outcome(result.outcome),
        })
        .collect()
}

/// What people call a row: its serial number, or its PKID, or what else there is.
pub(super) fn named(serial: &str, pkid: &str, has_hash: bool) -> String {
    if !serial.is_empty() {
        serial.to_owned()
    } else if !pkid.is_empty() {
        format!("PKID {pkid}")
    } else if has_hash {
        "Hardware hash alone".to_owned()
    } else {
        "No identifier".to_owned()
    }
}

async fn repaired(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let upload = id(&upload)?;
    Ok(download(
        app.desk.repaired_list(&signed.caller, upload).await?,
    ))
}

async fn use_repaired(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    app.desk.use_repaired_list(&signed.caller, upload).await?;
    let flash = Flash::ok("The repaired list is in place. Save it to register its devices.");
    Ok(done(&app, &format!("/uploads/{upload}/check"), &flash))
}

async fn save(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let to = format!("/uploads/{upload}");
    Ok(match app.desk.save(&signed.caller, upload).await? {
        Saved::Now(_) => Redirect::to(&to).into_response(),
        Saved::Before(_) => {
            let flash = Flash::note("This list was saved before: nothing was done twice.");
            done(&app, &to, &flash)
        }
    })
}

async fn drop_it(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let upload = id(&upload)?;
    let customer = app.desk.draft(&signed.caller, upload).await;
    app.desk.drop_draft(&signed.caller, upload).await?;
    let flash = Flash::ok("The list is dropped. Nothing was registered.");
    Ok(back(&app, customer.ok(), &flash))
}

/// Back to the devices, or to choosing another file where this one could not be saved.
fn back(app: &Arc<App>, draft: Option<DraftView>, flash: &Flash) -> Response {
    let Some(draft) = draft else {
        return done(app, "/", flash);
    };
    let own = draft.upload.party_id == draft.upload.customer_id;
    let customer = draft.customer.id;
    let to = match (own, draft.can_save) {
        (true, true) => "/devices".to_owned(),
        (true, false) => "/devices/register".to_owned(),
        (false, true) => format!("/customers/{customer}/devices"),
        (false, false) => format!("/customers/{customer}/add-devices"),
    };
    done(app, &to, flash)
}
