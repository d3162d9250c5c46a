//! The OEM API: `/oem/v1/…`, for machines that ship by the hundred thousand (`docs/api/oem.md`). A
//! file a family of calls; every error is a problem document.

pub(crate) mod body;
mod call;
mod consents;
pub(crate) mod contract;
mod devices;
mod directory;
mod error;
mod incoming;
mod object;
mod operations;
mod registrations;
mod results;
mod scan;
mod splitter;
mod unpack;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::bearer::Bearer;
use crate::request::id_of;
use crate::routes::Routes;
use error::OemError;
pub(crate) use operations::RESULTS;
use service::oauth::BearerError;
pub(crate) use splitter::OBJECT_BYTES;

/// The calls.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .oem(Method::POST, "/oem/v1/registrations", registrations::create)
        .oem(
            Method::POST,
            "/oem/v1/registrations:validate",
            registrations::validate,
        )
        .oem(
            Method::POST,
            "/oem/v1/registrations:deregister",
            registrations::deregister,
        )
        .oem(Method::GET, "/oem/v1/operations", operations::list)
        .oem(
            Method::GET,
            "/oem/v1/operations/{operation}",
            operations::one,
        )
        .oem(
            Method::POST,
            "/oem/v1/operations/{operation}",
            operations::act,
        )
        .oem(
            Method::GET,
            "/oem/v1/operations/{operation}/results",
            operations::results,
        )
        .oem(Method::GET, "/oem/v1/devices", devices::find)
        .oem(Method::POST, "/oem/v1/consents:check", consents::check)
        .oem(Method::POST, "/oem/v1/directory/devices", directory::report)
}

/// Whether an address is one of this face, whether it has calls or not.
pub(crate) fn is_ours(path: &str) -> bool {
    path == "/oem" || path.starts_with("/oem/")
}

/// The answer where an address has no calls.
pub(crate) async fn no_such_call(app: &App, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let refused = nothing_there(&parts, app, OemError::no_such_call()).await;
    error::told(refused.into_response(), id_of(&parts.extensions, app))
}

/// Why there is nothing: whoever calls too often is told that, and everybody what is left.
async fn nothing_there(parts: &Parts, app: &App, otherwise: OemError) -> OemError {
    match Bearer::of(parts, app).await {
        Err(BearerError::Desk(error)) => error.into(),
        _ => otherwise,
    }
}

async fn no_such_method(State(app): State<Arc<App>>, request: Request) -> OemError {
    let (parts, _) = request.into_parts();
    nothing_there(&parts, &app, OemError::method()).await
}

/// The router of the calls with what every answer of theirs has.
pub(crate) fn layered(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(Arc::clone(app), error::tell))
}
