//! The OEM API: `/oem/v1/…`, for machines that ship by the hundred thousand (`docs/api/oem.md`). A
//! file a family of calls; every error is a problem document.

pub(crate) mod body;
mod call;
mod consents;
pub(crate) mod contract;
mod devices;
mod directory;
mod error;
mod object;
mod operations;
mod registrations;
mod results;
mod splitter;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::map_request_body::MapRequestBodyLayer;

use crate::app::App;
use crate::request::id_of;
use crate::routes::Routes;
use error::OemError;

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
pub(crate) fn no_such_call(app: &App, request: &Request) -> Response {
    let id = id_of(request.extensions(), app);
    error::told(OemError::no_such_call().into_response(), id)
}

/// The router of the calls with what every answer of theirs has; packed bodies are unpacked.
pub(crate) fn layered(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router
        .method_not_allowed_fallback(async || OemError::method())
        .layer(
            ServiceBuilder::new()
                .layer(RequestDecompressionLayer::new())
                .layer(MapRequestBodyLayer::new(Body::new)),
        )
        .layer(from_fn_with_state(Arc::clone(app), error::tell))
}
