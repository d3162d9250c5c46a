//! The page behind an invitation's link: who asks, for what, and the customer's answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use registration::access::Action;
use registration::invitation::Invitation;
use registration::organization::{Organization, OrganizationKind};
use registration::user::Role;
use serde::Deserialize;
use service::consent::InvitationView;
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::shell::{Flash, PageResult, done, field_errors, home, message, page, rendered};
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/invitations/{token}", show)
        .post("/invitations/{token}/accept", accept)
        .post("/invitations/{token}/decline", decline)
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    title: String,
    csrf: String,
    party: Organization,
    invitation: Invitation,
    link: String,
    me: String,
    mine: Organization,
    standing: Standing,
    form: Fields,
    errors: Vec<FieldError>,
}

/// What the page offers whoever is signed in.
enum Standing {
    /// The answer.
    Answer,
    /// Somebody else of the same customer has to answer: their names.
    Colleague(Vec<String>),
    /// Not a customer.
    OtherKind,
    /// The link is used up, withdrawn, expired or meant for another customer.
    Closed(String),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fields {
    yes: String,
    until: String,
}

impl Fields {
    fn ticked(&self) -> bool {
        self.yes == "yes"
    }
}

impl InvitationPage {
    async fn of(
        app: &App,
        signed: &SignedIn,
        token: &str,
        form: Fields,
        errors: Vec<FieldError>,
    ) -> Result<Self, DeskError> {
        let caller = &signed.caller;
        let InvitationView { invitation, party } = app.desk.invitation(token).await?;
        let standing = standing(app, signed, &invitation).await?;
        let title = match &standing {
            Standing::Answer => format!("{} asks to register devices for you", party.name),
            Standing::Colleague(_) | Standing::OtherKind => {
                "A global administrator is needed".to_owned()
            }
            Standing::Closed(_) => "This invitation can't be accepted".to_owned(),
        };
        Ok(Self {
            title,
            csrf: signed.csrf.clone(),
            party,
            link: app.link(&format!("/invitations/{}", invitation.token)),
            invitation,
            me: format!(
                "{}, {}",
                caller.user.name,
                caller.user.role.title().to_lowercase()
            ),
            mine: caller.organization.clone(),
            standing,
            form,
            errors,
        })
    }

    fn error(&self, field: &str) -> &str {
        message(&self.errors, field)
    }

    fn home(&self) -> &'static str {
        home(self.mine.kind)
    }
}

/// Only what to show: the desk asks the same rules again when somebody answers.
async fn standing(
    app: &App,
    signed: &SignedIn,
    invitation: &Invitation,
) -> Result<Standing, DeskError> {
    let caller = &signed.caller;
    if caller.organization.kind != OrganizationKind::Customer {
        return Ok(Standing::OtherKind);
    }
    if let Err(refusal) = invitation.check(&caller.organization.domain, app.desk.now()) {
        return Ok(Standing::Closed(refusal.to_string()));
    }
    if caller.can(Action::Consent) {
        return Ok(Standing::Answer);
    }
    let people = app.desk.people(caller).await?;
    let names = people
        .into_iter()
        .filter(|person| person.role == Role::GlobalAdministrator && person.disabled_at.is_none())
        .map(|person| person.name);
    Ok(Standing::Colleague(names.collect()))
}

async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let shown = InvitationPage::of(&app, &signed, &token, Fields::default(), Vec::new()).await?;
    page(&app, &signed, &shown)
}

async fn accept(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    sent: Sent<Fields>,
) -> PageResult {
    let Sent { signed, form } = sent;
    let caller = &signed.caller;
    let accepted = app
        .desk
        .accept_invitation(caller, &token, form.ticked(), &form.until)
        .await;
    match accepted {
        Ok(_) => {
            let flash = Flash::ok(
                "You accepted: they can register devices for you from now on. You can end it here \
                 at any time.",
            );
            Ok(done(&app, "/partners", &flash))
        }
        Err(error) => {
            let errors = field_errors(error)?;
            let again = InvitationPage::of(&app, &signed, &token, form, errors).await?;
            rendered(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

async fn decline(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    app.desk.decline_invitation(&signed.caller, &token).await?;
    let flash = Flash::ok("You declined. They can't register devices for you.");
    Ok(done(&app, "/partners", &flash))
}
