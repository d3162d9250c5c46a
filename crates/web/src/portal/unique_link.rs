//! `/link`: the one link that an OEM gives to every customer.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use crate::app::App;
use crate::portal::shell::{PageResult, Shell, page};
use crate::routes::Routes;
use crate::session::SignedIn;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/link", show)
}

#[derive(Template)]
#[template(path = "unique_link.html")]
struct LinkPage {
    shell: Shell,
    link: String,
    draft: String,
}

async fn show(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    let invitation = app.desk.unique_link(&signed.caller).await?;
    let link = app.link(&format!("/invitations/{}", invitation.token));
    let shown = LinkPage {
        shell: Shell::of(&signed),
        draft: draft(&signed.caller.organization.name, &link),
        link,
    };
    page(&app, &signed, &shown)
}

/// The text that an OEM sends along with its link.
fn draft(oem: &str, link: &str) -> String {
    format!(
        "Hello,\n\n{oem} would like to register the devices you buy from us, so that they set \
         themselves up when they are first switched on.\n\nPlease open this link as a global \
         administrator of your organization, read what is asked for, tick \"Yes\" and \
         accept:\n{link}\n\nYou can revoke this at any time under \"Partners and OEMs\"."
    )
}
