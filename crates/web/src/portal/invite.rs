//! "Request a reseller relationship": an invitation for one customer, and its text to copy.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use registration::access::Action;
use registration::invitation::{Invitation, InvitationState};
use serde::Deserialize;
use service::FieldError;
use service::consent::InvitationForm;

use crate::app::App;
use crate::portal::address::id;
use crate::portal::shell::{
    Crumb, Flash, PageResult, Shell, done, field_errors, message, page, page_again,
};
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/customers/invite", form)
        .post("/customers/invite", invite)
        .get("/customers/invitations/{id}", show)
        .post("/customers/invitations/{id}/withdraw", withdraw)
}

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    shell: Shell,
    trail: Vec<Crumb>,
    form: Fields,
    errors: Vec<FieldError>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fields {
    customer_label: String,
    customer_domain: String,
    delegated_administration: String,
}

impl Fields {
    fn delegated(&self) -> bool {
        self.delegated_administration == "yes"
    }
}

impl InvitePage {
    fn of(signed: &SignedIn, form: Fields, errors: Vec<FieldError>) -> Self {
        Self {
            shell: Shell::of(signed),
            trail: vec![Crumb::new("/customers", "Customers")],
            form,
            errors,
        }
    }

    fn error(&self, field: &str) -> &str {
        message(&self.errors, field)
    }
}

#[derive(Template)]
#[template(path = "invitation_text.html")]
struct InvitationPage {
    shell: Shell,
    trail: Vec<Crumb>,
    title: String,
    invitation: Invitation,
    link: String,
    text: String,
    open: bool,
}

async fn form(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    signed.caller.may(Action::Invite)?;
    let invite = InvitePage::of(&signed, Fields::default(), Vec::new());
    page(&app, &signed, &invite)
}

async fn invite(State(app): State<Arc<App>>, sent: Sent<Fields>) -> PageResult {
    let Sent { signed, form } = sent;
    let asked = InvitationForm {
        customer_label: form.customer_label.clone(),
        customer_domain: form.customer_domain.clone(),
        delegated_administration: form.delegated(),
    };
    match app.desk.invite(&signed.caller, &asked).await {
        Ok(invitation) => {
            let to = format!("/customers/invitations/{}", invitation.id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let errors = field_errors(error)?;
            page_again(&InvitePage::of(&signed, form, errors))
        }
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Path(invitation): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let invitation = app
        .desk
        .invitation_of(&signed.caller, id(&invitation)?)
        .await?;
    let link = app.link(&format!("/invitations/{}", invitation.token));
    let now = app.desk.now();
    let shown = InvitationPage {
        shell: Shell::of(&signed),
        trail: vec![Crumb::new("/customers", "Customers")],
        title: format!("Invitation for {}", invitation.customer_label),
        text: draft(&signed.caller.organization.name, &invitation, &link),
        open: invitation.state == InvitationState::Open
            && invitation.expires_at.is_none_or(|end| end > now),
        invitation,
        link,
    };
    page(&app, &signed, &shown)
}

/// The text to send; the link in it must stay.
fn draft(party: &str, invitation: &Invitation, link: &str) -> String {
    let delegated = if invitation.delegated_administration {
        " We also ask for delegated administration."
    } else {
        ""
    };
    let until = match invitation.expires_at {
        Some(end) => format!(" until {}", end.to_date()),
        None => String::new(),
    };
    format!(
        "Hello,\n\n{party} would like to register the devices you get from us, so that each sets \
         itself up when it is first switched on.{delegated}\n\nPlease open this link as a global \
         administrator of your organization, tick \"Yes\" and accept:\n\n{link}\n\nThe link is \
         open{until}. You see what was registered, and can end this at any time, under \"Partners \
         and OEMs\".\n"
    )
}

async fn withdraw(
    State(app): State<Arc<App>>,
    Path(invitation): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    app.desk
        .withdraw_invitation(&signed.caller, id(&invitation)?)
        .await?;
    let flash = Flash::ok("The invitation is withdrawn: its link can't be accepted any more.");
    Ok(done(&app, "/customers", &flash))
}
