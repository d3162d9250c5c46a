//! The Graph-compatible API: Windows Autopilot below `/v1.0/deviceManagement` and
//! `/beta/deviceManagement`, to the letter of api.md section 5. For a customer's own
//! administrators and their scripts. A file a family of calls.

/// An address below both versions.
macro_rules! both {
    ($rest:literal) => {
        [concat!("/v1.0", $rest), concat!("/beta", $rest)]
    };
}

mod assignments;
mod batch;
mod beta;
mod body;
mod call;
mod collection;
mod device;
mod devices;
mod error;
mod events;
mod groups;
mod headers;
mod identifiers;
mod listed;
pub mod odata;
mod organization;
mod paths;
mod profile;
mod profiles;
mod settings;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::from_fn_with_state;

use self::error::GraphError;
pub(crate) use self::paths::{Again, is_ours};
use crate::app::App;
use crate::routes::Routes;

const DEVICE: [&str; 2] = both!("/deviceManagement/windowsAutopilotDeviceIdentities/{id}");

const BATCH: [&str; 2] = both!("/$batch");

/// The calls.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .graph(&Method::GET, &DEVICE, devices::one)
        .graph(&Method::POST, &BATCH, batch::answer)
        .with(beta::routes)
}

/// The router of the calls with what every answer of theirs has.
pub(crate) fn layered(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router
        .method_not_allowed_fallback(async || GraphError::method())
        .layer(DefaultBodyLimit::max(body::BODY_BYTES))
        .layer(from_fn_with_state(Arc::clone(app), headers::around))
}
