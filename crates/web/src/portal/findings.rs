//! What each finding means: why there is such a rule, and how to mend what breaks it. For everybody
//! to read: programs are led here, and who reads what they were told may have no account.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use device_list::Code;
use service::DeskError;
use service::operations::codes::LineCode;

use crate::app::App;
use crate::portal::pill::Pill;
use crate::portal::shell::{Crumb, PageResult, Shell, page_for_anybody};
use crate::routes::Routes;
use crate::session::Anybody;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/findings", list).get("/findings/{code}", show)
}

/// Codes that are about the same thing.
struct Group {
    title: &'static str,
    /// The first digits of its codes.
    id: &'static str,
    codes: Vec<(Code, Pill)>,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage {
    shell: Shell,
    groups: Vec<Group>,
    lines: [LineCode; LineCode::ALL.len()],
}

async fn list(State(app): State<Arc<App>>, reader: Anybody) -> PageResult {
    let mut groups: Vec<Group> = Vec::new();
    for code in Code::all() {
        let entry = (code, Pill::of_usual_severity(code.severity()));
        match groups
            .last_mut()
            .filter(|group| group.title == code.group())
        {
            Some(group) => group.codes.push(entry),
            None => groups.push(Group {
                title: code.group(),
                id: &code.as_str()[..4],
                codes: vec![entry],
            }),
        }
    }
    let findings = FindingsPage {
        shell: Shell::of_anybody(&reader),
        groups,
        lines: LineCode::ALL,
    };
    page_for_anybody(&app, &reader, &findings)
}

#[derive(Template)]
#[template(path = "finding.html")]
struct FindingPage {
    shell: Shell,
    trail: Vec<Crumb>,
    code: Code,
    pill: Pill,
    previous: Option<Code>,
    next: Option<Code>,
}

#[derive(Template)]
#[template(path = "line_code.html")]
struct LineCodePage {
    shell: Shell,
    trail: Vec<Crumb>,
    line: LineCode,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(text): Path<String>,
    reader: Anybody,
) -> PageResult {
    let shell = Shell::of_anybody(&reader);
    let trail = vec![Crumb::new("/findings", "All findings")];
    if let Some(line) = LineCode::of(&text) {
        return page_for_anybody(&app, &reader, &LineCodePage { shell, trail, line });
    }
    let code = Code::from_text(&text).ok_or(DeskError::NotFound)?;
    if text != code.as_str() {
        return Ok(Redirect::to(&format!("/findings/{code}")).into_response());
    }
    let finding = FindingPage {
        shell,
        trail,
        code,
        pill: Pill::of_usual_severity(code.severity()),
        previous: Code::all().take_while(|other| *other < code).last(),
        next: Code::all().find(|other| *other > code),
    };
    page_for_anybody(&app, &reader, &finding)
}
