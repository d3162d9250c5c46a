//! Customers: those who consented at some time, and the invitations that wait for an answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use registration::access::Action;
use registration::clock::Timestamp;
use registration::invitation::{Invitation, InvitationState};
use registration::organization::OrganizationKind;
use registration::relationship::{Relationship, RelationshipState};
use serde::Deserialize;
use service::customers::CustomerView;

use crate::app::App;
use crate::portal::pill::Pill;
use crate::portal::shell::{PageResult, Shell, page};
use crate::portal::words::counted;
use crate::routes::Routes;
use crate::session::SignedIn;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/customers", list)
}

#[derive(Template)]
#[template(path = "customers.html")]
struct CustomersPage {
    shell: Shell,
    lead: String,
    q: String,
    customers: Vec<Customer>,
    invitations: Vec<Waiting>,
    announce: String,
    is_oem: bool,
    may_add: bool,
}

struct Customer {
    view: CustomerView,
    pill: Pill,
    since: Option<Timestamp>,
}

struct Waiting {
    invitation: Invitation,
    expired: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Search {
    q: String,
}

async fn list(
    State(app): State<Arc<App>>,
    Query(search): Query<Search>,
    signed: SignedIn,
) -> PageResult {
    let (caller, now) = (&signed.caller, app.desk.now());
    let customers = app.desk.customers(caller, &search.q).await?;
    let customers = customers.into_iter().map(|view| Customer {
        pill: Pill::of_relationship(&view.relationship.relationship, now),
        since: since(&view.relationship.relationship),
        view,
    });
    let invitations = app.desk.invitations(caller).await?;
    let invitations = waiting(invitations, &search.q, now);
    let name = &caller.organization.name;
    let customers: Vec<_> = customers.collect();
    let customers = CustomersPage {
        announce: format!(
            "{}, {}",
            counted(customers.len(), "customer"),
            counted(invitations.len(), "open invitation")
        ),
        shell: Shell::of(&signed),
        lead: format!("Organizations that let {name} register devices for them."),
        customers,
        invitations,
        q: search.q,
        is_oem: caller.organization.kind == OrganizationKind::Oem,
        may_add: caller.can(Action::AddDevices),
    };
    page(&app, &signed, &customers)
}

/// Open invitations, narrowed like the customers.
fn waiting(invitations: Vec<Invitation>, search: &str, now: Timestamp) -> Vec<Waiting> {
    let search = search.trim().to_lowercase();
    let found = |invitation: &Invitation| {
        let domain = invitation.customer_domain.as_deref().unwrap_or_default();
        invitation.customer_label.to_lowercase().contains(&search) || domain.contains(&search)
    };
    invitations
        .into_iter()
        .filter(|invitation| invitation.state == InvitationState::Open && found(invitation))
        .map(|invitation| Waiting {
            expired: invitation.expires_at.is_some_and(|end| end <= now),
            invitation,
        })
        .collect()
}

/// When consent was given, as long as the relationship still says so.
pub(super) fn since(relationship: &Relationship) -> Option<Timestamp> {
    match relationship.state {
        RelationshipState::Active { since, .. } => Some(since),
        RelationshipState::Requested | RelationshipState::Ended { .. } => None,
    }
}
