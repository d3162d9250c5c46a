//! A customer of a partner or OEM: account, relationship, activity; and the way out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use registration::access::Action;
use registration::audit::AuditLine;
use registration::clock::Timestamp;
use registration::ids::OrganizationId;
use registration::relationship::RelationshipState;
use registration::upload::Upload;
use serde::Deserialize;
use service::customers::CustomerView;

use crate::app::App;
use crate::portal::address::{id, optional_id};
use crate::portal::chart::Chart;
use crate::portal::customers::since;
use crate::portal::pill::Pill;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, page};
use crate::portal::words::counted;
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

/// Lines of activity on one page.
const LINES: usize = 50;
/// Uploads on the customer's page.
const UPLOADS: usize = 10;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/customers/{customer}", show)
        .get("/customers/{customer}/activity", activity)
        .get("/customers/{customer}/withdraw", ask)
        .post("/customers/{customer}/withdraw", withdraw)
}

#[derive(Template)]
#[template(path = "customer.html")]
struct CustomerPage {
    shell: Shell,
    trail: Vec<Crumb>,
    view: CustomerView,
    pill: Pill,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    ended: Option<Timestamp>,
    tags: Chart,
    total: String,
    states: Chart,
    uploads: Vec<(Upload, Pill)>,
    may_add: bool,
    may_withdraw: bool,
}

#[derive(Template)]
#[template(path = "customer_activity.html")]
struct ActivityPage {
    shell: Shell,
    trail: Vec<Crumb>,
    lead: String,
    lines: Vec<AuditLine>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    trail: Vec<Crumb>,
    title: String,
    view: CustomerView,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct From {
    before: String,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let caller = &signed.caller;
    let view = app.desk.customer(caller, id(&customer)?).await?;
    let customer = view.organization.id;
    let relationship = &view.relationship.relationship;
    let (tags, states) = if view.active {
        let totals = app.desk.device_totals(caller, customer).await?;
        (Chart::of_tags(&totals), Chart::of_states(&totals))
    } else {
        (Chart::default(), Chart::default())
    };
    let uploads = app.desk.uploads(caller, customer, None, UPLOADS).await?;
    let (until, ended) = match relationship.state {
        RelationshipState::Requested => (None, None),
        RelationshipState::Active { expires_at, .. } => (expires_at, None),
        RelationshipState::Ended { at, .. } => (None, Some(at)),
    };
    let customer = CustomerPage {
        shell: Shell::of(&signed),
        trail: vec![Crumb::new("/customers", "Customers")],
        pill: Pill::of_relationship(relationship, app.desk.now()),
        since: since(relationship),
        until,
        ended,
        total: format!("{} that you registered", counted(tags.total, "device")),
        tags,
        states,
        uploads: with_pills(uploads.items),
        may_add: view.active && caller.can(Action::AddDevices),
        may_withdraw: view.active && caller.can(Action::Withdraw),
        view,
    };
    page(&app, &signed, &customer)
}

/// Uploads with how they stand.
pub(super) fn with_pills(uploads: Vec<Upload>) -> Vec<(Upload, Pill)> {
    let with_pill = |upload: Upload| {
        let pill = Pill::of_upload(upload.status);
        (upload, pill)
    };
    uploads.into_iter().map(with_pill).collect()
}

async fn activity(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    Query(from): Query<From>,
    signed: SignedIn,
) -> PageResult {
    let caller = &signed.caller;
    let view = app.desk.customer(caller, id(&customer)?).await?;
    let customer = view.organization;
    let before = optional_id(&from.before)?;
    let found = app
        .desk
        .activity(caller, Some(customer.id), None, before, LINES)
        .await?;
    let here = format!("/customers/{}", customer.id);
    let next = found
        .next
        .map(|mark| format!("{here}/activity?before={mark}"));
    let activity = ActivityPage {
        shell: Shell::of(&signed),
        trail: vec![
            Crumb::new("/customers", "Customers"),
            Crumb::new(here, &customer.name),
        ],
        lead: format!(
            "What was done by you for {0}, and by {0} where it concerns you.",
            customer.name
        ),
        lines: found.items,
        next,
    };
    page(&app, &signed, &activity)
}

async fn ask(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    signed: SignedIn,
) -> PageResult {
    signed.caller.may(Action::Withdraw)?;
    let view = app.desk.customer(&signed.caller, id(&customer)?).await?;
    let here = format!("/customers/{}", view.organization.id);
    let withdraw = WithdrawPage {
        shell: Shell::of(&signed),
        trail: vec![
            Crumb::new("/customers", "Customers"),
            Crumb::new(here, &view.organization.name),
        ],
        title: format!("Withdraw from {}?", view.organization.name),
        view,
    };
    page(&app, &signed, &withdraw)
}

async fn withdraw(
    State(app): State<Arc<App>>,
    Path(customer): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    signed.caller.may(Action::Withdraw)?;
    let customer: OrganizationId = id(&customer)?;
    let view = app.desk.customer(&signed.caller, customer).await?;
    let relationship = view.relationship.relationship.id;
    app.desk.withdraw(&signed.caller, relationship).await?;
    let flash = Flash::ok("You withdrew. To register for this customer again, invite it again.");
    Ok(done(&app, &format!("/customers/{customer}"), &flash))
}
