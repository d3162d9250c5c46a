//! The face for clients that want tokens: token endpoints in both versions, and the documents by
//! which client libraries find them (api.md, 1.2 and 6.1).

pub(crate) mod contract;
mod discovery;
mod token;

use crate::routes::Routes;

/// The routes of this face.
pub fn routes(routes: Routes) -> Routes {
    routes
        .post("/{tenant}/oauth2/token", token::v1)
        .post("/{tenant}/oauth2/v2.0/token", token::v2)
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
