//! Activity: the audit log as far as it concerns one's own organization.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use registration::audit::AuditLine;
use serde::Deserialize;

use crate::app::App;
use crate::portal::address::optional_id;
use crate::portal::shell::{PageResult, Shell, page};
use crate::routes::Routes;
use crate::session::SignedIn;

/// Lines on one page.
const LINES: usize = 50;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/activity", list)
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    shell: Shell,
    lines: Vec<AuditLine>,
    narrowed: bool,
    next: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Narrowed {
    before: String,
    with: String,
    target: String,
}

async fn list(
    State(app): State<Arc<App>>,
    Query(query): Query<Narrowed>,
    signed: SignedIn,
) -> PageResult {
    let with = optional_id(&query.with)?;
    let target = optional_id(&query.target)?;
    let before = optional_id(&query.before)?;
    let found = app
        .desk
        .activity(&signed.caller, with, target, before, LINES)
        .await?;
    let next = found.next.map(|mark| {
        let (with, target) = (&query.with, &query.target);
        format!("/activity?with={with}&target={target}&before={mark}")
    });
    let activity = ActivityPage {
        shell: Shell::of(&signed),
        lines: found.items,
        narrowed: with.is_some() || target.is_some(),
        next,
    };
    page(&app, &signed, &activity)
}
