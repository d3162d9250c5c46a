//! A draft: findings by their code with the rows they are about, mended in place; what would become of
//! each row; the repaired list and the rows to mend; then Save.

mod cell;
mod group;
mod mend;
mod page;
mod place;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use device_list::Code;
use registration::ids::UploadId;
use serde::Deserialize;
use service::register::DraftView;
use service::{DeskError, Saved};

use self::page::{Doing, Said, View, answer};
use crate::app::App;
use crate::portal::address::id;
use crate::portal::list_file::download;
use crate::portal::shell::{Flash, PageResult, done};
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/uploads/{id}/check", show)
        .get("/uploads/{id}/repaired.csv", repaired)
        .get("/uploads/{id}/to-mend.csv", to_mend)
        .with(mend::routes)
        .post("/uploads/{id}/save", save)
        .post("/uploads/{id}/drop", drop_it)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    code: String,
    from: usize,
    rows: usize,
    at: String,
}

impl Asked {
    fn view(&self) -> View {
        View {
            code: Code::from_text(&self.code),
            from: self.from,
            rows: self.rows,
        }
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    signed: SignedIn,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    match app.desk.draft(&signed.caller, upload).await {
        Ok(draft) => {
            let said = signed.flash.clone().map(|flash| Said {
                at: asked.at.parse().ok(),
                flash,
            });
            let doing = Doing { said, typed: None };
            let found = (StatusCode::OK, draft);
            answer(&app, &signed, &headers, found, asked.view(), doing)
        }
        // Saved by now: its result is elsewhere.
        Err(DeskError::NotFound) => {
            app.desk.upload(&signed.caller, upload).await?;
            Ok(Redirect::to(&format!("/uploads/{upload}")).into_response())
        }
        Err(error) => Err(error.into()),
    }
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

async fn to_mend(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let upload = id(&upload)?;
    Ok(download(
        app.desk.rows_to_mend(&signed.caller, upload).await?,
    ))
}

/// The version of the draft that the page showed.
#[derive(Deserialize)]
struct SaveForm {
    #[serde(default)]
    of: String,
}

async fn save(
    State(app): State<Arc<App>>,
    Path(upload): Path<String>,
    Sent { signed, form }: Sent<SaveForm>,
) -> PageResult {
    let upload: UploadId = id(&upload)?;
    let seen = form.of.parse().ok();
    let to = format!("/uploads/{upload}");
    let saved = app.desk.save_version(&signed.caller, upload, seen).await;
    Ok(match mend::seen(saved)? {
        Ok(Saved::Now(_)) => Redirect::to(&to).into_response(),
        Ok(Saved::Before(_)) => {
            let flash = Flash::note("This list was saved before: nothing was done twice.");
            done(&app, &to, &flash)
        }
        Err(changed) => mend::on_top(&app, upload, &changed),
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
