//! HTTP: translate, never decide. Faces over the same use cases of `service`: the [`portal`] for
//! people and the [`device`] endpoint for machines at first boot. None calls another.
//!
//! # Adding a page
//! A file a page under `src/portal/`, its template beside the others in `templates/`; its routes
//! go into [`portal::routes`]. The permission matrix in `tests/it/access_matrix.rs` fails until the
//! new route is in it.

pub mod app;
pub mod assets;
pub mod bearer;
pub mod contract;
pub mod device;
pub mod forwarded;
pub mod graph;
mod known;
pub mod limit;
pub mod oauth;
pub mod oem;
pub mod partner_center;
mod paths;
pub mod portal;
pub mod problem;
pub mod request;
pub mod routes;
pub mod session;

use axum::Router;

pub use app::{App, BatchesBy, CallAllowance, PartnerCenter, Portal};
pub use routes::Routes;

/// Every route of the service, with what it takes to build the router.
pub fn routes() -> Routes {
    Routes::new()
        .with(assets::routes)
        .with(device::routes)
        .with(limit::published::routes)
        .with(contract::routes)
        .with(oauth::routes)
        .with(oauth::pages)
        .with(portal::routes)
        .with(partner_center::routes)
        .with(graph::routes)
        .with(oem::routes)
}

/// The service's router. Serve it with connect info ([`std::net::SocketAddr`]): the rate limits
/// go by address.
pub fn router(portal: Portal) -> Router {
    let app = App::new(portal);
    request::layered(routes().into_router(&app), &app)
}
