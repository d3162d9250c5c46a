//! Mending a draft in its page: cells, lines, guesses, and the way back.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use device_list::{Code, Severity};
use registration::ids::UploadId;
use serde::Deserialize;
use service::DeskError;
use service::register::Mended;

use super::page::{Doing, Typed, View, answer};
use super::place::PlaceId;
use crate::app::App;
use crate::portal::address::id;
use crate::portal::error::PageError;
use crate::portal::shell::{Flash, PageResult, done};
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .long_form("/uploads/{id}/cell", cell)
        .long_form("/uploads/{id}/leave-out", leave_out)
        .post("/uploads/{id}/accept", |app, upload, sent| {
            guess(app, upload, sent, true)
        })
        .post("/uploads/{id}/take-back", |app, upload, sent| {
            guess(app, upload, sent, false)
        })
        .post("/uploads/{id}/use-repaired", use_repaired)
        .post("/uploads/{id}/undo", undo)
        .post("/uploads/{id}/start-again", start_again)
}

/// What the form of a place says.
#[derive(Deserialize, Default)]
#[serde(default)]
struct PlaceForm {
    /// The version of the draft that the page was made from.
    of: String,
    line: String,
    /// The place in the page.
    at: String,
    /// The code whose findings alone are shown.
    view: String,
    from: String,
    /// Numbers of the fields, and what was typed into each.
    column: Vec<String>,
    value: Vec<String>,
    /// The number of a field to empty.
    empty: String,
}

impl PlaceForm {
    fn at(&self) -> Option<PlaceId> {
        self.at.parse().ok()
    }

    fn view(&self) -> View {
        View {
            code: Code::from_text(&self.view),
            from: self.from.parse().unwrap_or_default(),
            rows: 0,
        }
    }

    fn line(&self) -> Result<u64, DeskError> {
        self.line.parse().map_err(|_| DeskError::NotFound)
    }

    /// The fields with what is to stand in them.
    fn values(&self) -> Result<Vec<(u32, String)>, DeskError> {
        let number = |text: &String| text.parse().map_err(|_| DeskError::NotFound);
        if !self.empty.is_empty() {
            return Ok(vec![(number(&self.empty)?, String::new())]);
        }
        let fields = self.column.iter().zip(&self.value);
        fields
            .map(|(field, value)| Ok((number(field)?, value.clone())))
            .collect()
    }
}

/// The version of a draft in a form; none that is one is no draft's.
fn version(text: &str) -> u64 {
    text.parse().unwrap_or(u64::MAX)
}

async fn cell(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    headers: HeaderMap,
    Sent { signed, form }: Sent<PlaceForm>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let (line, values) = (form.line()?, form.values()?);
    let of = version(&form.of);
    let mended = app
        .desk
        .mend_line(&signed.caller, upload, of, line, &values);
    match mended.await {
        Ok(mended) => Ok(back(&app, upload, &form, &told(&mended))),
        Err(error) => again(&app, &signed, &headers, (upload, &form), error).await,
    }
}

async fn leave_out(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    headers: HeaderMap,
    Sent { signed, form }: Sent<PlaceForm>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let line = form.line()?;
    let of = version(&form.of);
    match app
        .desk
        .leave_line_out(&signed.caller, upload, of, line)
        .await
    {
        Ok(()) => {
            let flash = Flash::ok(format!(
                "Line {line} is left out; the lines below moved up."
            ));
            Ok(back(&app, upload, &form, &flash))
        }
        Err(error) => again(&app, &signed, &headers, (upload, &form), error).await,
    }
}

/// What mending a line came to, in words.
fn told(mended: &Mended) -> Flash {
    let line = mended.line;
    match mended.worst() {
        _ if !mended.changed => Flash::note(format!("Line {line}: nothing was changed.")),
        _ if !mended.is_row => Flash::note(format!(
            "Line {line} holds no value any more and is left out."
        )),
        None => Flash::ok(format!("Line {line}: mended.")),
        Some(finding) if finding.severity == Severity::Error => Flash::warn(format!(
            "Line {line}: changed, and still wrong. {}",
            finding.cause
        )),
        Some(finding) => Flash::ok(format!(
            "Line {line}: mended. Still doubtful: {}",
            finding.cause
        )),
    }
}

/// To the same place of the page, with what was done.
fn back(app: &Arc<App>, upload: UploadId, form: &PlaceForm, flash: &Flash) -> Response {
    let to = form.view().address(upload, form.at());
    done(app, &format!("{to}#said"), flash)
}

/// The page again with what was typed, and why it could not be taken over.
async fn again(
    app: &Arc<App>,
    signed: &SignedIn,
    headers: &HeaderMap,
    (upload, form): (UploadId, &PlaceForm),
    error: DeskError,
) -> PageResult {
    let status = match &error {
        DeskError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        DeskError::Conflict { .. } => StatusCode::CONFLICT,
        _ => return Err(error.into()),
    };
    let typed = Typed {
        at: form.at(),
        values: form.values()?,
        message: error.to_string(),
    };
    let doing = Doing {
        said: None,
        typed: Some(typed),
    };
    let draft = app.desk.draft(&signed.caller, upload).await?;
    answer(app, signed, headers, (status, draft), form.view(), doing)
}

/// A guess to accept, or no longer.
#[derive(Deserialize)]
struct GuessForm {
    code: String,
    #[serde(default)]
    view: String,
}

impl GuessForm {
    fn code(&self) -> Result<Code, DeskError> {
        Code::from_text(&self.code).ok_or(DeskError::NotFound)
    }

    /// To the findings of this code.
    fn back(&self, app: &Arc<App>, upload: UploadId, flash: &Flash) -> Result<Response, PageError> {
        let view = View {
            code: Code::from_text(&self.view),
            ..View::default()
        };
        let at = PlaceId {
            code: self.code()?,
            line: 0,
            column: 0,
        };
        let to = view.address(upload, Some(at));
        Ok(done(app, &format!("{to}#said"), flash))
    }
}

/// Accepts a guess, or does not any longer.
async fn guess(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, form }: Sent<GuessForm>,
    accepted: bool,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let code = form.code()?;
    let caller = &signed.caller;
    app.desk
        .accept_guesses(caller, upload, code, accepted)
        .await?;
    let flash = if accepted {
        Flash::ok(format!(
            "Accepted. {}",
            code.accepting().unwrap_or_default()
        ))
    } else {
        Flash::ok("Taken back: nothing is guessed here any more.")
    };
    form.back(&app, upload, &flash)
}

async fn use_repaired(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    app.desk.use_repaired_list(&signed.caller, upload).await?;
    let flash = Flash::ok("The repaired list is in place. Save it to register its devices.");
    Ok(on_top(&app, upload, &flash))
}

/// The version that somebody saw.
#[derive(Deserialize)]
struct SeenForm {
    #[serde(default)]
    of: String,
}

async fn undo(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, form }: Sent<SeenForm>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let of = version(&form.of);
    let undone = app.desk.undo_change(&signed.caller, upload, of).await;
    let flash = match seen(undone)? {
        Ok(Some(said)) => Flash::ok(format!("Taken back: {said}.")),
        Ok(None) => Flash::note("There is nothing to take back."),
        Err(changed) => changed,
    };
    Ok(on_top(&app, upload, &flash))
}

async fn start_again(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, form }: Sent<SeenForm>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let of = version(&form.of);
    let flash = match seen(app.desk.start_again(&signed.caller, upload, of).await)? {
        Ok(()) => Flash::ok("This is the file as it was sent. Everything else was taken back."),
        Err(changed) => changed,
    };
    Ok(on_top(&app, upload, &flash))
}

/// A draft that was changed meanwhile is no error: it is shown as it is now.
pub(super) fn seen<T>(answer: Result<T, DeskError>) -> Result<Result<T, Flash>, DeskError> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(DeskError::Conflict {
            code: "draft_changed",
            message,
        }) => Ok(Err(Flash::warn(message))),
        Err(error) => Err(error),
    }
}

/// To the page, with a message on top of it.
pub(super) fn on_top(app: &Arc<App>, upload: UploadId, flash: &Flash) -> Response {
    let to = View::default().address(upload, None);
    done(app, &format!("{to}#said"), flash)
}
