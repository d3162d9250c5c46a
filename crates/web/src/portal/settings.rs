//! The settings of the service, for its operator, and the limits in force.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use service::Limits;
use service::settings::Settings;

use crate::app::App;
use crate::portal::shell::{Flash, PageResult, Shell, done, page};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/settings", show).post("/settings", change)
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    shell: Shell,
    settings: Settings,
    limits: Limits,
    address: String,
}

/// A ticked box comes with a value, the others don't come at all.
#[derive(Deserialize, Default)]
#[serde(default)]
struct SettingsForm {
    ask_by_identifier: String,
}

async fn show(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    let settings = SettingsPage {
        shell: Shell::of(&signed),
        settings: app.desk.settings(&signed.caller).await?,
        limits: app.desk.limits(),
        address: app.link("/device/profile"),
    };
    page(&app, &signed, &settings)
}

async fn change(
    State(app): State<Arc<App>>,
    Sent { signed, form }: Sent<SettingsForm>,
) -> PageResult {
    let settings = Settings {
        ask_by_identifier: form.ask_by_identifier == "yes",
    };
    app.desk.change_settings(&signed.caller, settings).await?;
    Ok(done(&app, "/settings", &Flash::ok("Settings saved.")))
}
