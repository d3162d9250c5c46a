//! Partners and OEMs of a customer: who asks, who may register, who no longer may.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use registration::access::Action;
use registration::clock::Timestamp;
use registration::ids::RelationshipId;
use registration::relationship::{Relationship, RelationshipState};
use serde::Deserialize;
use service::{DeskError, RelationshipView};

use crate::app::App;
use crate::portal::address::id;
use crate::portal::customers::since;
use crate::portal::pill::Pill;
use crate::portal::shell::{Crumb, Flash, PageResult, Shell, done, page};
use crate::routes::Routes;
use crate::session::{Pressed, Sent, SignedIn};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/partners", list)
        .get("/partners/{relationship}/revoke", ask)
        .post("/partners/{relationship}/revoke", revoke)
}

#[derive(Template)]
#[template(path = "partners.html")]
struct PartnersPage {
    shell: Shell,
    q: String,
    requested: Vec<Partner>,
    active: Vec<Partner>,
    ended: Vec<Partner>,
    may_consent: bool,
}

struct Partner {
    view: RelationshipView,
    pill: Pill,
    since: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

#[derive(Template)]
#[template(path = "revoke.html")]
struct RevokePage {
    shell: Shell,
    trail: Vec<Crumb>,
    title: String,
    view: RelationshipView,
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
    let all = app.desk.partners_and_oems(caller, &search.q).await?;
    let (mut requested, mut active, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for view in all {
        let relationship = &view.relationship;
        let group = match relationship.status_word(now) {
            "requested" => &mut requested,
            "active" => &mut active,
            _ => &mut ended,
        };
        group.push(Partner {
            pill: Pill::of_relationship(relationship, now),
            since: since(relationship),
            ended_at: ended_at(relationship),
            view,
        });
    }
    let partners = PartnersPage {
        shell: Shell::of(&signed),
        q: search.q,
        requested,
        active,
        ended,
        may_consent: caller.can(Action::Consent),
    };
    page(&app, &signed, &partners)
}

fn ended_at(relationship: &Relationship) -> Option<Timestamp> {
    match relationship.state {
        RelationshipState::Ended { at, .. } => Some(at),
        RelationshipState::Active { expires_at, .. } => expires_at,
        RelationshipState::Requested => None,
    }
}

async fn ask(
    State(app): State<Arc<App>>,
    Path(relationship): Path<String>,
    signed: SignedIn,
) -> PageResult {
    signed.caller.may(Action::Consent)?;
    let relationship: RelationshipId = id(&relationship)?;
    let all = app.desk.partners_and_oems(&signed.caller, "").await?;
    let view = all
        .into_iter()
        .find(|view| view.relationship.id == relationship)
        .ok_or(DeskError::NotFound)?;
    let revoke = RevokePage {
        shell: Shell::of(&signed),
        trail: vec![Crumb::new("/partners", "Partners and OEMs")],
        title: format!("Revoke your consent for {}?", view.party.name),
        view,
    };
    page(&app, &signed, &revoke)
}

async fn revoke(
    State(app): State<Arc<App>>,
    Path(relationship): Path<String>,
    Sent { signed, .. }: Sent<Pressed>,
) -> PageResult {
    app.desk.revoke(&signed.caller, id(&relationship)?).await?;
    let flash = Flash::ok(
        "Your consent is revoked: they can't register devices for you any more. Devices that are \
         registered stay yours.",
    );
    Ok(done(&app, "/partners", &flash))
}
