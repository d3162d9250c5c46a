//! What client libraries read before they ask for a token.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use service::oauth::{Tenant, Version};

use super::refused::Refused;
use super::sent::{Asker, NamedTenant};
use crate::app::App;

/// `GET /{tenant}/.well-known/openid-configuration`
pub(super) async fn configuration_v1(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    asker: Asker,
) -> Result<Json<Value>, Refused> {
    configuration(&app, &tenant, &asker, Version::V1).await
}

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`
pub(super) async fn configuration_v2(
    State(app): State<Arc<App>>,
    NamedTenant(tenant): NamedTenant,
    asker: Asker,
) -> Result<Json<Value>, Refused> {
    configuration(&app, &tenant, &asker, Version::V2).await
}

/// The organization is named by its id whatever the address had, as issuers are.
async fn configuration(
    app: &App,
    tenant: &str,
    asker: &Asker,
    version: Version,
) -> Result<Json<Value>, Refused> {
    let known = app.desk.tenant(tenant).await;
    let known = known.map_err(|refusal| Refused::of(app, asker, refusal))?;
    let name = match known {
        Tenant::Of(organization) => organization.id.to_string(),
        // Clients put the organization of the token in its place.
        Tenant::OfTheClient => "{tenantid}".to_owned(),
    };
    let at = match &*name {
        "{tenantid}" => tenant,
        id => id,
    };
    let (issuer, tokens, keys) = match version {
        Version::V1 => (format!("{name}/"), "oauth2/token", "discovery/keys"),
        Version::V2 => (
            format!("{name}/v2.0"),
            "oauth2/v2.0/token",
            "discovery/v2.0/keys",
        ),
    };
    let base = &app.public_url;
    let authorize = tokens.replace("token", "authorize");
    Ok(Json(json!({
        "issuer": format!("{base}/{issuer}"),
        "authorization_endpoint": format!("{base}/{at}/{authorize}"),
        "token_endpoint": format!("{base}/{at}/{tokens}"),
        "device_authorization_endpoint": format!("{base}/{at}/oauth2/v2.0/devicecode"),
        "jwks_uri": format!("{base}/{at}/{keys}"),
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
            "none",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256", "ES256"],
        "grant_types_supported": [
            "client_credentials",
            "authorization_code",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nonce", "name", "preferred_username", "oid", "tid",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    })))
}

/// `GET /{tenant}/discovery/v2.0/keys`: the same keys for every organization.
pub(super) async fn keys(
    State(app): State<Arc<App>>,
    asker: Asker,
) -> Result<Json<Value>, Refused> {
    let keys = app.desk.published_keys().await;
    let keys = keys.map_err(|error| Refused::of(&app, &asker, error.into()))?;
    Ok(Json(json!({ "keys": keys })))
}

/// `GET /common/discovery/instance`: this service knows no other host than itself.
pub(super) async fn instance(State(app): State<Arc<App>>, _: Asker) -> Json<Value> {
    let base = &app.public_url;
    let host = base.split_once("://").map_or(&**base, |(_, host)| host);
    Json(json!({
        "tenant_discovery_endpoint":
            format!("{base}/common/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{
            "preferred_network": host,
            "preferred_cache": host,
            "aliases": [host],
        }],
    }))
}
