//! The page of a draft: the summary first, then what was found, then what would become of each row.

use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use device_list::edit::ListText;
use device_list::{Code, Column, Finding, Severity};
use registration::ids::UploadId;
use registration::plan::Outcome;
use registration::upload::RowResult;
use service::register::DraftView;

use super::group::{Saying, Section, sections};
use super::place::{PlaceId, Repair};
use crate::app::App;
use crate::portal::chart::{Chart, profile_of};
use crate::portal::pill::Pill;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, rendered};
use crate::portal::words::counted;
use crate::session::{SignedIn, clear_flash};

/// Rows of the plan on one page.
const ROWS: usize = 200;

/// Which part of the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct View {
    /// One code's findings alone.
    pub(super) code: Option<Code>,
    /// Where its places begin.
    pub(super) from: usize,
    /// Where the rows of the plan begin.
    pub(super) rows: usize,
}

impl View {
    /// Its address, with a place in it where something is said.
    pub(super) fn address(&self, upload: UploadId, at: Option<PlaceId>) -> String {
        let mut parts = Vec::new();
        if let Some(code) = self.code {
            parts.push(format!("code={code}"));
        }
        if self.from > 0 {
            parts.push(format!("from={}", self.from));
        }
        if self.rows > 0 {
            parts.push(format!("rows={}", self.rows));
        }
        if let Some(at) = at {
            parts.push(format!("at={at}"));
        }
        let here = format!("/uploads/{upload}/check");
        if parts.is_empty() {
            here
        } else {
            format!("{here}?{}", parts.join("&"))
        }
    }
}

/// What was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Where.
    pub(super) at: Option<PlaceId>,
    /// The message.
    pub(super) flash: Flash,
}

/// What somebody typed that could not be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    /// Where.
    pub(super) at: Option<PlaceId>,
    /// The fields with what was typed.
    pub(super) values: Vec<(u32, String)>,
    /// Why not.
    pub(super) message: String,
}

impl Typed {
    pub(super) fn of(&self, number: u32) -> Option<&str> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| *known == number)
            .map(|(_, text)| text.as_str())
    }
}

/// A row and what would become of it.
struct Planned {
    line: u64,
    named: String,
    result: RowResult,
    pill: Pill,
}

/// What a script replaces when something was mended.
struct Body {
    csrf: String,
    view: View,
    own: bool,
    title: String,
    lead: String,
    device_profile: String,
    found: usize,
    tallies: Vec<Pill>,
    sections: Vec<Section>,
    said: Option<Said>,
    said_on_top: bool,
    /// What is read out to those who don't see it.
    announced: String,
    typed_in_vain: Option<Typed>,
    chart: Chart,
    plan_chart: Chart,
    rows: Vec<Planned>,
    more_rows: Option<String>,
    registered: u64,
    left_out: usize,
    draft: DraftView,
}

impl Body {
    /// Whether a workbook's cells must be settled before others can be changed.
    fn has_doubts(&self) -> bool {
        let text = self.draft.text.as_ref();
        text.is_some_and(ListText::has_doubts)
    }
}

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    shell: Shell,
    trail: Vec<Crumb>,
    body: Body,
}

#[derive(Template)]
#[template(path = "check_body.html")]
struct Fragment {
    body: Body,
}

/// What else the page says.
#[derive(Default)]
pub(super) struct Doing {
    /// What was just done.
    pub(super) said: Option<Said>,
    /// What somebody typed that could not be taken over.
    pub(super) typed: Option<Typed>,
}

/// The page, or the part of it that a script asks for.
pub(super) fn answer(
    app: &Arc<App>,
    signed: &SignedIn,
    headers: &HeaderMap,
    (status, draft): (StatusCode, DraftView),
    view: View,
    doing: Doing,
) -> PageResult {
    let own = draft.upload.party_id == draft.upload.customer_id;
    let trail = trail(&draft, own);
    let body = body(app, signed, draft, view, doing);
    let mut response = if headers.contains_key("x-fragment") {
        rendered(status, &Fragment { body })?
    } else {
        let mut shell = Shell::of(signed).under(if own { "/devices" } else { "/customers" });
        shell.flash = None;
        rendered(status, &CheckPage { shell, trail, body })?
    };
    if signed.flash.is_some() {
        clear_flash(response.headers_mut(), app);
    }
    Ok(response)
}

fn body(app: &App, signed: &SignedIn, draft: DraftView, view: View, doing: Doing) -> Body {
    let findings = findings(app, &draft);
    let saying = Saying {
        said: doing.said.as_ref(),
        typed: doing.typed.as_ref(),
    };
    let sections = sections(&draft, &findings, &view, saying);
    let groups = || sections.iter().flat_map(|section| &section.groups);
    let said_below = groups().any(|group| group.said_at.is_some());
    let is_shown = |typed: &Typed| {
        let at = typed.at.map(|at| at.to_string()).unwrap_or_default();
        groups().any(|group| group.places.iter().any(|place| place.id == at))
    };
    let refused = doing.typed.as_ref().map(|typed| typed.message.clone());
    let typed_in_vain = doing.typed.filter(|typed| !is_shown(typed));
    let said = doing.said.or_else(|| {
        let flash = Flash::warn(&typed_in_vain.as_ref()?.message);
        Some(Said { at: None, flash })
    });
    let announced = said.as_ref().map(|said| said.flash.text.clone());
    let next = view.rows.saturating_add(ROWS);
    let more = View { rows: next, ..view };
    Body {
        csrf: signed.csrf.clone(),
        own: draft.upload.party_id == draft.upload.customer_id,
        title: format!("Findings in {}", draft.upload.file_name),
        lead: lead(&draft),
        device_profile: profile_of(&draft.upload.group_tag),
        found: findings.len(),
        tallies: tallies(&findings),
        said_on_top: said.is_some() && !said_below,
        announced: announced.or(refused).unwrap_or_default(),
        said,
        typed_in_vain,
        sections,
        chart: Chart::of_tally(&draft.tally),
        plan_chart: Chart::of_outcomes(&draft.counts),
        more_rows: (next < draft.plan.len())
            .then(|| format!("{}#rows", more.address(draft.upload.id, None))),
        rows: planned(&draft, view.rows),
        registered: draft.counts.of(Outcome::Registered),
        left_out: draft.repaired.left_out.len(),
        view,
        draft,
    }
}

/// The findings. A list over the limit has one to show: everything else can wait until it is split.
fn findings<'a>(app: &App, draft: &'a DraftView) -> Vec<&'a Finding> {
    let over = draft.list.rows.len() as u64 > app.desk.limits().upload_rows;
    let found = draft.list.findings.iter();
    found
        .filter(|finding| !over || finding.code == Code::ROW_LIMIT)
        .collect()
}

/// How many findings of each severity.
fn tallies(findings: &[&Finding]) -> Vec<Pill> {
    let tally = |severity| {
        let same = findings
            .iter()
            .filter(|finding| finding.severity == severity);
        let count = same.count();
        (count > 0).then(|| Pill::of_severity(severity, count))
    };
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
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
    let rows = counted(draft.list.rows.len(), "row");
    if !draft.can_save {
        return format!("{rows} read. This list can't be registered as it is.");
    }
    let registered = draft.counts.of(Outcome::Registered);
    let failed = match draft.counts.failed() {
        0 => "none".to_owned(),
        failed => failed.to_string(),
    };
    format!("{rows} read: {registered} would be registered, {failed} would fail.")
}

fn planned(draft: &DraftView, from: usize) -> Vec<Planned> {
    let rows = draft.list.rows.iter().zip(&draft.plan);
    rows.skip(from)
        .take(ROWS)
        .map(|(row, result)| Planned {
            line: row.line,
            named: super::named(
                row.value(Column::Serial),
                row.value(Column::Pkid),
                !row.value(Column::Hash).is_empty(),
            ),
            result: result.clone(),
            pill: Pill::of_outcome(result.outcome),
        })
        .collect()
}
