//! Requests for the pages about the deployment profiles of tenant A's customer.

use registration::profile::BASE;

use super::{Case, get, post};
use crate::world::World;

/// A request for each of their routes.
pub(super) fn cases(world: &World) -> Vec<Case> {
    let profile = world.profile.to_string();
    let page = format!("/deployment-profiles/{profile}");
    let assignments = format!("{page}/assignments");
    let take_back = format!("{assignments}/{}/take-back", world.assignment);
    let device = format!("/devices/{}/deployment-profile", world.own_device);
    let group = [("target", "group"), ("group", &*world.group)];
    vec![
        get("/deployment-profiles", "/deployment-profiles"),
        get("/deployment-profiles/new", "/deployment-profiles/new"),
        post(
            "/deployment-profiles/new",
            "/deployment-profiles/new",
            &[("name", "Counters")],
        ),
        get("/deployment-profiles/{id}", &page),
        get(
            "/deployment-profiles/{id}",
            format!("/deployment-profiles/{BASE}"),
        )
        .about("the service's"),
        post("/deployment-profiles/{id}", &page, &[("name", "Counters")]),
        post(
            "/deployment-profiles/{id}",
            format!("/deployment-profiles/{BASE}"),
            &[("name", "Counters")],
        )
        .about("the service's"),
        post(
            "/deployment-profiles/{id}/assignments",
            &assignments,
            &group,
        ),
        post(
            "/deployment-profiles/{id}/assignments",
            &assignments,
            &[("target", "group")],
        )
        .about("no group"),
        post(
            "/deployment-profiles/{id}/assignments/{assignment}/take-back",
            take_back,
            &[],
        ),
        get("/deployment-profiles/{id}/delete", format!("{page}/delete")),
        post(
            "/deployment-profiles/{id}/delete",
            format!("{page}/delete"),
            &[],
        ),
        post(
            "/devices/{device}/deployment-profile",
            &device,
            &[("profile", &*profile)],
        ),
        post(
            "/devices/{device}/deployment-profile/take-back",
            format!("{device}/take-back"),
            &[("profile", &*profile)],
        ),
    ]
}
