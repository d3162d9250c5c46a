//! The face for clients that want tokens: token and authorization endpoints in both versions, device
//! codes, and the documents by which client libraries find them (api.md, 1.2 and 6.1).

mod authorize;
pub(crate) mod contract;
mod device_code;
mod discovery;
mod form;
mod refused;
mod sent;
mod token;

use crate::routes::Routes;

/// The pages of this face, for the person in front of the browser.
pub fn pages(routes: Routes) -> Routes {
    routes
        .get("/{tenant}/oauth2/authorize", authorize::ask_v1)
        .post("/{tenant}/oauth2/authorize", authorize::answer_v1)
        .get("/{tenant}/oauth2/v2.0/authorize", authorize::ask_v2)
        .post("/{tenant}/oauth2/v2.0/authorize", authorize::answer_v2)
}

/// The routes of this face for programs.
pub fn routes(routes: Routes) -> Routes {
    routes
        .post("/{tenant}/oauth2/token", token::v1)
        .post("/{tenant}/oauth2/v2.0/token", token::v2)
        .post("/{tenant}/oauth2/v2.0/devicecode", device_code::begin)
        .get(
            "/{tenant}/.well-known/openid-configuration",
            discovery::configuration_v1,
        )
        .get(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            discovery::configuration_v2,
        )
        .get("/{tenant}/discovery/keys", discovery::keys)
        .get("/{tenant}/discovery/v2.0/keys", discovery::keys)
        .get("/common/discovery/instance", discovery::instance)
}
