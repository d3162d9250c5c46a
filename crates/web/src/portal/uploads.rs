//! Every upload for a customer, newest first: none gets out of reach.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use registration::upload::Upload;
use serde::Deserialize;

use crate::app::App;
use crate::portal::address::optional_id;
use crate::portal::customer::with_pills;
use crate::portal::pill::Pill;
use crate::portal::place::Place;
use crate::portal::shell::{Crumb, PageResult, Shell, page};
use crate::routes::Routes;
use crate::session::SignedIn;

/// Uploads on one page.
const UPLOADS: usize = 50;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/customers/{customer}/uploads", of_customer)
        .get("/uploads", own)
}

#[derive(Template)]
#[template(path = "uploads.html")]
struct UploadsPage {
    shell: Shell,
    trail: Vec<Crumb>,
    lead: String,
    uploads: Vec<(Upload, Pill)>,
    next: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct From {
    before: String,
}

async fn of_customer(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    Query(from): Query<From>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::of_customer(&app, &signed, &customer).await?;
    list(&app, &signed, place, &from).await
}

async fn own(
    State(app): State<Arc<App>>,
    Query(from): Query<From>,
    signed: SignedIn,
) -> PageResult {
    let place = Place::own(&signed)?;
    list(&app, &signed, place, &from).await
}

async fn list(app: &Arc<App>, signed: &SignedIn, place: Place, from: &From) -> PageResult {
    let before = optional_id(&from.before)?;
    let caller = &signed.caller;
    let found = app
        .desk
        .uploads(caller, place.customer, before, UPLOADS)
        .await?;
    let here = format!("{}/uploads", place.base);
    let uploads = UploadsPage {
        shell: Shell::of(signed).under(if place.own { "/devices" } else { "/customers" }),
        trail: place.trail_to_devices(),
        lead: if place.own {
            "Every list that was saved for your organization, by you or by those you let register."
                .to_owned()
        } else {
            format!("Every list that you saved for {}.", place.name)
        },
        uploads: with_pills(found.items),
        next: found.next.map(|mark| format!("{here}?before={mark}")),
    };
    page(app, signed, &uploads)
}
