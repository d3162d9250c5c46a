//! Ends what programs do in one's own name; the page about API clients lists them.

use std::sync::Arc;

use axum::extract::{Path, State};
use registration::ids::GrantId;
use serde::Deserialize;

use crate::app::App;
use crate::portal::address::id;
use crate::portal::shell::{Flash, PageResult, done};
use crate::portal::sign_in::signed_out;
use crate::routes::Routes;
use crate::session::{Pressed, Sent};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post("/clients/programs/end", end_all)
        .post("/clients/programs/{grant}/end", end)
}

/// Which of the two buttons was pressed.
#[derive(Deserialize, Default)]
#[serde(default)]
struct EndAll {
    sign_out: String,
}

async fn end_all(State(app): State<Arc<App>>, Sent { signed, form }: Sent<EndAll>) -> PageResult {
    let ended = app.desk.end_programs(&signed.caller).await?;
    if form.sign_out == "yes" {
        let flash = Flash::ok("You are signed out, and of every program too.");
        return signed_out(&app, &signed, &flash).await;
    }
    let flash = match ended {
        0 => Flash::note("No program acted in your name."),
        1 => Flash::ok("Ended: the program can't act in your name any more."),
        ended => Flash::ok(format!(
            "Ended: {ended} sign-ins of programs can't be used any more."
        )),
    };
    Ok(done(&app, "/clients", &flash))
}

async fn end(
    State(app): State<Arc<App>>,
    Path(grant): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    let grant: GrantId = id(&grant)?;
    app.desk.end_program(&signed.caller, grant).await?;
    let flash = Flash::ok("Ended: the program can't act in your name any more.");
    Ok(done(&app, "/clients", &flash))
}
