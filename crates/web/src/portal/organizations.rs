//! Organizations, for the operator: list, search, create, and what concerned each of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use registration::access::Action;
use registration::audit::{AuditAction, AuditLine};
use registration::ids::OrganizationId;
use registration::organization::{Organization, OrganizationKind};
use registration::user::Role;
use serde::Deserialize;
use service::organizations::OrganizationForm;
use service::people::{LINK_HOURS, PersonForm};
use service::{DeskError, FieldError};

use crate::app::App;
use crate::portal::address::{id, optional_id};
use crate::portal::shell::{Crumb, PageResult, Shell, field_errors, page, page_again, rendered};
use crate::routes::Routes;
use crate::session::{Sent, SignedIn, percent_encoded};

/// Organizations on one page.
const ROWS: usize = 50;
/// Lines of the audit log on an organization's page.
const LINES: usize = 25;

/// The kinds an operator creates, each with what it is for.
const KINDS: [(OrganizationKind, &str); 3] = [
    (
        OrganizationKind::Partner,
        "Registers devices for customers who consented: a reseller, distributor or provider.",
    ),
    (
        OrganizationKind::Oem,
        "Makes devices and registers what it ships, for customers who consented.",
    ),
    (
        OrganizationKind::Customer,
        "Owns devices, decides who may register for it.",
    ),
];

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/organizations", list)
        .get("/organizations/new", new)
        .post("/organizations/new", create)
        .get("/organizations/{id}", show)
}

#[derive(Template)]
#[template(path = "organizations.html")]
struct OrganizationsPage {
    shell: Shell,
    query: Narrowed,
    kinds: [OrganizationKind; 4],
    organizations: Vec<Organization>,
    next: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Narrowed {
    q: String,
    kind: String,
    before: String,
}

#[derive(Template)]
#[template(path = "organization_new.html")]
struct NewPage {
    shell: Shell,
    trail: Vec<Crumb>,
    kinds: [(OrganizationKind, &'static str); 3],
    form: NewOrganization,
    errors: Vec<FieldError>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewOrganization {
    kind: String,
    name: String,
    domain: String,
    person_name: String,
    email: String,
}

#[derive(Template)]
#[template(path = "organization_created.html")]
struct CreatedPage {
    shell: Shell,
    trail: Vec<Crumb>,
    organization: Organization,
    person: String,
    role: &'static str,
    link: String,
    hours: i64,
}

#[derive(Template)]
#[template(path = "organization.html")]
struct OrganizationPage {
    shell: Shell,
    trail: Vec<Crumb>,
    organization: Organization,
    /// People the operator made, newest first: id, e-mail address.
    people: Vec<(String, String)>,
    lines: Vec<AuditLine>,
    activity: Option<String>,
}

fn trail() -> Vec<Crumb> {
    vec![Crumb::new("/organizations", "Organizations")]
}

async fn list(
    State(app): State<Arc<App>>,
    Query(query): Query<Narrowed>,
    signed: SignedIn,
) -> PageResult {
    let kind = OrganizationKind::parse(&query.kind);
    let before = optional_id(&query.before)?;
    let found = app
        .desk
        .organizations(&signed.caller, kind, &query.q, before, ROWS)
        .await?;
    let next = found.next.map(|mark| {
        let q = percent_encoded(&query.q);
        let kind = kind.map_or("", OrganizationKind::as_str);
        format!("/organizations?q={q}&kind={kind}&before={mark}")
    });
    let organizations = OrganizationsPage {
        shell: Shell::of(&signed),
        query,
        kinds: OrganizationKind::ALL,
        organizations: found.items,
        next,
    };
    page(&app, &signed, &organizations)
}

async fn new(State(app): State<Arc<App>>, signed: SignedIn) -> PageResult {
    signed.caller.may(Action::ManageOrganizations)?;
    page(
        &app,
        &signed,
        &new_page(&signed, NewOrganization::default(), Vec::new()),
    )
}

fn new_page(signed: &SignedIn, form: NewOrganization, errors: Vec<FieldError>) -> NewPage {
    NewPage {
        shell: Shell::of(signed),
        trail: trail(),
        kinds: KINDS,
        form,
        errors,
    }
}

async fn create(State(app): State<Arc<App>>, sent: Sent<NewOrganization>) -> PageResult {
    let Sent { signed, form } = sent;
    let wanted = OrganizationForm {
        name: form.name.clone(),
        domain: form.domain.clone(),
        administrator: PersonForm {
            email: form.email.clone(),
            name: form.person_name.clone(),
        },
    };
    let created = if let Some(kind) = OrganizationKind::parse(&form.kind) {
        let caller = &signed.caller;
        app.desk.create_organization(caller, kind, &wanted).await
    } else {
        signed.caller.may(Action::ManageOrganizations)?;
        Err(DeskError::field("kind", "Choose partner, OEM or customer."))
    };
    match created {
        Ok((organization, secret)) => {
            let created = CreatedPage {
                shell: Shell::of(&signed),
                trail: trail(),
                role: Role::first_of(organization.kind).title(),
                organization,
                person: form.person_name.trim().to_owned(),
                link: app.link(&format!("/welcome/{}", secret.reveal())),
                hours: LINK_HOURS,
            };
            rendered(StatusCode::OK, &created)
        }
        Err(error) => {
            let errors = field_errors(error)?;
            page_again(&new_page(&signed, form, errors))
        }
    }
}

async fn show(
    State(app): State<Arc<App>>,
    Path(organization): Path<String>,
    signed: SignedIn,
) -> PageResult {
    let wanted: OrganizationId = id(&organization)?;
    let organization = app.desk.organization(&signed.caller, wanted).await?;
    let activity = app
        .desk
        .activity(&signed.caller, Some(wanted), None, None, LINES)
        .await?;
    let shown = OrganizationPage {
        shell: Shell::of(&signed),
        trail: trail(),
        organization,
        people: people_made(&activity.items),
        activity: activity.next.map(|_| format!("/activity?with={wanted}")),
        lines: activity.items,
    };
    page(&app, &signed, &shown)
}

/// The people that the operator made for this organization, as the log names them: for whoever
/// lost the one-time link.
fn people_made(lines: &[AuditLine]) -> Vec<(String, String)> {
    lines
        .iter()
        .filter(|line| line.action == AuditAction::UserAdded.as_str())
        .map(|line| (line.target_id.to_string(), line.target.clone()))
        .collect()
}
